//! Sums of the TE reflection coefficient over quadrature nodes, frequency by frequency; `stack` has the recursion.
//!
//! This file has no closures: they would not be compiled for the processor features of the function into which they are
//! inlined.

use num_complex::Complex64;

use super::complex::Complex;
use super::lanes::{Lanes, Processor, on_processor};
use super::stack::{NodePoints, load_sweep, reflection, sweep_len, sweep_up};

/// The number of nodes of one frequency is a multiple of this.
pub(super) const NODE_BLOCK: usize = 8;

/// Quadrature nodes and weights, frequency by frequency.
#[derive(Debug, Clone, Default)]
pub(super) struct Nodes {
    /// Nodes per frequency, a multiple of [`NODE_BLOCK`].
    pub(super) per_frequency: usize,
    /// w mu_0 of each frequency, rad/s H/m.
    pub(super) angular_mu: Vec<f64>,
    /// u_0 of each node, 1/m.
    pub(super) u0_re: Vec<f64>,
    pub(super) u0_im: Vec<f64>,
    /// Weight of the reflection coefficient at each node.
    pub(super) weight_re: Vec<f64>,
    pub(super) weight_im: Vec<f64>,
    /// True when the kernels may use approximate elementary functions.
    pub(super) rough: bool,
}

/// The results of the kernel for each frequency, for `layer_count` conductivities and one thickness fewer.
#[derive(Debug, Clone, Default)]
pub(super) struct Response {
    /// Weighted sum of the reflection coefficient.
    pub(super) sum: Vec<Complex64>,
    /// Derivative of `sum` by ln conductivity, `[frequency][layer]`.
    pub(super) by_ln_conductivity: Vec<Complex64>,
    /// Derivative of `sum` by thickness, `[frequency][layer]`, without the halfspace.
    pub(super) by_thickness: Vec<Complex64>,
    /// Derivative of `sum` by height: the sum with weights times -2 u_0.
    pub(super) by_height: Vec<Complex64>,
    /// Work space of the upward sweep.
    sweep: Vec<f64>,
}

/// Sets the weights to `at_ground`, real and imaginary part, times exp(-2 u_0 `height_m`).
pub(super) fn set_height(nodes: &mut Nodes, at_ground: &[Vec<f64>; 2], height_m: f64) {
    nodes.weight_re.resize(nodes.u0_re.len(), 0.0);
    nodes.weight_im.resize(nodes.u0_re.len(), 0.0);
    set_height_on::<true>(Processor::this(), nodes, at_ground, height_m);
}

/// Fills `response.sum` for layers of `conductivity` S/m and `thickness_m`.
pub(super) fn respond(nodes: &Nodes, conductivity: &[f64], thickness_m: &[f64], response: &mut Response) {
    response.sum.resize(nodes.angular_mu.len(), Complex64::default());
    let respond = if nodes.rough { respond_on::<false> } else { respond_on::<true> };
    respond(Processor::this(), nodes, conductivity, thickness_m, response);
}

/// Fills all of `response`.
pub(super) fn respond_with_derivatives(
    nodes: &Nodes,
    conductivity: &[f64],
    thickness_m: &[f64],
    response: &mut Response,
) {
    let frequency_count = nodes.angular_mu.len();
    response.sum.resize(frequency_count, Complex64::default());
    response.by_height.resize(frequency_count, Complex64::default());
    response.by_ln_conductivity.resize(frequency_count * conductivity.len(), Complex64::default());
    response.by_thickness.resize(frequency_count * thickness_m.len(), Complex64::default());
    let derive = if nodes.rough { derivatives_on::<false> } else { derivatives_on::<true> };
    derive(Processor::this(), nodes, conductivity, thickness_m, response);
}

on_processor!(fn set_height_on = set_height_with(nodes: &mut Nodes, at_ground: &[Vec<f64>; 2], height_m: f64));
on_processor!(fn respond_on = respond_with(
    nodes: &Nodes, conductivity: &[f64], thickness_m: &[f64], response: &mut Response
));
on_processor!(fn derivatives_on = derivatives_with(
    nodes: &Nodes, conductivity: &[f64], thickness_m: &[f64], response: &mut Response
));

