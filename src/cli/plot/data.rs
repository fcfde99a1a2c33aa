//! `geobipy plot data`.

use std::path::PathBuf;

use clap::Args;

use super::args::FigureArgs;
use crate::error::Result;
use crate::plot::{Along, fit_data, plot_fit};
use crate::results::Survey;

/// Draw observed data and the posterior's predictions along a line, channel by channel, and their difference in
/// standard deviations.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy plot data out/resolve --line 30010 -o data.png")]
pub(in crate::cli) struct DataArgs {
    /// Directory of results, or merged file
    results: PathBuf,
    /// Flight line
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    line: f64,
    /// Horizontal axis
    #[arg(long, value_enum, default_value_t = Along::Distance)]
    along: Along,
    #[command(flatten)]
    figure: FigureArgs,
}

impl DataArgs {
    pub(super) fn draw(&self) -> Result<()> {
        let figure = self.figure.look.options()?;
        let survey = Survey::open(std::slice::from_ref(&self.results), &[])?;
        let data = fit_data(&survey.line(self.line)?)?;
        plot_fit(&data, self.along, &figure, &self.figure.output)
    }
}
