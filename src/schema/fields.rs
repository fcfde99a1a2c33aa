//! The table of all variables of a result file.

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

/// Number type of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 8-bit signed integer.
    I8,
    /// 32-bit signed integer.
    I32,
    /// 32-bit unsigned integer.
    U32,
    /// 64-bit signed integer.
    I64,
    /// Single precision.
    F32,
    /// Double precision.
    F64,
}

impl Kind {
    /// Name in the documentation.
    pub fn name(self) -> &'static str {
        match self {
            Kind::I8 => "int8",
            Kind::I32 => "int32",
            Kind::U32 => "uint32",
            Kind::I64 => "int64",
            Kind::F32 => "float32",
            Kind::F64 => "float64",
        }
    }

    /// Bytes of one value.
    pub fn size(self) -> usize {
        match self {
            Kind::I8 => 1,
            Kind::I32 | Kind::U32 | Kind::F32 => 4,
            Kind::I64 | Kind::F64 => 8,
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
    /// What it is, in full.
    pub meaning: &'static str,
    /// When it is written.
    pub role: Role,
    /// Absent when the quantity is not part of the model.
    pub optional: bool,
}

impl Field {
    /// Stands for the unit of the survey's data.
    pub const DATA_UNIT: &'static str = "data unit";

    /// Stands for the unit of additive errors: that of the data, or 1 where they are factors of given values.
    pub const ADDITIVE_UNIT: &'static str = "additive unit";

    const fn new(
        name: &'static str,
        dims: &'static [Dim],
        kind: Kind,
        unit: &'static str,
        long_name: &'static str,
        meaning: &'static str,
        role: Role,
    ) -> Self {
        Self { name, dims, kind, unit, long_name, meaning, role, optional: false }
    }

    /// What it is, where the table says that it is as another field is.
    pub fn full_meaning(&self) -> String {
        let other = self.meaning.strip_prefix("As ").and_then(|rest| rest.split(['.', ',']).next()).and_then(field);
        other.map_or_else(
            || self.meaning.to_owned(),
            |other| {
                let rest =
                    self.meaning.trim_start_matches("As ").trim_start_matches(other.name).trim_start_matches('.');
                format!(
                    "{}{}",
                    other.full_meaning().trim_end_matches(['.', ' ']),
                    if rest.is_empty() { "." } else { rest }
                )
            },
        )
    }

    /// Whether it is known only of soundings that were sampled.
    pub fn is_computed(&self) -> bool {
        matches!(self.role, Role::Result | Role::Product)
    }

    const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

/// The field called `name`.
pub fn field(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

use Dim::{
    AdditiveError, Chain, Channel, Class, Depth, DiagnosticDepth, ErrorGroup, GeometryCell, GeometryParameter, Layer,
    LayerCount, Log10Conductivity, Move, Nv, ProbableInterface, RelativeError, Sample, Sounding, Trace,
};
use Kind::{F32, F64, I8, I32, I64, U32};
use Role::{Constant, Input, Product, Result};

/// All variables.
#[rustfmt::skip]
pub static FIELDS: &[Field] = &[
    // Coordinates
    Field::new("sounding", &[Sounding], I32, "1", "sounding", "Index of the sounding on its line, from 0 in order of fiducial.", Constant),
    Field::new("channel", &[Channel], I32, "1", "channel", "Index of the datum, from 0; the attribute channel_names lists the names.", Constant),
    Field::new("depth", &[Depth], F64, "m", "depth below ground", "Centre of the depth cell, positive down; cells are uniform in ln(depth + 10 m).", Constant),
    Field::new("depth_bounds", &[Depth, Nv], F64, "m", "depth cell bounds", "Top and bottom of the depth cell.", Constant),
    Field::new("log10_conductivity", &[Log10Conductivity], F64, "log10(S/m)", "log10 conductivity", "Centre of the conductivity cell.", Constant),
    Field::new("log10_conductivity_bounds", &[Log10Conductivity, Nv], F64, "log10(S/m)", "log10 conductivity cell bounds", "Bounds of the conductivity cell.", Constant),
    Field::new("layer_count", &[LayerCount], I32, "1", "number of layers", "Number of layers, the halfspace included.", Constant),
    Field::new("layer", &[Layer], I32, "1", "layer", "Index of the layer, from 0 at the top.", Constant),
    Field::new("sample", &[Sample], I32, "1", "sample", "Index of the thinned posterior sample; samples of one chain stand together in order of iteration.", Constant),
    Field::new("chain", &[Chain], I32, "1", "chain", "Index of the Markov chain.", Constant),
    Field::new("trace", &[Trace], I32, "1", "place in the trace", "Index of the place in the thinned misfit trace, evenly spaced over burn_in + iterations.", Constant),
    Field::new("move", &[Move], I32, "1", "kind of move", "Index of the kind of move; flag_meanings lists the names.", Constant),
    Field::new("diagnostic_depth", &[DiagnosticDepth], F64, "m", "diagnostic depth", "Depth at which convergence of log10 conductivity is judged.", Constant),
    Field::new("relative_error", &[RelativeError], F64, "1", "relative error", "Geometric centre of the cell of relative error, a fraction; of files with data_std_given, of the factor by which data_std_given is multiplied (since schema 2.5).", Constant).optional(),
    Field::new("relative_error_bounds", &[RelativeError, Nv], F64, "1", "relative error cell bounds", "Bounds of the cell.", Constant).optional(),
    Field::new("additive_error", &[AdditiveError], F64, Field::ADDITIVE_UNIT, "additive error", "Geometric centre of the cell of additive error; its value at 1 ms where it decays, a factor of the configuration's values where these are given.", Constant).optional(),
    Field::new("additive_error_bounds", &[AdditiveError, Nv], F64, Field::ADDITIVE_UNIT, "additive error cell bounds", "Bounds of the cell.", Constant).optional(),
    Field::new("error_group", &[ErrorGroup], I32, "1", "error group", "Index of the group of channels that share their errors, from 0; the attribute error_group_names lists the names.", Constant),
    Field::new("geometry_parameter", &[GeometryParameter], I32, "1", "geometry parameter", "Index of the sampled geometry parameter, from 0; the attribute geometry_parameter_names lists the names. Lengths are in m, angles in degrees.", Constant).optional(),
    Field::new("geometry_cell", &[GeometryCell], I32, "1", "geometry cell", "Index of the cell of deviation from the measured value.", Constant).optional(),
    Field::new("geometry_deviation_bounds", &[GeometryParameter, GeometryCell, Nv], F64, "m or deg", "bounds of geometry deviations", "Bounds of the cell of deviation of the parameter from its measured value.", Constant).optional(),
    Field::new("probable_interface", &[ProbableInterface], I32, "1", "probable interface", "Index of the depth about which interfaces are most probable, from 0 at the top.", Constant).optional(),
    Field::new("class", &[Class], I32, "1", "class", "Index of the class of conductivity; the attribute class_names lists the names.", Constant).optional(),
    Field::new("class_bounds", &[Class, Nv], F64, "S/m", "class bounds", "Lowest and highest conductivity of the class.", Constant).optional(),
    Field::new("nv", &[Nv], I32, "1", "bound", "0 is the lower, 1 the upper bound of a cell.", Constant),
    // The survey
    Field::new("channel_error_group", &[Channel], I32, "1", "error group of the channel", "Index of the error group of the channel.", Constant),
    Field::new("channel_frequency", &[Channel], F64, "Hz", "frequency", "Frequency of the channel; frequency domain only.", Constant).optional(),
    Field::new("channel_quadrature", &[Channel], I8, "1", "quadrature", "0 for in-phase, 1 for quadrature channels; frequency domain only.", Constant).optional(),
    Field::new("channel_time", &[Channel], F64, "s", "gate centre", "Middle of the gate of the channel; time domain only.", Constant).optional(),
    Field::new("channel_time_bounds", &[Channel, Nv], F64, "s", "gate bounds", "Start and end of the gate of the channel; time domain only.", Constant).optional(),
    Field::new("channel_system", &[Channel], I32, "1", "system of the channel", "Index of the system file; time domain only.", Constant).optional(),
    Field::new("channel_component", &[Channel], I8, "1", "component of the channel", "0 for x, 1 for y, 2 for z, 3 for the amplitude of the vector; time domain only.", Constant).optional(),
    Field::new("prior_layer_count", &[LayerCount], F64, "1", "prior probability", "Prior probability of each number of layers.", Constant),
    Field::new("prior_interface_count", &[Depth], F64, "1", "prior number of interfaces", "Mean number of interfaces in the depth cell a priori, from draws of the prior.", Constant),
    // What came in
    Field::new("line_number", &[Sounding], F64, "1", "line number", "Flight line; with fiducial the key of the sounding.", Input),
    Field::new("fiducial", &[Sounding], F64, "1", "fiducial", "Position counter on the line.", Input),
    Field::new("easting", &[Sounding], F64, "m", "easting", "Projected coordinate as in the survey file.", Input),
    Field::new("northing", &[Sounding], F64, "m", "northing", "Projected coordinate as in the survey file.", Input),
    Field::new("elevation", &[Sounding], F64, "m", "ground elevation", "Ground above datum, positive up; NaN when the survey file does not say.", Input),
    Field::new("height", &[Sounding], F64, "m", "height", "Transmitter (frequency domain: bird) above ground as measured, positive up.", Input),
    Field::new("tx_roll", &[Sounding], F64, "deg", "transmitter roll", "Roll of the transmitter as measured, left wing up; time domain only.", Input).optional(),
    Field::new("tx_pitch", &[Sounding], F64, "deg", "transmitter pitch", "Pitch of the transmitter as measured, nose down; time domain only.", Input).optional(),
    Field::new("tx_yaw", &[Sounding], F64, "deg", "transmitter yaw", "Yaw of the transmitter as measured, to the left; time domain only.", Input).optional(),
    Field::new("txrx_dx", &[Sounding], F64, "m", "receiver ahead", "Receiver ahead of the transmitter as measured; time domain only.", Input).optional(),
    Field::new("txrx_dy", &[Sounding], F64, "m", "receiver left", "Receiver left of the transmitter as measured; time domain only.", Input).optional(),
    Field::new("txrx_dz", &[Sounding], F64, "m", "receiver above", "Receiver above the transmitter as measured; time domain only.", Input).optional(),
    Field::new("rx_roll", &[Sounding], F64, "deg", "receiver roll", "Roll of the receiver as measured, left wing up; time domain only.", Input).optional(),
    Field::new("rx_pitch", &[Sounding], F64, "deg", "receiver pitch", "Pitch of the receiver as measured, nose down; time domain only.", Input).optional(),
    Field::new("rx_yaw", &[Sounding], F64, "deg", "receiver yaw", "Yaw of the receiver as measured, to the left; time domain only.", Input).optional(),
    Field::new("data_observed", &[Sounding, Channel], F64, Field::DATA_UNIT, "observed data", "Data as read, signed; NaN is missing.", Input),
    Field::new("data_std_given", &[Sounding, Channel], F64, Field::DATA_UNIT, "given standard deviation of the data", "Standard deviation as given, before it is multiplied by the factor that is sampled; only when the survey file or the configuration's quoted noise gives it.", Input).optional(),
    // How it ended
    Field::new("status", &[Sounding], I8, "1", "status", "What became of the sounding; written last, so that all other values of a sounding that is not not_run are whole.", Result),
    Field::new("status_reason", &[Sounding], I8, "1", "reason of the status", "Why the sounding has its status.", Result),
    Field::new("status_warnings", &[Sounding], I32, "1", "warnings", "What speaks against the sounding, whatever its status: a sum of flag_masks. Since schema 2.5.", Result),
    Field::new("monte_carlo_error_p05", &[Sounding, Depth], F32, "1", "Monte Carlo error of the 5th percentile", "Standard error of the probability below the 5th percentile of log10 conductivity: of the shares of halves of chains below that of all. NaN where a half has fewer than 20 samples. Since schema 2.5.", Result),
    Field::new("monte_carlo_error_p50", &[Sounding, Depth], F32, "1", "Monte Carlo error of the median", "The same of the median. Since schema 2.5.", Result),
    Field::new("monte_carlo_error_p95", &[Sounding, Depth], F32, "1", "Monte Carlo error of the 95th percentile", "The same of the 95th percentile. Since schema 2.5.", Result),
    Field::new("share_at_bounds", &[Sounding], F64, "1", "samples near a bound of conductivity", "Share of samples within 5 conductivity cells of a bound of the prior less the prior's share there, at the depth and the bound where it is largest. Since schema 2.5.", Result),
    Field::new("rhat_maximum", &[Sounding], F64, "1", "largest R-hat", "Largest of rhat_layer_count, rhat_misfit and rhat_log10_conductivity. Since schema 2.5.", Result),
    Field::new("ess_minimum", &[Sounding], F64, "1", "least effective sample size", "Least of all ess_*, bulk and tail. Since schema 2.5.", Result),
    Field::new("rhat_hot_chains", &[Sounding], F64, "1", "R-hat of hot chains", "Largest R-hat of ln likelihood over the hotter copies of chains; NaN where there are none or it was not computed. Since schema 2.5.", Result),
    Field::new("burn_in", &[Sounding], I64, "1", "burn-in", "Iterations of each chain before its samples count.", Result),
    Field::new("iterations", &[Sounding], I64, "1", "iterations", "Iterations of each chain after burn-in.", Result),
    Field::new("cpu_seconds", &[Sounding], F64, "s", "CPU time", "Processor time spent on the sounding; the one field that differs from run to run.", Result),
    Field::new("acceptance_rate", &[Sounding, Move], F32, "1", "acceptance rate", "Accepted share of proposals after burn-in, all chains; NaN for moves that were not tried.", Result),
    Field::new("rhat_layer_count", &[Sounding], F64, "1", "R-hat of layer count", "Rank-normalised split R-hat (the larger of bulk and folded) over chains.", Result),
    Field::new("rhat_misfit", &[Sounding], F64, "1", "R-hat of misfit", "As rhat_layer_count.", Result),
    Field::new("rhat_log10_conductivity", &[Sounding, DiagnosticDepth], F64, "1", "R-hat of log10 conductivity", "As rhat_layer_count, at each diagnostic depth.", Result),
    Field::new("ess_layer_count", &[Sounding], F64, "1", "effective samples of layer count", "Bulk effective sample size, all chains together.", Result),
    Field::new("ess_misfit", &[Sounding], F64, "1", "effective samples of misfit", "As ess_layer_count.", Result),
    Field::new("ess_log10_conductivity", &[Sounding, DiagnosticDepth], F64, "1", "effective samples of log10 conductivity", "As ess_layer_count, at each diagnostic depth.", Result),
    Field::new("ess_tail_layer_count", &[Sounding], F64, "1", "effective samples of the tails of layer count", "Tail effective sample size (the smaller of the 5 % and 95 % quantiles), all chains together.", Result),
    Field::new("ess_tail_misfit", &[Sounding], F64, "1", "effective samples of the tails of misfit", "As ess_tail_layer_count.", Result),
    Field::new("ess_tail_log10_conductivity", &[Sounding, DiagnosticDepth], F64, "1", "effective samples of the tails of log10 conductivity", "As ess_tail_layer_count, at each diagnostic depth.", Result),
    Field::new("exchange_rate", &[Sounding], F64, "1", "least accepted share of exchanges", "Least accepted share of exchanges between neighbouring temperatures; NaN with one temperature.", Result),
    Field::new("misfit_trace", &[Sounding, Chain, Trace], F32, "1", "misfit", "Chi-square of each chain from its first iteration, burn-in included, thinned.", Result),
    // The posterior
    Field::new("hitmap", &[Sounding, Depth, Log10Conductivity], U32, "1", "posterior counts", "Number of recorded samples whose log10 conductivity at the centre of the depth cell lies in the conductivity cell.", Result),
    Field::new("interface_histogram", &[Sounding, Depth], U32, "1", "interface counts", "Number of interfaces in the depth cell over all recorded samples.", Result),
    Field::new("layer_count_histogram", &[Sounding, LayerCount], U32, "1", "layer count counts", "Number of recorded samples with that many layers; its sum is the number of recorded samples.", Result),
    Field::new("relative_error_histogram", &[Sounding, ErrorGroup, RelativeError], U32, "1", "relative error counts", "Number of recorded samples with the relative error in the cell; of files with data_std_given, with the factor of data_std_given.", Result).optional(),
    Field::new("additive_error_histogram", &[Sounding, ErrorGroup, AdditiveError], U32, "1", "additive error counts", "Number of recorded samples with the additive error in the cell.", Result).optional(),
    Field::new("geometry_deviation_histogram", &[Sounding, GeometryParameter, GeometryCell], U32, "1", "geometry counts", "Number of recorded samples with the deviation of the geometry parameter in the cell.", Result).optional(),
    Field::new("sample_layer_count", &[Sounding, Sample], I32, "1", "number of layers", "Layers of the thinned sample.", Result),
    Field::new("sample_chain", &[Sounding, Sample], I32, "1", "chain", "Chain the thinned sample is from.", Result),
    Field::new("sample_interface_depth", &[Sounding, Sample, Layer], F32, "m", "interface depth", "Depth of the bottom of each layer of the thinned sample; NaN for the halfspace and beyond layer_count.", Result),
    Field::new("sample_ln_conductivity", &[Sounding, Sample, Layer], F32, "ln(S/m)", "ln conductivity", "ln conductivity of each layer of the thinned sample; NaN beyond layer_count.", Result),
    Field::new("sample_relative_error", &[Sounding, Sample, ErrorGroup], F32, "1", "relative error", "Relative error of the thinned sample, a fraction; of files with data_std_given, the factor by which data_std_given is multiplied (since schema 2.5).", Result),
    Field::new("sample_additive_error", &[Sounding, Sample, ErrorGroup], F32, Field::ADDITIVE_UNIT, "additive error", "Additive error of the thinned sample; NaN in files with data_std_given.", Result),
    Field::new("sample_geometry", &[Sounding, Sample, GeometryParameter], F32, "m or deg", "geometry", "Sampled geometry parameters of the thinned sample.", Result).optional(),
    Field::new("sample_misfit", &[Sounding, Sample], F32, "1", "misfit", "Chi-square of the thinned sample over the active channels.", Result),
    Field::new("data_predicted_p05", &[Sounding, Channel], F64, Field::DATA_UNIT, "predicted data, 5th percentile", "Posterior predictive data without noise, over evenly spaced recorded samples: more than 500 of each chain, or all if it has no more.", Result),
    Field::new("data_predicted_p50", &[Sounding, Channel], F64, Field::DATA_UNIT, "predicted data, median", "As data_predicted_p05.", Result),
    Field::new("data_predicted_p95", &[Sounding, Channel], F64, Field::DATA_UNIT, "predicted data, 95th percentile", "As data_predicted_p05.", Result),
    Field::new("prior_log10_conductivity_p05", &[Sounding], F64, "log10(S/m)", "prior log10 conductivity, 5th percentile", "The same at every depth: each layer has this marginal.", Result),
    Field::new("prior_log10_conductivity_p50", &[Sounding], F64, "log10(S/m)", "prior log10 conductivity, median", "As prior_log10_conductivity_p05.", Result),
    Field::new("prior_log10_conductivity_p95", &[Sounding], F64, "log10(S/m)", "prior log10 conductivity, 95th percentile", "As prior_log10_conductivity_p05.", Result),
    Field::new("prior_log10_conductivity_probability", &[Sounding, Log10Conductivity], F32, "1", "prior probability", "Prior probability of the conductivity cell; the same at every depth.", Result),
    // The best model
    Field::new("best_layer_count", &[Sounding], I32, "1", "number of layers of the best model", "The best model is the sample of highest posterior density among those with the most frequent number of layers.", Result),
    Field::new("best_interface_depth", &[Sounding, Layer], F64, "m", "interface depth of the best model", "As sample_interface_depth.", Result),
    Field::new("best_ln_conductivity", &[Sounding, Layer], F64, "ln(S/m)", "ln conductivity of the best model", "As sample_ln_conductivity.", Result),
    Field::new("data_predicted_best", &[Sounding, Channel], F64, Field::DATA_UNIT, "predicted data of the best model", "Data of the best model.", Result),
    Field::new("data_std", &[Sounding, Channel], F64, Field::DATA_UNIT, "standard deviation of the data", "Standard deviation under the errors of the best model: data_std_given times its factor where a file has that, else from its relative and additive error; NaN for inactive channels.", Result),
    Field::new("misfit_best", &[Sounding], F64, "1", "misfit of the best model", "Chi-square of the best model over the active channels.", Result),
    // What merge computes
    Field::new("conductivity_p05", &[Sounding, Depth], F32, "S/m", "conductivity, 5th percentile", "From the hitmap, even within its cells: exact to 1/25 decade.", Product),
    Field::new("conductivity_p10", &[Sounding, Depth], F32, "S/m", "conductivity, 10th percentile", "As conductivity_p05.", Product),
    Field::new("conductivity_p50", &[Sounding, Depth], F32, "S/m", "conductivity, median", "As conductivity_p05.", Product),
    Field::new("conductivity_p90", &[Sounding, Depth], F32, "S/m", "conductivity, 90th percentile", "As conductivity_p05.", Product),
    Field::new("conductivity_p95", &[Sounding, Depth], F32, "S/m", "conductivity, 95th percentile", "As conductivity_p05.", Product),
    Field::new("conductivity_mean", &[Sounding, Depth], F32, "S/m", "conductivity, geometric mean", "10 to the mean of log10 conductivity, from the hitmap: exact to 1/50 decade.", Product),
    Field::new("conductivity_mode", &[Sounding, Depth], F32, "S/m", "conductivity, mode", "Centre of the conductivity cell with most samples.", Product),
    Field::new("conductivity_best", &[Sounding, Depth], F32, "S/m", "conductivity of the best model", "Of the best model at the centre of the depth cell.", Product),
    Field::new("credible_width", &[Sounding, Depth], F32, "1", "width of the 90 % interval", "log10 of the 95th over the 5th percentile of conductivity, decades.", Product),
    Field::new("entropy", &[Sounding, Depth], F32, "bit", "entropy of conductivity", "Shannon's entropy over the conductivity cells of the hitmap, -sum p log2 p.", Product),
    Field::new("information_gain", &[Sounding, Depth], F32, "bit", "information gained over the prior", "Kullback-Leibler divergence of the posterior from the prior of log10 conductivity, sum p log2(p / prior), over five conductivity cells joined, so that few samples add little.", Product),
    Field::new("depth_of_investigation", &[Sounding], F32, "m", "depth of investigation", "Bottom of the deepest cell where information_gain is at least 0.5 bit (a normal distribution of half the spread: 0.46 bit); 0 where none is.", Product),
    Field::new("depth_of_investigation_relative", &[Sounding], F32, "m", "depth of investigation relative to the line", "GeoBIPy's rule, for comparison: from the bottom up the first depth where 1 - credible_width, scaled to 0 to 1 over the line, is at least 0.67.", Product),
    Field::new("interface_density", &[Sounding, Depth], F32, "1/m", "mean number of interfaces per metre", "Mean number of interfaces in the depth cell over all recorded samples, divided by its thickness. Since schema 2.6.", Product),
    Field::new("interface_probability", &[Sounding, Depth], F32, "1", "probability of an interface in the depth cell", "Share of the thinned samples with at least one interface in the depth cell. Before schema 2.6 it was the mean number of interfaces there, which may exceed 1: merge the lines again.", Product),
    Field::new("probable_interface_depth", &[Sounding, ProbableInterface], F32, "m", "probable interface depth", "Depths about which samples have most interfaces, more than the prior: pieces of interfaces per m between its minima, their mean depth; NaN when there are fewer.", Product),
    Field::new("probable_interface_count", &[Sounding, ProbableInterface], F32, "1", "mean number of interfaces about the probable depth", "Mean number of interfaces in the piece of probable_interface_depth, which may exceed 1. Since schema 2.6; before its name was probable_interface_probability.", Product),
    Field::new("layer_count_p50", &[Sounding], I32, "1", "median number of layers", "Smallest number of layers that at least half of the recorded samples do not exceed.", Product),
    Field::new("layer_count_probability", &[Sounding, LayerCount], F32, "1", "probability of the number of layers", "Share of the recorded samples.", Product),
    Field::new("misfit_p50", &[Sounding], F32, "1", "median misfit per datum", "Median chi-square of the thinned samples over the number of active channels.", Product),
    Field::new("class_probability", &[Sounding, Depth, Class], F32, "1", "probability of the class", "Probability of a conductivity within the class, from the hitmap, even within its cells.", Product).optional(),
    Field::new("most_probable_class", &[Sounding, Depth], I8, "1", "most probable class", "Index of the class of highest probability, on a tie the first; -1 where no class has any.", Product).optional(),
    Field::new("most_probable_class_probability", &[Sounding, Depth], F32, "1", "probability of the most probable class", "See class_probability.", Product).optional(),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_as_another_says_what_that_is() {
        let meaning = |name: &str| field(name).map(Field::full_meaning).unwrap_or_default();
        assert_eq!(meaning("conductivity_p50"), meaning("conductivity_p05"));
        assert!(meaning("rhat_log10_conductivity").ends_with("over chains, at each diagnostic depth."));
        assert!(FIELDS.iter().all(|field| !field.full_meaning().starts_with("As ") || field.name == "data_std"));
    }

    #[test]
    fn names_are_unique_and_every_dimension_has_its_coordinate() {
        for (i, field) in FIELDS.iter().enumerate() {
            assert!(FIELDS[..i].iter().all(|other| other.name != field.name), "{} twice", field.name);
            assert!(!field.meaning.is_empty() && !field.long_name.is_empty());
            let per_sounding = field.dims.first() == Some(&Dim::Sounding) && field.name != "sounding";
            assert_eq!(per_sounding, field.role != Role::Constant, "{}", field.name);
        }
        for dim in Dim::ALL {
            assert_eq!(field(dim.name()).map(|f| f.dims), Some(&[dim][..]), "{}", dim.name());
        }
    }
}
