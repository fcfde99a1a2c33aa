//! A configuration and its files, read and checked: everything that soundings share.

use std::fmt::Write;
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::config::{AccuracyChoice, CenterChoice, Config, CorrelationChoice, DepthChoice, LayerCountChoice, PerGroup};
use super::inputs::{noise_model, read_survey, read_system};
use crate::bayes::{
    ConductivityPrior, Correlation, DepthScale, Deviation, ErrorPrior, GeometryPrior, Grids, InterfacePrior,
    LayerCountLaw, LayerCountPrior, Likelihood, NoiseModel, Prior, SamplerSettings, Target, chain_rng, invert_sounding,
    prior_interface_counts,
};
use crate::error::{Error, Result};
use crate::forward::{Accuracy, ForwardModel, Physics, best_halfspace};
use crate::schema::{ChannelInfo, Layout, Reason, RunInfo, SoundingRecord, Status, record, record_without_posterior};
use crate::survey::{Sounding, Survey, definition_file};
use crate::system::{Geometry, GeometryParameter, System};

/// Everything that the soundings of a survey share.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) survey: Survey,
    pub(super) run: RunInfo,
    pub(super) grids: Grids,
    physics: Physics,
    settings: SamplerSettings,
    /// The prior, centred on the survey's conductivity and on no geometry yet.
    prior: Prior,
    noise: Arc<NoiseModel>,
    center: CenterChoice,
}

/// Places of the stored misfit trace.
const TRACE_LEN: usize = 200;
/// Draws that the stored prior interface histogram comes from.
const PRIOR_DRAWS: usize = 20_000;
/// Soundings that the survey's centre of conductivity comes from, at most.
const CENTER_SOUNDINGS: usize = 1_000;

impl Job {
    /// Reads the files that `config`, from the file `path`, names.
    pub(super) fn prepare(config: &Config, path: &Path) -> Result<Self> {
        let mut config = config.clone();
        let system = read_system(&config, path)?;
        config.resolve(&system, path)?;
        let mut survey = read_survey(&config, &system)?;
        refuse_rejected_rows(&mut survey, config.survey.allow_rejected_rows)?;

        let settings = config.sampler.settings();
        let accuracy = match config.forward.accuracy {
            AccuracyChoice::Standard => Accuracy::Standard,
            AccuracyChoice::High => Accuracy::High,
            AccuracyChoice::Reference => Accuracy::Reference,
        };
        let physics = Physics::new(&system, accuracy);
        let noise = Arc::new(noise_model(&config, &system));
        let mut prior = prior(&config, &system, survey.has_std, path)?;
        prior.conductivity.mean = match config.prior.conductivity_center {
            CenterChoice::Fixed => config.prior.conductivity_center_s_per_m.ln(),
            CenterChoice::Survey | CenterChoice::Sounding => survey_center(&survey, &physics, &noise, &prior),
        };
        warn_of_narrow_geometry(&prior.geometry, &survey);
        let grids = Grids::new(&prior, !survey.has_std);
        let mut rng = chain_rng(settings.seed, 0.0, 0.0, u64::MAX);
        let run = RunInfo {
            configuration: config.to_toml(),
            system_files: system.source_text(),
            data_file: config.survey.data.display().to_string(),
            fingerprint: fingerprint(&config, &system)?,
            seed: settings.seed,
            data_unit: system.data_unit(),
            additive_error_unit: if config.errors.additive_per_channel.is_empty() {
                system.data_unit()
            } else {
                "1".to_owned()
            },
            channel_names: system.channel_names(),
            channels: channel_info(&system),
            error_group_names: system.error_group_names(),
            channel_error_group: noise.group.clone(),
            geometry_parameters: prior.geometry.sampled().to_vec(),
            prior_layer_count: prior.layer_count.probabilities(),
            prior_interface_count: prior_interface_counts(&prior, &grids, PRIOR_DRAWS, &mut rng),
            chain_count: settings.chain_count,
            sample_count: config.sampler.samples / settings.chain_count * settings.chain_count,
            trace_len: TRACE_LEN,
        };
        Ok(Self { survey, run, grids, physics, settings, prior, noise, center: config.prior.conductivity_center })
    }

