//! A configuration and its files, read and checked: everything that soundings share.

use std::fmt::Write;
use std::panic::AssertUnwindSafe;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::config::{
    CenterChoice, Config, CorrelationChoice, DepthChoice, HeightChoice, HeightConfig, LayerCountChoice,
};
use crate::bayes::{
    ConductivityPrior, Correlation, DepthScale, ErrorPrior, Grids, HeightPrior, InterfacePrior, LayerCountLaw,
    LayerCountPrior, Likelihood, Prior, SamplerSettings, Target, chain_rng, invert_sounding, prior_interface_counts,
};
use crate::error::{Error, Result};
use crate::forward::{Accuracy, FdemForward, best_halfspace};
use crate::schema::{Layout, Reason, RunInfo, SoundingRecord, Status, record, record_without_posterior};
use crate::survey::{ReadOptions, Sounding, Survey, read_csv};
use crate::system::FdemSystem;

/// Everything that the soundings of a survey share.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) survey: Survey,
    pub(super) run: RunInfo,
    pub(super) grids: Grids,
    system: FdemSystem,
    settings: SamplerSettings,
    /// The prior, centred on the survey's conductivity and on no height yet.
    prior: Prior,
    center: CenterChoice,
    height: HeightConfig,
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
        let systems = config.survey.system.iter().map(|path| FdemSystem::read(path)).collect::<Result<Vec<_>>>()?;
        let system = FdemSystem::join(systems);
        let options = ReadOptions { nulls: config.survey.null_values.clone() };
        let mut survey = read_csv(&config.survey.data, &system, &options)?;
        refuse_rejected_rows(&mut survey, config.survey.allow_rejected_rows)?;

        let settings = config.sampler.settings();
        let mut prior = prior(config, path)?;
        prior.conductivity.mean = match config.prior.conductivity_center {
            CenterChoice::Fixed => config.prior.conductivity_center_s_per_m.ln(),
            CenterChoice::Survey | CenterChoice::Sounding => survey_center(&survey, &system, &prior),
        };
        let grids = Grids::new(&prior, !survey.has_std);
        let mut rng = chain_rng(settings.seed, 0.0, 0.0, u64::MAX);
        let run = RunInfo {
            configuration: config.to_toml(),
            system_files: system.source_text.clone(),
            data_file: config.survey.data.display().to_string(),
            fingerprint: fingerprint(config, &system)?,
            seed: settings.seed,
            data_unit: "ppm".to_owned(),
            channel_names: system.channel_names(),
            channel_frequency_hz: system.coil_pairs.iter().chain(&system.coil_pairs).map(|p| p.frequency_hz).collect(),
            channel_quadrature: (0..system.channel_count()).map(|c| c >= system.coil_pairs.len()).collect(),
            prior_layer_count: prior.layer_count.probabilities(),
            prior_interface_count: prior_interface_counts(&prior, &grids, PRIOR_DRAWS, &mut rng),
            chain_count: settings.chain_count,
            sample_count: config.sampler.samples / settings.chain_count * settings.chain_count,
            trace_len: TRACE_LEN,
        };
        Ok(Self {
            survey,
            run,
            grids,
            system,
            settings,
            prior,
            center: config.prior.conductivity_center,
            height: config.height.clone(),
        })
    }

    /// Inverts one sounding; a panic becomes its status.
    pub(super) fn invert(&self, sounding: &Sounding, layout: &Layout) -> SoundingRecord {
        let start = cpu_time::ThreadTime::now();
        // Nothing shared is changed in there, so nothing can be left half-changed.
        let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| {
            let likelihood = Likelihood::new(&sounding.observed, sounding.std.as_deref());
            if likelihood.active_channels().is_empty() {
                return record_without_posterior(layout, Status::NoData, Reason::NoActiveChannel, 0.0);
            }
            let mut forward = FdemForward::new(&self.system, sounding.geometry.height_m(), Accuracy::Standard);
            let target = Target::new(self.prior_of(sounding, &mut forward), likelihood);
            let depths = &self.grids.diagnostic_depths_m;
            let posterior =
                invert_sounding(&target, &mut forward, &self.settings, sounding.line_number, sounding.fiducial, depths);
            record(layout, &self.grids, &target, &posterior, start.elapsed().as_secs_f64())
        }));
        outcome.unwrap_or_else(|_| {
            record_without_posterior(layout, Status::Failed, Reason::Panicked, start.elapsed().as_secs_f64())
        })
    }

    fn prior_of(&self, sounding: &Sounding, forward: &mut FdemForward) -> Prior {
        let mut prior = self.prior.clone();
        let height_m = sounding.geometry.height_m();
        prior.height = height_prior(&self.height, height_m);
        if self.center == CenterChoice::Sounding {
            let std = sounding.std.clone().unwrap_or_else(|| typical_std(sounding, &prior));
            if let Some(ln_conductivity) = best_halfspace(forward, height_m, &sounding.observed, &std) {
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

/// The prior that `config` describes, centred anywhere.
fn prior(config: &Config, path: &Path) -> Result<Prior> {
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
        model.maximum_depth_m,
        model.minimum_thickness_m,
        model.maximum_layers - 1,
    );
    let too_many = || {
        let message = format!("{}: maximum_layers layers of minimum_thickness_m do not fit", path.display());
        Error::Config(message)
    };
    let errors = &config.errors;
    Ok(Prior {
        layer_count: LayerCountPrior::new(law, model.maximum_layers),
        interfaces: interfaces.ok_or_else(too_many)?,
        conductivity: ConductivityPrior {
            mean: choice.conductivity_center_s_per_m.ln(),
            std: choice.conductivity_log10_std * ln_10,
            correlation,
            bounds: (choice.conductivity_minimum_s_per_m.ln(), choice.conductivity_maximum_s_per_m.ln()),
        },
        relative_error: error_prior(errors.relative_minimum, errors.relative_maximum),
        additive_error: error_prior(errors.additive_minimum, errors.additive_maximum),
        // Wide of every bird, until a sounding says where it is.
        height: height_prior(&config.height, f64::INFINITY),
    })
}

/// The height prior around `height_m`. A bird never lies on the ground, however wide the prior.
fn height_prior(config: &HeightConfig, height_m: f64) -> HeightPrior {
    match config.prior {
        HeightChoice::Fixed => HeightPrior::Fixed { height_m },
        HeightChoice::Uniform => {
            HeightPrior::Uniform { height_m, half_width_m: config.half_width_m.min(0.9 * height_m) }
        }
        HeightChoice::Normal => HeightPrior::Normal { height_m, std_m: config.std_m.min(0.1 * height_m) },
    }
}

fn error_prior(minimum: f64, maximum: f64) -> ErrorPrior {
    if minimum == maximum {
        ErrorPrior::Fixed { ln_value: minimum.ln() }
    } else {
        ErrorPrior::LogUniform { ln_minimum: minimum.ln(), ln_maximum: maximum.ln() }
    }
}

/// Median of the best halfspaces of evenly chosen soundings: one number for the survey, so that lines and soundings share
/// a prior. It uses the data, but a survey's worth for one number.
fn survey_center(survey: &Survey, system: &FdemSystem, prior: &Prior) -> f64 {
    let step = survey.soundings.len().div_ceil(CENTER_SOUNDINGS);
    let mut best: Vec<f64> = survey
        .soundings
        .iter()
        .step_by(step.max(1))
        .filter_map(|sounding| {
            let std = sounding.std.clone().unwrap_or_else(|| typical_std(sounding, prior));
            let mut forward = FdemForward::new(system, sounding.geometry.height_m(), Accuracy::Standard);
            best_halfspace(&mut forward, sounding.geometry.height_m(), &sounding.observed, &std)
        })
        .collect();
    best.sort_by(f64::total_cmp);
    best.get(best.len() / 2).map_or(prior.conductivity.mean, |&ln_conductivity| clamp_to_bounds(ln_conductivity, prior))
}

fn clamp_to_bounds(ln_conductivity: f64, prior: &Prior) -> f64 {
    ln_conductivity.clamp(prior.conductivity.bounds.0, prior.conductivity.bounds.1)
}

/// Standard deviations in the middle of the error priors.
fn typical_std(sounding: &Sounding, prior: &Prior) -> Vec<f64> {
    let (relative, additive) = (prior.relative_error.ln_center().exp(), prior.additive_error.ln_center().exp());
    sounding.observed.iter().map(|d| (relative * d).hypot(additive)).collect()
}

/// SHA-256 over everything that results depend on: program, settings, survey and system, but not where the files lie.
fn fingerprint(config: &Config, system: &FdemSystem) -> Result<String> {
    let mut placeless = config.clone();
    placeless.survey.data = Default::default();
    placeless.survey.system = Vec::new();
    let data = std::fs::read(&config.survey.data).map_err(Error::io(&config.survey.data))?;
    let mut hash = Sha256::new();
    let version = env!("CARGO_PKG_VERSION").as_bytes();
    for part in [version, placeless.to_toml().as_bytes(), &data, system.source_text.as_bytes()] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    Ok(hash.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
