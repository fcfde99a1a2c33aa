//! Wrong input: each mistake gives one clear message on standard error and a non-zero exit code, never a panic, and
//! changes nothing.
//!
//! `Cmd::refused` has the assertions that every test here makes besides its message.

use std::fs;
use std::path::Path;

use geobipy::schema::{SCHEMA_VERSION, line_path};

use crate::support::{CONFIG, SURVEY, SYSTEM, Workdir};

/// A configuration as users write it, in tables; `model` and `sampler` are further keys of these tables.
fn tables(model: &str, sampler: &str) -> String {
    format!(
        "[survey]\ndata = '{SURVEY}'\nsystem = ['{SYSTEM}']\n\n[model]\n{model}\n\n\
         [sampler]\nmaximum_burn_in = 500\nmaximum_iterations = 2000\n{sampler}\n"
    )
}

/// A survey with its system and the configuration `text`.
fn configured(text: &str) -> Workdir {
    let workdir = Workdir::with_survey(2);
    workdir.write(CONFIG, text);
    workdir
}

#[track_caller]
fn refused_configuration(text: &str, message_parts: &[&str]) {
    configured(text).invert("out", &[]).refused(1, message_parts);
}

/// Inverts a survey whose cells were changed by `edit`.
#[track_caller]
fn refused_survey(edit: impl Fn(usize, &mut Vec<String>), message_parts: &[&str]) {
    let workdir = Workdir::with_survey(3);
    workdir.edit_cells(SURVEY, edit);
    workdir.invert("out", &[]).refused(1, message_parts);
}

/// Three soundings, the second not run.
fn inverted() -> Workdir {
    let workdir = Workdir::with_survey(3);
    workdir.invert("out", &["--fiducial", "0", "--fiducial", "2"]).succeeds();
    workdir
}

// Missing files

#[test]
fn a_missing_configuration() {
    let workdir = Workdir::with_survey(2);
    workdir.geobipy(&["invert", "nowhere.toml", "out"]).refused(1, &["nowhere.toml", "No such file"]);
}

#[test]
fn a_missing_survey() {
    let workdir = Workdir::with_survey(2);
    fs::remove_file(workdir.path(SURVEY)).unwrap();
    workdir.invert("out", &[]).refused(1, &[SURVEY, "No such file"]);
}

#[test]
fn a_missing_system() {
    let workdir = Workdir::with_survey(2);
    fs::remove_file(workdir.path(SYSTEM)).unwrap();
    workdir.invert("out", &[]).refused(1, &[SYSTEM, "No such file"]);
}

// The survey

#[test]
fn a_missing_column() {
    refused_survey(
        |i, cells| {
            if i == 0 {
                cells[4] = "Hight".to_owned();
            }
        },
        &["survey.csv, line 1", "got columns", "Hight", "expected a column named", "height"],
    );
}

#[test]
fn text_in_a_number_column() {
    refused_survey(
        |i, cells| {
            if i == 2 {
                cells[7] = "57;4".to_owned();
            }
        },
        &["survey.csv, line 3", "column In_Phase_1776.0", "got \"57;4\"", "expected a number"],
    );
}

#[test]
fn a_number_of_channels_that_is_not_the_systems() {
    refused_survey(
        |_, cells| {
            cells.pop();
        },
        &["survey.csv, line 1", "got 5 quadrature columns", "expected 6", "bird"],
    );
}

#[test]
fn the_same_sounding_twice() {
    refused_survey(
        |i, cells| {
            if i == 3 {
                cells[1] = "1".to_owned();
            }
        },
        &["survey.csv, line 4", "line 1 fiducial 1", "line 3", "expected each sounding once"],
    );
}

#[test]
fn an_empty_survey() {
    let workdir = Workdir::with_survey(2);
    workdir.write(SURVEY, "");
    workdir.invert("out", &[]).refused(1, &[SURVEY, "got an empty file", "expected a header"]);
    workdir.simulate(1);
    let header = workdir.text(SURVEY).lines().next().unwrap().to_owned();
    workdir.write(SURVEY, header);
    workdir.invert("out", &[]).refused(1, &[SURVEY, "got a header and no rows", "expected at least one row"]);
}

#[test]
fn a_survey_that_is_no_text() {
    let workdir = Workdir::with_survey(2);
    workdir.write(SURVEY, b"\x89HDF\r\n\x1a\n\0\0\0");
    workdir.invert("out", &[]).refused(1, &["survey.csv: got ", "HDF error", "expected a netCDF file"]);
}

