//! Comparison of Reference accuracy with a calculation that shares nothing with it: plane waves averaged over their
//! directions instead of Bessel functions, reflection coefficients passed upwards instead of admittances, harmonics of
//! the waveform instead of closed forms in time, a dense response instead of a fit.
//!
//! A dipole n at height H above the ground has, below it, the potential of plane waves exp(i k (x cos a + y sin a) + k
//! z); each is reflected as -r exp(-k z). A receiver at (x, y, Z) that measures along e records, averaged over the
//! directions a,
//!
//! ```text
//! h = -1/(4 pi) int_0^inf r k^2 exp(-k (Z + H)) < (i n_a + n_z)(i e_a - e_z) exp(i k (x cos a + y sin a)) > dk
//! ```
//!
//! n_a and e_a being the parts along the wave.

use std::f64::consts::PI;

use geobipy::constants::MU_0;
use num_complex::Complex64;

use super::*;
use crate::support::assert_close;
use GeometryParameter::{Height, RxPitch, RxRoll, RxYaw, TxPitch, TxRoll, TxRxDx, TxRxDy, TxRxDz};

/// Tolerance of Reference, relative to the datum or, where that is small, to a hundredth of the component's largest.
const TOLERANCE: f64 = 1e-6;
const SMALL: f64 = 1e-2;

const WAVENUMBERS: usize = 2000;
const DIRECTIONS: usize = 256;
const FREQUENCIES_PER_DECADE: f64 = 50.0;

type Vector = [f64; 3];

/// `v` turned by `degrees` about axis 0, 1 or 2, counter-clockwise when the axis points to the observer.
fn turned(v: Vector, axis: usize, degrees: f64) -> Vector {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (i, j) = ((axis + 1) % 3, (axis + 2) % 3);
    let mut to = v;
    (to[i], to[j]) = (cos * v[i] - sin * v[j], sin * v[i] + cos * v[j]);
    to
}

/// An axis of a coil after the coil has been turned by yaw, then pitch, then roll.
fn axis_of(unit: usize, geometry: &Geometry, roll: GeometryParameter, pitch: GeometryParameter, yaw: f64) -> Vector {
    let mut axis = [0.0; 3];
    axis[unit] = 1.0;
    turned(turned(turned(axis, 2, yaw), 1, geometry.get(pitch)), 0, geometry.get(roll))
}

/// r of the ground from the reflection coefficients of its interfaces, from the bottom up.
fn reflection(wavenumber: f64, omega: f64, earth: &LayeredEarth) -> Complex64 {
    let sigma: Vec<f64> = earth.ln_conductivity().iter().map(|m| m.exp()).collect();
    let u = |layer: usize| Complex64::new(wavenumber * wavenumber, omega * MU_0 * sigma[layer]).sqrt();
    let mut from_below = Complex64::ZERO;
    for layer in (0..sigma.len()).rev() {
        let (above, sigma_above) =
            if layer == 0 { (Complex64::from(wavenumber), 0.0) } else { (u(layer - 1), sigma[layer - 1]) };
        // (u_above - u) / (u_above + u) without a difference
        let contrast = Complex64::new(0.0, omega * MU_0 * (sigma_above - sigma[layer]));
        let interface = contrast / (above + u(layer)).powu(2);
        let thickness_m = earth.thickness_m(layer);
        let through = if thickness_m.is_finite() { (-2.0 * u(layer) * thickness_m).exp() } else { Complex64::ZERO };
        from_below = (interface + from_below * through) / (1.0 + interface * from_below * through);
    }
    from_below
}

