//! A merged file as exports see it.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::coordinates::metres;
use super::slice::Slice;
use crate::error::{Error, Result};
use crate::gis::Axes;
use crate::schema::{Field, LineReader, Number, Status, Values, field};
use crate::survey::line_label;

/// Soundings of a merged file, some of its lines perhaps.
#[derive(Debug)]
pub struct Survey {
    file: Arc<LineReader>,
    /// What messages call it.
    name: PathBuf,
    /// Rows of the soundings that are exported.
    rows: Vec<usize>,
    /// Of these.
    pub(super) line_number: Vec<f64>,
    pub(super) fiducial: Vec<f64>,
    pub(super) easting_m: Vec<f64>,
    pub(super) northing_m: Vec<f64>,
    pub(super) elevation_m: Vec<f64>,
    pub(super) status: Vec<Status>,
    /// Bounds of the depth cells, one more than cells.
    pub(super) depth_bounds_m: Vec<f64>,
    pub(super) crs: Option<String>,
    /// What coordinates are.
    pub(super) axes: Axes,
}

/// What only merged files have.
const PRODUCT: &str = "conductivity_p50";

/// A range of flight lines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lines {
    /// The first.
    pub first: f64,
    /// The last.
    pub last: f64,
}

impl Lines {
    /// Whether a flight line is one of these.
    pub fn contains(&self, line_number: f64) -> bool {
        (self.first..=self.last).contains(&line_number)
    }

    /// The error that none of these is among the lines of a survey.
    pub fn absent_from(&self, path: &Path, all: &[f64]) -> Error {
        let mut there: Vec<f64> = all.to_vec();
        there.sort_by(f64::total_cmp);
        there.dedup();
        let there: Vec<String> = there.into_iter().map(line_label).collect();
        let (first, last) = (line_label(self.first), line_label(self.last));
        let wanted = if first == last { format!("line {first}") } else { format!("line from {first} to {last}") };
        let there = if there.is_empty() { "no line at all".to_owned() } else { format!("only {}", shortened(&there)) };
        Error::results(path, format!("has no {wanted}, {there}"))
    }
}

impl Survey {
    /// Opens a merged file; of its lines those in any of `lines`, or all when there is none.
    ///
    /// # Errors
    /// It is not one, or has none of the lines.
    pub fn open(path: &Path, lines: &[Lines]) -> Result<Self> {
        Self::open_as(path, path, lines)
    }

    /// The same, of results that messages call `name`.
    ///
    /// # Errors
    /// As those of `open`.
    pub fn open_as(path: &Path, name: &Path, lines: &[Lines]) -> Result<Self> {
        let file = LineReader::open(path)?;
        if !file.has(PRODUCT) {
            return Err(Error::results(path, "has no products: merge it first"));
        }
        let all: Vec<f64> = file.read("line_number")?.into_iter().collect();
        let wanted = |line: f64| lines.is_empty() || lines.iter().any(|l| l.contains(line));
        let rows: Vec<usize> = (0..all.len()).filter(|&row| wanted(all[row])).collect();
        if let Some(absent) = lines.iter().find(|l| !all.iter().any(|&line| l.contains(line))) {
            return Err(absent.absent_from(name, &all));
        }
        let statuses = file.statuses()?;
        let column = |name: &str| -> Result<Vec<f64>> {
            let values: Vec<f64> = file.read(name)?.into_iter().collect();
            Ok(rows.iter().map(|&row| values[row]).collect())
        };
        Ok(Self {
            line_number: column("line_number")?,
            fiducial: column("fiducial")?,
            easting_m: column("easting")?,
            northing_m: column("northing")?,
            elevation_m: column("elevation")?,
            status: rows.iter().map(|&row| statuses[row]).collect(),
            depth_bounds_m: file.bounds("depth_bounds")?,
            crs: file.has("crs").then(|| file.text("crs").ok()).flatten(),
            axes: metres(),
            name: name.to_owned(),
            rows,
            file: Arc::new(file),
        })
    }

    /// Whether the result file at `path` is a merged one.
    ///
    /// # Errors
    /// It is no result file.
    pub fn is_merged(path: &Path) -> Result<bool> {
        Ok(LineReader::open(path)?.has(PRODUCT))
    }

