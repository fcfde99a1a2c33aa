//! Diagnostics of a survey, from its results.

use super::details::{details, outcome};
use crate::error::Result;
use crate::plot::convergence::ConvergenceData;
use crate::results::{ConvergenceTargets, Survey};
use crate::schema::fields;

/// Returns the diagnostics of all soundings of a survey.
///
/// # Errors
/// A file cannot be read.
pub fn convergence_data(survey: &Survey) -> Result<ConvergenceData> {
    let ConvergenceTargets { rhat: rhat_target, ess: ess_target } = ConvergenceTargets::of(survey)?;
    let (burn_in, iterations) = (survey.all_numbers(&fields::BURN_IN)?, survey.all_numbers(&fields::ITERATIONS)?);
    let cpu_seconds = survey.all_numbers(&fields::CPU_SECONDS)?;
    let hours = cpu_seconds.iter().filter(|seconds| seconds.is_finite()).sum::<f64>() / 3600.0;
    let names = survey.names(&fields::MOVE, "flag_meanings")?;
    let rates = survey.all_numbers(&fields::ACCEPTANCE_RATE)?;
    let of_move = |(index, name): (usize, &String)| {
        (name.replace('_', " "), rates.iter().skip(index).step_by(names.len()).copied().collect())
    };
    let (easting_m, northing_m) = survey.places().into_iter().unzip();
    Ok(ConvergenceData {
        title: format!("Convergence of {}", survey.lines_in_words()),
        details: format!("{}, {hours:.2} CPU hours", details(survey)),
        targets: (rhat_target, ess_target),
        iterations: burn_in.iter().zip(&iterations).map(|(before, after)| before + after).collect(),
        cpu_seconds,
        rhat: survey.rhat_maximum(0..survey.len())?,
        effective_samples: survey.ess_minimum(0..survey.len())?,
        acceptance: names.iter().enumerate().map(of_move).collect(),
        outcomes: survey.statuses().iter().map(|&status| outcome(status)).collect(),
        easting_m,
        northing_m,
    })
}
