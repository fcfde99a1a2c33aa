//! The depth down to which the data of a sounding depend on the earth. It depends on the data and their noise, not on
//! the prior.
//!
//! For some samples of the posterior the earth below a depth z is changed, and the change of the data is compared with
//! their noise. The norm of a change, in standard deviations, is
//!
//! ```text
//! N(z) = sqrt( sum over active channels i of (change of datum i / standard deviation of datum i)^2 )
//! ```
//!
//! with the predicted data, the geometry and the errors of the sample. The depth of a sample, in m, is the deepest z
//! with N(z) = 1: a change of the whole earth below it changes chi-square by less than 1. There are two kinds of
//! changes:
//!
//! - **Investigation**: ln conductivity of the whole earth below z changes by 1, to first order. The change of datum i is
//!   the sum of its derivatives by ln conductivity over all layers below z. For these sums, layers are cut at the bounds
//!   of a fixed grid of depths.
//! - **Replacement**: a halfspace replaces the earth below z. Its conductivity is ten times or a tenth of the
//!   conductivity at z. The change is the difference of two predictions. N(z) is the smaller norm of the two halfspaces,
//!   because both must change the data.
//!
//! The first depth follows Christiansen & Auken (2012), A global measure for depth of investigation, Geophysics 77(4),
//! WB171-WB177, doi:10.1190/geo2011-0393.1, who also sum sensitivities over standard deviations from below up to a fixed
//! threshold. There are two differences. First, derivatives of a datum keep their signs when they are summed over
//! layers, so that the sum does not depend on how layers are cut; and channels add as squares, so that the threshold 1
//! is the noise itself and needs no calibration. Second, the depth is computed for samples of the posterior and not for
//! one model, so that it has percentiles.
//!
//! The grid is the same for all surveys and reaches far below all models: the depth may be greater than the deepest
//! interface that the prior allows.

use super::callback::Callback;
use super::likelihood::Likelihood;
use super::sample::{Sample, thinned};
use crate::earth::LayeredEarth;
use crate::forward::{EarthResponse, ForwardModel, Sensitivity};
use crate::quantiles::nearest;

/// Depths in m that are not exceeded by 5, 50 and 95 % of samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DepthPercentiles {
    /// 5th percentile, m.
    pub p05: f64,
    /// Median, m.
    pub p50: f64,
    /// 95th percentile, m.
    pub p95: f64,
}

/// Depths of investigation of a sounding, over its posterior.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DepthOfInvestigation {
    /// Deepest depth below which a change of ln conductivity by 1 changes the data as much as the noise, to first order.
    pub investigation: DepthPercentiles,
    /// Deepest depth below which a halfspace of another conductivity changes the data as much as the noise.
    pub replacement: DepthPercentiles,
}

/// Approximate number of samples used, all chains together. The error of their median is a fifth of the samples'
/// spread.
const SAMPLES: usize = 40;

/// First and last bound of the grid below the ground, m, and the number of bounds: each is 1.29 times the one above.
const FIRST_BOUND_M: f64 = 1.0;
const LAST_BOUND_M: f64 = 5_000.0;
const BOUND_COUNT: usize = 34;

/// Number of parts of a grid step in the search for the depth where the norm falls to 1.
const FINER: usize = 6;

/// Bisections in the search for the depth of a replacement; the remaining interval is at most a seventh of the depth,
/// and is interpolated.
const HALVINGS: usize = 6;

/// ln of the ratio between the conductivity of a replacing halfspace and the conductivity at its top.
const REPLACEMENTS: [f64; 2] = [std::f64::consts::LN_10, -std::f64::consts::LN_10];

impl DepthOfInvestigation {
    /// Computes the depths over the samples of `chains`, thinned; returns `None` when `callback` breaks. Uses no random
    /// numbers.
    pub(super) fn new(
        chains: &[Vec<Sample>],
        likelihood: &Likelihood,
        forward: &mut dyn ForwardModel,
        callback: &mut Callback<'_>,
    ) -> Option<Self> {
        let mut probe = Probe::new(likelihood, forward);
        let (mut investigation, mut replacement) = (Vec::new(), Vec::new());
        for (_, sample) in thinned(chains, SAMPLES.max(chains.len())) {
            investigation.push(probe.investigation_m(sample));
            replacement.push(probe.replacement_m(sample));
            if callback().is_break() {
                return None;
            }
        }
        Some(Self {
            investigation: DepthPercentiles::of(investigation),
            replacement: DepthPercentiles::of(replacement),
        })
    }
}

