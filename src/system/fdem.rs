//! Frequency-domain systems: pairs of small coils in a bird.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, InputError, Result};
use crate::text::read_text;

/// Direction of a coil's dipole moment; x along flight, y left, z up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Axis {
    /// Along flight.
    X,
    /// To the left.
    Y,
    /// Up.
    Z,
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Axis::X => "x",
            Axis::Y => "y",
            Axis::Z => "z",
        })
    }
}

/// One transmitter and receiver coil at one frequency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CoilPair {
    /// Frequency in Hz.
    pub frequency_hz: f64,
    /// Transmitter axis.
    pub tx_axis: Axis,
    /// Relative transmitter moment; its sign gives the sign convention of the data.
    pub tx_moment: f64,
    /// Transmitter position relative to the bird in m, z up.
    pub tx_offset_m: [f64; 3],
    /// Receiver axis.
    pub rx_axis: Axis,
    /// Relative receiver moment.
    pub rx_moment: f64,
    /// Receiver position relative to the bird in m, z up.
    pub rx_offset_m: [f64; 3],
}

/// A frequency-domain system. Its channels are all in-phase components in order of the file, then all quadratures, in
/// ppm of the primary field along the receiver. For a pair of different axes, whose primary field may be 0, it is the primary
/// field of coplanar coils at the same distance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FdemSystem {
    /// File name without extension.
    pub name: String,
    /// The coil pairs in order of the file.
    pub coil_pairs: Vec<CoilPair>,
    /// The file's text, which is stored with the results.
    pub source_text: String,
}

impl FdemSystem {
    /// Reads a `.stm` file; [`parse`](Self::parse) says what the file may hold.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when the file cannot be read, and the errors of [`parse`](Self::parse).
    pub fn read(path: &Path) -> Result<Self> {
        let text = read_text(path)?;
        Self::parse(&text, path)
    }

    /// Reads the text of a `.stm` file; `path` gives the system its name and appears in errors.
    ///
    /// A comma-separated header row names the columns, in any order: `freq` (Hz), `tor`, `ror` (axes: x, y, z), `tmom`,
    /// `rmom` (relative moments), `tx`, `ty`, `tzoff`, `rx`, `ry`, `rzoff` (m). One row per coil pair follows. Blank
    /// lines and lines that begin with `//` or `#` are skipped.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] when there is no header or no row, and [`Error::Many`] with every other mistake: columns that
    /// are missing, unknown or given twice, cells with a wrong value, coils without horizontal separation, xy and yx
    /// pairs, which are not modelled, and places of the receiver where the primary field of the pair is nearly 0.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        let lines =
            text.strip_prefix('\u{feff}').unwrap_or(text).lines().zip(1..).map(|(row, line)| (row.trim(), line));
        let mut rows = lines.filter(|(row, _)| !(row.is_empty() || row.starts_with("//") || row.starts_with('#')));
        let Some((header, header_line)) = rows.next() else {
            return Err(InputError::file(path, "no header row", format_args!("the columns {}", COLUMNS.join(", "))));
        };
        let places = column_places(header, path, header_line)?;

        let mut coil_pairs = Vec::new();
        let mut errors = Vec::new();
        for (row, line) in rows {
            match CoilPairRow::new(row, places, path, line).and_then(CoilPairRow::coil_pair) {
                Ok(pair) => coil_pairs.push(pair),
                Err(wrong) => errors.extend(wrong),
            }
        }
        if !errors.is_empty() {
            return Err(Error::Many(errors));
        }
        if coil_pairs.is_empty() {
            return Err(InputError::file(path, "a header and no rows", "at least one coil pair"));
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, coil_pairs, source_text: text.to_owned() })
    }

    /// Joins several instrument files into one system with all their coil pairs, in order.
    pub fn join(systems: Vec<Self>) -> Self {
        let all = |of: fn(&Self) -> &str, separator| systems.iter().map(of).collect::<Vec<_>>().join(separator);
        let (name, source_text) = (all(|s| &s.name, "+"), all(|s| &s.source_text, "\n"));
        Self { name, source_text, coil_pairs: systems.into_iter().flat_map(|system| system.coil_pairs).collect() }
    }

    /// Returns the number of data per sounding: an in-phase component and a quadrature per coil pair.
    pub fn channel_count(&self) -> usize {
        2 * self.coil_pairs.len()
    }

    /// Returns the names of the channels in order of the data: `in_phase_380`, ..., `quadrature_129550`, with
    /// frequencies in Hz. The second pair at a frequency is called `in_phase_380_2` and so on.
    pub fn channel_names(&self) -> Vec<String> {
        let labels = self.frequency_labels(|hz| hz.to_string());
        ["in_phase", "quadrature"].iter().flat_map(|part| labels.iter().map(move |hz| format!("{part}_{hz}"))).collect()
    }

    /// Returns one label per coil pair: its frequency as `print` writes it, with a number from the second pair at that
    /// frequency on.
    pub(crate) fn frequency_labels(&self, print: impl Fn(f64) -> String) -> Vec<String> {
        let mut seen = HashMap::new();
        let label = |pair: &CoilPair| {
            let count = seen.entry(pair.frequency_hz.to_bits()).and_modify(|n| *n += 1).or_insert(1);
            let hz = print(pair.frequency_hz);
            if *count == 1 { hz } else { format!("{hz}_{count}") }
        };
        self.coil_pairs.iter().map(label).collect()
    }
}

