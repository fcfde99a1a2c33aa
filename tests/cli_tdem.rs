//! Time-domain surveys from simulation to figures, as a user runs it.

use std::fs;

use geobipy::schema::{FIELDS, Role};
use geobipy::system::GeometryParameter;

use crate::support::results::ResultFile;
use crate::support::{SURVEY, Workdir, assert_close};
use crate::tdem_survey::{
    ADDITIVE, FIXED_WING_GATES, HELICOPTER_GATES, PLACE_COLUMNS, configure_fixed_wing, configure_helicopter,
    fixed_wing, helicopter,
};

const RECORDED: f64 = 200.0;
const SAMPLES: usize = 20;

const SAMPLED_GEOMETRY: &str = "geometry.height.prior = 'normal'\ngeometry.height.std_m = 0.5\n\
    geometry.txrx_dx.prior = 'uniform'\ngeometry.txrx_dx.half_width_m = 1.5\n\
    geometry.rx_pitch.prior = 'uniform'\ngeometry.rx_pitch.half_width_deg = 2.0\n";

fn row(line: &ResultFile, name: &str, sounding: usize) -> Vec<f64> {
    line.read_row(name, sounding)
}

fn all<T: hdf5_metno::H5Type>(line: &ResultFile, name: &str) -> Vec<T> {
    line.read::<T>(name).into_iter().collect()
}

/// Rows of the survey as numbers.
fn survey(workdir: &Workdir) -> Vec<Vec<f64>> {
    let numbers = |row: &str| row.split(',').map(|cell| cell.parse().unwrap()).collect();
    workdir.text(SURVEY).lines().skip(1).map(numbers).collect()
}

/// Text attributes of a variable, which are read by users of other programs.
fn attribute(workdir: &Workdir, output: &str, variable: &str, name: &str) -> String {
    let file = hdf5_metno::File::open(geobipy::schema::line_path(&workdir.path(output), 1.0)).unwrap();
    let attribute = file.dataset(variable).unwrap().attr(name).unwrap();
    attribute.read_scalar::<hdf5_metno::types::FixedAscii<256>>().unwrap().to_string()
}

/// Would catch: any error on the main path; moments, gates or groups exchanged; figures that need frequencies.
#[test]
fn a_dual_moment_survey_becomes_posteriors_and_figures() {
    let workdir = helicopter(3);
    let summary = workdir.invert("out", &[]).succeeds();
    assert!(summary.contains("3 soundings on 1 line: "), "{summary}");
    let line = workdir.results("out", 1.0);
    assert!(line.statuses().iter().all(|status| status.has_posterior()));

    let [low, high] = HELICOPTER_GATES;
    let by_moment: Vec<i32> = [vec![0; low], vec![1; high]].concat();
    assert_eq!(all::<i32>(&line, "channel_system"), by_moment);
    assert_eq!(all::<i32>(&line, "channel_error_group"), by_moment);
    assert_eq!(all::<i8>(&line, "channel_component"), vec![2; low + high]);
    let (times, bounds) = (all::<f64>(&line, "channel_time"), all::<f64>(&line, "channel_time_bounds"));
    assert_eq!((bounds[0], bounds[1], bounds[2 * low]), (1.6e-5, 2.0959e-5, 3.6e-4));
    for (time, bounds) in times.iter().zip(bounds.chunks_exact(2)) {
        assert_close(*time, 0.5 * (bounds[0] + bounds[1]), 1e-12, 0.0, "middle of the gate");
    }
    assert!(!line.has("channel_frequency") && !line.has("channel_quadrature"));
    assert_eq!(attribute(&workdir, "out", "error_group", "error_group_names"), "s0_z s1_z");
    assert_eq!(attribute(&workdir, "out", "data_observed", "units"), "V/(A m^4)");

    for (sounding, cells) in survey(&workdir).iter().enumerate() {
        // GeoBIPy's Z has the opposite sign of the program's.
        let expected: Vec<f64> = cells[PLACE_COLUMNS..].iter().map(|datum| -datum).collect();
        assert_eq!(row(&line, "data_observed", sounding), expected);
        for (parameter, value) in [("height", cells[4]), ("txrx_dx", -13.0), ("txrx_dz", 2.0), ("rx_pitch", 0.0)] {
            assert_eq!(row(&line, parameter, sounding), [value], "{parameter}");
        }
        assert_counts(&line, sounding);
        // Simulated data can be fitted.
        let misfit = row(&line, "misfit_best", sounding)[0];
        assert!(misfit < 4.0 * (low + high) as f64, "misfit {misfit}");
    }
    drop(line);
    assert_section(&workdir, "out");
}