    /// Bottom of the deepest depth cell in m.
    pub fn deepest_m(&self) -> f64 {
        self.depth_bounds_m[self.depth_bounds_m.len() - 1]
    }

    /// The file.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// What messages call the results.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// Easting and northing of each sounding in m.
    pub fn places(&self) -> Vec<(f64, f64)> {
        self.easting_m.iter().copied().zip(self.northing_m.iter().copied()).collect()
    }

    /// The soundings of each line.
    pub fn lines(&self) -> Vec<Range<usize>> {
        let mut start = 0;
        let each = self.line_number.chunk_by(|a, b| a == b).map(|line| {
            start += line.len();
            start - line.len()..start
        });
        each.collect()
    }

    /// Elevation of the ground at a sounding in m, 0 where it is not known.
    pub(super) fn ground_m(&self, sounding: usize) -> f64 {
        let elevation_m = self.elevation_m[sounding];
        if elevation_m.is_finite() { elevation_m } else { 0.0 }
    }

    /// Whether the depth cells can answer all of `slices`.
    ///
    /// # Errors
    /// One lies outside.
    pub fn check_slices(&self, slices: &[Slice]) -> Result<()> {
        let deepest_m = self.deepest_m();
        let Some(slice) = slices.iter().find(|slice| !slice.fits(deepest_m)) else { return Ok(()) };
        Err(Error::results(self.name(), format!("has no depth {slice}: its cells reach from 0 to {deepest_m} m")))
    }

    /// The flight lines, each once.
    pub fn line_numbers(&self) -> Vec<f64> {
        self.lines().into_iter().map(|line| self.line_number[line.start]).collect()
    }

    /// Line number and fiducial of a sounding.
    pub fn name_of(&self, sounding: usize) -> (f64, f64) {
        (self.line_number[sounding], self.fiducial[sounding])
    }

    /// A text of the file: `configuration`.
    ///
    /// # Errors
    /// It is not there.
    pub fn text(&self, name: &str) -> Result<String> {
        self.file.text(name)
    }

    /// What became of each sounding.
    pub fn statuses(&self) -> &[Status] {
        &self.status
    }

    /// The flight lines: `line 30010`, `lines 30010 to 30090`.
    pub fn lines_in_words(&self) -> String {
        let label = |number: Option<&f64>| number.map_or_else(String::new, |&number| line_label(number));
        let (first, last) = (label(self.line_number.first()), label(self.line_number.last()));
        if first == last { format!("line {first}") } else { format!("lines {first} to {last}") }
    }

    /// Number of soundings.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Coordinate reference system of the places as the user named it.
    pub fn crs(&self) -> Option<String> {
        self.crs.clone()
    }

    /// Leaves out all soundings without a posterior. Returns how many.
    pub fn keep_finished(&mut self) -> usize {
        let before = self.len();
        let keep: Vec<bool> = self.status.iter().map(|status| status.has_posterior()).collect();
        fn kept<T: Copy>(values: &mut Vec<T>, keep: &[bool]) {
            *values = values.iter().zip(keep).filter(|(_, keep)| **keep).map(|(value, _)| *value).collect();
        }
        kept(&mut self.rows, &keep);
        kept(&mut self.status, &keep);
        for values in [
            &mut self.line_number,
            &mut self.fiducial,
            &mut self.easting_m,
            &mut self.northing_m,
            &mut self.elevation_m,
        ] {
            kept(values, &keep);
        }
        before - self.len()
    }

    /// Where the values come from: program, run and file, a name and a text each.
    pub fn provenance(&self) -> Result<Vec<(&'static str, String)>> {
        const NAMES: [&str; 5] = ["source", "fingerprint", "data_file", "data_sha256", "schema_version"];
        let named = NAMES.into_iter().map(|name| self.file.attribute(name).map(|text| (name, text)));
        named.collect()
    }

