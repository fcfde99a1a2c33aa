//! `geobipy plot`: figures from results.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::plot_data::{find_line, find_sounding, section_data, sounding_data};
use crate::error::{Error, Result};
use crate::plot::{FigureOptions, Style, plot_section, plot_sounding};

/// Draw figures for reports, PNG or SVG by the extension of the output.
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  geobipy plot section out/resolve --line 30010 -o section.png")]
pub(super) enum PlotCommand {
    Section(SectionArgs),
    Sounding(SoundingArgs),
}

/// Conductivity along a line against elevation, fading where it is uncertain, with misfit and layer count.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy plot section out/resolve --line 30010 -o section.png")]
pub(super) struct SectionArgs {
    /// Directory of results
    results: PathBuf,
    /// Flight line
    #[arg(long, value_name = "NUMBER")]
    line: f64,
    #[command(flatten)]
    figure: FigureArgs,
}

/// The posterior of one sounding: conductivity and interfaces by depth, layer count, data, errors, geometry, chains.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy plot sounding out/resolve --line 30010 --fiducial 30000.5 -o sounding.png")]
pub(super) struct SoundingArgs {
    /// Directory of results
    results: PathBuf,
    /// Flight line
    #[arg(long, value_name = "NUMBER")]
    line: f64,
    /// Fiducial of the sounding, exactly as in the survey file
    #[arg(long, value_name = "NUMBER")]
    fiducial: f64,
    #[command(flatten)]
    figure: FigureArgs,
}

#[derive(Debug, Args)]
struct FigureArgs {
    /// Figure to write: .png or .svg
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Label with resistivity instead of conductivity
    #[arg(long)]
    resistivity: bool,
    /// Ends of the conductivity scale in S/m, instead of those that suit the data
    #[arg(long, num_args = 2, value_names = ["LOW", "HIGH"])]
    conductivity_range: Option<Vec<f64>>,
    /// Draw no deeper than this, in m
    #[arg(long, value_name = "M")]
    maximum_depth: Option<f64>,
    /// Heading
    #[arg(long)]
    title: Option<String>,
    /// Figure style (TOML), instead of the built-in one (styles/report.toml)
    #[arg(long, value_name = "FILE")]
    style: Option<PathBuf>,
}

impl FigureArgs {
    fn options(&self) -> Result<FigureOptions> {
        Ok(FigureOptions {
            style: self.style.as_deref().map(Style::read).transpose()?.unwrap_or_default(),
            conductivity_range: self.conductivity_range.as_ref().map(|range| (range[0], range[1])),
            resistivity: self.resistivity,
            maximum_depth_m: self.maximum_depth,
            title: self.title.clone(),
        })
    }
}

pub(super) fn plot(command: &PlotCommand) -> Result<()> {
    match command {
        PlotCommand::Section(args) => {
            let line = find_line(&args.results, args.line)?;
            plot_section(&section_data(&line)?, &args.figure.options()?, &args.figure.output)
        }
        PlotCommand::Sounding(args) => {
            let line = find_line(&args.results, args.line)?;
            let index = find_sounding(&line, args.fiducial)?;
            let Some(data) = sounding_data(&line, index)? else {
                let message = format!("fiducial {} has no posterior to draw", args.fiducial);
                return Err(Error::results(line.path(), message));
            };
            plot_sounding(&data, &args.figure.options()?, &args.figure.output)
        }
    }
}
