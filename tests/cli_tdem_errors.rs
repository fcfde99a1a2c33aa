//! Wrong input of time-domain surveys; `Cmd::refused` has the assertions that every test here makes besides its
//! message.

use crate::support::{CONFIG, SURVEY, Workdir};
use crate::tdem_survey::{
    ADDITIVE, FIXED_WING, HIGH_MOMENT, LOW_MOMENT, PLACE_COLUMNS, configure_fixed_wing, configure_helicopter,
    fixed_wing, helicopter,
};

/// Inverts after replacing `from` by `to` in the low moment's system file.
#[track_caller]
fn refused_system(from: &str, to: &str, message_parts: &[&str]) {
    let workdir = helicopter(1);
    workdir.replace(LOW_MOMENT, from, to);
    workdir.invert("out", &[]).refused(1, message_parts);
}

/// Inverts a helicopter survey with the further configuration `more`.
#[track_caller]
fn refused_configuration(more: &str, message_parts: &[&str]) {
    let workdir = helicopter(1);
    configure_helicopter(&workdir, more);
    workdir.invert("out", &[]).refused(1, message_parts);
}

/// Inverts a helicopter survey whose cells were changed by `edit`.
#[track_caller]
fn refused_survey(edit: impl Fn(usize, &mut Vec<String>), message_parts: &[&str]) {
    let workdir = helicopter(3);
    workdir.edit_cells(SURVEY, edit);
    workdir.invert("out", &[]).refused(1, message_parts);
}

// System files

#[test]
fn a_window_outside_the_period() {
    refused_system(
        "1.0589e-03 1.4000e-03",
        "1.0589e-03 4.9000e-03",
        &["helicopter_lm.stm, line 75", "got a window from 1.058900e-3 to 4.900000e-3 s", "expected one within"],
    );
    refused_system(
        "1.0589e-03 1.4000e-03",
        "1.0589e-03 3.9000e-03",
        &["helicopter_lm.stm, line 75", "got a window", "expected one no longer than half a period"],
    );
}

#[test]
fn a_waveform_that_goes_back_in_time() {
    refused_system(
        " 3.0000000e-06  0.62000",
        " 0.3000000e-06  0.62000",
        &["helicopter_lm.stm, line 38", "got time 0.0000003 s", "expected a time after 0.000001 s"],
    );
}

#[test]
fn a_number_of_windows_that_is_not_that_of_the_rows() {
    refused_system(
        "NumberOfWindows = 16",
        "NumberOfWindows = 17",
        &["helicopter_lm.stm, line 59", "got 16 rows in WindowTimes", "expected 17"],
    );
}

#[test]
fn a_frequency_of_zero() {
    let parts = ["helicopter_lm.stm, line 21", "got BaseFrequency = \"0\"", "expected a number more than 0"];
    refused_system("BaseFrequency = 210", "BaseFrequency = 0", &parts);
}

#[test]
fn a_negative_loop_radius() {
    let parts =
        ["helicopter_lm.stm, line 87", "got ModellingLoopRadius = \"-10.2\"", "expected a number of at least 0"];
    refused_system("ModellingLoopRadius = 10.2", "ModellingLoopRadius = -10.2", &parts);
}

#[test]
fn systems_of_both_kinds() {
    let workdir = helicopter(1);
    workdir.write("bird.stm", std::fs::read(crate::support::data_file("resolve_reference.stm")).unwrap());
    workdir.replace(CONFIG, HIGH_MOMENT, "bird.stm");
    workdir.invert("out", &[]).refused(
        1,
        &["bird.stm: got a table of frequency-domain coil pairs", "expected a time-domain system", LOW_MOMENT],
    );
}

#[test]
fn a_system_that_is_not_there() {
    let workdir = helicopter(1);
    std::fs::remove_file(workdir.path(HIGH_MOMENT)).unwrap();
    workdir.invert("out", &[]).refused(1, &[HIGH_MOMENT, "No such file"]);
}

