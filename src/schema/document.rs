//! `docs/result-schema.md`, made from the table so that it cannot drift.

use std::fmt::Write;

use super::fields::{FIELDS, Field, Role};
use super::status::{Reason, Status};
use super::version::SCHEMA_VERSION;
use crate::bayes::Warning;

/// The documentation of result files as Markdown.
pub fn document() -> String {
    let mut text = format!(
        "# Result files, schema {SCHEMA_VERSION}\n\n\
         <!-- Made by `geobipy schema`; do not edit. -->\n\n\
         `geobipy invert` writes one file per flight line, `OUTDIR/line_<line number>.h5`. It is an HDF5 file and a valid\n\
         netCDF-4 file with CF attributes: h5py, `ncdump`, xarray and MATLAB read it as it is. Every dimension has a\n\
         coordinate variable of its name. Results of a sounding whose `status` is `not_run` are missing: NaN, -1 for whole\n\
         numbers, as the attribute `_FillValue` says, and 0 for the counts of histograms. Files before schema 2.6 hold 0 there.\n\
         `geobipy merge` joins lines into one file with the same variables and some more.\n\n"
    );
    let sections = [
        (Role::Constant, "Coordinates and constants of the survey"),
        (Role::Input, "What came in for each sounding"),
        (Role::Result, "What came out for each sounding"),
        (Role::Product, "What `geobipy merge` computes for each sounding"),
    ];
    for (role, title) in sections {
        let _ =
            write!(text, "## {title}\n\n| variable | dimensions | type | unit | meaning |\n|---|---|---|---|---|\n");
        for field in FIELDS.iter().copied().filter(|field| field.role == role) {
            text.push_str(&row(field));
        }
        text.push('\n');
    }
    let _ = write!(text, "## Status\n\n| number | `status` |\n|---|---|\n");
    for status in Status::ALL {
        let _ = writeln!(text, "| {} | `{}` |", status as i8, status.name());
    }
    let _ = write!(text, "\n| number | `status_reason` |\n|---|---|\n");
    for reason in Reason::ALL {
        let _ = writeln!(text, "| {} | `{}` |", reason as i8, reason.name());
    }
    text.push_str("\n| bit | in `status_warnings` |\n|---|---|\n");
    for warning in Warning::ALL {
        let _ = writeln!(text, "| {} | `{}` |", warning.bit(), warning.name());
    }
    text.push_str(
        "\nWhat they mean for those who read percentiles stands in [sampler.md](sampler.md#the-verdict). Files of schema 2.4 and before have\n\
         no `usable` and no warnings; their other numbers mean the same, but that a poor fit could be `converged`.\n",
    );
    text.push_str(
        "\n## Texts\n\n\
         | scalar string | content |\n|---|---|\n\
         | `configuration` | the resolved configuration, TOML, every default written out |\n\
         | `system_files` | the instrument files as they were read |\n\
         | `crs` | the coordinate reference system of easting and northing as the user named it, where one was named; its attribute \
         `crs_wkt` is the WKT; the `grid_mapping` of all variables of soundings |\n\n\
         Global attributes: `Conventions`, `title`, `source` (program and version), `schema_version`, `seed`, `domain`\n\
         (`frequency` or `time`), `data_file`,\n\
         `data_unit`, `additive_error_unit`, `data_sha256` (of the survey file and its definition; with `leave_out.polygons` also of the lines and fiducials of the soundings that are left), `fingerprint` (SHA-256 of program version, configuration, survey and system files).\n\n\
         ## Versions\n\n\
         A new variable raises the second number of the schema version. Every release of geobipy reads all files of the same first number:\n\
         `merge`, `export`, `plot` and `status` take files of several versions together, and what an older file lacks is missing. `merge`\n\
         compares what decides the posterior (survey file, configuration, instruments, priors) and names the first difference; keys and\n\
         variables that only one version has are no difference. A variable that is renamed or removed, or that changes its meaning, raises\n\
         the first number, and files of another first number are refused. `invert` does not continue results of another version.\n\n\
         `invert` continues results whose configuration differs only in the budget (`sampler.maximum_burn_in`, `sampler.maximum_iterations`,\n\
         `sampler.rhat_target`, `sampler.ess_target`) or in `survey.crs`. Files take over the new values; every other key decides the\n\
         posterior, and another value of it is refused.\n",
    );
    text
}

fn row(field: &Field) -> String {
    let dims: Vec<&str> = field.dims.iter().map(|dim| dim.name()).collect();
    let when = field.when.words().map_or_else(String::new, |words| format!(" {words}"));
    let unit = if field.unit == "1" { "" } else { field.unit };
    format!(
        "| `{}` | {} | {} | {unit} | {}{when} |\n",
        field.name,
        dims.join(", "),
        field.kind.name(),
        field.full_meaning()
    )
}