/// Smallest primary field of a pair of equal axes, relative to that of coplanar coils.
const LEAST_PRIMARY: f64 = 0.05;

/// The header of a table of coil pairs.
pub const TABLE_HEADER: &str = "freq, tor, tmom, tx, ty, tzoff, ror, rmom, rx, ry, rzoff";

const COLUMNS: [&str; 11] = ["freq", "tor", "tmom", "tx", "ty", "tzoff", "ror", "rmom", "rx", "ry", "rzoff"];

/// The contents of a row, or all errors in it.
type CoilPairResult<T> = std::result::Result<T, Vec<Error>>;

/// Position in a row of each of `COLUMNS`.
type ColumnPlaces = [usize; COLUMNS.len()];

fn column_places(header: &str, path: &Path, line: usize) -> Result<ColumnPlaces> {
    if header.to_ascii_lowercase().starts_with("system begin") {
        return Err(InputError::line(path, line, "a time-domain system", "a table of frequency-domain coil pairs"));
    }
    let mut places = [None; COLUMNS.len()];
    let mut errors = Vec::new();
    for (place, name) in header.split(',').map(str::trim).enumerate() {
        match COLUMNS.iter().position(|column| column.eq_ignore_ascii_case(name)) {
            Some(column) if places[column].is_none() => places[column] = Some(place),
            Some(_) => errors.push(InputError::cell(path, line, name, "a second column of this name", "one")),
            None => {
                let known = format!("one of {}", COLUMNS.join(", "));
                errors.push(InputError::line(path, line, format_args!("unknown column {name:?}"), known));
            }
        }
    }
    for (column, place) in COLUMNS.iter().zip(&places) {
        if place.is_none() {
            errors.push(InputError::cell(path, line, column, "no such column", COLUMNS.join(", ")));
        }
    }
    if errors.is_empty() { Ok(places.map(Option::unwrap_or_default)) } else { Err(Error::Many(errors)) }
}

/// The cells of one line, and the errors found in them so far.
struct CoilPairRow<'a> {
    cells: [&'a str; COLUMNS.len()],
    path: &'a Path,
    line: usize,
    errors: Vec<Error>,
}

impl<'a> CoilPairRow<'a> {
    fn new(row: &'a str, places: ColumnPlaces, path: &'a Path, line: usize) -> CoilPairResult<Self> {
        let cells: Vec<&str> = row.split(',').map(str::trim).collect();
        if cells.len() != COLUMNS.len() {
            let got = format!("{} cells", cells.len());
            return Err(vec![InputError::line(path, line, got, format_args!("{} as in the header", COLUMNS.len()))]);
        }
        Ok(Self { cells: places.map(|place| cells[place]), path, line, errors: Vec::new() })
    }

    fn coil_pair(mut self) -> CoilPairResult<CoilPair> {
        let pair = CoilPair {
            frequency_hz: self.number("freq", "a frequency in Hz more than 0", |hz| hz > 0.0),
            tx_axis: self.axis("tor"),
            tx_moment: self.number("tmom", "a moment other than 0", |moment| moment != 0.0),
            tx_offset_m: ["tx", "ty", "tzoff"].map(|column| self.number(column, "a number", |_| true)),
            rx_axis: self.axis("ror"),
            rx_moment: self.number("rmom", "a moment other than 0", |moment| moment != 0.0),
            rx_offset_m: ["rx", "ry", "rzoff"].map(|column| self.number(column, "a number", |_| true)),
        };
        // A wrong cell has a placeholder value, which must not be checked further: that would report errors that do not
        // exist.
        if self.errors.is_empty() {
            self.check_geometry(&pair);
        }
        if self.errors.is_empty() { Ok(pair) } else { Err(self.errors) }
    }

