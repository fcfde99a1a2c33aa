//! Callback with which a caller does other work or cancels sampling.

use std::ops::ControlFlow;

/// A function that is called again and again while a sounding is sampled; `Break` ends the work at once. It may do
/// anything: neither the random numbers nor the result depend on it.
pub type Callback<'a> = dyn FnMut() -> ControlFlow<()> + 'a;

/// Iterations of a chain between two calls. A rank must answer messages and notice a stop within a fraction of a
/// millisecond, and an iteration takes about 10 microseconds.
pub const CALLBACK_EVERY: usize = 4;