impl DepthPercentiles {
    /// Computes percentiles of at least one depth, by the nearest rank.
    fn of(mut depths_m: Vec<f64>) -> Self {
        depths_m.sort_by(f64::total_cmp);
        let at = |fraction| nearest(&depths_m, fraction).unwrap_or(f64::NAN);
        Self { p05: at(0.05), p50: at(0.50), p95: at(0.95) }
    }
}

/// The instrument and the data of a sounding, with work space for the computation.
struct Probe<'a> {
    likelihood: &'a Likelihood,
    forward: &'a mut dyn ForwardModel,
    /// Bounds of the grid, from the shallowest down.
    bounds_m: Vec<f64>,
    predicted: Vec<f64>,
    sensitivity: Sensitivity,
    response: EarthResponse,
}

impl<'a> Probe<'a> {
    fn new(likelihood: &'a Likelihood, forward: &'a mut dyn ForwardModel) -> Self {
        let step = (LAST_BOUND_M / FIRST_BOUND_M).ln() / (BOUND_COUNT - 1) as f64;
        let below = (0..BOUND_COUNT).map(|i| FIRST_BOUND_M * (i as f64 * step).exp());
        Self {
            likelihood,
            predicted: vec![0.0; forward.channel_count()],
            forward,
            bounds_m: below.collect(),
            sensitivity: Sensitivity::default(),
            response: EarthResponse::default(),
        }
    }

    fn investigation_m(&mut self, sample: &Sample) -> f64 {
        let coarse = self.cumulative_sensitivity(sample, &self.bounds_m.clone());
        let Some((above, below)) = last_crossing(&coarse) else {
            return if coarse.iter().all(|&(_, norm)| norm < 1.0) { 0.0 } else { LAST_BOUND_M };
        };
        // The norm is not a straight line within a step of the grid.
        let bounds_m: Vec<f64> = (0..=FINER).map(|i| between(above.0, below.0, i as f64 / FINER as f64)).collect();
        let fine = self.cumulative_sensitivity(sample, &bounds_m[1..FINER]);
        let inside: Vec<_> = fine.into_iter().filter(|(depth_m, _)| (above.0..=below.0).contains(depth_m)).collect();
        last_crossing(&[&[above], &inside[..], &[below]].concat())
            .map_or(above.0, |(above, below)| crossing_m(above, below))
    }

    /// Returns depth in m and norm of a change of ln conductivity by 1 below the depth, to first order. The depths are
    /// `bounds_m` and all interfaces of the sample, where the norm has kinks.
    fn cumulative_sensitivity(&mut self, sample: &Sample, bounds_m: &[f64]) -> Vec<(f64, f64)> {
        let earth = cut(&sample.earth, bounds_m);
        self.forward.predict_with_sensitivity(&earth, &sample.geometry, &mut self.predicted, &mut self.sensitivity);
        let mut squares = vec![0.0; earth.layer_count()];
        for (&channel, variance) in self.likelihood.active_channels().iter().zip(variances(self.likelihood, sample)) {
            let mut sum = 0.0;
            for (square, derivative) in squares.iter_mut().zip(self.sensitivity.by_ln_conductivity(channel)).rev() {
                sum += derivative;
                *square += sum * sum / variance;
            }
        }
        squares.iter().enumerate().map(|(layer, square)| (earth.top_m(layer), square.sqrt())).collect()
    }

    /// Returns the depth of the replacement. Layers are searched from below. Within a layer the norm falls with depth.
    /// At interfaces it jumps, and it is small where the earth below resembles the replacement; that must not hide
    /// deeper parts that change the data.
    fn replacement_m(&mut self, sample: &Sample) -> f64 {
        let earth = &sample.earth;
        let mut bottom_m = LAST_BOUND_M;
        for layer in (0..earth.layer_count()).rev().filter(|&layer| earth.top_m(layer) < LAST_BOUND_M) {
            let top_m = earth.top_m(layer);
            let norm = self.replacement_norm(sample, layer, top_m);
            if norm >= 1.0 {
                return self.replacement_within(sample, layer, (top_m, norm), bottom_m);
            }
            bottom_m = top_m;
        }
        0.0
    }

