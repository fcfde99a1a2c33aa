//! `geobipy plot convergence`.

use clap::Args;

use super::args::{FigureArgs, SourceArgs};
use crate::error::Result;
use crate::plot::{convergence_data, plot_convergence};

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
