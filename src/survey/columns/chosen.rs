//! Finds the columns that the user has chosen by name or number.

use std::ops::Range;

use super::Finder;
use super::groups::ChannelGroup;
use super::missing::Missing;
use crate::error::{InputError, Result};
use crate::survey::cells::SignedColumn;
use crate::survey::column_ref::{ColumnPlace, ColumnRef};

impl Finder<'_> {
    /// Returns the column that is chosen as `key`; `None` after a mistake, which is kept.
    pub(super) fn single(&mut self, key: &str, column: &ColumnRef) -> Option<SignedColumn> {
        let columns = self.chosen(key, column)?;
        if columns.len() != 1 {
            let got = format!("{} columns named {column}", columns.len());
            self.errors.push(self.table.header_error(got, format_args!("one for {key}")));
            return None;
        }
        Some(SignedColumn { index: columns.start, negated: column.negated })
    }

    /// Returns a field with as many columns as the group has channels, or that many columns from the chosen one on;
    /// `None` after a mistake, which is kept.
    pub(super) fn block(&mut self, key: &str, column: &ColumnRef, group: &ChannelGroup) -> Option<Vec<SignedColumn>> {
        let columns = self.chosen(key, column)?;
        match self.columns_from(key, column, columns, group) {
            Ok(columns) => Some(columns),
            Err(error) => {
                self.errors.push(error);
                None
            }
        }
    }

    /// Returns the columns to which a user's column refers.
    fn chosen(&mut self, key: &str, column: &ColumnRef) -> Option<Range<usize>> {
        let found = match &column.place {
            ColumnPlace::Name(name) if self.table.has_names() && !self.table.has_field(name) => {
                self.missing.push(Missing::named(self.table, key, name));
                return None;
            }
            ColumnPlace::Name(_) if !self.table.has_names() => {
                self.missing.push(Missing::described(key, ""));
                return None;
            }
            ColumnPlace::Name(name) => self.table.field(name),
            &ColumnPlace::Number(number) if (1..=self.table.names.len()).contains(&number) => Ok(number - 1..number),
            ColumnPlace::Number(number) => {
                let got = format!("{} columns", self.table.names.len());
                Err(InputError::file(&self.table.path, got, format_args!("column {number} for {key}")))
            }
        };
        found.map_err(|error| self.errors.push(error)).ok()
    }

    fn columns_from(
        &self,
        key: &str,
        column: &ColumnRef,
        columns: Range<usize>,
        group: &ChannelGroup,
    ) -> Result<Vec<SignedColumn>> {
        let (count, channels) = (group.len(), group.channel_word());
        if columns.len() > 1 && columns.len() != count {
            let got = format!("{} columns named {column}", columns.len());
            return Err(self.table.header_error(got, format_args!("{count} {channels} for {key}")));
        }
        let end = columns.start + count;
        if end > self.table.names.len() {
            let got = format!("{} columns", self.table.names.len());
            let expected = format!("{count} {channels} from column {column} on for {key}");
            return Err(InputError::file(&self.table.path, got, expected));
        }
        if let ColumnPlace::Name(_) = column.place {
            self.check_stems(key, column, columns.start..end)?;
        }
        Ok((columns.start..end).map(|index| SignedColumn { index, negated: column.negated }).collect())
    }

    /// Checks that the columns that follow a named one are of the same kind: their names differ only in numbers.
    fn check_stems(&self, key: &str, first: &ColumnRef, columns: Range<usize>) -> Result<()> {
        let letters = |name: &str| -> String { name.chars().filter(|c| c.is_alphabetic()).collect() };
        let mut names = self.table.names[columns.clone()].iter();
        let stem = names.next().map(|name| letters(name)).unwrap_or_default();
        match names.find(|name| letters(name) != stem) {
            None => Ok(()),
            Some(other) => {
                let got = format!("column {other} among the {} from {first} on", columns.len());
                let expected =
                    format!("names that differ in their numbers only for {key}, or the number of the first column");
                Err(self.table.header_error(got, expected))
            }
        }
    }

    /// Refuses a column that is used for the data of two channels.
    pub(super) fn refuse_shared(&mut self, groups: &[Vec<SignedColumn>]) {
        let mut indices: Vec<usize> = groups.iter().flatten().map(|column| column.index).collect();
        indices.sort_unstable();
        if let Some(pair) = indices.windows(2).find(|pair| pair[0] == pair[1])
            && self.mistakes() == 0
        {
            let error = self.table.name_error(pair[0], "the data of two channels", "a column for each channel");
            self.errors.push(error);
        }
    }
}
