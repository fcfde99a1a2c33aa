//! Frequency-domain response of coil pairs over a layered earth, with displacement currents in air and earth.
//!
//! The secondary field of a vertical magnetic dipole at a coplanar receiver is (Ward & Hohmann 1988, eq. 4.46)
//!
//! ```text
//! H = m/(4 pi) int_0^inf r_TE exp(-u_0 l) lambda^3/u_0 J_0(lambda rho) dlambda,   u_0^2 = lambda^2 - k_0^2
//! ```
//!
//! where l is the path up and down, and k_0 = w sqrt(mu_0 eps_0). Along the real axis of lambda the integrand is
//! singular at k_0, and digital filters are inaccurate there at 100 kHz. With u_0 as variable, lambda^3/u_0 dlambda =
//! lambda^2 du_0, and nothing is singular near the path from i k_0 to infinity: the poles and branch cuts of the
//! reflection coefficient are where Im lambda^2 <= 0, that is below the real axis. The integral is therefore taken
//! along the straight line u_0 = i k_0 + x, x = 0..inf, by a trapezoid rule in t with ln x = t - c exp(-t), which
//! converges geometrically. The nodes depend only on geometry and frequency, so Bessel functions and exponentials
//! become weights that are computed once per sounding.
//!
//! For any pair of axes the TE part is (from the same potentials, ibid., eq. 4.43 to 4.46 and 4.117 to 4.119; the first
//! letter is the transmitter, c is the offset along the horizontal axis)
//!
//! ```text
//! zz:     int r_TE exp(-u_0 l) lambda^2 J_0 du_0
//! zx, zy: int r_TE exp(-u_0 l) (c/rho) u_0 lambda J_1 du_0, and xz, yz with the opposite sign
//! xx, yy: int r_TE exp(-u_0 l) (u_0/lambda)^2 [c^2/rho^2 A + (1 - c^2/rho^2) B] du_0,
//!         A = lambda^2 J_0 - B,  B = lambda/rho J_1
//! ```
//!
//! An xx pair in line, the coaxial coils of a bird, has int r_TE exp(-u_0 l) (u_0/lambda) A du_0, in which k_0 is 0 beside
//! lambda, and no TM part. Both together change its data by about k_0^2 rho^3 / (4 l) of the primary field, 0.01 ppm for 9 m at
//! 3 kHz.
//!
//! The coils of other xx and yy pairs also have a TM part. It is about k_0^2 rho^3 / (2 l) of the primary field for vertical
//! coplanar coils (10 ppm for the wings of an aircraft, 21 m, at 25 kHz). Ground conducts so much better than air that its TM reflection coefficient is 1 but for
//! 2 u_1/u_0 w eps_0/sigma, so that the part depends on height alone:
//!
//! ```text
//! k_0^2 int exp(-u_0 l) lambda^-2 [(1 - c^2/rho^2) A + c^2/rho^2 B] du_0
//! ```

use num_complex::Complex64;

use super::bessel::bessel_j;
use super::reflection::{NODE_BLOCK, Nodes, Response, respond, respond_with_derivatives, set_height};
use super::{Accuracy, EarthResponse, ForwardModel, Sensitivity};
use crate::constants::{EPSILON_0, MU_0};
use crate::earth::LayeredEarth;
use crate::system::{Axis, CoilPair, FdemSystem, Geometry, GeometryParameter};

/// Returns nodes per frequency, first and last t, and the parameter c, all found by search over the models of the
/// accuracy test. `crowded` means that the path is short compared with the coil separation, so that the Bessel
/// functions oscillate where the exponential is still large.
fn rule(accuracy: Accuracy, crowded: bool) -> (usize, f64, f64, f64) {
    match accuracy {
        _ if crowded => rule(Accuracy::Reference, false),
        Accuracy::Coarse => (8, -2.51, 2.46, 0.11),
        Accuracy::Standard => (16, -4.0, 2.8, 0.05),
        Accuracy::High => (24, -4.0, 3.2, 0.05),
        Accuracy::Reference => (96, -6.0, 4.2, 0.02),
    }
}

/// Forward model of one frequency-domain system at one sounding.
#[derive(Debug, Clone)]
pub struct FdemForward {
    pairs: Vec<PairConstants>,
    accuracy: Accuracy,
    first_height_m: f64,
    /// Nodes for each range of heights used so far.
    placements: Vec<FdemPlacement>,
    /// Index of the placement for the current height.
    current: usize,
    conductivity: Vec<f64>,
    thickness_m: Vec<f64>,
    response: Response,
}

