//! The configuration file in TOML; all keys must be known and all values in range.

mod check;
mod columns;
mod geometry;
mod ranges;
mod sections;
mod set;
mod syntax;
mod values;

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::check::{Checker, WrongValue};
use crate::error::{Error, InputError, Result};
use crate::survey::QuotedNoise;
use crate::system::{GeometryParameter, Normalisation, Output, System};

pub(super) use self::columns::{ColumnConfig, PresetChoice};
pub(super) use self::geometry::GeometryConfig;
pub(super) use self::ranges::{Range, schema};
pub(super) use self::sections::{
    AccuracyChoice, CenterChoice, CorrelationChoice, DecayChoice, DepthChoice, ErrorConfig, FieldChoice, ForwardConfig,
    LayerCountChoice, ModelConfig, PriorConfig, ReferenceChoice, SamplerConfig, SurveyConfig,
};
pub(super) use self::syntax::syntax_error;
pub(super) use self::values::PerGroup;

const FDEM_MAXIMUM_DEPTH_M: f64 = 150.0;
const TDEM_MAXIMUM_DEPTH_M: f64 = 400.0;

/// A whole configuration; every key but the file names has a default.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Config {
    pub(super) survey: SurveyConfig,
    pub(super) columns: ColumnConfig,
    pub(super) model: ModelConfig,
    pub(super) prior: PriorConfig,
    pub(super) errors: ErrorConfig,
    pub(super) geometry: GeometryConfig,
    pub(super) forward: ForwardConfig,
    pub(super) sampler: SamplerConfig,
}

impl Config {
    /// Checks the configuration in `text`, from the file `path`; values in `sets` (`key=value`) replace those of the
    /// text. File names become relative to the file's folder.
    pub(super) fn of_file(text: &str, path: &Path, sets: &[String]) -> Result<Self> {
        let mut config = Self::parse_with(text, path, sets)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        config.survey.data = folder.join(&config.survey.data);
        config.survey.system.iter_mut().for_each(|system| *system = folder.join(&*system));
        config.survey.definition = config.survey.definition.map(|definition| folder.join(definition));
        Ok(config)
    }

    /// Checks the configuration in `text`; messages name the file `path`.
    pub(super) fn parse(text: &str, path: &Path) -> Result<Self> {
        Self::parse_with(text, path, &[])
    }

    fn parse_with(text: &str, path: &Path, sets: &[String]) -> Result<Self> {
        // Read the text itself first: its errors have a line number, those of a table have none.
        let mut config: Config = toml::from_str(text).map_err(|error| syntax_error(text, path, &error))?;
        if !sets.is_empty() {
            let table = toml::from_str(text).map_err(|error| syntax_error(text, path, &error))?;
            config = set::apply(table, sets)?;
        }
        let wrong: Vec<Error> = config.wrong_values().into_iter().map(|wrong| wrong.at(text, path, sets)).collect();
        if wrong.is_empty() { Ok(config) } else { Err(Error::Many(wrong)) }
    }

    /// Returns every value that is out of range.
    fn wrong_values(&self) -> Vec<WrongValue> {
        let mut check = Checker { wrong: ranges::out_of_range(self) };
        check.require("survey.data", !self.survey.data.as_os_str().is_empty(), "nothing", "the survey file");
        check.require("survey.system", !self.survey.system.is_empty(), "nothing", "the instrument file or files");

        self.model.check(&mut check);
        let prior = &self.prior;
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
        // A larger value would need a negative correlation between neighbouring layers.
        let steepest = std::f64::consts::SQRT_2 * prior.conductivity_log10_std;
        check.range("prior.gradient_log10_std", prior.gradient_log10_std, 1e-3, steepest.max(1e-3));

        self.errors.check(&mut check);
        self.geometry.check(&mut check);
        self.columns.check(&mut check);
        for name in &self.survey.components {
            let known = ["x", "y", "z"].contains(&name.as_str());
            check.require("survey.components", known, format!("{name:?}"), "\"x\", \"y\" or \"z\"");
        }

        let sampler = &self.sampler;
        check.range("sampler.record_every", sampler.record_every as f64, 1.0, sampler.maximum_iterations as f64 / 10.0);
        check.range("sampler.samples", sampler.samples as f64, sampler.chains as f64, 100_000.0);
        check.wrong
    }

    /// Sets the defaults that depend on the kind of system.
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
        self.columns.resolve();
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