/// Checks that histograms of all sampled quantities contain every recorded sample.
fn assert_counts(line: &ResultFile, sounding: usize) {
    assert_eq!(row(line, "layer_count_histogram", sounding).iter().sum::<f64>(), RECORDED);
    let groups = all::<i32>(line, "error_group").len();
    for name in ["relative_error", "additive_error"] {
        let counts = row(line, &format!("{name}_histogram"), sounding);
        for (group, counts) in counts.chunks_exact(counts.len() / groups).enumerate() {
            assert_eq!(counts.iter().sum::<f64>(), RECORDED, "{name} of group {group}");
        }
        assert_eq!(row(line, &format!("sample_{name}"), sounding).len(), SAMPLES * groups, "{name}");
    }
}

fn assert_section(workdir: &Workdir, output: &str) {
    assert_figure(workdir, &["plot", "section", output, "--line", "1"]);
}

fn assert_figure(workdir: &Workdir, args: &[&str]) {
    for name in ["figure.png", "figure.svg"] {
        workdir.geobipy(&[args, &["-o", name]].concat()).succeeds();
    }
    assert!(fs::read(workdir.path("figure.png")).unwrap().starts_with(b"\x89PNG\r\n\x1a\n"));
    let text = workdir.text("figure.svg");
    assert!(text.contains("(S/m)") && !text.contains("NaN") && !text.contains("inf"), "{args:?}");
}

/// Would catch: results that depend on the order or the thread of computation; nodes of one sounding's geometry used
/// for another's.
#[test]
fn results_do_not_depend_on_threads() {
    let workdir = helicopter(4);
    configure_helicopter(&workdir, &format!("{ADDITIVE}{SAMPLED_GEOMETRY}"));
    workdir.invert("one", &["--threads", "1"]).succeeds();
    workdir.invert("three", &["--threads", "3"]).succeeds();
    let [one, three] = ["one", "three"].map(|output| workdir.results(output, 1.0));
    for field in FIELDS.iter().filter(|field| field.role == Role::Result && one.has(field.name)) {
        for sounding in (0..4).filter(|_| field.name != "cpu_seconds") {
            let bits = |line| row(line, field.name, sounding).into_iter().map(f64::to_bits).collect::<Vec<_>>();
            assert!(bits(&one) == bits(&three), "{} of sounding {sounding}", field.name);
        }
    }
    let samples = |sounding| row(&one, "sample_geometry", sounding);
    assert!(samples(0) != samples(1), "soundings share their random numbers");
}

/// Would catch: a parameter sampled as another, not around its own measured value, or not at all.
#[test]
fn several_geometry_parameters_are_sampled() {
    let workdir = fixed_wing(2);
    workdir.edit_cells(SURVEY, |i, cells| {
        if i > 0 {
            // rx_pitch is nose up in GeoBIPy's convention.
            cells[12] = "-1.5".to_owned();
        }
    });
    configure_fixed_wing(&workdir, SAMPLED_GEOMETRY);
    workdir.invert("out", &[]).succeeds();
    let line = workdir.results("out", 1.0);
    assert_eq!(attribute(&workdir, "out", "geometry_parameter", "geometry_parameter_names"), "height txrx_dx rx_pitch");
    let bounds = all::<f64>(&line, "geometry_deviation_bounds");
    let parameters = ["height", "txrx_dx", "rx_pitch"];
    let cells = bounds.len() / (2 * parameters.len());
    // Four standard deviations, half widths.
    let widest = [2.0, 1.5, 2.0];
    for sounding in 0..2 {
        let measured = parameters.map(|name| row(&line, name, sounding)[0]);
        assert_eq!(measured, [115.0, -120.0, 1.5]);
        let samples = row(&line, "sample_geometry", sounding);
        let counts = row(&line, "geometry_deviation_histogram", sounding);
        for (i, name) in parameters.into_iter().enumerate() {
            let bounds = &bounds[2 * cells * i..][..2 * cells];
            assert_eq!((bounds[0], bounds[2 * cells - 1]), (-widest[i], widest[i]), "{name}");
            assert_eq!(counts[cells * i..][..cells].iter().sum::<f64>(), RECORDED, "{name}");
            let values: Vec<f64> = samples.iter().skip(i).step_by(parameters.len()).copied().collect();
            assert_eq!(values.len(), SAMPLES);
            assert!(values.iter().all(|v| (v - measured[i]).abs() <= 1.5 * widest[i]), "{name}: {values:?}");
            assert!(values.iter().any(|v| *v != values[0]), "{name} does not move");
        }
    }
    let rates = row(&line, "acceptance_rate", 0);
    assert!(rates.iter().all(|rate| rate.is_finite()), "moves that were not tried: {rates:?}");
    drop(line);
    assert_section(&workdir, "out");
}

