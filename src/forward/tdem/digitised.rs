//! GA-AEM's scheme, for comparison: it has the same steps, with coarse integrals, a spline and a sampled waveform.
//!
//! This code follows GA-AEM's formulas, not its source. For each system, at a few frequencies ([`gate_matrix`]):
//!
//! 1. Conductivity that the frequency w sees. With s_m the geometric mean of the layers' conductivities, weighted by
//!    thickness, the halfspace as thick as all above, and l = sqrt(mu_0 w s_m / 4),
//!    `s_a = Re(-4 l^2 r / (i w mu_0 (1 + r)^2))`, r the reflection coefficient at l.
//! 2. The integral over lambda by the trapezoidal rule in ln lambda, with nodes that depend on earth and geometry: with
//!    p = sqrt(mu_0 w s_a / 4) and D the path up and down, from `ln min(p, 2/D) - 4.44` to `ln max(p, 3/D) + 1.84`.
//! 3. The gates' records, which follow from the integrals linearly ([`gate_matrix`]).
//!
//! The responses (SkyTEM and Tempest, level and tilted) equal GA-AEM's within 1e-13 in the median, 1e-11 in 99 of 100
//! values and 5e-9 where a gate's record almost cancels. The nodes suit coils whose distance is not much larger than
//! their height: 21 nodes miss the oscillations of the Bessel functions of a towed system altogether. Received
//! waveforms, tapered gates and the primary field of dB/dt could not be compared.
//!
//! GA-AEM itself differs in two points: its y component lacks waveform and filters, and its tilted transmitter has no
//! horizontal part where the coils are above each other.

mod gate_matrix;
mod spline;

use num_complex::Complex64;

use self::gate_matrix::GateMatrix;
use super::coils::{Coils, Coupling, bessel_over_powers};
use super::operator::{Lengths, scales};
use super::path::path_m;
use super::placement::loop_factor;
use crate::earth::LayeredEarth;
use crate::error::Result;
use crate::forward::reflection::{NODE_BLOCK, Nodes, Response, respond};
use crate::system::{Axis, Geometry, MeasuredField, TdemInstrument, TdemSystem};

/// Predicts as GA-AEM does, with its coarse integrals and sampled waveform; it serves comparison only and has no
/// derivatives.
///
/// The model uses the entries of system files that only GA-AEM needs: digitising frequency, frequencies per decade, abscissae.
/// Its y component and a tilted transmitter directly above or below the receiver are correct, in contrast to GA-AEM.
#[derive(Debug)]
pub struct DigitisedTdem {
    systems: Vec<DigitisedSystem>,
    lengths: Option<Lengths>,
    adds_primary: bool,
}

/// One system.
#[derive(Debug)]
struct DigitisedSystem {
    gates: GateMatrix,
    loop_radius_m: f64,
    abscissa_count: usize,
    components: Vec<Component>,
}

/// One component of a system.
#[derive(Debug)]
struct Component {
    axis: Axis,
    /// Factor from response to data.
    scale: f64,
    /// Factor from primary coupling to data.
    primary_scale: f64,
}

impl DigitisedTdem {
    /// Prepares the model for all soundings of `instrument`.
    ///
    /// # Errors
    ///
    /// [`Error::Config`](crate::error::Error::Config) for a digitising frequency of more than 2^24 or less than 4
    /// samples per period, and for a gate that contains no sample.
    pub fn new(instrument: &TdemInstrument) -> Result<Self> {
        let systems = instrument.systems.iter().map(DigitisedSystem::new).collect::<Result<_>>()?;
        let lengths = instrument.vector_amplitude.then(|| {
            let mut lengths = Lengths::default();
            instrument.systems.iter().for_each(|s| lengths.add_system(s.components().len(), s.gates.len()));
            lengths
        });
        Ok(Self { systems, lengths, adds_primary: instrument.field == MeasuredField::Total })
    }

    /// Returns the number of data of one sounding.
    pub fn channel_count(&self) -> usize {
        let rows = || self.systems.iter().map(|s| s.components.len() * s.gates.gate_count()).sum();
        self.lengths.as_ref().map_or_else(rows, Lengths::count)
    }

    /// Writes the data predicted for `earth` at `geometry`, one per channel in the systems' units.
    pub fn predict(&self, earth: &LayeredEarth, geometry: &Geometry, predicted: &mut [f64]) {
        let ground = Ground::new(earth);
        let coils = Coils::new(geometry);
        let mut rows = Vec::with_capacity(predicted.len());
        for system in &self.systems {
            let mut quadrature = Quadrature::new(system, &ground, geometry);
            for component in &system.components {
                let coupling = coils.coupling(component.axis);
                let primary = if self.adds_primary { component.primary_scale * coupling.primary() } else { 0.0 };
                let spectrum = quadrature.spectrum(coupling, &ground);
                rows.extend(system.gates.record(&spectrum).map(|record| primary + component.scale * record));
            }
        }
        match &self.lengths {
            None => predicted.copy_from_slice(&rows),
            Some(lengths) => lengths.of(&rows, predicted),
        }
    }
}

impl DigitisedSystem {
    fn new(system: &TdemSystem) -> Result<Self> {
        let (gates, largest) = GateMatrix::new(system)?;
        let component = |axis| {
            let (scale, primary_scale) = scales(system, axis, largest);
            Component { axis, scale, primary_scale }
        };
        Ok(Self {
            gates,
            loop_radius_m: system.loop_radius_m,
            abscissa_count: system.abscissa_count,
            components: system.components().into_iter().map(component).collect(),
        })
    }
}

