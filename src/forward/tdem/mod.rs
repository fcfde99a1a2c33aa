//! Time-domain response of finite loops over a layered earth.
//!
//! Reflection coefficients on a mesh of wavenumbers and frequencies ([`mesh`]), summed with weights that hold all geometry
//! ([`coils`], [`nodes`]), give a spectrum per component; a small matrix per system takes it to what the gates record
//! ([`operator`]). A change of the earth needs new reflection coefficients, a change of geometry only new weights. Air and
//! ground are quasi-static with the permeability of free space.

mod coils;
mod digitised;
mod gates;
mod mesh;
mod nodes;
mod operator;
mod sensitivity;
mod waveform;

use std::sync::Arc;

pub use self::digitised::DigitisedTdem;

use self::coils::{Coils, bessel_over_powers};
use self::mesh::Mesh;
use self::nodes::Rule;
use self::operator::Fit;
use self::waveform::Source;
use super::{Accuracy, EarthResponse, ForwardModel, Sensitivity};
use crate::constants::MU_0;
use crate::earth::LayeredEarth;
use crate::system::{
    Axis, Field, Geometry, GeometryParameter, Normalisation, Output, TdemInstrument, TdemSystem, WaveformKind,
};

/// What all soundings of a survey share: frequencies, and the matrices from spectra to gates.
#[derive(Debug)]
pub struct TdemOperator {
    accuracy: Accuracy,
    angular_mu: Vec<f64>,
    /// 1/m: what diffuses farther by the last gate than this tells is weaker than all noise.
    smallest_wavenumber: f64,
    /// Loop radius and component of every spectrum that some system needs.
    spectra: Vec<(f64, Axis)>,
    blocks: Vec<Block>,
    /// Rows of all blocks: gates of all components.
    row_count: usize,
    /// When data are vector amplitudes.
    lengths: Option<Lengths>,
    adds_primary: bool,
}

/// The gates of one component of one system.
#[derive(Debug)]
struct Block {
    /// Index of its spectrum.
    spectrum: usize,
    /// Row by gate, columns as a spectrum; scaled to the data's unit.
    matrix: Vec<f64>,
    gate_count: usize,
    /// Data per unit of primary coupling.
    primary_scale: f64,
}

impl TdemOperator {
    /// For all soundings of `instrument`.
    pub fn new(instrument: &TdemInstrument, accuracy: Accuracy) -> Self {
        let base =
            |f: fn(f64, f64) -> f64, start| instrument.systems.iter().map(|s| s.base_frequency_hz).fold(start, f);
        let lowest_hz = base(f64::min, f64::INFINITY);
        let highest_hz = instrument.systems.iter().map(highest_frequency_hz).fold(20.0 * lowest_hz, f64::max);
        let (per_decade, fit) = spectral_rule(accuracy);
        let frequencies_hz = operator::frequencies_hz(lowest_hz, highest_hz, per_decade);
        let mut operator = Self {
            accuracy,
            angular_mu: frequencies_hz.iter().map(|f| 2.0 * std::f64::consts::PI * f * MU_0).collect(),
            smallest_wavenumber: smallest_wavenumber(instrument),
            spectra: Vec::new(),
            blocks: Vec::new(),
            row_count: 0,
            lengths: instrument.vector_amplitude.then(Lengths::default),
            adds_primary: instrument.field == Field::Total,
        };
        for system in &instrument.systems {
            operator.add_system(system, &frequencies_hz, fit);
        }
        operator
    }

    fn add_system(&mut self, system: &TdemSystem, frequencies_hz: &[f64], fit: Fit) {
        let gate_count = system.gates.len();
        let matrix = operator::gate_matrix(system, frequencies_hz, 0.45 * system.base_frequency_hz, fit);
        let components = system.components();
        for &axis in &components {
            let (scale, primary_scale) = scales(system, axis, Source::new(system).largest());
            let spectrum = (system.loop_radius_m, axis);
            let index = self.spectra.iter().position(|&s| s == spectrum).unwrap_or_else(|| {
                self.spectra.push(spectrum);
                self.spectra.len() - 1
            });
            let matrix = matrix.iter().map(|m| scale * m).collect();
            self.blocks.push(Block { spectrum: index, matrix, gate_count, primary_scale });
            self.row_count += gate_count;
        }
        if let Some(lengths) = &mut self.lengths {
            lengths.add_system(components.len(), gate_count);
        }
    }
}

/// The rows of components that each make one vector amplitude.
#[derive(Debug, Default)]
struct Lengths {
    parts: Vec<Vec<usize>>,
    row_count: usize,
}

