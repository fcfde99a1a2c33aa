//! Priors and constant values of the geometry.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::Checker;
use crate::bayes::Deviation;
use crate::system::GeometryParameter;

/// Distribution of a geometry parameter about its measured value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PriorChoice {
    /// as measured
    #[default]
    Fixed,
    /// within half_width of the measured value
    Uniform,
    /// normal about the measured value, with standard deviation std
    Normal,
}

/// A length of the geometry
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LengthConfig {
    /// Prior around the measured value
    pub prior: PriorChoice,
    /// Half width of a uniform prior
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0.0, max = 100.0), extend("example" = 1.0))]
    pub half_width_m: f64,
    /// Standard deviation of a normal prior
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0.0, max = 100.0), extend("example" = 0.5))]
    pub std_m: f64,
    /// Value if the survey has no column
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = -10_000.0, "maximum" = 10_000.0))]
    pub value_m: Option<f64>,
}

/// An angle of the geometry
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AngleConfig {
    /// Prior around the measured value
    pub prior: PriorChoice,
    /// Half width of a uniform prior
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0.0, max = 90.0), extend("example" = 5.0))]
    pub half_width_deg: f64,
    /// Standard deviation of a normal prior
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0.0, max = 90.0), extend("example" = 2.0))]
    pub std_deg: f64,
    /// Value if the survey has no column
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = -180.0, "maximum" = 180.0))]
    pub value_deg: Option<f64>,
}

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

/// Priors and constant values of the geometry, in the program's axes: x ahead, y left, z up; roll left wing up, pitch nose
/// down, yaw left. Frequency domain: the height only
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GeometryConfig {
    /// Height of the transmitter or the bird above ground
    pub height: LengthConfig,
    /// Roll of the transmitter
    pub tx_roll: AngleConfig,
    /// Pitch of the transmitter
    pub tx_pitch: AngleConfig,
    /// Yaw of the transmitter
    pub tx_yaw: AngleConfig,
    /// Receiver ahead of the transmitter
    pub txrx_dx: LengthConfig,
    /// Receiver left of the transmitter
    pub txrx_dy: LengthConfig,
    /// Receiver above the transmitter
    pub txrx_dz: LengthConfig,
    /// Roll of the receiver
    pub rx_roll: AngleConfig,
    /// Pitch of the receiver
    pub rx_pitch: AngleConfig,
    /// Yaw of the receiver
    pub rx_yaw: AngleConfig,
}

/// Settings of one parameter, a length or an angle.
struct Setting {
    prior: PriorChoice,
    half_width: f64,
    std: f64,
    value: Option<f64>,
}

impl From<&LengthConfig> for Setting {
    fn from(c: &LengthConfig) -> Self {
        Self { prior: c.prior, half_width: c.half_width_m, std: c.std_m, value: c.value_m }
    }
}

impl From<&AngleConfig> for Setting {
    fn from(c: &AngleConfig) -> Self {
        Self { prior: c.prior, half_width: c.half_width_deg, std: c.std_deg, value: c.value_deg }
    }
}

impl GeometryConfig {
    /// Sets the usual position of a towed bird, for surveys that did not measure it.
    pub fn usual_bird(&mut self) {
        self.txrx_dx.value_m = Some(-120.0);
        self.txrx_dy.value_m = Some(0.0);
        self.txrx_dz.value_m = Some(-45.0);
    }

    /// Returns a length of the receiver's position, and its place in the order x, y, z; `None` for other parameters.
    pub fn offset_mut(&mut self, parameter: GeometryParameter) -> Option<(usize, &mut LengthConfig)> {
        match parameter {
            GeometryParameter::TxRxDx => Some((0, &mut self.txrx_dx)),
            GeometryParameter::TxRxDy => Some((1, &mut self.txrx_dy)),
            GeometryParameter::TxRxDz => Some((2, &mut self.txrx_dz)),
            _ => None,
        }
    }

    /// Sets priors for the position of a towed bird, as wide as in GA-AEM's example for Tempest. Its pitch has no
    /// effect on vector amplitudes.
    pub fn free_bird(&mut self) {
        for offset in [&mut self.txrx_dx, &mut self.txrx_dz] {
            offset.prior = PriorChoice::Normal;
            offset.std_m = 0.5;
        }
    }

    /// Sets a prior for the height, as wide as the errors of altimeters over vegetation.
    pub fn free_height(&mut self) {
        self.height.prior = PriorChoice::Normal;
        self.height.std_m = 3.0;
    }

    fn setting(&self, parameter: GeometryParameter) -> Setting {
        match parameter {
            GeometryParameter::Height => (&self.height).into(),
            GeometryParameter::TxRoll => (&self.tx_roll).into(),
            GeometryParameter::TxPitch => (&self.tx_pitch).into(),
            GeometryParameter::TxYaw => (&self.tx_yaw).into(),
            GeometryParameter::TxRxDx => (&self.txrx_dx).into(),
            GeometryParameter::TxRxDy => (&self.txrx_dy).into(),
            GeometryParameter::TxRxDz => (&self.txrx_dz).into(),
            GeometryParameter::RxRoll => (&self.rx_roll).into(),
            GeometryParameter::RxPitch => (&self.rx_pitch).into(),
            GeometryParameter::RxYaw => (&self.rx_yaw).into(),
        }
    }

    /// Returns the priors in the order of [`GeometryParameter::ALL`].
    pub fn deviations(&self) -> [Deviation; GeometryParameter::ALL.len()] {
        GeometryParameter::ALL.map(|parameter| {
            let setting = self.setting(parameter);
            match setting.prior {
                PriorChoice::Fixed => Deviation::Fixed,
                PriorChoice::Uniform => Deviation::Uniform { half_width: setting.half_width },
                PriorChoice::Normal => Deviation::Normal { std: setting.std },
            }
        })
    }

    /// Returns the constant values, in the order of [`GeometryParameter::ALL`].
    pub fn values(&self) -> [Option<f64>; GeometryParameter::ALL.len()] {
        GeometryParameter::ALL.map(|parameter| self.setting(parameter).value)
    }

    /// Returns the parameters that are sampled.
    pub fn sampled(&self) -> impl Iterator<Item = GeometryParameter> {
        GeometryParameter::ALL.into_iter().filter(|&p| self.setting(p).prior != PriorChoice::Fixed)
    }

    pub(super) fn check(&self, check: &mut Checker) {
        for parameter in GeometryParameter::ALL {
            let Setting { prior, half_width, std, .. } = self.setting(parameter);
            let (name, unit) = (parameter.name(), parameter.unit());
            let (half_width_key, std_key) =
                (format!("geometry.{name}.half_width_{unit}"), format!("geometry.{name}.std_{unit}"));
            let mut width = |key: &str, value: f64, belongs: bool, what: &str| match belongs {
                true => check.require(key, value != 0.0, "nothing", format!("a width for prior = {what}")),
                false => check.require(key, value == 0.0, value, format!("prior = {what} beside it")),
            };
            width(&half_width_key, half_width, prior == PriorChoice::Uniform, "\"uniform\"");
            width(&std_key, std, prior == PriorChoice::Normal, "\"normal\"");
        }
        let useless = self.tx_yaw.prior != PriorChoice::Fixed;
        check.require("geometry.tx_yaw.prior", !useless, "a prior", "\"fixed\": no datum depends on a loop's yaw");
    }
}
