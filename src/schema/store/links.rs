//! Second names of variables in netCDF-4 files, which are HDF5.

use std::path::Path;

use hdf5_metno::File;

use crate::error::{Error, Result};

/// Gives the variables `names` of the root group of a file the same names in `group`, too; they are stored once.
///
/// # Errors
/// It is no HDF5 file that can be written, or has no such group or variable.
pub fn link_variables(path: &Path, group: &str, names: &[String]) -> Result<()> {
    let link = || -> hdf5_metno::Result<()> {
        let file = File::open_rw(path)?;
        names.iter().try_for_each(|name| file.link_hard(name, &format!("{group}/{name}")))?;
        file.close()
    };
    link().map_err(|error| Error::results(path, error))
}
