//! `geobipy plot`: figures from results.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::plot_data::{section_data, sounding_data};
use super::plot_line::Line;
use super::plot_map::map_data;
use super::plot_summary::{Scratch, report_data};
use super::selection::Interval;
use super::source::{SliceArgs, Source};
use crate::error::{Error, Result};
use crate::export::Quantity;
use crate::plot::{FigureOptions, Style, plot_map, plot_section, plot_sounding, write_report};

/// Draw figures for reports, PNG or SVG by the extension of the output.
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  geobipy plot section out/resolve --line 30010 -o section.png")]
pub(super) enum PlotCommand {
    Section(SectionArgs),
    Sounding(SoundingArgs),
    Map(MapArgs),
    Summary(SummaryArgs),
}

/// Conductivity along a line against elevation, fading where it is uncertain, with misfit and layer count.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy plot section out/resolve --line 30010 -o section.png")]
pub(super) struct SectionArgs {
    /// Directory of results, or merged file
    results: PathBuf,
    /// Flight line
    #[arg(long, value_name = "NUMBER")]
    line: f64,
    #[command(flatten)]
    conductivity: ConductivityArgs,
    #[command(flatten)]
    figure: FigureArgs,
}

/// The posterior of one sounding: conductivity and interfaces by depth, layer count, data, errors, geometry, chains.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy plot sounding out/resolve --line 30010 --fiducial 30000.5 -o sounding.png")]
pub(super) struct SoundingArgs {
    /// Directory of results, or merged file
    results: PathBuf,
    /// Flight line
    #[arg(long, value_name = "NUMBER")]
    line: f64,
    /// Fiducial of the sounding, exactly as in the survey file
    #[arg(long, value_name = "NUMBER")]
    fiducial: f64,
    #[command(flatten)]
    conductivity: ConductivityArgs,
    #[command(flatten)]
    figure: FigureArgs,
}

/// A quantity at several depths, each sounding a dot in its place, fading where it is uncertain.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy plot map survey.h5 --depth 10 --depth 20:40 -o map.png")]
pub(super) struct MapArgs {
    /// Merged file, or directories of results, or line files
    #[arg(required = true, value_name = "RESULTS")]
    results: Vec<PathBuf>,
    /// Only this flight line, or the lines FIRST:LAST; may be repeated
    #[arg(long = "line", value_name = "NUMBER", allow_negative_numbers = true)]
    lines: Vec<Interval>,
    /// The quantity, named as in `geobipy schema`, or resistivity_p50 and its kin
    #[arg(long, value_name = "NAME", default_value = "conductivity_p50")]
    quantity: String,
    #[command(flatten)]
    slices: SliceArgs,
    /// Ends of the colour scale in the unit of the quantity, instead of those that suit the data
    #[arg(long, num_args = 2, value_names = ["LOW", "HIGH"], allow_negative_numbers = true)]
    range: Option<Vec<f64>>,
    #[command(flatten)]
    figure: FigureArgs,
}

/// A report of a survey as one HTML file that needs no network: what was done, convergence, sections to point at, maps, worst fits.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy plot summary survey.h5 -o report.html")]
pub(super) struct SummaryArgs {
    /// Merged file, or directories of results, or line files
    #[arg(required = true, value_name = "RESULTS")]
    results: Vec<PathBuf>,
    /// Only this flight line, or the lines FIRST:LAST; may be repeated
    #[arg(long = "line", value_name = "NUMBER", allow_negative_numbers = true)]
    lines: Vec<Interval>,
    #[command(flatten)]
    slices: SliceArgs,
    /// Worst-fitting soundings to show
    #[arg(long, value_name = "N", default_value_t = 3)]
    worst: usize,
    /// File to write: .html
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Heading
    #[arg(long)]
    title: Option<String>,
    /// Figure style (TOML), instead of the built-in one (styles/report.toml)
    #[arg(long, value_name = "FILE")]
    style: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct FigureArgs {
    /// Figure to write: .png or .svg
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Heading
    #[arg(long)]
    title: Option<String>,
    /// Figure style (TOML), instead of the built-in one (styles/report.toml)
    #[arg(long, value_name = "FILE")]
    style: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct ConductivityArgs {
    /// Label with resistivity instead of conductivity
    #[arg(long)]
    resistivity: bool,
    /// Ends of the conductivity scale in S/m, instead of those that suit the data
    #[arg(long, num_args = 2, value_names = ["LOW", "HIGH"])]
    conductivity_range: Option<Vec<f64>>,
    /// Draw no deeper than this, in m
    #[arg(long, value_name = "M")]
    maximum_depth: Option<f64>,
}

impl FigureArgs {
    fn options(&self) -> Result<FigureOptions> {
        Ok(FigureOptions {
            style: self.style.as_deref().map(Style::read).transpose()?.unwrap_or_default(),
            title: self.title.clone(),
            ..FigureOptions::default()
        })
    }
}

impl ConductivityArgs {
    fn options(&self, figure: &FigureArgs) -> Result<FigureOptions> {
        Ok(FigureOptions {
            conductivity_range: self.conductivity_range.as_ref().map(|range| (range[0], range[1])),
            resistivity: self.resistivity,
            maximum_depth_m: self.maximum_depth,
            ..figure.options()?
        })
    }
}

pub(super) fn plot(command: &PlotCommand) -> Result<()> {
    match command {
        PlotCommand::Section(args) => {
            let line = Line::find(&args.results, args.line)?;
            plot_section(&section_data(&line)?, &args.conductivity.options(&args.figure)?, &args.figure.output)
        }
        PlotCommand::Sounding(args) => {
            let line = Line::find(&args.results, args.line)?;
            let index = line.sounding(args.fiducial)?;
            let Some(data) = sounding_data(&line, index)? else {
                let message = format!("fiducial {} has no posterior to draw", args.fiducial);
                return Err(Error::results(line.path(), message));
            };
            plot_sounding(&data, &args.conductivity.options(&args.figure)?, &args.figure.output)
        }
        PlotCommand::Map(args) => {
            let source = Source::open(&args.results, &args.lines, &args.figure.output)?;
            let quantity = Quantity::read(&source.survey, &args.quantity)?;
            let data = map_data(&source.survey, &quantity, &args.slices.or_usual(&source.survey))?;
            let scaled = |value: f64| if quantity.is_logarithmic { value.log10() } else { value };
            let range = args.range.as_ref().map(|range| (scaled(range[0]), scaled(range[1])));
            plot_map(&data, range, &args.figure.options()?, &args.figure.output)
        }
        PlotCommand::Summary(args) => {
            let source = Source::open(&args.results, &args.lines, &args.output)?;
            let style = args.style.as_deref().map(Style::read).transpose()?.unwrap_or_default();
            let figures = FigureOptions { style, ..FigureOptions::default() };
            let scratch = Scratch::beside(&args.output)?;
            let slices = args.slices.or_usual(&source.survey);
            let data = report_data(&source.survey, &slices, args.worst, &figures, scratch.path())?;
            write_report(&data, &FigureOptions { title: args.title.clone(), ..figures }, &args.output)
        }
    }
}
