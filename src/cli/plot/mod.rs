//! `geobipy plot`: figures from results.

use clap::Subcommand;

use crate::error::Result;

mod args;
mod convergence;
mod data;
mod map;
mod section;
mod sounding;
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
