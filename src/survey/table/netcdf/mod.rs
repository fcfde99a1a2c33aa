//! netCDF files: variables by the dimension of the soundings, in groups as in the GS convention, read in blocks of rows.

mod attributes;
mod choose;
mod reader;
#[cfg(test)]
mod tests;
mod walk;

use std::path::Path;

use crate::error::{InputError, Result};

use super::body::{Body, Header, Table, TableField, column_names};
use super::netcdf_rows::NetcdfRows;
use choose::choose;
use walk::walk;

pub(super) use reader::NetcdfBlock;

/// Largest number of rows; the largest surveys have a few million soundings.
const MAX_ROWS: usize = 50_000_000;

/// Opens the table in a netCDF file that has the variables `wanted`, which are names or paths.
///
/// # Errors
///
/// When the file is not netCDF, when it has no table of soundings, or several that have the variables.
pub(super) fn open(path: &Path, wanted: &[&str]) -> Result<Table> {
    let wrong = |error: ::netcdf::Error| InputError::file(path, error, "a netCDF file");
    let file = ::netcdf::open(path).map_err(wrong)?;
    let found = choose(path, walk(&file).map_err(wrong)?, wanted)?;
    if found.row_count == 0 || found.row_count > MAX_ROWS {
        let got = format!("{} rows in {}", found.row_count, found.group_name());
        return Err(InputError::file(path, got, format_args!("1 to {MAX_ROWS} rows")));
    }
    let (mut names, mut columns, mut fields) = (Vec::new(), Vec::new(), Vec::new());
    for (index, variable) in found.variables.iter().enumerate() {
        let count = variable.count();
        fields.push(TableField {
            name: variable.name().to_owned(),
            path: Some(variable.path.clone()),
            columns: names.len()..names.len() + count,
            line: 1,
            crs: variable.crs.clone(),
            shortened_null: None,
        });
        names.extend(column_names(variable.name(), count));
        columns.extend((0..count).map(|column| (index, column)));
    }
    let rows = NetcdfRows { variables: found.variables, columns, row_count: found.row_count };
    let body = Body::Netcdf(rows);
    Ok(Table { path: path.to_path_buf(), header: Header::Schema, names, fields, comments_crs: None, body })
}
