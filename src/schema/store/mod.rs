//! The HDF5 file behind the schema: one per flight line.
//!
//! A file is created once and completely: every dataset contiguous and allocated at once, with all results missing. Counts are 0 and
//! take no room until they are written. While a run writes results, HDF5 metadata never change. Whoever finishes a sounding writes its rows at their byte offsets
//! and, last of all and after a sync, its status. A process that dies leaves a valid file whose finished soundings are
//! whole.

mod attributes;
mod create;
mod links;
mod merged;
mod reader;
mod rows;
mod scales;
mod text;
mod update;

pub use create::create_line;
pub use links::link_variables;
pub use merged::MergedFile;
pub use reader::LineReader;
pub use rows::{LinePlaces, ResultStore};
pub use update::{ASKED_AGAIN, update_line};

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::survey::line_label;

/// The file of a line below `directory`.
pub fn line_path(directory: &Path, line_number: f64) -> PathBuf {
    directory.join(format!("line_{}.h5", line_label(line_number)))
}

/// All line files below `directory`, by name.
pub fn line_files(directory: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(directory).map_err(Error::io(directory))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(Error::io(directory))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("line_") && name.ends_with(".h5") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
