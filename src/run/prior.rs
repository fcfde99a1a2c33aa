//! Prior distributions from a configuration, a survey and a sounding.

use std::path::Path;

use crate::bayes::{
    ConductivityPrior, Correlation, DepthScale, Deviation, ErrorPrior, GeometryPrior, InterfacePrior, LayerCountLaw,
    LayerCountPrior, NoiseModel, Prior,
};
use crate::config::{Config, CorrelationChoice, DepthChoice, LayerCountChoice, PerGroup};
use crate::error::{Error, Result};
use crate::forward::{Physics, best_halfspace};
use crate::quantiles::nearest;
use crate::survey::{Place, Sounding, SurveyFile};
use crate::system::{Geometry, GeometryParameter, System};

/// Largest number of soundings from which the centre of conductivity is computed.
const CENTER_SOUNDINGS: usize = 1_000;

/// Returns the prior that `config` describes, with a provisional centre. If the survey file has standard deviations
/// (`has_std`), relative errors are factors of them.
pub(crate) fn prior(config: &Config, system: &System, has_std: bool, path: &Path) -> Result<Prior> {
    let choice = &config.prior;
    let law = match choice.layer_count {
        LayerCountChoice::Uniform => LayerCountLaw::Uniform,
        LayerCountChoice::Reciprocal => LayerCountLaw::Reciprocal,
        LayerCountChoice::Geometric => LayerCountLaw::Geometric { ratio: choice.layer_count_ratio },
    };
    let scale = match choice.interface_depth {
        DepthChoice::Linear => DepthScale::Linear,
        DepthChoice::Log => DepthScale::Log,
        DepthChoice::LogOffset => DepthScale::LogOffset { offset_m: choice.interface_depth_offset_m },
    };
    let ln_10 = std::f64::consts::LN_10;
    let correlation = match choice.conductivity_correlation {
        CorrelationChoice::Independent => Correlation::Independent,
        CorrelationChoice::ByIndex => Correlation::ByIndex { gradient_std: choice.gradient_log10_std * ln_10 },
        CorrelationChoice::ByDistance => Correlation::ByDistance { length_m: choice.correlation_length_m },
    };
    let model = &config.model;
    let interfaces = InterfacePrior::new(
        scale,
        model.minimum_depth_m,
        model.maximum_depth_m.unwrap_or(f64::NAN),
        model.minimum_thickness_m,
        model.maximum_layers - 1,
    );
    let too_many = || {
        let message = format!("{}: maximum_layers layers of minimum_thickness_m do not fit", path.display());
        Error::setting("model.maximum_layers", message)
    };
    let errors = &config.errors;
    let groups = system.error_group_names().len();
    let bounds = |values: &PerGroup| values.values(groups).unwrap_or_default();
    let (least, greatest) = if has_std {
        (&errors.std_factor_minimum, &errors.std_factor_maximum)
    } else {
        (&errors.relative_minimum, &errors.relative_maximum)
    };
    let additive = match (&errors.additive_minimum, &errors.additive_maximum) {
        _ if has_std => vec![ErrorPrior::Fixed { ln_value: 0.0 }; groups],
        (Some(minimum), Some(maximum)) => error_priors(&bounds(minimum), &bounds(maximum)),
        _ => {
            let message = format!(
                "{}: errors.additive_minimum and errors.additive_maximum are missing, or errors.additive_per_channel: time-domain \
                 data have no default, their unit is {}",
                path.display(),
                system.data_unit()
            );
            return Err(Error::setting("errors.additive_minimum", message));
        }
    };
    Ok(Prior {
        layer_count: LayerCountPrior::new(law, model.maximum_layers),
        interfaces: interfaces.ok_or_else(too_many)?,
        conductivity: ConductivityPrior {
            mean: choice.conductivity_center_s_per_m.ln(),
            std: choice.conductivity_log10_std * ln_10,
            correlation,
            bounds: (choice.conductivity_minimum_s_per_m.ln(), choice.conductivity_maximum_s_per_m.ln()),
        },
        relative_error: error_priors(&bounds(least), &bounds(greatest)),
        additive_error: additive,
        // The centre is provisional; each sounding sets its own.
        geometry: GeometryPrior::new(Geometry::default(), config.geometry.deviations()),
    })
}