impl Lengths {
    /// One amplitude per gate, of the rows of all components of the system that comes next.
    fn add_system(&mut self, component_count: usize, gate_count: usize) {
        let first_row = self.row_count;
        let rows = |gate: usize| (0..component_count).map(|c| first_row + c * gate_count + gate).collect();
        self.parts.extend((0..gate_count).map(rows));
        self.row_count += component_count * gate_count;
    }

    fn count(&self) -> usize {
        self.parts.len()
    }

    fn of(&self, rows: &[f64], predicted: &mut [f64]) {
        for (datum, parts) in predicted.iter_mut().zip(&self.parts) {
            *datum = parts.iter().map(|&row| rows[row] * rows[row]).sum::<f64>().sqrt();
        }
    }
}

impl TdemOperator {
    /// The larger of the receiver's horizontal offset and the largest loop's radius.
    fn width_m(&self, geometry: &Geometry) -> f64 {
        let [dx, dy, _] = geometry.offset_m();
        self.spectra.iter().map(|spectrum| spectrum.0).fold(dx.hypot(dy), f64::max)
    }

    /// The primary field of every component of every system, in the data's unit.
    pub fn primary_fields(&self, geometry: &Geometry) -> Vec<f64> {
        let coils = Coils::new(geometry);
        let of = |block: &Block| block.primary_scale * coils.coupling(self.spectra[block.spectrum].1).primary();
        self.blocks.iter().map(of).collect()
    }
}

/// Beyond this frequency the gates of `system` see nothing: they average over their width.
fn highest_frequency_hz(system: &TdemSystem) -> f64 {
    let narrowest = system.gates.iter().map(|g| g.end_s - g.start_s).fold(f64::INFINITY, f64::min);
    1.5 / narrowest
}

/// The wavenumber of diffusion by the last gate in a ground of 0.1 mS/m, the most resistive that airborne systems see.
fn smallest_wavenumber(instrument: &TdemInstrument) -> f64 {
    let gates = instrument.systems.iter().flat_map(|system| &system.gates);
    let last_s = gates.map(|gate| gate.end_s).fold(0.0, f64::max);
    (MU_0 * 1e-4 / last_s).sqrt()
}

/// Frequencies per decade and representation of responses.
fn spectral_rule(accuracy: Accuracy) -> (f64, Fit) {
    match accuracy {
        Accuracy::Standard => (3.9, Fit { tau_per_decade: 6, epsilon: 1e-8 }),
        Accuracy::High => (5.8, Fit { tau_per_decade: 8, epsilon: 1e-10 }),
        Accuracy::Reference => (9.6, Fit { tau_per_decade: 12, epsilon: 1e-11 }),
    }
}

/// Data of `system` per unit of response along `axis` and per unit of primary coupling; `largest` is that of the source.
///
/// Signs are GA-AEM's: the secondary B is that of the reversed current, dB/dt that of the current as it is, so that total
/// fields of a current that has just changed sign come out right.
fn scales(system: &TdemSystem, axis: Axis, largest: f64) -> (f64, f64) {
    let sign = match (system.waveform.kind, system.output) {
        (WaveformKind::Current, Output::B) | (WaveformKind::Received, Output::DbDt) => 1.0,
        (WaveformKind::Current, Output::DbDt) | (WaveformKind::Received, Output::B) => -1.0,
    };
    let unit = MU_0 * system.peak_moment() * system.output_scaling[axis as usize];
    let per_coupling = unit * largest;
    let reference = || Coils::new(&system.reference_geometry).coupling(axis).primary();
    let normal = match system.normalisation {
        Normalisation::None => 1.0,
        Normalisation::Ppm => 1e6 / (per_coupling * reference()),
        Normalisation::PpmPeakToPeak => 0.5e6 / (per_coupling * reference()),
    };
    (sign * unit * normal, per_coupling * normal)
}

/// Forward model of a time-domain instrument at one sounding.
#[derive(Debug, Clone)]
pub struct TdemForward {
    operator: Arc<TdemOperator>,
    first_path_m: f64,
    first_width_m: f64,
    /// The nodes stand for the path up and down `first_path_m` times [`PATH_STEP`] to the first power and for the width
    /// `first_width_m` times [`WIDTH_STEP`] to the second.
    steps: [i32; 2],
    mesh: Mesh,
    /// Per spectrum and wavenumber: lambda^2 dlambda / (4 pi) times the factor of the loop.
    measure: Vec<Vec<f64>>,
    /// Per wavenumber, exp(-lambda path) of the geometry.
    decay: Vec<f64>,
    /// The geometry in the weights; `None` before the first.
    geometry: Option<Geometry>,
    /// Per wavenumber, Bessel functions of the geometry's offset.
    bessel: Vec<[f64; 4]>,
    /// Per spectrum and wavenumber.
    weights: Vec<Vec<f64>>,
    /// Per row.
    primary: Vec<f64>,
    conductivity: Vec<f64>,
    thickness_m: Vec<f64>,
    spectrum: Vec<f64>,
    rows: Vec<f64>,
    work: sensitivity::Workspace,
    /// For geometries far from the first.
    spare: EarthResponse,
}

