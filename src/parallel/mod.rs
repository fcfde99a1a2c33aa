//! Who computes which sounding.

mod handout;
mod schedule;
mod threads;

pub use handout::{Handout, Slowest, Standing};
pub use threads::for_each_on_threads;
