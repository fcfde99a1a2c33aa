//! The section that assigns columns of the survey file to quantities.

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::Checker;
use super::values::{Column, Columns};
use crate::error::Result;
use crate::survey::{ColumnMap, Convention, Preset, ReadOptions, StdKind};
use crate::system::GeometryParameter;

/// Whose names the columns have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub(crate) enum PresetChoice {
    /// GeoBIPy's CSV
    #[default]
    Geobipy,
    /// GA-AEM's signs (Z up), and the names usual in ASEG-GDF2
    #[serde(alias = "ga-aem")]
    #[value(alias = "ga-aem")]
    GaAem,
    /// SkyTEM's tables: LM_..., HM_... columns, the moment in the name of the system file
    Skytem,
    /// Tempest's ASEG-GDF2: EMX_NonHPRG, X_PrimaryField, HSep_GPS, ...
    Tempest,
    /// Aarhus Workbench's XYZ: DBDT_Ch1GT1, DBDT_STD_Ch1GT1, ...; standard deviations are fractions
    Workbench,
}

/// Signs of the survey file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ConventionChoice {
    /// Z data positive for a normal decay of dB/dt; pitch nose up, yaw right
    Geobipy,
    /// Z up, pitch nose down, yaw left
    GaAem,
}

/// What columns of standard deviations contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StdChoice {
    /// standard deviations in the data's unit
    Absolute,
    /// fractions of the datum: 0.03 is 3 %
    Relative,
    /// factors: 1.03 is 3 %
    Factor,
}

