//! Maps of a quantity, from the results of a survey.

use super::details::details;
use super::shown::{Limits, UncertaintyShown, fading_variable, scaled, scaled_value, shown};
use crate::error::Result;
use crate::gis::Gridding;
use crate::plot::map::{MapData, MapGround, MapPanel};
use crate::quantities::{MapOptions, Quantity, Slice, SurveySelection, gridded};

/// Returns `quantity` at each of `slices`, or one map if it does not depend on depth.
///
/// # Errors
/// A slice lies outside the depth cells, or a file cannot be read.
pub fn map_data(
    survey: &SurveySelection,
    quantity: &Quantity,
    slices: &[Slice],
    (limits, uncertainty): (Limits, UncertaintyShown),
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

/// Adds values between the soundings of each map, as far as `blank_m` from the nearest sounding.
///
/// # Errors
/// This program was built without GDAL.
pub fn add_ground(survey: &SurveySelection, data: &mut MapData, blank_m: Option<f64>) -> Result<()> {
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

fn name(slice: &Slice) -> String {
    match slice {
        Slice::Depth(depth) => format!("{depth} m deep"),
        Slice::Interval(top, bottom) => format!("{top}–{bottom} m deep"),
        Slice::Elevation(elevation) => format!("{elevation} m elevation"),
    }
}