// Surveys

#[test]
fn moments_in_another_order_than_the_columns() {
    let workdir = helicopter(1);
    workdir.replace(
        CONFIG,
        &format!("[\"{LOW_MOMENT}\", \"{HIGH_MOMENT}\"]"),
        &format!("[\"{HIGH_MOMENT}\", \"{LOW_MOMENT}\"]"),
    );
    // Every gate differs; not all are named.
    let expected = "expected 3.939e-4 s, the middle of the next gate of system Helicopter high moment";
    let parts = ["survey.csv, line 1, column S0Z_time_1.848e-05: got 1.848e-5 s", expected, "... and 27 more"];
    workdir.invert("out", &[]).refused_at_length(1, &parts);
}

#[test]
fn geometry_that_is_no_number() {
    for (text, got) in [("NaN", "\"NaN\""), ("", "\"\""), ("level", "\"level\"")] {
        let parts = ["survey.csv, line 3, column rx_pitch", &format!("got {got}"), "expected a number"];
        refused_survey(
            |i, cells| {
                if i == 2 {
                    cells[12] = text.to_owned();
                }
            },
            &parts,
        );
    }
}

#[test]
fn a_height_that_is_missing() {
    refused_survey(
        |i, cells| {
            if i == 1 {
                cells[4] = "NaN".to_owned();
            }
        },
        &["survey.csv, line 2, column Height", "got \"NaN\"", "expected a number"],
    );
}

#[test]
fn a_survey_of_broken_rows_is_told_briefly() {
    let workdir = helicopter(20);
    workdir.edit_cells(SURVEY, |i, cells| {
        if i > 0 {
            cells[12] = "level".to_owned();
        }
    });
    let parts = [
        "survey.csv, line 2, column rx_pitch: got \"level\"",
        "and 19 rows like it",
        "survey.csv: 20 of 20 rows cannot",
    ];
    workdir.invert("out", &[]).refused_at_length(1, &parts);
}

#[test]
fn a_receiver_in_the_ground() {
    refused_survey(
        |i, cells| {
            if i == 3 {
                cells[11] = "-60".to_owned();
            }
        },
        &["survey.csv, line 4, column txrx_dz", "got \"-60\"", "expected a receiver above ground"],
    );
}

#[test]
fn geometry_without_a_column() {
    refused_survey(
        |i, cells| {
            if i == 0 {
                cells[9] = "offset".to_owned();
            }
        },
        &["survey.csv, line 1", "expected a column named txrx_dx", "geometry.txrx_dx.value"],
    );
}

#[test]
fn a_number_of_gates_that_is_not_the_systems() {
    refused_survey(
        |_, cells| {
            cells.pop();
        },
        &["survey.csv, line 1", "got 35 data columns", "expected 36", "20 for z of system Helicopter high moment"],
    );
}

#[test]
fn total_fields_without_primary_fields() {
    let workdir = fixed_wing(1);
    workdir.edit_cells(SURVEY, |_, cells| {
        cells.drain(PLACE_COLUMNS..PLACE_COLUMNS + 2);
    });
    configure_fixed_wing(&workdir, "survey.field = 'total'");
    workdir.invert("out", &[]).refused(1, &["survey.csv, line 1", "px", "columns.primary.x"]);
}

// Configurations

#[test]
fn components_that_are_not_measured() {
    let parts = ["survey.toml", "survey.components", "Helicopter low moment does not measure y", "YOutputScaling is 0"];
    refused_configuration(&format!("{ADDITIVE}survey.components = ['y', 'z']"), &parts);
    let parts = ["survey.toml, line 10", "survey.components", "got \"w\"", "expected \"x\", \"y\" or \"z\""];
    refused_configuration(&format!("{ADDITIVE}survey.components = ['w']"), &parts);
}

