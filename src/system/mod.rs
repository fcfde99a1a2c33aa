//! Instruments and the files that describe them.

mod fdem;

pub use fdem::{Axis, CoilPair, FdemSystem};
