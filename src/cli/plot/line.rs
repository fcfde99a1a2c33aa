//! The soundings of a flight line, in a file of its own or in that of a survey.

use std::ops::Range;
use std::path::Path;

use crate::error::{Error, Result};
use crate::export::Lines;
use crate::schema::{LineReader, Status, field, line_files, line_path};

/// The soundings of a line; they are numbered from 0 whatever file they are in.
pub(super) struct Line {
    file: LineReader,
    rows: Range<usize>,
}

impl Line {
    /// The line of a directory of results, of a merged file or of a line file; an error lists the lines there are.
    ///
    /// # Errors
    /// There is no such line, or a file cannot be read.
    pub(super) fn find(results: &Path, line_number: f64) -> Result<Self> {
        if results.is_dir() {
            let path = line_path(results, line_number);
            if path.exists() {
                return Self::whole(LineReader::open(&path)?);
            }
            let mut there = Vec::new();
            for path in line_files(results)? {
                there.extend(LineReader::open(&path)?.read::<f64>("line_number")?);
            }
            return Err(absent(results, line_number, &there));
        }
        let file = LineReader::open(results)?;
        let numbers: Vec<f64> = file.read("line_number")?.into_iter().collect();
        // A survey's soundings are sorted by line.
        let Some(first) = numbers.iter().position(|&number| number == line_number) else {
            return Err(absent(results, line_number, &numbers));
        };
        let len = numbers[first..].iter().take_while(|&&number| number == line_number).count();
        Ok(Self { file, rows: first..first + len })
    }

    /// All soundings of a file.
    pub(super) fn whole(file: LineReader) -> Result<Self> {
        let rows = 0..file.read::<i8>("status")?.len();
        Ok(Self { file, rows })
    }

    pub(super) fn path(&self) -> &Path {
        self.file.path()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.file.has(name)
    }

    pub(super) fn attribute(&self, name: &str) -> Result<String> {
        self.file.attribute(name)
    }

    pub(super) fn variable_attribute(&self, variable: &str, name: &str) -> Result<String> {
        self.file.variable_attribute(variable, name)
    }

    pub(super) fn text(&self, name: &str) -> Result<String> {
        self.file.text(name)
    }

    /// What became of each sounding.
    pub(super) fn statuses(&self) -> Result<Vec<Status>> {
        Ok(self.file.statuses()?[self.rows.clone()].to_vec())
    }

    /// Values that all soundings share.
    pub(super) fn constant(&self, name: &str) -> Result<Vec<f64>> {
        Ok(self.file.read::<f64>(name)?.into_iter().collect())
    }

    /// Bounds of the cells of a coordinate, one more than cells.
    pub(super) fn bounds(&self, name: &str) -> Result<Vec<f64>> {
        self.file.bounds(name)
    }

    /// Values of all soundings, one after the other.
    pub(super) fn values(&self, name: &str) -> Result<Vec<f64>> {
        let field = field(name).ok_or_else(|| Error::results(self.path(), format!("{name}: is no variable")))?;
        Ok(self.file.read_rows(field, self.rows.clone())?.to_f64())
    }

    /// One result of each sounding, NaN without posterior and in files of a version that does not have it.
    pub(super) fn results_or_unknown(&self, name: &str) -> Result<Vec<f64>> {
        let statuses = self.statuses()?;
        if !self.has(name) {
            return Ok(vec![f64::NAN; statuses.len()]);
        }
        let known = |(value, status): (f64, Status)| if status.has_posterior() { value } else { f64::NAN };
        Ok(self.values(name)?.into_iter().zip(statuses).map(known).collect())
    }

    /// Values of one sounding.
    pub(super) fn row(&self, name: &str, sounding: usize) -> Result<Vec<f64>> {
        self.file.read_row(name, self.rows.start + sounding)
    }

    /// Counts of one sounding.
    pub(super) fn counts(&self, name: &str, sounding: usize) -> Result<Vec<u32>> {
        self.file.read_row(name, self.rows.start + sounding)
    }

    /// The sounding of `fiducial`, compared exactly; an error names the nearest.
    pub(super) fn sounding(&self, fiducial: f64) -> Result<usize> {
        let fiducials = self.values("fiducial")?;
        fiducials.iter().position(|&f| f == fiducial).ok_or_else(|| {
            let nearest = fiducials.iter().min_by(|a, b| (*a - fiducial).abs().total_cmp(&(*b - fiducial).abs()));
            let nearest = nearest.map_or_else(String::new, |f| format!("; the nearest is {f}"));
            Error::results(self.path(), format!("has no fiducial {fiducial}{nearest}"))
        })
    }
}

fn absent(path: &Path, line_number: f64, there: &[f64]) -> Error {
    Lines { first: line_number, last: line_number }.absent_from(path, there)
}
