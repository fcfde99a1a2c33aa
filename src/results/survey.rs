//! All soundings of a survey, whatever files they are in.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Interval;
use super::files::Files;
use super::lines::lines_in_words;
use super::order::{Entry, Missing, entries, sorted};
use super::same_run::Run;
use crate::error::{Error, Result};
use crate::schema::{Dim, Field, LineReader, Number, SCHEMA_VERSION, Status, Values, fields};

/// Soundings of one run, sorted by line and fiducial.
#[derive(Debug)]
pub struct Survey {
    files: Files,
    /// The file that has most: variables that all soundings share are read from it.
    fullest: usize,
    /// Name of the results in messages.
    name: PathBuf,
    entries: Vec<Entry>,
    statuses: Vec<Status>,
    /// Bounds of the depth cells in m, one more than cells.
    depth_bounds_m: Vec<f64>,
}

/// Second number of the first schema version whose products have their present names and meanings. Merged files before it are
/// merged anew: they hold the samples that products come from.
const FIRST_WITH_PRESENT_PRODUCTS: u32 = 6;

impl Survey {
    /// Opens result files and all line files of folders; of their lines those in any of `lines`, or all when there is none.
    ///
    /// # Errors
    /// There is none, one is not ours, they are not of the same run, have different results of the same sounding, or none of the
    /// lines.
    pub fn open(results: &[PathBuf], lines: &[Interval]) -> Result<Self> {
        let files = Files::find(results)?;
        let first = files.get(0)?;
        let run = (files.len() > 1).then(|| Run::of(&first)).transpose()?;
        let (mut all, mut fullest) = (Vec::new(), 0);
        let mut newest = minor_version(first.schema_version());
        for number in 0..files.len() {
            let file = files.get(number)?;
            if let Some(run) = run.as_ref().filter(|_| number > 0) {
                run.check(&file)?;
            }
            if minor_version(file.schema_version()) > newest {
                (fullest, newest) = (number, minor_version(file.schema_version()));
            }
            all.extend(entries(number, &file)?);
        }
        let name = results[0].clone();
        let entries = chosen(sorted(&files, all)?, lines, &name)?;
        let depth_bounds_m = files.get(fullest)?.bounds(&fields::DEPTH_BOUNDS)?;
        let statuses = entries.iter().map(|entry| entry.status).collect();
        Ok(Self { files, fullest, name, entries, statuses, depth_bounds_m })
    }

    /// Returns these results with the name that messages use.
    pub fn named(self, name: &Path) -> Self {
        Self { name: name.to_path_buf(), ..self }
    }