// The system

#[test]
fn a_system_with_a_wrong_cell() {
    let workdir = Workdir::with_survey(2);
    workdir.replace(SYSTEM, "1776, z", "1776, w");
    workdir.invert("out", &[]).refused(1, &["bird.stm, line 4", "column tor", "got \"w\"", "expected x, y or z"]);
}

#[test]
fn a_time_domain_system_that_says_nothing() {
    let workdir = Workdir::with_survey(2);
    workdir.write(SYSTEM, "System Begin\n\tName = SkyTEM\nSystem End\n");
    let parts = ["bird.stm, line 1: got no Type in System, expected Time Domain", "got no block Receiver in System"];
    let message = workdir.invert("out", &[]).refused_at_length(1, &parts);
    assert_eq!(message.lines().count(), 4, "{message}");
}

// The configuration

#[test]
fn a_misspelt_key_gets_the_right_one() {
    let parts = ["survey.toml, line 6", "unknown key maximum_layer,", "maximum_layers"];
    refused_configuration(&tables("maximum_layer = 5", ""), &parts);
}

#[test]
fn a_misspelt_table_gets_the_right_one() {
    let parts = ["survey.toml, line 1", "unknown key priors", "expected prior"];
    refused_configuration(&format!("priors.layer_count = 'uniform'\n{}", tables("", "")), &parts);
}

#[test]
fn a_misspelt_choice_gets_the_right_one() {
    let text = tables("", "") + "[prior]\nlayer_count = 'unifrom'\n";
    refused_configuration(&text, &["survey.toml, line 13", "unknown value unifrom", "expected uniform"]);
}

#[test]
fn a_value_out_of_range() {
    let parts = ["survey.toml, line 11", "sampler.chains", "got 1", "expected a number from 2 to 64"];
    refused_configuration(&tables("", "chains = 1"), &parts);
}

/// `sampler.chains = 1` is the same TOML as `chains = 1` below `[sampler]`.
#[test]
fn a_value_out_of_range_in_a_dotted_key() {
    let workdir = Workdir::with_survey(2);
    workdir.replace(CONFIG, "sampler.chains = 2", "sampler.chains = 1");
    workdir
        .invert("out", &[])
        .refused(1, &["survey.toml, line 4", "sampler.chains", "got 1", "expected a number from 2"]);
}

#[test]
fn several_values_out_of_range_are_all_named() {
    let text = tables("minimum_depth_m = -1.0", "chains = 1");
    refused_configuration(
        &text,
        &["line 6, column model.minimum_depth_m: got -1", "line 11, column sampler.chains: got 1"],
    );
}

#[test]
fn a_value_that_is_not_a_number() {
    let text = tables("maximum_depth_m = nan", "");
    refused_configuration(&text, &["survey.toml, line 6", "model.maximum_depth_m", "got NaN", "expected more than"]);
}

#[test]
fn a_value_of_the_wrong_type() {
    let parts = ["survey.toml, line 6", "string \"many\"", "expected"];
    refused_configuration(&tables("maximum_layers = 'many'", ""), &parts);
    refused_configuration(&tables("maximum_layers = -3", ""), &["survey.toml, line 6", "-3", "expected"]);
}

#[test]
fn a_configuration_that_is_no_toml() {
    refused_configuration(&tables("maximum_layers: 5", ""), &["survey.toml, line 6", "expected"]);
}

#[test]
fn a_configuration_without_a_survey() {
    refused_configuration("[sampler]\nseed = 3\n", &["survey.toml", "survey.data", "survey.system", "got", "expected"]);
}

// Output

#[test]
fn an_output_that_cannot_be_made() {
    let workdir = Workdir::with_survey(2);
    workdir.invert("survey.csv/out", &[]).refused(1, &["survey.csv/out", "Not a directory"]);
}

#[test]
fn an_output_that_is_a_file() {
    let workdir = Workdir::with_survey(2);
    workdir.invert(SURVEY, &[]).refused(1, &[SURVEY]);
}

#[test]
fn results_of_another_configuration_are_not_touched() {
    let workdir = inverted();
    workdir.configure("prior.conductivity_log10_std = 0.8");
    let parts = ["line_1.h5", "holds results of another run (", "nothing was changed", "another output directory"];
    let message = workdir.invert("out", &[]).refused(1, &parts);
    assert!(message.contains("prior.conductivity_log10_std = 1.0, now 0.8"), "{message}");
    workdir.configure("");
    workdir.invert("out", &["--seed", "7"]).refused(1, &parts);
    // With the old configuration the run continues.
    workdir.invert("out", &[]).succeeds();
}

