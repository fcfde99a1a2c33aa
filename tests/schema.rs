//! Names, dimensions, types, units and numbers in result files, on which other programs rely.
//!
//! This is a second copy of the table in src/schema/fields.rs, on purpose. A change there that is not made here fails.
//! Whoever changes both must think of [`SCHEMA_VERSION`] and of the readers of the files.

use std::collections::{BTreeMap, BTreeSet};

use geobipy::schema::Role::{Constant, Input, Product, Result};
use geobipy::schema::{Dim, FIELDS, Field, Reason, Role, SCHEMA_VERSION, Status, When, document, field, line_path};
use hdf5_metno::types::{FloatSize, IntSize, TypeDescriptor};

use crate::support::Workdir;
use crate::tdem_survey::{configure_fixed_wing, fixed_wing};

/// The files that have a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum In {
    /// All files.
    Always,
    /// Files of a survey for which the quantity was sampled.
    Sampled,
    /// Files of a survey with standard deviations.
    WithStd,
    /// Files of frequency-domain systems.
    Frequency,
    /// Files of time-domain systems.
    Time,
    /// Merged files.
    Merged,
    /// Merged files of surveys for which the quantity was sampled.
    SampledMerged,
    /// Merged files with classes.
    Classes,
}

use In::{Always, Classes, Frequency, Merged, Sampled, SampledMerged, Time, WithStd};

