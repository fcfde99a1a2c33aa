//! The worker threads of one process: each takes a sounding, computes it and reports it.

use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use super::stop::Stop;
use crate::error::{Error, Result};

/// A function that a computation calls between its steps. It handles messages and says whether to continue or to stop.
pub type TaskCallback<'a> = dyn FnMut() -> ControlFlow<()> + 'a;

/// Computes the sounding with a number and stores the result; returns `None` when the callback said to stop.
pub type Work<'a> = dyn Fn(u32, &mut TaskCallback) -> Result<Option<Done>> + Sync + 'a;

/// The outcome of a finished sounding.
#[derive(Debug, Clone, Default)]
pub struct Done {
    /// True when the sounding could not be inverted; this is a result as well.
    pub failed: bool,
    /// A message for the user.
    pub note: Option<String>,
}

/// A finished sounding.
#[derive(Debug, Clone)]
pub(super) struct Finished {
    pub(super) task: u32,
    pub(super) seconds: f64,
    pub(super) done: Done,
}

/// Where the threads of a process get their soundings and report them.
pub(super) trait TaskSource: Sync {
    /// Returns a sounding to begin now, if there is one.
    fn take(&self) -> Option<u32>;

    /// Returns whether no more soundings will come.
    fn is_exhausted(&self) -> bool;

    /// Records a finished sounding.
    fn finish(&self, finished: Finished);
}

/// Sleep of an idle thread: short compared with a sounding's seconds, and long enough to leave its core to other
/// processes.
const IDLE: Duration = Duration::from_millis(1);

/// Works with `threads` threads. The calling thread is one of them and also calls `poll` every `poll_every` until
/// `poll` returns false. When `stop` is set, `poll` must return false in the end.
pub(super) fn compute(
    tasks: &dyn TaskSource,
    threads: usize,
    stop: &Stop,
    work: &Work,
    poll_every: Duration,
    poll: &mut dyn FnMut() -> bool,
) {
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| {
                while !stop.is_set() && !tasks.is_exhausted() {
                    work_or_rest(tasks, stop, work, &mut || stop.flow());
                }
            });
        }
        let mut last = Instant::now();
        let mut present = poll();
        while present {
            work_or_rest(tasks, stop, work, &mut || {
                // After the last message there is nothing to poll for, but soundings in progress are finished.
                if present && last.elapsed() >= poll_every {
                    present = poll();
                    last = Instant::now();
                }
                stop.flow()
            });
            present = present && poll();
        }
    });
}

/// Computes the next sounding, or waits a moment when there is none.
fn work_or_rest(tasks: &dyn TaskSource, stop: &Stop, work: &Work, callback: &mut TaskCallback) {
    let Some(task) = Some(()).filter(|()| !stop.is_set()).and_then(|()| tasks.take()) else {
        std::thread::sleep(IDLE);
        return;
    };
    let started = Instant::now();
    // The other threads would wait for ever for a thread that panicked with its sounding.
    let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| work(task, callback)))
        .unwrap_or_else(|_| Err(Error::Internal("a thread stopped with an internal error".into())));
    match outcome {
        Ok(Some(done)) => tasks.finish(Finished { task, seconds: started.elapsed().as_secs_f64(), done }),
        Ok(None) => {}
        Err(error) => stop.fail(error),
    }
}
