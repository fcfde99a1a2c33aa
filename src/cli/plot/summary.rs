//! `geobipy plot summary`.

use std::path::PathBuf;

use clap::Args;

use super::report_data::{Scratch, report_data};
use super::{LookArgs, SourceArgs};
use crate::cli::source::SliceArgs;
use crate::error::Result;
use crate::plot::{FigureOptions, write_report};

/// Write a report of a survey as one HTML file without network access: facts of the run, convergence, interactive
/// sections, maps, worst fits.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy plot summary survey.h5 -o report.html")]
pub(in crate::cli) struct SummaryArgs {
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    slices: SliceArgs,
    /// Number of worst-fitting soundings in the report
    #[arg(long, value_name = "N", default_value_t = 3)]
    worst: usize,
    /// Number of soundings, evenly spaced over the survey, whose figure opens with a click on a section; each adds
    /// about 0.2 MB
    #[arg(long, value_name = "N", default_value_t = 24)]
    pictures: usize,
    /// File to write: .html
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    look: LookArgs,
}

impl SummaryArgs {
    pub(super) fn write(&self) -> Result<()> {
        let figure = self.look.options()?;
        figure.style.check_width(&self.output, "a report")?;
        let source = self.source.open(&self.output)?;
        let scratch = Scratch::beside(&self.output)?;
        let slices = self.slices.or_usual(&source.survey);
        // The title is the heading of the page, so pictures have their own titles.
        let pictures = FigureOptions { title: None, ..figure.clone() };
        let data = report_data(&source.survey, &slices, (self.worst, self.pictures), &pictures, scratch.path())?;
        write_report(&data, &figure, &self.output)
    }
}
