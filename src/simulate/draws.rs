//! Draws models, errors and geometry from a configuration's prior, and writes the true values as a table.

use super::noise::{Errors, Noise};
use super::setup::Setup;
use crate::bayes::chain_rng;
use crate::config::CenterChoice;
use crate::error::{Error, Result};
use crate::run::{above_ground, noise_model, prior};
use crate::survey::ModelRow;

/// Stream of random numbers for models. No chain of an inversion with the same seed has this number. Otherwise a chain
/// would begin with a draw from the same stream, and therefore at the true model.
const MODEL_STREAM: u64 = u64::MAX;

/// Gives the soundings of `models` earths and errors drawn from the prior, and draws true geometry about their measured
/// geometry.
pub(super) fn draw(
    setup: &Setup,
    mut models: Vec<ModelRow>,
    seed: u64,
    notes: &mut Vec<String>,
) -> Result<(Vec<ModelRow>, Noise)> {
    let Some((config, path)) = &setup.config else {
        return Err(Error::setting("--prior-draws", "--prior-draws: got no configuration, expected one"));
    };
    let quoted = config.errors.quoted_noise();
    let mut prior = prior(config, &setup.system, quoted.is_some(), path)?;
    if config.prior.conductivity_center != CenterChoice::Fixed {
        notes.push(format!(
            "note: models are drawn about prior.conductivity_center_s_per_m = {}; only with prior.conductivity_center = \
             \"fixed\" does an inversion have the same prior",
            config.prior.conductivity_center_s_per_m
        ));
    }
    let deviations = prior.geometry.clone();
    let mut errors = Vec::new();
    for model in &mut models {
        prior.geometry = above_ground(&deviations, model.geometry);
        let mut rng = chain_rng(seed, model.line_number, model.fiducial, MODEL_STREAM);
        let drawn = prior.draw(&mut rng);
        let values = |ln_values: &[f64]| ln_values.iter().map(|ln_value| ln_value.exp()).collect();
        errors.push(Errors { relative: values(&drawn.ln_relative_error), additive: values(&drawn.ln_additive_error) });
        model.earth = drawn.earth;
        model.geometry = drawn.geometry;
    }
    let noise = Noise::Drawn { model: noise_model(config, &setup.system), quoted, errors };
    Ok((models, noise))
}

/// Returns additional columns for the table of true models: the number of layers, and the errors that were drawn.
pub(super) fn truth_columns(models: &[ModelRow], noise: &Noise, setup: &Setup) -> Vec<(String, Vec<f64>)> {
    let layer_count = models.iter().map(|model| model.earth.layer_count() as f64).collect();
    let mut columns = vec![("layer_count".to_owned(), layer_count)];
    if let Noise::Drawn { quoted, errors, .. } = noise {
        for (group, name) in setup.system.error_group_names().into_iter().enumerate() {
            let column = |of: fn(&Errors) -> &Vec<f64>| errors.iter().map(|errors| of(errors)[group]).collect();
            if quoted.is_some() {
                columns.push((format!("std_factor_{name}"), column(|errors| &errors.relative)));
                continue;
            }
            columns.push((format!("relative_error_{name}"), column(|errors| &errors.relative)));
            columns.push((format!("additive_error_{name}"), column(|errors| &errors.additive)));
        }
    }
    columns
}