/// Would catch: a primary field left out, or added to the wrong component or with the wrong sign.
#[test]
fn total_fields_are_secondary_and_primary_together() {
    let workdir = fixed_wing(2);
    configure_fixed_wing(&workdir, "survey.field = 'total'");
    workdir.invert("total", &[]).succeeds();
    let line = workdir.results("total", 1.0);
    for (sounding, cells) in survey(&workdir).iter().enumerate() {
        let (primary, data) = cells[PLACE_COLUMNS..].split_at(2);
        let datum = |(i, secondary): (usize, &f64)| match i / FIXED_WING_GATES {
            0 => secondary + primary[0],
            _ => -secondary - primary[1],
        };
        let expected: Vec<f64> = data.iter().enumerate().map(datum).collect();
        assert_eq!(row(&line, "data_observed", sounding), expected);
        // The model includes the primary field; without it, it would be off by hundreds of standard deviations.
        let misfit = row(&line, "misfit_best", sounding)[0];
        assert!(misfit < 4.0 * expected.len() as f64, "misfit {misfit}");
    }
}

/// Would catch: amplitudes of other components than the system's, or treated as one of them.
#[test]
fn vector_amplitudes_are_inverted() {
    let workdir = fixed_wing(2);
    configure_fixed_wing(&workdir, "survey.vector_amplitude = true");
    workdir.invert("out", &[]).succeeds();
    let line = workdir.results("out", 1.0);
    assert_eq!(all::<i8>(&line, "channel_component"), [3; FIXED_WING_GATES]);
    assert_eq!(attribute(&workdir, "out", "error_group", "error_group_names"), "s0_a");
    for (sounding, cells) in survey(&workdir).iter().enumerate() {
        let (x, z) = cells[PLACE_COLUMNS + 2..].split_at(FIXED_WING_GATES);
        let observed = row(&line, "data_observed", sounding);
        for gate in 0..FIXED_WING_GATES {
            assert_close(observed[gate], x[gate].hypot(z[gate]), 1e-12, 0.0, "amplitude");
        }
        let misfit = row(&line, "misfit_best", sounding)[0];
        assert!(misfit < 4.0 * observed.len() as f64, "misfit {misfit}");
    }
    drop(line);
    assert_section(&workdir, "out");
}

/// Would catch: a component that is inverted although it was not selected.
#[test]
fn components_are_chosen() {
    let workdir = fixed_wing(1);
    workdir.edit_cells(SURVEY, |_, cells| {
        cells.drain(PLACE_COLUMNS + 2..PLACE_COLUMNS + 2 + FIXED_WING_GATES);
    });
    configure_fixed_wing(&workdir, "survey.components = ['z']");
    workdir.invert("out", &[]).succeeds();
    let line = workdir.results("out", 1.0);
    assert_eq!(all::<i8>(&line, "channel_component"), [2; FIXED_WING_GATES]);
    let expected: Vec<f64> = survey(&workdir)[0][PLACE_COLUMNS + 2..].iter().map(|z| -z).collect();
    assert_eq!(row(&line, "data_observed", 0), expected);
}

/// Would catch: bounds of one group used for another's, another shape over the gates than configured.
#[test]
fn fixed_errors_by_group_give_the_standard_deviations_they_say() {
    let workdir = helicopter(1);
    let errors = "errors.relative_minimum = [0.02, 0.04]\nerrors.relative_maximum = [0.02, 0.04]\n\
                  errors.additive_minimum = [3e-14, 3e-15]\nerrors.additive_maximum = [3e-14, 3e-15]\n";
    let (relative, additive) = ([0.02, 0.04], [3e-14, 3e-15]);
    for (output, decay, power) in [("sqrt", "", -0.5), ("none", "errors.additive_decay = 'none'\n", 0.0)] {
        configure_helicopter(&workdir, &format!("{errors}{decay}"));
        workdir.invert(output, &[]).succeeds();
        let line = workdir.results(output, 1.0);
        assert!(!line.has("relative_error_histogram") && !line.has("additive_error_histogram"));
        let (predicted, std) = (row(&line, "data_predicted_best", 0), row(&line, "data_std", 0));
        for (channel, time) in all::<f64>(&line, "channel_time").into_iter().enumerate() {
            let group = usize::from(channel >= HELICOPTER_GATES[0]);
            let shape = (time / 1e-3).powf(power);
            let expected = (relative[group] * predicted[channel]).hypot(additive[group] * shape);
            assert_close(std[channel], expected, 1e-12, 0.0, &format!("std of channel {channel}, {output}"));
        }
    }
}

