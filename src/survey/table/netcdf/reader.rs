//! Reads variables in blocks of rows.

use std::cell::OnceCell;
use std::ops::Range;
use std::path::Path;

use ::netcdf::{Extent, Extents, File};

use crate::error::{Error, InputError, Result};
use crate::survey::table::netcdf_rows::{NetcdfRows, NetcdfVariable};

/// Number of rows that are read at once.
const BLOCK: usize = 1024;

/// Some rows of a file. Each variable is read when the first of its numbers is asked for.
pub(in super::super) struct NetcdfBlock<'a> {
    file: File,
    path: &'a Path,
    table: &'a NetcdfRows,
    rows: Range<usize>,
    /// The numbers of each variable, or why they cannot be read.
    values: Vec<OnceCell<std::result::Result<Vec<f64>, String>>>,
}

impl<'a> NetcdfBlock<'a> {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// When it is no longer a netCDF file.
    pub(in super::super) fn open(path: &'a Path, table: &'a NetcdfRows) -> Result<Self> {
        let file = ::netcdf::open(path).map_err(|error| InputError::file(path, error, "a netCDF file"))?;
        let values = table.variables.iter().map(|_| OnceCell::new()).collect();
        Ok(Self { file, path, table, rows: 0..0, values })
    }

    /// Moves to the block with a row.
    pub(in super::super) fn go_to(&mut self, row: usize) {
        if !self.rows.contains(&row) {
            let start = row / BLOCK * BLOCK;
            self.rows = start..(start + BLOCK).min(self.table.row_count);
            self.values.iter_mut().for_each(|values| drop(values.take()));
        }
    }

    /// Returns a number of a row in the block; NaN where it is missing.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub(in super::super) fn value(&self, row: usize, column: usize) -> Result<f64> {
        let (index, column) = self.table.columns[column];
        let variable = &self.table.variables[index];
        let inner: usize = variable.shape[variable.row_axis + 1..].iter().product();
        let values = self.values[index].get_or_init(|| self.read(variable));
        let values = values.as_ref().map_err(|error| self.wrong(variable, error))?;
        let place = (column / inner * self.rows.len() + row - self.rows.start) * inner + column % inner;
        Ok(values[place])
    }

    fn wrong(&self, variable: &NetcdfVariable, error: &str) -> Error {
        InputError::file(self.path, format_args!("{}: {error}", variable.path), "numbers that can be read")
    }

    fn read(&self, variable: &NetcdfVariable) -> std::result::Result<Vec<f64>, String> {
        let extent = |(axis, &length): (usize, &usize)| -> Extent {
            if axis == variable.row_axis { self.rows.clone().into() } else { (0..length).into() }
        };
        let extents: Vec<Extent> = variable.shape.iter().enumerate().map(extent).collect();
        let found = self.file.variable(&variable.path).ok_or("the variable is no longer there")?;
        let mut values: Vec<f64> = found.get_values(Extents::from(extents)).map_err(|error| error.to_string())?;
        if values.len() != self.rows.len() * variable.count() {
            return Err(format!("{} numbers", values.len()));
        }
        for value in &mut values {
            let is_missing = variable.missing.contains(value);
            *value = if is_missing { f64::NAN } else { *value * variable.scale + variable.offset };
        }
        Ok(values)
    }
}
