//! The process that keeps the book, and all cores of one machine.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::crew::{Desk, Finished, Work, compute};
use super::handout::Handout;
use super::stop::Stop;
use super::watch::{Ending, Watch};
use crate::error::Result;

/// The desk of the process that keeps the book: rank 0, or the only one.
pub(super) struct HeadDesk {
    handout: Mutex<Handout>,
    notes: Mutex<Vec<String>>,
    started: Instant,
}

impl HeadDesk {
    pub(super) fn new(handout: Handout) -> Self {
        Self { handout: Mutex::new(handout), notes: Mutex::new(Vec::new()), started: Instant::now() }
    }

    /// Looks into the book or writes into it, at seconds after the start.
    pub(super) fn with<T>(&self, look: impl FnOnce(&mut Handout, f64) -> T) -> T {
        let now_s = self.started.elapsed().as_secs_f64();
        look(&mut self.handout.lock().expect("nobody panics while holding this"), now_s)
    }

    /// Tells what there is to tell.
    pub(super) fn report(&self, watch: &mut dyn Watch) {
        let notes = std::mem::take(&mut *self.notes.lock().expect("nobody panics while holding this"));
        notes.iter().for_each(|note| watch.note(0, note));
        let (standing, slowest) = self.with(|handout, now_s| (handout.standing(), handout.slowest(now_s)));
        watch.news(standing, slowest);
    }

    /// How the run ended.
    pub(super) fn ending(&self, stop: &Stop) -> Result<Ending> {
        match stop.take_error() {
            Some(error) => Err(error),
            None if self.with(|handout, _| handout.is_over()) => Ok(Ending::Complete),
            None => Ok(Ending::Interrupted),
        }
    }
}

impl Desk for HeadDesk {
    fn take(&self) -> Option<u32> {
        self.with(|handout, now_s| handout.take(0, now_s))
    }

    fn is_exhausted(&self) -> bool {
        self.with(|handout, _| handout.is_exhausted())
    }

    fn finish(&self, finished: Finished) {
        let Finished { task, seconds, done } = finished;
        self.with(|handout, now_s| handout.finish(0, task, seconds, done.failed, now_s));
        if let Some(note) = done.note {
            self.notes.lock().expect("nobody panics while holding this").push(note);
        }
    }
}

/// Between two reports of how far a run is.
pub(super) const NEWS_EVERY: Duration = Duration::from_millis(250);

/// Number of threads to work with: `threads`, or where that is 0 one per core.
pub fn thread_count(threads: usize) -> usize {
    if threads > 0 { threads } else { std::thread::available_parallelism().map_or(1, usize::from) }
}

/// Computes the soundings numbered `tasks` on `threads` threads.
///
/// # Errors
/// The first error of `work`; it stops everything.
pub fn run_on_threads(
    tasks: Vec<u32>,
    threads: usize,
    stop: &Stop,
    work: &Work,
    watch: &mut dyn Watch,
) -> Result<Ending> {
    let desk = HeadDesk::new(Handout::new(tasks, 1, threads));
    compute(&desk, threads, stop, work, NEWS_EVERY, &mut || {
        desk.report(watch);
        !stop.is_set() && !desk.with(|handout, _| handout.is_over())
    });
    desk.report(watch);
    desk.ending(stop)
}
