//! What outsiders rely on: names, dimensions, types, units and numbers in result files.
//!
//! This is a second copy of the table in src/schema/fields.rs, on purpose: a change there that is not made here fails, and
//! whoever makes it here as well has to think of [`SCHEMA_VERSION`] and of those who read the files.

use std::collections::{BTreeMap, BTreeSet};

use geobipy::schema::Role::{Constant, Input, Result};
use geobipy::schema::{Dim, FIELDS, Field, Reason, Role, SCHEMA_VERSION, Status, document, field, line_path};
use hdf5_metno::types::{FloatSize, IntSize, TypeDescriptor};

use crate::support::Workdir;

const ALWAYS: bool = false;
const SOMETIMES: bool = true;

/// Name, dimensions from the slowest, type, unit, when written, whether it may be absent.
#[rustfmt::skip]
const TABLE: &[(&str, &str, &str, &str, Role, bool)] = &[
    ("sounding", "sounding", "int32", "1", Constant, ALWAYS),
    ("channel", "channel", "int32", "1", Constant, ALWAYS),
    ("depth", "depth", "float64", "m", Constant, ALWAYS),
    ("depth_bounds", "depth nv", "float64", "m", Constant, ALWAYS),
    ("log10_conductivity", "log10_conductivity", "float64", "log10(S/m)", Constant, ALWAYS),
    ("log10_conductivity_bounds", "log10_conductivity nv", "float64", "log10(S/m)", Constant, ALWAYS),
    ("layer_count", "layer_count", "int32", "1", Constant, ALWAYS),
    ("layer", "layer", "int32", "1", Constant, ALWAYS),
    ("sample", "sample", "int32", "1", Constant, ALWAYS),
    ("chain", "chain", "int32", "1", Constant, ALWAYS),
    ("trace", "trace", "int32", "1", Constant, ALWAYS),
    ("move", "move", "int32", "1", Constant, ALWAYS),
    ("diagnostic_depth", "diagnostic_depth", "float64", "m", Constant, ALWAYS),
    ("relative_error", "relative_error", "float64", "1", Constant, SOMETIMES),
    ("relative_error_bounds", "relative_error nv", "float64", "1", Constant, SOMETIMES),
    ("additive_error", "additive_error", "float64", "data unit", Constant, SOMETIMES),
    ("additive_error_bounds", "additive_error nv", "float64", "data unit", Constant, SOMETIMES),
    ("height_offset", "height_offset", "float64", "m", Constant, SOMETIMES),
    ("height_offset_bounds", "height_offset nv", "float64", "m", Constant, SOMETIMES),
    ("nv", "nv", "int32", "1", Constant, ALWAYS),
    ("channel_frequency", "channel", "float64", "Hz", Constant, ALWAYS),
    ("channel_quadrature", "channel", "int8", "1", Constant, ALWAYS),
    ("prior_layer_count", "layer_count", "float64", "1", Constant, ALWAYS),
    ("prior_interface_count", "depth", "float64", "1", Constant, ALWAYS),
    ("line_number", "sounding", "float64", "1", Input, ALWAYS),
    ("fiducial", "sounding", "float64", "1", Input, ALWAYS),
    ("easting", "sounding", "float64", "m", Input, ALWAYS),
    ("northing", "sounding", "float64", "m", Input, ALWAYS),
    ("elevation", "sounding", "float64", "m", Input, ALWAYS),
    ("height", "sounding", "float64", "m", Input, ALWAYS),
    ("data_observed", "sounding channel", "float64", "data unit", Input, ALWAYS),
    ("status", "sounding", "int8", "1", Result, ALWAYS),
    ("status_reason", "sounding", "int8", "1", Result, ALWAYS),
    ("burn_in", "sounding", "int64", "1", Result, ALWAYS),
    ("iterations", "sounding", "int64", "1", Result, ALWAYS),
    ("cpu_seconds", "sounding", "float64", "s", Result, ALWAYS),
    ("acceptance_rate", "sounding move", "float32", "1", Result, ALWAYS),
    ("rhat_layer_count", "sounding", "float64", "1", Result, ALWAYS),
    ("rhat_misfit", "sounding", "float64", "1", Result, ALWAYS),
    ("rhat_log10_conductivity", "sounding diagnostic_depth", "float64", "1", Result, ALWAYS),
    ("ess_layer_count", "sounding", "float64", "1", Result, ALWAYS),
    ("ess_misfit", "sounding", "float64", "1", Result, ALWAYS),
    ("ess_log10_conductivity", "sounding diagnostic_depth", "float64", "1", Result, ALWAYS),
    ("misfit_trace", "sounding chain trace", "float32", "1", Result, ALWAYS),
    ("hitmap", "sounding depth log10_conductivity", "uint32", "1", Result, ALWAYS),
    ("interface_histogram", "sounding depth", "uint32", "1", Result, ALWAYS),
    ("layer_count_histogram", "sounding layer_count", "uint32", "1", Result, ALWAYS),
    ("relative_error_histogram", "sounding relative_error", "uint32", "1", Result, SOMETIMES),
    ("additive_error_histogram", "sounding additive_error", "uint32", "1", Result, SOMETIMES),
    ("height_offset_histogram", "sounding height_offset", "uint32", "1", Result, SOMETIMES),
    ("sample_layer_count", "sounding sample", "int32", "1", Result, ALWAYS),
    ("sample_chain", "sounding sample", "int32", "1", Result, ALWAYS),
    ("sample_interface_depth", "sounding sample layer", "float32", "m", Result, ALWAYS),
    ("sample_ln_conductivity", "sounding sample layer", "float32", "ln(S/m)", Result, ALWAYS),
    ("sample_relative_error", "sounding sample", "float32", "1", Result, ALWAYS),
    ("sample_additive_error", "sounding sample", "float32", "data unit", Result, ALWAYS),
    ("sample_height", "sounding sample", "float32", "m", Result, ALWAYS),
    ("sample_misfit", "sounding sample", "float32", "1", Result, ALWAYS),
    ("data_predicted_p05", "sounding channel", "float64", "data unit", Result, ALWAYS),
    ("data_predicted_p50", "sounding channel", "float64", "data unit", Result, ALWAYS),
    ("data_predicted_p95", "sounding channel", "float64", "data unit", Result, ALWAYS),
    ("prior_log10_conductivity_p05", "sounding", "float64", "log10(S/m)", Result, ALWAYS),
    ("prior_log10_conductivity_p50", "sounding", "float64", "log10(S/m)", Result, ALWAYS),
    ("prior_log10_conductivity_p95", "sounding", "float64", "log10(S/m)", Result, ALWAYS),
    ("best_layer_count", "sounding", "int32", "1", Result, ALWAYS),
    ("best_interface_depth", "sounding layer", "float64", "m", Result, ALWAYS),
    ("best_ln_conductivity", "sounding layer", "float64", "ln(S/m)", Result, ALWAYS),
    ("data_predicted_best", "sounding channel", "float64", "data unit", Result, ALWAYS),
    ("data_std", "sounding channel", "float64", "data unit", Result, ALWAYS),
    ("misfit_best", "sounding", "float64", "1", Result, ALWAYS),
];

