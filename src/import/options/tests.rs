//! Tests of whole options files and their translations.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::fuzz::{FEW, MANY, fuzz, real};

const FREQUENCY_DOMAIN: &str = "
from os.path import join
folder = 'data'
data_directory = join('..', folder)
data_filename = 'lines.csv'
system_filename = 'bird.stm'
data_type = FdemData
n_markov_chains = 50
solve_parameter = True
solve_gradient = False
solve_relative_error = False
initial_relative_error = 0.04
solve_additive_error = True
minimum_additive_error = 2.0
maximum_additive_error = 10.0
solve_z = True
maximum_z_change = 2.0
solve_transmitter_z = True
maximum_number_of_layers = 12
minimum_depth = 0.5
maximum_depth = 90.0
minimum_thickness = 0.25
factor = 1
parameter_limits = [1e-4, 1e-2]
verbose = True
seed = 12
";

const TIME_DOMAIN: &str = "
data_directory = './/'
data_filename = 'lines.csv'
system_filename = ['high.stm', '/instruments/low.stm']
data_type = TdemData
n_markov_chains = 2e5
solve_parameter = False
solve_gradient = True
solve_relative_error = True
minimum_relative_error = [0.01, 0.02]
maximum_relative_error = [0.3, 0.3]
solve_additive_error = True
initial_additive_error = [1e-14, 2e-14]
minimum_additive_error = [1e-16, 1e-15]
maximum_additive_error = [1e-11, 1e-11]
solve_height = True
maximum_height_change = 1.5
solve_receiver_x = False
maximum_receiver_x_change = 3
initial_receiver_pitch = 3
maximum_number_of_layers = 25
minimum_depth = 0.1
maximum_depth = 300
minimum_thickness = None
gradient_standard_deviation = None
ignore_likelihood = True
seed = 2**64 + 7
";

const FIXED_WING: &str = "
import numpy as np
errors = np.r_[0.02, 0.01]
data_filename = 'lines.csv'
system_filename = 'wing.stm'
data_type = TempestData
n_markov_chains = 1000
solve_gradient = True
gradient_standard_deviation = 5
solve_relative_error = True
minimum_relative_error = [0.0001, 0.0001]
maximum_relative_error = [0.01, 0.02]
solve_additive_error = False
initial_additive_error = errors * 2
solve_receiver_pitch = True
maximum_receiver_pitch_change = 4.0
initial_receiver_pitch = -1.5
solve_receiver_z = True
maximum_receiver_z_change = 2.5
solve_transmitter_yaw = True
solve_transmitter_x = True
seed = 'seed.pkl'
";

fn translation(text: &str) -> Translation {
    translate(text, Path::new("/nowhere/run/options"), Path::new("/nowhere/run")).unwrap()
}

/// Returns the value of a key like `a.b.c`.
fn value(toml: &str, key: &str) -> Option<toml::Value> {
    let table = toml::Value::Table(toml::from_str(toml).unwrap());
    key.split('.').try_fold(table, |at, part| at.get(part).cloned())
}

#[track_caller]
fn check(toml: &str, expected: &[(&str, &str)]) {
    for (key, expected) in expected {
        let got = value(toml, key).map(|value| value.to_string());
        assert_eq!(got.as_deref(), Some(*expected), "{key} in\n{toml}");
    }
}

#[test]
fn frequency_domain() {
    let Translation { toml, notes } = translation(FREQUENCY_DOMAIN);
    check(
        &toml,
        &[
            ("survey.data", "\"../data/lines.csv\""),
            ("survey.system", "[\"../data/bird.stm\"]"),
            ("model.maximum_layers", "12"),
            ("model.minimum_depth_m", "0.5"),
            ("model.minimum_thickness_m", "0.25"),
            ("prior.layer_count", "\"uniform\""),
            ("prior.interface_depth", "\"log\""),
            ("prior.conductivity_center", "\"sounding\""),
            ("prior.conductivity_log10_std", "0.301"),
            ("prior.conductivity_correlation", "\"independent\""),
            ("prior.gradient_log10_std", "0.4256"),
            ("prior.conductivity_center_s_per_m", "0.001"),
            ("errors.relative_minimum", "0.04"),
            ("errors.relative_maximum", "0.04"),
            ("errors.additive_minimum", "2.0"),
            ("errors.additive_maximum", "10.0"),
            ("geometry.height.prior", "\"uniform\""),
            ("geometry.height.half_width_m", "2.0"),
            ("sampler.maximum_iterations", "100"),
            ("sampler.seed", "12"),
        ],
    );
    assert_eq!(value(&toml, "survey.field"), None);
    assert!(toml.contains("# - solve_transmitter_z: this kind of data has no such parameter\n"), "{toml}");
    assert!(toml.contains("# - verbose: nothing in GeoBIPy uses it\n"), "{toml}");
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].ends_with("verbose, solve_transmitter_z"), "{notes:?}");
}

