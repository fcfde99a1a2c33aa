//! `geobipy simulate`: earths, tracks and draws from the prior become surveys that their configuration reads.
//!
//! Seeds are fixed. Each statistic is compared with its expected value, in units of its own standard deviation. A
//! difference beyond 4.5 fails, which happens to a right program with new seeds about once in 5600 runs of the 26
//! comparisons here.

use std::fs;
use std::path::Path;

use geobipy::simulate::EARTHS;
use geobipy::survey::{ModelRow, read_models};
use geobipy::system::GeometryParameter;

use crate::sampler_support::chi_square_deviate;
use crate::support::{CONFIG, SURVEY, SYSTEM, Workdir, assert_close, data_file};
use crate::tdem_survey::{FIXED_WING, HELICOPTER_GATES, HIGH_MOMENT, LOW_MOMENT, PLACE_COLUMNS};

const ALARM: f64 = 4.5;

/// Number of columns of a frequency-domain survey before its data.
const FDEM_PLACE_COLUMNS: usize = 6;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder with an example's configuration, with budgets so that a sounding ends within a second, and its system
/// files.
fn example(folder: &str, config: &str, systems: &[&str]) -> Workdir {
    let workdir = Workdir::new();
    let folder = root().join("examples").join(folder);
    for system in systems {
        fs::copy(folder.join(system), workdir.path(system)).unwrap();
    }
    let text = fs::read_to_string(folder.join(config)).unwrap();
    let text = text.split("[sampler]").next().unwrap().to_owned();
    let budget = "\n[sampler]\nchains = 2\nmaximum_burn_in = 500\nmaximum_iterations = 1000\nsamples = 20\n";
    workdir.write(CONFIG, text + budget);
    workdir
}

/// The rows of a table of numbers as cells.
fn rows(workdir: &Workdir, name: &str) -> Vec<Vec<String>> {
    workdir.text(name).lines().skip(1).map(|row| row.split(',').map(str::to_owned).collect()).collect()
}

/// The data of a survey, row by row.
fn data(workdir: &Workdir, name: &str, place_columns: usize) -> Vec<Vec<f64>> {
    let numbers = |row: Vec<String>| row[place_columns..].iter().map(|cell| cell.parse().unwrap()).collect();
    rows(workdir, name).into_iter().map(numbers).collect()
}

/// A column of a table.
fn column(workdir: &Workdir, name: &str, column: &str) -> Vec<f64> {
    let text = workdir.text(name);
    let index = text.lines().next().unwrap().split(',').position(|name| name == column).unwrap();
    rows(workdir, name).iter().map(|row| row[index].parse().unwrap()).collect()
}

/// The mean of independent numbers minus `expected`, in standard deviations of the mean when each number has `std`.
fn mean_deviate(values: impl ExactSizeIterator<Item = f64>, expected: f64, std: f64) -> f64 {
    let count = values.len() as f64;
    (values.sum::<f64>() / count - expected) / std * count.sqrt()
}

fn assert_deviate(what: &str, deviate: f64) {
    println!("{what}: {deviate:.2}");
    assert!(deviate.abs() < ALARM, "{what} is {deviate:.1} standard deviations off");
}

/// The fixed-wing example with sampled errors of x and z, and a bird that is uniform within 5 m.
fn fixed_wing_by_components() -> Workdir {
    let workdir = example("tdem", "fixed_wing.toml", &[FIXED_WING]);
    let text = workdir.text(CONFIG);
    let survey = text[..text.find("[errors]").unwrap()].replace("vector_amplitude = true", "vector_amplitude = false");
    let more = "[errors]\nrelative_minimum = 0.00001\nrelative_maximum = 0.001\nadditive_minimum = 0.001\nadditive_maximum = 0.1\n\
                [geometry.txrx_dx]\nprior = \"uniform\"\nhalf_width_m = 5.0\n\
                [geometry.txrx_dz]\nprior = \"uniform\"\nhalf_width_m = 5.0\n\
                [geometry.rx_pitch]\nprior = \"uniform\"\nhalf_width_deg = 5.0\n";
    workdir.write(CONFIG, survey + more);
    workdir
}

