//! State of a chain: the model, and everything computed from it.

use super::likelihood::Likelihood;
use super::model::Model;
use super::prior::Prior;
use crate::forward::{EarthResponse, ForwardModel};

/// Prediction and fit of a model.
#[derive(Debug, PartialEq, Default)]
pub struct Fit {
    /// Predicted data, all channels.
    pub predicted: Vec<f64>,
    /// Chi-square over the active channels.
    pub misfit: f64,
    /// ln likelihood, normalised.
    pub ln_likelihood: f64,
}

impl Fit {
    /// Computes misfit and likelihood of the prediction.
    pub(super) fn evaluate(&mut self, likelihood: &Likelihood, model: &Model) {
        (self.misfit, self.ln_likelihood) = likelihood.evaluate(&self.predicted, model);
    }
}

impl Clone for Fit {
    fn clone(&self) -> Self {
        Self { predicted: self.predicted.clone(), ..*self }
    }

    /// Copies without new allocations.
    fn clone_from(&mut self, source: &Self) {
        self.predicted.clone_from(&source.predicted);
        self.misfit = source.misfit;
        self.ln_likelihood = source.ln_likelihood;
    }
}

/// A model with its prior and its fit; the fit is not computed when the chain ignores the data.
#[derive(Debug, PartialEq)]
pub struct State {
    /// The model.
    pub model: Model,
    /// Fit of the forward model whose posterior the chain samples.
    pub fit: Fit,
    /// Fit of the coarse forward model, in chains whose proposals it screens.
    pub coarse: Fit,
    /// ln prior of the earth.
    pub ln_prior_earth: f64,
    /// ln prior of errors and geometry.
    pub ln_prior_rest: f64,
}

impl Clone for State {
    fn clone(&self) -> Self {
        Self { model: self.model.clone(), fit: self.fit.clone(), coarse: self.coarse.clone(), ..*self }
    }

    /// Copies without new allocations.
    fn clone_from(&mut self, source: &Self) {
        self.model.clone_from(&source.model);
        self.fit.clone_from(&source.fit);
        self.coarse.clone_from(&source.coarse);
        self.ln_prior_earth = source.ln_prior_earth;
        self.ln_prior_rest = source.ln_prior_rest;
    }
}

impl State {
    /// Computes everything for `model` except a coarse fit; `response` becomes the response of its earth.
    pub fn new(
        model: Model,
        prior: &Prior,
        likelihood: &Likelihood,
        forward: &mut dyn ForwardModel,
        response: &mut EarthResponse,
    ) -> Self {
        let mut fit = Fit { predicted: vec![0.0; forward.channel_count()], ..Fit::default() };
        forward.predict(&model.earth, &model.geometry, response, &mut fit.predicted);
        fit.evaluate(likelihood, &model);
        let ln_prior_earth = prior.ln_density_earth(&model.earth);
        let ln_prior_rest = prior.ln_density_rest(&model);
        Self { model, fit, coarse: Fit::default(), ln_prior_earth, ln_prior_rest }
    }

    /// Returns ln of prior times likelihood.
    pub fn ln_posterior(&self) -> f64 {
        self.fit.ln_likelihood + self.ln_prior_earth + self.ln_prior_rest
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::earth::LayeredEarth;
    use crate::system::Geometry;

    /// Returns a state with the layers `ln_conductivity`, 10 m thick each, without computed values.
    pub(in crate::bayes) fn state(ln_conductivity: &[f64]) -> State {
        let depths = (1..ln_conductivity.len()).map(|i| 10.0 * i as f64).collect();
        let model = Model {
            earth: LayeredEarth::new(depths, ln_conductivity.to_vec()).unwrap(),
            ln_relative_error: vec![0.0],
            ln_additive_error: vec![0.0],
            geometry: Geometry::default(),
        };
        State { model, fit: Fit::default(), coarse: Fit::default(), ln_prior_earth: 0.0, ln_prior_rest: 0.0 }
    }
}
