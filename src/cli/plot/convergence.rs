//! `geobipy plot convergence`.

use clap::Args;

use super::map::details;
use super::{FigureArgs, SourceArgs};
use crate::error::Result;
use crate::plot::{ConvergenceData, Outcome, plot_convergence};
use crate::results::{Survey, Targets};
use crate::schema::{Status, fields};

/// Draw the convergence of a survey: soundings that did not converge, R-hat, effective samples, processor time, and the
/// acceptance rate of each kind of move.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy plot convergence survey.h5 -o convergence.png")]
pub(in crate::cli) struct ConvergenceArgs {
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    figure: FigureArgs,
}

impl ConvergenceArgs {
    pub(super) fn draw(&self) -> Result<()> {
        let figure = self.figure.look.options()?;
        plot_convergence(&convergence_data(&self.source.results()?)?, &figure, &self.figure.output)
    }
}

/// Returns the diagnostics of all soundings of a survey.
pub(super) fn convergence_data(survey: &Survey) -> Result<ConvergenceData> {
    let Targets { rhat: rhat_target, ess: ess_target } = Targets::of(survey)?;
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

/// Returns the class of a status in figures.
pub(super) fn outcome(status: Status) -> Outcome {
    match status {
        Status::Converged => Outcome::Converged,
        Status::Usable => Outcome::Usable,
        Status::NotConverged => Outcome::NotConverged,
        _ => Outcome::WithoutResult,
    }
}
