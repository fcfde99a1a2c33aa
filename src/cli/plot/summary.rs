//! `geobipy plot summary`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::args::{LookArgs, SourceArgs};
use crate::cli::progress::steps;
use crate::cli::source::SliceArgs;
use crate::error::{Error, Result};
use crate::plot::{FigureOptions, report_data, write_report};

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
        let bar = steps("pictures");
        let counts = (self.worst, self.pictures);
        let data = report_data(&source.survey, &slices, counts, &pictures, scratch.path(), &mut |done, total| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        })?;
        bar.finish_and_clear();
        write_report(&data, &figure, &self.output)
    }
}

/// A temporary folder that is removed with its content.
struct Scratch(PathBuf);

impl Scratch {
    /// Creates a new folder beside the file that will be written.
    fn beside(output: &Path) -> Result<Self> {
        let mut name = std::ffi::OsString::from(".");
        name.push(output.file_name().unwrap_or_default());
        name.push(format!(".{}.scratch", std::process::id()));
        let folder = output.with_file_name(name);
        std::fs::create_dir(&folder).map_err(Error::io(output))?;
        Ok(Self(folder))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