/// Name, dimensions from the slowest, type, unit, when written, where.
#[rustfmt::skip]
const TABLE: &[(&str, &str, &str, &str, Role, In)] = &[
    ("sounding", "sounding", "int32", "1", Constant, Always),
    ("channel", "channel", "int32", "1", Constant, Always),
    ("depth", "depth", "float64", "m", Constant, Always),
    ("depth_bounds", "depth nv", "float64", "m", Constant, Always),
    ("log10_conductivity", "log10_conductivity", "float64", "log10(S/m)", Constant, Always),
    ("log10_conductivity_bounds", "log10_conductivity nv", "float64", "log10(S/m)", Constant, Always),
    ("layer_count", "layer_count", "int32", "1", Constant, Always),
    ("layer", "layer", "int32", "1", Constant, Always),
    ("sample", "sample", "int32", "1", Constant, Always),
    ("chain", "chain", "int32", "1", Constant, Always),
    ("trace", "trace", "int32", "1", Constant, Always),
    ("move", "move", "int32", "1", Constant, Always),
    ("diagnostic_depth", "diagnostic_depth", "float64", "m", Constant, Always),
    ("relative_error", "relative_error", "float64", "1", Constant, Sampled),
    ("relative_error_bounds", "relative_error nv", "float64", "1", Constant, Sampled),
    ("additive_error", "additive_error", "float64", "additive unit", Constant, Sampled),
    ("additive_error_bounds", "additive_error nv", "float64", "additive unit", Constant, Sampled),
    ("error_group", "error_group", "int32", "1", Constant, Always),
    ("geometry_parameter", "geometry_parameter", "int32", "1", Constant, Sampled),
    ("geometry_cell", "geometry_cell", "int32", "1", Constant, Sampled),
    ("geometry_deviation_bounds", "geometry_parameter geometry_cell nv", "float64", "m or deg", Constant, Sampled),
    ("probable_interface", "probable_interface", "int32", "1", Constant, Merged),
    ("class", "class", "int32", "1", Constant, Classes),
    ("class_bounds", "class nv", "float64", "S/m", Constant, Classes),
    ("nv", "nv", "int32", "1", Constant, Always),
    ("channel_error_group", "channel", "int32", "1", Constant, Always),
    ("channel_frequency", "channel", "float64", "Hz", Constant, Frequency),
    ("channel_quadrature", "channel", "int8", "1", Constant, Frequency),
    ("channel_time", "channel", "float64", "s", Constant, Time),
    ("channel_time_bounds", "channel nv", "float64", "s", Constant, Time),
    ("channel_system", "channel", "int32", "1", Constant, Time),
    ("channel_component", "channel", "int8", "1", Constant, Time),
    ("prior_layer_count", "layer_count", "float64", "1", Constant, Always),
    ("prior_interface_count", "depth", "float64", "1", Constant, Always),
    ("rhat_target", "", "float64", "1", Constant, Always),
    ("ess_target", "", "float64", "1", Constant, Always),
    ("prior_conductivity_bounds", "nv", "float64", "S/m", Constant, Always),
    ("relative_error_prior_bounds", "error_group nv", "float64", "1", Constant, Sampled),
    ("additive_error_prior_bounds", "error_group nv", "float64", "additive unit", Constant, Sampled),
    ("geometry_prior", "geometry_parameter", "int8", "1", Constant, Sampled),
    ("geometry_prior_width", "geometry_parameter", "float64", "m or deg", Constant, Sampled),
    ("line_number", "sounding", "float64", "1", Input, Always),
    ("fiducial", "sounding", "float64", "1", Input, Always),
    ("easting", "sounding", "float64", "m", Input, Always),
    ("northing", "sounding", "float64", "m", Input, Always),
    ("elevation", "sounding", "float64", "m", Input, Always),
    ("height", "sounding", "float64", "m", Input, Always),
    ("tx_roll", "sounding", "float64", "deg", Input, Time),
    ("tx_pitch", "sounding", "float64", "deg", Input, Time),
    ("tx_yaw", "sounding", "float64", "deg", Input, Time),
    ("txrx_dx", "sounding", "float64", "m", Input, Time),
    ("txrx_dy", "sounding", "float64", "m", Input, Time),
    ("txrx_dz", "sounding", "float64", "m", Input, Time),
    ("rx_roll", "sounding", "float64", "deg", Input, Time),
    ("rx_pitch", "sounding", "float64", "deg", Input, Time),
    ("rx_yaw", "sounding", "float64", "deg", Input, Time),
    ("data_observed", "sounding channel", "float64", "data unit", Input, Always),
    ("data_std_given", "sounding channel", "float64", "data unit", Input, WithStd),
    ("status", "sounding", "int8", "1", Result, Always),
    ("status_reason", "sounding", "int8", "1", Result, Always),
    ("asked_for", "sounding", "int8", "1", Result, Always),
    ("status_warnings", "sounding", "int32", "1", Result, Always),
    ("monte_carlo_error_p05", "sounding depth", "float32", "1", Result, Always),
    ("monte_carlo_error_p50", "sounding depth", "float32", "1", Result, Always),
    ("monte_carlo_error_p95", "sounding depth", "float32", "1", Result, Always),
    ("depth_of_investigation_p50", "sounding", "float32", "m", Result, Always),
    ("depth_of_investigation_p05", "sounding", "float32", "m", Result, Always),
    ("depth_of_investigation_p95", "sounding", "float32", "m", Result, Always),
    ("depth_of_replacement_p50", "sounding", "float32", "m", Result, Always),
    ("share_at_bounds", "sounding", "float64", "1", Result, Always),
    ("rhat_maximum", "sounding", "float64", "1", Result, Always),
    ("ess_minimum", "sounding", "float64", "1", Result, Always),
    ("rhat_maximum_of", "sounding", "int32", "1", Result, Always),
    ("ess_minimum_of", "sounding", "int32", "1", Result, Always),
    ("rhat_hot_chains", "sounding", "float64", "1", Result, Always),
    ("burn_in", "sounding", "int64", "1", Result, Always),
    ("iterations", "sounding", "int64", "1", Result, Always),
    ("cpu_seconds", "sounding", "float64", "s", Result, Always),
    ("acceptance_rate", "sounding move", "float32", "1", Result, Always),
    ("rhat_layer_count", "sounding", "float64", "1", Result, Always),
    ("rhat_misfit", "sounding", "float64", "1", Result, Always),
    ("rhat_log10_conductivity", "sounding diagnostic_depth", "float64", "1", Result, Always),
    ("ess_layer_count", "sounding", "float64", "1", Result, Always),
    ("ess_misfit", "sounding", "float64", "1", Result, Always),
    ("ess_log10_conductivity", "sounding diagnostic_depth", "float64", "1", Result, Always),
    ("ess_tail_layer_count", "sounding", "float64", "1", Result, Always),
    ("ess_tail_misfit", "sounding", "float64", "1", Result, Always),
    ("ess_tail_log10_conductivity", "sounding diagnostic_depth", "float64", "1", Result, Always),
    ("exchange_rate", "sounding", "float64", "1", Result, Always),
    ("misfit_trace", "sounding chain trace", "float32", "1", Result, Always),
    ("hitmap", "sounding depth log10_conductivity", "uint32", "1", Result, Always),
    ("interface_histogram", "sounding depth", "uint32", "1", Result, Always),
    ("layer_count_histogram", "sounding layer_count", "uint32", "1", Result, Always),
    ("relative_error_histogram", "sounding error_group relative_error", "uint32", "1", Result, Sampled),
    ("additive_error_histogram", "sounding error_group additive_error", "uint32", "1", Result, Sampled),
    ("geometry_deviation_histogram", "sounding geometry_parameter geometry_cell", "uint32", "1", Result, Sampled),
    ("sample_layer_count", "sounding sample", "int32", "1", Result, Always),
    ("sample_chain", "sounding sample", "int32", "1", Result, Always),
    ("sample_interface_depth", "sounding sample layer", "float32", "m", Result, Always),
    ("sample_ln_conductivity", "sounding sample layer", "float32", "ln(S/m)", Result, Always),
    ("sample_relative_error", "sounding sample error_group", "float32", "1", Result, Always),
    ("sample_additive_error", "sounding sample error_group", "float32", "additive unit", Result, Always),
    ("sample_geometry", "sounding sample geometry_parameter", "float32", "m or deg", Result, Sampled),
    ("sample_misfit", "sounding sample", "float32", "1", Result, Always),
    ("data_predicted_p05", "sounding channel", "float64", "data unit", Result, Always),
    ("data_predicted_p50", "sounding channel", "float64", "data unit", Result, Always),
    ("data_predicted_p95", "sounding channel", "float64", "data unit", Result, Always),
    ("prior_log10_conductivity_p05", "sounding", "float64", "log10(S/m)", Result, Always),
    ("prior_log10_conductivity_p50", "sounding", "float64", "log10(S/m)", Result, Always),
    ("prior_log10_conductivity_p95", "sounding", "float64", "log10(S/m)", Result, Always),
    ("prior_log10_conductivity_probability", "sounding log10_conductivity", "float32", "1", Result, Always),
    ("best_layer_count", "sounding", "int32", "1", Result, Always),
    ("best_interface_depth", "sounding layer", "float64", "m", Result, Always),
    ("best_ln_conductivity", "sounding layer", "float64", "ln(S/m)", Result, Always),
    ("data_predicted_best", "sounding channel", "float64", "data unit", Result, Always),
    ("data_std", "sounding channel", "float64", "data unit", Result, Always),
    ("misfit_best", "sounding", "float64", "1", Result, Always),
    ("conductivity_p05", "sounding depth", "float32", "S/m", Product, Merged),
    ("conductivity_p10", "sounding depth", "float32", "S/m", Product, Merged),
    ("conductivity_p50", "sounding depth", "float32", "S/m", Product, Merged),
    ("conductivity_p90", "sounding depth", "float32", "S/m", Product, Merged),
    ("conductivity_p95", "sounding depth", "float32", "S/m", Product, Merged),
    ("conductivity_mean", "sounding depth", "float32", "S/m", Product, Merged),
    ("conductivity_mode", "sounding depth", "float32", "S/m", Product, Merged),
    ("conductivity_best", "sounding depth", "float32", "S/m", Product, Merged),
    ("credible_width", "sounding depth", "float32", "1", Product, Merged),
    ("entropy", "sounding depth", "float32", "bit", Product, Merged),
    ("information_gain", "sounding depth", "float32", "bit", Product, Merged),
    ("depth_of_information", "sounding", "float32", "m", Product, Merged),
    ("depth_of_investigation_relative", "sounding", "float32", "m", Product, Merged),
    ("interface_density", "sounding depth", "float32", "1/m", Product, Merged),
    ("interface_probability", "sounding depth", "float32", "1", Product, Merged),
    ("probable_interface_depth", "sounding probable_interface", "float32", "m", Product, Merged),
    ("probable_interface_count", "sounding probable_interface", "float32", "1", Product, Merged),
    ("layer_count_p50", "sounding", "int32", "1", Product, Merged),
    ("layer_count_probability", "sounding layer_count", "float32", "1", Product, Merged),
    ("misfit_p50", "sounding", "float32", "1", Product, Merged),
    ("relative_error_p05", "sounding error_group", "float32", "1", Product, SampledMerged),
    ("relative_error_p50", "sounding error_group", "float32", "1", Product, SampledMerged),
    ("relative_error_p95", "sounding error_group", "float32", "1", Product, SampledMerged),
    ("additive_error_p05", "sounding error_group", "float32", "additive unit", Product, SampledMerged),
    ("additive_error_p50", "sounding error_group", "float32", "additive unit", Product, SampledMerged),
    ("additive_error_p95", "sounding error_group", "float32", "additive unit", Product, SampledMerged),
    ("geometry_p05", "sounding geometry_parameter", "float32", "m or deg", Product, SampledMerged),
    ("geometry_p50", "sounding geometry_parameter", "float32", "m or deg", Product, SampledMerged),
    ("geometry_p95", "sounding geometry_parameter", "float32", "m or deg", Product, SampledMerged),
    ("class_probability", "sounding depth class", "float32", "1", Product, Classes),
    ("most_probable_class", "sounding depth", "int8", "1", Product, Classes),
    ("most_probable_class_probability", "sounding depth", "float32", "1", Product, Classes),
];