/// Nodes for heights near the first height times [`HEIGHT_STEP`] to the power `step`, with weights for one height.
#[derive(Debug, Clone)]
struct FdemPlacement {
    step: i32,
    nodes: Nodes,
    /// Real and imaginary parts of the weights, without the factor that depends on height.
    at_ground: [Vec<f64>; 2],
    /// For each coil pair u_0 and the weights of the TM part without the factor that depends on height; empty for pairs
    /// without a TM part.
    tm_at_ground: Vec<Vec<[Complex64; 2]>>,
    /// The TM part of each coil pair, and its derivative by height.
    tm: Vec<[Complex64; 2]>,
    height_m: f64,
}

impl FdemPlacement {
    /// Sets all that depends on height.
    fn set_height(&mut self, height_m: f64) {
        self.height_m = height_m;
        set_height(&mut self.nodes, &self.at_ground, height_m);
        let at_height = |nodes: &Vec<[Complex64; 2]>| {
            nodes.iter().fold([Complex64::ZERO; 2], |[sum, by_height], &[u0, weight]| {
                let term = weight * (-2.0 * height_m * u0).exp();
                [sum + term, by_height - 2.0 * u0 * term]
            })
        };
        self.tm.clear();
        self.tm.extend(self.tm_at_ground.iter().map(at_height));
    }

    /// Adds the TM parts to the sums of a response.
    fn add_tm(&self, response: &mut Response) {
        response.sum.iter_mut().zip(&self.tm).for_each(|(sum, [tm, _])| *sum += tm);
    }
}

/// Path up and down, in coil separations, below which the integrals need more nodes.
const SHORT_PATH: f64 = 2.2;

/// Ratio of heights between two placements of nodes; each placement serves heights within 5 %.
const HEIGHT_STEP: f64 = 1.1;

impl FdemForward {
    /// Makes a model of `system` for a bird that is mostly near `height_m` above ground. The first prediction from a
    /// height that differs by more than 5 % computes new nodes.
    pub fn new(system: &FdemSystem, height_m: f64, accuracy: Accuracy) -> Self {
        let mut forward = Self {
            pairs: system.coil_pairs.iter().map(PairConstants::new).collect(),
            accuracy,
            first_height_m: height_m,
            placements: Vec::new(),
            current: 0,
            conductivity: Vec::new(),
            thickness_m: Vec::new(),
            response: Response::default(),
        };
        forward.placements.push(forward.place(0));
        forward.set_height(height_m);
        forward
    }

    /// Returns nodes for the heights of `step`, without a height in the weights.
    fn place(&self, step: i32) -> FdemPlacement {
        let height_m = self.first_height_m * HEIGHT_STEP.powi(step);
        let crowded = self.pairs.iter().any(|g| 2.0 * height_m + g.extra_path_m < SHORT_PATH * g.separation_m);
        let (per_frequency, first, last, stretch) = rule(self.accuracy, crowded);
        debug_assert_eq!(per_frequency % NODE_BLOCK, 0);
        let mut nodes = Nodes { per_frequency, rough: !self.accuracy.needs_full_precision(), ..Nodes::default() };
        let mut at_ground = [const { Vec::new() }; 2];
        let mut tm_at_ground = Vec::new();
        let interval = (last - first) / (per_frequency - 1) as f64;
        for pair in &self.pairs {
            nodes.angular_mu.push(pair.angular_frequency * MU_0);
            let length_m = 2.0 * height_m + pair.extra_path_m;
            let mut tm = Vec::new();
            for i in 0..per_frequency {
                let t = first + i as f64 * interval;
                let end = if i == 0 || i == per_frequency - 1 { 0.5 } else { 1.0 };
                let x = (t - stretch * (-t).exp()).exp() / length_m;
                let dx = end * interval * (1.0 + stretch * (-t).exp()) * x;
                let u0 = Complex64::new(x, pair.wavenumber);
                nodes.u0_re.push(u0.re);
                nodes.u0_im.push(u0.im);
                let weight = pair.weight(u0) * dx;
                at_ground[0].push(weight.re);
                at_ground[1].push(weight.im);
                tm.extend(pair.tm_weight(u0).map(|weight| [u0, weight * dx]));
            }
            tm_at_ground.push(tm);
        }
        FdemPlacement { step, nodes, at_ground, tm_at_ground, tm: Vec::new(), height_m: f64::NAN }
    }

    /// Sets the height of the weights to `height_m`. The result does not depend on earlier heights.
    fn set_height(&mut self, height_m: f64) {
        if self.placements[self.current].height_m == height_m {
            return;
        }
        let step = ((height_m / self.first_height_m).ln() / HEIGHT_STEP.ln()).round() as i32;
        self.current = self.placements.iter().position(|p| p.step == step).unwrap_or_else(|| {
            self.placements.push(self.place(step));
            self.placements.len() - 1
        });
        let placement = &mut self.placements[self.current];
        if placement.height_m != height_m {
            placement.set_height(height_m);
        }
    }