#[test]
fn time_domain() {
    let Translation { toml, .. } = translation(TIME_DOMAIN);
    check(
        &toml,
        &[
            ("survey.data", "\"lines.csv\""),
            ("survey.system", "[\"high.stm\", \"/instruments/low.stm\"]"),
            ("model.minimum_depth_m", "1.0"),
            ("model.minimum_thickness_m", "1.0"),
            ("prior.conductivity_log10_std", "1.0414"),
            ("prior.conductivity_correlation", "\"by_index\""),
            ("prior.gradient_log10_std", "0.6514"),
            ("errors.relative_minimum", "[0.01, 0.02]"),
            ("errors.relative_maximum", "0.3"),
            ("errors.additive_decay", "\"inverse_sqrt_time\""),
            ("geometry.height.half_width_m", "1.5"),
            ("sampler.maximum_iterations", "200000"),
            ("sampler.seed", "7"),
            ("sampler.ignore_likelihood", "true"),
        ],
    );
    assert_eq!(value(&toml, "geometry.rx_pitch"), None);
    assert_eq!(value(&toml, "geometry.txrx_dx"), None);
    assert!(toml.contains("# - initial_receiver_pitch: GeoBIPy reads it for Tempest data only\n"), "{toml}");
    assert!(toml.contains("# - maximum_receiver_x_change: its solve_ option is not True\n"), "{toml}");
}

#[test]
fn fixed_wing() {
    let Translation { toml, notes } = translation(FIXED_WING);
    check(
        &toml,
        &[
            ("survey.field", "\"total\""),
            ("prior.gradient_log10_std", "1.4727"),
            ("errors.relative_maximum", "[0.01, 0.02]"),
            ("errors.additive_per_channel", "[0.04, 0.02]"),
            ("errors.additive_minimum", "1.0"),
            ("errors.additive_maximum", "1.0"),
            ("geometry.rx_pitch.half_width_deg", "4.0"),
            ("geometry.rx_pitch.value_deg", "1.5"),
            ("geometry.txrx_dz.half_width_m", "2.5"),
        ],
    );
    assert_eq!(value(&toml, "sampler.seed"), None);
    assert!(
        notes.contains(&"seed names a file, which is not read: the seed is the default one".to_owned()),
        "{notes:?}"
    );
    assert!(toml.contains("# - solve_transmitter_x: moving the whole system sideways"), "{toml}");
    assert!(toml.contains("# - solve_transmitter_yaw: no datum depends"), "{toml}");
}

#[test]
fn one_additive_error_for_all_channels() {
    let solved = FIXED_WING.replace("solve_additive_error = False", "solve_additive_error = True");
    let text = solved
        .replace("errors * 2", "(errors * 25)[0]\nminimum_additive_error = 0.1\nmaximum_additive_error = [10, 10]");
    check(&translation(&text).toml, &[("errors.additive_minimum", "0.05"), ("errors.additive_maximum", "5.0")]);
}

#[test]
fn files_are_named_as_seen_from_the_configuration() {
    let elsewhere = translate(TIME_DOMAIN, Path::new("/nowhere/run/options"), Path::new("/nowhere/out/new")).unwrap();
    check(
        &elsewhere.toml,
        &[
            ("survey.data", "\"../../run/lines.csv\""),
            ("survey.system", "[\"../../run/high.stm\", \"/instruments/low.stm\"]"),
        ],
    );
}

