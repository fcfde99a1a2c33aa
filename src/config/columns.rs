//! The section that assigns columns of the survey file to quantities.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::Checker;
use super::values::{ColumnChoice, Columns};
use crate::error::Result;
use crate::survey::{ColumnMap, Convention, Preset, ReadOptions, StdKind};
use crate::system::GeometryParameter;

/// Columns of the survey file: numbers from 1, or names; a minus sign changes the sign ("-Tx_Pitch", -16). Other
/// columns are looked for under the names of the preset
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ColumnConfig {
    /// Names of the columns; also gives convention, std_kind and null_values if they are not given
    pub preset: Preset,
    /// Signs of the survey file; the preset's if not given
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = "geobipy"))]
    pub convention: Option<Convention>,
    /// Factor of the data and their standard deviations to the unit of the system file: 1e-12 for pV
    pub data_scale: f64,
    /// What columns of standard deviations contain; if not given the preset's, or "relative" for names with RelUnc
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = "absolute"))]
    pub std_kind: Option<StdKind>,
    /// Numbers that mean "missing", in addition to NaN, empty cells and those of a definition file
    pub null_values: Vec<f64>,
    /// Flight line
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = "Line"))]
    pub line_number: Option<ColumnChoice>,
    /// Position counter on the line
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = "Fiducial"))]
    pub fiducial: Option<ColumnChoice>,
    /// Easting in m
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = "Easting"))]
    pub easting: Option<ColumnChoice>,
    /// Northing in m
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = "Northing"))]
    pub northing: Option<ColumnChoice>,
    /// Elevation of the ground in m
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = "DTM"))]
    pub elevation: Option<ColumnChoice>,
    /// Lengths in m and angles in degrees
    pub geometry: GeometryColumns,
    /// Data: the first gate of each system, with the other gates in the columns after it; or an ASEG-GDF2 field as a
    /// whole. Frequency domain: the first frequency, or every one
    pub data: DataColumns,
    /// Standard deviations, given like the data
    pub std: DataColumns,
    /// Primary field of each system; total fields only
    pub primary: PrimaryColumns,
}

/// Columns of the geometry.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GeometryColumns {
    /// Height of the transmitter or the bird
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<ColumnChoice>,
    /// Roll of the transmitter
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tx_roll: Option<ColumnChoice>,
    /// Pitch of the transmitter
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tx_pitch: Option<ColumnChoice>,
    /// Yaw of the transmitter
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tx_yaw: Option<ColumnChoice>,
    /// Receiver ahead of the transmitter
    #[serde(skip_serializing_if = "Option::is_none")]
    pub txrx_dx: Option<ColumnChoice>,
    /// Receiver left of the transmitter
    #[serde(skip_serializing_if = "Option::is_none")]
    pub txrx_dy: Option<ColumnChoice>,
    /// Receiver above the transmitter
    #[serde(skip_serializing_if = "Option::is_none")]
    pub txrx_dz: Option<ColumnChoice>,
    /// Roll of the receiver
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rx_roll: Option<ColumnChoice>,
    /// Pitch of the receiver
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rx_pitch: Option<ColumnChoice>,
    /// Yaw of the receiver
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rx_yaw: Option<ColumnChoice>,
}

/// Columns of data, or of their standard deviations, by component or part.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DataColumns {
    /// X component
    #[serde(skip_serializing_if = "Columns::is_empty")]
    pub x: Columns,
    /// Y component
    #[serde(skip_serializing_if = "Columns::is_empty")]
    pub y: Columns,
    /// Z component
    #[serde(skip_serializing_if = "Columns::is_empty")]
    pub z: Columns,
    /// Frequency domain: in-phase
    #[serde(skip_serializing_if = "Columns::is_empty")]
    pub in_phase: Columns,
    /// Frequency domain: quadrature
    #[serde(skip_serializing_if = "Columns::is_empty")]
    pub quadrature: Columns,
}

/// Columns of the primary field by component.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PrimaryColumns {
    /// X component
    #[serde(skip_serializing_if = "Columns::is_empty")]
    pub x: Columns,
    /// Y component
    #[serde(skip_serializing_if = "Columns::is_empty")]
    pub y: Columns,
    /// Z component
    #[serde(skip_serializing_if = "Columns::is_empty")]
    pub z: Columns,
}

impl Default for ColumnConfig {
    fn default() -> Self {
        Self {
            preset: Preset::default(),
            convention: None,
            data_scale: 1.0,
            std_kind: None,
            null_values: Vec::new(),
            line_number: None,
            fiducial: None,
            easting: None,
            northing: None,
            elevation: None,
            geometry: GeometryColumns::default(),
            data: DataColumns::default(),
            std: DataColumns::default(),
            primary: PrimaryColumns::default(),
        }
    }
}

impl ColumnConfig {
    /// Returns the options of the survey reader. The caller adds constant geometry and the definition file.
    pub fn to_read_options(&self) -> Result<ReadOptions> {
        Ok(ReadOptions {
            columns: self.to_map()?,
            nulls: self.null_values.clone(),
            convention: self.convention(),
            data_scale: self.data_scale,
            std_kind: self.std_kind.unwrap_or(self.preset.options().std_kind),
            std_kind_is_given: self.std_kind.is_some(),
            ..self.preset.options()
        })
    }

    /// Returns the signs of the survey file.
    pub fn convention(&self) -> Convention {
        self.convention.unwrap_or(self.preset.options().convention)
    }

    /// Writes the values of the preset into the keys that the user has not given.
    pub(super) fn resolve(&mut self) {
        let preset = self.preset.options();
        self.convention.get_or_insert(preset.convention);
        // SkyTEM's names of standard deviations say which kind they are.
        if self.preset != Preset::SkyTem {
            self.std_kind.get_or_insert(preset.std_kind);
        }
        let missing = preset.nulls.into_iter().filter(|null| !self.null_values.contains(null));
        self.null_values.extend(missing.collect::<Vec<_>>());
    }

    fn to_map(&self) -> Result<ColumnMap> {
        let one = |column: &Option<ColumnChoice>| column.as_ref().map(ColumnChoice::to_ref).transpose();
        let data = |c: &DataColumns| -> Result<_> {
            Ok([c.x.to_refs()?, c.y.to_refs()?, c.z.to_refs()?, c.in_phase.to_refs()?, c.quadrature.to_refs()?])
        };
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
        Ok(ColumnMap {
            line_number: one(&self.line_number)?,
            fiducial: one(&self.fiducial)?,
            easting: one(&self.easting)?,
            northing: one(&self.northing)?,
            elevation: one(&self.elevation)?,
            geometry,
            data: data(&self.data)?,
            std: data(&self.std)?,
            primary: [self.primary.x.to_refs()?, self.primary.y.to_refs()?, self.primary.z.to_refs()?],
        })
    }

    pub(super) fn check(&self, check: &mut Checker) {
        if let Err(error) = self.to_map() {
            check.require("columns", false, error, "columns by number from 1 or by name");
        }
        let scale = self.data_scale;
        check.require("columns.data_scale", scale.is_normal(), scale, "a number other than 0");
    }
}
