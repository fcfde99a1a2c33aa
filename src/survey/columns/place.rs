//! Finds where line numbers and fiducials are.

use super::Finder;
use crate::survey::cells::{FiducialSource, LineSource, SignedColumn};
use crate::survey::clock::{days, seconds};
use crate::survey::column_ref::{ColumnPlace, ColumnRef};
use crate::survey::table::Aliases::{self, First};

/// Names of columns of days and of times of day.
const DATES: Aliases = First(&["date", "utc_date", "utcdate", "gps_date", "gpsdate"]);
const TIMES: Aliases =
    First(&["time", "utc_time", "utctime", "gps_time", "gpstime", "utc", "datetime", "date_time", "timestamp"]);
/// The word in a configuration for fiducials that count rows.
const COUNTED: &str = "counted";

impl Finder<'_> {
    /// Returns the source of line numbers: the user's column, rows such as `Line 1200`, or a column by its name.
    pub(super) fn line_number(&mut self, given: &Option<ColumnRef>, names: Aliases) -> LineSource {
        if given.is_none() && self.table.has_line_rows() {
            let column = if self.table.has_names() { self.optional("line_number", given, names) } else { None };
            return LineSource::Rows(column);
        }
        LineSource::Column(self.required("line_number", given, names))
    }

    /// Returns the source of fiducials: a column, texts of date and time, or a count of the rows of each line.
    pub(super) fn fiducial(&mut self, given: &Option<ColumnRef>, names: Aliases) -> FiducialSource {
        if let Some(ColumnRef { negated: false, place: ColumnPlace::Name(word) }) = given
            && word == COUNTED
            && !self.table.has_field(word)
        {
            return FiducialSource::Counted;
        }
        if given.is_some() || !self.table.has_names() {
            return FiducialSource::Column(self.required("fiducial", given, names));
        }
        match self.optional("fiducial", &None, names) {
            Some(column) => FiducialSource::Column(column),
            None => self.clock().unwrap_or(FiducialSource::Counted),
        }
    }

    /// Returns the columns of texts that give a time in the first row.
    fn clock(&self) -> Option<FiducialSource> {
        let is_of = |names: Aliases, read: fn(&str) -> Option<f64>| {
            let column = self.table.find(names).ok()??;
            read(&self.table.first_cell(column)?).map(|_| column)
        };
        let time = is_of(TIMES, |text| seconds(text).filter(|_| text.contains(':')))?;
        // A text such as 2019-04-10T10:11:00 has its own date.
        let is_dated = self.table.first_cell(time).is_some_and(|text| text.contains(['T', ' ']));
        let date = is_of(DATES, days).filter(|_| !is_dated);
        Some(FiducialSource::Clock { date, time })
    }

    /// Returns the column of a quantity that the survey needs.
    pub(super) fn required(&mut self, key: &str, given: &Option<ColumnRef>, names: Aliases) -> SignedColumn {
        let mistakes = self.mistakes();
        match self.optional(key, given, names) {
            Some(column) => column,
            None => {
                if self.mistakes() == mistakes {
                    self.miss(format!("columns.{key}"), names);
                }
                SignedColumn::default()
            }
        }
    }
}
