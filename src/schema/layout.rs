//! Sizes and constant values of one line's file.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::fields::{self, Dim, Field, Role, When};
use super::values::Values;
use crate::bayes::{Deviation, ErrorPrior, Grids, Move, Prior};
use crate::system::GeometryParameter;

/// Description of the channels of a kind of system, one value per channel.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum ChannelInfo {
    /// Frequency domain.
    Fdem {
        /// Frequency in Hz.
        frequency_hz: Vec<f64>,
        /// Whether the channel is a quadrature.
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

impl ChannelInfo {
    /// `frequency` or `time`.
    pub fn domain(&self) -> &'static str {
        match self {
            ChannelInfo::Fdem { .. } => "frequency",
            ChannelInfo::Tdem { .. } => "time",
        }
    }
}

/// Priors as result files have them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PriorInfo {
    /// Probability of 1, 2, ... layers.
    pub layer_count: Vec<f64>,
    /// Mean number of interfaces per depth cell.
    pub interface_count: Vec<f64>,
    /// Lowest and highest conductivity in S/m.
    pub conductivity: (f64, f64),
    /// Lowest and highest relative error of each group.
    pub relative_error: Vec<(f64, f64)>,
    /// Lowest and highest additive error of each group.
    pub additive_error: Vec<(f64, f64)>,
    /// Number in files and width of the prior of each sampled geometry parameter.
    pub geometry: Vec<(i8, f64)>,
}

/// Kinds of priors of geometry parameters by their numbers in files.
#[cfg(feature = "results")]
pub(super) const GEOMETRY_PRIORS: [&str; 2] = ["uniform", "normal"];

impl PriorInfo {
    /// Describes `prior`, with the mean number of interfaces in each depth cell.
    pub fn new(prior: &Prior, interface_count: Vec<f64>) -> Self {
        let bounds = |error: &ErrorPrior| match *error {
            ErrorPrior::Fixed { ln_value } => (ln_value.exp(), ln_value.exp()),
            ErrorPrior::LogUniform { ln_minimum, ln_maximum } => (ln_minimum.exp(), ln_maximum.exp()),
        };
        let geometry = |&parameter: &GeometryParameter| match prior.geometry.deviation(parameter) {
            Deviation::Fixed => (0, 0.0),
            Deviation::Uniform { half_width } => (0, half_width),
            Deviation::Normal { std } => (1, std),
        };
        let (low, high) = prior.conductivity.bounds;
        Self {
            layer_count: prior.layer_count.probabilities(),
            interface_count,
            conductivity: (low.exp(), high.exp()),
            relative_error: prior.relative_error.iter().map(bounds).collect(),
            additive_error: prior.additive_error.iter().map(bounds).collect(),
            geometry: prior.geometry.sampled().iter().map(geometry).collect(),
        }
    }
}

/// Description of a run that is the same in the files of all lines.
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
    /// Coordinate reference system as WKT, where it is known.
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
    /// Description of the channels.
    pub channels: ChannelInfo,
    /// Names of the groups of channels that share their errors, as configurations have them.
    pub error_group_names: Vec<String>,
    /// Names of these groups for people: `LM Z`.
    pub error_group_labels: Vec<String>,
    /// Error group of each channel.
    pub channel_error_group: Vec<usize>,
    /// The geometry parameters that are sampled.
    pub geometry_parameters: Vec<GeometryParameter>,
    /// Whether standard deviations come with the data.
    pub has_std: bool,
    /// Description of the prior.
    pub prior: PriorInfo,
    /// Largest R-hat of a converged sounding.
    pub rhat_target: f64,
    /// Smallest effective sample size of a converged sounding.
    pub ess_target: f64,
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
    /// Conditions that the survey and the run meet; a variable exists if its condition is met.
    conditions: BTreeSet<When>,
    /// Whether there are products.
    has_products: bool,
    /// Results that files of older versions do not have.
    absent: BTreeSet<&'static str>,
}

