//! `geobipy plot`: figures from results.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::selection::Interval;
use super::source::{Source, open_results};
use crate::error::Result;
use crate::plot::{ColourTable, FigureOptions, Style};
use crate::results::Survey;

mod convergence;
mod data;
mod map;
mod report_data;
mod section;
mod section_data;
mod shown;
mod sounding;
mod sounding_data;
mod summary;

/// Draw figures for reports, PNG or SVG by the extension of the output.
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:\n  geobipy plot section out/resolve --line 30010 -o section.png\n  \
    geobipy plot map survey.h5 --depth 10 --depth 20:40 -o map.svg\n  \
    geobipy plot summary survey.h5 -o report.html")]
pub(super) enum PlotCommand {
    Section(section::SectionArgs),
    Sounding(sounding::SoundingArgs),
    Map(map::MapArgs),
    Data(data::DataArgs),
    Convergence(convergence::ConvergenceArgs),
    Summary(summary::SummaryArgs),
}

pub(super) fn plot(command: &PlotCommand) -> Result<()> {
    match command {
        PlotCommand::Section(args) => args.draw(),
        PlotCommand::Sounding(args) => args.draw(),
        PlotCommand::Map(args) => args.draw(),
        PlotCommand::Data(args) => args.draw(),
        PlotCommand::Convergence(args) => args.draw(),
        PlotCommand::Summary(args) => args.write(),
    }
}

#[derive(Debug, Args)]
struct SourceArgs {
    /// Merged file, or directories of results, or line files
    #[arg(required = true, value_name = "RESULTS")]
    results: Vec<PathBuf>,
    /// Only this flight line, or the lines FIRST:LAST; may be repeated
    #[arg(long = "line", value_name = "NUMBER", allow_negative_numbers = true)]
    lines: Vec<Interval>,
}

impl SourceArgs {
    /// Opens the results as they are, for figures that need no products of a merge.
    fn results(&self) -> Result<Survey> {
        open_results(&self.results, &self.lines)
    }

    /// Opens the results; line files are merged into a temporary file beside `output`.
    fn open(&self, output: &Path) -> Result<Source> {
        Source::open(&self.results, &self.lines, output)
    }
}

#[derive(Debug, Args)]
struct FigureArgs {
    /// Figure to write: .png or .svg
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    look: LookArgs,
}

#[derive(Debug, Args)]
struct LookArgs {
    /// Heading
    #[arg(long)]
    title: Option<String>,
    /// Figure style: report, column, slides, dark, colour-blind, or a file *.toml (docs/figures.md)
    #[arg(long, value_name = "NAME", default_value = "report")]
    style: String,
    /// Another value of the style, as in text.label=8; may be repeated
    #[arg(long = "set", value_name = "SECTION.KEY=VALUE")]
    sets: Vec<String>,
    /// Colour table: spectrum, lagoon, viridis, cividis, turbo, ...
    #[arg(long, value_name = "NAME", value_parser = known_colours)]
    colours: Option<String>,
}

fn known_colours(name: &str) -> std::result::Result<String, String> {
    ColourTable::built_in(name).map(|_| name.to_owned())
}

impl LookArgs {
    fn options(&self) -> Result<FigureOptions> {
        let mut sets = self.sets.clone();
        if let Some(name) = &self.colours {
            sets.extend(["conductivity", "quantity"].map(|key| format!("colour.{key}={name}")));
        }
        Ok(FigureOptions { style: Style::find(&self.style, &sets)?, title: self.title.clone() })
    }
}
