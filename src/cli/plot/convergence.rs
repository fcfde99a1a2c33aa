//! `geobipy plot convergence`.

use clap::Args;

use super::line::Line;
use super::map::details;
use super::section_data::{effective_samples, rhat, targets};
use super::{FigureArgs, SourceArgs};
use crate::error::Result;
use crate::export::Survey;
use crate::plot::{ConvergenceData, Outcome, plot_convergence};
use crate::schema::Status;

/// How far the chains of a survey have come: where they did not converge, R-hat, effective samples, processor time, and the
/// accepted share of each kind of move.
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
        let source = self.source.open(&self.figure.output)?;
        plot_convergence(&convergence_data(&source.survey)?, &figure, &self.figure.output)
    }
}

/// Diagnostics of all soundings of a survey.
pub(super) fn convergence_data(survey: &Survey) -> Result<ConvergenceData> {
    let mut data = ConvergenceData { targets: targets(survey)?, ..ConvergenceData::default() };
    let mut names: Vec<String> = Vec::new();
    for number in survey.line_numbers() {
        let line = Line::find(survey.path(), number)?;
        let (burn_in, iterations) = (line.values("burn_in")?, line.values("iterations")?);
        // Soundings that were not run have zeros.
        let positive = |value: f64| if value > 0.0 { value } else { f64::NAN };
        data.iterations.extend(burn_in.iter().zip(&iterations).map(|(a, b)| positive(a + b)));
        data.cpu_seconds.extend(line.values("cpu_seconds")?.into_iter().map(positive));
        data.rhat.extend(rhat(&line)?);
        data.effective_samples.extend(effective_samples(&line)?);
        if names.is_empty() {
            let spaced = |name: &str| name.replace('_', " ");
            names = line.variable_attribute("move", "flag_meanings")?.split_whitespace().map(spaced).collect();
            data.acceptance = names.iter().map(|name| (name.clone(), Vec::new())).collect();
        }
        for row in line.values("acceptance_rate")?.chunks_exact(names.len().max(1)) {
            data.acceptance.iter_mut().zip(row).for_each(|((_, shares), share)| shares.push(*share));
        }
    }
    let hours = data.cpu_seconds.iter().filter(|seconds| seconds.is_finite()).sum::<f64>() / 3600.0;
    (data.easting_m, data.northing_m) = survey.places().into_iter().unzip();
    data.outcomes = survey.statuses().iter().map(|&status| outcome(status)).collect();
    data.title = format!("Convergence of {}", survey.lines_in_words());
    data.details = format!("{}, {hours:.2} CPU hours", details(survey));
    Ok(data)
}

/// What figures make of a status.
pub(super) fn outcome(status: Status) -> Outcome {
    match status {
        Status::Converged => Outcome::Converged,
        Status::Usable => Outcome::Usable,
        Status::NotConverged => Outcome::NotConverged,
        _ => Outcome::WithoutResult,
    }
}
