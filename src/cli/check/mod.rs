//! `geobipy check`: finds everything that can be wrong before a run starts.

mod channels;
mod cost;
mod errors;
mod fit;
mod gates;
mod geometry;
mod leave_out;
mod position;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use self::report::Report;
use super::notes::tell;
use super::selection::SelectionArgs;
#[cfg(feature = "plot")]
use crate::check::draw_survey;
use crate::check::{Cost, Counts, FITTED, Fits, Geometries, READ, Readings, Relief, TRIED, additive_doubts};
use crate::error::Result;
use crate::import::read_config;
use crate::run::{Plan, evenly};
use crate::survey::Place;
use crate::system::GeometryParameter;

/// Report errors and warnings in a configuration and its survey, and what a run would cost. Writes nothing.
///
/// The command reads the whole survey, fits halfspaces to some soundings and samples a few for some seconds. The exit
/// code is 1 when a run would fail, or could not be right.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  geobipy check survey.toml\n  geobipy check survey.toml --line 100502 --plot survey.png\n\n\
    Exit codes: 0 a run would work; 1 it would not; 2 wrong arguments"
)]
pub(super) struct CheckArgs {
    /// Configuration file (TOML), or an options file of GeoBIPy
    config: PathBuf,
    /// A value instead of the configuration's, as in model.maximum_layers=20; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Seconds of sampling, from which the cost of a run is estimated; 0 for no estimate
    #[arg(long, value_name = "SECONDS", default_value_t = 6.0)]
    timing: f64,
    /// Draw a map of the soundings and the data along the lines, .png or .svg
    #[cfg(feature = "plot")]
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    #[command(flatten)]
    selection: SelectionArgs,
}

pub(super) fn check(args: &CheckArgs) -> Result<ExitCode> {
    let config = tell(|notes| read_config(&args.config, &args.sets, notes))?;
    let plan = tell(|notes| Plan::of_readable(&config, &args.config, notes))?;
    let mut report = Report::default();
    report.rejected(&plan);
    report.nulls(&plan);
    if plan.survey.places().is_empty() {
        return Ok(report.finish());
    }
    let chosen = args.selection.selection().choose(&plan.survey, plan.config.survey.crs.as_deref())?;
    let places: Vec<Place> = plan.survey.places().iter().zip(chosen).filter(|(_, c)| *c).map(|(p, _)| *p).collect();
    report.survey(&plan, &places);
    position::tell_places(&plan, &places, &mut report);
    report.system(&plan);
    leave_out::tell(&plan, &mut report);

    let mut counts = Counts::new(&plan);
    let mut geometries = Geometries::default();
    let mut relief = Relief::default();
    plan.survey.each(&places, |sounding| {
        counts.add(&sounding);
        geometries.add(&sounding);
        relief.add(&sounding);
        Ok(())
    })?;
    channels::tell(&counts, &plan, &mut report);
    geometry::tell(&mut geometries, &plan, &mut report);
    gates::tell(&plan, &mut report);
    let has_height = plan.config.geometry.values()[GeometryParameter::Height.index()].is_none();
    let are_heights_doubtful = position::tell_relief(&relief, has_height, &mut report);

    let fits = Fits::new(&plan, &plan.survey.read(&evenly(&places, FITTED))?);
    let some = plan.survey.read(&evenly(&places, READ))?;
    let is_misread = fit::tell(&fits, Readings::new(&plan, &some).as_ref(), are_heights_doubtful, &plan, &mut report);
    if !is_misread {
        // In another unit the errors are compared with other data.
        errors::tell(&additive_doubts(&plan, &some), &counts, &plan, &mut report);
    }

    if args.timing > 0.0 {
        let tried = plan.survey.read(&evenly(&places, TRIED))?;
        cost::tell(&Cost::measure(&plan, &tried, args.timing), &plan, places.len(), &mut report);
    }
    #[cfg(feature = "plot")]
    if let Some(path) = &args.plot {
        draw_survey(&plan, &places, &fits, path)?;
        report.line(&format!("picture: {}", path.display()));
    }
    Ok(report.finish())
}
