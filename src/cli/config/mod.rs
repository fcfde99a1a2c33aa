//! The configuration file: TOML, every key known, every value in range.

mod check;
mod syntax;
mod tdem;
mod values;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use self::check::{Checker, WrongValue};
use self::syntax::syntax_error;
use self::values::one_or_many;
use crate::bayes::SamplerSettings;
use crate::error::{Error, InputError, Result};
use crate::system::{GeometryParameter, Normalisation, Output, System};

pub(super) use self::tdem::{ColumnConfig, ConventionChoice, FieldChoice, GeometryConfig};
pub(super) use self::values::PerGroup;

const FDEM_MAXIMUM_DEPTH_M: f64 = 150.0;
const TDEM_MAXIMUM_DEPTH_M: f64 = 400.0;

/// A whole configuration; every key but the file names has a default.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Config {
    pub(super) survey: SurveyConfig,
    pub(super) model: ModelConfig,
    pub(super) prior: PriorConfig,
    pub(super) errors: ErrorConfig,
    pub(super) geometry: GeometryConfig,
    pub(super) columns: ColumnConfig,
    pub(super) forward: ForwardConfig,
    pub(super) sampler: SamplerConfig,
}

/// What was measured, and with what.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SurveyConfig {
    /// Survey file, relative to the configuration file.
    pub(super) data: PathBuf,
    /// Instrument files, relative to the configuration file; a single one needs no list.
    #[serde(deserialize_with = "one_or_many")]
    pub(super) system: Vec<PathBuf>,
    /// Numbers that mean "missing" in the survey file, besides NaN.
    pub(super) null_values: Vec<f64>,
    /// Go on without rows that cannot be read.
    pub(super) allow_rejected_rows: bool,
    /// Time domain: the components to use, of those the system files scale; all when empty.
    pub(super) components: Vec<String>,
    /// Time domain: data without or with the primary field.
    pub(super) field: FieldChoice,
    /// Time domain: invert the length of the vector of components, gate by gate.
    pub(super) vector_amplitude: bool,
    /// Time domain: signs of the survey file.
    pub(super) convention: ConventionChoice,
    /// Time domain: ASEG-GDF2 definition of the survey file, where it does not lie beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) definition: Option<PathBuf>,
}

/// Bounds of the layered models.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ModelConfig {
    pub(super) maximum_layers: usize,
    pub(super) minimum_depth_m: f64,
    /// 150 m for frequency-domain, 400 m for time-domain systems.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) maximum_depth_m: Option<f64>,
    pub(super) minimum_thickness_m: f64,
}

