//! Many result files, few of them open.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use crate::error::{Error, Result};
use crate::schema::{LineReader, line_files};

/// Files that are kept open: systems allow a process some hundreds, and surveys have thousands of lines.
const OPEN_FILES: usize = 16;

/// Result files, known by their numbers.
#[derive(Debug)]
pub(super) struct Files {
    paths: Vec<PathBuf>,
    /// The files used last, newest first.
    open: Mutex<Vec<(usize, Arc<LineReader>)>>,
}

impl Files {
    /// Files as they are, and all line files of folders.
    ///
    /// # Errors
    /// A folder has none, or nothing was named.
    pub(super) fn find(results: &[PathBuf]) -> Result<Self> {
        let mut paths = Vec::new();
        for path in results {
            if path.is_dir() {
                let lines = line_files(path)?;
                if lines.is_empty() {
                    return Err(Error::results(path, "has no result file (line_*.h5)"));
                }
                paths.extend(lines);
            } else {
                paths.push(path.clone());
            }
        }
        if paths.is_empty() {
            return Err(Error::Config("no results were given: name folders or files of results".to_owned()));
        }
        Ok(Self { paths, open: Mutex::new(Vec::new()) })
    }

    /// Number of files.
    pub(super) fn len(&self) -> usize {
        self.paths.len()
    }

    /// A file, opened if it is not open.
    ///
    /// # Errors
    /// It cannot be opened.
    pub(super) fn get(&self, file: usize) -> Result<Arc<LineReader>> {
        let mut open = self.open.lock().expect("nobody panics while holding this");
        let reader = match open.iter().position(|&(number, _)| number == file) {
            Some(place) => open.remove(place).1,
            None => Arc::new(LineReader::open(&self.paths[file])?),
        };
        open.insert(0, (file, Arc::clone(&reader)));
        open.truncate(OPEN_FILES);
        Ok(reader)
    }
}