/// Would catch: a survey that its configuration reads differently, or not at all.
#[test]
fn a_configuration_inverts_what_is_simulated_for_it() {
    let resolve = example("resolve", "resolve.toml", &["resolve.stm"]);
    let helicopter = example("tdem", "helicopter.toml", &[LOW_MOMENT, HIGH_MOMENT]);
    let fixed_wing = example("tdem", "fixed_wing.toml", &[FIXED_WING]);
    let plane = ["--height", "120", "--offset", "-107", "0", "-45"];
    for (workdir, survey, coils) in [
        (resolve, "wedge.csv", &[][..]),
        (helicopter, "helicopter.csv", &["--offset", "-13", "0", "2"]),
        (fixed_wing, "fixed_wing.csv", &plane),
    ] {
        let simulate = |more: &[&str]| workdir.geobipy(&[&["simulate", CONFIG], coils, more].concat());
        let said = simulate(&["--prior-draws", "2", "--truth", "truth.csv"]).succeeds();
        assert!(said.contains(&format!("2 soundings: {survey}")), "{said}");
        workdir.invert("draws", &[]).succeeds();
        simulate(&["--wedge", "2"]).refused(1, &[survey, "there already", "--force", "--output"]);
        simulate(&["--wedge", "2", "--force", "--earth", "saline_clay"]).succeeds();
        workdir.invert("wedge", &[]).succeeds();
        assert_eq!(workdir.results("wedge", 30010.0).statuses().len(), 2);
    }
}

/// Would catch: signs, totals or amplitudes that differ from the configuration.
#[test]
fn surveys_have_the_signs_and_fields_of_their_configuration() {
    let workdir = fixed_wing_by_components();
    let coils = ["--wedge", "2", "--height", "120", "--offset", "-107", "0", "-45"];
    let simulate = |more: &[&str]| {
        workdir.geobipy(&[&["simulate", CONFIG], &coils[..], more].concat()).succeeds();
    };
    simulate(&["--output", "total.csv"]);
    workdir.replace(CONFIG, "[survey]", "[columns]\nconvention = \"ga_aem\"\n\n[survey]");
    simulate(&["--output", "turned.csv"]);
    workdir.replace(CONFIG, "vector_amplitude = false", "vector_amplitude = true");
    workdir.replace(CONFIG, "\"total\"", "\"secondary\"");
    simulate(&["--output", "amplitude.csv"]);
    let [total, turned, amplitude] =
        ["total.csv", "turned.csv", "amplitude.csv"].map(|name| data(&workdir, name, PLACE_COLUMNS));
    let gates = total[0].len() / 2 - 1;
    for (total, (turned, amplitude)) in total.iter().zip(turned.iter().zip(amplitude)) {
        let is_z = |i: usize| i == 1 || i >= 2 + gates;
        let expected: Vec<f64> = total.iter().enumerate().map(|(i, &v)| if is_z(i) { -v } else { v }).collect();
        assert_eq!(*turned, expected);
        assert_eq!(amplitude, expected[2..]);
    }
}

