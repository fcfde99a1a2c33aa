//! Convergence targets of a run.

use super::survey::Survey;
use crate::error::Result;
use crate::schema::fields;

/// Targets of a converged sounding; NaN where results do not have them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConvergenceTargets {
    /// Largest R-hat.
    pub rhat: f64,
    /// Smallest effective sample size, bulk and tail.
    pub ess: f64,
}

impl ConvergenceTargets {
    /// Reads the targets of the run that wrote `survey`.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn of(survey: &Survey) -> Result<Self> {
        let stored = |field| survey.constant(field).map(|values| values.first().copied());
        let (rhat, ess) = (stored(&fields::RHAT_TARGET)?, stored(&fields::ESS_TARGET)?);
        if let (Some(rhat), Some(ess)) = (rhat, ess) {
            return Ok(Self { rhat, ess });
        }
        // Before schema 2.6 only the configuration has them.
        let configuration: toml::Table = survey.configuration()?.parse().unwrap_or_default();
        let sampler = configuration.get("sampler");
        let target = |key: &str| sampler.and_then(|sampler| sampler.get(key)).and_then(number).unwrap_or(f64::NAN);
        Ok(Self { rhat: target("rhat_target"), ess: target("ess_target") })
    }
}

/// A number of a configuration, whole or not.
fn number(value: &toml::Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64))
}
