//! Who hears how a run goes, and the journal that is kept meanwhile.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::journal::{Journal, State};
use crate::error::Error;
use crate::parallel::{Slowest, Standing, Watch};

/// Hears how a run goes. `()` hears nothing.
pub trait Observer {
    /// How far the run is, a few times a second. `slowest` says, with several ranks, which of them has been busy longest with
    /// one sounding.
    fn news(&mut self, standing: Standing, slowest: &dyn Fn() -> Option<String>) {
        let _ = (standing, slowest);
    }

    /// What `rank` has to say about a sounding.
    fn note(&mut self, rank: usize, text: &str) {
        let _ = (rank, text);
    }

    /// The journal could not be written; the run goes on.
    fn warning(&mut self, error: &Error) {
        let _ = error;
    }
}

impl Observer for () {}

/// Time between entries in the journal.
const ENTRY_INTERVAL: Duration = Duration::from_secs(2);

/// Keeps the journal of a run while an observer hears of it.
pub(super) struct Keeper<'a> {
    journal: Journal,
    directory: PathBuf,
    last_entry: Instant,
    /// The name of a sounding by its number.
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
    pub(super) fn finish(mut self, state: State) -> Standing {
        self.journal.state = state;
        self.write();
        Standing { total: self.journal.total, done: self.journal.done, failed: self.journal.failed }
    }

    /// A run does not end because it cannot tell how far it is. One without soundings leaves the journal of the run before.
    fn write(&mut self) {
        if self.journal.total > 0
            && let Err(error) = self.journal.write(&self.directory)
        {
            self.observer.warning(&error);
        }
    }
}

impl Watch for Keeper<'_> {
    fn news(&mut self, standing: Standing, slowest: Option<Slowest>) {
        self.journal.done = standing.done;
        self.journal.failed = standing.failed;
        // With one process there is nothing to compare.
        let slowest = slowest.filter(|_| self.journal.ranks > 1);
        let name = self.name;
        let slowest =
            || slowest.map(|slow| format!("rank {} ({:.0} s at {})", slow.rank, slow.seconds, name(slow.task)));
        self.observer.news(standing, &slowest);
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
