//! `geobipy plot map`.

use clap::Args;

use super::args::{FigureArgs, SourceArgs};
use crate::cli::source::{SliceArgs, positive};
use crate::error::Result;
use crate::plot::{Limits, UncertaintyShown, add_ground, map_data, plot_map};
use crate::quantities::Quantity;
use crate::schema::fields;

/// Draw a quantity at several depths, with a dot for each sounding that fades where the quantity is uncertain.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  geobipy plot map survey.h5 --depth 10 --depth 20:40 -o map.png\n  \
    geobipy plot map survey.h5 --quantity depth_of_investigation_p50 --underlay -o investigated.svg")]
pub(in crate::cli) struct MapArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// The quantity, named as in `geobipy schema`, or resistivity_p50 and the like, class_probability_NAME,
    /// probability_above_CONDUCTIVITY
    #[arg(long, value_name = "NAME", default_value = fields::CONDUCTIVITY_P50.name)]
    quantity: String,
    #[command(flatten)]
    slices: SliceArgs,
    /// Range of the colours in the unit of the quantity, LOW:HIGH, or auto-line to suit the values drawn, or
    /// auto-survey to suit the quantity at all depths
    #[arg(long, value_name = "LIMITS", default_value = "auto-line", allow_hyphen_values = true)]
    limits: Limits,
    /// Display of uncertain conductivities
    #[arg(long, value_enum, default_value_t = UncertaintyShown::Fade)]
    uncertainty: UncertaintyShown,
    /// Draw gridded values between soundings (weights 1 / distance^2), with the soundings as small dots
    #[arg(long)]
    underlay: bool,
    /// Largest distance from soundings at which gridded values are drawn, in m [default: five cells, of which 400 cover
    /// the survey]
    #[arg(long, value_name = "M", requires = "underlay", value_parser = positive)]
    blank: Option<f64>,
    #[command(flatten)]
    figure: FigureArgs,
}

impl MapArgs {
    pub(super) fn draw(&self) -> Result<()> {
        let figure = self.figure.look.options()?;
        let source = self.source.open(&self.figure.output)?;
        let quantity = Quantity::read(&source.survey, &self.quantity)?;
        let slices = self.slices.or_usual(&source.survey);
        let mut data = map_data(&source.survey, &quantity, &slices, (self.limits, self.uncertainty))?;
        if self.underlay {
            add_ground(&source.survey, &mut data, self.blank)?;
        }
        plot_map(&data, self.uncertainty.uncertainty(), &figure, &self.figure.output)
    }
}