/// Would catch: additive errors by channel taken as bounds, or in another order than the channels'.
#[test]
fn additive_errors_may_be_given_by_channel() {
    let workdir = helicopter(1);
    let count = HELICOPTER_GATES.iter().sum();
    let given: Vec<f64> = (0..count).map(|channel| 1e-14 * (1.0 + channel as f64)).collect();
    let fixed = "errors.relative_minimum = 0.03\nerrors.relative_maximum = 0.03\n";
    configure_helicopter(&workdir, &format!("errors.additive_per_channel = {given:?}\n{fixed}"));
    workdir.invert("fixed", &[]).succeeds();
    let line = workdir.results("fixed", 1.0);
    let (predicted, std) = (row(&line, "data_predicted_best", 0), row(&line, "data_std", 0));
    for channel in 0..count {
        let expected = (0.03 * predicted[channel]).hypot(given[channel]);
        assert_close(std[channel], expected, 1e-12, 0.0, &format!("std of channel {channel}"));
    }
    drop(line);

    // With bounds these are factors, sampled by group.
    let factors = "errors.additive_minimum = 0.5\nerrors.additive_maximum = [2.0, 4.0]\n";
    configure_helicopter(&workdir, &format!("errors.additive_per_channel = {given:?}\n{factors}"));
    workdir.invert("sampled", &[]).succeeds();
    let line = workdir.results("sampled", 1.0);
    let samples = row(&line, "sample_additive_error", 0);
    for (group, highest) in [2.0, 4.0].into_iter().enumerate() {
        let values: Vec<f64> = samples.iter().skip(group).step_by(2).copied().collect();
        assert!(values.iter().all(|v| (0.5 - 1e-6..=highest + 1e-6).contains(v)), "group {group}: {values:?}");
        assert!(values.iter().any(|v| *v != values[0]), "group {group} does not move");
    }
}

/// Would catch: standard deviations of the survey file ignored, or bounds required that are not needed.
#[test]
fn standard_deviations_of_the_survey_need_no_bounds() {
    let workdir = helicopter(1);
    workdir.edit_cells(SURVEY, |i, cells| {
        let std: Vec<String> = cells[PLACE_COLUMNS..]
            .iter()
            .map(|cell| match i {
                0 => format!("{cell}_std"),
                _ => (0.04 * cell.parse::<f64>().unwrap().abs() + 1e-15).to_string(),
            })
            .collect();
        cells.extend(std);
    });
    configure_helicopter(&workdir, "errors.std_factor_maximum = 1.0");
    workdir.invert("out", &[]).succeeds();
    let line = workdir.results("out", 1.0);
    let count = HELICOPTER_GATES.iter().sum::<usize>();
    assert_eq!(row(&line, "data_std", 0), survey(&workdir)[0][PLACE_COLUMNS + count..]);
    assert!(row(&line, "sample_additive_error", 0).iter().all(|e| e.is_nan()));
    drop(line);

    // There is a factor for each moment, unless the configuration changes this.
    configure_helicopter(&workdir, "");
    workdir.invert("factors", &[]).succeeds();
    let line = workdir.results("factors", 1.0);
    let samples = row(&line, "sample_relative_error", 0);
    assert!(samples.iter().all(|factor| (1.0..=5.0).contains(factor)), "{samples:?}");
    for group in 0..2 {
        assert!(
            samples.iter().skip(group).step_by(2).any(|factor| *factor != samples[group]),
            "group {group} is fixed"
        );
    }
    drop(line);
    assert_figure(&workdir, &["plot", "sounding", "factors", "--line", "1", "--fiducial", "0"]);
}

/// Would catch: values of the configuration that are not used, or not stored.
#[test]
fn geometry_without_columns_comes_from_the_configuration() {
    let workdir = helicopter(1);
    workdir.edit_cells(SURVEY, |_, cells| {
        // txrx_dx, _dy, _dz
        cells.drain(9..12);
    });
    let values = "geometry.txrx_dx.value_m = -12.5\ngeometry.txrx_dy.value_m = 0.25\ngeometry.txrx_dz.value_m = 2.5\n";
    configure_helicopter(&workdir, &format!("{ADDITIVE}{values}"));
    workdir.invert("out", &[]).succeeds();
    let line = workdir.results("out", 1.0);
    let stored = GeometryParameter::ALL.map(|parameter| row(&line, parameter.name(), 0)[0]);
    assert_eq!(stored[1..], [0.0, 0.0, 0.0, -12.5, 0.25, 2.5, 0.0, 0.0, 0.0]);
}

/// Would catch: figures of soundings that need frequencies, or a single error group.
#[test]
fn soundings_are_drawn() {
    let workdir = helicopter(2);
    workdir.invert("helicopter", &[]).succeeds();
    assert_figure(&workdir, &["plot", "sounding", "helicopter", "--line", "1", "--fiducial", "1"]);

    let workdir = fixed_wing(1);
    for (output, more) in [
        ("total", format!("survey.field = 'total'\n{SAMPLED_GEOMETRY}")),
        ("amplitude", "survey.vector_amplitude = true".to_owned()),
    ] {
        configure_fixed_wing(&workdir, &more);
        workdir.invert(output, &[]).succeeds();
        assert_figure(&workdir, &["plot", "sounding", output, "--line", "1", "--fiducial", "0"]);
    }
}
