//! How the world outside gets a word in while a sounding is sampled.

use std::ops::ControlFlow;

/// Called again and again while a sounding is sampled; `Break` ends the work at once. It may do as it likes: neither the
/// random numbers nor the result know of it.
pub type Pulse<'a> = dyn FnMut() -> ControlFlow<()> + 'a;

/// Iterations of a chain between pulses: whoever computes must answer others and notice a stop within a fraction of a
/// millisecond, and an iteration takes some 10 microseconds.
pub const PULSE_EVERY: usize = 4;
