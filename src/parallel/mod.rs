//! Who computes which sounding.

mod threads;

pub use threads::for_each_on_threads;
