//! The parts of the time-domain forward model that all soundings of a survey share.

use super::coils::Coils;
use super::gate_matrix::{self, DebyeFit};
use super::mesh::padded_columns;
use super::path::{offset_m, path_m};
use super::waveform::WaveformSource;
use crate::constants::MU_0;
use crate::forward::Accuracy;
use crate::system::{Axis, Geometry, MeasuredField, Normalisation, Output, TdemInstrument, TdemSystem, WaveformKind};

/// The frequencies, and the matrices from spectra to gates, which all soundings of a survey share.
#[derive(Debug)]
pub struct TdemOperator {
    pub(super) accuracy: Accuracy,
    pub(super) angular_mu: Vec<f64>,
    /// Smallest wavenumber in 1/m. Fields that diffuse farther in half a period are weaker than the noise.
    pub(super) smallest_wavenumber: f64,
    /// Loop radius and component of every spectrum that some system needs.
    pub(super) spectra: Vec<(f64, Axis)>,
    pub(super) blocks: Vec<ComponentBlock>,
    /// Total number of rows of all blocks, one per gate and component.
    pub(super) row_count: usize,
    /// How components form amplitudes; `None` when data are not vector amplitudes.
    pub(super) lengths: Option<Lengths>,
    pub(super) adds_primary: bool,
}

/// The gates of one component of one system.
#[derive(Debug)]
pub(super) struct ComponentBlock {
    /// Index of its spectrum.
    pub(super) spectrum: usize,
    /// One row per gate, columns as in a spectrum, scaled to the data's unit, in the form of [`padded_columns`].
    pub(super) matrix: Vec<f64>,
    pub(super) gate_count: usize,
    /// Factor from primary coupling to data.
    pub(super) primary_scale: f64,
}

impl TdemOperator {
    /// Prepares the operator for all soundings of `instrument`.
    pub fn new(instrument: &TdemInstrument, accuracy: Accuracy) -> Self {
        let base =
            |f: fn(f64, f64) -> f64, start| instrument.systems.iter().map(|s| s.base_frequency_hz).fold(start, f);
        let lowest_hz = base(f64::min, f64::INFINITY);
        let highest_hz = instrument.systems.iter().map(highest_frequency_hz).fold(20.0 * lowest_hz, f64::max);
        let (per_decade, fit) = spectral_rule(accuracy);
        let frequencies_hz = gate_matrix::frequencies_hz(lowest_hz, highest_hz, per_decade);
        let mut operator = Self {
            accuracy,
            angular_mu: frequencies_hz.iter().map(|f| 2.0 * std::f64::consts::PI * f * MU_0).collect(),
            smallest_wavenumber: smallest_wavenumber(instrument),
            spectra: Vec::new(),
            blocks: Vec::new(),
            row_count: 0,
            lengths: instrument.vector_amplitude.then(Lengths::default),
            adds_primary: instrument.field == MeasuredField::Total,
        };
        for system in &instrument.systems {
            operator.add_system(system, &frequencies_hz, fit);
        }
        operator
    }

    fn add_system(&mut self, system: &TdemSystem, frequencies_hz: &[f64], fit: DebyeFit) {
        let gate_count = system.gates.len();
        let matrix = gate_matrix::gate_matrix(system, frequencies_hz, 0.45 * system.base_frequency_hz, fit);
        let components = system.components();
        for &axis in &components {
            let (scale, primary_scale) = scales(system, axis, WaveformSource::new(system).largest());
            let spectrum = (system.loop_radius_m, axis);
            let index = self.spectra.iter().position(|&s| s == spectrum).unwrap_or_else(|| {
                self.spectra.push(spectrum);
                self.spectra.len() - 1
            });
            let rows: Vec<f64> = matrix.iter().map(|m| scale * m).collect();
            let matrix = padded_columns(&rows, 2 * frequencies_hz.len());
            self.blocks.push(ComponentBlock { spectrum: index, matrix, gate_count, primary_scale });
            self.row_count += gate_count;
        }
        if let Some(lengths) = &mut self.lengths {
            lengths.add_system(components.len(), gate_count);
        }
    }
}

/// The rows of components that together make one vector amplitude each.
#[derive(Debug, Default)]
pub(super) struct Lengths {
    pub(super) parts: Vec<Vec<usize>>,
    row_count: usize,
}

impl Lengths {
    /// Adds one amplitude per gate of the next system, made of the rows of all its components.
    pub(super) fn add_system(&mut self, component_count: usize, gate_count: usize) {
        let first_row = self.row_count;
        let rows = |gate: usize| (0..component_count).map(|c| first_row + c * gate_count + gate).collect();
        self.parts.extend((0..gate_count).map(rows));
        self.row_count += component_count * gate_count;
    }

