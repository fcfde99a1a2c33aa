//! The configuration file: TOML, every key known, every value in range.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::bayes::SamplerSettings;
use crate::error::{Error, InputError, Result};

/// A whole configuration; every key but the file names has a default.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Config {
    pub(super) survey: SurveyConfig,
    pub(super) model: ModelConfig,
    pub(super) prior: PriorConfig,
    pub(super) errors: ErrorConfig,
    pub(super) height: HeightConfig,
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
}

/// Bounds of the layered models.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ModelConfig {
    pub(super) maximum_layers: usize,
    pub(super) minimum_depth_m: f64,
    pub(super) maximum_depth_m: f64,
    pub(super) minimum_thickness_m: f64,
}

impl Default for ModelConfig {
    fn default() -> Self {
        Self { maximum_layers: 30, minimum_depth_m: 0.5, maximum_depth_m: 150.0, minimum_thickness_m: 0.5 }
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

/// Bounds of the data errors; equal bounds fix an error. Not used where the survey file has standard deviations.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ErrorConfig {
    pub(super) relative_minimum: f64,
    pub(super) relative_maximum: f64,
    pub(super) additive_minimum: f64,
    pub(super) additive_maximum: f64,
}

impl Default for ErrorConfig {
    fn default() -> Self {
        Self { relative_minimum: 0.005, relative_maximum: 0.5, additive_minimum: 0.5, additive_maximum: 50.0 }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum HeightChoice {
    Fixed,
    Uniform,
    Normal,
}

/// Whether the bird's height is part of the model.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct HeightConfig {
    pub(super) prior: HeightChoice,
    pub(super) half_width_m: f64,
    pub(super) std_m: f64,
}

impl Default for HeightConfig {
    fn default() -> Self {
        Self { prior: HeightChoice::Fixed, half_width_m: 1.0, std_m: 0.5 }
    }
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
        Ok(config)
    }

    fn parse(text: &str, path: &Path) -> Result<Self> {
        let config: Config = toml::from_str(text).map_err(|error| syntax_error(text, path, &error))?;
        let wrong: Vec<Error> = config.wrong_values().into_iter().map(|wrong| wrong.at(text, path)).collect();
        if wrong.is_empty() { Ok(config) } else { Err(Error::Many(wrong)) }
    }

    /// Every value that is out of range.
    fn wrong_values(&self) -> Vec<WrongValue> {
        let mut check = Checker::default();
        check.require("survey.data", !self.survey.data.as_os_str().is_empty(), "nothing", "the survey file");
        check.require("survey.system", !self.survey.system.is_empty(), "nothing", "the instrument file or files");

        let model = &self.model;
        check.range("model.maximum_layers", model.maximum_layers as f64, 1.0, 200.0);
        check.positive("model.minimum_depth_m", model.minimum_depth_m);
        check.positive("model.minimum_thickness_m", model.minimum_thickness_m);
        check.above("model.maximum_depth_m", model.maximum_depth_m, model.minimum_depth_m, "minimum_depth_m");
        let room = model.maximum_depth_m - model.minimum_depth_m;
        let packed = model.maximum_layers.saturating_sub(2) as f64 * model.minimum_thickness_m;
        check.require(
            "model.maximum_layers",
            packed < room,
            model.maximum_layers,
            format!("so few layers of {} m that they fit into {room} m", model.minimum_thickness_m),
        );

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

        let errors = &self.errors;
        check.range("errors.relative_minimum", errors.relative_minimum, 1e-12, 10.0);
        check.at_least("errors.relative_maximum", errors.relative_maximum, errors.relative_minimum, "relative_minimum");
        check.positive("errors.additive_minimum", errors.additive_minimum);
        check.at_least("errors.additive_maximum", errors.additive_maximum, errors.additive_minimum, "additive_minimum");

        check.range("height.half_width_m", self.height.half_width_m, 1e-3, 20.0);
        check.range("height.std_m", self.height.std_m, 1e-3, 5.0);

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

    /// The configuration with every default written out.
    pub(super) fn to_toml(&self) -> String {
        toml::to_string(self).expect("a configuration is valid TOML")
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
        }
    }
}

/// A file name, or a list of them.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Vec<PathBuf>, D::Error> {
    struct Names;

    impl<'de> Visitor<'de> for Names {
        type Value = Vec<PathBuf>;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("a file name or a list of file names")
        }

