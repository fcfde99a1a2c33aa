//! One line of a survey inverted as a configuration says, and read back.

use std::path::Path;

use geobipy::config::Config;
use geobipy::error::Result;
use geobipy::parallel::{Stop, thread_count};
use geobipy::results::{Interval, Survey};
use geobipy::run::{Existing, Plan, Run, Selection};
use geobipy::schema::fields;

/// Inverts every twentieth sounding of line 30010 of the example survey. Results go to the folder that the first argument
/// names.
pub fn main() -> Result<()> {
    let output = std::env::args().nth(1).unwrap_or_else(|| "out/one_line".to_owned());
    invert(Path::new(&output))
}

/// Inverts into the folder `output`.
pub fn invert(output: &Path) -> Result<()> {
    let path = Path::new("examples/resolve/resolve.toml");
    let mut config = Config::read(path)?;
    config.sampler.maximum_burn_in = 1_000;
    config.sampler.maximum_iterations = 2_000;

    let mut notes = Vec::new();
    let plan = Plan::read(&config, path, &mut notes)?;
    let lines = vec![Interval { first: 30010.0, last: 30010.0 }];
    let chosen = Selection { lines, every: Some(20), ..Selection::default() }.choose(&plan.survey, None)?;
    let run = Run::new(plan, &chosen, output, &Existing::default(), &mut notes)?;
    notes.iter().for_each(|note| println!("{note}"));
    run.on_threads(thread_count(0), &Stop::default(), &mut ())?.ending?;

    let results = Survey::open(&[output.to_path_buf()], &[])?;
    let line = results.line(30010.0)?;
    let (fiducials, misfits) = (line.numbers(&fields::FIDUCIAL)?, line.numbers(&fields::MISFIT_P50)?);
    for ((fiducial, misfit), status) in fiducials.iter().zip(misfits).zip(line.statuses()) {
        println!("{fiducial}: {}, chi-square per datum {misfit:.2}", status.words());
    }
    Ok(())
}
