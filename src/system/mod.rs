//! Instruments and the files that describe them.

mod any;
mod fdem;
mod geometry;
mod tdem;

pub use any::System;
pub use fdem::{Axis, CoilPair, FdemSystem};
pub use geometry::{Geometry, GeometryParameter};
pub use tdem::{
    Field, Gate, GateWeighting, LowPassFilter, Normalisation, Output, TdemChannel, TdemInstrument, TdemSystem,
    Waveform, WaveformKind,
};
