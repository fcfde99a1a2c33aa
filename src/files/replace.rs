//! Writes text files that are complete or do not exist.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::whole::Whole;
use crate::error::{Error, Result};

/// Writes a file under a temporary name and then renames it to `path`, where it replaces an older file.
///
/// # Errors
///
/// [`Error::Io`] when the file cannot be written; an older file is then unchanged.
pub(crate) fn replace_file(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<()> {
    let written = || {
        if path.file_name().is_none() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not the name of a file"));
        }
        let whole = Whole::of_process(path);
        let mut out = BufWriter::new(File::create(whole.partial())?);
        write(&mut out)?;
        out.flush()?;
        whole.finish()
    };
    written().map_err(Error::io(path))
}