    fn set_earth(&mut self, earth: &LayeredEarth) {
        self.conductivity.clear();
        self.conductivity.extend(earth.ln_conductivity().iter().map(|m| m.exp()));
        self.thickness_m.clear();
        self.thickness_m.extend((0..earth.layer_count() - 1).map(|layer| earth.thickness_m(layer)));
    }
}

impl ForwardModel for FdemForward {
    fn channel_count(&self) -> usize {
        2 * self.pairs.len()
    }

    fn predict(&mut self, earth: &LayeredEarth, geometry: &Geometry, _: &mut EarthResponse, predicted: &mut [f64]) {
        self.set_height(geometry.height_m());
        self.set_earth(earth);
        let placement = &self.placements[self.current];
        respond(&placement.nodes, &self.conductivity, &self.thickness_m, &mut self.response);
        placement.add_tm(&mut self.response);
        write_channels(&self.response.sum, predicted);
    }

    /// The sums depend on height inside the kernel, so that nothing of `response` can be reused.
    fn predict_moved(&mut self, earth: &LayeredEarth, geometry: &Geometry, _: &EarthResponse, predicted: &mut [f64]) {
        self.predict(earth, geometry, &mut EarthResponse::default(), predicted);
    }

    fn predict_with_sensitivity(
        &mut self,
        earth: &LayeredEarth,
        geometry: &Geometry,
        predicted: &mut [f64],
        sensitivity: &mut Sensitivity,
    ) {
        self.set_height(geometry.height_m());
        self.set_earth(earth);
        let placement = &self.placements[self.current];
        respond_with_derivatives(&placement.nodes, &self.conductivity, &self.thickness_m, &mut self.response);
        placement.add_tm(&mut self.response);
        write_channels(&self.response.sum, predicted);

        let layer_count = earth.layer_count();
        let interface_count = layer_count - 1;
        let frequency_count = self.pairs.len();
        sensitivity.resize(2 * frequency_count, layer_count);
        for frequency in 0..frequency_count {
            let by_ln = &self.response.by_ln_conductivity[frequency * layer_count..][..layer_count];
            let by_thickness = &self.response.by_thickness[frequency * interface_count..][..interface_count];
            let in_phase: Part = |z| z.re;
            let quadrature: Part = |z| z.im;
            for (channel, part) in [(frequency, in_phase), (frequency + frequency_count, quadrature)] {
                let (ln_row, depth_row, geometry_row) = sensitivity.row_mut(channel);
                for (to, from) in ln_row.iter_mut().zip(by_ln) {
                    *to = part(from);
                }
                // A deeper interface makes its layer thicker and the one below thinner.
                for (i, to) in depth_row.iter_mut().enumerate() {
                    *to = part(&by_thickness[i]) - by_thickness.get(i + 1).map_or(0.0, part);
                }
                geometry_row.fill(0.0);
                let by_height = self.response.by_height[frequency] + placement.tm[frequency][1];
                geometry_row[GeometryParameter::Height.index()] = part(&by_height);
            }
        }
    }
}

/// Takes the in-phase or the quadrature part of a complex response.
type Part = fn(&Complex64) -> f64;

/// Writes the in-phase parts of all frequencies, then all quadratures.
fn write_channels(response: &[Complex64], channels: &mut [f64]) {
    let (in_phase, quadrature) = channels.split_at_mut(response.len());
    for ((re, im), z) in in_phase.iter_mut().zip(quadrature).zip(response) {
        *re = z.re;
        *im = z.im;
    }
}

/// A coil pair's constants in the weights.
#[derive(Debug, Clone)]
struct PairConstants {
    angular_frequency: f64,
    /// k_0 in rad/m.
    wavenumber: f64,
    /// Horizontal coil separation in m.
    separation_m: f64,
    /// Length of the path in m beyond twice the bird's height.
    extra_path_m: f64,
    axes: PairAxes,
    /// Product of ppm, moments and 1/primary field.
    scale: Complex64,
}

/// The axes of a coil pair, with what the weights need of its offset.
#[derive(Debug, Clone, Copy)]
enum PairAxes {
    /// zz.
    Vertical,
    /// xx, in line with the offset.
    InLine,
    /// xx or yy, with this squared cosine of the angle between axis and offset.
    Horizontal { cos2: f64 },
    /// A vertical and a horizontal axis, with this cosine of the angle between the horizontal axis and the offset; the
    /// opposite for a horizontal transmitter.
    Crossed { cos: f64 },
}

