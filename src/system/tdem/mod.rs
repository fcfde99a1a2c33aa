//! Time-domain systems: one transmitter waveform, its gates and the block files that describe them.

mod block;
mod gates;
mod grammar;
mod instrument;
mod parse;
mod reading;
mod waveform;

use serde::{Deserialize, Serialize};

pub use instrument::{MeasuredField, TdemChannel, TdemInstrument};

use super::fdem::Axis;
use super::geometry::Geometry;

/// A time-domain system, or one moment of it, as one `.stm` file describes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TdemSystem {
    /// `Name` in the file, or the file's name without extension.
    pub name: String,
    /// Turns of the transmitter loop.
    pub turn_count: f64,
    /// Largest current in A; waveforms are relative to it.
    pub peak_current_a: f64,
    /// Area of one turn in m^2.
    pub loop_area_m2: f64,
    /// Repetitions of the waveform per second. The second half of each repetition is the first half with opposite sign.
    pub base_frequency_hz: f64,
    /// The waveform of the transmitter.
    pub waveform: Waveform,
    /// Samples per second that GA-AEM would take of the waveform. The digitised mode uses it; it also gives the length
    /// of the ramp where the waveform jumps at the end of a half period.
    pub digitising_frequency_hz: f64,
    /// The gates, with the time shift added.
    pub gates: Vec<Gate>,
    /// How a gate weighs the times within it.
    pub gate_weighting: GateWeighting,
    /// The receiver's filters.
    pub low_pass_filters: Vec<LowPassFilter>,
    /// Radius of the transmitter loop in m; 0 for a dipole.
    pub loop_radius_m: f64,
    /// The quantity that is measured.
    pub output: Output,
    /// Factors of the data for the components x, y, z; 0 for a component that is not measured.
    pub output_scaling: [f64; 3],
    /// Whether and how data are relative to the primary field.
    pub normalisation: Normalisation,
    /// Geometry of the primary field to which data are relative.
    pub reference_geometry: Geometry,
    /// Frequencies per decade of GA-AEM's spline; only the digitised mode uses it.
    pub frequencies_per_decade: usize,
    /// Nodes of GA-AEM's Hankel integrals; only the digitised mode uses it.
    pub abscissa_count: usize,
    /// The file's text, which is stored with the results.
    pub source_text: String,
    /// Messages about the parts of the file that have no effect.
    pub warnings: Vec<String>,
}

impl TdemSystem {
    /// Returns the measured components in order of the data.
    pub fn components(&self) -> Vec<Axis> {
        [Axis::X, Axis::Y, Axis::Z].into_iter().filter(|axis| self.output_scaling[*axis as usize] != 0.0).collect()
    }

    /// Returns the moment of the transmitter at peak current in A m^2.
    pub fn peak_moment(&self) -> f64 {
        self.turn_count * self.peak_current_a * self.loop_area_m2
    }

    /// Returns half of the waveform's period in s.
    pub fn half_period_s(&self) -> f64 {
        0.5 / self.base_frequency_hz
    }
}

/// A waveform over at least half a period, with straight lines between its points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waveform {
    /// The quantity of the values.
    pub kind: WaveformKind,
    /// Times in s, increasing.
    pub time_s: Vec<f64>,
    /// Values, 1 at the largest current (or at the largest field received).
    pub value: Vec<f64>,
}

/// The quantity that was recorded as a waveform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WaveformKind {
    /// The transmitter current.
    Current,
    /// The rate of change of the primary field as a receiver records it.
    Received,
}

/// Start and end of a gate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// Start of the gate in s.
    pub start_s: f64,
    /// End of the gate in s.
    pub end_s: f64,
}

impl Gate {
    /// Returns the middle of the gate in s.
    pub fn center_s(&self) -> f64 {
        0.5 * (self.start_s + self.end_s)
    }
}

/// How a gate weighs the times within it; all weights sum to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum GateWeighting {
    /// Equal weights. For sampled waveforms: the mean of the samples in the gate.
    Boxcar,
    /// Equal weights. For sampled waveforms: the area under the straight lines between samples.
    AreaUnderCurve,
    /// Weights that rise over one gate width before the gate, are constant in it and fall over one gate width after it.
    LinearTaper,
}

/// A low-pass filter of the receiver: 1 / (1 + i f/f_c)^order.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LowPassFilter {
    /// Corner frequency in Hz.
    pub cutoff_hz: f64,
    /// Order of the filter.
    pub order: u32,
}

/// The quantity that the receiver measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Output {
    /// The magnetic field.
    B,
    /// The rate of change of the magnetic field.
    DbDt,
}

/// The reference of relative data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Normalisation {
    /// Data are not relative.
    None,
    /// Data are in millionths of the component's primary field.
    Ppm,
    /// Data are in millionths of twice the component's primary field.
    PpmPeakToPeak,
}
