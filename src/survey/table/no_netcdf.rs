//! What stands for netCDF files in a build that cannot read them.

use std::fs::File;
use std::path::Path;

use super::body::Table;
use super::netcdf_rows::NetcdfRows;
use crate::error::{Error, Result};

/// Some rows of a file.
pub(super) struct NetcdfBlock<'a>(&'a NetcdfRows);

impl<'a> NetcdfBlock<'a> {
    pub(super) fn open(_: &'a Path, table: &'a NetcdfRows) -> Result<Self> {
        match *table {}
    }

    pub(super) fn go_to(&mut self, _: usize) {
        match *self.0 {}
    }

    pub(super) fn value(&self, _: usize, _: usize) -> Result<f64> {
        match *self.0 {}
    }
}

/// Returns an error, because this build cannot read netCDF.
///
/// # Errors
///
/// Always.
pub(super) fn open(path: &Path, _: &[&str]) -> Result<Table> {
    File::open(path).map_err(Error::io(path))?;
    let message =
        format!("{}: this geobipy was built without netCDF; build it with the feature netcdf", path.display());
    Err(Error::Unavailable { feature: "netcdf", message })
}
