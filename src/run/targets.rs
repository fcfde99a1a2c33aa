//! Builds the posterior density of a sounding from the settings that all soundings share.

use super::inputs::{noise_model, physics};
use super::prior::{above_ground, clamp_to_bounds, expected_std};
use crate::bayes::{Likelihood, NoiseModel, Prior, Target};
use crate::config::{CenterChoice, Config};
use crate::forward::{ForwardModel, Physics, best_halfspace};
use crate::survey::Sounding;
use crate::system::System;

/// Builds the posterior densities of soundings.
#[derive(Debug)]
pub struct Targets {
    physics: Physics,
    noise: NoiseModel,
    /// The prior, centred on the survey's conductivity; its geometry is set for each sounding.
    prior: Prior,
    center: CenterChoice,
    ignore_likelihood: bool,
}

impl Targets {
    /// Prepares a run of `config`, whose soundings have the `prior` except for their geometry.
    pub fn new(config: &Config, system: &System, prior: Prior) -> Self {
        Self {
            physics: physics(config, system),
            noise: noise_model(config, system),
            prior,
            center: config.prior.conductivity_center,
            ignore_likelihood: config.sampler.ignore_likelihood,
        }
    }

    /// Returns the posterior density of `sounding` and its forward model; `None` if it has no datum.
    pub fn of(&self, sounding: &Sounding) -> Option<(Target, Box<dyn ForwardModel>)> {
        let likelihood = if self.ignore_likelihood {
            Likelihood::new(&vec![f64::NAN; sounding.observed.len()], None, &self.noise)
        } else {
            Likelihood::new(&sounding.observed, sounding.std.as_deref(), &self.noise)
        };
        if likelihood.active_channels().is_empty() && !self.ignore_likelihood {
            return None;
        }
        let mut forward = self.physics.forward(&sounding.geometry);
        let prior = self.prior_of(sounding, forward.as_mut());
        Some((Target::new(prior, likelihood), forward))
    }

    fn prior_of(&self, sounding: &Sounding, forward: &mut dyn ForwardModel) -> Prior {
        let mut prior = self.prior.clone();
        prior.geometry = above_ground(&prior.geometry, sounding.geometry);
        if self.center == CenterChoice::Sounding {
            let std = expected_std(sounding, &self.noise, &prior);
            if let Some(ln_conductivity) = best_halfspace(forward, &sounding.geometry, &sounding.observed, &std) {
                prior.conductivity.mean = clamp_to_bounds(ln_conductivity, &prior);
            }
        }
        prior
    }
}
