//! Early end of a run.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crate::error::Error;

/// Whether and why the threads of a process must stop at once; unfinished soundings are lost.
#[derive(Debug, Default)]
pub struct Stop {
    /// Set from outside, by a signal.
    signalled: Arc<AtomicBool>,
    halted: AtomicBool,
    /// The first error of any thread.
    error: Mutex<Option<Error>>,
}

impl Stop {
    /// Makes a stop that is set as soon as `signalled` is.
    pub fn new(signalled: Arc<AtomicBool>) -> Self {
        Self { signalled, halted: AtomicBool::new(false), error: Mutex::new(None) }
    }

    /// Returns whether to stop.
    pub fn is_set(&self) -> bool {
        self.halted.load(Ordering::Relaxed) || self.signalled.load(Ordering::Relaxed)
    }

    /// Returns `Break` when the run must stop, for a computation that asks between two steps.
    pub fn flow(&self) -> ControlFlow<()> {
        if self.is_set() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Stops without an error.
    pub(super) fn halt(&self) {
        self.halted.store(true, Ordering::Relaxed);
    }

    /// Stops because of `error`; when there are several errors, the first is kept.
    pub(super) fn fail(&self, error: Error) {
        self.lock().get_or_insert(error);
        self.halt();
    }

    /// Returns the error that stopped the run.
    pub(super) fn take_error(&self) -> Option<Error> {
        self.lock().take()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Error>> {
        self.error.lock().expect("nobody panics while holding this")
    }
}