    pub(super) fn count(&self) -> usize {
        self.parts.len()
    }

    pub(super) fn of(&self, rows: &[f64], predicted: &mut [f64]) {
        for (datum, parts) in predicted.iter_mut().zip(&self.parts) {
            *datum = parts.iter().map(|&row| rows[row] * rows[row]).sum::<f64>().sqrt();
        }
    }
}

impl TdemOperator {
    /// Returns the larger of offset and loop radius divided by the path up and down, but not more than [`WIDEST`].
    pub(super) fn width(&self, geometry: &Geometry) -> f64 {
        let width_m = self.spectra.iter().map(|s| s.0).fold(offset_m(geometry), f64::max);
        (width_m / path_m(geometry)).min(WIDEST)
    }

    /// Returns the primary field of every component of every system, in the data's unit.
    pub fn primary_fields(&self, geometry: &Geometry) -> impl Iterator<Item = f64> {
        let coils = Coils::new(geometry);
        let of = move |block: &ComponentBlock| {
            block.primary_scale * coils.coupling(self.spectra[block.spectrum].1).primary()
        };
        self.blocks.iter().map(of)
    }
}

/// Largest width for which nodes are placed, wider than any instrument. The number of nodes grows with the square of
/// the width.
const WIDEST: f64 = 25.0;

/// Returns the frequency above which the gates of `system` record nothing, because they average over their width.
fn highest_frequency_hz(system: &TdemSystem) -> f64 {
    let narrowest = system.gates.iter().map(|g| g.end_s - g.start_s).fold(f64::INFINITY, f64::min);
    1.5 / narrowest
}

/// Returns the diffusion wavenumber for half a period, the longest time between two changes of the current, in a ground
/// of 0.1 mS/m, the most resistive ground that airborne systems can detect.
fn smallest_wavenumber(instrument: &TdemInstrument) -> f64 {
    let longest_s = instrument.systems.iter().map(TdemSystem::half_period_s).fold(0.0, f64::max);
    (MU_0 * 1e-4 / longest_s).sqrt()
}

/// Returns frequencies per decade and the parameters of the representation of responses.
fn spectral_rule(accuracy: Accuracy) -> (f64, DebyeFit) {
    match accuracy {
        Accuracy::Coarse => (1.6, DebyeFit { tau_per_decade: 4, epsilon: 1e-6 }),
        Accuracy::Standard => (3.5, DebyeFit { tau_per_decade: 6, epsilon: 1e-8 }),
        Accuracy::High => (5.2, DebyeFit { tau_per_decade: 8, epsilon: 1e-10 }),
        Accuracy::Reference => (9.6, DebyeFit { tau_per_decade: 12, epsilon: 1e-11 }),
    }
}

/// Returns the first component of `system` whose reference primary field is zero, so that its relative data are
/// undefined.
pub fn component_without_primary(system: &TdemSystem) -> Option<Axis> {
    let is_relative = system.normalisation != Normalisation::None;
    let vanishes = |axis: &Axis| {
        let along = |axis| reference_primary(system, axis).abs();
        along(*axis) <= 1e-9 * [Axis::X, Axis::Y, Axis::Z].map(along).into_iter().fold(0.0, f64::max)
    };
    system.components().into_iter().find(|axis| is_relative && vanishes(axis))
}

/// Returns the primary coupling along `axis` at the reference geometry.
fn reference_primary(system: &TdemSystem, axis: Axis) -> f64 {
    Coils::new(&system.reference_geometry).coupling(axis).primary()
}

/// Returns the factors from response along `axis` and from primary coupling to data of `system`; `largest` is the
/// source's largest value.
///
/// Signs follow GA-AEM: the secondary B has the sign of the reversed current, dB/dt the sign of the current itself, so
/// that total fields are correct for a current that has just changed sign.
pub(super) fn scales(system: &TdemSystem, axis: Axis, largest: f64) -> (f64, f64) {
    let sign = match (system.waveform.kind, system.output) {
        (WaveformKind::Current, Output::B) | (WaveformKind::Received, Output::DbDt) => 1.0,
        (WaveformKind::Current, Output::DbDt) | (WaveformKind::Received, Output::B) => -1.0,
    };
    let unit = MU_0 * system.peak_moment() * system.output_scaling[axis as usize];
    let per_coupling = unit * largest;
    let reference = || reference_primary(system, axis);
    let normal = match system.normalisation {
        Normalisation::None => 1.0,
        Normalisation::Ppm => 1e6 / (per_coupling * reference()),
        Normalisation::PpmPeakToPeak => 0.5e6 / (per_coupling * reference()),
    };
    (sign * unit * normal, per_coupling * normal)
}
