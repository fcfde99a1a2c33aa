//! A whole configuration, and what its values must be to each other.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::Checker;
use super::columns::ColumnConfig;
use super::geometry::GeometryConfig;
use super::leave_out::LeaveOutConfig;
use super::sections::{ErrorConfig, ForwardConfig, ModelConfig, PriorConfig, SamplerConfig, SurveyConfig};

/// A whole configuration; every key but the file names has a default.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "the type of each section says what it is, to users too")]
pub struct Config {
    pub survey: SurveyConfig,
    pub columns: ColumnConfig,
    pub leave_out: LeaveOutConfig,
    pub model: ModelConfig,
    pub prior: PriorConfig,
    pub errors: ErrorConfig,
    pub geometry: GeometryConfig,
    pub forward: ForwardConfig,
    pub sampler: SamplerConfig,
}

impl Config {
    /// Returns the configuration as TOML with every default.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("a configuration is valid TOML")
    }

    /// Collects the values that do not go together.
    pub(super) fn check(&self, check: &mut Checker) {
        check.require("survey.data", !self.survey.data.as_os_str().is_empty(), "nothing", "the survey file");
        check.require("survey.system", !self.survey.system.is_empty(), "nothing", "the instrument file or files");

        self.model.check(check);
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

        self.errors.check(check);
        self.geometry.check(check);
        self.columns.check(check);
        self.leave_out.check(check);
        for name in &self.survey.components {
            let known = ["x", "y", "z"].contains(&name.as_str());
            check.require("survey.components", known, format!("{name:?}"), "\"x\", \"y\" or \"z\"");
        }

        let sampler = &self.sampler;
        check.range("sampler.record_every", sampler.record_every as f64, 1.0, sampler.maximum_iterations as f64 / 10.0);
        check.range("sampler.samples", sampler.samples as f64, sampler.chains as f64, 100_000.0);
    }
}
