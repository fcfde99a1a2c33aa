//! Grids that cover a survey, and values between its soundings.

use super::survey::SurveySelection;
use crate::error::{Error, Result};
use crate::gis::{Gridding, RasterGrid, grid_values};

/// Options of a map. Options that are not given are chosen to suit the survey.
#[derive(Debug, Clone)]
pub struct MapOptions {
    /// Method for values between soundings.
    pub gridding: Gridding,
    /// Size of a cell in m.
    pub cell_m: Option<f64>,
    /// Distance in m from the nearest sounding beyond which there is no value.
    pub blank_m: Option<f64>,
}

/// Largest number of cells of one band of a map.
const MOST_CELLS: f64 = 1e9;

/// Returns values of the soundings of a survey on a grid that covers them, row by row from the north-west; NaN where no
/// sounding is near.
///
/// # Errors
/// The grid has too many cells, or this program was built without GDAL.
pub fn gridded(survey: &SurveySelection, values: &[f64], options: &MapOptions) -> Result<(RasterGrid, Vec<f32>)> {
    let places = survey.places();
    let grid = grid(&places, options)?;
    if !values.iter().any(|value| value.is_finite()) {
        return Ok((grid, vec![f32::NAN; grid.columns * grid.rows]));
    }
    let values = grid_values(&places, values, &grid, options.gridding)?;
    Ok((grid, values))
}

/// Returns a grid that covers all places and the area within the blanking distance.
///
/// # Errors
/// There are too many cells, or no place is known.
pub fn grid(places: &[(f64, f64)], options: &MapOptions) -> Result<RasterGrid> {
    let extent = |of: fn(&(f64, f64)) -> f64| {
        let finite = || places.iter().filter(|(x, y)| x.is_finite() && y.is_finite()).map(of);
        (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max))
    };
    let ((west, east), (south, north)) = (extent(|p| p.0), extent(|p| p.1));
    if west > east {
        return Err(Error::Config("no sounding has coordinates".to_owned()));
    }
    let longer_m = (east - west).max(north - south).max(1.0);
    let cell_m = options.cell_m.unwrap_or_else(|| round_125(longer_m / 400.0));
    let blank_m = options.blank_m.unwrap_or(5.0 * cell_m);
    // Bounds are multiples of the cell, so that maps of parts of a survey fit together.
    let down = |x: f64| ((x - blank_m) / cell_m).floor();
    let up = |x: f64| ((x + blank_m) / cell_m).ceil();
    let (columns, rows) = (up(east) - down(west), up(north) - down(south));
    if columns * rows > MOST_CELLS {
        let message = format!("a map of {columns} x {rows} cells is too large: choose a larger --cell than {cell_m} m");
        return Err(Error::Config(message));
    }
    Ok(RasterGrid {
        west_m: down(west) * cell_m,
        north_m: up(north) * cell_m,
        cell_m,
        columns: (columns as usize).max(1),
        rows: (rows as usize).max(1),
        blank_m,
    })
}

/// Returns the next of 1, 2, 5, 10, ... that is not smaller.
fn round_125(value: f64) -> f64 {
    let decade = 10_f64.powf(value.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * decade).find(|&x| x >= value).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_cover_all_soundings_and_what_is_near() {
        let options = MapOptions { gridding: Gridding::Nearest, cell_m: Some(10.0), blank_m: Some(15.0) };
        let grid = grid(&[(103.0, 50.0), (f64::NAN, 0.0), (188.0, 20.0)], &options).unwrap();
        assert_eq!((grid.west_m, grid.north_m, grid.columns, grid.rows), (80.0, 70.0, 13, 7));
        assert_eq!([3.0, 5.0, 0.11, 7.0].map(round_125), [5.0, 5.0, 0.2, 10.0]);
        let tiny = MapOptions { cell_m: Some(1e-3), ..options };
        assert!(super::grid(&[(0.0, 0.0), (1e5, 1e5)], &tiny).is_err());
    }
}
