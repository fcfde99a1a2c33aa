//! Makes soundings from rows of cells: reads numbers and nulls, and records what is wrong with a row.

use crate::error::Error;
use crate::system::Geometry;

use super::height::{MAX_HEIGHT_M, expected_height};
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

/// The columns of a sounding's key and place.
#[derive(Debug)]
pub(super) struct PlaceColumns {
    pub(super) line_number: SignedColumn,
    pub(super) fiducial: SignedColumn,
    pub(super) easting: SignedColumn,
    pub(super) northing: SignedColumn,
    pub(super) elevation: Option<SignedColumn>,
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

    /// Returns a number whose bits are equal where the numbers are equal: -0 becomes 0 by adding zero.
    pub(super) fn key(&mut self, column: impl Into<SignedColumn>) -> f64 {
        self.required(column) + 0.0
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
            line_number: self.key(columns.line_number),
            fiducial: self.key(columns.fiducial),
            easting_m: self.required(columns.easting),
            northing_m: self.required(columns.northing),
            elevation_m: columns.elevation.map_or(f64::NAN, |column| self.optional(column)),
            geometry: Geometry::default(),
            observed: Vec::new(),
            std: None,
            file_line: self.row.line,
        }
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