/// Would catch: column numbers of another file, or a fixed height, with which the survey would be misread.
#[test]
fn a_configuration_for_another_file_is_refused() {
    let workdir = example("tdem", "helicopter.toml", &[LOW_MOMENT, HIGH_MOMENT]);
    let original = workdir.text(CONFIG);
    let simulate = |more: &[&str]| {
        let args = ["simulate", CONFIG, "--wedge", "2", "--offset", "-13", "0", "2"];
        workdir.geobipy(&[&args[..], more].concat())
    };
    let hint = "names of columns; settings like [columns] are for another file";
    workdir.write(CONFIG, format!("{original}\n[columns]\nline_number = 72\n"));
    simulate(&[]).refused(1, &[CONFIG, hint, "helicopter.csv: got", "column 72"]);
    workdir
        .write(CONFIG, format!("{original}\n[columns.data]\nz = [\"-S0Z_time_1.848e-05\", \"S1Z_time_3.939e-04\"]\n"));
    simulate(&[]).refused(1, &[CONFIG, hint, "s0_z", "expected"]);
    workdir.write(CONFIG, format!("{original}\n[columns]\neasting = \"Northing\"\n"));
    simulate(&[]).refused(1, &[CONFIG, hint, "easting of the first row that differs: got 4000000, expected 500000"]);
    workdir.write(CONFIG, original.replacen("[survey]", "[survey]\ndefinition = \"a.dfn\"", 1));
    simulate(&[]).refused(1, &[CONFIG, "a.dfn: got an ASEG-GDF2 definition, expected none"]);

    // Names that are equal to the survey's do no harm.
    workdir.write(CONFIG, format!("{original}\n[columns]\nfiducial = \"Fiducial\"\n"));
    simulate(&[]).succeeds();
    let fixed = format!("{original}\n[geometry.txrx_dz]\nvalue_m = 2.5\n");
    workdir.write(CONFIG, fixed.replace("std_m = 3.0", "std_m = 3.0\nvalue_m = 35"));
    simulate(&["--force"]).refused(1, &["--offset: got 2, expected none", "geometry.txrx_dz.value_m = 2.5"]);
    let args = ["simulate", CONFIG, "--wedge", "3", "-o", "a.csv"];
    let fly = |more: &[&str]| workdir.geobipy(&[&args[..], more].concat());
    let varied = ["--height", "35", "--height-variation", "3"];
    fly(&varied).refused(1, &["--height-variation: got 3", "geometry.height.value_m = 35"]);
    fly(&["--height-variation", "3"]).refused(1, &["--height-variation: got 3", "geometry.height.value_m = 35"]);
    fly(&[]).succeeds();
    assert_eq!(
        (column(&workdir, "a.csv", "Height"), column(&workdir, "a.csv", "txrx_dz")),
        (vec![35.0; 3], vec![2.5; 3])
    );
}

/// Would catch: an earth under another's name, depths for the other domain, lines on top of each other.
#[test]
fn earths_and_tracks_are_as_they_are_called() {
    let workdir = Workdir::new();
    fs::copy(data_file("resolve_reference.stm"), workdir.path(SYSTEM)).unwrap();
    fs::copy(root().join("examples/tdem").join(LOW_MOMENT), workdir.path(LOW_MOMENT)).unwrap();
    let models = |system: &str, more: &[&str]| -> Vec<ModelRow> {
        let args = ["simulate", "--system", system, "-o", SURVEY, "--truth", "truth.csv", "--wedge"];
        workdir.geobipy(&[&args[..], more].concat()).succeeds();
        read_models(&workdir.path("truth.csv")).unwrap()
    };
    for (system, factor) in [(SYSTEM, 10.0), (LOW_MOMENT, 1.0)] {
        for (name, conductivity) in EARTHS {
            for (model, bottoms) in models(system, &["2", "--earth", name]).iter().zip([[50.0, 75.0], [1.0, 500.0]]) {
                for (got, expected) in model.earth.ln_conductivity().iter().zip(conductivity) {
                    assert_close(got.exp(), expected, 1e-12, 0.0, name);
                }
                for (got, expected) in model.earth.interface_depth_m().iter().zip(bottoms) {
                    assert_close(*got, expected / factor, 1e-12, 0.0, name);
                }
            }
        }
    }
    let more = ["9", "--lines", "2", "--spacing", "25", "--terrain", "0", "--height", "40", "--height-variation", "5"];
    let lines = models(SYSTEM, &more);
    assert_eq!(lines.len(), 18);
    assert_eq!((lines[10].line_number, lines[10].easting_m, lines[10].northing_m), (30020.0, 500_025.0, 4_000_200.0));
    assert!(lines.iter().all(|model| model.elevation_m == 1200.0));
    let heights = || lines.iter().map(|model| model.geometry.height_m());
    assert_close(heights().fold(f64::NEG_INFINITY, f64::max), 45.0, 0.0, 0.5, "highest");
    assert_close(heights().fold(f64::INFINITY, f64::min), 35.0, 0.0, 0.5, "lowest");

    let valley = root().join("examples/earths/valley.toml");
    let valley = models(SYSTEM, &["5", "--earth", valley.to_str().unwrap(), "--spacing", "7"]);
    assert_eq!((valley[1].line_number, valley[1].easting_m - 5e5), (30110.0, 7.0));
    assert_eq!(valley[0].geometry.height_m(), 35.0);
    assert_eq!(valley[0].earth.layer_count(), 4);
}