#[test]
fn errors_for_another_number_of_groups() {
    refused_configuration(
        "errors.additive_minimum = [1e-15, 1e-16, 1e-17]\nerrors.additive_maximum = 1e-13\n",
        &["survey.toml: got errors.additive_minimum: 3 values", "expected 2, one for each of s0_z, s1_z"],
    );
    refused_configuration(
        &format!("{ADDITIVE}errors.relative_maximum = [0.2]\n"),
        &["survey.toml: got errors.relative_maximum: 1 values", "expected 2, one for each of s0_z, s1_z"],
    );
    refused_configuration(
        "errors.additive_per_channel = [1e-14, 2e-14]\n",
        &["survey.toml: got errors.additive_per_channel: 2 values", "expected 36, one for each channel"],
    );
}

#[test]
fn additive_errors_without_bounds() {
    for more in ["", "errors.additive_minimum = 1e-15\n"] {
        let parts =
            ["survey.toml", "errors.additive_maximum", "errors.additive_per_channel", "no default", "V/(A m^4)"];
        refused_configuration(more, &parts);
    }
}

#[test]
fn a_bound_on_the_wrong_side_of_the_others_default() {
    let workdir = Workdir::with_survey(1);
    workdir.configure("errors.additive_maximum = 0.1");
    workdir
        .invert("out", &[])
        .refused(1, &["survey.toml", "errors.additive_maximum", "0.1", "at least additive_minimum (0.5)"]);
}

#[test]
fn geometry_priors_out_of_range() {
    let text = format!(
        "{ADDITIVE}[geometry.height]\nprior = 'normal'\nstd_m = 1.0\n\n\
         [geometry.rx_pitch]\nprior = 'uniform'\nhalf_width_deg = -2.0\n"
    );
    refused_configuration(&text, &["survey.toml, line 16", "geometry.rx_pitch.half_width_deg", "got -2"]);
    let text = format!("{ADDITIVE}[geometry.height]\nprior = 'fixed'\n[geometry.tx_yaw]\nprior = 'uniform'\n");
    let message = ["survey.toml, line 13", "geometry.tx_yaw.prior", "no datum depends on a loop's yaw"];
    refused_configuration(&format!("{text}half_width_deg = 2.0\n"), &message);
    let text = format!("{ADDITIVE}geometry.rx_pitch.std_m = 2.0\n");
    refused_configuration(&text, &["survey.toml, line 10", "unknown key std_m", "std_deg"]);
}

#[test]
fn geometry_of_a_frequency_domain_system() {
    let workdir = Workdir::with_survey(1);
    workdir.configure("geometry.rx_pitch.prior = 'uniform'\ngeometry.rx_pitch.half_width_deg = 2.0");
    workdir.invert("out", &[]).refused(1, &["survey.toml", "geometry.rx_pitch.prior", "sample the height only"]);
}

// Simulation

#[test]
fn simulations_that_cannot_be() {
    let workdir = fixed_wing(1);
    let simulate = |more: &[&str]| {
        let args = ["simulate", "--system", FIXED_WING, "--wedge", "2", "-o", "a.csv"];
        workdir.geobipy(&[&args[..], more].concat())
    };
    simulate(&["--offset", "-120", "0", "-35"]).refused(1, &["fiducial 30000", "a receiver -5 m above ground"]);
    simulate(&["--height", "115", "--component", "y"]).refused(1, &["--component", "Fixed wing does not measure y"]);
    simulate(&["--height", "115", "--component", "w"]).refused(2, &["--component", "'w'"]);
    simulate(&["--height", "-1"]).refused(2, &["'-1'"]);
    simulate(&["--height=-1"]).refused(1, &["a transmitter -1 m", "above ground"]);
    simulate(&["--offset", "1", "2"]).refused(2, &["--offset"]);
    let noise = ["--height", "115", "--noise-additive", "1", "--noise-additive", "2", "--noise-additive", "3"];
    simulate(&noise).refused(1, &["--noise-additive", "got 3 values"]);
}
