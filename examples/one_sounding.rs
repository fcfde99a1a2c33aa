//! One sounding inverted: an instrument and its data in, the posterior of the layers below it out.

use std::ops::ControlFlow;
use std::path::Path;

use geobipy::bayes::{Grids, Likelihood, NoiseModel, Prior, SamplerSettings, Target, invert_sounding};
use geobipy::error::Result;
use geobipy::forward::{Accuracy, Physics};
use geobipy::survey::{ReadOptions, SurveyFile};
use geobipy::system::System;

/// Inverts the first sounding of the example survey.
pub fn main() -> Result<()> {
    let system = System::read(&["examples/resolve/resolve.stm".into()])?;
    let survey = SurveyFile::open(Path::new("examples/resolve/wedge.csv"), &system, &ReadOptions::default())?;
    let sounding = survey.read(&survey.places()[..1])?.remove(0);

    let additive_error_ppm = (0.5, 50.0);
    let prior = Prior::default_for(&system, &sounding.geometry, additive_error_ppm);
    let likelihood = Likelihood::new(&sounding.observed, None, &NoiseModel::default_for(&system));
    let (grids, target) = (Grids::new(&prior), Target::new(prior, likelihood));
    let mut forward = Physics::new(&system, Accuracy::Standard).forward(&sounding.geometry);
    // The default budget takes a minute and stops when chains agree; so few iterations are for a first look.
    let settings = SamplerSettings { maximum_burn_in: 1_000, maximum_iterations: 2_000, ..SamplerSettings::default() };

    let (line, fiducial) = (sounding.line_number, sounding.fiducial);
    let mut go_on = || ControlFlow::Continue(());
    let posterior = invert_sounding(&target, forward.as_mut(), &settings, &grids, line, fiducial, &mut go_on)
        .expect("it is not told to stop");

    let conductivity = posterior.best.earth.ln_conductivity().iter().map(|ln| ln.exp());
    println!("best model, S/m from the top down: {:?}", conductivity.collect::<Vec<_>>());
    println!("{:?}", posterior.verdict);
    Ok(())
}
