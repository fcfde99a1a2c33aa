//! Reads and checks a configuration and its files: everything that soundings share.

use std::fmt::Write;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::inputs::{noise_model, open_survey, physics, read_system};
use super::prior::{narrow_geometry, prior, survey_center};
use super::rejected::Rejected;
use super::suspects::undeclared_nulls;
use crate::bayes::{Grids, Prior, chain_rng, prior_interface_counts};
use crate::config::{CenterChoice, Config};
use crate::error::{Error, Result};
use crate::gis::crs_wkt;
use crate::schema::{ChannelInfo, PriorInfo, RunInfo};
use crate::survey::{LeftOut, SurveyFile, definition_file};
use crate::system::{Domain, System};
use crate::words::plural;

/// A survey with the settings of its inversion.
#[derive(Debug)]
pub struct Plan {
    /// The soundings.
    pub survey: SurveyFile,
    /// The instrument.
    pub system: System,
    /// Description of the run in the result files.
    pub run: RunInfo,
    /// Cells that posteriors are counted in.
    pub grids: Grids,
    /// The prior, centred on the survey's conductivity; its geometry is set for each sounding.
    pub prior: Prior,
    /// The configuration, with every default that depends on the system.
    pub config: Config,
}

/// Number of values in the stored misfit trace.
const TRACE_LEN: usize = 200;
/// Number of draws for the stored prior interface histogram.
const PRIOR_DRAWS: usize = 20_000;

impl Plan {
    /// Reads the files that `config`, read from `path`, names. Messages for the user are added to `notes`, also when a file
    /// cannot be read.
    ///
    /// # Errors
    ///
    /// Also when rows of the survey cannot be read, unless the configuration allows it.
    pub fn read(config: &Config, path: &Path, notes: &mut Vec<String>) -> Result<Self> {
        let plan = Self::of_readable(config, path, notes)?;
        let nulls = undeclared_nulls(&plan.survey, &plan.config.columns.null_values);
        let nulls = nulls.iter().map(|null| &null.message);
        notes.extend(plan.survey.warnings.iter().chain(nulls).map(|warning| format!("warning: {warning}")));
        refuse_rejected_rows(&plan.survey, config.survey.allow_rejected_rows, notes)?;
        notes.extend(plan.survey.left_out.iter().filter_map(LeftOut::warning).map(|text| format!("warning: {text}")));
        Ok(plan)
    }

    /// Like [`Self::read`], but accepts any number of unreadable rows, and leaves the warnings of the survey to it.
    ///
    /// # Errors
    /// A file cannot be read as a whole, or the configuration does not fit it.
    pub fn of_readable(config: &Config, path: &Path, notes: &mut Vec<String>) -> Result<Self> {
        let mut config = config.clone();
        let system = read_system(&config, path, notes)?;
        config.resolve(&system, path)?;
        let survey = open_survey(&config, &system)?;
        notes.extend(survey.notes());
        notes.extend(take_crs(&mut config, &survey));

        let settings = config.sampler.settings();
        let noise = noise_model(&config, &system);
        let mut prior = prior(&config, &system, survey.has_std(), path)?;
        prior.conductivity.mean = match config.prior.conductivity_center {
            CenterChoice::Fixed => config.prior.conductivity_center_s_per_m.ln(),
            CenterChoice::Survey | CenterChoice::Sounding => {
                survey_center(&survey, &physics(&config, &system), &noise, &prior)?
            }
        };
        notes.extend(narrow_geometry(&prior.geometry, &survey)?);
        let grids = Grids::new(&prior);
        let mut rng = chain_rng(settings.seed, 0.0, 0.0, u64::MAX);
        let data_sha256 = data_sha256(&config, &survey)?;
        let run = RunInfo {
            configuration: config.to_toml(),
            system_files: system.source_text(),
            data_file: config.survey.data.display().to_string(),
            fingerprint: fingerprint(&config, &system, &data_sha256),
            data_sha256,
            crs_wkt: config.survey.crs.as_deref().map(crs_wkt).transpose()?.flatten(),
            crs: config.survey.crs.clone(),
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
            error_group_labels: system.error_group_labels(),
            channel_error_group: noise.group,
            geometry_parameters: prior.geometry.sampled().to_vec(),
            has_std: survey.has_std(),
            prior: PriorInfo::new(&prior, prior_interface_counts(&prior, &grids, PRIOR_DRAWS, &mut rng)),
            rhat_target: settings.rhat_target,
            ess_target: settings.ess_target,
            chain_count: settings.chain_count,
            sample_count: config.sampler.samples / settings.chain_count * settings.chain_count,
            trace_len: TRACE_LEN,
        };
        Ok(Self { survey, system, run, grids, prior, config })
    }
}

