//! The table of all variables of a result file.

use super::status::Status;
use super::values::{Kind, Values};

/// Dimensions of variables; each has a coordinate variable of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dim {
    /// Soundings of the line, in order of fiducial.
    Sounding,
    /// Data of one sounding.
    Channel,
    /// Depth cells.
    Depth,
    /// Cells of log10 conductivity.
    Log10Conductivity,
    /// Possible numbers of layers.
    LayerCount,
    /// Layers of one model.
    Layer,
    /// Thinned posterior samples.
    Sample,
    /// Markov chains.
    Chain,
    /// Places of the thinned misfit trace.
    Trace,
    /// Kinds of moves.
    Move,
    /// Depths at which convergence of conductivity is judged.
    DiagnosticDepth,
    /// Cells of relative error.
    RelativeError,
    /// Cells of additive error.
    AdditiveError,
    /// Groups of channels that share their errors.
    ErrorGroup,
    /// Geometry parameters that are sampled.
    GeometryParameter,
    /// Cells of the deviation of a geometry parameter from its measured value.
    GeometryCell,
    /// Depths about which interfaces are most probable.
    ProbableInterface,
    /// Classes of conductivity that the user named.
    Class,
    /// Lower and upper bound of a cell.
    Nv,
}

impl Dim {
    /// All, in the order in which they are created.
    pub const ALL: [Dim; 19] = [
        Dim::Sounding,
        Dim::Channel,
        Dim::Depth,
        Dim::Log10Conductivity,
        Dim::LayerCount,
        Dim::Layer,
        Dim::Sample,
        Dim::Chain,
        Dim::Trace,
        Dim::Move,
        Dim::DiagnosticDepth,
        Dim::RelativeError,
        Dim::AdditiveError,
        Dim::ErrorGroup,
        Dim::GeometryParameter,
        Dim::GeometryCell,
        Dim::ProbableInterface,
        Dim::Class,
        Dim::Nv,
    ];

    /// Name of the dimension and its coordinate variable.
    pub fn name(self) -> &'static str {
        match self {
            Dim::Sounding => "sounding",
            Dim::Channel => "channel",
            Dim::Depth => "depth",
            Dim::Log10Conductivity => "log10_conductivity",
            Dim::LayerCount => "layer_count",
            Dim::Layer => "layer",
            Dim::Sample => "sample",
            Dim::Chain => "chain",
            Dim::Trace => "trace",
            Dim::Move => "move",
            Dim::DiagnosticDepth => "diagnostic_depth",
            Dim::RelativeError => "relative_error",
            Dim::AdditiveError => "additive_error",
            Dim::ErrorGroup => "error_group",
            Dim::GeometryParameter => "geometry_parameter",
            Dim::GeometryCell => "geometry_cell",
            Dim::ProbableInterface => "probable_interface",
            Dim::Class => "class",
            Dim::Nv => "nv",
        }
    }
}

/// When a variable is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// With the file: cells, names, priors.
    Constant,
    /// With the file: what came in for each sounding.
    Input,
    /// When a sounding is finished.
    Result,
    /// When lines are merged: computed from the results.
    Product,
}

/// One variable.
#[derive(Debug)]
pub struct Field {
    /// Name in files.
    pub name: &'static str,
    /// Dimensions, slowest first.
    pub dims: &'static [Dim],
    /// Number type.
    pub kind: Kind,
    /// Unit; [`Field::DATA_UNIT`] and [`Field::ADDITIVE_UNIT`] stand for units of the survey.
    pub unit: &'static str,
    /// Label for axes.
    pub long_name: &'static str,
    /// Meaning of the variable, in full.
    pub meaning: &'static str,
    /// When it is written.
    pub role: Role,
    /// Which files have it.
    pub when: When,
    /// The field whose meaning comes before its own.
    pub like: Option<&'static Field>,
}

/// Which files have a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum When {
    /// All files have it.
    Always,
    /// Files of frequency-domain surveys have it.
    FrequencyDomain,
    /// Files of time-domain surveys have it.
    TimeDomain,
    /// Files of surveys with given standard deviations.
    GivenStd,
    /// Files of runs that sample relative errors, or the factor of given standard deviations.
    SampledRelativeError,
    /// Files of runs that sample additive errors.
    SampledAdditiveError,
    /// Files of runs that sample the geometry.
    SampledGeometry,
    /// Merged files have it.
    Merged,
    /// Files that were merged with classes of conductivity.
    Classes,
}

impl When {
    /// Returns the note in the documentation about a variable that not every file has.
    pub fn words(self) -> Option<&'static str> {
        Some(match self {
            When::Always => return None,
            When::FrequencyDomain => "Frequency domain only.",
            When::TimeDomain => "Time domain only.",
            When::GivenStd => "Only in files of surveys with given standard deviations.",
            When::SampledRelativeError => "Only where it is sampled.",
            When::SampledAdditiveError => "Only where additive errors are sampled.",
            When::SampledGeometry => "Only where geometry is sampled.",
            When::Merged => "Only in merged files.",
            When::Classes => "Only in files that were merged with classes.",
        })
    }
}

impl Field {
    /// Stands for the unit of the survey's data.
    pub const DATA_UNIT: &'static str = "data unit";

    /// Stands for the unit of additive errors: the unit of the data, or 1 where additive errors are factors of given values.
    pub const ADDITIVE_UNIT: &'static str = "additive unit";

