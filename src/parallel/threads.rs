//! The process that has the work queue, and the threads of one machine.

use super::workers::{Finished, TaskSource, Work, compute};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::queue::WorkQueue;
use super::stop::Stop;
use super::watch::{Ending, Watch};
use crate::error::Result;

/// Task source of the process that has the work queue: rank 0, or the only process.
pub(super) struct LeaderTasks {
    queue: Mutex<WorkQueue>,
    notes: Mutex<Vec<String>>,
    started: Instant,
}

impl LeaderTasks {
    pub(super) fn new(queue: WorkQueue) -> Self {
        Self { queue: Mutex::new(queue), notes: Mutex::new(Vec::new()), started: Instant::now() }
    }

    /// Calls `look` with the work queue and the seconds since the start.
    pub(super) fn with<T>(&self, look: impl FnOnce(&mut WorkQueue, f64) -> T) -> T {
        let now_s = self.started.elapsed().as_secs_f64();
        look(&mut self.queue.lock().expect("nobody panics while holding this"), now_s)
    }

    /// Reports progress and notes.
    pub(super) fn report(&self, watch: &mut dyn Watch) {
        let notes = std::mem::take(&mut *self.notes.lock().expect("nobody panics while holding this"));
        notes.iter().for_each(|note| watch.note(0, note));
        let (progress, slowest) = self.with(|queue, now_s| (queue.progress(), queue.slowest(now_s)));
        watch.update(progress, slowest);
    }

    /// Returns how the run ended.
    pub(super) fn ending(&self, stop: &Stop) -> Result<Ending> {
        match stop.take_error() {
            Some(error) => Err(error),
            None if self.with(|queue, _| queue.is_over()) => Ok(Ending::Complete),
            None => Ok(Ending::Interrupted),
        }
    }
}

impl TaskSource for LeaderTasks {
    fn take(&self) -> Option<u32> {
        self.with(|queue, now_s| queue.take(0, now_s))
    }

    fn is_exhausted(&self) -> bool {
        self.with(|queue, _| queue.is_exhausted())
    }

    fn finish(&self, finished: Finished) {
        let Finished { task, seconds, done } = finished;
        self.with(|queue, now_s| queue.finish(0, task, seconds, done.failed, now_s));
        if let Some(note) = done.note {
            self.notes.lock().expect("nobody panics while holding this").push(note);
        }
    }
}

/// Time between two reports of progress.
pub(super) const REPORT_EVERY: Duration = Duration::from_millis(250);

/// Returns the number of threads: `threads`, or one per core when it is 0.
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
    let tasks = LeaderTasks::new(WorkQueue::new(tasks, 1, threads));
    compute(&tasks, threads, stop, work, REPORT_EVERY, &mut || {
        tasks.report(watch);
        !stop.is_set() && !tasks.with(|queue, _| queue.is_over())
    });
    tasks.report(watch);
    tasks.ending(stop)
}
