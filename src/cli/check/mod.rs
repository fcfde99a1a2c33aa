//! `geobipy check`: finds everything that can be wrong before a run starts.

mod channels;
mod cost;
mod fit;
mod geometry;
#[cfg(feature = "plot")]
mod picture;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use self::channels::Counts;
use self::cost::Cost;
use self::fit::Fits;
use self::geometry::Geometries;
use self::report::Report;
use super::inputs::read_config;
use super::plan::Plan;
use super::prior::evenly;
use super::selection::Selection;
use crate::error::Result;
use crate::survey::{Convention, Place};
use crate::system::{Axis, System, TdemChannel};

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
    selection: Selection,
}

/// Largest number of soundings to which halfspaces are fitted.
const FITTED: usize = 300;

pub(super) fn check(args: &CheckArgs) -> Result<ExitCode> {
    let config = read_config(&args.config, &args.sets)?;
    let plan = Plan::of_readable(&config, &args.config)?;
    let mut report = Report::default();
    report.rejected(&plan);
    if plan.survey.places().is_empty() {
        return Ok(report.finish());
    }
    let chosen = args.selection.choose(&plan.survey, config.survey.crs.as_deref())?;
    let places: Vec<Place> = plan.survey.places().iter().zip(chosen).filter(|(_, c)| *c).map(|(p, _)| *p).collect();
    report.survey(&plan, &places);

    let mut counts = Counts::new(&plan);
    let mut geometries = Geometries::default();
    plan.survey.each(&places, |sounding| {
        counts.add(&sounding);
        geometries.add(&sounding);
        Ok(())
    })?;
    counts.tell(&plan, &mut report);
    geometries.tell(&plan, &mut report);

    let fits = Fits::new(&plan, &plan.survey.read(&evenly(&places, FITTED))?);
    fits.tell(&plan, &mut report);

    if args.timing > 0.0 {
        Cost::measure(&plan, &plan.survey.read(&evenly(&places, cost::TRIED))?, args.timing).tell(
            &plan,
            &places,
            &mut report,
        );
    }
    #[cfg(feature = "plot")]
    if let Some(path) = &args.plot {
        picture::draw(&plan, &places, &fits, path)?;
        report.line(&format!("picture: {}", path.display()));
    }
    Ok(report.finish())
}

/// Returns the factor from the program's sign of each channel to that of the survey file: 1 or -1.
fn file_signs(plan: &Plan) -> Vec<f64> {
    let System::Tdem(instrument) = &plan.system else { return vec![1.0; plan.system.channel_count()] };
    let turns = plan.config.columns.convention() == Convention::GeoBipy;
    let sign = |channel: &TdemChannel| if turns && channel.component == Some(Axis::Z) { -1.0 } else { 1.0 };
    instrument.channels().iter().map(sign).collect()
}
