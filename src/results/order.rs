//! Which sounding is where: sorted by line and fiducial, each once.

use std::fmt;

use super::files::Files;
use crate::error::{Error, Result};
use crate::schema::{ASKED_AGAIN, FIELDS, Field, LineReader, Role, Status, fields};
use crate::survey::line_label;

/// Position of the results of a sounding, and the key of the sounding.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) line_number: f64,
    pub(super) fiducial: f64,
    pub(super) easting_m: f64,
    pub(super) northing_m: f64,
    pub(super) elevation_m: f64,
    pub(super) status: Status,
    /// Whether a run was asked to invert the sounding; true for files before schema 2.7, which do not contain this.
    pub(super) is_asked_for: bool,
    /// Whether the sounding has results of a smaller budget than the run has now.
    pub(super) is_asked_again: bool,
    /// Number of the file.
    pub(super) file: u32,
    /// Row in that file.
    pub(super) row: u32,
}

/// Soundings of a line that were not inverted.
#[derive(Debug, Clone, PartialEq)]
pub struct Missing {
    pub(super) line_number: f64,
    pub(super) not_run: usize,
    /// Soundings that were not run and that no run was asked for.
    pub(super) not_asked_for: usize,
    pub(super) soundings: usize,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {} of {} soundings not run", line_label(self.line_number), self.not_run, self.soundings)?;
        match self.not_asked_for {
            0 => Ok(()),
            all if all == self.not_run => f.write_str(", as no run was asked for them"),
            some => write!(f, "; no run was asked for {some} of them"),
        }
    }
}

/// The soundings of a file.
pub(super) fn entries(number: usize, file: &LineReader) -> Result<Vec<Entry>> {
    let column = |field: &Field| file.read_values(field).map(|values| values.to_f64());
    let (lines, fiducials) = (column(&fields::LINE_NUMBER)?, column(&fields::FIDUCIAL)?);
    let (eastings, northings) = (column(&fields::EASTING)?, column(&fields::NORTHING)?);
    let elevations = column(&fields::ELEVATION)?;
    let statuses = file.statuses()?;
    let asked_for = if file.has(&fields::ASKED_FOR) { column(&fields::ASKED_FOR)? } else { vec![1.0; statuses.len()] };
    let count = statuses.len();
    if [&lines, &fiducials, &eastings, &northings, &elevations, &asked_for].iter().any(|column| column.len() != count) {
        return Err(Error::results(file.path(), format!("has not {count} values in every variable of soundings")));
    }
    let entry = |row: usize| Entry {
        line_number: lines[row],
        fiducial: fiducials[row],
        easting_m: eastings[row],
        northing_m: northings[row],
        elevation_m: elevations[row],
        status: statuses[row],
        is_asked_for: asked_for[row] != 0.0,
        is_asked_again: statuses[row] != Status::NotRun && asked_for[row] == f64::from(ASKED_AGAIN),
        file: number as u32,
        row: row as u32,
    };
    Ok((0..count).map(entry).collect())
}

/// Sorts by line and fiducial. Of a sounding that is there twice the finished one is kept.
///
/// # Errors
/// A sounding is there twice with different results.
pub(super) fn sorted(files: &Files, mut entries: Vec<Entry>) -> Result<Vec<Entry>> {
    // Finished ones first.
    entries.sort_by(|a, b| {
        let keys = a.line_number.total_cmp(&b.line_number).then(a.fiducial.total_cmp(&b.fiducial));
        keys.then((a.status == Status::NotRun).cmp(&(b.status == Status::NotRun)))
    });
    let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
    for entry in entries {
        match kept.last() {
            Some(last) if last.line_number == entry.line_number && last.fiducial == entry.fiducial => {
                if entry.status != Status::NotRun {
                    same_results(files, last, &entry)?;
                }
            }
            _ => kept.push(entry),
        }
    }
    Ok(kept)
}

/// # Errors
/// Two finished results of a sounding are not the same, but for the time that they took.
fn same_results(files: &Files, kept: &Entry, other: &Entry) -> Result<()> {
    let (one, two) = (files.get(kept.file as usize)?, files.get(other.file as usize)?);
    let is_compared = |field: &Field| {
        let is_of_sounding = matches!(field.role, Role::Input | Role::Result) && *field != fields::CPU_SECONDS;
        is_of_sounding && one.has(field) && two.has(field)
    };
    let row = |file: &LineReader, field: &Field, row: u32| file.read_rows(field, row as usize..row as usize + 1);
    for field in FIELDS.iter().filter(|field| is_compared(field)) {
        // Bytes: NaNs are alike.
        if row(&one, field, kept.row)?.as_bytes() != row(&two, field, other.row)?.as_bytes() {
            let Entry { line_number, fiducial, .. } = kept;
            let message = format!(
                "line {}, fiducial {fiducial}: has another {} than {}: the same sounding twice, with different results",
                line_label(*line_number),
                field.name,
                one.path().display()
            );
            return Err(Error::results(two.path(), message));
        }
    }
    Ok(())
}