/// Names and dimensions that the design guarantees to users; they may never change.
#[rustfmt::skip]
const PROMISED: &[(&str, &str)] = &[
    ("line_number", "sounding"), ("fiducial", "sounding"), ("easting", "sounding"), ("northing", "sounding"),
    ("elevation", "sounding"), ("height", "sounding"),
    ("depth", "depth"), ("depth_bounds", "depth nv"),
    ("log10_conductivity", "log10_conductivity"), ("log10_conductivity_bounds", "log10_conductivity nv"),
    ("status", "sounding"),
    ("hitmap", "sounding depth log10_conductivity"), ("interface_histogram", "sounding depth"),
    ("layer_count_histogram", "sounding layer_count"),
    ("data_observed", "sounding channel"), ("data_std", "sounding channel"), ("data_predicted_best", "sounding channel"),
    ("misfit_best", "sounding"),
    ("sample_layer_count", "sounding sample"), ("sample_interface_depth", "sounding sample layer"),
    ("sample_ln_conductivity", "sounding sample layer"),
    ("iterations", "sounding"), ("cpu_seconds", "sounding"),
];

fn dims_of(field: &Field) -> String {
    field.dims.iter().map(|dim| dim.name()).collect::<Vec<_>>().join(" ")
}

/// Would catch: a field renamed, retyped, given another unit or other dimensions, added or removed by accident.
#[test]
fn the_table_is_the_one_that_was_agreed() {
    let agreed: BTreeMap<_, _> = TABLE.iter().map(|row| (row.0, row)).collect();
    assert_eq!(agreed.len(), TABLE.len(), "a name stands twice in this test");
    for field in FIELDS {
        let Some(&&(name, dims, kind, unit, role, place)) = agreed.get(field.name) else {
            panic!("{} is new: add it here and raise the second number of SCHEMA_VERSION", field.name);
        };
        let got = (dims_of(field), field.kind.name(), field.unit, field.role, field.when != When::Always);
        // A variable that lines lack because it is computed later is a product, not an optional variable.
        let optional = place != Always && (place != Merged || role != Product);
        assert_eq!(got, (dims.to_owned(), kind, unit, role, optional), "{name}");
    }
    let there: BTreeSet<&str> = FIELDS.iter().map(|field| field.name).collect();
    let gone: Vec<&&str> = agreed.keys().filter(|name| !there.contains(*name)).collect();
    assert!(gone.is_empty(), "{gone:?} are gone: remove them here and raise the first number of SCHEMA_VERSION");
    assert_eq!(SCHEMA_VERSION, "2.7", "change this number with the tables of this test");
}