    fn check_geometry(&mut self, pair: &CoilPair) {
        let offset_m: [f64; 3] = std::array::from_fn(|i| pair.rx_offset_m[i] - pair.tx_offset_m[i]);
        let horizontal = |axis: Axis| axis != Axis::Z;
        if pair.tx_axis != pair.rx_axis && horizontal(pair.tx_axis) && horizontal(pair.rx_axis) {
            let got = format!("a {}{} coil pair", pair.tx_axis, pair.rx_axis);
            self.wrong("tor, ror", got, "equal axes, or z and one of x and y: the pairs that are modelled");
        }
        if offset_m[..2] == [0.0; 2] {
            let [x, y, _] = pair.tx_offset_m;
            self.wrong("rx, ry", format!("transmitter and receiver both at ({x}, {y}) m"), "a horizontal separation");
        } else if pair.tx_axis == pair.rx_axis {
            let squared: f64 = offset_m.iter().map(|offset| offset * offset).sum();
            let primary = 3.0 * offset_m[pair.tx_axis as usize].powi(2) / squared - 1.0;
            if primary.abs() < LEAST_PRIMARY {
                let [x, y, z] = offset_m;
                let got = format!("a receiver at ({x}, {y}, {z}) m from the transmitter, where the primary field is 0");
                self.wrong("rx, ry, rzoff", got, "another place: data are in ppm of the primary field");
            }
        } else {
            let along = if horizontal(pair.tx_axis) { pair.tx_axis } else { pair.rx_axis };
            if offset_m[along as usize] == 0.0 {
                let got = format!("a {}{} coil pair without offset along {along}", pair.tx_axis, pair.rx_axis);
                self.wrong("rx, ry", got, "an offset along the horizontal axis: the secondary field is 0 without it");
            }
        }
    }

    fn number(&mut self, column: &str, expected: &str, valid: impl Fn(f64) -> bool) -> f64 {
        let cell = self.cell(column);
        match cell.parse() {
            Ok(value) if f64::is_finite(value) && valid(value) => value,
            _ => {
                self.wrong(column, format_args!("{cell:?}"), expected);
                f64::NAN
            }
        }
    }

    fn axis(&mut self, column: &str) -> Axis {
        match self.cell(column) {
            "x" | "X" => Axis::X,
            "y" | "Y" => Axis::Y,
            "z" | "Z" => Axis::Z,
            cell => {
                self.wrong(column, format_args!("{cell:?}"), "x, y or z");
                Axis::Z
            }
        }
    }

