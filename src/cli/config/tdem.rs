//! What only time-domain surveys need: columns, geometry, signs.

use serde::{Deserialize, Serialize};

use super::check::Checker;
use super::values::{Column, Columns};
use crate::bayes::Deviation;
use crate::error::Result;
use crate::survey::TdemColumns;
use crate::system::GeometryParameter;

/// Without or with the primary field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FieldChoice {
    #[default]
    Secondary,
    Total,
}

/// Signs of the survey file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ConventionChoice {
    /// Z data positive where a ground's dB/dt decays; pitch nose up, yaw right.
    #[default]
    Geobipy,
    /// Z up, pitch nose down, yaw left.
    GaAem,
}

/// How far a geometry parameter may be from its measured value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PriorChoice {
    #[default]
    Fixed,
    Uniform,
    Normal,
}

/// A length of the geometry.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LengthConfig {
    prior: PriorChoice,
    half_width_m: f64,
    std_m: f64,
    /// Value where the survey has no column.
    #[serde(skip_serializing_if = "Option::is_none")]
    value_m: Option<f64>,
}

/// An angle of the geometry.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AngleConfig {
    prior: PriorChoice,
    half_width_deg: f64,
    std_deg: f64,
    /// Value where the survey has no column.
    #[serde(skip_serializing_if = "Option::is_none")]
    value_deg: Option<f64>,
}

/// Priors and constant values of the geometry, in the program's axes: x ahead, y left, z up; roll left wing up, pitch nose
/// down, yaw left.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct GeometryConfig {
    height: LengthConfig,
    tx_roll: AngleConfig,
    tx_pitch: AngleConfig,
    tx_yaw: AngleConfig,
    txrx_dx: LengthConfig,
    txrx_dy: LengthConfig,
    txrx_dz: LengthConfig,
    rx_roll: AngleConfig,
    rx_pitch: AngleConfig,
    rx_yaw: AngleConfig,
}

/// One parameter's settings, lengths and angles alike.
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

    /// In the order of [`GeometryParameter::ALL`].
    pub(crate) fn deviations(&self) -> [Deviation; GeometryParameter::ALL.len()] {
        GeometryParameter::ALL.map(|parameter| {
            let setting = self.setting(parameter);
            match setting.prior {
                PriorChoice::Fixed => Deviation::Fixed,
                PriorChoice::Uniform => Deviation::Uniform { half_width: setting.half_width },
                PriorChoice::Normal => Deviation::Normal { std: setting.std },
            }
        })
    }

    /// Constant values, in the order of [`GeometryParameter::ALL`].
    pub(crate) fn values(&self) -> [Option<f64>; GeometryParameter::ALL.len()] {
        GeometryParameter::ALL.map(|parameter| self.setting(parameter).value)
    }

    /// The parameters that are sampled.
    pub(crate) fn sampled(&self) -> impl Iterator<Item = GeometryParameter> {
        GeometryParameter::ALL.into_iter().filter(|&p| self.setting(p).prior != PriorChoice::Fixed)
    }

    pub(super) fn check(&self, check: &mut Checker) {
        for parameter in GeometryParameter::ALL {
            let Setting { prior, half_width, std, value } = self.setting(parameter);
            let (name, unit) = (parameter.name(), parameter.unit());
            let (widest, largest) = if parameter.is_angle() { (90.0, 180.0) } else { (100.0, 10_000.0) };
            let (half_width_key, std_key) =
                (format!("geometry.{name}.half_width_{unit}"), format!("geometry.{name}.std_{unit}"));
            let mut width = |key: &str, value: f64, belongs: bool, what: &str| match belongs {
                true if value == 0.0 => check.require(key, false, "nothing", format!("a width for prior = {what}")),
                true => check.range(key, value, 1e-3, widest),
                false => check.require(key, value == 0.0, value, format!("prior = {what} beside it")),
            };
            width(&half_width_key, half_width, prior == PriorChoice::Uniform, "\"uniform\"");
            width(&std_key, std, prior == PriorChoice::Normal, "\"normal\"");
            if let Some(value) = value {
                check.range(&format!("geometry.{name}.value_{unit}"), value, -largest, largest);
            }
        }
        let useless = self.tx_yaw.prior != PriorChoice::Fixed;
        check.require("geometry.tx_yaw.prior", !useless, "a prior", "\"fixed\": no datum depends on a loop's yaw");
    }
}

/// Which column of the survey file is what: numbers from 1, or names; negative ones turn the sign.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ColumnConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    line_number: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fiducial: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    easting: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    northing: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elevation: Option<Column>,
    geometry: GeometryColumns,
    data: ComponentColumns,
    std: ComponentColumns,
    primary: ComponentColumns,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct GeometryColumns {
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tx_roll: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tx_pitch: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tx_yaw: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    txrx_dx: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    txrx_dy: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    txrx_dz: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rx_roll: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rx_pitch: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rx_yaw: Option<Column>,
}

/// The first column of each system's gates.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ComponentColumns {
    x: Columns,
    y: Columns,
    z: Columns,
}

impl ColumnConfig {
    /// Whether any column is named.
    pub(super) fn is_given(&self) -> bool {
        *self != Self::default()
    }

    /// What the reader understands.
    pub(crate) fn to_columns(&self) -> Result<TdemColumns> {
        let one = |column: &Option<Column>| column.as_ref().map(Column::to_ref).transpose();
        let three = |c: &ComponentColumns| -> Result<_> { Ok([c.x.to_refs()?, c.y.to_refs()?, c.z.to_refs()?]) };
        let g = &self.geometry;
        let mut geometry = [const { None }; GeometryParameter::ALL.len()];
        let given = [
            &g.height,
            &g.tx_roll,
            &g.tx_pitch,
            &g.tx_yaw,
            &g.txrx_dx,
            &g.txrx_dy,
            &g.txrx_dz,
            &g.rx_roll,
            &g.rx_pitch,
            &g.rx_yaw,
        ];
        for (to, column) in geometry.iter_mut().zip(given) {
            *to = one(column)?;
        }
        Ok(TdemColumns {
            line_number: one(&self.line_number)?,
            fiducial: one(&self.fiducial)?,
            easting: one(&self.easting)?,
            northing: one(&self.northing)?,
            elevation: one(&self.elevation)?,
            geometry,
            data: three(&self.data)?,
            std: three(&self.std)?,
            primary: three(&self.primary)?,
        })
    }

    pub(super) fn check(&self, check: &mut Checker) {
        if let Err(error) = self.to_columns() {
            check.require("columns", false, error, "columns by number from 1 or by name");
        }
    }
}