impl PairConstants {
    fn new(pair: &CoilPair) -> Self {
        let angular_frequency = 2.0 * std::f64::consts::PI * pair.frequency_hz;
        let wavenumber = angular_frequency * (MU_0 * EPSILON_0).sqrt();
        let offset_m: [f64; 3] = std::array::from_fn(|i| pair.rx_offset_m[i] - pair.tx_offset_m[i]);
        let separation_m = offset_m[0].hypot(offset_m[1]);
        let cos = |axis: Axis| offset_m[axis as usize] / separation_m;
        let axes = match (pair.tx_axis, pair.rx_axis) {
            (Axis::Z, Axis::Z) => PairAxes::Vertical,
            (Axis::Z, horizontal) => PairAxes::Crossed { cos: cos(horizontal) },
            (horizontal, Axis::Z) => PairAxes::Crossed { cos: -cos(horizontal) },
            (Axis::X, _) if offset_m[1] == 0.0 => PairAxes::InLine,
            (axis, _) => PairAxes::Horizontal { cos2: cos(axis).powi(2) },
        };
        Self {
            angular_frequency,
            wavenumber,
            separation_m,
            extra_path_m: pair.tx_offset_m[2] + pair.rx_offset_m[2],
            axes,
            scale: 1e6 * pair.tx_moment * pair.rx_moment / primary_field(pair, wavenumber, offset_m),
        }
    }

    /// Returns the weight of r_TE du_0 at `u0`, without exp(-2 u_0 height).
    fn weight(&self, u0: Complex64) -> Complex64 {
        let lambda_squared = u0 * u0 + self.wavenumber * self.wavenumber;
        let lambda = lambda_squared.sqrt();
        let field = match self.axes {
            PairAxes::Vertical => lambda_squared * bessel_j(0, lambda * self.separation_m),
            // lambda dlambda = u_0 du_0
            PairAxes::InLine => u0 / lambda * self.horizontal(lambda_squared, lambda)[0],
            PairAxes::Horizontal { cos2 } => {
                let [along, across] = self.horizontal(lambda_squared, lambda);
                u0 * u0 / lambda_squared * (cos2 * along + (1.0 - cos2) * across)
            }
            PairAxes::Crossed { cos } => cos * u0 * lambda * bessel_j(1, lambda * self.separation_m),
        };
        self.scale * field * (-u0 * self.extra_path_m).exp()
    }

    /// Returns the weight of du_0 in the TM part at `u0`, without exp(-2 u_0 height), if the pair has a TM part.
    fn tm_weight(&self, u0: Complex64) -> Option<Complex64> {
        let PairAxes::Horizontal { cos2 } = self.axes else { return None };
        let k2 = self.wavenumber * self.wavenumber;
        let lambda_squared = u0 * u0 + k2;
        let [along, across] = self.horizontal(lambda_squared, lambda_squared.sqrt());
        let field = k2 / lambda_squared * ((1.0 - cos2) * along + cos2 * across);
        Some(self.scale * field * (-u0 * self.extra_path_m).exp())
    }

    /// Returns A and B of the formulas for horizontal axes.
    fn horizontal(&self, lambda_squared: Complex64, lambda: Complex64) -> [Complex64; 2] {
        let across = lambda * bessel_j(1, lambda * self.separation_m) / self.separation_m;
        [lambda_squared * bessel_j(0, lambda * self.separation_m) - across, across]
    }
}

/// Returns 4 pi times the primary field of a unit transmitter along the receiver, in 1/m^3. Pairs of different axes have the
/// primary field of coplanar coils at their distance, because their own may be 0.
fn primary_field(pair: &CoilPair, wavenumber: f64, offset_m: [f64; 3]) -> Complex64 {
    let [dx, dy, dz] = offset_m;
    let along_m = if pair.tx_axis == pair.rx_axis { offset_m[pair.tx_axis as usize] } else { 0.0 };
    free_space_field(wavenumber, (dx * dx + dy * dy + dz * dz).sqrt(), along_m)
}

/// Returns 4 pi times the field along a unit magnetic dipole in free space, in 1/m^3, at distance `r_m`, of which
/// `along_m` is along the dipole (Jackson 1998, eq. 9.18 for a magnetic dipole, time dependence exp(+i w t)).
fn free_space_field(wavenumber: f64, r_m: f64, along_m: f64) -> Complex64 {
    let ikr = Complex64::new(0.0, wavenumber * r_m);
    let cos2 = (along_m / r_m).powi(2);
    let near = (3.0 * cos2 - 1.0) * (1.0 + ikr) / r_m.powi(3);
    let far = (1.0 - cos2) * wavenumber * wavenumber / r_m;
    (near + far) * (-ikr).exp()
}
