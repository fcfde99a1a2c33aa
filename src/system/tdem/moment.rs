//! One moment: a waveform and the gates that follow it.

use serde::{Deserialize, Serialize};

use crate::system::fdem::Axis;
use crate::system::geometry::Geometry;

/// A time-domain system, or one moment of it: what one `.stm` file describes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TdemSystem {
    /// `Name` of the file, else the file's name without extension.
    pub name: String,
    /// Turns of the transmitter loop.
    pub turn_count: f64,
    /// Largest current in A; waveforms are relative to it.
    pub peak_current_a: f64,
    /// Area of one turn in m^2.
    pub loop_area_m2: f64,
    /// Repetitions of the waveform per second; the second half of each is the first with opposite sign.
    pub base_frequency_hz: f64,
    /// What the transmitter does.
    pub waveform: Waveform,
    /// Samples per second that GA-AEM would take of the waveform: for the digitised mode, and as the length of a ramp where
    /// the waveform jumps at the end of a half period.
    pub digitising_frequency_hz: f64,
    /// The gates, time shift included.
    pub gates: Vec<Gate>,
    /// How a gate weighs the times within it.
    pub gate_weighting: GateWeighting,
    /// The receiver's filters.
    pub low_pass_filters: Vec<LowPassFilter>,
    /// Radius of the transmitter loop in m; 0 for a dipole.
    pub loop_radius_m: f64,
    /// What is measured.
    pub output: Output,
    /// Factor of the data of each component x, y, z; 0 when it is not measured.
    pub output_scaling: [f64; 3],
    /// Whether data are relative to the primary field.
    pub normalisation: Normalisation,
    /// Geometry of the primary field that data are relative to.
    pub reference_geometry: Geometry,
    /// Frequencies per decade of GA-AEM's spline; only the digitised mode uses it.
    pub frequencies_per_decade: usize,
    /// Nodes of GA-AEM's Hankel integrals; only the digitised mode uses it.
    pub abscissa_count: usize,
    /// The file's text, kept with the results.
    pub source_text: String,
    /// What the file says that has no effect, one message each.
    pub warnings: Vec<String>,
}

impl TdemSystem {
    /// The measured components in order of the data.
    pub fn components(&self) -> Vec<Axis> {
        [Axis::X, Axis::Y, Axis::Z].into_iter().filter(|axis| self.output_scaling[*axis as usize] != 0.0).collect()
    }

    /// Moment of the transmitter at peak current in A m^2.
    pub fn peak_moment(&self) -> f64 {
        self.turn_count * self.peak_current_a * self.loop_area_m2
    }

    /// Half of the waveform's period in s.
    pub fn half_period_s(&self) -> f64 {
        0.5 / self.base_frequency_hz
    }
}

/// A waveform over at least half a period: straight lines between points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waveform {
    /// What the values are.
    pub kind: WaveformKind,
    /// Times in s, increasing.
    pub time_s: Vec<f64>,
    /// Values, 1 at the largest current (or at the largest field received).
    pub value: Vec<f64>,
}

/// What a waveform was recorded of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WaveformKind {
    /// The transmitter current.
    Current,
    /// The primary field's rate of change as a receiver sees it.
    Received,
}

/// One gate in s.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// It opens.
    pub start_s: f64,
    /// It closes.
    pub end_s: f64,
}

impl Gate {
    /// Its middle in s.
    pub fn center_s(&self) -> f64 {
        0.5 * (self.start_s + self.end_s)
    }
}

/// How a gate weighs the times within it; all weights sum to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum GateWeighting {
    /// All alike. Sampled waveforms: the mean of the samples in the gate.
    Boxcar,
    /// All alike. Sampled waveforms: the area under the straight lines between samples.
    AreaUnderCurve,
    /// Rising over a gate's width before it, flat in it, falling over its width behind it.
    LinearTaper,
}

/// A low-pass filter of the receiver: 1 / (1 + i f/f_c)^order.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LowPassFilter {
    /// Corner frequency in Hz.
    pub cutoff_hz: f64,
    /// Order.
    pub order: u32,
}

/// What the receiver measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Output {
    /// The magnetic field.
    B,
    /// Its rate of change.
    DbDt,
}

/// What data are relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Normalisation {
    /// Nothing.
    None,
    /// Millionths of the primary field of the component.
    Ppm,
    /// Millionths of twice that.
    PpmPeakToPeak,
}
