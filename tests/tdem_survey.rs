//! Shared parts of the program's tests for time-domain surveys: small simulated surveys and their configurations.

use std::fs;
use std::path::Path;

use crate::support::{CONFIG, SURVEY, Workdir};

pub const LOW_MOMENT: &str = "helicopter_lm.stm";
pub const HIGH_MOMENT: &str = "helicopter_hm.stm";
pub const FIXED_WING: &str = "fixed_wing.stm";
/// Gates of the low and the high moment.
pub const HELICOPTER_GATES: [usize; 2] = [16, 20];
/// Gates of each component.
pub const FIXED_WING_GATES: usize = 15;
/// Number of columns of a simulated survey before primary fields and data.
pub const PLACE_COLUMNS: usize = 15;

/// Bounds of the additive errors of both moments, as a configuration has them.
pub const ADDITIVE: &str = "errors.additive_minimum = [3e-15, 3e-16]\nerrors.additive_maximum = [3e-13, 3e-14]\n";

fn simulate(workdir: &Workdir, systems: &[&str], count: usize, more: &[&str]) {
    for system in systems {
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tdem").join(system);
        fs::copy(example, workdir.path(system)).unwrap();
    }
    let count = count.to_string();
    let systems = systems.iter().flat_map(|system| ["--system", system]);
    let args: Vec<&str> = ["simulate", "--wedge", &count, "--output", SURVEY, "--noise-relative", "0.03"]
        .into_iter()
        .chain(systems)
        .chain(more.iter().copied())
        .collect();
    workdir.geobipy(&args).succeeds();
    // Simple line numbers and fiducials are easier to type.
    workdir.edit_cells(SURVEY, |row, cells| {
        if row > 0 {
            cells[0] = "1".to_owned();
            cells[1] = (row - 1).to_string();
        }
    });
}

/// A survey of `count` soundings of the dual-moment helicopter over the wedge, and its configuration.
pub fn helicopter(count: usize) -> Workdir {
    let workdir = Workdir::new();
    let more = ["--offset", "-13", "0", "2", "--noise-additive", "3e-14", "--noise-additive", "3e-15"];
    simulate(&workdir, &[LOW_MOMENT, HIGH_MOMENT], count, &more);
    configure(&workdir, &[LOW_MOMENT, HIGH_MOMENT], ADDITIVE);
    workdir
}

/// A survey of `count` soundings of the fixed-wing aircraft, with additive errors in fT, and its configuration.
pub fn fixed_wing(count: usize) -> Workdir {
    let workdir = Workdir::new();
    let more = ["--height", "115", "--offset", "-120", "0", "-35", "--noise-additive", "0.003"];
    simulate(&workdir, &[FIXED_WING], count, &more);
    configure_fixed_wing(&workdir, "");
    workdir
}

pub fn configure_helicopter(workdir: &Workdir, more: &str) {
    configure(workdir, &[LOW_MOMENT, HIGH_MOMENT], more);
}

pub fn configure_fixed_wing(workdir: &Workdir, more: &str) {
    let additive = "errors.additive_minimum = 1e-3\nerrors.additive_maximum = 1e-1\n";
    configure(workdir, &[FIXED_WING], &format!("{additive}{more}"));
}

/// Writes budgets that end within a second; `more` is further TOML.
fn configure(workdir: &Workdir, systems: &[&str], more: &str) {
    let text = format!(
        "survey.data = '{SURVEY}'\nsurvey.system = {systems:?}\nmodel.maximum_layers = 8\n\
         sampler.chains = 2\nsampler.maximum_burn_in = 500\nsampler.maximum_iterations = 1000\n\
         sampler.samples = 20\n{more}\n"
    );
    workdir.write(CONFIG, text);
}