    /// Returns the name of the results in messages.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// Returns whether there are products: the results are one merged file of a version whose products have today's meaning.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn is_merged(&self) -> Result<bool> {
        let file = self.files.get(0)?;
        let is_new = minor_version(file.schema_version()) >= FIRST_WITH_PRESENT_PRODUCTS;
        Ok(self.files.len() == 1 && file.is_merged() && is_new)
    }

    /// Names, and lowest and highest conductivity in S/m, of the classes that a merged file was made with.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn classes(&self) -> Result<Vec<(String, f64, f64)>> {
        let names = self.names(&fields::CLASS, "class_names")?;
        let bounds = self.constant(&fields::CLASS_BOUNDS)?;
        Ok(names.into_iter().zip(bounds.chunks_exact(2)).map(|(name, pair)| (name, pair[0], pair[1])).collect())
    }

    /// Number of soundings.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether there is no sounding.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the status of each sounding.
    pub fn statuses(&self) -> &[Status] {
        &self.statuses
    }

    /// Number of soundings that a run was asked for.
    pub fn asked_for(&self) -> usize {
        self.entries.iter().filter(|entry| entry.is_asked_for).count()
    }

    /// Number of soundings whose results are those of a smaller budget than the run has now.
    pub fn asked_again(&self) -> usize {
        self.entries.iter().filter(|entry| entry.is_asked_again).count()
    }

    /// The soundings of a flight line.
    pub(super) fn soundings_of(&self, number: f64) -> Result<Range<usize>> {
        // Soundings are sorted by line.
        let start = self.entries.partition_point(|entry| entry.line_number < number);
        let end = self.entries.partition_point(|entry| entry.line_number <= number);
        if start == end {
            return Err(Interval { first: number, last: number }.absent_from(&self.name, &self.line_numbers()));
        }
        Ok(start..end)
    }

    /// Line number and fiducial of a sounding.
    pub fn key(&self, sounding: usize) -> (f64, f64) {
        (self.entries[sounding].line_number, self.entries[sounding].fiducial)
    }

    /// Easting and northing of a sounding in m.
    pub fn place(&self, sounding: usize) -> (f64, f64) {
        (self.entries[sounding].easting_m, self.entries[sounding].northing_m)
    }

    /// Easting and northing of each sounding in m.
    pub fn places(&self) -> Vec<(f64, f64)> {
        (0..self.len()).map(|sounding| self.place(sounding)).collect()
    }

    /// Elevation of the ground at a sounding in m, NaN where it is not known.
    pub fn elevation_m(&self, sounding: usize) -> f64 {
        self.entries[sounding].elevation_m
    }

    /// Bounds of the depth cells in m, one more than cells.
    pub fn depth_bounds_m(&self) -> &[f64] {
        &self.depth_bounds_m
    }

    /// Bottom of the deepest depth cell in m.
    pub fn deepest_m(&self) -> f64 {
        self.depth_bounds_m[self.depth_bounds_m.len() - 1]
    }

    /// The soundings of each line.
    pub fn lines(&self) -> Vec<Range<usize>> {
        let mut start = 0;
        let each = self.entries.chunk_by(|a, b| a.line_number == b.line_number).map(|line| {
            start += line.len();
            start - line.len()..start
        });
        each.collect()
    }

    /// The flight lines, each once.
    pub fn line_numbers(&self) -> Vec<f64> {
        self.lines().into_iter().map(|line| self.key(line.start).0).collect()
    }
    /// The flight lines in words: `line 30010`, `lines 30010 to 30090`.
    pub fn lines_in_words(&self) -> String {
        lines_in_words(&self.line_numbers())
    }

    /// The lines on which soundings were not run.
    pub fn missing(&self) -> Vec<Missing> {
        let of_line = |line: Range<usize>| {
            let not_run = || self.entries[line.clone()].iter().filter(|entry| entry.status == Status::NotRun);
            Missing {
                line_number: self.key(line.start).0,
                not_run: not_run().count(),
                not_asked_for: not_run().filter(|entry| !entry.is_asked_for).count(),
                soundings: line.len(),
            }
        };
        self.lines().into_iter().map(of_line).filter(|missing| missing.not_run > 0).collect()
    }

    /// The file that says what all soundings share.
    pub(crate) fn file(&self) -> Result<Arc<LineReader>> {
        self.files.get(self.fullest)
    }

    /// # Errors
    /// The results are of a newer minor version of the schema: what is new there would be lost.
    pub(crate) fn check_version(&self) -> Result<()> {
        let file = self.file()?;
        if minor_version(file.schema_version()) <= minor_version(SCHEMA_VERSION) {
            return Ok(());
        }
        let message = format!(
            "has schema version {}, newer than this program's {SCHEMA_VERSION}: use a newer geobipy",
            file.schema_version()
        );
        Err(Error::results(file.path(), message))
    }

    /// Returns whether the survey is in time domain.
    pub fn is_time_domain(&self) -> Result<bool> {
        Ok(self.file()?.is_time_domain())
    }

    /// Returns whether the results have the variable.
    pub fn has(&self, field: &Field) -> Result<bool> {
        Ok(self.file()?.has(field))
    }

    /// Values that all soundings share; none where results do not have the variable.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn constant(&self, field: &Field) -> Result<Vec<f64>> {
        self.file()?.constant(field)
    }

    /// Bounds of cells, one more than cells.
    ///
    /// # Errors
    /// There is no such variable.
    pub fn bounds(&self, field: &Field) -> Result<Vec<f64>> {
        self.file()?.bounds(field)
    }

    /// Names that stand in an attribute of a variable; none where results do not have the variable.
    ///
    /// # Errors
    /// There is no such attribute.
    pub fn names(&self, field: &Field, attribute: &str) -> Result<Vec<String>> {
        self.file()?.names(field, attribute)
    }

    /// Names of the groups of channels that share their errors, for people.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn error_group_labels(&self) -> Result<Vec<String>> {
        self.file()?.error_group_labels()
    }

    /// Unit of a variable in these results.
    ///
    /// # Errors
    /// There is no such variable.
    pub fn unit(&self, field: &Field) -> Result<String> {
        self.file()?.variable_attribute(field, "units")
    }

    /// Unit of the data.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn data_unit(&self) -> Result<String> {
        self.file()?.attribute("data_unit")
    }

    /// Unit of additive errors: the unit of the data, or 1 where they are factors of given values.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn additive_error_unit(&self) -> Result<String> {
        self.file()?.attribute("additive_error_unit")
    }

    /// The configuration of the run with every default, TOML.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn configuration(&self) -> Result<String> {
        self.file()?.configuration()
    }

    /// Coordinate reference system of the results as the user named it.
    pub fn crs(&self) -> Option<String> {
        self.file().ok()?.crs()
    }

    /// Returns the origin of the values: program, run and file, each as a name and a text.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn provenance(&self) -> Result<Vec<(&'static str, String)>> {
        const NAMES: [&str; 5] = ["source", "fingerprint", "data_file", "data_sha256", "schema_version"];
        let file = self.file()?;
        Ok(NAMES.into_iter().map(|name| (name, file.attribute(name).unwrap_or_default())).collect())
    }

    /// Number of values of one sounding, also where the results are of a version that does not have the variable.
    ///
    /// # Errors
    /// Results do not have a dimension of the variable.
    pub fn row_len(&self, field: &Field) -> Result<usize> {
        let file = self.file()?;
        if file.has(field) {
            return file.row_len(field);
        }
        let size = |dim: &Dim| {
            let coordinate = crate::schema::field(dim.name()).filter(|coordinate| file.has(coordinate));
            let absent =
                || Error::results(&self.name, format!("has no {}, and no dimension {}", field.name, dim.name()));
            file.constant(coordinate.ok_or_else(absent)?).map(|values| values.len())
        };
        field.dims.iter().skip(1).map(size).product()
    }

    /// Values of some soundings in the type of the variable, missing where a sounding has none. Neighbours in a file are read together.
    ///
    /// # Errors
    /// Results do not have the variable, or a file cannot be read.
    pub fn rows(&self, field: &Field, soundings: Range<usize>) -> Result<Values> {
        let width = self.row_len(field)?;
        let mut values = Values::nothing(field.kind, 0);
        let neighbours = |a: &Entry, b: &Entry| a.file == b.file && a.row + 1 == b.row;
        for run in self.entries[soundings.clone()].chunk_by(neighbours) {
            let (file, first) = (self.files.get(run[0].file as usize)?, run[0].row as usize);
            // Files of another version may lack a variable, or have another number of kinds of moves.
            let is_there = file.has(field) && (!field.dims.contains(&Dim::Move) || file.row_len(field)? == width);
            values.append(if is_there {
                file.read_rows(field, first..first + run.len())?
            } else {
                Values::nothing(field.kind, run.len() * width)
            });
        }
        if values.len() != soundings.len() * width {
            let message = format!("{}: files have different numbers of values of a sounding", field.name);
            return Err(Error::results(&self.name, message));
        }
        // A run may have gone on since these results were opened.
        for (row, sounding) in soundings.enumerate() {
            if !field.is_known_of(self.statuses[sounding]) {
                values.set_missing(row * width..(row + 1) * width);
            }
        }
        Ok(values)
    }

    /// Values of some soundings as numbers, NaN where a sounding has none.
    ///
    /// # Errors
    /// Results do not have the variable, or a file cannot be read.
    pub fn numbers(&self, field: &Field, soundings: Range<usize>) -> Result<Vec<f64>> {
        let values = self.rows(field, soundings)?;
        let mut numbers = values.to_f64();
        if !matches!(values, Values::F32(_) | Values::F64(_)) && field.fill().is_some() {
            numbers.iter_mut().filter(|number| **number == -1.0).for_each(|number| *number = f64::NAN);
        }
        Ok(numbers)
    }

    /// Values of all soundings as numbers, NaN where a sounding has none.
    ///
    /// # Errors
    /// Results do not have the variable, or a file cannot be read.
    pub fn all_numbers(&self, field: &Field) -> Result<Vec<f64>> {
        self.numbers(field, 0..self.len())
    }

    /// Counts of some soundings.
    ///
    /// # Errors
    /// Results do not have the histogram, or a file cannot be read.
    pub fn counts(&self, field: &Field, soundings: Range<usize>) -> Result<Vec<u32>> {
        let values = self.rows(field, soundings)?;
        debug_assert!(u32::slice(&values).is_some(), "{}", field.name);
        Ok(u32::slice(&values).unwrap_or_default().to_vec())
    }
}

/// The entries of the lines that are wanted.
fn chosen(entries: Vec<Entry>, lines: &[Interval], name: &Path) -> Result<Vec<Entry>> {
    if lines.is_empty() {
        return Ok(entries);
    }
    let is_there = |wanted: &&Interval| entries.iter().any(|entry| wanted.contains(entry.line_number));
    if let Some(absent) = lines.iter().find(|wanted| !is_there(wanted)) {
        let all: Vec<f64> = entries.iter().map(|entry| entry.line_number).collect();
        return Err(absent.absent_from(name, &all));
    }
    let is_wanted = |entry: &Entry| lines.iter().any(|wanted| wanted.contains(entry.line_number));
    Ok(entries.into_iter().filter(is_wanted).collect())
}

/// The second number of a schema version.
fn minor_version(version: &str) -> u32 {
    version.split('.').nth(1).and_then(|minor| minor.parse().ok()).unwrap_or(0)
}