    fn cell(&self, column: &str) -> &'a str {
        COLUMNS.iter().position(|&name| name == column).map_or("", |place| self.cells[place])
    }

    fn wrong(&mut self, column: &str, got: impl fmt::Display, expected: impl fmt::Display) {
        self.errors.push(InputError::cell(self.path, self.line, column, got, expected));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEADER: &str = TABLE_HEADER;

    fn parse(text: &str) -> Result<FdemSystem> {
        FdemSystem::parse(text, Path::new("data/bird.stm"))
    }

    fn message(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    fn row_message(row: &str) -> String {
        message(&format!("{HEADER}\n{row}\n"))
    }

    #[test]
    fn coil_pairs_are_read_in_order_of_the_file() {
        let text =
            format!("// a bird\n{HEADER}\n\n380,z,1,0,0,0,z,1,7.93,0,0\n# vertical\n3345,x,-1,0,0,0.1,X,1,9.03,0,-0.1");
        let system = parse(&text).unwrap();
        assert_eq!(system.name, "bird");
        assert_eq!(system.source_text, text);
        assert_eq!(system.channel_count(), 4);
        let expected = CoilPair {
            frequency_hz: 3345.0,
            tx_axis: Axis::X,
            tx_moment: -1.0,
            tx_offset_m: [0.0, 0.0, 0.1],
            rx_axis: Axis::X,
            rx_moment: 1.0,
            rx_offset_m: [9.03, 0.0, -0.1],
        };
        assert_eq!(system.coil_pairs[1], expected);
    }

    #[test]
    fn columns_are_found_by_name_whatever_case_and_line_end() {
        let text = "\u{feff}TOR,freq,tmom,tx,ty,tzoff,ror,rmom,rx,ry,RZOFF\r\nz,380,1,0,0,0,z,1,7.93,0,0.5\r\n";
        let pair = &parse(text).unwrap().coil_pairs[0];
        assert_eq!((pair.frequency_hz, pair.rx_offset_m), (380.0, [7.93, 0.0, 0.5]));
    }

    #[test]
    fn channels_are_all_in_phases_then_all_quadratures() {
        let row = |hz: &str| format!("{hz},z,1,0,0,0,z,1,8,0,0\n");
        let names = |rows: &[&str]| {
            let rows: String = rows.iter().map(|hz| row(hz)).collect();
            parse(&format!("{HEADER}\n{rows}")).unwrap().channel_names()
        };
        assert_eq!(
            names(&["380.0", "129550.5"]),
            ["in_phase_380", "in_phase_129550.5", "quadrature_380", "quadrature_129550.5"]
        );
        assert_eq!(names(&["380", "380"]), ["in_phase_380", "in_phase_380_2", "quadrature_380", "quadrature_380_2"]);
    }

    #[test]
    fn wrong_headers_are_refused() {
        assert_eq!(
            message("\n# nothing\n"),
            "data/bird.stm: got no header row, expected the columns freq, tor, tmom, tx, ty, tzoff, ror, rmom, rx, ry, rzoff"
        );
        assert_eq!(
            message("System Begin\n Name = SkyTem\n"),
            "data/bird.stm, line 1: got a time-domain system, expected a table of frequency-domain coil pairs"
        );
        let several = message("freq, tor, tmom, tx, ty, tzoff, ror, rmom, rx, rx, rz\n");
        let several: Vec<&str> = several.lines().collect();
        assert_eq!(several.len(), 4);
        assert_eq!(several[0], "data/bird.stm, line 1, column rx: got a second column of this name, expected one");
        assert!(several[1].starts_with("data/bird.stm, line 1: got unknown column \"rz\", expected one of freq, tor"));
        assert!(several[2].starts_with("data/bird.stm, line 1, column ry: got no such column, expected freq, tor"));
        assert!(several[3].starts_with("data/bird.stm, line 1, column rzoff: got no such column"));
    }

    #[test]
    fn a_system_needs_a_coil_pair() {
        assert_eq!(message(HEADER), "data/bird.stm: got a header and no rows, expected at least one coil pair");
    }

    #[test]
    fn wrong_cells_are_refused() {
        for (row, expected) in [
            ("380,z,1,0,0,0,z,1,7.93,0", ": got 10 cells, expected 11 as in the header"),
            ("low,z,1,0,0,0,z,1,8,0,0", ", column freq: got \"low\", expected a frequency in Hz more than 0"),
            ("0,z,1,0,0,0,z,1,8,0,0", ", column freq: got \"0\", expected a frequency in Hz more than 0"),
            ("inf,z,1,0,0,0,z,1,8,0,0", ", column freq: got \"inf\", expected a frequency in Hz more than 0"),
            ("380,w,1,0,0,0,z,1,8,0,0", ", column tor: got \"w\", expected x, y or z"),
            ("380,z,0,0,0,0,z,1,8,0,0", ", column tmom: got \"0\", expected a moment other than 0"),
            ("380,z,1,0,0,0,z,NaN,8,0,0", ", column rmom: got \"NaN\", expected a moment other than 0"),
            ("380,z,1,0,0,0,z,1,8,,0", ", column ry: got \"\", expected a number"),
            ("380,z,1,0,0,1e999,z,1,8,0,0", ", column tzoff: got \"1e999\", expected a number"),
        ] {
            assert_eq!(row_message(row), format!("data/bird.stm, line 2{expected}"));
        }
    }

    #[test]
    fn every_wrong_row_is_named() {
        let text = message(&format!("{HEADER}\n0,z,1,0,0,0,q,1,8,0,0\n\n380,z,1,0,0,0,z,0,8,0,0\n"));
        let places: Vec<&str> = text.lines().map(|line| line.split(": got").next().unwrap()).collect();
        assert_eq!(
            places,
            [
                "data/bird.stm, line 2, column freq",
                "data/bird.stm, line 2, column ror",
                "data/bird.stm, line 4, column rmom"
            ]
        );
    }

    #[test]
    fn pairs_that_are_not_modelled_are_refused() {
        for (row, expected) in [
            (
                "380,x,1,0,0,0,y,1,8,3,0",
                "tor, ror: got a xy coil pair, expected equal axes, or z and one of x and y: the pairs that are modelled",
            ),
            (
                "380,z,1,8,1,0,z,1,8,1,3",
                "rx, ry: got transmitter and receiver both at (8, 1) m, expected a horizontal separation",
            ),
            (
                "380,x,1,0,0,0,x,1,5,7.07,0",
                "rx, ry, rzoff: got a receiver at (5, 7.07, 0) m from the transmitter, where the primary field is 0, expected \
                 another place: data are in ppm of the primary field",
            ),
            (
                "380,y,1,0,0,0,z,1,8,0,0",
                "rx, ry: got a yz coil pair without offset along y, expected an offset along the horizontal axis: the secondary \
                 field is 0 without it",
            ),
        ] {
            assert_eq!(row_message(row), format!("data/bird.stm, line 2, column {expected}"));
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = FdemSystem::read(Path::new("no/such.stm")).unwrap_err();
        assert!(matches!(&error, Error::Io { .. }), "{error}");
        assert!(error.to_string().starts_with("no/such.stm: "), "{error}");
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>(), rows in "([-0-9.xyzeE,#/\" \r\n\0]|,){0,120}") {
            let _ = parse(&text);
            let _ = parse(&format!("{HEADER}\n{rows}"));
        }
    }
}