    /// Values of a variable, row by row of the soundings that are exported; those of soundings without posterior are NaN where
    /// the variable is a result.
    pub(super) fn read(&self, name: &str) -> Result<Vec<f64>> {
        let mut values = self.rows(name, 0..self.len())?.to_f64();
        let is_result = field(name).is_some_and(Field::is_computed) && name != "status";
        let width = values.len() / self.len().max(1);
        if is_result && width > 0 {
            let unknown =
                values.chunks_exact_mut(width).zip(&self.status).filter(|(_, status)| !status.has_posterior());
            unknown.for_each(|(row, _)| row.fill(f64::NAN));
        }
        Ok(values)
    }

    /// Some of the soundings, in the same file: what is read of them needs memory for them only.
    #[cfg(feature = "netcdf")]
    pub(super) fn part(&self, soundings: Range<usize>) -> Self {
        Self {
            file: Arc::clone(&self.file),
            name: self.name.clone(),
            rows: self.rows[soundings.clone()].to_vec(),
            line_number: self.line_number[soundings.clone()].to_vec(),
            fiducial: self.fiducial[soundings.clone()].to_vec(),
            easting_m: self.easting_m[soundings.clone()].to_vec(),
            northing_m: self.northing_m[soundings.clone()].to_vec(),
            elevation_m: self.elevation_m[soundings.clone()].to_vec(),
            status: self.status[soundings].to_vec(),
            depth_bounds_m: self.depth_bounds_m.clone(),
            crs: self.crs.clone(),
            axes: self.axes.clone(),
        }
    }

    /// The unit of a variable in this file.
    pub(super) fn unit(&self, field: &Field) -> Result<String> {
        self.file.variable_attribute(field.name, "units")
    }

    /// Whether the file has the variable.
    pub fn has(&self, name: &str) -> bool {
        self.file.has(name) && !self.is_another(name)
    }

    /// Whether a variable of the file is another one than that of this name today: before schema 2.6 `interface_probability` was a mean
    /// number.
    pub(super) fn is_another(&self, name: &str) -> bool {
        name == "interface_probability" && self.file.has(name) && !self.file.has("interface_density")
    }

    /// Bounds of the cells of a coordinate, one more than cells.
    pub(super) fn bounds(&self, name: &str) -> Result<Vec<f64>> {
        self.file.bounds(name)
    }

    /// Samples of some soundings by depth and log10 conductivity.
    pub(super) fn hitmaps(&self, soundings: Range<usize>) -> Result<Vec<u32>> {
        Ok(u32::slice(&self.rows("hitmap", soundings)?).unwrap_or_default().to_vec())
    }

    /// Values of a variable of some soundings in its own type, neighbours read together: a chunk of the file holds several and is unpacked
    /// for each reading.
    pub(super) fn rows(&self, name: &str, soundings: Range<usize>) -> Result<Values> {
        let field = field(name).ok_or_else(|| Error::results(self.name(), format!("{name}: is no variable")))?;
        let mut values = Values::nothing(field.kind, 0);
        for run in self.rows[soundings].chunk_by(|a, b| a + 1 == *b) {
            values.append(self.file.read_rows(field, run[0]..run[0] + run.len())?);
        }
        Ok(values)
    }

    /// Lowest and highest conductivity of a class in S/m.
    pub(super) fn bounds_of_class(&self, class: usize) -> Result<(f64, f64)> {
        let bounds: Vec<f64> = self.file.read("class_bounds")?.into_iter().collect();
        let at = |place: usize| bounds.get(2 * class + place).copied().unwrap_or(f64::NAN);
        Ok((at(0), at(1)))
    }

    /// Names that stand in an attribute of a variable, separated by blanks.
    ///
    /// # Errors
    /// There is no such attribute.
    pub fn names(&self, variable: &str, attribute: &str) -> Result<Vec<String>> {
        let text = self.file.variable_attribute(variable, attribute)?;
        Ok(text.split_whitespace().map(str::to_owned).collect())
    }
}

/// The first few of many.
fn shortened(names: &[String]) -> String {
    const MOST: usize = 12;
    let more = names.len().saturating_sub(MOST);
    let list = names[..names.len() - more].join(", ");
    if more > 0 { format!("{list} and {more} more") } else { list }
}
