//! Sizes and constant values of one line's file.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::fields::{Dim, Field, Kind, Role};
use crate::bayes::{Grids, Move};
use crate::system::GeometryParameter;

/// Values of one variable, flattened, slowest dimension first.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Values {
    I8(Vec<i8>),
    I32(Vec<i32>),
    U32(Vec<u32>),
    I64(Vec<i64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
}

impl Values {
    /// Number type.
    pub fn kind(&self) -> Kind {
        match self {
            Values::I8(_) => Kind::I8,
            Values::I32(_) => Kind::I32,
            Values::U32(_) => Kind::U32,
            Values::I64(_) => Kind::I64,
            Values::F32(_) => Kind::F32,
            Values::F64(_) => Kind::F64,
        }
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        match self {
            Values::I8(v) => v.len(),
            Values::I32(v) => v.len(),
            Values::U32(v) => v.len(),
            Values::I64(v) => v.len(),
            Values::F32(v) => v.len(),
            Values::F64(v) => v.len(),
        }
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values as they stand in a file, in the machine's byte order.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Values::I8(v) => bytemuck::cast_slice(v),
            Values::I32(v) => bytemuck::cast_slice(v),
            Values::U32(v) => bytemuck::cast_slice(v),
            Values::I64(v) => bytemuck::cast_slice(v),
            Values::F32(v) => bytemuck::cast_slice(v),
            Values::F64(v) => bytemuck::cast_slice(v),
        }
    }

    /// The values as numbers of double precision.
    pub fn to_f64(&self) -> Vec<f64> {
        match self {
            Values::I8(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Values::I32(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Values::U32(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Values::I64(v) => v.iter().map(|&x| x as f64).collect(),
            Values::F32(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Values::F64(v) => v.clone(),
        }
    }

    /// `len` values that say that there is nothing: NaN, or 0 for whole numbers.
    pub fn nothing(kind: Kind, len: usize) -> Self {
        match kind {
            Kind::I8 => Values::I8(vec![0; len]),
            Kind::I32 => Values::I32(vec![0; len]),
            Kind::U32 => Values::U32(vec![0; len]),
            Kind::I64 => Values::I64(vec![0; len]),
            Kind::F32 => Values::F32(vec![f32::NAN; len]),
            Kind::F64 => Values::F64(vec![f64::NAN; len]),
        }
    }

    /// Adds the values of `other`, which are of the same type, behind these.
    pub fn append(&mut self, other: Values) {
        match (self, other) {
            (Values::I8(v), Values::I8(mut o)) => v.append(&mut o),
            (Values::I32(v), Values::I32(mut o)) => v.append(&mut o),
            (Values::U32(v), Values::U32(mut o)) => v.append(&mut o),
            (Values::I64(v), Values::I64(mut o)) => v.append(&mut o),
            (Values::F32(v), Values::F32(mut o)) => v.append(&mut o),
            (Values::F64(v), Values::F64(mut o)) => v.append(&mut o),
            (values, other) => unreachable!("{:?} behind {:?}", other.kind(), values.kind()),
        }
    }
}

/// A type that a variable's values may have.
pub trait Number: Sized {
    /// The values if they are of this type.
    fn slice(values: &Values) -> Option<&[Self]>;
}

macro_rules! numbers {
    ($($kind:ident: $type:ty),*) => {$(
        impl Number for $type {
            fn slice(values: &Values) -> Option<&[Self]> {
                if let Values::$kind(values) = values { Some(values) } else { None }
            }
        }
    )*};
}
numbers!(I8: i8, I32: i32, U32: u32, I64: i64, F32: f32, F64: f64);

/// What the channels of a kind of system are, one value per channel.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum ChannelInfo {
    /// Frequency domain.
    Fdem {
        /// Frequency in Hz.
        frequency_hz: Vec<f64>,
        /// Whether it is a quadrature.
        quadrature: Vec<bool>,
    },
    /// Time domain.
    Tdem {
        /// Start and end of the gate in s.
        gate_s: Vec<(f64, f64)>,
        /// Index of the system file.
        system: Vec<usize>,
        /// 0, 1, 2 for x, y, z, 3 for the amplitude of the vector.
        component: Vec<i8>,
    },
}

/// What is the same for all lines of a run and stands in each file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunInfo {
    /// Resolved configuration, TOML.
    pub configuration: String,
    /// Instrument files as read.
    pub system_files: String,
    /// Survey file as the user named it.
    pub data_file: String,
    /// SHA-256 of the survey file and its definition, hexadecimal.
    pub data_sha256: String,
    /// Coordinate reference system as the user named it.
    pub crs: Option<String>,
    /// The same as WKT, where it is known.
    pub crs_wkt: Option<String>,
    /// SHA-256 of program version, configuration, survey and system files, hexadecimal.
    pub fingerprint: String,
    /// Seed of the survey.
    pub seed: u64,
    /// Unit of the data.
    pub data_unit: String,
    /// Unit of additive errors: that of the data, or 1 where they are factors of given values.
    pub additive_error_unit: String,
    /// Names of the channels.
    pub channel_names: Vec<String>,
    /// What the channels are.
    pub channels: ChannelInfo,
    /// Names of the groups of channels that share their errors.
    pub error_group_names: Vec<String>,
    /// Error group of each channel.
    pub channel_error_group: Vec<usize>,
    /// The geometry parameters that are sampled.
    pub geometry_parameters: Vec<GeometryParameter>,
    /// Whether standard deviations come with the data.
    pub has_std: bool,
    /// Prior probability of 1, 2, ... layers.
    pub prior_layer_count: Vec<f64>,
    /// Mean number of interfaces per depth cell a priori.
    pub prior_interface_count: Vec<f64>,
    /// Markov chains per sounding.
    pub chain_count: usize,
    /// Thinned samples kept per sounding.
    pub sample_count: usize,
    /// Places of the thinned misfit trace.
    pub trace_len: usize,
}

/// Sizes of all dimensions and values of all constants.
#[derive(Debug, Clone)]
pub struct Layout {
    sizes: BTreeMap<Dim, usize>,
    constants: BTreeMap<&'static str, Values>,
    /// Whether soundings have a geometry beyond their height.
    has_geometry: bool,
    /// Whether standard deviations come with the data.
    has_std: bool,
    /// Whether there are products.
    has_products: bool,
    /// Results that files of older versions do not have.
    absent: BTreeSet<&'static str>,
}

impl Layout {
    /// For a line of `sounding_count` soundings.
    pub fn new(run: &RunInfo, grids: &Grids, sounding_count: usize) -> Self {
        let mut layout = Self {
            sizes: BTreeMap::new(),
            constants: BTreeMap::new(),
            has_geometry: false,
            has_std: run.has_std,
            has_products: false,
            absent: BTreeSet::new(),
        };
        layout.index(Dim::Sounding, sounding_count);
        layout.index(Dim::Channel, run.channel_names.len());
        layout.index(Dim::Layer, grids.maximum_layer_count);
        layout.index(Dim::Sample, run.sample_count);
        layout.index(Dim::Chain, run.chain_count);
        layout.index(Dim::Trace, run.trace_len);
        layout.index(Dim::Move, Move::ALL.len());
        layout.index(Dim::Nv, 2);
        let counts: Vec<i32> = (1..=grids.maximum_layer_count as i32).collect();
        layout.coordinate(Dim::LayerCount, Values::I32(counts));
        layout.coordinate(Dim::DiagnosticDepth, Values::F64(grids.diagnostic_depths_m.clone()));
        let arithmetic = |a: f64, b: f64| 0.5 * (a + b);
        let geometric = |a: f64, b: f64| (a * b).sqrt();
        layout.cells(Dim::Depth, "depth_bounds", grids.depth.bounds_m(), arithmetic);
        layout.cells(
            Dim::Log10Conductivity,
            "log10_conductivity_bounds",
            &grids.log10_conductivity.bounds(),
            arithmetic,
        );
        if let Some(bounds) = &grids.relative_error {
            layout.cells(Dim::RelativeError, "relative_error_bounds", bounds, geometric);
        }
        if let Some(bounds) = &grids.additive_error {
            layout.cells(Dim::AdditiveError, "additive_error_bounds", bounds, geometric);
        }
        layout.index(Dim::ErrorGroup, run.error_group_names.len());
        if let Some((_, bounds)) = grids.geometry_deviation.first() {
            layout.index(Dim::GeometryParameter, grids.geometry_deviation.len());
            layout.index(Dim::GeometryCell, bounds.len() - 1);
            let pairs = |(_, bounds): &(_, Vec<f64>)| bounds.windows(2).flatten().copied().collect::<Vec<_>>();
            let bounds = grids.geometry_deviation.iter().flat_map(pairs).collect();
            layout.constants.insert("geometry_deviation_bounds", Values::F64(bounds));
        }
        layout.channels(run);
        layout.constants.insert("prior_layer_count", Values::F64(run.prior_layer_count.clone()));
        layout.constants.insert("prior_interface_count", Values::F64(run.prior_interface_count.clone()));
        layout
    }

    /// Of a file with these constants and without the results `absent`, for `sounding_count` soundings.
    pub fn of_constants(
        constants: BTreeMap<&'static str, Values>,
        absent: BTreeSet<&'static str>,
        has_std: bool,
        sounding_count: usize,
    ) -> Self {
        let size = |&dim: &Dim| constants.get(dim.name()).map(|values| (dim, values.len()));
        let sizes = Dim::ALL.iter().filter_map(size).collect();
        let has_geometry = constants.contains_key("channel_time");
        let mut layout = Self { sizes, constants, has_geometry, has_std, has_products: false, absent };
        layout.index(Dim::Sounding, sounding_count);
        layout
    }

    /// The same with products: with so many places for probable interfaces, and classes of these bounds in S/m.
    pub fn with_products(mut self, probable_interfaces: usize, classes: &[(f64, f64)]) -> Self {
        self.has_products = true;
        self.index(Dim::ProbableInterface, probable_interfaces);
        if !classes.is_empty() {
            self.index(Dim::Class, classes.len());
            let bounds = classes.iter().flat_map(|&(low, high)| [low, high]).collect();
            self.constants.insert("class_bounds", Values::F64(bounds));
        }
        self
    }

    /// Size of a dimension, `None` when the file does not have it.
    pub fn size(&self, dim: Dim) -> Option<usize> {
        self.sizes.get(&dim).copied()
    }

    /// Number of soundings of the line.
    pub fn sounding_count(&self) -> usize {
        self.sizes[&Dim::Sounding]
    }

    /// Shape of a variable, `None` when the file does not have it.
    pub fn shape(&self, field: &Field) -> Option<Vec<usize>> {
        let absent = match field.role {
            Role::Constant => !self.constants.contains_key(field.name),
            Role::Input if field.name == "data_std_given" => !self.has_std,
            Role::Input => field.optional && !self.has_geometry,
            Role::Result => self.absent.contains(field.name),
            Role::Product => !self.has_products || field.optional && self.size(Dim::Class).is_none(),
        };
        if absent {
            return None;
        }
        field.dims.iter().map(|&dim| self.size(dim)).collect()
    }

    /// Number of values of one sounding, `None` when the file does not have the variable.
    pub fn row_len(&self, field: &Field) -> Option<usize> {
        self.shape(field).map(|shape| shape[1..].iter().product())
    }

    /// Values of a constant.
    pub fn constant(&self, name: &str) -> Option<&Values> {
        self.constants.get(name)
    }

    fn channels(&mut self, run: &RunInfo) {
        let groups = run.channel_error_group.iter().map(|&group| group as i32).collect();
        self.constants.insert("channel_error_group", Values::I32(groups));
        match &run.channels {
            ChannelInfo::Fdem { frequency_hz, quadrature } => {
                let quadrature = quadrature.iter().map(|&q| i8::from(q)).collect();
                self.constants.insert("channel_frequency", Values::F64(frequency_hz.clone()));
                self.constants.insert("channel_quadrature", Values::I8(quadrature));
            }
            ChannelInfo::Tdem { gate_s, system, component } => {
                self.has_geometry = true;
                let centers = gate_s.iter().map(|(start, end)| 0.5 * (start + end)).collect();
                let bounds = gate_s.iter().flat_map(|&(start, end)| [start, end]).collect();
                let systems = system.iter().map(|&s| s as i32).collect();
                self.constants.insert("channel_time", Values::F64(centers));
                self.constants.insert("channel_time_bounds", Values::F64(bounds));
                self.constants.insert("channel_system", Values::I32(systems));
                self.constants.insert("channel_component", Values::I8(component.clone()));
            }
        }
    }

    fn index(&mut self, dim: Dim, size: usize) {
        self.coordinate(dim, Values::I32((0..size as i32).collect()));
    }

    fn coordinate(&mut self, dim: Dim, values: Values) {
        self.sizes.insert(dim, values.len());
        self.constants.insert(dim.name(), values);
    }

    fn cells(&mut self, dim: Dim, bounds_name: &'static str, bounds: &[f64], center: impl Fn(f64, f64) -> f64) {
        let centers = bounds.windows(2).map(|b| center(b[0], b[1])).collect();
        self.coordinate(dim, Values::F64(centers));
        self.constants.insert(bounds_name, Values::F64(bounds.windows(2).flatten().copied().collect()));
    }
}