#[test]
fn results_of_another_survey_are_not_touched() {
    let workdir = inverted();
    workdir.edit_cells(SURVEY, |i, cells| {
        if i == 3 {
            cells[6] = "100".to_owned();
        }
    });
    workdir.invert("out", &[]).refused(1, &["line_1.h5", "survey", "nothing was changed"]);
    // Nor does it when the selected lines have no file yet.
    workdir.edit_cells(SURVEY, |i, cells| {
        if i == 3 {
            cells[0] = "2".to_owned();
        }
    });
    workdir.invert("out", &["--line", "2"]).refused(1, &["line_1.h5", "survey", "nothing was changed"]);
}

#[test]
fn results_of_another_system_are_not_touched() {
    let workdir = inverted();
    workdir.replace(SYSTEM, "7.93", "7.94");
    workdir
        .invert("out", &[])
        .refused(1, &["line_1.h5", "an instrument file: ", "7.93", "7.94", "nothing was changed"]);
}

#[test]
fn a_stranger_among_the_results_is_not_touched() {
    let workdir = Workdir::with_survey(2);
    fs::create_dir(workdir.path("out")).unwrap();
    workdir.write("out/line_1.h5", "not a result");
    workdir.invert("out", &[]).refused(1, &["out/line_1.h5", "HDF5"]);
}

// Selected soundings

#[test]
fn a_line_the_survey_does_not_have() {
    let workdir = Workdir::with_survey(2);
    workdir.invert("out", &["--line", "1", "--line", "77"]).refused(1, &["--line 77", "no such line", "only 1"]);
}

#[test]
fn a_fiducial_the_survey_does_not_have() {
    let workdir = Workdir::with_survey(2);
    workdir.invert("out", &["--fiducial", "77"]).refused(1, &["--fiducial 77", "no such fiducial"]);
}

#[test]
fn a_missing_fiducial_is_told_those_there_are() {
    let workdir = Workdir::with_survey(1);
    workdir.edit_cells(SURVEY, |i, cells| {
        if i == 1 {
            cells[1] = "30000.5".to_owned();
        }
    });
    workdir.invert("out", &["--fiducial", "30000"]).refused(1, &["--fiducial 30000:", "30000.5"]);
}

#[test]
fn arguments_that_are_wrong() {
    let workdir = Workdir::with_survey(2);
    workdir.invert("out", &["--threads", "many"]).refused(2, &["'many'", "--threads"]);
    workdir.invert("out", &["--line", "first"]).refused(2, &["'first'", "--line"]);
    workdir.invert("out", &["--thread", "2"]).refused(2, &["--thread", "--threads"]);
    workdir.geobipy(&["inverse", CONFIG, "out"]).refused(2, &["inverse", "invert"]);
    workdir.geobipy(&["invert", CONFIG]).refused(2, &["OUTPUT"]);
}

// Figures

#[test]
fn a_figure_of_a_line_there_is_not() {
    let workdir = inverted();
    workdir
        .geobipy(&["plot", "section", "out", "--line", "2", "-o", "a.png"])
        .refused(1, &["out", "no line 2", "only 1"]);
}

#[test]
fn a_figure_of_a_fiducial_there_is_not() {
    let workdir = inverted();
    let args = ["plot", "sounding", "out", "--line", "1", "--fiducial", "2.25", "-o", "a.png"];
    workdir.geobipy(&args).refused(1, &["out: ", "no fiducial 2.25", "nearest is 2"]);
}

#[test]
fn a_figure_of_a_sounding_that_was_not_run() {
    let workdir = inverted();
    let args = ["plot", "sounding", "out", "--line", "1", "--fiducial", "1", "-o", "a.png"];
    workdir.geobipy(&args).refused(1, &["out: ", "fiducial 1", "no posterior"]);
}

#[test]
fn a_figure_of_no_directory() {
    let workdir = Workdir::new();
    workdir.geobipy(&["plot", "section", "out", "--line", "1", "-o", "a.png"]).refused(1, &["out", "No such file"]);
    fs::create_dir(workdir.path("out")).unwrap();
    workdir
        .geobipy(&["plot", "section", "out", "--line", "1", "-o", "a.png"])
        .refused(1, &["out", "no result file (line_*.h5)"]);
}

