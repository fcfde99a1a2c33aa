//! `geobipy plot sounding`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::args::FigureArgs;
use crate::error::{Error, Result};
use crate::plot::{Limits, SoundingOptions, TrueModel, plot_sounding, sounding_data};
use crate::results::Survey;
use crate::survey::{line_label, read_models};

/// Draw the posterior of one sounding: conductivity and interfaces by depth, layer count, data, errors, geometry,
/// chains.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy plot sounding out/resolve --line 30010 --fiducial 30000.5 -o sounding.png")]
pub(in crate::cli) struct SoundingArgs {
    /// Directory of results, or merged file
    results: PathBuf,
    /// Flight line
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    line: f64,
    /// Fiducial of the sounding, exactly as in the survey file
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    fiducial: f64,
    /// True models to draw over the posterior, CSV as `geobipy simulate` writes it
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// Label with resistivity instead of conductivity
    #[arg(long)]
    resistivity: bool,
    /// Range of the scale in S/m, or ohm m with --resistivity, LOW:HIGH, instead of one that suits the sounding
    #[arg(long, value_name = "LIMITS", default_value = "auto-line", hide_default_value = true)]
    limits: Limits,
    /// Largest depth drawn, in m
    #[arg(long, value_name = "M")]
    maximum_depth: Option<f64>,
    #[command(flatten)]
    figure: FigureArgs,
}

impl SoundingArgs {
    pub(super) fn draw(&self) -> Result<()> {
        let figure = self.figure.look.options()?;
        let conductivity_range = match self.limits {
            Limits::Drawn => None,
            Limits::Given(low, high) if self.resistivity => Some((1.0 / high, 1.0 / low)),
            Limits::Given(low, high) => Some((low, high)),
            Limits::Survey => {
                return Err(Error::setting("--limits", "--limits: a sounding has those that suit it, or LOW:HIGH"));
            }
        };
        let survey = Survey::open(std::slice::from_ref(&self.results), &[])?;
        let sounding = survey.line(self.line)?.find(self.fiducial)?;
        let Some(mut data) = sounding_data(&sounding)? else {
            let message = format!("fiducial {} has no posterior to draw", self.fiducial);
            return Err(Error::results(&self.results, message));
        };
        data.truth = self.truth.as_deref().map(|path| true_model(path, self.line, self.fiducial)).transpose()?;
        let options =
            SoundingOptions { conductivity_range, resistivity: self.resistivity, maximum_depth_m: self.maximum_depth };
        plot_sounding(&data, &options, &figure, &self.figure.output)
    }
}

/// Reads the model of a sounding from a table of models.
fn true_model(path: &Path, line_number: f64, fiducial: f64) -> Result<TrueModel> {
    let models = read_models(path)?;
    let Some(model) = models.iter().find(|model| model.line_number == line_number && model.fiducial == fiducial) else {
        let message = format!("has no model of line {}, fiducial {fiducial}", line_label(line_number));
        return Err(Error::results(path, message));
    };
    Ok(TrueModel {
        interface_depth_m: model.earth.interface_depth_m().to_vec(),
        log10_conductivity: model.earth.ln_conductivity().iter().map(|ln| ln / std::f64::consts::LN_10).collect(),
    })
}
