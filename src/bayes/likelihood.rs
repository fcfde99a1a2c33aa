//! Gaussian likelihood of the data, with errors that may be part of the model.

use super::state::Model;

/// The data of one sounding and what is known of their errors.
#[derive(Debug, Clone)]
pub struct Likelihood {
    /// Active channels: those with a datum (and, with standard deviations from the file, one of these).
    channels: Vec<usize>,
    observed: Vec<f64>,
    /// Standard deviations from the file; else they follow from the model's errors.
    std: Option<Vec<f64>>,
    inverse_temperature: f64,
}

impl Likelihood {
    /// `observed`: one datum per channel, NaN where missing; `std`: one standard deviation per channel, or `None` when
    /// std^2 = (relative_error |observed|)^2 + additive_error^2 with the errors of the model.
    pub fn new(observed: &[f64], std: Option<&[f64]>) -> Self {
        let active = |&c: &usize| observed[c].is_finite() && std.is_none_or(|std| std[c].is_finite());
        let channels: Vec<usize> = (0..observed.len()).filter(active).collect();
        Self {
            observed: channels.iter().map(|&c| observed[c]).collect(),
            std: std.map(|std| channels.iter().map(|&c| std[c]).collect()),
            channels,
            inverse_temperature: 1.0,
        }
    }

    /// The same, its logarithm times `inverse_temperature`: 0 switches the data off and leaves the prior.
    pub fn with_inverse_temperature(mut self, inverse_temperature: f64) -> Self {
        self.inverse_temperature = inverse_temperature;
        self
    }

    /// Power to which the likelihood is raised.
    pub fn inverse_temperature(&self) -> f64 {
        self.inverse_temperature
    }

    /// Indices of the channels that count.
    pub fn active_channels(&self) -> &[usize] {
        &self.channels
    }

    /// Whether standard deviations come with the data, so that errors are no part of the model.
    pub fn has_std(&self) -> bool {
        self.std.is_some()
    }

    /// Misfit (chi-square) and normalised ln likelihood of `predicted`, all channels, with the errors of `model`.
    pub fn evaluate(&self, predicted: &[f64], model: &Model) -> (f64, f64) {
        let errors = Errors::new(model.ln_relative_error, model.ln_additive_error);
        let (mut misfit, mut determinant, mut ln_determinant) = (0.0, 1.0, 0.0);
        for (i, &channel) in self.channels.iter().enumerate() {
            let variance = self.variance(i, errors);
            misfit += (self.observed[i] - predicted[channel]).powi(2) / variance;
            // One logarithm for several channels; variances of ppm^2 to (V/m^2)^2 stay within range.
            determinant *= variance;
            if !(1e-200..=1e200).contains(&determinant) {
                ln_determinant += determinant.ln();
                determinant = 1.0;
            }
        }
        ln_determinant += determinant.ln();
        let constant = self.channels.len() as f64 * (2.0 * std::f64::consts::PI).ln();
        (misfit, -0.5 * (misfit + ln_determinant + constant))
    }

    /// Standard deviation of every active channel, in order of [`active_channels`](Self::active_channels).
    pub fn std(&self, ln_relative_error: f64, ln_additive_error: f64) -> Vec<f64> {
        let errors = Errors::new(ln_relative_error, ln_additive_error);
        (0..self.channels.len()).map(|i| self.variance(i, errors).sqrt()).collect()
    }

    fn variance(&self, i: usize, errors: Errors) -> f64 {
        match &self.std {
            Some(std) => std[i] * std[i],
            None => errors.relative_squared * self.observed[i] * self.observed[i] + errors.additive_squared,
        }
    }
}

#[derive(Clone, Copy)]
struct Errors {
    relative_squared: f64,
    additive_squared: f64,
}

impl Errors {
    fn new(ln_relative_error: f64, ln_additive_error: f64) -> Self {
        Self { relative_squared: (2.0 * ln_relative_error).exp(), additive_squared: (2.0 * ln_additive_error).exp() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::earth::LayeredEarth;

    #[test]
    fn is_the_normal_density_of_the_active_channels() {
        let model = Model {
            earth: LayeredEarth::halfspace(0.0),
            ln_relative_error: 0.05f64.ln(),
            ln_additive_error: 2f64.ln(),
            height_m: 30.0,
        };
        let likelihood = Likelihood::new(&[10.0, f64::NAN, -40.0], None);
        let (misfit, ln_likelihood) = likelihood.evaluate(&[11.0, 5.0, -42.0], &model);
        let (v0, v2) = (0.25 + 4.0, 4.0 + 4.0);
        let expected = 1.0 / v0 + 4.0 / v2;
        assert!((misfit - expected).abs() < 1e-12);
        let tau: f64 = 2.0 * std::f64::consts::PI;
        assert!((ln_likelihood + 0.5 * (expected + (tau * v0).ln() + (tau * v2).ln())).abs() < 1e-12);

        let with_std = Likelihood::new(&[10.0, 5.0, -40.0], Some(&[1.0, f64::NAN, 4.0]));
        assert_eq!(with_std.active_channels(), [0, 2]);
        assert!((with_std.evaluate(&[11.0, 5.0, -42.0], &model).0 - 1.25).abs() < 1e-12);
    }

    #[test]
    fn tiny_variances_do_not_underflow() {
        let model = Model {
            earth: LayeredEarth::halfspace(0.0),
            ln_relative_error: -300.0,
            ln_additive_error: 1e-16f64.ln(),
            height_m: 30.0,
        };
        let likelihood = Likelihood::new(&[0.0; 50], None);
        let (_, ln_likelihood) = likelihood.evaluate(&[0.0; 50], &model);
        let expected = -50.0 * (1e-16f64.ln() + 0.5 * (2.0 * std::f64::consts::PI).ln());
        assert!((ln_likelihood - expected).abs() < 1e-9);
    }
}
