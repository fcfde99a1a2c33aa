//! The sections of a configuration, except columns and geometry. Users read the descriptions, and values are checked
//! against the ranges given here.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::Checker;
use super::values::{PerGroup, one_or_many};
use crate::bayes::{ErrorReference, SamplerSettings, usual};
use crate::forward::Accuracy;
use crate::survey::QuotedNoise;
use crate::system::MeasuredField;

/// Files of the survey, and the kind of its data
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SurveyConfig {
    /// Survey file, relative to this file: CSV or other text, ASEG-GDF2, Aarhus Workbench XYZ, Parquet, GeoPackage
    pub data: PathBuf,
    /// Instrument files (.stm), relative to this file; one for each moment, in the order of the data
    #[serde(deserialize_with = "one_or_many")]
    pub system: Vec<PathBuf>,
    /// Coordinate reference system of easting and northing: EPSG code ("EPSG:28354") or WKT; needed for export
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = "EPSG:28354"))]
    pub crs: Option<String>,
    /// Skip rows that cannot be read
    pub allow_rejected_rows: bool,
    /// Time domain: the components to use, of those in the system files; all if empty
    pub components: Vec<String>,
    /// Time domain: the kind of field of the data
    pub field: MeasuredField,
    /// Time domain: leave out gates that begin before this time, for example before the current is off; in s, a list
    /// has one for each system
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = 5e-6))]
    pub gates_from_s: Option<PerGroup>,
    /// Time domain: leave out gates that end after this time; in s, a list has one for each system
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = 5e-3))]
    pub gates_to_s: Option<PerGroup>,
    /// Time domain: invert the length of the vector of components for each gate
    pub vector_amplitude: bool,
    /// ASEG-GDF2: definition of the survey file, if it is not beside it
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = "survey.dfn"))]
    pub definition: Option<PathBuf>,
}

/// Layered models: number of layers and depth
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ModelConfig {
    /// Largest number of layers, the halfspace included
    #[schemars(range(min = 1, max = 200))]
    pub maximum_layers: usize,
    /// Least depth of an interface
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub minimum_depth_m: f64,
    /// Greatest depth of an interface; if not given 150 for frequency-domain, 400 for time-domain systems
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub maximum_depth_m: Option<f64>,
    /// Least thickness of a layer
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub minimum_thickness_m: f64,
}

impl Default for ModelConfig {
    fn default() -> Self {
        Self {
            maximum_layers: usual::MAXIMUM_LAYERS,
            minimum_depth_m: usual::MINIMUM_DEPTH_M,
            maximum_depth_m: None,
            minimum_thickness_m: usual::MINIMUM_THICKNESS_M,
        }
    }
}

impl ModelConfig {
    pub(super) fn check(&self, check: &mut Checker) {
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

/// Prior of the number of layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LayerCountChoice {
    /// all counts equally probable
    Uniform,
    /// proportional to 1 / count
    Reciprocal,
    /// each further layer is `layer_count_ratio` times as probable
    Geometric,
}

/// Prior of the depths of interfaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DepthChoice {
    /// uniform in depth
    Linear,
    /// uniform in ln(depth)
    Log,
    /// uniform in ln(depth + offset)
    LogOffset,
}

/// Centre of the conductivity prior.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CenterChoice {
    /// median over the survey of each sounding's best-fitting halfspace
    Survey,
    /// the sounding's best-fitting halfspace, which uses its data twice
    Sounding,
    /// conductivity_center_s_per_m
    Fixed,
}

/// How the conductivities of layers depend on each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CorrelationChoice {
    /// independent
    Independent,
    /// by layer, with steps of standard deviation gradient_log10_std
    ByIndex,
    /// by distance, with correlation_length_m
    ByDistance,
}

