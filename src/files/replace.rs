//! Files of text.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::whole::Whole;
use crate::error::{Error, Result};

/// Writes a file under another name and then gives it the name of `path`, where another may be.
///
/// # Errors
///
/// [`Error::Io`] when the file cannot be written; one that was there before is then unchanged.
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
