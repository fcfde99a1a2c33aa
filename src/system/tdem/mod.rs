//! Time-domain systems: one transmitter waveform, its gates and the block files that describe them.

mod block;
mod gates;
mod grammar;
mod instrument;
mod moment;
mod parse;
mod reading;
mod waveform;

pub use instrument::{MeasuredField, TdemChannel, TdemInstrument};
pub use moment::{Gate, GateWeighting, LowPassFilter, Normalisation, Output, TdemSystem, Waveform, WaveformKind};