#[test]
fn all_mistakes_are_named_at_their_options() {
    let cases = [
        (
            "maximum_depth = 90.0",
            "maximum_depht = 90.0",
            "line 21: got unknown option maximum_depht, expected maximum_depth (did",
        ),
        ("maximum_depth = 90.0", "qqq = 90.0", "got unknown option qqq, expected an option of GeoBIPy, or"),
        (
            "maximum_depth = 90.0",
            "maximum_depth = '90'",
            "line 21, column maximum_depth: got \"90\", expected a number",
        ),
        ("maximum_depth = 90.0", "maximum_depth = 0.1", "line 21, column maximum_depth: got 0.1, expected more than"),
        (
            "maximum_depth = 90.0",
            "maximum_depth = np.nan",
            "line 21, column maximum_depth: got NaN, expected more than",
        ),
        ("maximum_layers", "maximum_layers", "o"),
        (
            "layers = 12",
            "layers = 0",
            "line 19, column maximum_number_of_layers: got 0, expected a number from 1 to 200",
        ),
        ("layers = 12", "layers = 12.5", "column maximum_number_of_layers: got 12.5, expected a whole number"),
        ("data_type = FdemData", "data_type = 'FdemData'", "column data_type: got \"FdemData\", expected FdemData, "),
        ("data_type = FdemData\n", "", "no data_type, expected FdemData, "),
        ("'lines.csv'", "['a', 'b']", "column data_filename: got 2 files, expected one survey file"),
        ("data_filename = 'lines.csv'\n", "", "no data_filename, expected the name of the survey file"),
        ("'bird.stm'", "3", "column system_filename: got 3, expected a file name or a list of file names"),
        ("initial_relative_error = 0.04\n", "", "no initial_relative_error, expected a number or a list of numbers"),
        (
            "initial_relative_error = 0.04",
            "initial_relative_error = 0",
            "column initial_relative_error: got 0, expected a",
        ),
        (
            "minimum_additive_error = 2.0",
            "minimum_additive_error = -2",
            "column minimum_additive_error: got -2, expected",
        ),
        ("maximum_z_change = 2.0\n", "", "no maximum_z_change, expected a number"),
        (
            "maximum_z_change = 2.0",
            "maximum_z_change = 1e9",
            "line 17, column maximum_z_change: got 1000000000, expected",
        ),
        ("factor = 1", "factor = -1", "column factor: got -1, expected a positive number"),
        ("[1e-4, 1e-2]", "[1e-4]", "column parameter_limits: got 1 values, expected the least and the largest"),
        ("[1e-4, 1e-2]", "[1e-2, 1e-4]", "column parameter_limits: got 0.0001, expected more than"),
        ("solve_z = True", "solve_z = 1", "line 16, column solve_z: got 1, expected True or False"),
        ("= 50", "= 0", "column n_markov_chains: got 0, expected a positive number"),
        ("seed = 12", "seed = -1", "column seed: got -1, expected an integer that is not negative"),
    ];
    for (old, new, part) in cases {
        let result = translate(&FREQUENCY_DOMAIN.replace(old, new), Path::new("o"), Path::new(""));
        if old == new {
            assert!(result.is_ok());
            continue;
        }
        let message = result.expect_err(new).to_string();
        assert!(message.contains(part), "{new}: {message}");
    }
    let many = FREQUENCY_DOMAIN.replace("factor = 1", "factor = 'x'\nfactr = 2").replace("= 50", "= 0");
    let message = translate(&many, Path::new("o"), Path::new("")).unwrap_err().to_string();
    assert_eq!(message.lines().count(), 3, "{message}");
}

#[test]
fn options_files_are_recognised() {
    for (name, text, is_one) in [
        ("options", TIME_DOMAIN, true),
        ("options.py", "a = 1", true),
        ("options.TXT", "data_type = FdemData", true),
        ("options", "[survey]\ndata = 'x'", false),
        ("options.toml", TIME_DOMAIN, false),
    ] {
        assert_eq!(is_options_file(Path::new(name), text), is_one, "{name}");
    }
}

/// Returns the folder with options files of real surveys, which are not part of the project.
fn field_folder() -> PathBuf {
    std::env::var_os("GEOBIPY_FIELD")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/field"), PathBuf::from)
}

#[test]
fn files_in_use_are_understood() {
    let folder = field_folder().join("geobipy_options");
    if !folder.exists() {
        println!("skipped: GeoBIPy's options files are not here");
        return;
    }
    for name in ["resolve_options", "skytem_options", "tempest_options"] {
        let path = folder.join(name);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(is_options_file(&path, &text));
        let Translation { toml, notes } = translate(&text, &path, &folder).unwrap();
        println!("--- {name}\n{toml}\n{notes:#?}\n");
        let mut config = Config::parse(&toml, &path).unwrap();
        config.survey.system.iter_mut().for_each(|system| *system = folder.join(&*system));
        assert!(folder.join(&config.survey.data).exists(), "{name}");
        let system = crate::system::System::read(&config.survey.system).unwrap();
        config.resolve(&system, &path).unwrap();
    }
}

proptest! {
    #[test]
    fn mutated_files_do_not_panic(
        which in 0..3_usize, at in any::<prop::sample::Index>(), length in 0..20_usize, new in "[ -~\n]{0,8}",
    ) {
        let mut text = [FREQUENCY_DOMAIN, TIME_DOMAIN, FIXED_WING][which].to_owned();
        let at = at.index(text.len());
        text.replace_range(at..(at + length).min(text.len()), &new);
        let _ = translate(&text, Path::new("o"), Path::new(""));
    }
}

fn options_that_are_nearly_right(count: usize) {
    let own = [FREQUENCY_DOMAIN, TIME_DOMAIN, FIXED_WING].map(str::to_owned);
    let names = ["resolve_options", "skytem_options", "tempest_options"];
    let real = names.iter().filter_map(|name| real(&format!("geobipy_options/{name}"), 200));
    let corpus: Vec<String> = own.into_iter().chain(real).collect();
    fuzz(&corpus, count, |text| drop(translate(text, Path::new("o"), Path::new(""))));
}

#[test]
fn options_that_are_nearly_right_are_refused_or_read() {
    options_that_are_nearly_right(FEW);
}

#[test]
#[ignore = "minutes"]
fn a_million_options() {
    options_that_are_nearly_right(MANY);
}
