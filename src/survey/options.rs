//! Information that a survey file does not contain.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::system::GeometryParameter;

use super::column_ref::{ColumnPlace, ColumnRef};
use super::height::{MAX_HEIGHT_M, expected_height};
use super::leave_out::LeaveOut;

/// Kinds of data, in the order of [`ColumnMap::data`]: the components of time-domain and the parts of frequency-domain data.
pub const PARTS: [&str; 5] = ["x", "y", "z", "in_phase", "quadrature"];

/// Information that a survey file does not contain.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// Source of the names of all columns that [`columns`](Self::columns) does not give.
    pub preset: Preset,
    /// The columns that the user has given.
    pub columns: ColumnMap,
    /// Numbers of the file that mean a missing value, such as -9999.99. Empty cells, NaN and the nulls of a definition
    /// file always mean a missing value.
    pub nulls: Vec<f64>,
    /// The sign convention of the file.
    pub convention: Convention,
    /// Factor by which data, primary fields and absolute standard deviations are multiplied to have the unit of the
    /// system.
    pub data_scale: f64,
    /// What columns of standard deviations contain.
    pub std_kind: StdKind,
    /// True when [`std_kind`](Self::std_kind) also holds for columns whose names say that they are relative, such as
    /// `RelUnc_SWch1_G01[0]`. Otherwise the names decide.
    pub std_kind_is_given: bool,
    /// Time domain: standard deviations computed from the secondary fields, instead of columns.
    pub quoted_noise: Option<QuotedNoise>,
    /// Values of geometry parameters without a column, in the order of [`GeometryParameter::ALL`] and always with
    /// GA-AEM's signs. A value has priority over a column that is found by its name.
    pub fixed_geometry: [Option<f64>; GeometryParameter::ALL.len()],
    /// Time domain: gates that begin before or end after these times in s have no data. There is one pair for each
    /// system, or no pair.
    pub gate_limits_s: Vec<(f64, f64)>,
    /// Soundings and data that are left out.
    pub leave_out: LeaveOut,
    /// The ASEG-GDF2 definition file. Without it, a definition beside the data file is used, unless the data file is a
    /// `.csv`.
    pub dfn: Option<PathBuf>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Preset::default().options()
    }
}

/// Noise as contractors quote it: std^2 = (relative |secondary field|)^2 + additive^2 of each component. The primary
/// field is added and vectors are made afterwards.
#[derive(Debug, Clone, PartialEq)]
pub struct QuotedNoise {
    /// Relative error, a fraction of the secondary field.
    pub relative: f64,
    /// Additive standard deviations in the system's unit: one, or one for each gate of each component of each system.
    pub additive: Vec<f64>,
}

impl QuotedNoise {
    /// Returns the standard deviations of `secondary` fields in the system's unit; the first of them is number `first`
    /// of all.
    pub(crate) fn std(&self, secondary: &[f64], first: usize) -> Vec<f64> {
        let additive = |gate: usize| self.additive.get(first + gate).unwrap_or(&self.additive[0]);
        secondary.iter().enumerate().map(|(gate, field)| (self.relative * field).hypot(*additive(gate))).collect()
    }
}

/// Programs and contractors whose column names are known. Users read these words in configurations and in `--help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "run", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum), value(rename_all = "snake_case"))]
pub enum Preset {
    /// GeoBIPy's CSV
    #[default]
    #[serde(rename = "geobipy")]
    #[cfg_attr(feature = "cli", value(name = "geobipy"))]
    GeoBipy,
    /// GA-AEM's signs (Z up), and the names usual in ASEG-GDF2
    #[serde(alias = "ga-aem")]
    #[cfg_attr(feature = "cli", value(alias = "ga-aem"))]
    GaAem,
    /// SkyTEM's tables: LM_..., HM_... columns, the moment in the name of the system file
    #[serde(rename = "skytem")]
    #[cfg_attr(feature = "cli", value(name = "skytem"))]
    SkyTem,
    /// Tempest's ASEG-GDF2: EMX_NonHPRG, X_PrimaryField, HSep_GPS, ...
    Tempest,
    /// Aarhus Workbench's XYZ: DBDT_Ch1GT1, DBDT_STD_Ch1GT1, ...; standard deviations are fractions
    Workbench,
}

