//! Gaussian likelihood of the data; their errors may be part of the model.

use serde::{Deserialize, Serialize};

use super::model::Model;
use crate::system::{Channel, System};

/// The words that users read.
#[cfg(feature = "run")]
const WORDS_OF_OBSERVED: &str = "the observed datum, as in GeoBIPy and HiQGA: data that are small by chance have more weight, and intervals become too narrow";

/// The data to which relative errors are relative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "run", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorReference {
    /// The datum that the model predicts: the density of noise in nature or in a simulation.
    #[default]
    #[cfg_attr(feature = "run", schemars(description = "the datum that the model predicts"))]
    Predicted,
    /// The observed datum, noise included. This gives no density of the data, because data that are small by chance
    /// have more weight. It is for comparisons with programs that use it.
    #[cfg_attr(feature = "run", schemars(description = WORDS_OF_OBSERVED))]
    Observed,
}

/// The error groups of the channels, the reference of relative errors, and the shape of the additive error over the
/// channels.
#[derive(Debug, Clone, PartialEq)]
pub struct NoiseModel {
    /// Error group of each channel.
    pub group: Vec<usize>,
    /// Additive standard deviation of each channel per unit of its group's additive error.
    pub additive_shape: Vec<f64>,
    /// Reference of relative errors.
    pub relative_to: ErrorReference,
}

impl NoiseModel {
    /// Makes one group of `channel_count` channels with the same additive error.
    pub fn uniform(channel_count: usize) -> Self {
        Self {
            group: vec![0; channel_count],
            additive_shape: vec![1.0; channel_count],
            relative_to: ErrorReference::Predicted,
        }
    }

    /// For the data of `system`: its groups of channels, the additive error falling with time where it does so.
    pub fn default_for(system: &System) -> Self {
        let shape = |channel: &Channel| channel.time_s().filter(|_| system.additive_error_decays()).map_or(1.0, decay);
        Self {
            group: system.channel_error_groups(),
            additive_shape: system.channels().iter().map(shape).collect(),
            relative_to: ErrorReference::Predicted,
        }
    }

    /// Returns the variance of a datum from the squared relative and additive errors of its group.
    pub fn variance(&self, channel: usize, datum: f64, (relative_squared, additive_squared): (f64, f64)) -> f64 {
        let shape = self.additive_shape[channel];
        relative_squared * datum * datum + shape * shape * additive_squared
    }

    /// Returns the number of groups.
    pub fn group_count(&self) -> usize {
        self.group.iter().max().map_or(1, |group| group + 1)
    }
}

/// Returns (time / 1 ms)^(-1/2), the shape of white noise averaged over gates whose width grows with time; times below
/// a microsecond count as a microsecond.
pub fn decay(time_s: f64) -> f64 {
    (time_s.max(1e-6) / 1e-3).powf(-0.5)
}

/// The data of one sounding and their known errors.
#[derive(Debug, Clone)]
pub struct Likelihood {
    /// Active channels: channels with a datum (and with a standard deviation, when the file has standard deviations).
    channels: Vec<usize>,
    observed: Vec<f64>,
    /// Error group of each active channel.
    group: Vec<usize>,
    /// Squares of the reference of relative errors; `None` when the reference is the predicted data.
    reference_squared: Option<Vec<f64>>,
    /// Squares of the additive standard deviations per unit of additive error.
    shape_squared: Vec<f64>,
    has_std: bool,
    /// 1/observed^2 (1 where a datum is 0), and the sum of ln observed^2. In these units variances can be multiplied
    /// without overflow.
    scales: Vec<f64>,
    ln_scale_sum: f64,
}