/// Wavenumbers with their weights for one receiver axis: the whole integrand without r.
fn weights(geometry: &Geometry, n: Vector, e: Vector, loop_radius_m: f64) -> Vec<(f64, f64)> {
    let [x, y, dz] = geometry.offset_m();
    let path_m = 2.0 * geometry.height_m() + dz;
    let (first, last) = ((1e-5 / path_m).ln(), (60.0 / path_m).ln());
    let step = (last - first) / (WAVENUMBERS - 1) as f64;
    let weight = |i: usize| {
        let k = (first + step * i as f64).exp();
        let wave = |direction: usize| {
            let (sin, cos) = (2.0 * PI * direction as f64 / DIRECTIONS as f64).sin_cos();
            let (n_a, e_a) = (n[0] * cos + n[1] * sin, e[0] * cos + e[1] * sin);
            let couplings = Complex64::new(n[2], n_a) * Complex64::new(-e[2], e_a);
            couplings * Complex64::new(0.0, k * (x * cos + y * sin)).exp()
        };
        let mean = (0..DIRECTIONS).map(wave).sum::<Complex64>().re / DIRECTIONS as f64;
        let radius = k * loop_radius_m;
        let of_loop = if radius > 0.0 { 2.0 * libm::j1(radius) / radius } else { 1.0 };
        (k, -of_loop * k.powi(3) * step * (-k * path_m).exp() * mean / (4.0 * PI))
    };
    (0..WAVENUMBERS).map(weight).collect()
}

/// The response at equal steps of log10 of frequency.
struct Response {
    first: f64,
    values: Vec<Complex64>,
}

impl Response {
    fn new(lowest_hz: f64, highest_hz: f64, at: impl Fn(f64) -> Complex64) -> Self {
        let first = lowest_hz.log10() - 5.0 / FREQUENCIES_PER_DECADE;
        let count = ((highest_hz.log10() - first) * FREQUENCIES_PER_DECADE) as usize + 6;
        let value = |i: usize| at(10_f64.powf(first + i as f64 / FREQUENCIES_PER_DECADE));
        Self { first, values: (0..count).map(value).collect() }
    }

    /// Interpolates with the polynomial through the six nearest values.
    fn at(&self, frequency_hz: f64) -> Complex64 {
        let position = (frequency_hz.log10() - self.first) * FREQUENCIES_PER_DECADE;
        let start = (position as usize).saturating_sub(2).min(self.values.len() - 6);
        let x = position - start as f64;
        let factor =
            |i: usize| -> f64 { (0..6).filter(|&j| j != i).map(|j| (x - j as f64) / (i as f64 - j as f64)).product() };
        (0..6).map(|i| self.values[start + i] * factor(i)).sum()
    }
}

/// The coefficient of exp(i w t) of the current, which changes sign every half period, from its slopes.
fn coefficient(system: &TdemSystem, omega: f64) -> Complex64 {
    let half_period_s = system.half_period_s();
    let end_s = system.waveform.time_s[0] + half_period_s * (1.0 + 1e-6);
    let points: Vec<(f64, f64)> =
        system.waveform.time_s.iter().copied().zip(system.waveform.value.iter().copied()).collect();
    let turn = |t: f64| Complex64::new(0.0, -omega * t).exp();
    let pieces = points.windows(2).filter(|pair| pair[1].0 <= end_s);
    let of_slopes: Complex64 = pieces
        .map(|pair| (pair[1].1 - pair[0].1) / (pair[1].0 - pair[0].0) * (turn(pair[0].0) - turn(pair[1].0)))
        .sum();
    of_slopes / (half_period_s * Complex64::new(0.0, omega).powu(2))
}

/// What the gates record of a component.
fn record(system: &TdemSystem, response: &Response, highest_hz: f64) -> Vec<f64> {
    let mut data = vec![0.0; system.gates.len()];
    let mut order = 1.0;
    while order * system.base_frequency_hz <= highest_hz {
        let frequency_hz = order * system.base_frequency_hz;
        let i_omega = Complex64::new(0.0, 2.0 * PI * frequency_hz);
        let mut at_zero = MU_0 * system.peak_moment() * response.at(frequency_hz) * coefficient(system, i_omega.im);
        // GA-AEM's B has the sign of the reversed current.
        at_zero *= if system.output == Output::B { Complex64::from(-1.0) } else { i_omega };
        for filter in &system.low_pass_filters {
            at_zero /= Complex64::new(1.0, frequency_hz / filter.cutoff_hz).powu(filter.order);
        }
        for (datum, gate) in data.iter_mut().zip(&system.gates) {
            let mean = ((i_omega * gate.end_s).exp() - (i_omega * gate.start_s).exp())
                / (i_omega * (gate.end_s - gate.start_s));
            *datum += 2.0 * (at_zero * mean).re;
        }
        order += 2.0;
    }
    data
}

