//! Time-domain systems: one transmitter waveform, its gates and the block files that describe them.

mod block;
mod current;
mod gates;
mod grammar;
mod instrument;
mod limits;
mod moment;
mod parse;
mod reading;
mod waveform;

pub(super) use block::{Block, Key, numbers as words_of_numbers, read as read_blocks};
pub use current::CurrentInGate;
pub use instrument::{MeasuredField, TdemChannel, TdemInstrument};
pub use limits::time_between;
pub use moment::{Gate, GateWeighting, LowPassFilter, Normalisation, Output, TdemSystem, Waveform, WaveformKind};