/// Would catch: a file of an earth that is read in spite of mistakes, an argument without effect.
#[test]
fn earths_that_are_none() {
    let workdir = Workdir::with_survey(1);
    let simulate = |more: &[&str]| {
        let args = ["simulate", "--system", SYSTEM, "--wedge", "2", "-o", "a.csv"];
        workdir.geobipy(&[&args[..], more].concat())
    };
    simulate(&["--earth", "granite"]).refused(1, &["--earth: got granite", "glacial", ".toml"]);
    simulate(&["--earth", "no.toml"]).refused(1, &["no.toml", "No such file"]);
    workdir.write("e.toml", "[[layers]]\nconductivity_s_per_m = 0.1\nbotom_m = [1, 2]\n");
    simulate(&["--earth", "e.toml"])
        .refused(1, &["e.toml, line 3", "unknown key botom_m", "bottom_m (did you mean that?)"]);
    workdir.write("e.toml", "[[layers]]\nconductivity_s_per_m = 0.1\nbottom_m = [1, 2]\n");
    simulate(&["--earth", "e.toml"])
        .refused(1, &["e.toml, line 3, column bottom_m", "the last layer is the halfspace"]);
    simulate(&["--spacing", "NaN"]).refused(1, &["--spacing: got NaN"]);
    simulate(&["--height-variation=-1"]).refused(1, &["--height-variation: got -1"]);
    let low = ["simulate", "--system", SYSTEM, "--wedge", "9", "-o", "a.csv", "--height-variation", "31"];
    workdir.geobipy(&low).refused(1, &["above ground"]);
    simulate(&["--truth", "a.csv"]).refused(1, &["--truth: got a.csv", "another file than --output"]);
    simulate(&["--prior-draws", "2"]).refused(2, &["--prior-draws", "--wedge"]);
    let args = ["simulate", "--system", SYSTEM, "-o", "a.csv", "--prior-draws", "2"];
    workdir.geobipy(&args).refused(2, &["--prior-draws", "--system"]);
    workdir.geobipy(&["simulate", CONFIG, "--system", SYSTEM, "--wedge", "2"]).refused(2, &["--system"]);
    let many = ["simulate", "--system", SYSTEM, "-o", "a.csv", "--wedge", "1000000", "--lines", "11"];
    workdir.geobipy(&many).refused(1, &["--lines: got 11", "10000000 soundings"]);
}

/// Draws with a prior whose center and bounds give simple moments, and the noise-free survey of their truth.
fn draws(workdir: &Workdir, count: usize, coils: &[&str]) {
    let prior = "[prior]\nconductivity_center = \"fixed\"\nconductivity_minimum_s_per_m = 1e-9\nconductivity_maximum_s_per_m = 1e6\n";
    let text = workdir.text(CONFIG);
    let text = text.replace("[errors]", &format!("{prior}\n[errors]"));
    workdir.write(CONFIG, text);
    let count = count.to_string();
    let args = ["simulate", CONFIG, "--prior-draws", &count, "--truth", "truth.csv", "-o", "noisy.csv"];
    workdir.geobipy(&[&args[..], coils].concat()).succeeds();
    workdir.geobipy(&["simulate", CONFIG, "--models", "truth.csv", "-o", "free.csv"]).succeeds();
}