impl Preset {
    /// All presets, with the words of configurations.
    pub(super) const ALL: [(Self, &'static str); 5] = [
        (Self::GeoBipy, "geobipy"),
        (Self::GaAem, "ga_aem"),
        (Self::SkyTem, "skytem"),
        (Self::Tempest, "tempest"),
        (Self::Workbench, "workbench"),
    ];

    /// How files with these names are to be read.
    pub fn options(self) -> ReadOptions {
        let (convention, std_kind, nulls): (_, _, &[f64]) = match self {
            Self::GeoBipy | Self::Tempest => (Convention::GeoBipy, StdKind::Absolute, &[]),
            Self::GaAem => (Convention::GaAem, StdKind::Absolute, &[]),
            Self::SkyTem => (Convention::GeoBipy, StdKind::Absolute, &MISSING),
            Self::Workbench => (Convention::GeoBipy, StdKind::Relative, &MISSING),
        };
        ReadOptions {
            preset: self,
            columns: ColumnMap::default(),
            nulls: nulls.to_vec(),
            convention,
            data_scale: 1.0,
            std_kind,
            std_kind_is_given: false,
            quoted_noise: None,
            fixed_geometry: [None; GeometryParameter::ALL.len()],
            gate_limits_s: Vec::new(),
            leave_out: LeaveOut::default(),
            dfn: None,
        }
    }
}

/// What stands for missing values in tables of SkyTEM and Aarhus Workbench.
const MISSING: [f64; 3] = [9999.0, -9999.0, -9999.99];

/// Columns by quantity. A quantity without a column is looked for under the names of the [`Preset`].
#[derive(Debug, Clone, Default)]
pub struct ColumnMap {
    /// Flight line.
    pub line_number: Option<ColumnRef>,
    /// Position counter on the line.
    pub fiducial: Option<ColumnRef>,
    /// Easting in m.
    pub easting: Option<ColumnRef>,
    /// Northing in m.
    pub northing: Option<ColumnRef>,
    /// Ground above datum in m.
    pub elevation: Option<ColumnRef>,
    /// Columns of the geometry, in the order of [`GeometryParameter::ALL`].
    pub geometry: [Option<ColumnRef>; GeometryParameter::ALL.len()],
    /// Columns of the data, in the order of [`PARTS`]. For x, y and z: the first gate of every system that measures the
    /// component, in order; the columns after it are the other gates. An ASEG-GDF2 field of several columns is named as
    /// a whole. For in-phase and quadrature: the first frequency, with the others in the columns after it, or every
    /// frequency.
    pub data: [Vec<ColumnRef>; PARTS.len()],
    /// Columns of standard deviations, given like `data`; empty when there are none.
    pub std: [Vec<ColumnRef>; PARTS.len()],
    /// Columns of the primary field for x, y and z, for every system that measures the component. Only total fields
    /// need them.
    pub primary: [Vec<ColumnRef>; 3],
}

impl ColumnMap {
    /// Returns the names of columns that the user has given.
    pub(super) fn names(&self) -> Vec<&str> {
        let place = [&self.line_number, &self.fiducial, &self.easting, &self.northing, &self.elevation];
        let single = place.into_iter().chain(&self.geometry).flatten();
        let lists = self.data.iter().chain(&self.std).chain(&self.primary).flatten();
        let names = single.chain(lists).filter_map(|column| match &column.place {
            ColumnPlace::Name(name) => Some(name.as_str()),
            ColumnPlace::Number(_) => None,
        });
        names.collect()
    }
}

/// What columns of standard deviations contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "run", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StdKind {
    /// Standard deviations in the unit of the data.
    #[cfg_attr(feature = "run", schemars(description = "standard deviations in the data's unit"))]
    Absolute,
    /// Fractions of the datum's size: 0.03 is 3 %.
    #[cfg_attr(feature = "run", schemars(description = "fractions of the datum: 0.03 is 3 %"))]
    Relative,
    /// Factors: 1.03 means 3 %.
    #[cfg_attr(feature = "run", schemars(description = "factors: 1.03 is 3 %"))]
    Factor,
}

