//! `geobipy plot map`.

use clap::Args;

use super::shown::{Limits, UncertaintyArg, fading_variable, scaled, scaled_value, shown};
use super::{FigureArgs, SourceArgs};
use crate::cli::plural::plural;
use crate::cli::source::{SliceArgs, positive};
use crate::error::Result;
use crate::export::{MapOptions, Quantity, Slice, Survey, gridded};
use crate::gis::Gridding;
use crate::plot::{MapData, MapGround, MapPanel, plot_map};
use crate::results;
use crate::schema::{Status, fields};

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
    #[arg(long, value_enum, default_value_t = UncertaintyArg::Fade)]
    uncertainty: UncertaintyArg,
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

/// Returns `quantity` at each of `slices`, or one map if it does not depend on depth.
pub(super) fn map_data(
    survey: &Survey,
    quantity: &Quantity,
    slices: &[Slice],
    (limits, uncertainty): (Limits, UncertaintyArg),
) -> Result<MapData> {
    survey.check_slices(slices)?;
    let at = |quantity: &Quantity, slice: &Slice| -> Result<Vec<f64>> {
        Ok(quantity.at(survey, slice)?.into_iter().map(|value| scaled_value(quantity, value)).collect())
    };
    let mut panels = Vec::new();
    if quantity.is_by_depth() {
        let width =
            fading_variable(quantity, uncertainty).map(|field| Quantity::read(survey, field.name)).transpose()?;
        for slice in slices {
            let widths = width.as_ref().map_or_else(|| Ok(Vec::new()), |width| at(width, slice))?;
            panels.push(MapPanel { label: name(slice), values: at(quantity, slice)?, widths, ground: None });
        }
    } else {
        panels.push(MapPanel { values: scaled(quantity), ..MapPanel::default() });
    }
    let (easting_m, northing_m) = survey.places().into_iter().unzip();
    Ok(MapData {
        title: quantity.long_name.clone(),
        details: details(survey.results()),
        legend: shown(survey, quantity, limits, uncertainty)?,
        easting_m,
        northing_m,
        panels,
    })
}

/// Adds gridded values between the soundings to each map.
fn add_ground(survey: &Survey, data: &mut MapData, blank_m: Option<f64>) -> Result<()> {
    let options = MapOptions { gridding: Gridding::InverseDistance, cell_m: None, blank_m };
    for panel in &mut data.panels {
        let (grid, values) = gridded(survey, &panel.values, &options)?;
        let widths = if panel.widths.is_empty() { Vec::new() } else { gridded(survey, &panel.widths, &options)?.1 };
        panel.ground = Some(MapGround {
            west_m: grid.west_m,
            north_m: grid.north_m,
            cell_m: grid.cell_m,
            columns: grid.columns,
            values,
            widths,
        });
    }
    Ok(())
}

/// Describes the number of soundings, and how many of them have another status than converged.
pub(super) fn details(survey: &results::Survey) -> String {
    let mut details = format!("{} of {}", plural(survey.len(), "sounding"), survey.lines_in_words());
    for status in [Status::Usable, Status::NotConverged, Status::Failed, Status::NotRun] {
        let count = survey.statuses().iter().filter(|&&other| other == status).count();
        if count > 0 {
            details += &format!(", {count} {}", status.words());
        }
    }
    details
}

fn name(slice: &Slice) -> String {
    match slice {
        Slice::Depth(depth) => format!("{depth} m deep"),
        Slice::Interval(top, bottom) => format!("{top}–{bottom} m deep"),
        Slice::Elevation(elevation) => format!("{elevation} m elevation"),
    }
}
