//! Observers of a run, and the journal that is written meanwhile.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::journal::{Journal, RunState};
use crate::error::Error;
use crate::parallel::{RunProgress, Slowest, Watch};

/// Receives the progress of a run. `()` ignores it.
pub trait Observer {
    /// Receives the progress, a few times a second. With several ranks, `slowest` describes the rank that has been busy
    /// longest with one sounding.
    fn update(&mut self, progress: RunProgress, slowest: &dyn Fn() -> Option<String>) {
        let _ = (progress, slowest);
    }

    /// Receives a message of `rank` about a sounding.
    fn note(&mut self, rank: usize, text: &str) {
        let _ = (rank, text);
    }

    /// Receives the error when the journal could not be written; the run continues.
    fn warning(&mut self, error: &Error) {
        let _ = error;
    }
}

impl Observer for () {}

/// Time between entries in the journal.
const ENTRY_INTERVAL: Duration = Duration::from_secs(2);

/// Writes the journal of a run and informs its observer.
pub(super) struct Keeper<'a> {
    journal: Journal,
    directory: PathBuf,
    last_entry: Instant,
    /// Returns the name of a sounding from its number.
    name: &'a dyn Fn(u32) -> String,
    observer: &'a mut dyn Observer,
}

impl<'a> Keeper<'a> {
    /// Begins the `journal` below `directory`.
    pub(super) fn new(
        journal: Journal,
        directory: &Path,
        name: &'a dyn Fn(u32) -> String,
        observer: &'a mut dyn Observer,
    ) -> Self {
        let directory = directory.to_path_buf();
        let mut keeper = Self { journal, directory, last_entry: Instant::now(), name, observer };
        keeper.write();
        keeper
    }

    /// Makes the last entry.
    pub(super) fn finish(mut self, state: RunState) -> RunProgress {
        self.journal.state = state;
        self.write();
        RunProgress { total: self.journal.total, done: self.journal.done, failed: self.journal.failed }
    }

    /// A run continues if its journal cannot be written. A run without soundings keeps the journal of the previous run.
    fn write(&mut self) {
        if self.journal.total > 0
            && let Err(error) = self.journal.write(&self.directory)
        {
            self.observer.warning(&error);
        }
    }
}

impl Watch for Keeper<'_> {
    fn update(&mut self, progress: RunProgress, slowest: Option<Slowest>) {
        self.journal.done = progress.done;
        self.journal.failed = progress.failed;
        // With one process there is nothing to compare.
        let slowest = slowest.filter(|_| self.journal.ranks > 1);
        let name = self.name;
        let slowest =
            || slowest.map(|slow| format!("rank {} ({:.0} s at {})", slow.rank, slow.seconds, name(slow.task)));
        self.observer.update(progress, &slowest);
        if self.last_entry.elapsed() >= ENTRY_INTERVAL {
            self.last_entry = Instant::now();
            self.journal.slowest = slowest();
            self.write();
        }
    }

    fn note(&mut self, rank: usize, text: &str) {
        self.observer.note(rank, text);
    }
}