    /// Checks the values that depend on the system files.
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
            ("errors.std_factor_minimum", Some(&errors.std_factor_minimum)),
            ("errors.std_factor_maximum", Some(&errors.std_factor_maximum)),
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
        if let System::Tdem(instrument) = system {
            let survey = &self.survey;
            let gates: usize = instrument.systems.iter().map(|s| s.components().len() * s.gates.len()).sum();
            if let Some(PerGroup::Each(values)) = &errors.quoted_additive
                && values.len() != gates
            {
                let expected = format!("{gates}, one for each gate of each component");
                complain("errors.quoted_additive", format!("{} values", values.len()), expected);
            }
            for (key, times) in
                [("survey.gates_from_s", &survey.gates_from_s), ("survey.gates_to_s", &survey.gates_to_s)]
            {
                if let Some(PerGroup::Each(times)) = times
                    && times.len() != instrument.systems.len()
                {
                    complain(
                        key,
                        format!("{} values", times.len()),
                        format!("{}, one for each system", instrument.systems.len()),
                    );
                }
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
        // Values are checked against the defaults of this kind of system; the errors have no line numbers.
        let mut check = Checker::default();
        self.model.check(&mut check);
        self.errors.check(&mut check);
        wrong.extend(check.wrong.into_iter().map(|value| value.at("", path, &[])));
        if wrong.is_empty() { Ok(()) } else { Err(Error::Many(wrong)) }
    }

    /// Returns the given keys that frequency-domain surveys do not have.
    fn time_domain_only(&self) -> impl Iterator<Item = &'static str> {
        let survey = &self.survey;
        let given = [
            ("survey.components", !survey.components.is_empty()),
            ("survey.field", survey.field != FieldChoice::Secondary),
            ("survey.vector_amplitude", survey.vector_amplitude),
            ("survey.gates_from_s", survey.gates_from_s.is_some()),
            ("survey.gates_to_s", survey.gates_to_s.is_some()),
            ("errors.additive_decay", self.errors.additive_decay.is_some()),
            ("errors.quoted_relative", self.errors.quoted_relative.is_some()),
            ("errors.quoted_additive", self.errors.quoted_additive.is_some()),
        ];
        given.into_iter().filter(|(_, given)| *given).map(|(key, _)| key)
    }

    /// Returns the configuration as TOML with every default.
    pub(super) fn to_toml(&self) -> String {
        toml::to_string(self).expect("a configuration is valid TOML")
    }
}

impl ModelConfig {
    fn check(&self, check: &mut Checker) {
        // The default depends on the kind of system, which is not known before its files are read.
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
    /// Returns the quoted noise, if it is given.
    pub(super) fn quoted_noise(&self) -> Option<QuotedNoise> {
        let additive = self.quoted_additive.as_ref()?.list();
        Some(QuotedNoise { relative: self.quoted_relative?, additive })
    }

    fn check(&self, check: &mut Checker) {
        let both = |check: &mut Checker, name: &str, low: &PerGroup, high: &PerGroup| {
            let (low, high) = (low.list(), high.list());
            for (i, &high) in high.iter().enumerate() {
                let &low = low.get(i).unwrap_or(&low[low.len() - 1]);
                check.at_least(&format!("errors.{name}_maximum"), high, low, &format!("{name}_minimum"));
            }
        };
        both(check, "relative", &self.relative_minimum, &self.relative_maximum);
        for (key, given, other) in [
            ("errors.quoted_relative", self.quoted_relative.is_some(), self.quoted_additive.is_some()),
            ("errors.quoted_additive", self.quoted_additive.is_some(), self.quoted_relative.is_some()),
        ] {
            check.require(key, given || !other, "nothing", "a value: quoted_relative and quoted_additive go together");
        }
        both(check, "std_factor", &self.std_factor_minimum, &self.std_factor_maximum);
        if let (Some(low), Some(high)) = (&self.additive_minimum, &self.additive_maximum) {
            both(check, "additive", low, high);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

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
            "c.toml, line 5, column model.maximum_depth_m: got -4, expected a positive number"
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
    fn quoted_noise_and_factors_are_checked() {
        for (errors, expected) in [
            ("quoted_relative = 0.03", "errors.quoted_additive = nothing, expected a value: quoted_relative and"),
            ("quoted_additive = [1.0, 2.0]", "errors.quoted_relative = nothing, expected a value: quoted_relative and"),
            (
                "quoted_relative = 0.03\nquoted_additive = 0.0",
                "errors.quoted_additive: got 0, expected a positive number",
            ),
            ("std_factor_minimum = 6.0", "errors.std_factor_maximum = 5, expected at least std_factor_minimum (6)"),
            ("std_factor_minimum = 0.0", "errors.std_factor_minimum: got 0, expected a number from 0.001 to 1000"),
        ] {
            let told = message(&format!("[errors]\n{errors}\n"));
            assert!(told.contains(expected), "{told}");
        }
    }

    #[test]
    fn file_names_are_required() {
        let text = Config::parse("", Path::new("c.toml")).unwrap_err().to_string();
        assert!(text.contains("survey.data") && text.contains("survey.system"), "{text}");
    }
}