/// Loads the points of one block of nodes and their weights.
#[inline(always)]
fn load<L: Lanes>(nodes: &Nodes, frequency: usize, start: usize) -> (NodePoints<L, false>, Complex<L>) {
    let start = frequency * nodes.per_frequency + start;
    let u0 = Complex::load(&nodes.u0_re[start..], &nodes.u0_im[start..]);
    let weight = Complex::load(&nodes.weight_re[start..], &nodes.weight_im[start..]);
    (NodePoints::new(u0, L::splat(nodes.angular_mu[frequency])), weight)
}

#[inline(always)]
fn set_height_with<L: Lanes>(nodes: &mut Nodes, at_ground: &[Vec<f64>; 2], height_m: f64) {
    for start in (0..nodes.u0_re.len()).step_by(L::N) {
        let u0 = Complex::<L>::load(&nodes.u0_re[start..], &nodes.u0_im[start..]);
        let ground = Complex::load(&at_ground[0][start..], &at_ground[1][start..]);
        let weight = u0.scale(L::splat(-2.0 * height_m)).exp().mul(ground);
        weight.re.store(&mut nodes.weight_re[start..]);
        weight.im.store(&mut nodes.weight_im[start..]);
    }
}

#[inline(always)]
fn respond_with<L: Lanes>(nodes: &Nodes, conductivity: &[f64], thickness_m: &[f64], response: &mut Response) {
    for frequency in 0..nodes.angular_mu.len() {
        let (mut sum_re, mut sum_im) = (L::splat(0.0), L::splat(0.0));
        for start in (0..nodes.per_frequency).step_by(L::N) {
            let (points, weight) = load::<L>(nodes, frequency, start);
            let r = reflection(&points, conductivity, thickness_m).mul(weight);
            sum_re = sum_re.add(r.re);
            sum_im = sum_im.add(r.im);
        }
        response.sum[frequency] = Complex64::new(sum_re.sum(), sum_im.sum());
    }
}

#[inline(always)]
fn derivatives_with<L: Lanes>(nodes: &Nodes, conductivity: &[f64], thickness_m: &[f64], response: &mut Response) {
    let halfspace = thickness_m.len();
    let layer_count = conductivity.len();
    let mut sweep = std::mem::take(&mut response.sweep);
    sweep.resize(layer_count * sweep_len::<L>(), 0.0);
    response.by_ln_conductivity.fill(Complex64::default());
    response.by_thickness.fill(Complex64::default());
    for frequency in 0..nodes.angular_mu.len() {
        let by_ln_conductivity = &mut response.by_ln_conductivity[frequency * layer_count..][..layer_count];
        let by_thickness = &mut response.by_thickness[frequency * halfspace..][..halfspace];
        let (mut sum, mut height_sum) = (Complex64::default(), Complex64::default());
        for start in (0..nodes.per_frequency).step_by(L::N) {
            let (points, weight) = load::<L>(nodes, frequency, start);
            let b = sweep_up(&points, conductivity, thickness_m, &mut sweep);

            let inverse = points.u0.add(b).reciprocal();
            let weighted = points.u0.sub(b).mul(inverse).mul(weight);
            sum += total(weighted);
            height_sum += total(weighted.mul(points.u0).scale(L::splat(-2.0)));

            // d(weight * r)/db_1, then passed down layer by layer
            let mut handed = points.u0.mul(inverse).mul(inverse).mul(weight).scale(L::splat(-2.0));
            for layer in 0..halfspace {
                let [by_sigma, by_h, by_below] = load_sweep::<L>(&sweep[layer * sweep_len::<L>()..]);
                by_ln_conductivity[layer] += total(handed.mul(by_sigma));
                by_thickness[layer] += total(handed.mul(by_h));
                handed = handed.mul(by_below);
            }
            let [by_sigma, ..] = load_sweep::<L>(&sweep[halfspace * sweep_len::<L>()..]);
            by_ln_conductivity[halfspace] += total(handed.mul(by_sigma));
        }
        response.sum[frequency] = sum;
        response.by_height[frequency] = height_sum;
    }
    response.sweep = sweep;
}

#[inline(always)]
fn total<L: Lanes>(value: Complex<L>) -> Complex64 {
    Complex64::new(value.re.sum(), value.im.sum())
}