    /// Returns the depth by bisection between a depth in `layer` where the norm is at least 1 and the bottom of the
    /// layer.
    fn replacement_within(&mut self, sample: &Sample, layer: usize, top: (f64, f64), bottom_m: f64) -> f64 {
        let mut noticed = top;
        let mut unnoticed = (bottom_m, self.replacement_norm(sample, layer, bottom_m));
        if unnoticed.1 >= 1.0 {
            return bottom_m;
        }
        for _ in 0..HALVINGS {
            let depth_m = between(noticed.0, unnoticed.0, 0.5);
            let norm = self.replacement_norm(sample, layer, depth_m);
            *(if norm >= 1.0 { &mut noticed } else { &mut unnoticed }) = (depth_m, norm);
        }
        crossing_m(noticed, unnoticed)
    }

    /// Returns the smaller norm of the two replacements of the earth below `depth_m`, which is in `layer`.
    fn replacement_norm(&mut self, sample: &Sample, layer: usize, depth_m: f64) -> f64 {
        let norms = REPLACEMENTS.map(|ln_ratio| {
            let earth = replaced(&sample.earth, layer, depth_m, ln_ratio);
            self.forward.predict(&earth, &sample.geometry, &mut self.response, &mut self.predicted);
            let change = |(&channel, variance): (&usize, f64)| {
                (self.predicted[channel] - sample.predicted[channel]).powi(2) / variance
            };
            let channels = self.likelihood.active_channels().iter().zip(variances(self.likelihood, sample));
            channels.map(change).sum::<f64>().sqrt()
        });
        norms[0].min(norms[1])
    }
}

/// Returns the variance of each active channel with the errors of `sample`.
fn variances<'a>(likelihood: &'a Likelihood, sample: &'a Sample) -> impl Iterator<Item = f64> + 'a {
    likelihood.variances_with(&sample.predicted, &sample.relative_error, &sample.additive_error)
}

/// Returns the deepest pair of neighbours where the upper norm is at least 1 and the lower norm is below 1.
fn last_crossing(norms: &[(f64, f64)]) -> Option<((f64, f64), (f64, f64))> {
    let deepest = norms.iter().rposition(|&(_, norm)| norm >= 1.0)?;
    norms.get(deepest + 1).map(|&below| (norms[deepest], below))
}

/// Returns the depth at which the norm falls to 1, from (depth in m, norm) above and below it: ln of the norm is linear
/// in ln(depth + 1 m).
fn crossing_m(above: (f64, f64), below: (f64, f64)) -> f64 {
    // A norm of zero has no logarithm; any tiny number is far below 1.
    let below_norm = below.1.max(f64::MIN_POSITIVE);
    between(above.0, below.0, above.1.ln() / (above.1 / below_norm).ln())
}

/// Returns the depth at a fraction of the way from one depth to another, linear in ln(depth + 1 m).
fn between(top_m: f64, bottom_m: f64, part: f64) -> f64 {
    let (top, bottom) = (top_m.ln_1p(), bottom_m.ln_1p());
    (top + part * (bottom - top)).exp_m1()
}

/// Returns the same earth with its layers cut at `bounds_m`.
fn cut(earth: &LayeredEarth, bounds_m: &[f64]) -> LayeredEarth {
    let mut cut = earth.clone();
    for &bound_m in bounds_m.iter().filter(|&bound_m| !earth.interface_depth_m().contains(bound_m)) {
        cut.insert(bound_m);
    }
    cut
}