impl Default for ModelConfig {
    fn default() -> Self {
        Self { maximum_layers: 30, minimum_depth_m: 0.5, maximum_depth_m: None, minimum_thickness_m: 0.5 }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum LayerCountChoice {
    Uniform,
    Reciprocal,
    Geometric,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum DepthChoice {
    Linear,
    Log,
    LogOffset,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CenterChoice {
    /// Median over the survey of the halfspace that fits each sounding best.
    Survey,
    /// The halfspace that fits the sounding best: uses its data twice.
    Sounding,
    /// `conductivity_center_s_per_m`.
    Fixed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CorrelationChoice {
    Independent,
    ByIndex,
    ByDistance,
}

/// Priors of the layered models.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct PriorConfig {
    pub(super) layer_count: LayerCountChoice,
    pub(super) layer_count_ratio: f64,
    pub(super) interface_depth: DepthChoice,
    pub(super) interface_depth_offset_m: f64,
    pub(super) conductivity_center: CenterChoice,
    pub(super) conductivity_center_s_per_m: f64,
    pub(super) conductivity_log10_std: f64,
    pub(super) conductivity_minimum_s_per_m: f64,
    pub(super) conductivity_maximum_s_per_m: f64,
    pub(super) conductivity_correlation: CorrelationChoice,
    pub(super) gradient_log10_std: f64,
    pub(super) correlation_length_m: f64,
}

impl Default for PriorConfig {
    fn default() -> Self {
        Self {
            layer_count: LayerCountChoice::Geometric,
            layer_count_ratio: 0.6,
            interface_depth: DepthChoice::LogOffset,
            interface_depth_offset_m: 10.0,
            conductivity_center: CenterChoice::Survey,
            conductivity_center_s_per_m: 0.02,
            conductivity_log10_std: 1.0,
            conductivity_minimum_s_per_m: 1e-5,
            conductivity_maximum_s_per_m: 100.0,
            conductivity_correlation: CorrelationChoice::Independent,
            gradient_log10_std: 0.65,
            correlation_length_m: 10.0,
        }
    }
}

/// Bounds of the data errors; equal bounds fix an error. Not used where the survey file has standard deviations. Lists
/// have one value for each error group: each component of each system.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ErrorConfig {
    pub(super) relative_minimum: PerGroup,
    pub(super) relative_maximum: PerGroup,
    /// Frequency domain: 0.5 ppm. Time domain has no default: it depends on the unit of the data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) additive_minimum: Option<PerGroup>,
    /// Frequency domain: 50 ppm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) additive_maximum: Option<PerGroup>,
    /// How the additive error runs over the gates of a group; dB/dt decays by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) additive_decay: Option<DecayChoice>,
    /// Additive error of each channel; `additive_minimum` and `_maximum` are then factors, 1 by default.
    pub(super) additive_per_channel: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum DecayChoice {
    /// The same at all gates.
    None,
    /// The value is that at 1 ms; it falls as 1/sqrt(time).
    InverseSqrtTime,
}

impl Default for ErrorConfig {
    fn default() -> Self {
        Self {
            relative_minimum: PerGroup::One(0.005),
            relative_maximum: PerGroup::One(0.5),
            additive_minimum: None,
            additive_maximum: None,
            additive_decay: None,
            additive_per_channel: Vec::new(),
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum AccuracyChoice {
    #[default]
    Standard,
    High,
    Reference,
}

/// How exact the physics is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ForwardConfig {
    pub(super) accuracy: AccuracyChoice,
}

/// How long to sample.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SamplerConfig {
    pub(super) seed: u64,
    pub(super) chains: usize,
    pub(super) maximum_burn_in: usize,
    pub(super) maximum_iterations: usize,
    pub(super) record_every: usize,
    pub(super) rhat_target: f64,
    pub(super) ess_target: f64,
    pub(super) samples: usize,
    /// Sample the prior: the data count for nothing.
    pub(super) ignore_likelihood: bool,
}

impl Default for SamplerConfig {
    fn default() -> Self {
        Self {
            seed: 1,
            chains: 4,
            maximum_burn_in: 50_000,
            maximum_iterations: 400_000,
            record_every: 10,
            rhat_target: 1.05,
            ess_target: 200.0,
            samples: 200,
            ignore_likelihood: false,
        }
    }
}

impl Config {
    /// Reads and checks the configuration at `path`; file names in it become relative to its folder.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
        let mut config = Self::parse(&text, path)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        config.survey.data = folder.join(&config.survey.data);
        config.survey.system.iter_mut().for_each(|system| *system = folder.join(&*system));
        config.survey.definition = config.survey.definition.map(|definition| folder.join(definition));
        Ok(config)
    }

    pub(super) fn parse(text: &str, path: &Path) -> Result<Self> {
        let config: Config = toml::from_str(text).map_err(|error| syntax_error(text, path, &error))?;
        let wrong: Vec<Error> = config.wrong_values().into_iter().map(|wrong| wrong.at(text, path)).collect();
        if wrong.is_empty() { Ok(config) } else { Err(Error::Many(wrong)) }
    }

    /// Every value that is out of range.
    fn wrong_values(&self) -> Vec<WrongValue> {
        let mut check = Checker::default();
        check.require("survey.data", !self.survey.data.as_os_str().is_empty(), "nothing", "the survey file");
        check.require("survey.system", !self.survey.system.is_empty(), "nothing", "the instrument file or files");

        self.model.check(&mut check);
        let prior = &self.prior;
        check.range("prior.layer_count_ratio", prior.layer_count_ratio, 1e-3, 1.0 - 1e-9);
        check.positive("prior.interface_depth_offset_m", prior.interface_depth_offset_m);
        check.range("prior.conductivity_log10_std", prior.conductivity_log10_std, 1e-3, 10.0);
        check.positive("prior.conductivity_minimum_s_per_m", prior.conductivity_minimum_s_per_m);
        check.above(
            "prior.conductivity_maximum_s_per_m",
            prior.conductivity_maximum_s_per_m,
            prior.conductivity_minimum_s_per_m,
            "conductivity_minimum_s_per_m",
        );
        check.range(
            "prior.conductivity_center_s_per_m",
            prior.conductivity_center_s_per_m,
            prior.conductivity_minimum_s_per_m,
            prior.conductivity_maximum_s_per_m,
        );
        // Beyond this a step from layer to layer would need a negative correlation.
        let steepest = std::f64::consts::SQRT_2 * prior.conductivity_log10_std;
        check.range("prior.gradient_log10_std", prior.gradient_log10_std, 1e-3, steepest.max(1e-3));
        check.positive("prior.correlation_length_m", prior.correlation_length_m);

        self.errors.check(&mut check);
        self.geometry.check(&mut check);
        self.columns.check(&mut check);
        for name in &self.survey.components {
            let known = ["x", "y", "z"].contains(&name.as_str());
            check.require("survey.components", known, format!("{name:?}"), "\"x\", \"y\" or \"z\"");
        }

        let sampler = &self.sampler;
        check.range("sampler.chains", sampler.chains as f64, 2.0, 64.0);
        check.range("sampler.maximum_burn_in", sampler.maximum_burn_in as f64, 250.0, 1e9);
        check.range("sampler.maximum_iterations", sampler.maximum_iterations as f64, 100.0, 1e9);
        check.range("sampler.record_every", sampler.record_every as f64, 1.0, sampler.maximum_iterations as f64 / 10.0);
        check.range("sampler.rhat_target", sampler.rhat_target, 1.0 + 1e-6, 10.0);
        check.range("sampler.ess_target", sampler.ess_target, 1.0, 1e9);
        check.range("sampler.samples", sampler.samples as f64, sampler.chains as f64, 100_000.0);
        check.wrong
    }

    /// Fills in the defaults that depend on the kind of system.
    pub(super) fn resolve(&mut self, system: &System, path: &Path) -> Result<()> {
        let depth_m = match system {
            System::Fdem(_) => FDEM_MAXIMUM_DEPTH_M,
            System::Tdem(_) => TDEM_MAXIMUM_DEPTH_M,
        };
        let additive = match system {
            _ if !self.errors.additive_per_channel.is_empty() => Some((1.0, 1.0)),
            System::Fdem(_) => Some((0.5, 50.0)),
            System::Tdem(_) => None,
        };
        self.model.maximum_depth_m.get_or_insert(depth_m);
        if let Some((minimum, maximum)) = additive {
            self.errors.additive_minimum.get_or_insert(PerGroup::One(minimum));
            self.errors.additive_maximum.get_or_insert(PerGroup::One(maximum));
        }
        if let System::Tdem(instrument) = system {
            let decays = self.errors.additive_per_channel.is_empty()
                && instrument
                    .systems
                    .iter()
                    .all(|s| s.output == Output::DbDt && s.normalisation == Normalisation::None);
            let default = if decays { DecayChoice::InverseSqrtTime } else { DecayChoice::None };
            self.errors.additive_decay.get_or_insert(default);
        }
        self.check_against(system, path)
    }

    /// What only the system files tell to be wrong.
    fn check_against(&self, system: &System, path: &Path) -> Result<()> {
        let groups = system.error_group_names();
        let mut wrong = Vec::new();
        let mut complain = |key: &str, got: String, expected: String| {
            wrong.push(InputError::file(path, format!("{key}: {got}"), expected));
        };
        let errors = &self.errors;
        let given = [
            ("errors.relative_minimum", Some(&errors.relative_minimum)),
            ("errors.relative_maximum", Some(&errors.relative_maximum)),
            ("errors.additive_minimum", errors.additive_minimum.as_ref()),
            ("errors.additive_maximum", errors.additive_maximum.as_ref()),
        ];
        for (key, values) in given {
            if let Some(PerGroup::Each(values)) = values
                && values.len() != groups.len()
            {
                let expected = format!("{}, one for each of {}", groups.len(), groups.join(", "));
                complain(key, format!("{} values", values.len()), expected);
            }
        }
        let shapes = errors.additive_per_channel.len();
        if shapes > 0 && shapes != system.channel_count() {
            let expected = format!("{}, one for each channel", system.channel_count());
            complain("errors.additive_per_channel", format!("{shapes} values"), expected);
        }
        if let System::Fdem(_) = system {
            for key in self.time_domain_only() {
                complain(key, "a value".into(), "none: only time-domain surveys have it".into());
            }
            for parameter in self.geometry.sampled() {
                if parameter != GeometryParameter::Height {
                    let key = format!("geometry.{}.prior", parameter.name());
                    complain(
                        &key,
                        "a prior".into(),
                        "\"fixed\": frequency-domain systems sample the height only".into(),
                    );
                }
            }
        }
        // What was given against the defaults of this kind of system; what it is, not where.
        let mut check = Checker::default();
        self.model.check(&mut check);
        self.errors.check(&mut check);
        wrong.extend(check.wrong.into_iter().map(|value| value.at("", path)));
        if wrong.is_empty() { Ok(()) } else { Err(Error::Many(wrong)) }
    }

    /// Keys that say something which frequency-domain surveys do not have.
    fn time_domain_only(&self) -> impl Iterator<Item = &'static str> {
        let survey = &self.survey;
        let given = [
            ("survey.components", !survey.components.is_empty()),
            ("survey.field", survey.field != FieldChoice::Secondary),
            ("survey.vector_amplitude", survey.vector_amplitude),
            ("survey.definition", survey.definition.is_some()),
            ("columns", self.columns.is_given()),
            ("errors.additive_decay", self.errors.additive_decay.is_some()),
        ];
        given.into_iter().filter(|(_, given)| *given).map(|(key, _)| key)
    }

    /// The configuration with every default written out.
    pub(super) fn to_toml(&self) -> String {
        toml::to_string(self).expect("a configuration is valid TOML")
    }
}

impl ModelConfig {
    fn check(&self, check: &mut Checker) {
        check.range("model.maximum_layers", self.maximum_layers as f64, 1.0, 200.0);
        check.positive("model.minimum_depth_m", self.minimum_depth_m);
        check.positive("model.minimum_thickness_m", self.minimum_thickness_m);
        // Else the default of the kind of system, which is not known before its files are read.
        let Some(maximum_depth_m) = self.maximum_depth_m else { return };
        check.above("model.maximum_depth_m", maximum_depth_m, self.minimum_depth_m, "minimum_depth_m");
        let room = maximum_depth_m - self.minimum_depth_m;
        let packed = self.maximum_layers.saturating_sub(2) as f64 * self.minimum_thickness_m;
        check.require(
            "model.maximum_layers",
            packed < room,
            self.maximum_layers,
            format!("so few layers of {} m that they fit into {room} m", self.minimum_thickness_m),
        );
    }
}

impl ErrorConfig {
    fn check(&self, check: &mut Checker) {
        let both = |check: &mut Checker, name: &str, low: &PerGroup, high: &PerGroup| {
            let (low, high) = (low.list(), high.list());
            for (i, &high) in high.iter().enumerate() {
                let &low = low.get(i).unwrap_or(&low[low.len() - 1]);
                check.at_least(&format!("errors.{name}_maximum"), high, low, &format!("{name}_minimum"));
            }
        };
        for &low in &self.relative_minimum.list() {
            check.range("errors.relative_minimum", low, 1e-12, 10.0);
        }
        both(check, "relative", &self.relative_minimum, &self.relative_maximum);
        for &low in self.additive_minimum.iter().flat_map(|low| low.list()).collect::<Vec<_>>().iter() {
            check.positive("errors.additive_minimum", low);
        }
        if let (Some(low), Some(high)) = (&self.additive_minimum, &self.additive_maximum) {
            both(check, "additive", low, high);
        }
        for &value in &self.additive_per_channel {
            check.positive("errors.additive_per_channel", value);
        }
    }
}

impl SamplerConfig {
    pub(super) fn settings(&self) -> SamplerSettings {
        SamplerSettings {
            seed: self.seed,
            chain_count: self.chains,
            maximum_burn_in: self.maximum_burn_in,
            maximum_iterations: self.maximum_iterations,
            record_every: self.record_every,
            rhat_target: self.rhat_target,
            ess_target: self.ess_target,
            sample_count: self.samples,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: &str = "[survey]\ndata = 'a.csv'\nsystem = ['s.stm']\n";

    fn message(more: &str) -> String {
        Config::parse(&format!("{FILES}{more}"), Path::new("c.toml")).unwrap_err().to_string()
    }

    #[test]
    fn defaults_are_valid_and_survive_writing() {
        let config = Config::parse(FILES, Path::new("c.toml")).unwrap();
        let again = Config::parse(&config.to_toml(), Path::new("c.toml")).unwrap();
        assert_eq!(config.to_toml(), again.to_toml());
    }

    #[test]
    fn misspelt_keys_and_values_get_a_suggestion() {
        assert_eq!(
            message("[model]\nmaximum_layer = 3\n"),
            "c.toml, line 5: got unknown key maximum_layer, expected maximum_layers (did you mean that?)"
        );
        assert_eq!(
            message("[prior]\nlayer_count = 'uniforn'\n"),
            "c.toml, line 5: got unknown value uniforn, expected uniform (did you mean that?)"
        );
        assert!(message("[priors]\n").contains("line 4: got unknown key priors, expected prior"));
    }

    #[test]
    fn values_out_of_range_or_of_wrong_type_are_named() {
        assert_eq!(
            message("[model]\nmaximum_depth_m = -4.0\n").lines().next().unwrap(),
            "c.toml, line 5, column model.maximum_depth_m: got -4, expected more than minimum_depth_m (0.5)"
        );
        let wrong_type = message("[sampler]\nchains = 'four'\n");
        assert_eq!(wrong_type, "c.toml, line 5, column chains: got string \"four\", expected a whole number");
        let no_table = Config::parse("survey = 3", Path::new("c.toml")).unwrap_err().to_string();
        assert_eq!(no_table, "c.toml, line 1, column survey: got integer `3`, expected a table of keys");
        let one_file = Config::parse("[survey]\ndata = 'a.csv'\nsystem = 's.stm'", Path::new("c.toml")).unwrap();
        assert_eq!(one_file.survey.system, [PathBuf::from("s.stm")]);
        let no_file = Config::parse("[survey]\nsystem = 3", Path::new("c.toml")).unwrap_err().to_string();
        assert!(no_file.ends_with("expected a file name or a list of file names"), "{no_file}");
        assert!(message("[sampler]\nchains = -1\n").contains("line 5"));
        assert!(message("[sampler]\nchains = 1\n").contains("sampler.chains: got 1, expected a number from 2 to 64"));
        let packed = "[model]\nmaximum_layers = 150\nminimum_thickness_m = 2.0\nmaximum_depth_m = 150.0\n";
        assert!(message(packed).contains("fit into 149.5 m"));
        assert!(message("[model\n").contains("line 4"));
    }

    #[test]
    fn file_names_are_required() {
        let text = Config::parse("", Path::new("c.toml")).unwrap_err().to_string();
        assert!(text.contains("survey.data") && text.contains("survey.system"), "{text}");
    }
}