    /// Inverts one sounding; a panic becomes its status.
    pub(super) fn invert(&self, sounding: &Sounding, layout: &Layout) -> SoundingRecord {
        let start = cpu_time::ThreadTime::now();
        // Nothing shared is changed in there, so nothing can be left half-changed.
        let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| {
            let likelihood = Likelihood::new(&sounding.observed, sounding.std.as_deref(), Arc::clone(&self.noise));
            if likelihood.active_channels().is_empty() {
                return record_without_posterior(layout, Status::NoData, Reason::NoActiveChannel, 0.0);
            }
            let mut forward = self.physics.forward(&sounding.geometry);
            let forward = forward.as_mut();
            let target = Target::new(self.prior_of(sounding, forward), likelihood);
            let (line_number, fiducial) = (sounding.line_number, sounding.fiducial);
            let pulse = &mut || ControlFlow::Continue(());
            let posterior =
                invert_sounding(&target, forward, &self.settings, &self.grids, line_number, fiducial, pulse)
                    .expect("this pulse never breaks");
            record(layout, &self.grids, &target, &posterior, start.elapsed().as_secs_f64())
        }));
        outcome.unwrap_or_else(|_| {
            record_without_posterior(layout, Status::Failed, Reason::Panicked, start.elapsed().as_secs_f64())
        })
    }

    fn prior_of(&self, sounding: &Sounding, forward: &mut dyn ForwardModel) -> Prior {
        let mut prior = self.prior.clone();
        prior.geometry = above_ground(&prior.geometry, sounding.geometry);
        if self.center == CenterChoice::Sounding {
            let std = sounding.std.clone().unwrap_or_else(|| typical_std(sounding, &self.noise, &prior));
            if let Some(ln_conductivity) = best_halfspace(forward, &sounding.geometry, &sounding.observed, &std) {
                prior.conductivity.mean = clamp_to_bounds(ln_conductivity, &prior);
            }
        }
        prior
    }
}

fn refuse_rejected_rows(survey: &mut Survey, allow: bool) -> Result<()> {
    let mut errors: Vec<Error> = survey.rejected.iter_mut().flat_map(|row| std::mem::take(&mut row.errors)).collect();
    if errors.is_empty() {
        return Ok(());
    }
    if allow && !survey.soundings.is_empty() {
        eprintln!(
            "geobipy: going on without {} rows that cannot be read:\n{}",
            survey.rejected.len(),
            Error::Many(errors)
        );
        return Ok(());
    }
    errors.push(Error::Config(format!(
        "{} of {} rows of {} cannot be read; mend them, or set survey.allow_rejected_rows = true to go on without them",
        survey.rejected.len(),
        survey.rejected.len() + survey.soundings.len(),
        survey.path.display()
    )));
    Err(Error::Many(errors))
}

fn channel_info(system: &System) -> ChannelInfo {
    match system {
        System::Fdem(system) => ChannelInfo::Fdem {
            frequency_hz: system.coil_pairs.iter().chain(&system.coil_pairs).map(|p| p.frequency_hz).collect(),
            quadrature: (0..system.channel_count()).map(|c| c >= system.coil_pairs.len()).collect(),
        },
        System::Tdem(instrument) => {
            let channels = instrument.channels();
            ChannelInfo::Tdem {
                gate_s: channels.iter().map(|c| (c.gate.start_s, c.gate.end_s)).collect(),
                system: channels.iter().map(|c| c.system).collect(),
                component: channels.iter().map(|c| c.component.map_or(3, |axis| axis as i8)).collect(),
            }
        }
    }
}

/// The prior that `config` describes, centred anywhere.
fn prior(config: &Config, system: &System, has_std: bool, path: &Path) -> Result<Prior> {
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
        Error::Config(message)
    };
    let errors = &config.errors;
    let groups = system.error_group_names().len();
    let bounds = |values: &PerGroup| values.values(groups).unwrap_or_default();
    let additive = match (&errors.additive_minimum, &errors.additive_maximum) {
        (Some(minimum), Some(maximum)) => error_priors(&bounds(minimum), &bounds(maximum)),
        _ if has_std => vec![ErrorPrior::Fixed { ln_value: 0.0 }; groups],
        _ => {
            let message = format!(
                "{}: errors.additive_minimum and errors.additive_maximum are missing, or errors.additive_per_channel: time-domain \
                 data have no default, their unit is {}",
                path.display(),
                system.data_unit()
            );
            return Err(Error::Config(message));
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
        relative_error: error_priors(&bounds(&errors.relative_minimum), &bounds(&errors.relative_maximum)),
        additive_error: additive,
        // Anywhere, until a sounding says where it is.
        geometry: GeometryPrior::new(Geometry::default(), config.geometry.deviations()),
    })
}

