//! A file that has a temporary name until it is complete.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

#[cfg(feature = "results")]
use crate::error::{Error, Result};

/// A file that is written under a temporary name in the same folder, because files cannot be renamed across file systems. The
/// temporary file is removed when this value is dropped before the file has its own name.
#[derive(Debug)]
pub(crate) struct Whole {
    path: PathBuf,
    partial: PathBuf,
}

impl Whole {
    /// Prepares to write `path`, which may exist. The temporary file of a program that was killed is overwritten.
    #[cfg(feature = "results")]
    pub(crate) fn beside(path: &Path) -> Self {
        Self { path: path.to_path_buf(), partial: hidden(path, "partial") }
    }

    /// Prepares like [`Self::beside`], with a temporary name of this process. Several processes may write the file at the same
    /// time; the last one to finish wins.
    pub(crate) fn of_process(path: &Path) -> Self {
        Self { path: path.to_path_buf(), partial: hidden(path, &format!("{}.partial", std::process::id())) }
    }

    /// Returns the temporary path.
    pub(crate) fn partial(&self) -> &Path {
        &self.partial
    }

    /// Renames the file after all of it is on the disk.
    pub(crate) fn finish(self) -> io::Result<()> {
        File::open(&self.partial)?.sync_all()?;
        self.finish_unsynced()
    }

    /// Renames the file without waiting for the disk, for files that are replaced often. After a failure of the machine the file
    /// may be empty.
    pub(crate) fn finish_unsynced(self) -> io::Result<()> {
        fs::rename(&self.partial, &self.path)
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        // Without an error the temporary file no longer exists. The first error is reported; an error while cleaning up is not.
        let _ = fs::remove_file(&self.partial);
    }
}

/// A hidden name in the folder of `path`, with its extension, at which drivers look.
fn hidden(path: &Path, what: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_stem().unwrap_or_default());
    name.push(format!(".{what}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

/// Calls `write` for the file `path`; errors name `path`.
///
/// # Errors
/// Those of `write`, and that the file cannot be written.
#[cfg(feature = "results")]
pub(crate) fn write_whole<T>(path: &Path, write: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
    let whole = Whole::beside(path);
    // Create the file first: messages of libraries do not contain the operating system's reason.
    File::create(whole.partial()).and_then(|_| fs::remove_file(whole.partial())).map_err(Error::io(path))?;
    let written = write(whole.partial()).map_err(|error| error.renamed(whole.partial(), path))?;
    whole.finish().map_err(Error::io(path))?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Would catch: a file under its name before it is whole, or a leftover of one that never was.
    #[test]
    fn files_appear_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.b.csv");
        let names = || fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
        let whole = Whole::of_process(&path);
        fs::write(whole.partial(), "text").unwrap();
        assert!(names()[0].to_string_lossy().starts_with(".a.b.") && names()[0].to_string_lossy().ends_with(".csv"));
        drop(whole);
        assert!(names().is_empty());
        let whole = Whole::of_process(&path);
        fs::write(whole.partial(), "text").unwrap();
        whole.finish().unwrap();
        assert_eq!(names(), ["a.b.csv"]);
    }
}