        fn visit_str<E: de::Error>(self, name: &str) -> std::result::Result<Self::Value, E> {
            Ok(vec![PathBuf::from(name)])
        }

        fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> std::result::Result<Self::Value, A::Error> {
            let mut names = Vec::new();
            while let Some(name) = list.next_element()? {
                names.push(name);
            }
            Ok(names)
        }
    }

    deserializer.deserialize_any(Names)
}

/// A value out of range.
struct WrongValue {
    key: &'static str,
    got: String,
    expected: String,
}

impl WrongValue {
    /// The error, with the line of the key where the file has it.
    fn at(&self, text: &str, path: &Path) -> Error {
        // Below its table's header, or dotted.
        let names = [self.key, self.key.rsplit('.').next().unwrap_or(self.key)];
        let stands_here = |line: &str| {
            let after = names.iter().find_map(|name| line.trim_start().strip_prefix(name));
            after.is_some_and(|rest| rest.trim_start().starts_with('='))
        };
        match text.lines().position(stands_here) {
            Some(line) => InputError::cell(path, line + 1, self.key, &self.got, &self.expected),
            None => InputError::file(path, format!("{} = {}", self.key, self.got), &self.expected),
        }
    }
}

#[derive(Default)]
struct Checker {
    wrong: Vec<WrongValue>,
}

impl Checker {
    fn require(&mut self, key: &'static str, fine: bool, got: impl ToString, expected: impl ToString) {
        if !fine {
            self.wrong.push(WrongValue { key, got: got.to_string(), expected: expected.to_string() });
        }
    }

    fn range(&mut self, key: &'static str, got: f64, low: f64, high: f64) {
        self.require(key, (low..=high).contains(&got), got, format!("a number from {low} to {high}"));
    }

    fn positive(&mut self, key: &'static str, got: f64) {
        self.require(key, got > 0.0 && got.is_finite(), got, "a positive number");
    }

    fn above(&mut self, key: &'static str, got: f64, bound: f64, name: &str) {
        self.require(key, got > bound && got.is_finite(), got, format!("more than {name} ({bound})"));
    }

    fn at_least(&mut self, key: &'static str, got: f64, bound: f64, name: &str) {
        self.require(key, got >= bound && got.is_finite(), got, format!("at least {name} ({bound})"));
    }
}

/// What the TOML reader complains about, with place and, for a misspelt key, the right one.
fn syntax_error(text: &str, path: &Path, error: &toml::de::Error) -> Error {
    let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
    let message = error.message();
    let mut quoted = message.split('`').skip(1).step_by(2);
    if message.starts_with("unknown field") || message.starts_with("unknown variant") {
        let what = if message.starts_with("unknown field") { "key" } else { "value" };
        let got = quoted.next().unwrap_or_default();
        let known: Vec<&str> = quoted.collect();
        let near = known.iter().max_by(|a, b| strsim::jaro_winkler(a, got).total_cmp(&strsim::jaro_winkler(b, got)));
        let expected = match near {
            Some(near) if strsim::jaro_winkler(near, got) > 0.8 => format!("{near} (did you mean that?)"),
            _ => format!("one of {}", known.join(", ")),
        };
        return InputError::line(path, line, format!("unknown {what} {got}"), expected);
    }
    if let Some((got, expected)) = message.strip_prefix("invalid type: ").and_then(|m| m.split_once(", expected ")) {
        let key = text.lines().nth(line - 1).unwrap_or_default().split('=').next().unwrap_or_default().trim();
        let expected = match expected {
            "usize" | "u64" => "a whole number",
            "f64" => "a number",
            "a boolean" => "true or false",
            _ if expected.starts_with("struct") => "a table of keys",
            _ => expected,
        };
        return InputError::cell(path, line, key, got, expected);
    }
    InputError::line(path, line, message.trim(), "a valid configuration (TOML)")
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
        assert!(message("[model]\nmaximum_layers = 150\nminimum_thickness_m = 2.0\n").contains("fit into 149.5 m"));
        assert!(message("[model\n").contains("line 4"));
    }

    #[test]
    fn file_names_are_required() {
        let text = Config::parse("", Path::new("c.toml")).unwrap_err().to_string();
        assert!(text.contains("survey.data") && text.contains("survey.system"), "{text}");
    }
}