/// Prior of the layered models; docs/priors.md gives reasons for the defaults
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PriorConfig {
    /// Probability of a number of layers
    pub layer_count: LayerCountChoice,
    /// Geometric: ratio of the probabilities of k + 1 and k layers
    #[schemars(range(min = 0.001, max = 0.999999999))]
    pub layer_count_ratio: f64,
    /// Probability of interface depths
    pub interface_depth: DepthChoice,
    /// Offset of log_offset
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub interface_depth_offset_m: f64,
    /// Centre of the prior of log10 conductivity
    pub conductivity_center: CenterChoice,
    /// Centre if it is fixed
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub conductivity_center_s_per_m: f64,
    /// Standard deviation of the prior of log10 conductivity, decades
    #[schemars(range(min = 0.001, max = 10.0))]
    pub conductivity_log10_std: f64,
    /// Least conductivity of a layer
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub conductivity_minimum_s_per_m: f64,
    /// Greatest conductivity of a layer
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub conductivity_maximum_s_per_m: f64,
    /// Dependence between layers
    pub conductivity_correlation: CorrelationChoice,
    /// Standard deviation of the step of log10 conductivity from layer to layer (by_index), decades
    #[schemars(range(min = 0.001))]
    pub gradient_log10_std: f64,
    /// Correlation length of by_distance
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub correlation_length_m: f64,
}

impl Default for PriorConfig {
    fn default() -> Self {
        Self {
            layer_count: LayerCountChoice::Geometric,
            layer_count_ratio: usual::LAYER_COUNT_RATIO,
            interface_depth: DepthChoice::LogOffset,
            interface_depth_offset_m: usual::DEPTH_OFFSET_M,
            conductivity_center: CenterChoice::Survey,
            conductivity_center_s_per_m: usual::CONDUCTIVITY_CENTER_S_PER_M,
            conductivity_log10_std: usual::CONDUCTIVITY_LOG10_STD,
            conductivity_minimum_s_per_m: usual::CONDUCTIVITY_BOUNDS_S_PER_M.0,
            conductivity_maximum_s_per_m: usual::CONDUCTIVITY_BOUNDS_S_PER_M.1,
            conductivity_correlation: CorrelationChoice::Independent,
            gradient_log10_std: 0.65,
            correlation_length_m: 10.0,
        }
    }
}

/// Data errors: std^2 = (relative * |datum|)^2 + (additive * shape)^2, sampled between bounds; equal bounds fix an
/// error. Lists have one value for each component of each system. If the survey file or quoted_relative gives standard
/// deviations, std is a sampled factor times these, and there is no relative and no additive error
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ErrorConfig {
    /// Least relative error, a fraction
    #[schemars(extend("minimum" = 1e-12, "maximum" = 10.0))]
    pub relative_minimum: PerGroup,
    /// Greatest relative error, a fraction
    #[schemars(extend("minimum" = 1e-12, "maximum" = 1000.0))]
    pub relative_maximum: PerGroup,
    /// Least additive error, in the data's unit; frequency domain: 0.5 ppm; time domain has no default
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub additive_minimum: Option<PerGroup>,
    /// Greatest additive error, in the data's unit; frequency domain: 50 ppm; time domain has no default
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub additive_maximum: Option<PerGroup>,
    /// Time domain: shape of the additive error; for dB/dt it falls with time if not given
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = "inverse_sqrt_time"))]
    pub additive_decay: Option<DecayChoice>,
    /// Shape of the additive error for every channel; additive_minimum and additive_maximum are then factors, 1 if not
    /// given
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub additive_per_channel: Vec<f64>,
    /// Time domain: quoted noise, a fraction of the secondary field of each component. With quoted_additive it gives
    /// standard deviations, std^2 = (quoted_relative * |secondary field|)^2 + quoted_additive^2, instead of the survey
    /// file's; also if total fields or vectors are inverted
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = 1e-12, "maximum" = 10.0, "example" = 0.03))]
    pub quoted_relative: Option<f64>,
    /// Time domain: quoted additive noise in the data's unit: one value, or one for each gate of each component
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("exclusiveMinimum" = 0.0, "example" = 0.005))]
    pub quoted_additive: Option<PerGroup>,
    /// Least factor by which standard deviations of the survey file, or quoted noise, are multiplied. With the default,
    /// 1, they are lower limits
    #[schemars(extend("minimum" = 0.001, "maximum" = 1000.0))]
    pub std_factor_minimum: PerGroup,
    /// Greatest factor by which standard deviations of the survey file, or quoted noise, are multiplied. The factor is
    /// sampled in between; with 1 for both, standard deviations are used unchanged
    #[schemars(extend("minimum" = 0.001, "maximum" = 1000.0))]
    pub std_factor_maximum: PerGroup,
    /// The datum to which relative errors refer
    pub relative_to: ErrorReference,
}