impl Likelihood {
    /// Makes a likelihood. `observed` has one datum per channel, NaN where missing. `std` has one standard deviation
    /// per channel; with `None`, std^2 = (relative_error |datum|)^2 + (shape additive_error)^2 with the errors of the
    /// model and the groups, shapes and reference of `noise`. With `std` the relative error of a group is the factor by
    /// which its standard deviations are multiplied, and there is no additive error.
    pub fn new(observed: &[f64], std: Option<&[f64]>, noise: &NoiseModel) -> Self {
        let active = |&c: &usize| observed[c].is_finite() && std.is_none_or(|std| std[c].is_finite());
        let channels: Vec<usize> = (0..observed.len()).filter(active).collect();
        let of_channels = |value: &dyn Fn(usize) -> f64| -> Vec<f64> { channels.iter().map(|&c| value(c)).collect() };
        let scales = of_channels(&|c| {
            let square = observed[c] * observed[c];
            if square.is_normal() { square.recip() } else { 1.0 }
        });
        let reference_squared = match (std, noise.relative_to) {
            (Some(std), _) => Some(of_channels(&|c| std[c] * std[c])),
            (None, ErrorReference::Observed) => Some(of_channels(&|c| observed[c] * observed[c])),
            (None, ErrorReference::Predicted) => None,
        };
        Self {
            observed: of_channels(&|c| observed[c]),
            group: channels.iter().map(|&c| noise.group[c]).collect(),
            reference_squared,
            shape_squared: of_channels(&|c| if std.is_some() { 0.0 } else { noise.additive_shape[c].powi(2) }),
            has_std: std.is_some(),
            ln_scale_sum: -scales.iter().map(|scale| scale.ln()).sum::<f64>(),
            scales,
            channels,
        }
    }

    /// Returns the indices of the active channels.
    pub fn active_channels(&self) -> &[usize] {
        &self.channels
    }

    /// Returns whether standard deviations come with the data. Relative errors are then factors of them, and additive
    /// errors have no effect.
    pub fn has_std(&self) -> bool {
        self.has_std
    }

    /// Returns misfit (chi-square) and normalised ln likelihood of `predicted`, which has all channels, with the errors
    /// of `model`.
    pub fn evaluate(&self, predicted: &[f64], model: &Model) -> (f64, f64) {
        let (mut misfit, mut determinant, mut ln_determinant) = (0.0, 1.0, self.ln_scale_sum);
        let mut errors = GroupErrors::default();
        for (i, &channel) in self.channels.iter().enumerate() {
            let variance = self.variance(i, predicted[channel], errors.of(self.group[i], model));
            misfit += (self.observed[i] - predicted[channel]).powi(2) / variance;
            // The program takes one logarithm for many channels.
            determinant *= variance * self.scales[i];
            if !(1e-200..=1e200).contains(&determinant) {
                ln_determinant += determinant.ln();
                determinant = 1.0;
            }
        }
        ln_determinant += determinant.ln();
        let constant = self.channels.len() as f64 * (2.0 * std::f64::consts::PI).ln();
        (misfit, -0.5 * (misfit + ln_determinant + constant))
    }

    /// Returns the approximate variance of every active channel with ln relative and ln additive errors of each group,
    /// in order of [`active_channels`](Self::active_channels). Relative errors are always relative to the observed
    /// datum here, so that the result does not depend on the model's earth.
    pub fn typical_variances<'a>(
        &'a self,
        ln_relative: &'a [f64],
        ln_additive: &'a [f64],
    ) -> impl Iterator<Item = f64> + 'a {
        let squared = |ln_error: f64| (2.0 * ln_error).exp();
        self.observed.iter().zip(&self.group).enumerate().map(move |(i, (&observed, &group))| {
            self.variance(i, observed, (squared(ln_relative[group]), squared(ln_additive[group])))
        })
    }

    /// Returns the variance of every active channel of data `predicted`, which has all channels, with relative and
    /// additive errors of each group.
    pub fn variances_with<'a>(
        &'a self,
        predicted: &'a [f64],
        relative: &'a [f64],
        additive: &'a [f64],
    ) -> impl Iterator<Item = f64> + 'a {
        self.channels.iter().enumerate().map(move |(i, &channel)| {
            let group = self.group[i];
            self.variance(i, predicted[channel], (relative[group].powi(2), additive[group].powi(2)))
        })
    }

    /// Returns the variance of active channel `i` from the squared relative and additive errors of its group.
    fn variance(&self, i: usize, predicted: f64, (relative_squared, additive_squared): (f64, f64)) -> f64 {
        let reference_squared = self.reference_squared.as_ref().map_or(predicted * predicted, |squared| squared[i]);
        relative_squared * reference_squared + self.shape_squared[i] * additive_squared
    }
}

/// Squared errors of the last group used; the channels of a group follow one another.
#[derive(Default)]
struct GroupErrors {
    group: Option<usize>,
    squared: (f64, f64),
}

