//! Chooses the group of a netCDF file that has the soundings.

use std::path::Path;

use super::walk::{FoundVariable, INDEX};
use crate::error::{InputError, Result};
use crate::survey::listed::listed;
use crate::survey::table::body::{MAX_COLUMNS, is_path_of};
use crate::survey::table::netcdf_rows::NetcdfVariable;

/// Fewest variables of one column: line number, fiducial, easting and northing.
const FEWEST: usize = 4;

/// Variables with the same rows.
pub(super) struct GroupTable {
    group: String,
    rows: String,
    pub(super) row_count: usize,
    pub(super) variables: Vec<NetcdfVariable>,
}

impl GroupTable {
    /// Returns the name of the group for messages.
    pub(super) fn group_name(&self) -> String {
        if self.group.is_empty() { "the file".to_owned() } else { format!("group {}", self.group) }
    }

    fn has(&self, name: &str) -> bool {
        self.variables
            .iter()
            .any(|variable| variable.name().eq_ignore_ascii_case(name) || is_path_of(&variable.path, name))
    }

    fn can_be_soundings(&self) -> bool {
        self.variables.iter().filter(|variable| variable.count() == 1).count() >= FEWEST
    }
}

/// Returns the table with all variables `wanted`, among those of the dimension `index`, or of any dimension when the
/// file has no `index`.
pub(super) fn choose(path: &Path, found: Vec<FoundVariable>, wanted: &[&str]) -> Result<GroupTable> {
    let mut tables = tables(found);
    let is_index = |table: &GroupTable| table.rows.eq_ignore_ascii_case(INDEX);
    let has_index = tables.iter().any(is_index);
    tables.retain(|table| table.can_be_soundings() && (!has_index || is_index(table)));
    let expected = "variables for line number, fiducial, easting and northing along a dimension index, and data";
    if tables.is_empty() {
        return Err(InputError::file(path, "a netCDF file without soundings", expected));
    }
    if tables.len() == 1 {
        return checked(path, tables.swap_remove(0));
    }
    let label = |table: &GroupTable| {
        let group = if table.group.is_empty() { "/" } else { &table.group };
        if has_index { group.to_owned() } else { format!("{group} along {}", table.rows) }
    };
    let names = |tables: &[GroupTable]| listed(tables.iter().map(label));
    let all = names(&tables);
    tables.retain(|table| wanted.iter().all(|name| table.has(name)));
    match tables.len() {
        1 => checked(path, tables.swap_remove(0)),
        0 => {
            let got = format!("groups {all}, none of which has all of {}", listed(wanted));
            Err(InputError::file(path, got, "a group with every column of the configuration"))
        }
        _ => {
            let example = format!("{}/line", tables[0].group);
            let got = format!("groups {} that may be the survey", names(&tables));
            let expected = format!("a column that only one has, as in columns.line_number = {example:?}");
            Err(InputError::file(path, got, expected))
        }
    }
}

fn checked(path: &Path, table: GroupTable) -> Result<GroupTable> {
    let count = table.variables.iter().fold(0, |count: usize, variable| count.saturating_add(variable.count()));
    if count > MAX_COLUMNS {
        let got = format!("{count} columns in {}", table.group_name());
        return Err(InputError::file(path, got, format_args!("at most {MAX_COLUMNS}")));
    }
    Ok(table)
}

/// Groups variables by their rows. Variables of a group inside another one belong to the other's table when their rows
/// have the same dimension.
fn tables(found: Vec<FoundVariable>) -> Vec<GroupTable> {
    let mut tables: Vec<GroupTable> = Vec::new();
    for FoundVariable { variable, group, rows: (rows, row_count) } in found {
        let is_within = |outer: &str| {
            outer.is_empty() || group.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let same =
            |table: &&mut GroupTable| table.row_count == row_count && table.rows == rows && is_within(&table.group);
        match tables.iter_mut().filter(same).max_by_key(|table| table.group.len()) {
            Some(table) => table.variables.push(variable),
            None => tables.push(GroupTable { group, rows, row_count, variables: vec![variable] }),
        }
    }
    tables
}