/// Names that the design promises to outsiders, with dimensions; never to be renamed.
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

/// Would catch: a field renamed, retyped, given another unit or other dimensions, added or removed without a thought.
#[test]
fn the_table_is_the_one_that_was_agreed() {
    let agreed: BTreeMap<_, _> = TABLE.iter().map(|row| (row.0, row)).collect();
    assert_eq!(agreed.len(), TABLE.len(), "a name stands twice in this test");
    for field in FIELDS {
        let Some(&&(name, dims, kind, unit, role, optional)) = agreed.get(field.name) else {
            panic!("{} is new: add it here and raise the second number of SCHEMA_VERSION", field.name);
        };
        let got = (dims_of(field), field.kind.name(), field.unit, field.role, field.optional);
        assert_eq!(got, (dims.to_owned(), kind, unit, role, optional), "{name}");
    }
    let there: BTreeSet<&str> = FIELDS.iter().map(|field| field.name).collect();
    let gone: Vec<&&str> = agreed.keys().filter(|name| !there.contains(*name)).collect();
    assert!(gone.is_empty(), "{gone:?} are gone: remove them here and raise the first number of SCHEMA_VERSION");
    assert_eq!(SCHEMA_VERSION, "1.0", "change this number with the tables of this test");
}

/// Would catch: a name that outsiders were promised missing or of another shape.
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

/// Would catch: numbers given another meaning, which old files then would have too.
#[test]
fn numbers_of_status_and_reason_stay() {
    let statuses = Status::ALL.map(|status| (status as i8, status.name()));
    assert_eq!(statuses, [(0, "not_run"), (1, "converged"), (2, "not_converged"), (3, "failed"), (4, "no_data")]);
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
        ]
    );
    for code in i8::MIN..=i8::MAX {
        assert_eq!(Status::from_code(code).map(|s| s as i8), (0..=4).contains(&code).then_some(code));
        assert_eq!(Reason::from_code(code).map(|r| r as i8), (0..=5).contains(&code).then_some(code));
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

/// Would catch: a writer that leaves out, adds or changes variables whatever the table says.
#[test]
fn files_hold_what_the_table_says_and_nothing_else() {
    let workdir = Workdir::with_survey(2);
    workdir.configure("height.prior = 'normal'");
    workdir.invert("out", &[]).succeeds();
    let file = hdf5_metno::File::open(line_path(&workdir.path("out"), 1.0)).unwrap();

    let mut expected: BTreeMap<&str, (&str, usize)> =
        TABLE.iter().map(|&(name, dims, kind, ..)| (name, (kind, dims.split(' ').count()))).collect();
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
    let size = |dim: &str| file.dataset(dim).unwrap().size();
    for &(name, dims, ..) in TABLE {
        let shape: Vec<usize> = dims.split(' ').map(size).collect();
        assert_eq!(file.dataset(name).unwrap().shape(), shape, "{name}");
    }
    let sizes = ["sounding", "channel", "layer", "layer_count", "sample", "chain", "nv"].map(size);
    assert_eq!(sizes, [2, 12, 8, 8, 20, 2, 2]);

    let mut global = file.attr_names().unwrap();
    global.sort();
    assert_eq!(
        global,
        ["Conventions", "data_file", "data_unit", "fingerprint", "schema_version", "seed", "source", "title"]
    );
}

/// Would catch: documentation that lags behind the table.
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
