//! Makes soundings from rows of cells: reads numbers and nulls, and records what is wrong with a row.

use crate::error::Error;
use crate::system::Geometry;

use super::clock::{days, seconds};
use super::height::{MAX_HEIGHT_M, expected_height};
use super::line_name::line_number;
use super::options::StdKind;
use super::sounding::Sounding;
use super::table::{Row, RowResult};
use super::tally::Tally;

/// A column, counted from 0, whose numbers may have the opposite sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct SignedColumn {
    pub(super) index: usize,
    pub(super) negated: bool,
}

impl SignedColumn {
    /// Returns the column with the opposite sign when `turn` is true.
    pub(super) fn turned(self, turn: bool) -> Self {
        Self { negated: self.negated != turn, ..self }
    }
}

impl From<usize> for SignedColumn {
    fn from(index: usize) -> Self {
        Self { index, negated: false }
    }
}

/// Returns `-value`, but 0 for 0.
pub(super) fn negative(value: f64) -> f64 {
    0.0 - value
}

/// Where line numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineSource {
    Column(SignedColumn),
    /// In rows such as `Line 1200`. A column of line numbers, when there is one, must agree.
    Rows(Option<SignedColumn>),
}

/// Where fiducials are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FiducialSource {
    Column(SignedColumn),
    /// Texts: days and times of day. Fiducials are seconds.
    Clock {
        date: Option<usize>,
        time: usize,
    },
    /// Nowhere: the rows of each line are counted.
    Counted,
}

/// The columns of a sounding's key and place.
#[derive(Debug)]
pub(super) struct PlaceColumns {
    pub(super) line_number: LineSource,
    pub(super) fiducial: FiducialSource,
    pub(super) easting: SignedColumn,
    pub(super) northing: SignedColumn,
    pub(super) elevation: Option<SignedColumn>,
}

impl PlaceColumns {
    /// Returns the columns of numbers with the line and the fiducial, if there are any.
    pub(super) fn keys(&self) -> Vec<SignedColumn> {
        let line_number = match self.line_number {
            LineSource::Column(column) => Some(column),
            LineSource::Rows(column) => column,
        };
        let fiducial = match self.fiducial {
            FiducialSource::Column(column) => Some(column),
            FiducialSource::Clock { .. } | FiducialSource::Counted => None,
        };
        line_number.into_iter().chain(fiducial).collect()
    }
}

/// A column of 0 and 1 that says whether a datum is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flag {
    pub(super) column: usize,
    /// True when 1 means that the datum is left out.
    pub(super) culls: bool,
}

/// The rows of a system, in files whose rows have the gates of one system each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    /// Column with the number of the segment.
    pub(super) column: usize,
    /// The system's number from 1.
    pub(super) number: usize,
    /// Number of systems.
    pub(super) count: usize,
    /// Columns of gates that only other systems have.
    pub(super) spare: Vec<usize>,
}

/// The numbers of a row, and the errors found in it so far. Wrong cells give NaN.
pub(super) struct RowCells<'a> {
    row: &'a Row<'a>,
    nulls: &'a [f64],
    /// Where the numbers are counted that are not missing.
    tally: Option<&'a mut Tally>,
    errors: Vec<Error>,
    /// Number of data that are missing because they have no standard deviation.
    pub(super) without_std: usize,
}

impl<'a> RowCells<'a> {
    /// Prepares a row; `nulls` are the file's numbers for missing values.
    pub(super) fn new(row: &'a Row<'a>, nulls: &'a [f64], tally: Option<&'a mut Tally>) -> Self {
        Self { row, nulls, tally, errors: Vec::new(), without_std: 0 }
    }

    /// Returns the number of a cell, NaN when it is missing.
    pub(super) fn optional(&mut self, column: impl Into<SignedColumn>) -> f64 {
        let SignedColumn { index, negated } = column.into();
        match self.row.number(index) {
            Ok(Some(value)) if self.nulls.contains(&value) => f64::NAN,
            Ok(Some(value)) => {
                if let Some(tally) = &mut self.tally {
                    tally.add(index, value);
                }
                if negated { negative(value) } else { value }
            }
            Ok(None) => f64::NAN,
            Err(error) => {
                self.errors.push(error);
                f64::NAN
            }
        }
    }

    pub(super) fn required(&mut self, column: impl Into<SignedColumn>) -> f64 {
        let column = column.into();
        let error_count = self.errors.len();
        let value = self.optional(column);
        if value.is_nan() && self.errors.len() == error_count {
            self.wrong(column.index, "a number that is not null");
        }
        value
    }