impl GroupErrors {
    fn of(&mut self, group: usize, model: &Model) -> (f64, f64) {
        if self.group != Some(group) {
            self.group = Some(group);
            let squared = |ln_error: f64| (2.0 * ln_error).exp();
            self.squared = (squared(model.ln_relative_error[group]), squared(model.ln_additive_error[group]));
        }
        self.squared
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::earth::LayeredEarth;
    use crate::system::Geometry;

    #[test]
    fn groups_have_their_own_errors_and_shapes() {
        let noise = NoiseModel {
            group: vec![0, 1, 1],
            additive_shape: vec![1.0, 2.0, 0.5],
            relative_to: ErrorReference::Observed,
        };
        let (predicted, relative, additive) = ([1.0, 2.0, 3.0], [0.1, 0.2], [1.0, 3.0]);
        let variances = |noise: &NoiseModel| -> Vec<f64> {
            let likelihood = Likelihood::new(&[10.0, 20.0, -40.0], None, noise);
            likelihood.variances_with(&predicted, &relative, &additive).collect()
        };
        let close = |got: Vec<f64>, expected: [f64; 3]| {
            got.iter().zip(expected).for_each(|(g, e)| assert!((g / e - 1.0).abs() < 1e-12, "{g} {e}"));
        };
        close(variances(&noise), [1.0 + 1.0, 16.0 + 36.0, 64.0 + 2.25]);
        close(
            variances(&NoiseModel { relative_to: ErrorReference::Predicted, ..noise }),
            [0.01 + 1.0, 0.16 + 36.0, 0.36 + 2.25],
        );
    }

    #[test]
    fn is_the_normal_density_of_the_active_channels() {
        let model = Model {
            earth: LayeredEarth::halfspace(0.0),
            ln_relative_error: vec![0.05f64.ln()],
            ln_additive_error: vec![2f64.ln()],
            geometry: Geometry::level(30.0),
        };
        let (observed, predicted) = ([10.0, f64::NAN, -40.0], [12.0, 5.0, -44.0]);
        for (relative_to, v0, v2) in
            [(ErrorReference::Predicted, 0.36 + 4.0, 4.84 + 4.0), (ErrorReference::Observed, 0.25 + 4.0, 4.0 + 4.0)]
        {
            let noise = NoiseModel { relative_to, ..NoiseModel::uniform(3) };
            let (misfit, ln_likelihood) = Likelihood::new(&observed, None, &noise).evaluate(&predicted, &model);
            let expected = 4.0 / v0 + 16.0 / v2;
            assert!((misfit - expected).abs() < 1e-12);
            let tau: f64 = 2.0 * std::f64::consts::PI;
            assert!((ln_likelihood + 0.5 * (expected + (tau * v0).ln() + (tau * v2).ln())).abs() < 1e-12);
        }

        let with_std = Likelihood::new(&[10.0, 5.0, -40.0], Some(&[1.0, f64::NAN, 4.0]), &NoiseModel::uniform(3));
        assert_eq!(with_std.active_channels(), [0, 2]);
        // The relative error is a factor, 0.05, of the standard deviations; there is no additive error.
        let (misfit, ln_likelihood) = with_std.evaluate(&[11.0, 5.0, -42.0], &model);
        assert!((misfit - 1.25 / 0.05_f64.powi(2)).abs() < 1e-9);
        let tau: f64 = 2.0 * std::f64::consts::PI;
        let ln_determinant = (tau * 0.05_f64.powi(2)).ln() + (tau * 0.2_f64.powi(2)).ln();
        assert!((ln_likelihood + 0.5 * (misfit + ln_determinant)).abs() < 1e-9);
    }

    #[test]
    fn tiny_variances_do_not_underflow() {
        let model = Model {
            earth: LayeredEarth::halfspace(0.0),
            ln_relative_error: vec![-300.0],
            ln_additive_error: vec![1e-16f64.ln()],
            geometry: Geometry::level(30.0),
        };
        let likelihood = Likelihood::new(&[0.0; 50], None, &NoiseModel::uniform(50));
        let (_, ln_likelihood) = likelihood.evaluate(&[0.0; 50], &model);
        let expected = -50.0 * (1e-16f64.ln() + 0.5 * (2.0 * std::f64::consts::PI).ln());
        assert!((ln_likelihood - expected).abs() < 1e-9);
    }
}
