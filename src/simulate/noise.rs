//! Noise on simulated data.

use rand_distr::{Distribution, StandardNormal};

use super::channels::Channels;
use super::settings::Simulation;
use crate::bayes::{NoiseModel, chain_rng, decay};
use crate::error::{Error, Result};
use crate::survey::{ModelRow, QuotedNoise};
use crate::system::{Channel, Output, System};

/// Source of the standard deviations.
pub(super) enum Noise {
    /// Standard deviations from the arguments: a fraction of each field, and an additive part.
    Given {
        /// The fraction.
        relative: f64,
        /// Additive part for each field in the survey file, in its unit.
        additive: Vec<f64>,
    },
    /// Errors drawn from a prior.
    Drawn {
        /// Relation of the errors to standard deviations of the data.
        model: NoiseModel,
        /// Standard deviations of single components; relative errors are factors of these.
        quoted: Option<QuotedNoise>,
        /// Errors of each sounding.
        errors: Vec<Errors>,
    },
}

/// Errors of a sounding, one for each group.
#[derive(Debug, Clone)]
pub(super) struct Errors {
    /// Fractions, or factors of quoted noise.
    pub(super) relative: Vec<f64>,
    /// In the unit of the data, times the channels' shape.
    pub(super) additive: Vec<f64>,
}

/// Stream of random numbers for given noise. A first chain with the same seed uses this stream as well, but another
/// number would change existing surveys.
const GIVEN_STREAM: u64 = 0;
/// Stream for drawn noise. No chain of an inversion with the same seed has this number, so noise and sampling are
/// independent.
const DRAWN_STREAM: u64 = u64::MAX - 1;

impl Noise {
    /// Adds noise to the `fields` of sounding `i` over `model`.
    pub(super) fn add(
        &self,
        (i, model): (usize, &ModelRow),
        seed: u64,
        (channels, primary): (&Channels, &[f64]),
        fields: &mut [f64],
    ) {
        let rng = |stream| chain_rng(seed, model.line_number, model.fiducial, stream);
        match self {
            Noise::Given { relative, additive } => {
                let mut rng = rng(GIVEN_STREAM);
                for (field, additive) in fields.iter_mut().zip(additive) {
                    let normal: f64 = StandardNormal.sample(&mut rng);
                    *field += normal * (relative * *field).hypot(*additive);
                }
            }
            Noise::Drawn { model, quoted: Some(quoted), errors } => {
                let mut rng = rng(DRAWN_STREAM);
                let std = quoted.std(fields, 0);
                for (channel, row) in channels.each_row() {
                    let normal: f64 = StandardNormal.sample(&mut rng);
                    fields[row] += normal * errors[i].relative[model.group[channel]] * std[row];
                }
            }
            Noise::Drawn { model, quoted: None, errors } => {
                let mut rng = rng(DRAWN_STREAM);
                let Errors { relative, additive } = &errors[i];
                channels.add(fields, primary, |channel, datum| {
                    let group = model.group[channel];
                    let errors_squared = (relative[group].powi(2), additive[group].powi(2));
                    let normal: f64 = StandardNormal.sample(&mut rng);
                    normal * model.variance(channel, datum, errors_squared).sqrt()
                });
            }
        }
    }
}

/// Noise as a simulation is told, on the fields that the survey file of `written` holds.
pub(super) fn given(simulation: &Simulation, written: &System) -> Result<Noise> {
    Ok(Noise::Given {
        relative: simulation.noise_relative,
        additive: additive_noise(written, &simulation.noise_additive)?,
    })
}

/// Returns the standard deviation of the additive noise of each channel.
fn additive_noise(system: &System, given: &[f64]) -> Result<Vec<f64>> {
    let wrong = |got: String, expected: String| {
        Error::setting("--noise-additive", format!("--noise-additive: got {got} values, expected {expected}"))
    };
    if !system.is_time_domain() && given.len() > 1 {
        return Err(wrong("several".to_owned(), "one for frequency-domain data".to_owned()));
    }
    let moments = system.moments();
    if given.len() > 1 && given.len() != moments.len() {
        return Err(wrong(given.len().to_string(), format!("1 or {}", moments.len())));
    }
    let std = |channel: &Channel| {
        let value = given.get(channel.moment).or(given.first()).copied().unwrap_or(0.0);
        let decays = moments.get(channel.moment).is_some_and(|moment| moment.output == Output::DbDt);
        channel.time_s().filter(|_| decays).map_or(value, |time_s| value * decay(time_s))
    };
    Ok(system.channels().iter().map(std).collect())
}
