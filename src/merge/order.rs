//! Which sounding goes where: sorted by line and fiducial, each once.

use std::fmt;
use std::ops::Range;

use crate::error::{Error, Result};
use crate::schema::{FIELDS, LineReader, Role, Status};
use crate::survey::line_label;

/// Where the results of a sounding are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    line_number: f64,
    fiducial: f64,
    status: Status,
    /// Of the sources.
    pub(super) file: usize,
    /// In that file.
    pub(super) row: usize,
}

/// Soundings of a line that nobody has inverted.
#[derive(Debug, Clone, PartialEq)]
pub struct Missing {
    line_number: f64,
    not_run: usize,
    soundings: usize,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {} of {} soundings not run", line_label(self.line_number), self.not_run, self.soundings)
    }
}

/// All soundings in order.
#[derive(Debug)]
pub(super) struct Order(Vec<Place>);

impl Order {
    /// Of the soundings of `files`. Of one that is there twice the finished one is taken.
    ///
    /// # Errors
    /// A sounding is there twice with different results.
    pub(super) fn new(files: &[LineReader]) -> Result<Self> {
        let mut places = Vec::new();
        for (file, reader) in files.iter().enumerate() {
            let (lines, fiducials) = (reader.read::<f64>("line_number")?, reader.read::<f64>("fiducial")?);
            let keys = lines.into_iter().zip(fiducials).zip(reader.statuses()?);
            let place = |(row, ((line_number, fiducial), status))| Place { line_number, fiducial, status, file, row };
            places.extend(keys.enumerate().map(place));
        }
        // Finished ones first.
        places.sort_by(|a, b| {
            let keys = a.line_number.total_cmp(&b.line_number).then(a.fiducial.total_cmp(&b.fiducial));
            keys.then((a.status == Status::NotRun).cmp(&(b.status == Status::NotRun)))
        });
        let mut kept: Vec<Place> = Vec::with_capacity(places.len());
        for place in places {
            match kept.last() {
                Some(last) if last.line_number == place.line_number && last.fiducial == place.fiducial => {
                    if place.status != Status::NotRun {
                        same_results(files, last, &place)?;
                    }
                }
                _ => kept.push(place),
            }
        }
        Ok(Self(kept))
    }

    /// Number of soundings.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn places(&self, range: Range<usize>) -> &[Place] {
        &self.0[range]
    }

    /// The soundings of each line.
    pub(super) fn lines(&self) -> impl Iterator<Item = Range<usize>> {
        let mut start = 0;
        self.0.chunk_by(|a, b| a.line_number == b.line_number).map(move |line| {
            start += line.len();
            start - line.len()..start
        })
    }

    /// Lines that are not complete.
    pub(super) fn missing(&self) -> Vec<Missing> {
        let of_line = |line: Range<usize>| {
            let places = &self.0[line];
            let not_run = places.iter().filter(|place| place.status == Status::NotRun).count();
            Missing { line_number: places[0].line_number, not_run, soundings: places.len() }
        };
        self.lines().map(of_line).filter(|missing| missing.not_run > 0).collect()
    }

    /// `line 30010`, `lines 30010 to 30090`
    pub(super) fn in_words(&self) -> String {
        let label = |place: Option<&Place>| place.map_or_else(String::new, |place| line_label(place.line_number));
        let (first, last) = (label(self.0.first()), label(self.0.last()));
        if first == last { format!("line {first}") } else { format!("lines {first} to {last}") }
    }
}

/// # Errors
/// Two finished results of a sounding are not the same, but for the time that they took.
fn same_results(files: &[LineReader], kept: &Place, other: &Place) -> Result<()> {
    let (one, two) = (&files[kept.file], &files[other.file]);
    let compared = |role: Role| matches!(role, Role::Input | Role::Result);
    for field in FIELDS.iter().filter(|field| compared(field.role) && field.name != "cpu_seconds") {
        if !one.has(field.name) {
            continue;
        }
        let row = |file: &LineReader, row: usize| file.read_rows(field, row..row + 1);
        // Bytes: NaNs are alike.
        if row(one, kept.row)?.as_bytes() != row(two, other.row)?.as_bytes() {
            let Place { line_number, fiducial, .. } = kept;
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