#[test]
fn a_figure_of_a_kind_that_cannot_be_drawn() {
    let workdir = inverted();
    for name in ["a.pdf", "a"] {
        let args = ["plot", "section", "out", "--line", "1", "-o", name];
        workdir.geobipy(&args).refused(1, &[name, "extension", "expected `.png` or `.svg`"]);
        let args = ["plot", "sounding", "out", "--line", "1", "--fiducial", "0", "-o", name];
        workdir.geobipy(&args).refused(1, &[name, "extension", "expected `.png` or `.svg`"]);
    }
}

#[test]
fn a_figure_that_cannot_be_written() {
    let workdir = inverted();
    let args = ["plot", "section", "out", "--line", "1", "-o", "survey.csv/a.png"];
    workdir.geobipy(&args).refused(1, &["survey.csv/a.png", "Not a directory"]);
    let args = ["plot", "section", "out", "--line", "1", "-o", "no/such/folder/a.png"];
    workdir.geobipy(&args).refused(1, &["no/such/folder/a.png", "No such file"]);
}

#[test]
fn figure_settings_out_of_range() {
    let workdir = inverted();
    let section = |more: &[&str]| -> Vec<String> {
        ["plot", "section", "out", "--line", "1", "-o", "a.png"].iter().chain(more).map(|s| (*s).to_owned()).collect()
    };
    for (more, part) in [
        (&["--maximum-depth", "0"][..], "0"),
        (&["--maximum-depth", "nan"], "NaN"),
        (&["--limits", "0:0.1"], "numbers above 0"),
        (&["--style", "nowhere.toml"], "nowhere.toml"),
    ] {
        let args = section(more);
        workdir.geobipy(&args.iter().map(String::as_str).collect::<Vec<_>>()).refused(1, &[part]);
    }
}

#[test]
fn a_figure_of_a_file_that_is_not_hdf5() {
    let workdir = Workdir::new();
    fs::create_dir(workdir.path("out")).unwrap();
    for content in [&b""[..], b"line,fiducial\n", b"\x89HDF\r\n\x1a\n"] {
        workdir.write("out/line_1.h5", content);
        let args = ["plot", "section", "out", "--line", "1", "-o", "a.png"];
        workdir.geobipy(&args).refused(1, &["out/line_1.h5", "HDF5"]);
    }
}

#[test]
fn a_figure_of_a_truncated_file() {
    let workdir = inverted();
    let path = line_path(&workdir.path("out"), 1.0);
    let whole = fs::read(&path).unwrap();
    for length in [whole.len() - 1, whole.len() / 2, 5000, 100] {
        fs::write(&path, &whole[..length]).unwrap();
        let args = ["plot", "section", "out", "--line", "1", "-o", "a.png"];
        workdir.geobipy(&args).refused(1, &["out/line_1.h5", "is a damaged HDF5 file: its end is missing"]);
        // Nor does a run go on with it.
        workdir.invert("out", &[]).refused(1, &["out/line_1.h5", "is a damaged HDF5 file: its end is missing"]);
    }
}

/// Replaces `from` by `to`, of equal length, in an attribute of the file of line 1.
pub fn patch_attribute(workdir: &Workdir, attribute: &str, from: &str, to: &str) {
    patch_file(&line_path(&workdir.path("out"), 1.0), attribute, from, to);
}