/// How the additive error depends on the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecayChoice {
    /// equal at all gates
    None,
    /// (time / 1 ms)^(-1/2): the additive error is the value at 1 ms
    InverseSqrtTime,
}

impl Default for ErrorConfig {
    fn default() -> Self {
        Self {
            relative_minimum: PerGroup::One(usual::RELATIVE_ERROR.0),
            relative_maximum: PerGroup::One(usual::RELATIVE_ERROR.1),
            additive_minimum: None,
            additive_maximum: None,
            additive_decay: None,
            additive_per_channel: Vec::new(),
            quoted_relative: None,
            quoted_additive: None,
            std_factor_minimum: PerGroup::One(1.0),
            std_factor_maximum: PerGroup::One(5.0),
            relative_to: ErrorReference::Predicted,
        }
    }
}

impl ErrorConfig {
    /// Returns the quoted noise, if it is given.
    pub fn quoted_noise(&self) -> Option<QuotedNoise> {
        let additive = self.quoted_additive.as_ref()?.list();
        Some(QuotedNoise { relative: self.quoted_relative?, additive })
    }

    pub(super) fn check(&self, check: &mut Checker) {
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

/// Forward modelling
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ForwardConfig {
    /// Accuracy of the forward model
    pub accuracy: Accuracy,
}

/// Length of sampling
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SamplerConfig {
    /// Seed of all random numbers: the same seed gives the same results for any number of threads and ranks
    pub seed: u64,
    /// Chains of each sounding
    #[schemars(range(min = 2, max = 64))]
    pub chains: usize,
    /// Tempered copies of each chain, which let the chain jump between very different models; 1 switches tempering off
    #[schemars(range(min = 1, max = 64))]
    pub temperatures: usize,
    /// The highest temperature
    #[schemars(range(min = 1.0, max = 1e6))]
    pub maximum_temperature: f64,
    /// Largest number of iterations of a chain before recording begins
    #[schemars(range(min = 250, max = 1_000_000_000))]
    pub maximum_burn_in: usize,
    /// Largest number of recorded iterations of a chain
    #[schemars(range(min = 100, max = 1_000_000_000))]
    pub maximum_iterations: usize,
    /// Record every n-th iteration
    #[schemars(range(min = 1))]
    pub record_every: usize,
    /// Sampling of a sounding ends when R-hat is below this value and ess_target is reached, too
    #[schemars(range(min = 1.000001, max = 10.0))]
    pub rhat_target: f64,
    /// Sampling of a sounding ends when the effective sample size, bulk and tail, is above this value and rhat_target is
    /// reached, too
    #[schemars(range(min = 1.0, max = 1e9))]
    pub ess_target: f64,
    /// Number of evenly thinned models stored for each sounding; at least one for each chain
    #[schemars(range(min = 2, max = 100_000))]
    pub samples: usize,
    /// Sample the prior and ignore the data
    pub ignore_likelihood: bool,
}

impl Default for SamplerConfig {
    fn default() -> Self {
        let settings = SamplerSettings::default();
        Self {
            seed: settings.seed,
            chains: settings.chain_count,
            temperatures: settings.temperature_count,
            maximum_temperature: settings.maximum_temperature,
            maximum_burn_in: settings.maximum_burn_in,
            maximum_iterations: settings.maximum_iterations,
            record_every: settings.record_every,
            rhat_target: settings.rhat_target,
            ess_target: settings.ess_target,
            samples: settings.sample_count,
            ignore_likelihood: false,
        }
    }
}

impl SamplerConfig {
    /// Returns the settings of the sampler.
    pub fn settings(&self) -> SamplerSettings {
        SamplerSettings {
            seed: self.seed,
            chain_count: self.chains,
            temperature_count: self.temperatures,
            maximum_temperature: self.maximum_temperature,
            maximum_burn_in: self.maximum_burn_in,
            maximum_iterations: self.maximum_iterations,
            record_every: self.record_every,
            rhat_target: self.rhat_target,
            ess_target: self.ess_target,
            sample_count: self.samples,
        }
    }
}