/// (noisy - noise-free) / std of all data. `group` and `shape` are those of a channel, and `primary` is added to the
/// field of a channel before its error is computed.
fn residuals(
    workdir: &Workdir,
    place_columns: usize,
    group: impl Fn(usize) -> &'static str,
    shape: impl Fn(usize) -> f64,
    primary: impl Fn(&[f64], usize) -> f64,
) -> Vec<f64> {
    let [noisy, free] = ["noisy.csv", "free.csv"].map(|name| data(workdir, name, place_columns));
    let mut residuals = Vec::new();
    for channel in 0..noisy[0].len() {
        let name = group(channel);
        if name.is_empty() {
            continue;
        }
        let relative = column(workdir, "truth.csv", &format!("relative_error_{name}"));
        let additive = column(workdir, "truth.csv", &format!("additive_error_{name}"));
        for (i, (noisy, free)) in noisy.iter().zip(&free).enumerate() {
            let std = (relative[i] * (free[channel] + primary(free, channel))).hypot(additive[i] * shape(channel));
            residuals.push((noisy[channel] - free[channel]) / std);
        }
    }
    residuals
}

/// Standard normal numbers have mean 0, variance 1 with a standard deviation of sqrt(2/n), and fourth moment 3 with one of
/// sqrt(96/n).
fn assert_standard_normal(what: &str, values: &[f64]) {
    assert!(values.len() > 100);
    let power = |n: i32| values.iter().map(move |value| value.powi(n));
    assert_deviate(&format!("{what}: mean"), mean_deviate(power(1), 0.0, 1.0));
    assert_deviate(&format!("{what}: variance"), mean_deviate(power(2), 1.0, 2_f64.sqrt()));
    assert_deviate(&format!("{what}: fourth moment"), mean_deviate(power(4), 3.0, 96_f64.sqrt()));
}

