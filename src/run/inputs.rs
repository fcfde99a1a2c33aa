//! Reads the files that a configuration names.

use std::path::Path;

use crate::bayes::{NoiseModel, decay};
use crate::config::{Config, DecayChoice, PerGroup};
use crate::error::{Error, Result};
use crate::forward::{Physics, component_without_primary};
use crate::survey::{ReadOptions, SurveyFile};
use crate::system::{Axis, Channel, System};

/// The instrument, with what the configuration, from the file `path`, says its data are. `notes` gets what the user should
/// know.
///
/// # Errors
/// A file cannot be read, or the configuration asks for what the instrument does not measure.
pub fn read_system(config: &Config, path: &Path, notes: &mut Vec<String>) -> Result<System> {
    let mut system = System::read(&config.survey.system)?;
    system.set_data(config.survey.field, config.survey.vector_amplitude);
    let what = format!("{}: survey.components", path.display());
    choose_components(&mut system, &config.survey.components, &what)?;
    let warnings = system.moments().iter().flat_map(|moment| &moment.warnings);
    notes.extend(warnings.map(|warning| format!("warning: {warning}")));
    Ok(system)
}

/// Removes the components that are not in `wanted`; an empty list keeps all. `what` names the option in messages.
pub(crate) fn choose_components(system: &mut System, wanted: &[String], what: &str) -> Result<()> {
    for system in system.moments_mut() {
        for axis in [Axis::X, Axis::Y, Axis::Z] {
            let is_wanted = wanted.iter().any(|name| *name == axis.to_string());
            if is_wanted && system.output_scaling[axis as usize] == 0.0 {
                let message = format!(
                    "{what}: system {} does not measure {axis}: its {}OutputScaling is 0",
                    system.name,
                    axis.to_string().to_uppercase()
                );
                return Err(Error::setting("survey.components", message));
            }
            if !wanted.is_empty() && !is_wanted {
                system.output_scaling[axis as usize] = 0.0;
            }
        }
        if let Some(axis) = component_without_primary(system) {
            let message = format!(
                "{what}: system {} relates {axis} to its primary field, which is 0 at ReferenceGeometry: leave {axis} out",
                system.name
            );
            return Err(Error::setting("survey.components", message));
        }
    }
    Ok(())
}

/// The survey file, read through.
pub(crate) fn open_survey(config: &Config, system: &System) -> Result<SurveyFile> {
    let options = ReadOptions {
        fixed_geometry: config.geometry.values(),
        gate_limits_s: gate_limits_s(config, system),
        dfn: config.survey.definition.clone(),
        quoted_noise: config.errors.quoted_noise(),
        leave_out: config.leave_out.to_rules(config.survey.crs.as_deref())?,
        ..config.columns.to_read_options()?
    };
    SurveyFile::open(&config.survey.data, system, &options)
}

/// Returns the earliest begin and the latest end of the gates that are used, for each system.
pub(crate) fn gate_limits_s(config: &Config, system: &System) -> Vec<(f64, f64)> {
    let count = system.moments().len();
    let times = |times: &Option<PerGroup>, otherwise: f64| -> Vec<f64> {
        times.as_ref().and_then(|times| times.values(count)).unwrap_or_else(|| vec![otherwise; count])
    };
    let from = times(&config.survey.gates_from_s, f64::NEG_INFINITY);
    from.into_iter().zip(times(&config.survey.gates_to_s, f64::INFINITY)).collect()
}

/// Prepares the part of the forward models that all soundings share, with the accuracy of `config`.
pub(crate) fn physics(config: &Config, system: &System) -> Physics {
    Physics::new(system, config.forward.accuracy)
}

/// Returns the error groups of the channels, and the shape of the additive error.
pub(crate) fn noise_model(config: &Config, system: &System) -> NoiseModel {
    let given = &config.errors.additive_per_channel;
    let decays = config.errors.additive_decay == Some(DecayChoice::InverseSqrtTime);
    let shape = |(i, channel): (usize, &Channel)| match given.get(i) {
        Some(&value) => value,
        None => channel.time_s().filter(|_| decays).map_or(1.0, decay),
    };
    NoiseModel {
        group: system.channel_error_groups(),
        additive_shape: system.channels().iter().enumerate().map(shape).collect(),
        relative_to: config.errors.relative_to,
    }
}
