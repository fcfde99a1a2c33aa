//! The directory of the results.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::plan::Plan;
use crate::error::{Error, Result};
use crate::results::differences;
use crate::schema::{Layout, LinePlaces, LineReader, Status, create_line, line_files, line_path};

/// The output directory, locked against other runs.
pub(super) struct Output {
    directory: PathBuf,
    _lock: File,
}

/// The line files of a run, and the numbers of the unfinished soundings across these lines.
pub(super) struct Lines {
    pub(super) places: Vec<LinePlaces>,
    pub(super) pending: Vec<u32>,
}

impl Output {
    /// Opens the directory, and creates it if necessary.
    ///
    /// # Errors
    ///
    /// Another run is writing to it.
    pub(super) fn open(directory: &Path) -> Result<Self> {
        std::fs::create_dir_all(directory).map_err(Error::io(directory))?;
        let lock = File::open(directory).map_err(Error::io(directory))?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => {
                Err(Error::results(directory, "another geobipy invert is writing to it; see geobipy status"))
            }
            // Some file systems have no locks. Two runs would do the same work, with the same result.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Self { directory: directory.to_path_buf(), _lock: lock }),
        }
    }

    /// Returns the path of the directory.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Refuses results of a run other than that of `plan`; with `overwrite`, removes all results.
    pub(super) fn prepare(&self, plan: &Plan, overwrite: bool) -> Result<()> {
        for path in line_files(&self.directory)? {
            if overwrite {
                std::fs::remove_file(&path).map_err(Error::io(&path))?;
            } else if let Some(what) = differences(&LineReader::open(&path)?, &plan.run)? {
                let message = format!(
                    "holds results of another run ({what}); nothing was changed: give another output directory, or \
                     --overwrite to start anew"
                );
                return Err(Error::results(&path, message));
            }
        }
        Ok(())
    }

    /// Opens or creates the file of each line with a chosen sounding, and lists the chosen soundings that are not
    /// finished. `chosen` has one entry for each sounding of the survey.
    pub(super) fn lines(&self, plan: &Plan, chosen: &[bool]) -> Result<Lines> {
        let mut places = Vec::new();
        let mut pending = Vec::new();
        let mut number = 0;
        let mut rest = chosen;
        for line in plan.survey.places().chunk_by(|a, b| a.line_number == b.line_number) {
            let (chosen, others) = rest.split_at(line.len());
            rest = others;
            if !chosen.contains(&true) {
                continue;
            }
            let layout = Layout::new(&plan.run, &plan.grids, line.len());
            let path = line_path(&self.directory, line[0].line_number);
            if !path.exists() {
                create_line(&path, &plan.run, &layout, &plan.survey.read(line)?)?;
            }
            let reader = LineReader::open(&path)?;
            let line_places = LinePlaces::read(&reader, &layout)?;
            line_places.note_asked_for(&layout, chosen)?;
            places.push(line_places);
            for (&is_chosen, &status) in chosen.iter().zip(reader.statuses()?) {
                if is_chosen && status == Status::NotRun {
                    pending.push(number);
                }
                number += 1;
            }
        }
        Ok(Lines { places, pending })
    }
}