/// The layers in the form that the recursion needs.
struct Ground {
    conductivity: Vec<f64>,
    thickness_m: Vec<f64>,
}

impl Ground {
    fn new(earth: &LayeredEarth) -> Self {
        Self {
            conductivity: earth.ln_conductivity().iter().map(|m| m.exp()).collect(),
            thickness_m: (0..earth.layer_count() - 1).map(|layer| earth.thickness_m(layer)).collect(),
        }
    }

    /// Returns s_m of the module's text.
    fn mean_conductivity(&self) -> f64 {
        let all_above: f64 = self.thickness_m.iter().sum();
        if all_above == 0.0 {
            return self.conductivity[0];
        }
        let weights = self.thickness_m.iter().copied().chain([all_above]);
        let sum: f64 = self.conductivity.iter().zip(weights).map(|(s, weight)| weight * s.ln()).sum();
        (sum / (2.0 * all_above)).exp()
    }

    /// Returns s_a of the module's text, for each w mu_0.
    fn seen_conductivity(&self, angular_mu: &[f64]) -> Vec<f64> {
        let mean = self.mean_conductivity();
        let wavenumber: Vec<f64> = angular_mu.iter().map(|w_mu| (0.25 * w_mu * mean).sqrt()).collect();
        let mut nodes = Nodes { per_frequency: NODE_BLOCK, angular_mu: angular_mu.to_vec(), ..Nodes::default() };
        for &l in &wavenumber {
            nodes.u0_re.extend([l; NODE_BLOCK]);
            nodes.weight_re.extend([1.0 / NODE_BLOCK as f64; NODE_BLOCK]);
        }
        nodes.u0_im = vec![0.0; nodes.u0_re.len()];
        nodes.weight_im = vec![0.0; nodes.u0_re.len()];
        let reflection = self.respond(&nodes);
        let seen = |((r, l), w_mu): ((&Complex64, &f64), &f64)| {
            (-4.0 * l * l * r / (Complex64::new(0.0, *w_mu) * (1.0 + r).powu(2))).re
        };
        reflection.iter().zip(&wavenumber).zip(angular_mu).map(seen).collect()
    }

    fn respond(&self, nodes: &Nodes) -> Vec<Complex64> {
        let mut response = Response::default();
        respond(nodes, &self.conductivity, &self.thickness_m, &mut response);
        response.sum
    }
}

/// The nodes of all frequencies, and what their weights need.
struct Quadrature {
    nodes: Nodes,
    /// lambda^2 dlambda / (4 pi) with the loop's factor and the path's decay.
    measure: Vec<f64>,
    bessel: Vec<[f64; 4]>,
}

impl Quadrature {
    fn new(system: &DigitisedSystem, ground: &Ground, geometry: &Geometry) -> Self {
        let angular_mu = system.gates.angular_mu();
        let path_m = path_m(geometry);
        let [dx, dy, _] = geometry.offset_m();
        let (r_m, radius_m) = (dx.hypot(dy), system.loop_radius_m);
        let per_frequency = system.abscissa_count.next_multiple_of(NODE_BLOCK);
        let (mut wavenumbers, mut measure) = (Vec::new(), Vec::new());
        for (w_mu, seen) in angular_mu.iter().zip(ground.seen_conductivity(angular_mu)) {
            let p = (0.25 * w_mu * seen).sqrt();
            let low = p.min(2.0 / path_m).ln() - 4.44;
            let high = p.max(3.0 / path_m).ln() + 1.84;
            let step = (high - low) / (system.abscissa_count - 1) as f64;
            for i in 0..per_frequency {
                // The block is filled up after the last node with nodes of zero weight.
                let share = match i {
                    0 => 0.5,
                    _ if i + 1 < system.abscissa_count => 1.0,
                    _ if i + 1 == system.abscissa_count => 0.5,
                    _ => 0.0,
                };
                let lambda = (low + step * i.min(system.abscissa_count - 1) as f64).exp();
                let geometric = loop_factor(lambda * radius_m) * (-lambda * path_m).exp();
                wavenumbers.push(lambda);
                measure.push(share * step * lambda.powi(3) / (4.0 * std::f64::consts::PI) * geometric);
            }
        }
        let zeros = vec![0.0; wavenumbers.len()];
        Self {
            bessel: wavenumbers.iter().map(|lambda| bessel_over_powers(lambda * r_m)).collect(),
            nodes: Nodes {
                rough: false,
                per_frequency,
                angular_mu: angular_mu.to_vec(),
                u0_re: wavenumbers,
                u0_im: zeros.clone(),
                weight_re: zeros.clone(),
                weight_im: zeros,
            },
            measure,
        }
    }

    /// Returns the secondary field of a unit dipole at each frequency.
    fn spectrum(&mut self, coupling: Coupling, ground: &Ground) -> Vec<Complex64> {
        let kernel = coupling.kernel();
        for (i, weight) in self.nodes.weight_re.iter_mut().enumerate() {
            *weight = self.measure[i] * kernel(self.nodes.u0_re[i], self.bessel[i]);
        }
        ground.respond(&self.nodes)
    }
}

#[cfg(test)]
mod tests;
