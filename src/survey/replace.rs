//! Writes files that are complete or do not exist.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::process;

use crate::error::{Error, Result};

/// Writes a file under a temporary name and then renames it to `path`, where it replaces an older file.
///
/// # Errors
///
/// [`Error::Io`] when the file cannot be written; an older file is then unchanged.
pub(crate) fn replace_file(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<()> {
    let temporary = temporary_path(path).map_err(Error::io(path))?;
    let written = write_file(&temporary, write).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // The first error is reported; an error while cleaning up is not.
        let _ = fs::remove_file(&temporary);
    }
    written.map_err(Error::io(path))
}

/// Returns a hidden name in the same folder, because files cannot be renamed across file systems.
fn temporary_path(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "not the name of a file"))?;
    let mut temporary = OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{}.tmp", process::id()));
    Ok(path.with_file_name(temporary))
}

fn write_file(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    write(&mut out)?;
    out.into_inner()?.sync_all()
}