/// Would catch: a guaranteed name that is missing or has another shape.
#[test]
fn promised_names_are_there() {
    for (name, dims) in PROMISED {
        let field = field(name).unwrap_or_else(|| panic!("{name} is promised and missing"));
        assert_eq!(dims_of(field), *dims, "{name}");
    }
    for prefix in ["rhat_", "ess_"] {
        assert!(FIELDS.iter().any(|field| field.name.starts_with(prefix) && field.role == Result), "no {prefix}*");
    }
    for dim in ["sounding", "channel", "depth", "log10_conductivity", "layer_count", "sample", "layer"] {
        assert!(Dim::ALL.iter().any(|d| d.name() == dim), "no dimension {dim}");
    }
}

/// Would catch: numbers that get another meaning, which would change the meaning of old files.
#[test]
fn numbers_of_status_and_reason_stay() {
    let statuses = Status::ALL.map(|status| (status as i8, status.name()));
    assert_eq!(
        statuses,
        [(0, "not_run"), (1, "converged"), (2, "not_converged"), (3, "failed"), (4, "no_data"), (5, "usable")]
    );
    let reasons = Reason::ALL.map(|reason| (reason as i8, reason.name()));
    assert_eq!(
        reasons,
        [
            (0, "none"),
            (1, "targets_met"),
            (2, "chains_disagree"),
            (3, "too_few_effective_samples"),
            (4, "panicked"),
            (5, "no_active_channel"),
            (6, "stuck_rung"),
            (7, "poor_fit"),
            (8, "uncertain_percentiles"),
            (9, "at_conductivity_bound"),
            (10, "at_error_bound"),
            (11, "at_geometry_bound"),
            (12, "implausible_conductivity"),
            (13, "fit_too_close"),
        ]
    );
    for code in i8::MIN..=i8::MAX {
        assert_eq!(Status::from_code(code).map(|s| s as i8), (0..=5).contains(&code).then_some(code));
        assert_eq!(Reason::from_code(code).map(|r| r as i8), (0..=13).contains(&code).then_some(code));
    }
}