/// Returns the warning for a configuration without a coordinate reference system.
pub fn missing_crs(survey: &SurveyFile) -> String {
    let known = match survey.crs() {
        Some(crs) => format!("its file says {crs}"),
        None => "an EPSG code, as in \"EPSG:28354\"".to_owned(),
    };
    format!("survey.crs is not given ({known}): export will require it")
}

/// Takes the coordinate reference system that the comments of the survey file name when the configuration names none.
/// Returns what the user should know about it.
fn take_crs(config: &mut Config, survey: &SurveyFile) -> Option<String> {
    let (named, path) = (survey.comments_crs()?, survey.path().display());
    match &config.survey.crs {
        None => {
            if let Err(error) = crs_wkt(named) {
                return Some(format!("warning: {path} names {named}, which is not used: {error}"));
            }
            config.survey.crs = Some(named.to_owned());
            Some(format!("survey.crs = \"{named}\", as the comments of {path} say"))
        }
        // A system that is not given by its code cannot be compared.
        Some(given) if given.trim().to_ascii_uppercase().starts_with("EPSG:") => {
            (!given.trim().eq_ignore_ascii_case(named))
                .then(|| format!("warning: survey.crs is {given}, but {path} says {named}: {given} is used"))
        }
        Some(_) => None,
    }
}

/// Refuses a survey with rows that cannot be read, unless they may be skipped (`allow`); a note then says so.
///
/// # Errors
/// [`Error::Setting`] for `survey.allow_rejected_rows`, with the causes.
pub fn refuse_rejected_rows(survey: &SurveyFile, allow: bool, notes: &mut Vec<String>) -> Result<()> {
    let count = survey.rejected.len();
    if count == 0 {
        return Ok(());
    }
    let (path, causes) = (survey.path().display(), Rejected::new(&survey.rejected));
    if allow && !survey.places().is_empty() {
        notes.push(format!("{path}: {} that cannot be read are skipped:\n{causes}", plural(count, "row")));
        return Ok(());
    }
    Err(Error::setting(
        "survey.allow_rejected_rows",
        format!(
            "{path}: {count} of {} cannot be read; correct them, or skip them with survey.allow_rejected_rows = true:\n{causes}",
            plural(count + survey.places().len(), "row"),
        ),
    ))
}

fn channel_info(system: &System) -> ChannelInfo {
    let (mut gate_s, mut moment, mut component) = (Vec::new(), Vec::new(), Vec::new());
    let (mut frequency_hz, mut in_quadrature) = (Vec::new(), Vec::new());
    for channel in system.channels() {
        match channel.domain {
            Domain::Time(gate) => {
                gate_s.push((gate.start_s, gate.end_s));
                moment.push(channel.moment);
                component.push(channel.component.map_or(3, |axis| axis as i8));
            }
            Domain::Frequency { hz, quadrature } => {
                frequency_hz.push(hz);
                in_quadrature.push(quadrature);
            }
        }
    }
    if system.is_time_domain() {
        ChannelInfo::Tdem { gate_s, system: moment, component }
    } else {
        ChannelInfo::Fdem { frequency_hz, quadrature: in_quadrature }
    }
}

/// Returns the SHA-256 of everything on which results depend: program, settings, survey and system, but not the folders
/// of the files.
fn fingerprint(config: &Config, system: &System, data_sha256: &str) -> String {
    let mut placeless = config.clone();
    placeless.survey.data = Default::default();
    placeless.survey.system = Vec::new();
    placeless.survey.definition = None;
    placeless.leave_out.polygons = Vec::new();
    // The coordinate reference system does not change results.
    placeless.survey.crs = None;
    let mut hash = Sha256::new();
    for part in [env!("CARGO_PKG_VERSION"), &placeless.to_toml(), data_sha256, &system.source_text()] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hexadecimal(&hash.finalize())
}

/// Returns the SHA-256 of the survey file and of its definition, if there is one. Where polygons leave soundings out, the
/// lines and fiducials of the others are added, because they may change with the files of the polygons and with survey.crs.
fn data_sha256(config: &Config, survey: &SurveyFile) -> Result<String> {
    let definition = definition_file(&config.survey.data, config.survey.definition.as_deref())?;
    let mut hash = Sha256::new();
    for path in std::iter::once(&config.survey.data).chain(&definition) {
        let mut file = std::fs::File::open(path).map_err(Error::io(path))?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            let count = file.read(&mut buffer).map_err(Error::io(path))?;
            if count == 0 {
                break;
            }
            hash.update(&buffer[..count]);
        }
    }
    if !config.leave_out.polygons.is_empty() {
        for place in survey.places() {
            hash.update(place.line_number.to_le_bytes());
            hash.update(place.fiducial.to_le_bytes());
        }
    }
    Ok(hexadecimal(&hash.finalize()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
