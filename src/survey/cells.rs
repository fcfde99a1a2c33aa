//! From rows of cells to soundings: numbers, nulls and what is wrong with a row.

use crate::error::Error;
use crate::system::Geometry;

use super::height::{MAX_HEIGHT_M, expected_height};
use super::options::StdKind;
use super::sounding::Sounding;
use super::table::{Row, RowResult};

/// A column counted from 0, perhaps with the sign of its numbers turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct SignedColumn {
    pub(super) index: usize,
    pub(super) negated: bool,
}

impl SignedColumn {
    /// The same with its sign turned once more.
    pub(super) fn turned(self, turn: bool) -> Self {
        Self { negated: self.negated != turn, ..self }
    }
}

impl From<usize> for SignedColumn {
    fn from(index: usize) -> Self {
        Self { index, negated: false }
    }
}

/// `-value`, but 0 of 0.
pub(super) fn negative(value: f64) -> f64 {
    0.0 - value
}

/// Where a row says which sounding it is and where.
#[derive(Debug)]
pub(super) struct PlaceColumns {
    pub(super) line_number: SignedColumn,
    pub(super) fiducial: SignedColumn,
    pub(super) easting: SignedColumn,
    pub(super) northing: SignedColumn,
    pub(super) elevation: Option<SignedColumn>,
}

/// The numbers of a row, and what is wrong with them so far. Wrong cells give NaN.
pub(super) struct Cells<'a> {
    row: &'a Row<'a>,
    nulls: &'a [f64],
    errors: Vec<Error>,
    /// Data that are missing for want of their standard deviation.
    pub(super) without_std: usize,
}

impl<'a> Cells<'a> {
    /// `nulls` stand for missing values, as they stand in the file.
    pub(super) fn new(row: &'a Row<'a>, nulls: &'a [f64]) -> Self {
        Self { row, nulls, errors: Vec::new(), without_std: 0 }
    }

    /// NaN when it is missing.
    pub(super) fn optional(&mut self, column: impl Into<SignedColumn>) -> f64 {
        let SignedColumn { index, negated } = column.into();
        match self.row.number(index) {
            Ok(Some(value)) if self.nulls.contains(&value) => f64::NAN,
            Ok(Some(value)) if negated => negative(value),
            Ok(Some(value)) => value,
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

    /// A number that compares alike as number and as bits: adding zero makes -0 the 0 it equals.
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

    /// A sounding at its place, still without coils and data.
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

    /// The standard deviation of `datum`; they are missing together.
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

    /// Something is wrong with a cell.
    pub(super) fn wrong(&mut self, column: usize, expected: &str) {
        self.errors.push(self.row.error(column, expected));
    }

    /// What the cells make, when none of them is wrong.
    pub(super) fn finish<T>(self, made: T) -> RowResult<T> {
        if self.errors.is_empty() { Ok(made) } else { Err(self.errors) }
    }
}