/// Would catch: draws from another prior than the configuration's, noise from other errors than those in the truth, a
/// truth that does not belong to the data.
#[test]
fn draws_follow_the_prior_and_noise_the_drawn_errors() {
    let workdir = example("resolve", "resolve.toml", &["resolve.stm"]);
    let text = workdir.text(CONFIG);
    // The example's [prior] is replaced by the defaults.
    let (before, after) = (text.find("[prior]").unwrap(), text.find("[errors]").unwrap());
    workdir.write(CONFIG, format!("{}{}", &text[..before], &text[after..]));
    workdir.replace(CONFIG, "prior = \"fixed\" ", "prior = \"normal\"\nstd_m = 1.5 ");
    draws(&workdir, 2000, &[]);
    let models = read_models(&workdir.path("truth.csv")).unwrap();

    let weights: Vec<f64> = (1..=30).map(|k| 0.6_f64.powi(k)).collect();
    let mut chi2 = 0.0;
    // Counts of 11 layers or more share one of about 12 cells.
    for cell in 1..=11 {
        let in_cell = |count: usize| if cell == 11 { count >= 11 } else { count == cell };
        let share = (1..=30).filter(|&k| in_cell(k)).map(|k| weights[k - 1]).sum::<f64>() / weights.iter().sum::<f64>();
        let count = models.iter().filter(|model| in_cell(model.earth.layer_count())).count() as f64;
        chi2 += (count - 2000.0 * share).powi(2) / (2000.0 * share);
    }
    assert_deviate("layer count", chi_square_deviate(chi2, 10.0));

    let std = std::f64::consts::LN_10;
    for (name, of) in [
        ("top", (|m: &ModelRow| m.earth.ln_conductivity()[0]) as fn(&ModelRow) -> f64),
        ("halfspace", |m| *m.earth.ln_conductivity().last().unwrap()),
    ] {
        let deviates = || models.iter().map(|model| (of(model) - 0.02_f64.ln()) / std);
        assert_deviate(&format!("mean ln conductivity, {name}"), mean_deviate(deviates(), 0.0, 1.0));
        let squares = deviates().map(|deviate| deviate * deviate);
        assert_deviate(&format!("its variance, {name}"), mean_deviate(squares, 1.0, 2_f64.sqrt()));
    }
    let offset = 10.0_f64;
    let uniform = |z: f64| ((z + offset) / (0.5 + offset)).ln() / ((150.0 + offset) / (0.5 + offset)).ln();
    let two: Vec<&ModelRow> = models.iter().filter(|model| model.earth.layer_count() == 2).collect();
    let depths = two.iter().map(|model| uniform(model.earth.interface_depth_m()[0]));
    assert_deviate("depth of a single interface", mean_deviate(depths, 0.5, (1.0_f64 / 12.0).sqrt()));

    for (name, low, high) in [("relative_error_all", 0.005_f64, 0.5_f64), ("additive_error_all", 0.5, 50.0)] {
        let values = column(&workdir, "truth.csv", name);
        assert!(values.iter().all(|value| (low * (1.0 - 1e-12)..=high * (1.0 + 1e-12)).contains(value)), "{name}");
        let along = values.iter().map(|value| (value / low).ln() / (high / low).ln());
        assert_deviate(name, mean_deviate(along, 0.5, (1.0_f64 / 12.0).sqrt()));
    }

    assert_eq!(column(&workdir, "noisy.csv", "Height"), vec![30.0; 2000]);
    assert_eq!(column(&workdir, "free.csv", "Height"), column(&workdir, "truth.csv", "height_m"));
    let heights = || models.iter().map(|model| (model.geometry.height_m() - 30.0) / 1.5);
    assert_deviate("mean height", mean_deviate(heights(), 0.0, 1.0));
    assert_deviate("its variance", mean_deviate(heights().map(|h| h * h), 1.0, 2_f64.sqrt()));

    let residuals = residuals(&workdir, FDEM_PLACE_COLUMNS, |_| "all", |_| 1.0, |_, _| 0.0);
    assert_standard_normal("noise", &residuals);
    // Products of neighbouring residuals, between channels of one sounding.
    let products = residuals.chunks_exact(2000).map(<[f64]>::to_vec).collect::<Vec<_>>();
    let pairs: Vec<f64> =
        products.windows(2).flat_map(|w| w[0].iter().zip(&w[1]).map(|(a, b)| a * b).collect::<Vec<_>>()).collect();
    assert_deviate("noise of neighbouring channels", mean_deviate(pairs.into_iter(), 0.0, 1.0));
}

/// Would catch: errors of one moment on the other's data, another decay than the configuration's.
#[test]
fn noise_of_both_moments_is_their_own() {
    let workdir = example("tdem", "helicopter.toml", &[LOW_MOMENT, HIGH_MOMENT]);
    draws(&workdir, 300, &["--offset", "-13", "0", "2"]);
    let line = workdir.text("noisy.csv").lines().next().unwrap().to_owned();
    let times: Vec<f64> =
        line.split(',').skip(PLACE_COLUMNS).map(|name| name.rsplit('_').next().unwrap().parse().unwrap()).collect();
    let group = |channel| if channel < HELICOPTER_GATES[0] { "s0_z" } else { "s1_z" };
    // Times in names have four digits, which is enough for 10 800 residuals.
    let residuals = residuals(&workdir, PLACE_COLUMNS, group, |channel| (times[channel] / 1e-3).powf(-0.5), |_, _| 0.0);
    assert_standard_normal("noise", &residuals);
}