    /// Returns the full meaning of the variable.
    pub fn full_meaning(&self) -> String {
        let shared = self.like.map(|other| other.full_meaning());
        let parts = shared.as_deref().into_iter().chain([self.meaning]);
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Returns whether only sampled soundings have values of the variable.
    pub fn is_computed(&self) -> bool {
        matches!(self.role, Role::Result | Role::Product)
    }

    /// Returns whether a sounding of this status has values of the variable.
    pub fn is_known_of(&self, status: Status) -> bool {
        let is_of_finished = *self == CPU_SECONDS && status != Status::NotRun;
        !self.is_computed() || status.has_posterior() || self.is_of_all() || is_of_finished
    }

    /// Returns whether every sounding has a value, because the variable gives the outcome of the sounding.
    fn is_of_all(&self) -> bool {
        *self == STATUS || *self == STATUS_REASON || *self == ASKED_FOR
    }

    /// The value that says that a sounding has none, as a file's attribute `_FillValue` says it; `None` for counts, of which there
    /// are 0, for what every sounding has, and for what all soundings share.
    pub fn fill(&self) -> Option<Values> {
        let has_fill = match self.kind {
            Kind::U32 => false,
            Kind::F32 | Kind::F64 => self.role != Role::Constant,
            Kind::I8 | Kind::I32 | Kind::I64 => self.is_computed() && !self.is_of_all(),
        };
        has_fill.then(|| Values::nothing(self.kind, 1))
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Field {}

/// The field called `name`.
pub fn field(name: &str) -> Option<&'static Field> {
    FIELDS.iter().copied().find(|field| field.name == name)
}

use Dim::{
    AdditiveError, Chain, Channel, Class, Depth, DiagnosticDepth, ErrorGroup, GeometryCell, GeometryParameter, Layer,
    LayerCount, Log10Conductivity, Move, Nv, ProbableInterface, RelativeError, Sample, Sounding, Trace,
};

/// Declares each field as a constant of its name, and the table of all.
macro_rules! fields {
    ($($constant:ident: $name:literal, $dims:expr, $kind:ident, $unit:expr, $long_name:literal, $meaning:literal, $role:ident
        $(, when $when:ident)? $(, like $like:ident)?;)*) => {
        $(
            #[doc = concat!("`", $name, "`: ", $long_name, ". ", $meaning)]
            pub static $constant: Field = Field {
                name: $name,
                dims: $dims,
                kind: Kind::$kind,
                unit: $unit,
                long_name: $long_name,
                meaning: $meaning,
                role: Role::$role,
                when: fields!(@when $($when)?),
                like: fields!(@like $($like)?),
            };
        )*

        /// All variables.
        pub static FIELDS: &[&Field] = &[$(&$constant),*];
    };
    (@when) => { When::Always };
    (@when $when:ident) => { When::$when };
    (@like) => { None };
    (@like $like:ident) => { Some(&$like) };
}

fields! {
    // Coordinates
    SOUNDING: "sounding", &[Sounding], I32, "1", "sounding", "Index of the sounding on its line, from 0 in order of fiducial.", Constant;
    CHANNEL: "channel", &[Channel], I32, "1", "channel", "Index of the datum, from 0; the attribute channel_names lists the names.", Constant;
    DEPTH: "depth", &[Depth], F64, "m", "depth below ground", "Centre of the depth cell, positive down; cells are uniform in ln(depth + 10 m).", Constant;
    DEPTH_BOUNDS: "depth_bounds", &[Depth, Nv], F64, "m", "depth cell bounds", "Top and bottom of the depth cell.", Constant;
    LOG10_CONDUCTIVITY: "log10_conductivity", &[Log10Conductivity], F64, "log10(S/m)", "log10 conductivity", "Centre of the conductivity cell.", Constant;
    LOG10_CONDUCTIVITY_BOUNDS: "log10_conductivity_bounds", &[Log10Conductivity, Nv], F64, "log10(S/m)", "log10 conductivity cell bounds", "Bounds of the conductivity cell.", Constant;
    LAYER_COUNT: "layer_count", &[LayerCount], I32, "1", "number of layers", "Number of layers, the halfspace included.", Constant;
    LAYER: "layer", &[Layer], I32, "1", "layer", "Index of the layer, from 0 at the top.", Constant;
    SAMPLE: "sample", &[Sample], I32, "1", "sample", "Index of the thinned posterior sample; samples of one chain stand together in order of iteration.", Constant;
    CHAIN: "chain", &[Chain], I32, "1", "chain", "Index of the Markov chain.", Constant;
    TRACE: "trace", &[Trace], I32, "1", "place in the trace", "Index of the place in the thinned misfit trace, evenly spaced over burn_in + iterations.", Constant;
    MOVE: "move", &[Move], I32, "1", "kind of move", "Index of the kind of move; flag_meanings lists the names.", Constant;
    DIAGNOSTIC_DEPTH: "diagnostic_depth", &[DiagnosticDepth], F64, "m", "diagnostic depth", "Depth at which convergence of log10 conductivity is judged.", Constant;
    RELATIVE_ERROR: "relative_error", &[RelativeError], F64, "1", "relative error", "Geometric centre of the cell of relative error, a fraction; of files with data_std_given, of the factor by which data_std_given is multiplied (since schema 2.5).", Constant, when SampledRelativeError;
    RELATIVE_ERROR_BOUNDS: "relative_error_bounds", &[RelativeError, Nv], F64, "1", "relative error cell bounds", "Bounds of the cell.", Constant, when SampledRelativeError;
    ADDITIVE_ERROR: "additive_error", &[AdditiveError], F64, Field::ADDITIVE_UNIT, "additive error", "Geometric centre of the cell of additive error; its value at 1 ms where it decays, a factor of the configuration's values where these are given.", Constant, when SampledAdditiveError;
    ADDITIVE_ERROR_BOUNDS: "additive_error_bounds", &[AdditiveError, Nv], F64, Field::ADDITIVE_UNIT, "additive error cell bounds", "Bounds of the cell.", Constant, when SampledAdditiveError;
    ERROR_GROUP: "error_group", &[ErrorGroup], I32, "1", "error group", "Index of the group of channels that share their errors, from 0; the attribute error_group_names lists the names.", Constant;
    GEOMETRY_PARAMETER: "geometry_parameter", &[GeometryParameter], I32, "1", "geometry parameter", "Index of the sampled geometry parameter, from 0; the attribute geometry_parameter_names lists the names. Lengths are in m, angles in degrees.", Constant, when SampledGeometry;
    GEOMETRY_CELL: "geometry_cell", &[GeometryCell], I32, "1", "geometry cell", "Index of the cell of deviation from the measured value.", Constant, when SampledGeometry;
    GEOMETRY_DEVIATION_BOUNDS: "geometry_deviation_bounds", &[GeometryParameter, GeometryCell, Nv], F64, "m or deg", "bounds of geometry deviations", "Bounds of the cell of deviation of the parameter from its measured value.", Constant, when SampledGeometry;
    PROBABLE_INTERFACE: "probable_interface", &[ProbableInterface], I32, "1", "probable interface", "Index of the depth about which interfaces are most probable, from 0 at the top.", Constant, when Merged;
    CLASS: "class", &[Class], I32, "1", "class", "Index of the class of conductivity; the attribute class_names lists the names.", Constant, when Classes;
    CLASS_BOUNDS: "class_bounds", &[Class, Nv], F64, "S/m", "class bounds", "Lowest and highest conductivity of the class.", Constant, when Classes;
    NV: "nv", &[Nv], I32, "1", "bound", "0 is the lower, 1 the upper bound of a cell.", Constant;
    // The survey
    CHANNEL_ERROR_GROUP: "channel_error_group", &[Channel], I32, "1", "error group of the channel", "Index of the error group of the channel.", Constant;
    CHANNEL_FREQUENCY: "channel_frequency", &[Channel], F64, "Hz", "frequency", "Frequency of the channel.", Constant, when FrequencyDomain;
    CHANNEL_QUADRATURE: "channel_quadrature", &[Channel], I8, "1", "quadrature", "0 for in-phase, 1 for quadrature channels.", Constant, when FrequencyDomain;
    CHANNEL_TIME: "channel_time", &[Channel], F64, "s", "gate centre", "Middle of the gate of the channel.", Constant, when TimeDomain;
    CHANNEL_TIME_BOUNDS: "channel_time_bounds", &[Channel, Nv], F64, "s", "gate bounds", "Start and end of the gate of the channel.", Constant, when TimeDomain;
    CHANNEL_SYSTEM: "channel_system", &[Channel], I32, "1", "system of the channel", "Index of the system file.", Constant, when TimeDomain;
    CHANNEL_COMPONENT: "channel_component", &[Channel], I8, "1", "component of the channel", "0 for x, 1 for y, 2 for z, 3 for the amplitude of the vector.", Constant, when TimeDomain;
    PRIOR_LAYER_COUNT: "prior_layer_count", &[LayerCount], F64, "1", "prior probability", "Prior probability of each number of layers.", Constant;
    PRIOR_INTERFACE_COUNT: "prior_interface_count", &[Depth], F64, "1", "prior number of interfaces", "Mean number of interfaces in the depth cell a priori, from draws of the prior.", Constant;
    RHAT_TARGET: "rhat_target", &[], F64, "1", "R-hat target", "Largest R-hat of a converged sounding. Since schema 2.6.", Constant;
    ESS_TARGET: "ess_target", &[], F64, "1", "effective sample size target", "Smallest effective sample size, bulk and tail, of a converged sounding. Since schema 2.6.", Constant;
    PRIOR_CONDUCTIVITY_BOUNDS: "prior_conductivity_bounds", &[Nv], F64, "S/m", "bounds of the prior of conductivity", "Lowest and highest conductivity of a layer a priori. Since schema 2.6.", Constant;
    RELATIVE_ERROR_PRIOR_BOUNDS: "relative_error_prior_bounds", &[ErrorGroup, Nv], F64, "1", "bounds of the prior of the relative error", "Bounds of the prior of the relative error of each group, or of the factor of data_std_given; the prior is uniform in the logarithm between the bounds. Since schema 2.6.", Constant, when SampledRelativeError;
    ADDITIVE_ERROR_PRIOR_BOUNDS: "additive_error_prior_bounds", &[ErrorGroup, Nv], F64, Field::ADDITIVE_UNIT, "bounds of the prior of the additive error", "Bounds of the prior of the additive error of each group; the prior is uniform in the logarithm between the bounds. Since schema 2.6.", Constant, when SampledAdditiveError;
    GEOMETRY_PRIOR: "geometry_prior", &[GeometryParameter], I8, "1", "kind of geometry prior", "Kind of the prior of the deviation of each sampled geometry parameter from its measured value. A uniform prior has the bounds of geometry_deviation_bounds. Since schema 2.6.", Constant, when SampledGeometry;
    GEOMETRY_PRIOR_WIDTH: "geometry_prior_width", &[GeometryParameter], F64, "m or deg", "width of the geometry prior", "Standard deviation of a normal prior, half of the width of a uniform prior. Since schema 2.6.", Constant, when SampledGeometry;
    // What came in
    LINE_NUMBER: "line_number", &[Sounding], F64, "1", "line number", "Flight line; with fiducial the key of the sounding.", Input;
    FIDUCIAL: "fiducial", &[Sounding], F64, "1", "fiducial", "Position counter on the line.", Input;
    EASTING: "easting", &[Sounding], F64, "m", "easting", "Projected coordinate as in the survey file.", Input;
    NORTHING: "northing", &[Sounding], F64, "m", "northing", "Projected coordinate as in the survey file.", Input;
    ELEVATION: "elevation", &[Sounding], F64, "m", "ground elevation", "Ground above datum, positive up; NaN when the survey file does not give it.", Input;
    HEIGHT: "height", &[Sounding], F64, "m", "height", "Transmitter (frequency domain: bird) above ground as measured, positive up.", Input;
    TX_ROLL: "tx_roll", &[Sounding], F64, "deg", "transmitter roll", "Roll of the transmitter as measured, left wing up.", Input, when TimeDomain;
    TX_PITCH: "tx_pitch", &[Sounding], F64, "deg", "transmitter pitch", "Pitch of the transmitter as measured, nose down.", Input, when TimeDomain;
    TX_YAW: "tx_yaw", &[Sounding], F64, "deg", "transmitter yaw", "Yaw of the transmitter as measured, to the left.", Input, when TimeDomain;
    TXRX_DX: "txrx_dx", &[Sounding], F64, "m", "receiver ahead", "Receiver ahead of the transmitter as measured.", Input, when TimeDomain;
    TXRX_DY: "txrx_dy", &[Sounding], F64, "m", "receiver left", "Receiver left of the transmitter as measured.", Input, when TimeDomain;
    TXRX_DZ: "txrx_dz", &[Sounding], F64, "m", "receiver above", "Receiver above the transmitter as measured.", Input, when TimeDomain;
    RX_ROLL: "rx_roll", &[Sounding], F64, "deg", "receiver roll", "Roll of the receiver as measured, left wing up.", Input, when TimeDomain;
    RX_PITCH: "rx_pitch", &[Sounding], F64, "deg", "receiver pitch", "Pitch of the receiver as measured, nose down.", Input, when TimeDomain;
    RX_YAW: "rx_yaw", &[Sounding], F64, "deg", "receiver yaw", "Yaw of the receiver as measured, to the left.", Input, when TimeDomain;
    DATA_OBSERVED: "data_observed", &[Sounding, Channel], F64, Field::DATA_UNIT, "observed data", "Data as read, signed; NaN is missing.", Input;
    DATA_STD_GIVEN: "data_std_given", &[Sounding, Channel], F64, Field::DATA_UNIT, "given standard deviation of the data", "Standard deviation as given, before it is multiplied by the factor that is sampled; only when the survey file or the configuration's quoted noise gives it.", Input, when GivenStd;
    // How it ended
    STATUS: "status", &[Sounding], I8, "1", "status", "Outcome of the sounding; written last, so that all other values are complete unless the status is not_run.", Result;
    STATUS_REASON: "status_reason", &[Sounding], I8, "1", "reason of the status", "Reason for the status of the sounding.", Result;
    ASKED_FOR: "asked_for", &[Sounding], I8, "1", "asked for", "1 if a run was asked to invert the sounding, finished or not; 2 if a run with a larger budget was asked for it, and its results are still those of the smaller budget; 0 if the sounding was always left out by --line, --fiducial, --every or --polygon. Since schema 2.7.", Result;
    STATUS_WARNINGS: "status_warnings", &[Sounding], I32, "1", "warnings", "Warnings about the sounding, independent of its status: a sum of flag_masks. Since schema 2.5.", Result;
    MONTE_CARLO_ERROR_P05: "monte_carlo_error_p05", &[Sounding, Depth], F32, "1", "Monte Carlo error of the 5th percentile", "Standard error of the probability below the 5th percentile of log10 conductivity: of the shares of halves of chains below that of all. NaN where a half has fewer than 20 samples. Since schema 2.5.", Result;
    MONTE_CARLO_ERROR_P50: "monte_carlo_error_p50", &[Sounding, Depth], F32, "1", "Monte Carlo error of the median", "Standard error of the probability below the median, found as that of monte_carlo_error_p05. Since schema 2.5.", Result;
    MONTE_CARLO_ERROR_P95: "monte_carlo_error_p95", &[Sounding, Depth], F32, "1", "Monte Carlo error of the 95th percentile", "Standard error of the probability below the 95th percentile, found as that of monte_carlo_error_p05. Since schema 2.5.", Result;
    DEPTH_OF_INVESTIGATION_P05: "depth_of_investigation_p05", &[Sounding], F32, "m", "depth of investigation, 5th percentile", "The depth of depth_of_investigation_p50, its 5th percentile over samples. Since schema 2.6.", Result;
    DEPTH_OF_INVESTIGATION_P50: "depth_of_investigation_p50", &[Sounding], F32, "m", "depth of investigation", "Deepest depth below which a change of ln conductivity by 1 changes the data of a sample as much as their noise, to first order: by one standard deviation, as the root of the sum of squares over active channels (after Christiansen & Auken 2012, doi:10.1190/geo2011-0393.1); the median over evenly spaced samples, 0 to 5000 m. Where it is at or below the last of depth_bounds, the data see deeper than the model reaches. Since schema 2.6.", Result;
    DEPTH_OF_INVESTIGATION_P95: "depth_of_investigation_p95", &[Sounding], F32, "m", "depth of investigation, 95th percentile", "The depth of depth_of_investigation_p50, its 95th percentile over samples. Since schema 2.6.", Result;
    DEPTH_OF_REPLACEMENT_P50: "depth_of_replacement_p50", &[Sounding], F32, "m", "depth of replacement", "Deepest depth below which a halfspace changes the data of a sample as much as their noise. The halfspace is ten times as resistive or ten times as conductive as the earth at that depth; the one that changes the data less counts. From predictions, not to first order; the median over samples. Since schema 2.6.", Result;
    SHARE_AT_BOUNDS: "share_at_bounds", &[Sounding], F64, "1", "samples near a bound of conductivity", "Share of samples within 5 conductivity cells of a bound of the prior less the prior's share there, at the depth and the bound where it is largest. Since schema 2.5.", Result;
    RHAT_MAXIMUM: "rhat_maximum", &[Sounding], F64, "1", "largest R-hat", "Largest of rhat_layer_count, rhat_misfit and rhat_log10_conductivity. Since schema 2.5.", Result;
    ESS_MINIMUM: "ess_minimum", &[Sounding], F64, "1", "least effective sample size", "Least of all ess_*, bulk and tail. Since schema 2.5.", Result;
    RHAT_MAXIMUM_OF: "rhat_maximum_of", &[Sounding], I32, "1", "quantity of the largest R-hat", "The quantity that has rhat_maximum: 0 the layer count, 1 the misfit, 2 + i log10 conductivity at diagnostic_depth i; the first of equal ones. Since schema 2.7.", Result;
    ESS_MINIMUM_OF: "ess_minimum_of", &[Sounding], I32, "1", "quantity of the least effective sample size", "The quantity that has ess_minimum, numbered as in rhat_maximum_of. Since schema 2.7.", Result;
    RHAT_HOT_CHAINS: "rhat_hot_chains", &[Sounding], F64, "1", "R-hat of hot chains", "Largest R-hat of ln likelihood over the hotter copies of chains; NaN where there are none or it was not computed. Since schema 2.5.", Result;
    BURN_IN: "burn_in", &[Sounding], I64, "1", "burn-in", "Iterations of each chain before its samples are recorded.", Result;
    ITERATIONS: "iterations", &[Sounding], I64, "1", "iterations", "Iterations of each chain after burn-in.", Result;
    CPU_SECONDS: "cpu_seconds", &[Sounding], F64, "s", "CPU time", "Processor time spent on the sounding; the one field that differs from run to run.", Result;
    ACCEPTANCE_RATE: "acceptance_rate", &[Sounding, Move], F32, "1", "acceptance rate", "Accepted share of proposals after burn-in, all chains; NaN for moves that were not tried.", Result;
    RHAT_LAYER_COUNT: "rhat_layer_count", &[Sounding], F64, "1", "R-hat of layer count", "Rank-normalised split R-hat (the larger of bulk and folded) over chains.", Result;
    RHAT_MISFIT: "rhat_misfit", &[Sounding], F64, "1", "R-hat of misfit", "", Result, like RHAT_LAYER_COUNT;
    RHAT_LOG10_CONDUCTIVITY: "rhat_log10_conductivity", &[Sounding, DiagnosticDepth], F64, "1", "R-hat of log10 conductivity", "At each diagnostic depth.", Result, like RHAT_LAYER_COUNT;
    ESS_LAYER_COUNT: "ess_layer_count", &[Sounding], F64, "1", "effective samples of layer count", "Bulk effective sample size, all chains together.", Result;
    ESS_MISFIT: "ess_misfit", &[Sounding], F64, "1", "effective samples of misfit", "", Result, like ESS_LAYER_COUNT;
    ESS_LOG10_CONDUCTIVITY: "ess_log10_conductivity", &[Sounding, DiagnosticDepth], F64, "1", "effective samples of log10 conductivity", "At each diagnostic depth.", Result, like ESS_LAYER_COUNT;
    ESS_TAIL_LAYER_COUNT: "ess_tail_layer_count", &[Sounding], F64, "1", "effective samples of the tails of layer count", "Tail effective sample size (the smaller of the 5 % and 95 % quantiles), all chains together.", Result;
    ESS_TAIL_MISFIT: "ess_tail_misfit", &[Sounding], F64, "1", "effective samples of the tails of misfit", "", Result, like ESS_TAIL_LAYER_COUNT;
    ESS_TAIL_LOG10_CONDUCTIVITY: "ess_tail_log10_conductivity", &[Sounding, DiagnosticDepth], F64, "1", "effective samples of the tails of log10 conductivity", "At each diagnostic depth.", Result, like ESS_TAIL_LAYER_COUNT;
    EXCHANGE_RATE: "exchange_rate", &[Sounding], F64, "1", "least accepted share of exchanges", "Least accepted share of exchanges between neighbouring temperatures; NaN with one temperature.", Result;
    MISFIT_TRACE: "misfit_trace", &[Sounding, Chain, Trace], F32, "1", "misfit", "Chi-square of each chain from its first iteration, burn-in included, thinned.", Result;
    // The posterior
    HITMAP: "hitmap", &[Sounding, Depth, Log10Conductivity], U32, "1", "posterior counts", "Number of recorded samples whose log10 conductivity at the centre of the depth cell lies in the conductivity cell.", Result;
    INTERFACE_HISTOGRAM: "interface_histogram", &[Sounding, Depth], U32, "1", "interface counts", "Number of interfaces in the depth cell over all recorded samples.", Result;
    LAYER_COUNT_HISTOGRAM: "layer_count_histogram", &[Sounding, LayerCount], U32, "1", "layer count counts", "Number of recorded samples with this number of layers; its sum is the number of recorded samples.", Result;
    RELATIVE_ERROR_HISTOGRAM: "relative_error_histogram", &[Sounding, ErrorGroup, RelativeError], U32, "1", "relative error counts", "Number of recorded samples with the relative error in the cell; of files with data_std_given, with the factor of data_std_given.", Result, when SampledRelativeError;
    ADDITIVE_ERROR_HISTOGRAM: "additive_error_histogram", &[Sounding, ErrorGroup, AdditiveError], U32, "1", "additive error counts", "Number of recorded samples with the additive error in the cell.", Result, when SampledAdditiveError;
    GEOMETRY_DEVIATION_HISTOGRAM: "geometry_deviation_histogram", &[Sounding, GeometryParameter, GeometryCell], U32, "1", "geometry counts", "Number of recorded samples with the deviation of the geometry parameter in the cell.", Result, when SampledGeometry;
    SAMPLE_LAYER_COUNT: "sample_layer_count", &[Sounding, Sample], I32, "1", "number of layers", "Layers of the thinned sample.", Result;
    SAMPLE_CHAIN: "sample_chain", &[Sounding, Sample], I32, "1", "chain", "Chain from which the thinned sample comes.", Result;
    SAMPLE_INTERFACE_DEPTH: "sample_interface_depth", &[Sounding, Sample, Layer], F32, "m", "interface depth", "Depth of the bottom of each layer of the thinned sample; NaN for the halfspace and beyond layer_count.", Result;
    SAMPLE_LN_CONDUCTIVITY: "sample_ln_conductivity", &[Sounding, Sample, Layer], F32, "ln(S/m)", "ln conductivity", "ln conductivity of each layer of the thinned sample; NaN beyond layer_count.", Result;
    SAMPLE_RELATIVE_ERROR: "sample_relative_error", &[Sounding, Sample, ErrorGroup], F32, "1", "relative error", "Relative error of the thinned sample, a fraction; of files with data_std_given, the factor by which data_std_given is multiplied (since schema 2.5).", Result;
    SAMPLE_ADDITIVE_ERROR: "sample_additive_error", &[Sounding, Sample, ErrorGroup], F32, Field::ADDITIVE_UNIT, "additive error", "Additive error of the thinned sample; NaN in files with data_std_given.", Result;
    SAMPLE_GEOMETRY: "sample_geometry", &[Sounding, Sample, GeometryParameter], F32, "m or deg", "geometry", "Sampled geometry parameters of the thinned sample.", Result, when SampledGeometry;
    SAMPLE_MISFIT: "sample_misfit", &[Sounding, Sample], F32, "1", "misfit", "Chi-square of the thinned sample over the active channels.", Result;
    DATA_PREDICTED_P05: "data_predicted_p05", &[Sounding, Channel], F64, Field::DATA_UNIT, "predicted data, 5th percentile", "Posterior predictive data without noise, over evenly spaced recorded samples: more than 500 of each chain, or all if it has no more.", Result;
    DATA_PREDICTED_P50: "data_predicted_p50", &[Sounding, Channel], F64, Field::DATA_UNIT, "predicted data, median", "", Result, like DATA_PREDICTED_P05;
    DATA_PREDICTED_P95: "data_predicted_p95", &[Sounding, Channel], F64, Field::DATA_UNIT, "predicted data, 95th percentile", "", Result, like DATA_PREDICTED_P05;
    PRIOR_LOG10_CONDUCTIVITY_P05: "prior_log10_conductivity_p05", &[Sounding], F64, "log10(S/m)", "prior log10 conductivity, 5th percentile", "This prior is the same at every depth: each layer has this marginal.", Result;
    PRIOR_LOG10_CONDUCTIVITY_P50: "prior_log10_conductivity_p50", &[Sounding], F64, "log10(S/m)", "prior log10 conductivity, median", "", Result, like PRIOR_LOG10_CONDUCTIVITY_P05;
    PRIOR_LOG10_CONDUCTIVITY_P95: "prior_log10_conductivity_p95", &[Sounding], F64, "log10(S/m)", "prior log10 conductivity, 95th percentile", "", Result, like PRIOR_LOG10_CONDUCTIVITY_P05;
    PRIOR_LOG10_CONDUCTIVITY_PROBABILITY: "prior_log10_conductivity_probability", &[Sounding, Log10Conductivity], F32, "1", "prior probability", "Prior probability of the conductivity cell; the same at every depth.", Result;
    // The best model
    BEST_LAYER_COUNT: "best_layer_count", &[Sounding], I32, "1", "number of layers of the best model", "The best model is the sample of highest posterior density among those with the most frequent number of layers.", Result;
    BEST_INTERFACE_DEPTH: "best_interface_depth", &[Sounding, Layer], F64, "m", "interface depth of the best model", "Depth of the bottom of each layer of the best model; NaN for the halfspace and beyond its number of layers.", Result;
    BEST_LN_CONDUCTIVITY: "best_ln_conductivity", &[Sounding, Layer], F64, "ln(S/m)", "ln conductivity of the best model", "ln conductivity of each layer of the best model; NaN beyond its number of layers.", Result;
    DATA_PREDICTED_BEST: "data_predicted_best", &[Sounding, Channel], F64, Field::DATA_UNIT, "predicted data of the best model", "Data of the best model.", Result;
    DATA_STD: "data_std", &[Sounding, Channel], F64, Field::DATA_UNIT, "standard deviation of the data", "Standard deviation under the errors of the best model: data_std_given times its factor where a file has that, else from its relative and additive error; NaN for inactive channels.", Result;
    MISFIT_BEST: "misfit_best", &[Sounding], F64, "1", "misfit of the best model", "Chi-square of the best model over the active channels.", Result;
    // What merge computes
    CONDUCTIVITY_P05: "conductivity_p05", &[Sounding, Depth], F32, "S/m", "conductivity, 5th percentile", "Computed from the hitmap, with the counts assumed uniform within a cell; exact to 1/25 decade.", Product;
    CONDUCTIVITY_P10: "conductivity_p10", &[Sounding, Depth], F32, "S/m", "conductivity, 10th percentile", "", Product, like CONDUCTIVITY_P05;
    CONDUCTIVITY_P50: "conductivity_p50", &[Sounding, Depth], F32, "S/m", "conductivity, median", "", Product, like CONDUCTIVITY_P05;
    CONDUCTIVITY_P90: "conductivity_p90", &[Sounding, Depth], F32, "S/m", "conductivity, 90th percentile", "", Product, like CONDUCTIVITY_P05;
    CONDUCTIVITY_P95: "conductivity_p95", &[Sounding, Depth], F32, "S/m", "conductivity, 95th percentile", "", Product, like CONDUCTIVITY_P05;
    CONDUCTIVITY_MEAN: "conductivity_mean", &[Sounding, Depth], F32, "S/m", "conductivity, geometric mean", "10 to the mean of log10 conductivity, from the hitmap: exact to 1/50 decade.", Product;
    CONDUCTIVITY_MODE: "conductivity_mode", &[Sounding, Depth], F32, "S/m", "conductivity, mode", "Centre of the conductivity cell with most samples.", Product;
    CONDUCTIVITY_BEST: "conductivity_best", &[Sounding, Depth], F32, "S/m", "conductivity of the best model", "Conductivity of the best model at the centre of the depth cell.", Product;
    CREDIBLE_WIDTH: "credible_width", &[Sounding, Depth], F32, "1", "width of the 90 % interval", "log10 of the 95th over the 5th percentile of conductivity, decades.", Product;
    ENTROPY: "entropy", &[Sounding, Depth], F32, "bit", "entropy of conductivity", "Shannon's entropy over the conductivity cells of the hitmap, -sum p log2 p.", Product;
    INFORMATION_GAIN: "information_gain", &[Sounding, Depth], F32, "bit", "information gained over the prior", "Kullback-Leibler divergence of the posterior from the prior of log10 conductivity, sum p log2(p / prior), over five conductivity cells joined, so that few samples add little.", Product;
    DEPTH_OF_INFORMATION: "depth_of_information", &[Sounding], F32, "m", "depth of information", "Bottom of the deepest cell where the data add at least half a bit of information to the prior: where information_gain less its bias is at least 0.5 bit (a normal distribution of half the spread: 0.46 bit); 0 where no cell has that much. The bias is that of as many samples of the prior as the least of ess_log10_conductivity: (cells that the prior allows, five joined, - 1) / (2 ln 2 ess) bit (Miller 1955). This depth depends on the prior; depth_of_investigation_p50 is what the data see. Was depth_of_investigation, without the bias, before schema 2.6.", Product;
    DEPTH_OF_INVESTIGATION_RELATIVE: "depth_of_investigation_relative", &[Sounding], F32, "m", "depth of investigation relative to the line", "GeoBIPy's rule, for comparison: from the bottom up the first depth where 1 - credible_width, scaled to 0 to 1 over the line, is at least 0.67.", Product;
    INTERFACE_DENSITY: "interface_density", &[Sounding, Depth], F32, "1/m", "mean number of interfaces per metre", "Mean number of interfaces in the depth cell over all recorded samples, divided by the thickness of the cell. Since schema 2.6.", Product;
    INTERFACE_PROBABILITY: "interface_probability", &[Sounding, Depth], F32, "1", "probability of an interface in the depth cell", "Share of the thinned samples with at least one interface in the depth cell. Before schema 2.6 it was the mean number of interfaces there, which may exceed 1.", Product;
    PROBABLE_INTERFACE_DEPTH: "probable_interface_depth", &[Sounding, ProbableInterface], F32, "m", "probable interface depth", "Depths about which samples have most interfaces, more than the prior: pieces of interfaces per m between its minima, their mean depth; NaN when there are fewer.", Product;
    PROBABLE_INTERFACE_COUNT: "probable_interface_count", &[Sounding, ProbableInterface], F32, "1", "mean number of interfaces about the probable depth", "Mean number of interfaces in the piece of probable_interface_depth, which may exceed 1. Since schema 2.6; before its name was probable_interface_probability.", Product;
    LAYER_COUNT_P50: "layer_count_p50", &[Sounding], I32, "1", "median number of layers", "Smallest number of layers that at least half of the recorded samples do not exceed.", Product;
    LAYER_COUNT_PROBABILITY: "layer_count_probability", &[Sounding, LayerCount], F32, "1", "probability of the number of layers", "Share of the recorded samples.", Product;
    MISFIT_P50: "misfit_p50", &[Sounding], F32, "1", "median misfit per datum", "Median chi-square of the thinned samples over the number of active channels.", Product;
    RELATIVE_ERROR_P05: "relative_error_p05", &[Sounding, ErrorGroup], F32, "1", "relative error, 5th percentile", "Computed from the thinned samples; a fraction, or the factor of data_std_given. Since schema 2.6.", Product, when SampledRelativeError;
    RELATIVE_ERROR_P50: "relative_error_p50", &[Sounding, ErrorGroup], F32, "1", "relative error, median", "", Product, when SampledRelativeError, like RELATIVE_ERROR_P05;
    RELATIVE_ERROR_P95: "relative_error_p95", &[Sounding, ErrorGroup], F32, "1", "relative error, 95th percentile", "", Product, when SampledRelativeError, like RELATIVE_ERROR_P05;
    ADDITIVE_ERROR_P05: "additive_error_p05", &[Sounding, ErrorGroup], F32, Field::ADDITIVE_UNIT, "additive error, 5th percentile", "Computed from the thinned samples. Since schema 2.6.", Product, when SampledAdditiveError;
    ADDITIVE_ERROR_P50: "additive_error_p50", &[Sounding, ErrorGroup], F32, Field::ADDITIVE_UNIT, "additive error, median", "", Product, when SampledAdditiveError, like ADDITIVE_ERROR_P05;
    ADDITIVE_ERROR_P95: "additive_error_p95", &[Sounding, ErrorGroup], F32, Field::ADDITIVE_UNIT, "additive error, 95th percentile", "", Product, when SampledAdditiveError, like ADDITIVE_ERROR_P05;
    GEOMETRY_P05: "geometry_p05", &[Sounding, GeometryParameter], F32, "m or deg", "geometry, 5th percentile", "Sampled geometry parameters, from the thinned samples. Since schema 2.6.", Product, when SampledGeometry;
    GEOMETRY_P50: "geometry_p50", &[Sounding, GeometryParameter], F32, "m or deg", "geometry, median", "", Product, when SampledGeometry, like GEOMETRY_P05;
    GEOMETRY_P95: "geometry_p95", &[Sounding, GeometryParameter], F32, "m or deg", "geometry, 95th percentile", "", Product, when SampledGeometry, like GEOMETRY_P05;
    CLASS_PROBABILITY: "class_probability", &[Sounding, Depth, Class], F32, "1", "probability of the class", "Probability of a conductivity within the class, from the hitmap, with the counts assumed uniform within a cell.", Product, when Classes;
    MOST_PROBABLE_CLASS: "most_probable_class", &[Sounding, Depth], I8, "1", "most probable class", "Index of the class of highest probability, or of the first such class on a tie; -1 where all probabilities are 0.", Product, when Classes;
    MOST_PROBABLE_CLASS_PROBABILITY: "most_probable_class_probability", &[Sounding, Depth], F32, "1", "probability of the most probable class", "See class_probability.", Product, when Classes;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meaning_begins_with_the_meaning_of_the_field_that_it_is_like() {
        assert_eq!(CONDUCTIVITY_P50.full_meaning(), CONDUCTIVITY_P05.full_meaning());
        assert!(RHAT_LOG10_CONDUCTIVITY.full_meaning().ends_with("over chains. At each diagnostic depth."));
        assert!(FIELDS.iter().all(|field| !field.full_meaning().is_empty()));
    }

    #[test]
    fn names_are_unique_and_every_dimension_has_its_coordinate() {
        for (i, field) in FIELDS.iter().enumerate() {
            assert!(FIELDS[..i].iter().all(|other| other.name != field.name), "{} twice", field.name);
            assert!(!field.long_name.is_empty());
            let per_sounding = field.dims.first() == Some(&Dim::Sounding) && field.name != "sounding";
            assert_eq!(per_sounding, field.role != Role::Constant, "{}", field.name);
        }
        for dim in Dim::ALL {
            assert_eq!(field(dim.name()).map(|f| f.dims), Some(&[dim][..]), "{}", dim.name());
        }
    }
}