    /// Returns a line number; adding zero makes 0 of -0, so that equal numbers have equal bits.
    fn line_number(&mut self, source: LineSource) -> f64 {
        let number = match source {
            LineSource::Column(column) => self.line_in(column),
            LineSource::Rows(column) => {
                let number = self.row.line_row().map_or(f64::NAN, |row| row.number);
                if let Some(column) = column
                    && self.line_in(column) != number
                    && self.errors.is_empty()
                {
                    let text = self.row.line_row().map_or("", |row| &row.text);
                    self.wrong(column.index, &format!("{number}, as in the row {text:?} above"));
                }
                number
            }
        };
        number + 0.0
    }

    /// Returns the line number in a cell, which may be the name of a line.
    fn line_in(&mut self, column: SignedColumn) -> f64 {
        match self.row.number(column.index) {
            Ok(_) => self.required(column),
            Err(_) => match line_number(&self.row.text(column.index)) {
                Some(number) if column.negated => negative(number),
                Some(number) => number,
                None => {
                    self.wrong(column.index, "a line number, or a name with one number such as L1200 or L1200:1");
                    f64::NAN
                }
            },
        }
    }

    /// Returns a fiducial; 0 when rows are counted.
    fn fiducial(&mut self, source: FiducialSource) -> f64 {
        let fiducial = match source {
            FiducialSource::Column(column) => match self.row.number(column.index) {
                Ok(_) => self.required(column),
                Err(_) => self.clock(column.index, seconds, "a number, or a time such as 10:11:00.5"),
            },
            FiducialSource::Clock { date, time } => {
                let days = date.map_or(0.0, |date| self.clock(date, days, "a date such as 2019-04-10 or 20190410"));
                86_400.0 * days + self.clock(time, seconds, "a time such as 10:11:00.5")
            }
            FiducialSource::Counted => 0.0,
        };
        fiducial + 0.0
    }

    fn clock(&mut self, column: usize, read: fn(&str) -> Option<f64>, expected: &str) -> f64 {
        let value = read(&self.row.text(column));
        if value.is_none() {
            self.wrong(column, expected);
        }
        value.unwrap_or(f64::NAN)
    }

    pub(super) fn height(&mut self, column: impl Into<SignedColumn>) -> f64 {
        let column = column.into();
        let height_m = self.required(column);
        if height_m <= 0.0 || height_m > MAX_HEIGHT_M {
            self.wrong(column.index, &expected_height());
        }
        height_m
    }

    /// Returns a sounding with its key and place, without coils and data.
    pub(super) fn place(&mut self, columns: &PlaceColumns) -> Sounding {
        Sounding {
            line_number: self.line_number(columns.line_number),
            fiducial: self.fiducial(columns.fiducial),
            easting_m: self.required(columns.easting),
            northing_m: self.required(columns.northing),
            elevation_m: columns.elevation.map_or(f64::NAN, |column| self.optional(column)),
            geometry: Geometry::default(),
            observed: Vec::new(),
            std: None,
            file_line: self.row.line(),
        }
    }

    /// Returns whether a flag says that its datum is used. A missing flag says no.
    pub(super) fn is_used(&mut self, flag: Flag) -> bool {
        let value = self.optional(flag.column);
        if !(value.is_nan() || value == 0.0 || value == 1.0) {
            self.wrong(flag.column, "0 or 1, a flag that says whether a datum is used");
        }
        if flag.culls { value == 0.0 } else { value == 1.0 }
    }

    /// Returns whether the row has the data of `segment`.
    pub(super) fn is_of_segment(&mut self, segment: &Segment) -> bool {
        let value = self.optional(segment.column);
        let count = segment.count;
        if value.fract() != 0.0 || !(1.0..=count as f64).contains(&value) {
            self.wrong(segment.column, &format!("the number of a segment, from 1 to {count}"));
        }
        let is_own = value == segment.number as f64;
        if is_own && let Some(&spare) = segment.spare.iter().find(|&&spare| !self.optional(spare).is_nan()) {
            self.wrong(spare, &format!("nothing: the system of segment {} has fewer gates", segment.number));
        }
        is_own
    }

    /// Returns the standard deviation of `datum`. When one of the two is missing, both become NaN.
    pub(super) fn std(&mut self, column: SignedColumn, datum: &mut f64, kind: StdKind, unit: &str) -> f64 {
        let std = kind.std(self.optional(column), *datum);
        if datum.is_nan() {
            return f64::NAN;
        }
        if std.is_nan() {
            self.without_std += 1;
            *datum = f64::NAN;
        } else if std <= 0.0 {
            self.wrong(column.index, &kind.expected(unit));
        }
        std
    }

    /// Records that a cell is wrong.
    pub(super) fn wrong(&mut self, column: usize, expected: &str) {
        self.errors.push(self.row.error(column, expected));
    }

    /// Returns `made`, or the errors when a cell is wrong.
    pub(super) fn finish<T>(self, made: T) -> RowResult<T> {
        if self.errors.is_empty() { Ok(made) } else { Err(self.errors) }
    }
}