/// Returns a warning with the number of soundings for which [`above_ground`] narrows the prior; `None` if there are none.
pub(crate) fn narrow_geometry(prior: &GeometryPrior, survey: &SurveyFile) -> Result<Option<String>> {
    if ![GeometryParameter::Height, GeometryParameter::TxRxDz].iter().any(|&p| prior.deviation(p).is_sampled()) {
        return Ok(None);
    }
    let mut count = 0;
    survey.each(survey.places(), |sounding| {
        count += usize::from(above_ground(prior, sounding.geometry) != prior.around(sounding.geometry));
        Ok(())
    })?;
    Ok((count > 0).then(|| {
        format!(
            "warning: the prior of height or txrx_dz reaches the ground at {count} of {} soundings; it is narrowed \
             there, a standard deviation to a tenth of the lower coil's height, a half width to 0.9 (both sampled: 0.45) of it",
            survey.places().len()
        )
    }))
}

/// Returns the geometry prior about `measured`, narrowed so that a bird never lies on the ground.
pub(crate) fn above_ground(prior: &GeometryPrior, measured: Geometry) -> GeometryPrior {
    let lowest_m = measured.height_m() + measured.get(GeometryParameter::TxRxDz).min(0.0);
    // Either height may decrease, but together they must not reach the ground.
    let both = [GeometryParameter::Height, GeometryParameter::TxRxDz].iter().all(|&p| prior.deviation(p).is_sampled());
    let share = if both { 0.45 } else { 0.9 };
    let mut deviations = GeometryParameter::ALL.map(|parameter| prior.deviation(parameter));
    for parameter in [GeometryParameter::Height, GeometryParameter::TxRxDz] {
        let deviation = &mut deviations[parameter.index()];
        *deviation = match *deviation {
            Deviation::Fixed => Deviation::Fixed,
            Deviation::Uniform { half_width } => Deviation::Uniform { half_width: half_width.min(share * lowest_m) },
            Deviation::Normal { std } => Deviation::Normal { std: std.min(0.1 * lowest_m) },
        };
    }
    GeometryPrior::new(measured, deviations)
}

fn error_priors(minimum: &[f64], maximum: &[f64]) -> Vec<ErrorPrior> {
    minimum.iter().zip(maximum).map(|(&minimum, &maximum)| ErrorPrior::between(minimum, maximum)).collect()
}

/// Returns the median of the best halfspaces of evenly chosen soundings. It is one number for the survey, so that lines
/// and soundings share a prior. It uses the data, but only one number comes from a whole survey.
pub(crate) fn survey_center(survey: &SurveyFile, physics: &Physics, noise: &NoiseModel, prior: &Prior) -> Result<f64> {
    let chosen = evenly(survey.places(), CENTER_SOUNDINGS);
    let mut best = Vec::with_capacity(chosen.len());
    survey.each(&chosen, |sounding| {
        let std = expected_std(&sounding, noise, prior);
        let mut forward = physics.forward(&sounding.geometry);
        best.extend(best_halfspace(forward.as_mut(), &sounding.geometry, &sounding.observed, &std));
        Ok(())
    })?;
    best.sort_by(f64::total_cmp);
    let median = nearest(&best, 0.5);
    Ok(median.map_or(prior.conductivity.mean, |ln_conductivity| clamp_to_bounds(ln_conductivity, prior)))
}

pub(crate) fn clamp_to_bounds(ln_conductivity: f64, prior: &Prior) -> f64 {
    ln_conductivity.clamp(prior.conductivity.bounds.0, prior.conductivity.bounds.1)
}

/// Returns at most `count` of `places`, evenly chosen.
pub fn evenly(places: &[Place], count: usize) -> Vec<Place> {
    places.iter().copied().step_by(places.len().div_ceil(count).max(1)).collect()
}

/// Returns standard deviations for the middle of the error priors: those of the file, if it has them, times the middle
/// of their factor.
pub(crate) fn expected_std(sounding: &Sounding, noise: &NoiseModel, prior: &Prior) -> Vec<f64> {
    let Some(std) = &sounding.std else { return typical_std(sounding, noise, prior) };
    let factor = |channel: usize| prior.relative_error[noise.group[channel]].ln_center().exp();
    std.iter().enumerate().map(|(channel, std)| factor(channel) * std).collect()
}

fn typical_std(sounding: &Sounding, noise: &NoiseModel, prior: &Prior) -> Vec<f64> {
    let squared = |prior: &ErrorPrior| (2.0 * prior.ln_center()).exp();
    let std = |(channel, &datum): (usize, &f64)| {
        let group = noise.group[channel];
        let errors_squared = (squared(&prior.relative_error[group]), squared(&prior.additive_error[group]));
        noise.variance(channel, datum, errors_squared).sqrt()
    };
    sounding.observed.iter().enumerate().map(std).collect()
}
