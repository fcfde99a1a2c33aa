//! Files that commands write.

use std::io::Write;
use std::path::Path;

use crate::error::{Error, Result};
use crate::survey::replace_file;

/// Writes a text file that appears only when it is complete. An existing file is replaced only with `force`.
pub(super) fn write_new(path: &Path, text: &str, force: bool) -> Result<()> {
    if !force && path.exists() {
        return Err(Error::Config(format!("{}: is there already; --force replaces it", path.display())));
    }
    replace_file(path, |out| out.write_all(text.as_bytes()))
}