/// Columns of the survey file: numbers from 1, or names; a minus sign changes the sign ("-Tx_Pitch", -16). Other
/// columns are looked for under the names of the preset
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ColumnConfig {
    /// Names of the columns; also gives convention, std_kind and null_values if they are not given
    pub(crate) preset: PresetChoice,
    /// Signs of the survey file; the preset's if not given
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = "geobipy"))]
    pub(crate) convention: Option<ConventionChoice>,
    /// Factor of the data and their standard deviations to the unit of the system file: 1e-12 for pV
    pub(crate) data_scale: f64,
    /// What columns of standard deviations contain; the preset's if not given
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = "absolute"))]
    pub(crate) std_kind: Option<StdChoice>,
    /// Numbers that mean "missing", in addition to NaN, empty cells and those of a definition file
    pub(crate) null_values: Vec<f64>,
    /// Flight line
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = "Line"))]
    line_number: Option<Column>,
    /// Position counter on the line
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = "Fiducial"))]
    fiducial: Option<Column>,
    /// Easting in m
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = "Easting"))]
    easting: Option<Column>,
    /// Northing in m
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = "Northing"))]
    northing: Option<Column>,
    /// Elevation of the ground in m
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = "DTM"))]
    elevation: Option<Column>,
    /// Lengths in m and angles in degrees
    geometry: GeometryColumns,
    /// Data: the first gate of each system, with the other gates in the columns after it; or an ASEG-GDF2 field as a
    /// whole. Frequency domain: the first frequency, or every one
    data: DataColumns,
    /// Standard deviations, given like the data
    std: DataColumns,
    /// Primary field of each system; total fields only
    primary: PrimaryColumns,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct GeometryColumns {
    /// Height of the transmitter or the bird
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<Column>,
    /// Roll of the transmitter
    #[serde(skip_serializing_if = "Option::is_none")]
    tx_roll: Option<Column>,
    /// Pitch of the transmitter
    #[serde(skip_serializing_if = "Option::is_none")]
    tx_pitch: Option<Column>,
    /// Yaw of the transmitter
    #[serde(skip_serializing_if = "Option::is_none")]
    tx_yaw: Option<Column>,
    /// Receiver ahead of the transmitter
    #[serde(skip_serializing_if = "Option::is_none")]
    txrx_dx: Option<Column>,
    /// Receiver left of the transmitter
    #[serde(skip_serializing_if = "Option::is_none")]
    txrx_dy: Option<Column>,
    /// Receiver above the transmitter
    #[serde(skip_serializing_if = "Option::is_none")]
    txrx_dz: Option<Column>,
    /// Roll of the receiver
    #[serde(skip_serializing_if = "Option::is_none")]
    rx_roll: Option<Column>,
    /// Pitch of the receiver
    #[serde(skip_serializing_if = "Option::is_none")]
    rx_pitch: Option<Column>,
    /// Yaw of the receiver
    #[serde(skip_serializing_if = "Option::is_none")]
    rx_yaw: Option<Column>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct DataColumns {
    /// X component
    #[serde(skip_serializing_if = "Columns::is_empty")]
    x: Columns,
    /// Y component
    #[serde(skip_serializing_if = "Columns::is_empty")]
    y: Columns,
    /// Z component
    #[serde(skip_serializing_if = "Columns::is_empty")]
    z: Columns,
    /// Frequency domain: in-phase
    #[serde(skip_serializing_if = "Columns::is_empty")]
    in_phase: Columns,
    /// Frequency domain: quadrature
    #[serde(skip_serializing_if = "Columns::is_empty")]
    quadrature: Columns,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct PrimaryColumns {
    /// X component
    #[serde(skip_serializing_if = "Columns::is_empty")]
    x: Columns,
    /// Y component
    #[serde(skip_serializing_if = "Columns::is_empty")]
    y: Columns,
    /// Z component
    #[serde(skip_serializing_if = "Columns::is_empty")]
    z: Columns,
}

impl Default for ColumnConfig {
    fn default() -> Self {
        Self {
            preset: PresetChoice::default(),
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
    pub(crate) fn to_read_options(&self) -> Result<ReadOptions> {
        Ok(ReadOptions {
            preset: match self.preset {
                PresetChoice::Geobipy => Preset::GeoBipy,
                PresetChoice::GaAem => Preset::GaAem,
                PresetChoice::Skytem => Preset::SkyTem,
                PresetChoice::Tempest => Preset::Tempest,
                PresetChoice::Workbench => Preset::Workbench,
            },
            columns: self.to_map()?,
            nulls: self.null_values.clone(),
            convention: self.convention(),
            data_scale: self.data_scale,
            std_kind: match self.std_kind.unwrap_or(self.preset.std_kind()) {
                StdChoice::Absolute => StdKind::Absolute,
                StdChoice::Relative => StdKind::Relative,
                StdChoice::Factor => StdKind::Factor,
            },
            ..ReadOptions::default()
        })
    }

    /// Returns the signs of the survey file.
    pub(crate) fn convention(&self) -> Convention {
        match self.convention.unwrap_or(self.preset.convention()) {
            ConventionChoice::Geobipy => Convention::GeoBipy,
            ConventionChoice::GaAem => Convention::GaAem,
        }
    }

    /// Writes the values of the preset into the keys that the user has not given.
    pub(super) fn resolve(&mut self) {
        self.convention.get_or_insert(self.preset.convention());
        self.std_kind.get_or_insert(self.preset.std_kind());
        let missing = self.preset.null_values().iter().filter(|null| !self.null_values.contains(null));
        let missing: Vec<f64> = missing.copied().collect();
        self.null_values.extend(missing);
    }

    fn to_map(&self) -> Result<ColumnMap> {
        let one = |column: &Option<Column>| column.as_ref().map(Column::to_ref).transpose();
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

impl PresetChoice {
    fn convention(self) -> ConventionChoice {
        match self {
            Self::GaAem => ConventionChoice::GaAem,
            Self::Geobipy | Self::Skytem | Self::Tempest | Self::Workbench => ConventionChoice::Geobipy,
        }
    }

    fn std_kind(self) -> StdChoice {
        if self == Self::Workbench { StdChoice::Relative } else { StdChoice::Absolute }
    }

    fn null_values(self) -> &'static [f64] {
        match self {
            Self::Skytem | Self::Workbench => &[9999.0, -9999.0, -9999.99],
            Self::Geobipy | Self::GaAem | Self::Tempest => &[],
        }
    }
}
