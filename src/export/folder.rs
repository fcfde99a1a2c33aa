//! Exports of several files.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use crate::error::{Error, Result};

/// Lets `write` fill a folder beside `folder`, and moves what it wrote there when all of it is whole. What has other names there
/// stays.
pub(super) fn fill_folder<T>(folder: &Path, write: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
    let mut name = OsString::from(".");
    name.push(folder.file_name().unwrap_or_default());
    name.push(".partial");
    let partial = folder.with_file_name(name);
    let _ = fs::remove_dir_all(&partial);
    fs::create_dir(&partial).map_err(Error::io(folder))?;
    let written = write(&partial).and_then(|written| move_files(&partial, folder).map(|()| written));
    let _ = fs::remove_dir_all(&partial);
    written.map_err(|error| error.renamed(&partial, folder))
}

fn move_files(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).map_err(Error::io(to))?;
    for entry in fs::read_dir(from).map_err(Error::io(from))? {
        let entry = entry.map_err(Error::io(from))?;
        let path = to.join(entry.file_name());
        fs::rename(entry.path(), &path).map_err(Error::io(&path))?;
    }
    Ok(())
}
