//! Reads the files that a configuration names.

use std::path::Path;

use super::config::{AccuracyChoice, Config, DecayChoice, FieldChoice, PerGroup, ReferenceChoice, syntax_error};
use super::options::{Translation, is_options_file, translate};
use crate::bayes::{ErrorReference, NoiseModel};
use crate::error::{Error, Result};
use crate::forward::{Accuracy, Physics, component_without_primary};
use crate::survey::{ReadOptions, SurveyFile};
use crate::system::{Axis, MeasuredField, System, TdemInstrument};

/// Reads the configuration `path`, or an options file of GeoBIPy; values in `sets` (`key=value`) replace those of the
/// file.
pub(super) fn read_config(path: &Path, sets: &[String]) -> Result<Config> {
    let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
    if !is_options_file(path, &text) {
        return Config::of_file(&text, path, sets);
    }
    let translated = translate(&text, path, path.parent().unwrap_or(Path::new("")));
    let Translation { toml, notes } = translated.map_err(|error| {
        let no_toml = toml::from_str::<toml::Table>(&text).err().map(|error| syntax_error(&text, path, &error));
        let no_toml = no_toml.map_or_else(String::new, |error| format!(" ({error})"));
        let why = format!("{}: read as an options file of GeoBIPy, since it is no TOML{no_toml}", path.display());
        Error::Many(vec![error, Error::Config(why)])
    })?;
    eprintln!(
        "geobipy: {}: an options file of GeoBIPy; geobipy init --from it shows what becomes of it",
        path.display()
    );
    notes.iter().for_each(|note| eprintln!("geobipy: {}: {note}", path.display()));
    Config::of_file(&toml, path, sets)
}

/// Reads the system, and applies the keys of the configuration `path` that describe its data.
pub(super) fn read_system(config: &Config, path: &Path) -> Result<System> {
    let mut system = System::read(&config.survey.system)?;
    if let System::Tdem(instrument) = &mut system {
        instrument.field = match config.survey.field {
            FieldChoice::Secondary => MeasuredField::Secondary,
            FieldChoice::Total => MeasuredField::Total,
        };
        instrument.vector_amplitude = config.survey.vector_amplitude;
        let what = format!("{}: survey.components", path.display());
        choose_components(instrument, &config.survey.components, &what)?;
        for warning in instrument.systems.iter().flat_map(|system| &system.warnings) {
            eprintln!("geobipy: warning: {warning}");
        }
    }
    Ok(system)
}

/// Removes the components that are not in `wanted`; an empty list keeps all. `what` names the option in messages.
pub(super) fn choose_components(instrument: &mut TdemInstrument, wanted: &[String], what: &str) -> Result<()> {
    for system in &mut instrument.systems {
        for axis in [Axis::X, Axis::Y, Axis::Z] {
            let is_wanted = wanted.iter().any(|name| *name == axis.to_string());
            if is_wanted && system.output_scaling[axis as usize] == 0.0 {
                let message = format!(
                    "{what}: system {} does not measure {axis}: its {}OutputScaling is 0",
                    system.name,
                    axis.to_string().to_uppercase()
                );
                return Err(Error::Config(message));
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
            return Err(Error::Config(message));
        }
    }
    Ok(())
}

/// Opens the survey file and reads all of it.
pub(super) fn open_survey(config: &Config, system: &System) -> Result<SurveyFile> {
    let options = ReadOptions {
        fixed_geometry: config.geometry.values(),
        gate_limits_s: gate_limits_s(config, system),
        dfn: config.survey.definition.clone(),
        quoted_noise: config.errors.quoted_noise(),
        ..config.columns.to_read_options()?
    };
    SurveyFile::open(&config.survey.data, system, &options)
}

/// Returns the earliest begin and the latest end of the gates that are used, for each system.
fn gate_limits_s(config: &Config, system: &System) -> Vec<(f64, f64)> {
    let System::Tdem(instrument) = system else { return Vec::new() };
    let count = instrument.systems.len();
    let times = |times: &Option<PerGroup>, otherwise: f64| -> Vec<f64> {
        times.as_ref().and_then(|times| times.values(count)).unwrap_or_else(|| vec![otherwise; count])
    };
    let from = times(&config.survey.gates_from_s, f64::NEG_INFINITY);
    from.into_iter().zip(times(&config.survey.gates_to_s, f64::INFINITY)).collect()
}

/// Prepares the part of the forward models that all soundings share, with the accuracy of `config`.
pub(super) fn physics(config: &Config, system: &System) -> Physics {
    let accuracy = match config.forward.accuracy {
        AccuracyChoice::Standard => Accuracy::Standard,
        AccuracyChoice::High => Accuracy::High,
        AccuracyChoice::Reference => Accuracy::Reference,
    };
    Physics::new(system, accuracy)
}

/// Returns the error groups of the channels, and the shape of the additive error.
pub(super) fn noise_model(config: &Config, system: &System) -> NoiseModel {
    let given = &config.errors.additive_per_channel;
    let relative_to = match config.errors.relative_to {
        ReferenceChoice::Predicted => ErrorReference::Predicted,
        ReferenceChoice::Observed => ErrorReference::Observed,
    };
    let System::Tdem(instrument) = system else {
        let mut noise = NoiseModel { relative_to, ..NoiseModel::uniform(system.channel_count()) };
        noise.additive_shape.iter_mut().zip(given).for_each(|(shape, &value)| *shape = value);
        return noise;
    };
    let (channels, groups) = (instrument.channels(), instrument.groups());
    let decays = config.errors.additive_decay == Some(DecayChoice::InverseSqrtTime);
    NoiseModel {
        group: channels
            .iter()
            .map(|c| groups.iter().position(|&g| g == (c.system, c.component)).unwrap_or(0))
            .collect(),
        additive_shape: channels
            .iter()
            .enumerate()
            .map(|(i, channel)| match given.get(i) {
                Some(&value) => value,
                None if decays => decay(channel.gate.center_s()),
                None => 1.0,
            })
            .collect(),
        relative_to,
    }
}

/// Returns (time / 1 ms)^(-1/2), the shape of white noise averaged over gates whose width grows with time; times below
/// a microsecond count as a microsecond.
pub(super) fn decay(time_s: f64) -> f64 {
    (time_s.max(1e-6) / 1e-3).powf(-0.5)
}
