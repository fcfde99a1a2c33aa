//! Names of columns that contradict the system.

use super::fdem::frequency_error;
use super::gates::time_errors;
use super::groups::{ChannelGroup, Channels};
use crate::error::Error;
use crate::survey::table::Table;

impl ChannelGroup<'_> {
    /// Returns errors about columns whose names have another gate or frequency than the group's.
    pub(super) fn name_errors(&self, table: &Table, columns: &[usize]) -> Vec<Error> {
        match &self.channels {
            Channels::Gates(gates) => time_errors(table, columns, gates, self.system_name),
            Channels::FrequenciesHz(frequencies) => columns
                .iter()
                .zip(frequencies)
                .filter_map(|(&column, &hz)| frequency_error(table, column, hz, self.system_name))
                .collect(),
        }
    }
}