impl StdKind {
    /// Returns the standard deviation of a datum for which the file has `value`; neither is scaled.
    pub(super) fn std(self, value: f64, datum: f64) -> f64 {
        match self {
            Self::Absolute => value,
            Self::Relative => value * datum.abs(),
            Self::Factor => (value - 1.0) * datum.abs(),
        }
    }

    /// Says what a number in the column must be, for data in `unit`.
    pub(super) fn expected(self, unit: &str) -> String {
        match self {
            Self::Absolute => format!("a standard deviation in {unit} more than 0"),
            Self::Relative => "a relative standard deviation more than 0, of a datum that is not 0".to_owned(),
            Self::Factor => "a standard deviation as a factor more than 1, of a datum that is not 0".to_owned(),
        }
    }
}

/// The words that users read.
#[cfg(feature = "run")]
const WORDS_OF_GEOBIPY: &str = "Z data positive for a normal decay of dB/dt; pitch nose up, yaw right";

/// Sign convention of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "run", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Convention {
    /// The signs of GeoBIPy: Z data and Z primary field, pitch and yaw of transmitter and receiver have the opposite
    /// sign. A `-` before a column changes the sign in addition.
    #[cfg_attr(feature = "run", schemars(description = WORDS_OF_GEOBIPY))]
    #[serde(rename = "geobipy")]
    GeoBipy,
    /// The signs of GA-AEM and of this program: x forward, y left, z up; pitch nose down, yaw left.
    #[cfg_attr(feature = "run", schemars(description = "Z up, pitch nose down, yaw left"))]
    GaAem,
}

impl Convention {
    /// Returns whether a part has the opposite sign of the program's.
    pub(super) fn turns_part(self, part: usize) -> bool {
        self == Self::GeoBipy && PARTS[part] == "z"
    }

    /// Returns whether a parameter has the opposite sign of the program's.
    pub(super) fn turns_parameter(self, parameter: GeometryParameter) -> bool {
        use GeometryParameter::{RxPitch, RxYaw, TxPitch, TxYaw};
        self == Self::GeoBipy && matches!(parameter, TxPitch | TxYaw | RxPitch | RxYaw)
    }
}

/// Checks that fixed values are possible, and that their parameters have no column as well.
pub(super) fn check_fixed_geometry(options: &ReadOptions) -> Result<()> {
    let mut errors = Vec::new();
    for (parameter, value) in GeometryParameter::ALL.into_iter().zip(options.fixed_geometry) {
        let Some(value) = value else { continue };
        let (name, unit) = (parameter.name(), parameter.unit());
        if options.columns.geometry[parameter.index()].is_some() {
            errors.push(Error::setting(
                format!("geometry.{name}"),
                format!("geometry.{name}: got a column and a value, expected one of them"),
            ));
        }
        let is_height = parameter == GeometryParameter::Height;
        let key = format!("geometry.{name}.value_{unit}");
        let wrong = |expected: &str| Error::setting(&key, format!("{key}: got {value}, expected {expected}"));
        if !value.is_finite() {
            errors.push(wrong("a finite number"));
        } else if is_height && !(value > 0.0 && value <= MAX_HEIGHT_M) {
            errors.push(wrong(&expected_height()));
        }
    }
    let [height_m, dz_m] =
        [GeometryParameter::Height, GeometryParameter::TxRxDz].map(|p| options.fixed_geometry[p.index()]);
    if let (Some(height_m), Some(dz_m)) = (height_m, dz_m)
        && errors.is_empty()
        && height_m + dz_m <= 0.0
    {
        let message =
            format!("geometry.txrx_dz.value_m: got {dz_m}, expected more than -{height_m}, a receiver above ground");
        errors.push(Error::setting("geometry.txrx_dz.value_m", message));
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Many(errors)) }
}