impl Layout {
    /// Returns the layout for a line of `sounding_count` soundings.
    pub fn new(run: &RunInfo, grids: &Grids, sounding_count: usize) -> Self {
        let mut layout = Self {
            sizes: BTreeMap::new(),
            constants: BTreeMap::new(),
            conditions: BTreeSet::from([When::Always]),
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
        layout.cells(Dim::Depth, &fields::DEPTH_BOUNDS, grids.depth.bounds_m(), arithmetic);
        layout.cells(
            Dim::Log10Conductivity,
            &fields::LOG10_CONDUCTIVITY_BOUNDS,
            &grids.log10_conductivity.bounds(),
            arithmetic,
        );
        if let Some(bounds) = &grids.relative_error {
            layout.cells(Dim::RelativeError, &fields::RELATIVE_ERROR_BOUNDS, bounds, geometric);
        }
        if let Some(bounds) = &grids.additive_error {
            layout.cells(Dim::AdditiveError, &fields::ADDITIVE_ERROR_BOUNDS, bounds, geometric);
        }
        layout.index(Dim::ErrorGroup, run.error_group_names.len());
        if let Some((_, bounds)) = grids.geometry_deviation.first() {
            layout.index(Dim::GeometryParameter, grids.geometry_deviation.len());
            layout.index(Dim::GeometryCell, bounds.len() - 1);
            let pairs = |(_, bounds): &(_, Vec<f64>)| bounds.windows(2).flatten().copied().collect::<Vec<_>>();
            let bounds = grids.geometry_deviation.iter().flat_map(pairs).collect();
            layout.set(&fields::GEOMETRY_DEVIATION_BOUNDS, Values::F64(bounds));
        }
        layout.channels(run);
        layout.priors(run, grids);
        layout.set(&fields::RHAT_TARGET, Values::F64(vec![run.rhat_target]));
        layout.set(&fields::ESS_TARGET, Values::F64(vec![run.ess_target]));
        if run.has_std {
            layout.conditions.insert(When::GivenStd);
        }
        layout
    }

    fn priors(&mut self, run: &RunInfo, grids: &Grids) {
        let PriorInfo { layer_count, interface_count, conductivity, relative_error, additive_error, geometry } =
            &run.prior;
        let pairs = |bounds: &[(f64, f64)]| Values::F64(bounds.iter().flat_map(|&(low, high)| [low, high]).collect());
        self.set(&fields::PRIOR_LAYER_COUNT, Values::F64(layer_count.clone()));
        self.set(&fields::PRIOR_INTERFACE_COUNT, Values::F64(interface_count.clone()));
        self.set(&fields::PRIOR_CONDUCTIVITY_BOUNDS, pairs(&[*conductivity]));
        if grids.relative_error.is_some() {
            self.conditions.insert(When::SampledRelativeError);
            self.set(&fields::RELATIVE_ERROR_PRIOR_BOUNDS, pairs(relative_error));
        }
        if grids.additive_error.is_some() {
            self.conditions.insert(When::SampledAdditiveError);
            self.set(&fields::ADDITIVE_ERROR_PRIOR_BOUNDS, pairs(additive_error));
        }
        if !grids.geometry_deviation.is_empty() {
            self.conditions.insert(When::SampledGeometry);
            let (kinds, widths) = geometry.iter().copied().unzip();
            self.set(&fields::GEOMETRY_PRIOR, Values::I8(kinds));
            self.set(&fields::GEOMETRY_PRIOR_WIDTH, Values::F64(widths));
        }
    }

    fn set(&mut self, field: &'static Field, values: Values) {
        self.constants.insert(field.name, values);
    }

    /// Returns the layout of a file with these constants and without the results `absent`, for `sounding_count` soundings.
    pub fn of_constants(
        constants: BTreeMap<&'static str, Values>,
        absent: BTreeSet<&'static str>,
        has_std: bool,
        sounding_count: usize,
    ) -> Self {
        let size = |&dim: &Dim| constants.get(dim.name()).map(|values| (dim, values.len()));
        let sizes = Dim::ALL.iter().filter_map(size).collect();
        let signs = [
            (When::TimeDomain, &fields::CHANNEL_TIME),
            (When::FrequencyDomain, &fields::CHANNEL_FREQUENCY),
            (When::SampledRelativeError, &fields::RELATIVE_ERROR),
            (When::SampledAdditiveError, &fields::ADDITIVE_ERROR),
            (When::SampledGeometry, &fields::GEOMETRY_PARAMETER),
        ];
        let there = signs.into_iter().filter(|(_, sign)| constants.contains_key(sign.name)).map(|(when, _)| when);
        let always = std::iter::once(When::Always).chain(has_std.then_some(When::GivenStd));
        let conditions = there.chain(always).collect();
        let mut layout = Self { sizes, constants, conditions, has_products: false, absent };
        layout.index(Dim::Sounding, sounding_count);
        layout
    }

    /// Returns this layout with products: with this number of places for probable interfaces, and classes of these bounds in S/m.
    pub fn with_products(mut self, probable_interfaces: usize, classes: &[(f64, f64)]) -> Self {
        self.has_products = true;
        self.conditions.insert(When::Merged);
        self.index(Dim::ProbableInterface, probable_interfaces);
        if !classes.is_empty() {
            self.conditions.insert(When::Classes);
            self.index(Dim::Class, classes.len());
            let bounds = classes.iter().flat_map(|&(low, high)| [low, high]).collect();
            self.set(&fields::CLASS_BOUNDS, Values::F64(bounds));
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
        let is_there = match field.role {
            Role::Constant => self.constants.contains_key(field.name),
            Role::Input => true,
            Role::Result => !self.absent.contains(field.name),
            Role::Product => self.has_products,
        };
        if !is_there || !self.conditions.contains(&field.when) {
            return None;
        }
        field.dims.iter().map(|&dim| self.size(dim)).collect()
    }

    /// Number of values of one sounding, `None` when the file does not have the variable.
    pub fn row_len(&self, field: &Field) -> Option<usize> {
        self.shape(field).map(|shape| shape.iter().skip(1).product())
    }

    /// Values of a constant.
    pub fn constant(&self, name: &str) -> Option<&Values> {
        self.constants.get(name)
    }

    fn channels(&mut self, run: &RunInfo) {
        let groups = run.channel_error_group.iter().map(|&group| group as i32).collect();
        self.set(&fields::CHANNEL_ERROR_GROUP, Values::I32(groups));
        match &run.channels {
            ChannelInfo::Fdem { frequency_hz, quadrature } => {
                self.conditions.insert(When::FrequencyDomain);
                let quadrature = quadrature.iter().map(|&q| i8::from(q)).collect();
                self.set(&fields::CHANNEL_FREQUENCY, Values::F64(frequency_hz.clone()));
                self.set(&fields::CHANNEL_QUADRATURE, Values::I8(quadrature));
            }
            ChannelInfo::Tdem { gate_s, system, component } => {
                self.conditions.insert(When::TimeDomain);
                let centers = gate_s.iter().map(|(start, end)| 0.5 * (start + end)).collect();
                let bounds = gate_s.iter().flat_map(|&(start, end)| [start, end]).collect();
                let systems = system.iter().map(|&s| s as i32).collect();
                self.set(&fields::CHANNEL_TIME, Values::F64(centers));
                self.set(&fields::CHANNEL_TIME_BOUNDS, Values::F64(bounds));
                self.set(&fields::CHANNEL_SYSTEM, Values::I32(systems));
                self.set(&fields::CHANNEL_COMPONENT, Values::I8(component.clone()));
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

    fn cells(&mut self, dim: Dim, of_bounds: &'static Field, bounds: &[f64], center: impl Fn(f64, f64) -> f64) {
        let centers = bounds.windows(2).map(|b| center(b[0], b[1])).collect();
        self.coordinate(dim, Values::F64(centers));
        self.set(of_bounds, Values::F64(bounds.windows(2).flatten().copied().collect()));
    }
}