/// Would catch: errors relative to the secondary field when the data are total fields, a primary field of the measured
/// geometry.
#[test]
fn noise_of_total_fields_is_relative_to_them() {
    let workdir = fixed_wing_by_components();
    draws(&workdir, 100, &["--height", "120", "--offset", "-107", "0", "-45"]);
    let gates = data(&workdir, "free.csv", PLACE_COLUMNS)[0].len() / 2 - 1;
    let group = |column| match column {
        0 | 1 => "",
        _ if column < 2 + gates => "s0_x",
        _ => "s0_z",
    };
    let primary = |free: &[f64], column: usize| free[usize::from(column >= 2 + gates)];
    let residuals = residuals(&workdir, PLACE_COLUMNS, group, |_| 1.0, primary);
    assert_standard_normal("noise", &residuals);
    let [noisy, free] = ["noisy.csv", "free.csv"].map(|name| data(&workdir, name, PLACE_COLUMNS));
    for (noisy, free) in noisy.iter().zip(&free) {
        assert_eq!(noisy[..2], free[..2], "the primary field is not that of the true geometry");
    }
    assert_eq!(column(&workdir, "noisy.csv", "txrx_dx"), vec![-107.0; 100]);
    let models = read_models(&workdir.path("truth.csv")).unwrap();
    let deviations = models.iter().map(|model| (model.geometry.get(GeometryParameter::TxRxDx) + 107.0) / 5.0);
    assert!(deviations.clone().all(|deviation| deviation.abs() <= 1.0));
    assert_deviate("bird's place", mean_deviate(deviations, 0.0, (1.0_f64 / 3.0).sqrt()));
}

/// Would catch: quoted noise without its factor, or noise of the total field or the vector in place of the components'
/// secondary fields.
#[test]
fn quoted_noise_has_the_drawn_factor() {
    let workdir = example("tdem", "fixed_wing.toml", &[FIXED_WING]);
    draws(&workdir, 200, &["--height", "120", "--offset", "-107", "0", "-45"]);
    let factors = column(&workdir, "truth.csv", "std_factor_s0_a");
    assert!(factors.iter().all(|factor| (1.0 - 1e-12..=5.0 + 1e-12).contains(factor)), "{factors:?}");
    let along = factors.iter().map(|factor| factor.ln() / 5_f64.ln());
    assert_deviate("factor", mean_deviate(along, 0.5, (1.0_f64 / 12.0).sqrt()));
    assert!(!workdir.text("truth.csv").contains("additive_error"));
    let [noisy, free] = ["noisy.csv", "free.csv"].map(|name| data(&workdir, name, PLACE_COLUMNS));
    let mut residuals = Vec::new();
    // The columns have one sounding after the other; the first two are primary fields.
    for channel in 2..noisy[0].len() {
        for ((noisy, free), factor) in noisy.iter().zip(&free).zip(&factors) {
            let std = factor * (0.03 * free[channel]).hypot(0.005);
            residuals.push((noisy[channel] - free[channel]) / std);
        }
    }
    assert_standard_normal("noise", &residuals);
}

/// Would catch: another survey for the same truth, numbers that depend on chance.
#[test]
fn truth_without_noise_is_what_was_drawn() {
    let workdir = example("tdem", "helicopter.toml", &[LOW_MOMENT, HIGH_MOMENT]);
    let text = workdir.text(CONFIG);
    // Errors are as small as possible, so that only rounding remains as noise.
    let text = text.split("[errors]").next().unwrap().to_owned()
        + "[errors]\nrelative_minimum = 1e-12\nrelative_maximum = 1e-12\n\
        additive_minimum = 1e-30\nadditive_maximum = 1e-30\n[geometry.height]\nprior = \"uniform\"\nhalf_width_m = 3.0\n";
    workdir.write(CONFIG, text);
    draws(&workdir, 20, &["--offset", "-13", "0", "2"]);
    let [drawn, again] = ["noisy.csv", "free.csv"].map(|name| data(&workdir, name, PLACE_COLUMNS));
    for (drawn, again) in drawn.iter().zip(&again) {
        for (drawn, again) in drawn.iter().zip(again) {
            assert_close(*drawn, *again, 1e-10, 1e-28, "datum");
        }
    }
    let first = workdir.text("noisy.csv");
    let args = ["simulate", CONFIG, "--prior-draws", "10", "-o", "noisy.csv", "--offset", "-13", "0", "2"];
    workdir.geobipy(&args).succeeds();
    assert_eq!(workdir.text("noisy.csv"), first.lines().take(11).map(|line| format!("{line}\n")).collect::<String>());
}
