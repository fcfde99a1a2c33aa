//! Finds the data columns of frequency-domain files by name.

use crate::error::{Error, Result};
use crate::survey::listed::listed;
use crate::survey::table::{Table, alternatives};
use crate::system::FdemSystem;

use super::flags::is_flag;
use super::kind::{ColumnKind, STD};
use super::missing::Missing;

/// Parts of names of data columns, after GeoBIPy.
const IN_PHASE: [&str; 3] = ["cpi", "i_", "in_phase"];
const QUADRATURE: [&str; 3] = ["cpq", "q_", "quad"];

/// Largest relative difference of a frequency in a name. Contractors round: `cpi140k` is recorded at 129550 Hz.
const FREQUENCY_TOLERANCE: f64 = 0.1;
/// Smallest number in a name that is a frequency; no airborne system uses a lower one, and smaller numbers count coils
/// or channels.
const MIN_NAMED_FREQUENCY_HZ: f64 = 100.0;

/// Returns in-phase and quadrature columns, each in order of the system; `None` when there are no standard deviations.
///
/// # Errors
///
/// [`Error::Many`] when their number differs from that of the coil pairs, or when the frequency in a name differs from
/// the pair's.
pub(super) fn named_columns(
    table: &Table,
    system: &FdemSystem,
    kind: ColumnKind,
    missing: &mut Vec<Missing>,
) -> Result<Option<Vec<Vec<usize>>>> {
    let mut errors = Vec::new();
    let parts = Parts::find(table, kind, &mut errors);
    if kind == ColumnKind::Std && parts.in_phase.is_empty() && parts.quadrature.is_empty() {
        return Ok(None);
    }
    if kind == ColumnKind::Data && parts.in_phase.is_empty() && parts.quadrature.is_empty() && errors.is_empty() {
        let count = system.coil_pairs.len();
        for (part, names) in [("in_phase", IN_PHASE), ("quadrature", QUADRATURE)] {
            let names = format!("{count} columns with {} in their names", alternatives(&names));
            missing.push(Missing::described(format!("columns.data.{part}"), names));
        }
        return Ok(None);
    }
    let words = if kind == ColumnKind::Std { " standard deviation" } else { "" };
    let columns = parts.in_system_order(table, system, words, &mut errors);
    if errors.is_empty() { Ok(Some(columns)) } else { Err(Error::Many(errors)) }
}

/// Returns whether any column has the name of data.
pub(super) fn has_data(table: &Table) -> bool {
    let parts = Parts::find(table, ColumnKind::Data, &mut Vec::new());
    !(parts.in_phase.is_empty() && parts.quadrature.is_empty())
}

/// Columns of the two parts of the data, in order of the file.
#[derive(Default)]
struct Parts {
    in_phase: Vec<usize>,
    quadrature: Vec<usize>,
}

impl Parts {
    fn find(table: &Table, kind: ColumnKind, errors: &mut Vec<Error>) -> Self {
        let mut parts = Self::default();
        for (column, name) in table.names.iter().enumerate() {
            let name = name.to_ascii_lowercase();
            let contains_any = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
            if is_flag(&name) || contains_any(&STD) != (kind == ColumnKind::Std) {
                continue;
            }
            match (contains_any(&IN_PHASE), contains_any(&QUADRATURE)) {
                (true, false) => parts.in_phase.push(column),
                (false, true) => parts.quadrature.push(column),
                (true, true) => errors.push(table.name_error(
                    column,
                    "a name of an in-phase and of a quadrature column",
                    format_args!("{} or {}, not both", IN_PHASE.join(", "), QUADRATURE.join(", ")),
                )),
                (false, false) => {}
            }
        }
        parts
    }

    fn in_system_order(
        self,
        table: &Table,
        system: &FdemSystem,
        kind: &str,
        errors: &mut Vec<Error>,
    ) -> Vec<Vec<usize>> {
        for (part, columns) in [("in-phase", &self.in_phase), ("quadrature", &self.quadrature)] {
            if columns.len() == system.coil_pairs.len() {
                errors.extend(
                    columns
                        .iter()
                        .zip(&system.coil_pairs)
                        .filter_map(|(&column, pair)| frequency_error(table, column, pair.frequency_hz, &system.name)),
                );
            } else {
                errors.push(count_error(table, columns, system, &format!("{part}{kind}")));
            }
        }
        vec![self.in_phase, self.quadrature]
    }
}

