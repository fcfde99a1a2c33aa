//! Files that commands write.

use std::io::Write;
use std::path::Path;

use crate::error::{Error, Result};
use crate::files::replace_file;

/// Whether a file may be written: none is there, or it is to be replaced (`force`).
pub(super) fn check_free(path: &Path, force: bool) -> Result<()> {
    if path.exists() && !force {
        return Err(Error::Config(format!("{}: is there already; --force replaces it", path.display())));
    }
    Ok(())
}

/// Writes a text file that appears only when it is complete. An existing file is replaced only with `force`.
pub(super) fn write_new(path: &Path, text: &str, force: bool) -> Result<()> {
    check_free(path, force)?;
    replace_file(path, |out| out.write_all(text.as_bytes()))
}