/// Says of how many soundings [`above_ground`] narrows the prior.
fn warn_of_narrow_geometry(prior: &GeometryPrior, survey: &Survey) {
    let is_narrowed = |s: &&Sounding| above_ground(prior, s.geometry) != prior.around(s.geometry);
    let count = survey.soundings.iter().filter(is_narrowed).count();
    if count > 0 {
        eprintln!(
            "geobipy: warning: the prior of height or txrx_dz reaches the ground at {count} of {} soundings; it is narrowed \
             there, a standard deviation to a tenth of the lower coil's height, a half width to 0.9 (both sampled: 0.45) of it",
            survey.soundings.len()
        );
    }
}

/// The geometry prior around `measured`. A bird never lies on the ground, however wide the prior.
fn above_ground(prior: &GeometryPrior, measured: Geometry) -> GeometryPrior {
    let lowest_m = measured.height_m() + measured.get(GeometryParameter::TxRxDz).min(0.0);
    // Both may come down, but not together to the ground.
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
    let prior = |(&minimum, &maximum): (&f64, &f64)| {
        if minimum == maximum {
            ErrorPrior::Fixed { ln_value: minimum.ln() }
        } else {
            ErrorPrior::LogUniform { ln_minimum: minimum.ln(), ln_maximum: maximum.ln() }
        }
    };
    minimum.iter().zip(maximum).map(prior).collect()
}

/// Median of the best halfspaces of evenly chosen soundings: one number for the survey, so that lines and soundings share
/// a prior. It uses the data, but a survey's worth for one number.
fn survey_center(survey: &Survey, physics: &Physics, noise: &NoiseModel, prior: &Prior) -> f64 {
    let step = survey.soundings.len().div_ceil(CENTER_SOUNDINGS);
    let mut best: Vec<f64> = survey
        .soundings
        .iter()
        .step_by(step.max(1))
        .filter_map(|sounding| {
            let std = sounding.std.clone().unwrap_or_else(|| typical_std(sounding, noise, prior));
            let mut forward = physics.forward(&sounding.geometry);
            best_halfspace(forward.as_mut(), &sounding.geometry, &sounding.observed, &std)
        })
        .collect();
    best.sort_by(f64::total_cmp);
    best.get(best.len() / 2).map_or(prior.conductivity.mean, |&ln_conductivity| clamp_to_bounds(ln_conductivity, prior))
}

fn clamp_to_bounds(ln_conductivity: f64, prior: &Prior) -> f64 {
    ln_conductivity.clamp(prior.conductivity.bounds.0, prior.conductivity.bounds.1)
}

/// Standard deviations in the middle of the error priors.
fn typical_std(sounding: &Sounding, noise: &NoiseModel, prior: &Prior) -> Vec<f64> {
    let squared = |prior: &ErrorPrior| (2.0 * prior.ln_center()).exp();
    let std = |(channel, &datum): (usize, &f64)| {
        let group = noise.group[channel];
        let errors_squared = (squared(&prior.relative_error[group]), squared(&prior.additive_error[group]));
        noise.variance(channel, datum, errors_squared).sqrt()
    };
    sounding.observed.iter().enumerate().map(std).collect()
}

/// SHA-256 over everything that results depend on: program, settings, survey and system, but not where the files lie.
fn fingerprint(config: &Config, system: &System) -> Result<String> {
    let mut placeless = config.clone();
    placeless.survey.data = Default::default();
    placeless.survey.system = Vec::new();
    placeless.survey.definition = None;
    let read = |path: &Path| std::fs::read(path).map_err(Error::io(path));
    let data = read(&config.survey.data)?;
    let definition = match system {
        System::Fdem(_) => None,
        System::Tdem(_) => definition_file(&config.survey.data, config.survey.definition.as_deref())?,
    };
    let definition = definition.as_deref().map(read).transpose()?.unwrap_or_default();
    let mut hash = Sha256::new();
    let version = env!("CARGO_PKG_VERSION").as_bytes();
    for part in [version, placeless.to_toml().as_bytes(), &data, system.source_text().as_bytes(), &definition] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    Ok(hash.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
