//! The threads of one process at work: each takes a sounding, computes it, reports.

use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use super::stop::Stop;
use crate::error::{Error, Result};

/// Called by a computation between its steps: time for messages, and the word to go on or to stop.
pub type Pulse<'a> = dyn FnMut() -> ControlFlow<()> + 'a;

/// Computes the sounding of a number and stores the result; `None` when the pulse said to stop.
pub type Work<'a> = dyn Fn(u32, &mut Pulse) -> Result<Option<Done>> + Sync + 'a;

/// What there is to say of a finished sounding.
#[derive(Debug, Clone, Default)]
pub struct Done {
    /// It could not be inverted; that is its result.
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
pub(super) trait Desk: Sync {
    /// A sounding to begin now, if there is one.
    fn take(&self) -> Option<u32>;

    /// Whether none will come any more.
    fn is_exhausted(&self) -> bool;

    /// Takes note of a finished one.
    fn finish(&self, finished: Finished);
}

/// How long an idle thread sleeps: nothing beside a sounding's seconds, and gentle to other processes on its core.
const IDLE: Duration = Duration::from_millis(1);

/// Works with `threads` threads, this one included, which also calls `attend` every `attend_every` until that returns
/// false. `attend` must do so in the end when `stop` is set.
pub(super) fn compute(
    desk: &dyn Desk,
    threads: usize,
    stop: &Stop,
    work: &Work,
    attend_every: Duration,
    attend: &mut dyn FnMut() -> bool,
) {
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| {
                while !stop.is_set() && !desk.is_exhausted() {
                    work_or_rest(desk, stop, work, &mut || stop.flow());
                }
            });
        }
        let mut last = Instant::now();
        let mut present = attend();
        while present {
            work_or_rest(desk, stop, work, &mut || {
                // After the last word there is nothing to attend to, but what was begun goes on.
                if present && last.elapsed() >= attend_every {
                    present = attend();
                    last = Instant::now();
                }
                stop.flow()
            });
            present = present && attend();
        }
    });
}

/// Computes the next sounding, or waits a moment where there is none.
fn work_or_rest(desk: &dyn Desk, stop: &Stop, work: &Work, pulse: &mut Pulse) {
    let Some(task) = Some(()).filter(|()| !stop.is_set()).and_then(|()| desk.take()) else {
        std::thread::sleep(IDLE);
        return;
    };
    let started = Instant::now();
    // A thread that vanished with its sounding would leave the others waiting for ever.
    let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| work(task, pulse)))
        .unwrap_or_else(|_| Err(Error::Internal("a thread stopped with an internal error".into())));
    match outcome {
        Ok(Some(done)) => desk.finish(Finished { task, seconds: started.elapsed().as_secs_f64(), done }),
        Ok(None) => {}
        Err(error) => stop.fail(error),
    }
}
