//! Wavenumbers for one range of geometries, and weights for one geometry.

use super::coils::{Coils, bessel_over_powers};
use super::mesh::Mesh;
use super::nodes::Rule;
use super::operator::TdemOperator;
use super::path::{offset_m, path_m};
use crate::forward::Accuracy;
use crate::system::{Geometry, GeometryParameter};

/// Nodes placed for a path up and down, with the weights of the current geometry.
#[derive(Debug, Clone)]
pub(super) struct TdemPlacement {
    pub(super) steps: [i32; 2],
    pub(super) mesh: Mesh,
    /// Per spectrum and wavenumber: lambda^2 dlambda / (4 pi) times the factor of the loop.
    measure: Vec<Vec<f64>>,
    /// Per wavenumber, exp(-lambda path) of the geometry.
    decay: Vec<f64>,
    /// Per wavenumber, Bessel functions of the geometry's offset.
    bessel: Vec<[f64; 4]>,
    /// Per spectrum and wavenumber.
    pub(super) weights: Vec<Vec<f64>>,
    /// The geometry in the weights.
    pub(super) geometry: Geometry,
}

impl TdemPlacement {
    /// Places nodes for paths up and down of about `path_m`, where the larger of offset and loop radius is about
    /// `width` times the path; `geometry` is one of these geometries.
    pub(super) fn new(operator: &TdemOperator, steps: [i32; 2], path_m: f64, width: f64, geometry: &Geometry) -> Self {
        let smallest = operator.smallest_wavenumber * path_m;
        let nodes = wavenumber_rule(operator.accuracy, width, smallest).nodes();
        let four_pi = 4.0 * std::f64::consts::PI;
        let measure = |radius_m: f64| {
            let node =
                |&(x, dx): &(f64, f64)| loop_factor(x / path_m * radius_m) * x * x * dx / path_m.powi(3) / four_pi;
            nodes.iter().map(node).collect()
        };
        let mut placement = Self {
            steps,
            measure: operator.spectra.iter().map(|spectrum| measure(spectrum.0)).collect(),
            decay: vec![0.0; nodes.len()],
            bessel: vec![[0.0; 4]; nodes.len()],
            weights: vec![vec![0.0; nodes.len()]; operator.spectra.len()],
            geometry: *geometry,
            mesh: Mesh {
                wavenumber: nodes.iter().map(|(x, _)| x / path_m).collect(),
                angular_mu: operator.angular_mu.clone(),
                full_precision: operator.accuracy.needs_full_precision(),
            },
        };
        placement.set_bessel();
        placement.set_weights(operator);
        placement
    }

    /// Puts `geometry` into the weights. The result does not depend on earlier geometries.
    pub(super) fn set_geometry(&mut self, operator: &TdemOperator, geometry: &Geometry) {
        if self.geometry == *geometry {
            return;
        }
        let same_offset = self.geometry.offset_m()[..2] == geometry.offset_m()[..2];
        self.geometry = *geometry;
        if !same_offset {
            self.set_bessel();
        }
        self.set_weights(operator);
    }

    fn set_bessel(&mut self) {
        let offset_m = offset_m(&self.geometry);
        for (bessel, wavenumber) in self.bessel.iter_mut().zip(&self.mesh.wavenumber) {
            *bessel = bessel_over_powers(wavenumber * offset_m);
        }
    }

    fn set_weights(&mut self, operator: &TdemOperator) {
        let path_m = path_m(&self.geometry);
        for (decay, lambda) in self.decay.iter_mut().zip(&self.mesh.wavenumber) {
            *decay = (-lambda * path_m).exp();
        }
        let coils = Coils::new(&self.geometry);
        let mut weights = std::mem::take(&mut self.weights);
        for (spectrum, weights) in weights.iter_mut().enumerate() {
            self.fill(spectrum, coils.coupling(operator.spectra[spectrum].1).kernel(), weights);
        }
        self.weights = weights;
    }

    /// Computes the derivatives of the weights of `spectrum` by a geometry parameter, per m or degree; returns false
    /// when all are 0.
    pub(super) fn derive(
        &self,
        operator: &TdemOperator,
        coils: &Coils,
        spectrum: usize,
        parameter: GeometryParameter,
        weights: &mut [f64],
    ) -> bool {
        let axis = operator.spectra[spectrum].1;
        let coupling = coils.coupling(axis);
        let kernel = coupling.kernel();
        match parameter {
            // The receiver moves up with the transmitter.
            GeometryParameter::Height => self.fill(spectrum, |l, powers| -2.0 * l * kernel(l, powers), weights),
            GeometryParameter::TxRxDz => self.fill(spectrum, |l, powers| -l * kernel(l, powers), weights),
            GeometryParameter::TxRxDx => self.fill(spectrum, coupling.kernel_by(0), weights),
            GeometryParameter::TxRxDy => self.fill(spectrum, coupling.kernel_by(1), weights),
            angle => match coils.coupling_by_angle(axis, angle) {
                Some(turned) => self.fill(spectrum, turned.kernel(), weights),
                None => return false,
            },
        }
        true
    }

    fn fill(&self, spectrum: usize, kernel: impl Fn(f64, [f64; 4]) -> f64, weights: &mut [f64]) {
        for (i, weight) in weights.iter_mut().enumerate() {
            let kernel = kernel(self.mesh.wavenumber[i], self.bessel[i]);
            *weight = self.measure[spectrum][i] * self.decay[i] * kernel;
        }
    }
}

/// Returns 2 J_1(x)/x, the factor of a loop relative to a dipole of the same moment.
pub(super) fn loop_factor(x: f64) -> f64 {
    if x < 1e-4 { 1.0 - x * x / 8.0 } else { 2.0 * libm::j1(x) / x }
}

/// Where the nodes become sparser, in units of the smallest x: the late gates need small x at the same wavenumbers for
/// every path.
const THIN: f64 = 17.5;

/// Returns the rule of nodes, from the larger of offset and loop radius divided by the path and the smallest x that
/// matters. Its numbers were found by search over the models of the accuracy test and towed geometries.
fn wavenumber_rule(accuracy: Accuracy, width: f64, smallest: f64) -> Rule {
    // At large widths the Bessel functions make the strip narrow in which the integrand is analytic in ln x, so that
    // steps must be smaller.
    let step = |narrow: f64| narrow / (1.0 + (0.2 * width).powi(2)).sqrt();
    match accuracy {
        Accuracy::Coarse => Rule::new(1.6 * smallest, 12.0, THIN * smallest, 0.13 * width, step(0.6)),
        Accuracy::Standard => Rule::new(0.8 * smallest, 17.0, THIN * smallest, 0.13 * width, step(0.38)),
        Accuracy::High => Rule::new(0.35 * smallest, 22.0, THIN * smallest, 0.13 * width, step(0.27)),
        Accuracy::Reference => Rule::new(0.1 * smallest, 45.0, 3.0 * smallest, 0.2 * width, step(0.08)),
    }
}