/// Writes another text of the same length over that of an attribute of a file.
pub fn patch_file(path: &Path, attribute: &str, from: &str, to: &str) {
    assert_eq!(from.len(), to.len());
    let mut bytes = fs::read(path).unwrap();
    let find = |bytes: &[u8], what: &str| bytes.windows(what.len()).position(|window| window == what.as_bytes());
    let name = find(&bytes, attribute).unwrap();
    let value = name + attribute.len() + find(&bytes[name + attribute.len()..], from).unwrap();
    assert!(value - name < 100, "{from} does not stand in attribute {attribute}");
    bytes[value..value + to.len()].copy_from_slice(to.as_bytes());
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_figure_of_a_file_of_another_schema_version() {
    let workdir = inverted();
    let args = ["plot", "section", "out", "--line", "1", "-o", "a.png"];
    patch_attribute(&workdir, "schema_version", SCHEMA_VERSION, "3.0");
    workdir
        .geobipy(&args)
        .refused(1, &["out/line_1.h5", "schema version 3.0", &format!("expected 2.0 to {SCHEMA_VERSION}")]);
    workdir
        .invert("out", &[])
        .refused(1, &["out/line_1.h5", "schema version 3.0", &format!("expected 2.0 to {SCHEMA_VERSION}")]);
    // A newer minor version only has more variables, which a figure does not need; merging would lose them.
    patch_attribute(&workdir, "schema_version", "3.0", "2.9");
    workdir.geobipy(&["plot", "data", "out", "--line", "1", "-o", "a.png"]).succeeds();
    workdir.geobipy(&args).refused(1, &["schema version 2.9", "newer than this program's"]);
}

#[test]
fn a_figure_of_an_hdf5_file_that_is_no_result() {
    let workdir = Workdir::new();
    fs::create_dir(workdir.path("out")).unwrap();
    let file = hdf5_metno::File::create(workdir.path("out/line_1.h5")).unwrap();
    file.new_dataset::<f64>().shape(3).create("hitmap").unwrap();
    file.close().unwrap();
    let args = ["plot", "section", "out", "--line", "1", "-o", "a.png"];
    workdir.geobipy(&args).refused(1, &["out/line_1.h5", "is not a result file of geobipy"]);
}

// Simulation

fn simulate<'a>(workdir: &'a Workdir, more: &[&str]) -> crate::support::Cmd<'a> {
    workdir.geobipy(&[&["simulate", "--system", SYSTEM], more].concat())
}

#[test]
fn models_that_are_none() {
    let workdir = Workdir::with_survey(1);
    for (models, parts) in [
        (
            "height_m,conductivity_S_per_m,thickness_m\n30,0.1;-0.2,5\n",
            &["m.csv, line 2", "conductivity_S_per_m", "-0.2"][..],
        ),
        (
            "height_m,conductivity_S_per_m,thickness_m\n30,0.1;0.2,5;6\n",
            &["m.csv, line 2", "thickness_m", "got 2 values"],
        ),
        ("height_m,conductivity_S_per_m,thickness_m\n30,0.1;0.2,\n", &["m.csv, line 2", "thickness_m"]),
        ("height_m,conductivity_S_per_m,thickness_m\nhigh,0.1,\n", &["m.csv, line 2", "height_m", "\"high\""]),
        ("height_m,conductivity_S_per_m,thickness_m\n-30,0.1,\n", &["m.csv, line 2", "height_m", "\"-30\""]),
        ("height_m,conductivity_S_per_m\n30,0.1\n", &["m.csv, line 1", "thickness_m"]),
        ("height_m,conductivity_S_per_m,thickness_m\n", &["m.csv", "no rows"]),
    ] {
        workdir.write("m.csv", models);
        simulate(&workdir, &["--models", "m.csv", "-o", "a.csv"]).refused(1, parts);
    }
    simulate(&workdir, &["--models", "nowhere.csv", "-o", "a.csv"]).refused(1, &["nowhere.csv", "No such file"]);
}

#[test]
fn noise_that_is_negative() {
    let workdir = Workdir::with_survey(1);
    for option in ["--noise-relative", "--noise-additive"] {
        for value in ["-0.5", "NaN", "inf"] {
            let argument = format!("{option}={value}");
            let parts = [option, &format!("got {value}"), "not negative"];
            simulate(&workdir, &["--wedge", "2", "-o", "a.csv", &argument]).refused(1, &parts);
        }
    }
}

#[test]
fn a_survey_that_cannot_be_written() {
    let workdir = Workdir::with_survey(1);
    for (output, part) in [("bird.stm/a.csv", "Not a directory"), ("no/folder/a.csv", "No such file"), ("/", "/")] {
        simulate(&workdir, &["--wedge", "2", "-o", output]).refused(1, &[output, part]);
    }
}

#[test]
fn a_simulation_of_nothing() {
    let workdir = Workdir::with_survey(1);
    simulate(&workdir, &["--wedge", "0", "-o", "a.csv"]).refused(2, &["--wedge", "0"]);
    simulate(&workdir, &["-o", "a.csv"]).refused(2, &["--models"]);
    simulate(&workdir, &["--wedge", "2", "--models", "m.csv", "-o", "a.csv"]).refused(2, &["--wedge", "--models"]);
    workdir
        .geobipy(&["simulate", "--system", "nowhere.stm", "--wedge", "2", "-o", "a.csv"])
        .refused(1, &["nowhere.stm"]);
}