/// Nodes are placed anew for paths this far apart: each serves paths within 5 %.
const PATH_STEP: f64 = 1.1;
/// The same for widths: the larger of offset and loop radius.
const WIDTH_STEP: f64 = 1.4;
/// Widths less than this part of the path make no difference.
const NARROW: f64 = 0.5;

impl TdemForward {
    /// For soundings mostly near `geometry`: others, by path up and down, cost a new placing of the nodes.
    pub fn new(operator: Arc<TdemOperator>, geometry: &Geometry) -> Self {
        let mut forward = Self {
            first_path_m: path_m(geometry),
            first_width_m: operator.width_m(geometry),
            steps: [0, 0],
            mesh: Mesh { wavenumber: Vec::new(), angular_mu: operator.angular_mu.clone() },
            measure: Vec::new(),
            decay: Vec::new(),
            geometry: None,
            bessel: Vec::new(),
            weights: vec![Vec::new(); operator.spectra.len()],
            primary: vec![0.0; operator.row_count],
            conductivity: Vec::new(),
            thickness_m: Vec::new(),
            spectrum: vec![0.0; 2 * operator.angular_mu.len()],
            rows: vec![0.0; operator.row_count],
            work: sensitivity::Workspace::default(),
            spare: EarthResponse::default(),
            operator,
        };
        forward.place_nodes();
        forward.set_geometry(geometry);
        forward
    }

    /// Steps from the first geometry to `geometry`.
    fn steps_to(&self, geometry: &Geometry) -> [i32; 2] {
        let steps = |ratio: f64, step: f64| (ratio.ln() / step.ln()).round() as i32;
        let narrow_m = NARROW * self.first_path_m;
        let width = self.operator.width_m(geometry).max(narrow_m) / self.first_width_m.max(narrow_m);
        [steps(path_m(geometry) / self.first_path_m, PATH_STEP), steps(width, WIDTH_STEP)]
    }

    /// Wavenumbers for the path and width of `self.steps`. They depend on the first geometry and the steps alone: responses
    /// of the same steps are at the same nodes.
    fn place_nodes(&mut self) {
        let path_m = self.first_path_m * PATH_STEP.powi(self.steps[0]);
        let width_m = match self.steps[1] {
            0 => self.first_width_m,
            step => self.first_width_m.max(NARROW * self.first_path_m) * WIDTH_STEP.powi(step),
        };
        let nodes =
            wavenumber_rule(self.operator.accuracy, width_m / path_m, self.operator.smallest_wavenumber * path_m)
                .nodes();
        self.mesh.wavenumber = nodes.iter().map(|(x, _)| x / path_m).collect();
        let four_pi = 4.0 * std::f64::consts::PI;
        let measure = |radius_m: f64| {
            let node =
                |&(x, dx): &(f64, f64)| loop_factor(x / path_m * radius_m) * x * x * dx / path_m.powi(3) / four_pi;
            nodes.iter().map(node).collect()
        };
        self.measure = self.operator.spectra.iter().map(|spectrum| measure(spectrum.0)).collect();
        self.decay = vec![0.0; nodes.len()];
        self.bessel = vec![[0.0; 4]; nodes.len()];
        self.weights.iter_mut().for_each(|w| w.resize(nodes.len(), 0.0));
        self.geometry = None;
    }

    /// Puts `geometry` into the weights. What comes out depends on it, not on the geometries before.
    fn set_geometry(&mut self, geometry: &Geometry) {
        if self.geometry.as_ref() == Some(geometry) {
            return;
        }
        let steps = self.steps_to(geometry);
        if steps != self.steps {
            self.steps = steps;
            self.place_nodes();
        }
        let [dx, dy, _] = geometry.offset_m();
        let same_offset = self.geometry.is_some_and(|g| g.offset_m()[..2] == [dx, dy]);
        if !same_offset {
            let r_m = dx.hypot(dy);
            for (bessel, wavenumber) in self.bessel.iter_mut().zip(&self.mesh.wavenumber) {
                *bessel = bessel_over_powers(wavenumber * r_m);
            }
        }
        self.geometry = Some(*geometry);
        let coils = Coils::new(geometry);
        let path_m = path_m(geometry);
        for (decay, lambda) in self.decay.iter_mut().zip(&self.mesh.wavenumber) {
            *decay = (-lambda * path_m).exp();
        }
        for (spectrum, weights) in self.weights.iter_mut().enumerate() {
            let kernel = coils.coupling(self.operator.spectra[spectrum].1).kernel();
            for (i, weight) in weights.iter_mut().enumerate() {
                let kernel = kernel(self.mesh.wavenumber[i], self.bessel[i]);
                *weight = self.measure[spectrum][i] * self.decay[i] * kernel;
            }
        }
        if self.operator.adds_primary {
            let mut row = 0;
            for (block, primary) in self.operator.blocks.iter().zip(self.operator.primary_fields(geometry)) {
                self.primary[row..][..block.gate_count].fill(primary);
                row += block.gate_count;
            }
        }
    }