fn type_name(descriptor: &TypeDescriptor) -> &'static str {
    match descriptor {
        TypeDescriptor::Integer(IntSize::U1) => "int8",
        TypeDescriptor::Integer(IntSize::U4) => "int32",
        TypeDescriptor::Integer(IntSize::U8) => "int64",
        TypeDescriptor::Unsigned(IntSize::U4) => "uint32",
        TypeDescriptor::Float(FloatSize::U4) => "float32",
        TypeDescriptor::Float(FloatSize::U8) => "float64",
        TypeDescriptor::VarLenUnicode => "text",
        _ => "something else",
    }
}

/// Asserts that the file has the variables of `TABLE`, except those that exist only in `other` files, each with its
/// type and dimensions, and nothing else.
fn assert_as_in_the_table(file: &hdf5_metno::File, other: &[In]) {
    let rows = || TABLE.iter().filter(|row| !other.contains(&row.5));
    let mut expected: BTreeMap<&str, (&str, usize)> =
        rows().map(|&(name, dims, kind, ..)| (name, (kind, dims.split_whitespace().count()))).collect();
    expected.extend([("configuration", ("text", 0)), ("system_files", ("text", 0))]);
    let mut strangers = Vec::new();
    for name in file.member_names().unwrap() {
        let dataset = file.dataset(&name).unwrap();
        let got = (type_name(&dataset.dtype().unwrap().to_descriptor().unwrap()), dataset.ndim());
        match expected.remove(name.as_str()) {
            Some(expected) => assert_eq!(got, expected, "{name}"),
            None => strangers.push(name),
        }
    }
    assert!(strangers.is_empty(), "variables that no table has: {strangers:?}");
    assert!(expected.is_empty(), "variables that are missing: {:?}", expected.keys());

    // Sizes of dimensions, each from its coordinate.
    for &(name, dims, ..) in rows() {
        let shape: Vec<usize> = dims.split_whitespace().map(|dim| file.dataset(dim).unwrap().size()).collect();
        assert_eq!(file.dataset(name).unwrap().shape(), shape, "{name}");
    }
}

