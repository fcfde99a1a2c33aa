//! `geobipy init`, `--set`, options files, completions and manual pages.

use crate::support::{CONFIG, SURVEY, SYSTEM, Workdir};

/// Would catch: a configuration that init writes and invert refuses.
#[test]
fn what_init_writes_runs() {
    let workdir = Workdir::with_survey(1);
    let args = ["init", "frequency", "--data", SURVEY, "--system", SYSTEM, "--crs", "EPSG:28354", "-o", "new.toml"];
    let told = workdir.geobipy(&args).succeeds();
    assert!(told.contains("geobipy check new.toml"), "{told}");
    let short =
        ["sampler.maximum_burn_in=250", "sampler.maximum_iterations=500", "sampler.chains=2", "sampler.samples=20"];
    let mut args = vec!["invert", "new.toml", "out"];
    args.extend(short.iter().flat_map(|set| ["--set", set]));
    workdir.geobipy(&args).succeeds();
    workdir.geobipy(&["init", "frequency", "-o", "new.toml"]).refused(1, &["new.toml", "--force"]);
    std::fs::create_dir(workdir.path("below")).unwrap();
    workdir.geobipy(&["init", "frequency", "--data", SURVEY, "--system", SYSTEM, "-o", "below/new.toml"]).succeeds();
    assert!(workdir.text("below/new.toml").contains("data = \"../survey.csv\""));
    for kind in ["frequency", "helicopter", "fixed-wing", "fixed-wing-ppm", "towed"] {
        let text = workdir.geobipy(&["init", kind]).succeeds();
        assert!(text.contains("# maximum_layers = 30") && text.contains("[errors]"), "{kind}: {text}");
    }
}

/// Would catch: values of the command line that are not used, or not checked like those of the file.
#[test]
fn set_replaces_values_of_the_file() {
    let workdir = Workdir::with_survey(1);
    workdir.configure("");
    workdir.geobipy(&["invert", CONFIG, "out", "--set", "model.maximum_layers=4"]).succeeds();
    let stored = workdir.results("out", 1.0).text("configuration");
    assert!(stored.contains("maximum_layers = 4"), "{stored}");
    let set = |set: &str, words: &[&str]| workdir.geobipy(&["invert", CONFIG, "new", "--set", set]).refused(1, words);
    set("model.maximum_layer=4", &["--set model.maximum_layer=4", "maximum_layers (did you mean that?)"]);
    set("model.maximum_layers=0", &["--set model.maximum_layers=0: got 0, expected a number from 1 to 200"]);
    set("model.maximum_layers", &["expected key=value"]);
    set("survey.data=none.csv", &["none.csv"]);
}

const OPTIONS: &str = "from os.path import join\n\
    data_type = FdemData\n\
    data_directory = 'data//'\n\
    data_filename = 'survey.csv'\n\
    system_filename = join('', 'bird.stm')\n\
    n_markov_chains = 500\n\
    maximum_number_of_layers = 3*2\n\
    minimum_depth = 1.0\nmaximum_depth = 150.0\nminimum_thickness = None\n\
    solve_parameter = True\nsolve_gradient = False\n\
    solve_relative_error = True\ninitial_relative_error = 0.05\nminimum_relative_error = 0.01\nmaximum_relative_error = 0.2\n\
    solve_additive_error = True\ninitial_additive_error = 5\nminimum_additive_error = 1\nmaximum_additive_error = 20\n\
    probability_of_birth = 1/6\nprobability_of_death = 1/6\nprobability_of_perturb = 1/6\nprobability_of_no_change = 0.5\n\
    interactive_plot = False\nupdate_plot_every = 5000\nsave_png = False\nsave_hdf5 = True\nseed = 146100583096709124601953385843316024947\n";

/// Would catch: an options file that runs differently from the configuration that it is translated to.
#[test]
fn options_files_run_as_what_they_become() {
    let workdir = Workdir::with_survey(1);
    std::fs::create_dir(workdir.path("data")).unwrap();
    for name in [SURVEY, SYSTEM] {
        std::fs::rename(workdir.path(name), workdir.path("data").join(name)).unwrap();
    }
    workdir.write("options", OPTIONS);
    let short = ["--set", "sampler.maximum_burn_in=250", "--set", "sampler.samples=20"];
    let run = |config: &str, out: &str| workdir.geobipy(&[&["invert", config, out], &short[..]].concat()).succeeds();
    run("options", "out");
    workdir.geobipy(&["init", "--from", "options", "-o", "data/options.toml"]).succeeds();
    let toml = workdir.text("data/options.toml");
    assert!(toml.contains("maximum_layers = 6") && toml.contains("data = \"survey.csv\""), "{toml}");
    // This is the same run: nothing is left to do.
    let again = run("data/options.toml", "out");
    assert!(again.contains("0 inverted now"), "{again}");

    workdir.write("options", OPTIONS.replace("n_markov_chains = 500", "n_markov_chains = __import__('os').getpid()"));
    workdir.geobipy(&["check", "options"]).refused(1, &["options, line 6", "__import__"]);
    workdir.write("options", format!("{OPTIONS}solve_heigth = True\n"));
    workdir.geobipy(&["check", "options"]).refused(1, &["options, line", "solve_heigth", "solve_height"]);
}

/// Would catch: commands without a page, pages that man cannot show.
#[test]
fn shells_and_manual_readers_are_served() {
    let workdir = Workdir::new();
    for shell in ["bash", "zsh", "fish"] {
        assert!(workdir.geobipy(&["completions", shell]).succeeds().contains("invert"), "{shell}");
    }
    workdir.geobipy(&["manual", "man"]).succeeds();
    for page in ["geobipy", "geobipy-invert", "geobipy-check", "geobipy-plot-section"] {
        let text = workdir.text(&format!("man/{page}.1"));
        assert!(text.starts_with(".ie \\n(.g") || text.contains(".TH "), "{page}: {text}");
    }
    let invert = workdir.text("man/geobipy-invert.1");
    assert!(invert.contains("Examples") && invert.contains("geobipy invert"), "{invert}");
}

/// Would catch: an example that the program does not accept.
#[test]
fn every_command_has_an_example() {
    let workdir = Workdir::new();
    let commands: [&[&str]; 10] = [
        &["init"],
        &["check"],
        &["invert"],
        &["simulate"],
        &["status"],
        &["systems"],
        &["plot", "section"],
        &["plot", "sounding"],
        &["completions"],
        &["manual"],
    ];
    for command in commands {
        let help = workdir.geobipy(&[command, &["--help"]].concat()).succeeds();
        assert!(help.contains("Example"), "{command:?}: {help}");
        assert!(help.contains(&format!("geobipy {}", command.join(" "))), "{command:?}: {help}");
    }
}