    fn set_earth(&mut self, earth: &LayeredEarth) {
        self.conductivity.clear();
        self.conductivity.extend(earth.ln_conductivity().iter().map(|m| m.exp()));
        self.thickness_m.clear();
        self.thickness_m.extend((0..earth.layer_count() - 1).map(|layer| earth.thickness_m(layer)));
    }

    /// Reflection coefficients of the earth that was set.
    fn reflect(&self, response: &mut EarthResponse) {
        response.steps = self.steps;
        response.values.resize(self.mesh.reflection_len(), 0.0);
        self.mesh.reflect(&self.conductivity, &self.thickness_m, &mut response.values);
    }

    /// Reflection coefficients to data, for the geometry that was set.
    fn record(&mut self, reflection: &[f64], predicted: &mut [f64]) {
        let operator = Arc::clone(&self.operator);
        self.rows.copy_from_slice(&self.primary);
        let mut row = 0;
        let mut current = usize::MAX;
        for block in &operator.blocks {
            if block.spectrum != current {
                current = block.spectrum;
                self.mesh.sum(reflection, &self.weights[current], &mut self.spectrum);
            }
            mesh::add_products(&block.matrix, &self.spectrum, &mut self.rows[row..][..block.gate_count]);
            row += block.gate_count;
        }
        match &operator.lengths {
            None => predicted.copy_from_slice(&self.rows),
            Some(lengths) => lengths.of(&self.rows, predicted),
        }
    }
}

/// Path up and down in m.
fn path_m(geometry: &Geometry) -> f64 {
    2.0 * geometry.height_m() + geometry.get(GeometryParameter::TxRxDz)
}

/// 2 J_1(x)/x: a loop beside a dipole of the same moment.
fn loop_factor(x: f64) -> f64 {
    if x < 1e-4 { 1.0 - x * x / 8.0 } else { 2.0 * libm::j1(x) / x }
}

/// Nodes for the larger of offset and loop radius over the path, and the smallest x that matters; found by search over the
/// models of the accuracy test and towed geometries.
fn wavenumber_rule(accuracy: Accuracy, width: f64, smallest: f64) -> Rule {
    // Wide of the path, Bessel functions narrow the strip in which the integrand is analytic in ln x.
    let step = |narrow: f64| narrow / (1.0 + (0.2 * width).powi(2)).sqrt();
    match accuracy {
        Accuracy::Standard => Rule::new(0.7 * smallest, 17.0, 0.1, 0.13 * width, step(0.38)),
        Accuracy::High => Rule::new(0.3 * smallest, 22.0, 0.1, 0.13 * width, step(0.27)),
        Accuracy::Reference => Rule::new(0.1 * smallest, 45.0, 0.02, 0.2 * width, step(0.08)),
    }
}

impl ForwardModel for TdemForward {
    fn channel_count(&self) -> usize {
        self.operator.lengths.as_ref().map_or(self.operator.row_count, Lengths::count)
    }

    fn predict(
        &mut self,
        earth: &LayeredEarth,
        geometry: &Geometry,
        response: &mut EarthResponse,
        predicted: &mut [f64],
    ) {
        self.set_geometry(geometry);
        self.set_earth(earth);
        self.reflect(response);
        self.record(&response.values, predicted);
    }

    fn predict_moved(
        &mut self,
        earth: &LayeredEarth,
        geometry: &Geometry,
        response: &EarthResponse,
        predicted: &mut [f64],
    ) {
        self.set_geometry(geometry);
        if response.steps == self.steps {
            self.record(&response.values, predicted);
        } else {
            let mut spare = std::mem::take(&mut self.spare);
            self.set_earth(earth);
            self.reflect(&mut spare);
            self.record(&spare.values, predicted);
            self.spare = spare;
        }
    }

    fn moves_cheaply(&self) -> bool {
        true
    }

    fn predict_with_sensitivity(
        &mut self,
        earth: &LayeredEarth,
        geometry: &Geometry,
        predicted: &mut [f64],
        sensitivity: &mut Sensitivity,
    ) {
        self.set_geometry(geometry);
        self.set_earth(earth);
        let mut spare = std::mem::take(&mut self.spare);
        spare.values.resize(self.mesh.reflection_len(), 0.0);
        self.differentiate(&mut spare.values, predicted, sensitivity);
        self.spare = spare;
    }
}