fn sizes<const N: usize>(file: &hdf5_metno::File, dims: [&str; N]) -> [usize; N] {
    dims.map(|dim| file.dataset(dim).unwrap().size())
}

/// Would catch: a writer that leaves out, adds or changes variables against the table.
#[test]
fn files_hold_what_the_table_says_and_nothing_else() {
    let workdir = Workdir::with_survey(2);
    workdir.configure("geometry.height.prior = 'normal'\ngeometry.height.std_m = 0.5");
    workdir.invert("out", &[]).succeeds();
    let file = hdf5_metno::File::open(line_path(&workdir.path("out"), 1.0)).unwrap();
    assert_as_in_the_table(&file, &[Time, WithStd, Merged, SampledMerged, Classes]);
    let dims = ["sounding", "channel", "layer", "layer_count", "sample", "chain", "nv"];
    assert_eq!(sizes(&file, dims), [2, 12, 8, 8, 20, 2, 2]);
    assert_eq!(sizes(&file, ["error_group", "geometry_parameter"]), [1, 1]);

    let mut global = file.attr_names().unwrap();
    global.sort();
    assert_eq!(
        global,
        [
            "Conventions",
            "additive_error_unit",
            "data_file",
            "data_sha256",
            "data_unit",
            "domain",
            "fingerprint",
            "schema_version",
            "seed",
            "source",
            "title"
        ]
    );

    workdir.geobipy(&["merge", "out", "-o", "plain.h5"]).succeeds();
    let file = hdf5_metno::File::open(workdir.path("plain.h5")).unwrap();
    assert_as_in_the_table(&file, &[Time, WithStd, Classes]);
    workdir.geobipy(&["merge", "out", "-o", "classes.h5", "--class", "clay=0.05:1"]).succeeds();
    let file = hdf5_metno::File::open(workdir.path("classes.h5")).unwrap();
    assert_as_in_the_table(&file, &[Time, WithStd]);
    assert_eq!(sizes(&file, ["sounding", "probable_interface", "class"]), [2, 5, 1]);
}

/// Would catch: variables of time-domain surveys that are missing, or have another shape than in the table.
#[test]
fn time_domain_files_hold_what_the_table_says_and_nothing_else() {
    let workdir = fixed_wing(2);
    let geometry = "geometry.height.prior = 'normal'\ngeometry.height.std_m = 0.5\n\
                    geometry.rx_pitch.prior = 'uniform'\ngeometry.rx_pitch.half_width_deg = 1.0";
    configure_fixed_wing(&workdir, geometry);
    workdir.invert("out", &[]).succeeds();
    let file = hdf5_metno::File::open(line_path(&workdir.path("out"), 1.0)).unwrap();
    assert_as_in_the_table(&file, &[Frequency, WithStd, Merged, SampledMerged, Classes]);
    let dims = ["sounding", "channel", "error_group", "geometry_parameter", "sample", "nv"];
    assert_eq!(sizes(&file, dims), [2, 30, 2, 2, 20, 2]);
}

/// Would catch: documentation that differs from the table.
#[test]
fn the_documentation_is_made_from_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/result-schema.md");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == document(),
        "docs/result-schema.md is not what `geobipy schema` prints: run `geobipy schema > docs/result-schema.md`"
    );
    let printed = Workdir::new().geobipy(&["schema"]).succeeds();
    assert_eq!(printed, document());
    for (name, ..) in TABLE {
        assert!(written.contains(&format!("| `{name}` |")), "{name} is not documented");
    }
}
