//! The directory of the results.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::existing::{Existing, Only, take_over};
use super::plan::Plan;
use crate::error::{Error, Result};
use crate::schema::{ASKED_AGAIN, Layout, LinePlaces, LineReader, Status, create_line, fields, line_files, line_path};

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

    /// Removes all results, or makes sure that the run of `plan` can continue them.
    pub(super) fn prepare(&self, plan: &Plan, existing: &Existing, notes: &mut Vec<String>) -> Result<()> {
        match existing {
            Existing::Continue(_) => take_over(&self.directory, plan, notes),
            Existing::Remove => {
                let files = line_files(&self.directory)?;
                files.iter().try_for_each(|path| std::fs::remove_file(path).map_err(Error::io(path)))
            }
        }
    }

    /// Opens or creates the file of each line with a chosen sounding, and lists the chosen soundings that are to be
    /// inverted: those that are not finished, or that had one of the outcomes `only`, if there are any. `chosen` has one
    /// entry for each sounding of the survey.
    pub(super) fn lines(&self, plan: &Plan, chosen: &[bool], only: &[Only]) -> Result<Lines> {
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
                if !only.is_empty() {
                    continue;
                }
                create_line(&path, &plan.run, &layout, &plan.survey.read(line)?)?;
            }
            let reader = LineReader::open(&path)?;
            let line_places = LinePlaces::read(&reader, &layout)?;
            if only.is_empty() {
                line_places.note_asked_for(&layout, chosen)?;
            }
            places.push(line_places);
            for (&is_chosen, is_pending) in chosen.iter().zip(pending_of(&reader, only)?) {
                if is_chosen && is_pending {
                    pending.push(number);
                }
                number += 1;
            }
        }
        if places.is_empty() && !only.is_empty() {
            let message = "has no results of the chosen soundings yet: leave --only out";
            return Err(Error::results(&self.directory, message));
        }
        Ok(Lines { places, pending })
    }
}

/// Returns for each sounding of a line whether it is to be inverted. A result that cannot change is not computed again.
fn pending_of(line: &LineReader, only: &[Only]) -> Result<Vec<bool>> {
    let asked_for = line.read_values(&fields::ASKED_FOR)?.to_f64();
    let warnings = line.read_values(&fields::STATUS_WARNINGS)?.to_f64();
    let is_pending = |(sounding, &status): (usize, &Status)| {
        if only.is_empty() {
            return status == Status::NotRun || asked_for[sounding] == f64::from(ASKED_AGAIN);
        }
        let may_change = asked_for[sounding] == f64::from(ASKED_AGAIN) || status == Status::Failed;
        may_change && only.iter().any(|only| only.has(status, warnings[sounding] as i32))
    };
    Ok(line.statuses()?.iter().enumerate().map(is_pending).collect())
}