/// Makes an error about a name with another frequency than `expected_hz`.
pub(super) fn frequency_error(table: &Table, column: usize, expected_hz: f64, system_name: &str) -> Option<Error> {
    let named_hz = frequency_in_name(&table.names[column])?;
    let agrees = (named_hz - expected_hz).abs() <= FREQUENCY_TOLERANCE * expected_hz;
    let expected = format_args!("{expected_hz} Hz, the next frequency of system {system_name}");
    (!agrees).then(|| table.name_error(column, format_args!("{named_hz} Hz"), expected))
}

fn count_error(table: &Table, columns: &[usize], system: &FdemSystem, part: &str) -> Error {
    let names = match columns {
        [] => String::new(),
        _ => format!(" ({})", listed(columns.iter().map(|&column| &table.names[column]))),
    };
    let frequencies = listed(system.coil_pairs.iter().map(|pair| pair.frequency_hz.to_string()));
    let expected = format!("{} for system {}: {frequencies} Hz", system.coil_pairs.len(), system.name);
    table.header_error(format_args!("{} {part} columns{names}", columns.len()), expected)
}

/// Returns the first number in `name` that can be a frequency, in Hz; `40k` is 40000.
fn frequency_in_name(name: &str) -> Option<f64> {
    let mut rest = name;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let number = &rest[start..];
        let end = number.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(number.len());
        let (digits, after) = number.split_at(end);
        let unit_hz = if after.starts_with(['k', 'K']) { 1e3 } else { 1.0 };
        if let Ok(value) = digits.parse::<f64>()
            && value * unit_hz >= MIN_NAMED_FREQUENCY_HZ
        {
            return Some(value * unit_hz);
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{GeometrySource, SurveyColumns};
    use super::*;
    use crate::survey::cells::{FiducialSource, LineSource, SignedColumn};
    use crate::survey::options::ReadOptions;
    use crate::system::System;

    /// Returns indices of the data and standard deviation columns.
    fn channels(columns: &SurveyColumns) -> (Vec<usize>, Option<Vec<usize>>) {
        let indices = |columns: &[SignedColumn]| -> Vec<usize> { columns.iter().map(|column| column.index).collect() };
        let components = &columns.channels.components;
        let std: Option<Vec<_>> = components.iter().map(|part| part.std.as_deref().map(indices)).collect();
        (components.iter().flat_map(|part| indices(&part.data)).collect(), std.map(|std| std.concat()))
    }

    fn find(header: &str) -> Result<SurveyColumns> {
        let options = ReadOptions::default();
        let stm = "freq,tor,tmom,tx,ty,tzoff,ror,rmom,rx,ry,rzoff\n\
                   380,z,1,0,0,0,z,1,7.93,0,0\n\
                   129550,z,1,0,0,0,z,1,7.89,0,0\n";
        let system = FdemSystem::parse(stm, Path::new("bird.stm")).unwrap();
        let text = format!("{header}\nrow\n");
        SurveyColumns::find(&Table::of_text(&text, Path::new("s.csv")).unwrap(), &System::Fdem(system), &options)
    }

    fn message(header: &str) -> String {
        find(header).err().unwrap().to_string()
    }

    #[test]
    fn columns_are_found_by_any_of_their_names() {
        let columns = find("DTM,ID,Line,Y,X,junk,Laser,I_380,Q_380,I_129550,Q_129550").unwrap();
        let place = &columns.place;
        assert_eq!([place.easting, place.northing].map(|c| c.index), [4, 3]);
        assert_eq!(place.line_number, LineSource::Column(2.into()));
        assert_eq!(place.fiducial, FiducialSource::Column(1.into()));
        assert_eq!(place.elevation, Some(SignedColumn::from(0)));
        assert!(matches!(columns.geometry[0], GeometrySource::Column(SignedColumn { index: 6, negated: false })));
        assert_eq!(channels(&columns), (vec![7, 9, 8, 10], None));
    }

    #[test]
    fn standard_deviations_stand_beside_their_data() {
        let header = "line,fid,e,n,alt,std_i_380,cpi400,cpi140k_err,CPI140k,Quad_380.0,quad,STD_quad_380,std_quad";
        let columns = find(header).unwrap();
        assert_eq!(columns.place.elevation, None);
        assert_eq!(channels(&columns), (vec![6, 8, 9, 10], Some(vec![5, 7, 11, 12])));
    }

    #[test]
    fn numbers_in_names_are_frequencies_from_100_hz() {
        for (name, expected) in [
            ("In_Phase_380.0", Some(380.0)),
            ("In_Phase_380.0_2_std", Some(380.0)),
            ("cpi140k", Some(140e3)),
            ("I_40KHz", Some(40e3)),
            ("hcp1_i_1776", Some(1776.0)),
            ("I_1", None),
            ("I_1.2.3", None),
            ("quad", None),
        ] {
            assert_eq!(frequency_in_name(name), expected, "{name}");
        }
    }

    #[test]
    fn every_missing_column_is_named_with_those_that_are_there() {
        assert_eq!(
            message("Flight,fid,i_380,i_129550,q_380,q_129550,Eastinf"),
            "s.csv, line 1: got columns Flight, fid, i_380, i_129550, q_380, q_129550, Eastinf, \
             expected columns for these quantities, or these keys in the configuration:\n  \
             columns.line_number: a column named line, linenumber or line_number\n  \
             columns.easting: a column named e, x or easting (did you mean Eastinf?)\n  \
             columns.northing: a column named n, y or northing\n  \
             columns.geometry.height or geometry.height.value_m: a column named alt, altitude, laser, bheight or height"
        );
        assert_eq!(
            message("line,fid,e,n,i_380,i_129550,q_380,q_129550"),
            "s.csv, line 1: got columns line, fid, e, n, i_380, i_129550, q_380, q_129550, \
             expected a column named alt, altitude, laser, bheight or height, \
             or columns.geometry.height or geometry.height.value_m in the configuration"
        );
    }

    /// Would catch: forty names of columns in the message, a preset that is not mentioned.
    #[test]
    fn long_messages_are_cut_and_name_the_better_preset() {
        let filling: String = (0..30).map(|i| format!(",c{i}")).collect();
        let names = "LINE_NO,record,UTMX,UTMY,TX_ALTITUDE,i_380,i_129550,q_380,q_129550";
        let message = message(&format!("{names}{filling}"));
        assert!(message.contains("q_129550, c0, c1, c2 and 27 more, expected columns for"), "{message}");
        assert!(message.ends_with("\n  columns.preset = \"skytem\" or \"workbench\" finds all of them"), "{message}");
    }

    #[test]
    fn two_columns_for_one_quantity_are_refused() {
        assert_eq!(
            message("line,fid,x,easting,n,height,dtm,elev,i_,i_,q_,q_"),
            "s.csv, line 1: got columns x, easting, expected one column named e, x or easting, \
             or columns.easting in the configuration\n\
             s.csv, line 1: got columns dtm, elev, expected one column named dtm, dem_elev, dem_np, topo, elev or elevation, \
             or columns.elevation in the configuration"
        );
    }

    #[test]
    fn one_column_for_two_quantities_is_refused() {
        assert_eq!(
            message("line,fid,e,n,height,i_1,i_2,q_1,q_2,i_q_3"),
            "s.csv, line 1, column i_q_3: got a name of an in-phase and of a quadrature column, \
             expected cpi, i_, in_phase or cpq, q_, quad, not both"
        );
    }

    #[test]
    fn the_number_of_channels_is_the_systems() {
        assert_eq!(
            message("line,fid,e,n,height,i_380,i_1776,i_129550"),
            "s.csv, line 1: got 3 in-phase columns (i_380, i_1776, i_129550), expected 2 for system bird: 380, 129550 Hz\n\
             s.csv, line 1: got 0 quadrature columns, expected 2 for system bird: 380, 129550 Hz"
        );
        assert_eq!(
            message("line,fid,e,n,height,i_,i_,q_,q_,i_err,i_err,q_err"),
            "s.csv, line 1: got 1 quadrature standard deviation columns (q_err), expected 2 for system bird: 380, 129550 Hz"
        );
    }

    #[test]
    fn frequencies_in_names_agree_with_the_system() {
        assert_eq!(
            message("line,fid,e,n,height,i_419,i_116000,q_129550,q_380"),
            [
                ("i_419", 419, 380),
                ("i_116000", 116_000, 129_550),
                ("q_129550", 129_550, 380),
                ("q_380", 380, 129_550)
            ]
            .map(|(name, got, expected)| format!(
                "s.csv, line 1, column {name}: got {got} Hz, expected {expected} Hz, the next frequency of system bird"
            ))
            .join("\n")
        );
        assert!(find("line,fid,e,n,height,i_417,i_117000,q_343,q_142000").is_ok());
    }
}
