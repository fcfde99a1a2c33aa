//! Exports that consist of several files.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;

use crate::error::{Error, Result};

/// Calls `write` with a temporary folder beside `folder`, and moves its files to `folder` when all are complete. Other
/// files in `folder` stay.
pub(crate) fn fill_folder<T>(folder: &Path, write: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
    let partial = folder.with_file_name(hidden(folder.file_name().unwrap_or_default()));
    let _ = fs::remove_dir_all(&partial);
    fs::create_dir(&partial).map_err(Error::io(folder))?;
    let written = write(&partial).and_then(|written| move_files(&partial, folder).map(|()| written));
    let _ = fs::remove_dir_all(&partial);
    written.map_err(|error| error.renamed(&partial, folder))
}

/// Calls `write` with a temporary folder for `path` and the files beside it, and moves them to the folder of `path`
/// when all are complete, `path` last.
pub(crate) fn write_together<T>(path: &Path, write: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
    let (parent, name) = (path.parent().unwrap_or(Path::new("")), path.file_name().unwrap_or_default());
    let partial = parent.join(hidden(name));
    let _ = fs::remove_dir_all(&partial);
    fs::create_dir(&partial).map_err(Error::io(path))?;
    let result = write(&partial.join(name)).and_then(|written| {
        let last = partial.join(name);
        move_files_but(&partial, parent, &last)?;
        fs::rename(&last, path).map_err(Error::io(path)).map(|()| written)
    });
    let _ = fs::remove_dir_all(&partial);
    result.map_err(|error| error.renamed(&partial, parent))
}

fn hidden(name: &OsStr) -> OsString {
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(".partial");
    hidden
}

fn move_files(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).map_err(Error::io(to))?;
    move_files_but(from, to, Path::new(""))
}

fn move_files_but(from: &Path, to: &Path, staying: &Path) -> Result<()> {
    for entry in fs::read_dir(from).map_err(Error::io(from))? {
        let entry = entry.map_err(Error::io(from))?;
        if entry.path() != staying {
            let path = to.join(entry.file_name());
            fs::rename(entry.path(), &path).map_err(Error::io(&path))?;
        }
    }
    Ok(())
}