fn brute_force(system: &TdemSystem, earth: &LayeredEarth, geometry: &Geometry, highest_hz: f64) -> Vec<f64> {
    let n = axis_of(2, geometry, TxRoll, TxPitch, 0.0);
    let of_component = |axis: Axis| {
        let e = axis_of(axis as usize, geometry, RxRoll, RxPitch, geometry.get(RxYaw));
        let weights = weights(geometry, n, e, system.loop_radius_m);
        let response = Response::new(system.base_frequency_hz, highest_hz, |frequency_hz| {
            weights.iter().map(|&(k, weight)| weight * reflection(k, 2.0 * PI * frequency_hz, earth)).sum()
        });
        let scale = system.output_scaling[axis as usize];
        record(system, &response, highest_hz).into_iter().map(move |datum| scale * datum).collect::<Vec<f64>>()
    };
    system.components().into_iter().flat_map(of_component).collect()
}

/// Keeps the first, a middle and the last gate, because there are many harmonics.
fn with_few_gates(mut system: TdemSystem) -> TdemSystem {
    let last = system.gates.len() - 1;
    system.gates = [0, last / 2, last].map(|i| system.gates[i]).to_vec();
    system
}

fn check(system: TdemSystem, geometry: &Geometry, highest_hz: f64) {
    let system = with_few_gates(with_all_components(system));
    let gate_count = system.gates.len();
    let instrument = instrument_of(vec![system.clone()]);
    for earth in [earth(&[0.05], &[]), earth(&[0.01, 0.3, 0.002], &[12.0, 25.0])] {
        let got = predict(&instrument, Accuracy::Reference, &earth, geometry);
        let expected = brute_force(&system, &earth, geometry, highest_hz);
        for (channel, (got, expected_datum)) in got.iter().zip(&expected).enumerate() {
            let of_component = &expected[channel / gate_count * gate_count..][..gate_count];
            let largest = of_component.iter().fold(0.0, |largest: f64, d| largest.max(d.abs()));
            let what = format!("{}, {} layers, channel {channel}", system.name, earth.layer_count());
            let error = (got - expected_datum).abs() / expected_datum.abs().max(SMALL * largest);
            println!("{what}: {got:e}, off by {error:.1e}");
            assert_close(*got, *expected_datum, TOLERANCE, TOLERANCE * SMALL * largest, &what);
        }
    }
}

fn turned_coils(height_m: f64, offset_m: [f64; 3]) -> Geometry {
    geometry(&[
        (Height, height_m),
        (TxRoll, 4.0),
        (TxPitch, -7.0),
        (TxRxDx, offset_m[0]),
        (TxRxDy, offset_m[1]),
        (TxRxDz, offset_m[2]),
        (RxRoll, 6.0),
        (RxPitch, 3.0),
        (RxYaw, -9.0),
    ])
}

/// Would catch: a reference that is precise but wrong: signs, rotations, waveform, filters, gates, loop.
#[test]
fn a_helicopter_system_is_right() {
    check(example("helicopter_lm.stm"), &turned_coils(35.0, [-13.0, 4.0, 2.0]), 10e6);
}

/// Would catch: such errors for the B field of a current that is never off.
#[test]
fn a_fixed_wing_system_is_right() {
    check(example("fixed_wing.stm"), &turned_coils(110.0, [-115.0, 5.0, -40.0]), 20e6);
}