/// Returns the earth down to `depth_m`, which is in `layer`, over a halfspace with the conductivity of this layer times
/// exp(`ln_ratio`).
fn replaced(earth: &LayeredEarth, layer: usize, depth_m: f64, ln_ratio: f64) -> LayeredEarth {
    let mut replaced = earth.clone();
    while replaced.layer_count() > layer + 1 {
        replaced.remove(replaced.layer_count() - 2);
    }
    if depth_m > replaced.top_m(layer) {
        replaced.insert(depth_m);
    }
    let (_, values) = replaced.parts_mut();
    *values.last_mut().expect("an earth has a halfspace") += ln_ratio;
    replaced
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;
    use std::path::Path;

    use super::*;
    use crate::bayes::likelihood::NoiseModel;
    use crate::forward::{Accuracy, FdemForward};
    use crate::system::{FdemSystem, Geometry};

    /// A model with one datum, the integral of exp(-z / `scale_m`) / `scale_m` times ln conductivity; the earth below z
    /// contributes the fraction exp(-z / `scale_m`).
    struct Exponential {
        scale_m: f64,
    }

    impl Exponential {
        fn weight(&self, earth: &LayeredEarth, layer: usize) -> f64 {
            let below = |depth_m: f64| (-depth_m / self.scale_m).exp();
            below(earth.top_m(layer)) - below(earth.top_m(layer) + earth.thickness_m(layer))
        }
    }

    impl ForwardModel for Exponential {
        fn channel_count(&self) -> usize {
            1
        }

        fn predict(&mut self, earth: &LayeredEarth, _: &Geometry, _: &mut EarthResponse, predicted: &mut [f64]) {
            let of_layer = |(layer, value): (usize, &f64)| value * self.weight(earth, layer);
            predicted[0] = earth.ln_conductivity().iter().enumerate().map(of_layer).sum();
        }

        fn predict_moved(&mut self, earth: &LayeredEarth, g: &Geometry, _: &EarthResponse, predicted: &mut [f64]) {
            self.predict(earth, g, &mut EarthResponse::default(), predicted);
        }

        fn predict_with_sensitivity(
            &mut self,
            earth: &LayeredEarth,
            geometry: &Geometry,
            predicted: &mut [f64],
            sensitivity: &mut Sensitivity,
        ) {
            self.predict(earth, geometry, &mut EarthResponse::default(), predicted);
            sensitivity.resize(1, earth.layer_count());
            let (row, ..) = sensitivity.row_mut(0);
            row.iter_mut().enumerate().for_each(|(layer, to)| *to = self.weight(earth, layer));
        }
    }

    fn resolve() -> FdemForward {
        let text = "freq, tor, tmom, tx, ty, tzoff, ror, rmom, rx, ry, rzoff\n\
            380, z, 1, 0, 0, 0, z, 1, 7.93, 0, 0\n1776, z, 1, 0, 0, 0, z, 1, 7.91, 0, 0\n\
            3345, x, -1, 0, 0, 0, x, 1, 9.03, 0, 0\n8171, z, 1, 0, 0, 0, z, 1, 7.91, 0, 0\n";
        FdemForward::new(&FdemSystem::parse(text, Path::new("resolve.stm")).unwrap(), 35.0, Accuracy::Standard)
    }

    fn likelihood(channels: usize) -> Likelihood {
        Likelihood::new(&vec![1.0; channels], None, &NoiseModel::uniform(channels))
    }

    fn predicted(forward: &mut dyn ForwardModel, earth: &LayeredEarth) -> Vec<f64> {
        let mut predicted = vec![0.0; forward.channel_count()];
        forward.predict(earth, &Geometry::level(35.0), &mut EarthResponse::default(), &mut predicted);
        predicted
    }

    fn sample(forward: &mut dyn ForwardModel, earth: LayeredEarth, relative: f64, additive: f64) -> Sample {
        Sample {
            predicted: predicted(forward, &earth),
            earth,
            relative_error: vec![relative],
            additive_error: vec![additive],
            geometry: Geometry::level(35.0),
            misfit: 1.0,
            ln_posterior: 0.0,
        }
    }

    fn two_layers(conductivity: [f64; 2]) -> LayeredEarth {
        LayeredEarth::from_thicknesses(&conductivity, &[30.0]).unwrap()
    }

    /// Returns depths of investigation and replacement, m.
    fn depths_m(forward: &mut dyn ForwardModel, sample: &Sample) -> [f64; 2] {
        let likelihood = likelihood(forward.channel_count());
        let mut probe = Probe::new(&likelihood, forward);
        [probe.investigation_m(sample), probe.replacement_m(sample)]
    }

    /// Returns `sample` with `ln_ratio` added to all ln conductivities below `depth_m`.
    fn changed(sample: &Sample, depth_m: f64, ln_ratio: f64) -> LayeredEarth {
        let mut earth = if depth_m > 0.0 { cut(&sample.earth, &[depth_m]) } else { sample.earth.clone() };
        let first = (0..earth.layer_count()).find(|&layer| earth.top_m(layer) >= depth_m).unwrap();
        let (_, values) = earth.parts_mut();
        values[first..].iter_mut().for_each(|value| *value += ln_ratio);
        earth
    }

    /// Returns the norm of a change of ln conductivity by 1 below `depth_m`, from central differences.
    fn norm_by_differences(forward: &mut dyn ForwardModel, sample: &Sample, depth_m: f64) -> f64 {
        const STEP: f64 = 1e-3;
        let [more, less] = [STEP, -STEP].map(|step| predicted(forward, &changed(sample, depth_m, step)));
        let likelihood = likelihood(more.len());
        let square = |(i, variance): (usize, f64)| ((more[i] - less[i]) / (2.0 * STEP)).powi(2) / variance;
        variances(&likelihood, sample).enumerate().map(square).sum::<f64>().sqrt()
    }

    fn assert_close(got: f64, expected: f64, tolerance: f64) {
        assert!((got / expected - 1.0).abs() < tolerance, "{got}, expected {expected}");
    }

    #[test]
    fn depths_of_an_exponential_kernel_are_known_in_closed_form() {
        for (scale_m, additive) in [(20.0, 0.1), (300.0, 0.01), (300.0, 0.5)] {
            let mut forward = Exponential { scale_m };
            for earth in
                [LayeredEarth::halfspace(-3.0), LayeredEarth::new(vec![7.0, 1.0 + 10.0], vec![-3.0; 3]).unwrap()]
            {
                let sample = sample(&mut forward, earth, 0.0, additive);
                let [investigation, replacement] = depths_m(&mut forward, &sample);
                assert_close(investigation, -scale_m * additive.ln(), 0.01);
                assert_close(replacement, -scale_m * (additive / std::f64::consts::LN_10).ln(), 0.01);
            }
        }
    }

    #[test]
    fn cumulative_sensitivities_are_differences_of_predictions() {
        let mut forward = resolve();
        for conductivity in [[0.01, 0.1], [0.3, 0.003]] {
            let sample = sample(&mut forward, two_layers(conductivity), 0.05, 5.0);
            let likelihood = likelihood(8);
            let mut probe = Probe::new(&likelihood, &mut forward);
            let norms = probe.cumulative_sensitivity(&sample, &probe.bounds_m.clone());
            assert_eq!(norms.len(), 2 + BOUND_COUNT);
            for (depth_m, norm) in norms.into_iter().filter(|(_, norm)| *norm > 1e-3) {
                assert_close(norm, norm_by_differences(&mut forward, &sample, depth_m), 1e-3);
            }
        }
    }

    #[test]
    fn changes_below_the_depths_are_as_large_as_the_noise() {
        let mut forward = resolve();
        for conductivity in [[0.01, 0.1], [0.1, 0.01], [0.3, 0.003], [0.001, 0.001]] {
            let sample = sample(&mut forward, two_layers(conductivity), 0.05, 5.0);
            let [investigation, replacement] = depths_m(&mut forward, &sample);
            assert_close(norm_by_differences(&mut forward, &sample, investigation), 1.0, 0.05);
            // The depth may be at an interface, where the norm jumps.
            let likelihood = likelihood(8);
            let mut probe = Probe::new(&likelihood, &mut forward);
            let [above, below] = [0.98, 1.02].map(|factor| {
                let depth_m = factor * replacement;
                probe.replacement_norm(&sample, sample.earth.layer_at(depth_m), depth_m)
            });
            assert!(above > 1.0 && below < 1.0, "{conductivity:?}, {replacement} m: {above} {below}");
        }
    }

    #[test]
    fn a_halfspace_that_looks_like_the_layer_below_does_not_hide_it() {
        let mut forward = resolve();
        let sample = sample(&mut forward, two_layers([0.01, 0.1]), 0.05, 5.0);
        let likelihood = likelihood(8);
        let norm = Probe::new(&likelihood, &mut forward).replacement_norm(&sample, 0, 30.0);
        assert!(norm < 1e-6, "{norm}");
        assert!(depths_m(&mut forward, &sample)[1] > 40.0);
    }

    #[test]
    fn noise_and_conductive_ground_make_it_shallower() {
        let mut forward = resolve();
        let mut of = |conductivity: f64, noise: f64| {
            let earth = LayeredEarth::halfspace(conductivity.ln());
            let sample = sample(&mut forward, earth, 0.05 * noise, 5.0 * noise);
            depths_m(&mut forward, &sample)
        };
        let (usual, noisy, conductive) = (of(0.03, 1.0), of(0.03, 10.0), of(1.0, 1.0));
        for i in 0..2 {
            assert!(noisy[i] < 0.5 * usual[i] && conductive[i] < 0.5 * usual[i], "{usual:?} {noisy:?} {conductive:?}");
        }
    }

    #[test]
    fn cuts_of_layers_and_bounds_of_the_grid_change_nothing() {
        let mut forward = resolve();
        let whole = sample(&mut forward, two_layers([0.01, 0.1]), 0.05, 5.0);
        let earth = cut(&whole.earth, &[FIRST_BOUND_M, 12.0, 57.0, 400.0, LAST_BOUND_M]);
        let pieces = Sample { earth, ..whole.clone() };
        let (whole, pieces) = (depths_m(&mut forward, &whole), depths_m(&mut forward, &pieces));
        (0..2).for_each(|i| assert_close(pieces[i], whole[i], 0.01));
    }

    #[test]
    fn the_depth_is_0_without_any_influence_and_the_last_bound_without_noise() {
        let mut forward = Exponential { scale_m: 1e5 };
        let mut of = |additive: f64| {
            let sample = sample(&mut forward, LayeredEarth::halfspace(-3.0), 0.0, additive);
            depths_m(&mut forward, &sample)
        };
        assert_eq!(of(10.0), [0.0, 0.0]);
        of(1e-3).into_iter().for_each(|depth_m| assert_close(depth_m, LAST_BOUND_M, 1e-12));
    }

    #[test]
    fn a_replacement_begins_at_its_depth() {
        let earth = LayeredEarth::new(vec![5.0, 20.0], vec![-1.0, -2.0, -3.0]).unwrap();
        let expect = |depth_m: f64, depths: &[f64], values: &[f64]| {
            let expected = LayeredEarth::new(depths.to_vec(), values.to_vec()).unwrap();
            assert_eq!(replaced(&earth, earth.layer_at(depth_m), depth_m, 0.5), expected);
        };
        expect(0.0, &[], &[-0.5]);
        expect(3.0, &[3.0], &[-1.0, -0.5]);
        expect(5.0, &[5.0], &[-1.0, -1.5]);
        expect(30.0, &[5.0, 20.0, 30.0], &[-1.0, -2.0, -3.0, -2.5]);
    }

    #[test]
    fn percentiles_are_over_samples_of_all_chains_and_a_pulse_ends_the_work() {
        let mut forward = Exponential { scale_m: 100.0 };
        let chain = |forward: &mut Exponential, additive: f64| {
            vec![sample(forward, LayeredEarth::halfspace(-3.0), 0.0, additive); 100]
        };
        let chains = [chain(&mut forward, 0.5), chain(&mut forward, 0.1), chain(&mut forward, 0.02)];
        let mut calls = 0;
        let mut callback = || {
            calls += 1;
            ControlFlow::Continue(())
        };
        let found = DepthOfInvestigation::new(&chains, &likelihood(1), &mut forward, &mut callback).unwrap();
        let DepthPercentiles { p05, p50, p95 } = found.investigation;
        for (depth_m, additive) in [(p05, 0.5_f64), (p50, 0.1), (p95, 0.02)] {
            assert_close(depth_m, -100.0 * additive.ln(), 0.02);
        }
        assert_eq!(calls, SAMPLES / 3 * 3);
        let mut stop = || ControlFlow::Break(());
        assert_eq!(DepthOfInvestigation::new(&chains, &likelihood(1), &mut forward, &mut stop), None);
    }
}
