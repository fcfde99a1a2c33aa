//! Maps: quantities at depths on a grid.

use std::collections::BTreeSet;
use std::path::Path;

use super::quantity::Quantity;
use super::slice::Slice;
use super::survey::Survey;
use crate::error::{Error, Result};
use crate::gis::{Gridding, Raster, RasterBand, RasterGrid, grid_values, write_geotiff};

/// How a map is made; what is not given suits the survey.
#[derive(Debug, Clone)]
pub struct MapOptions {
    /// How values between soundings come about.
    pub gridding: Gridding,
    /// Size of a cell in m.
    pub cell_m: Option<f64>,
    /// Distance in m from the nearest sounding beyond which there is no value.
    pub blank_m: Option<f64>,
    /// Coordinate reference system, instead of that of the results.
    pub crs: Option<String>,
}

/// Cells of a map at most, of one band.
const MOST_CELLS: f64 = 1e9;

/// Writes a Cloud Optimised GeoTIFF, a band for each quantity and slice; beside each percentile of conductivity or resistivity
/// that of its 90 % interval.
///
/// # Errors
/// A slice lies outside the depth cells, the grid has too many cells, or the file cannot be written.
pub fn write_map(
    survey: &Survey,
    quantities: &[Quantity],
    slices: &[Slice],
    options: &MapOptions,
    path: &Path,
    news: &mut dyn FnMut(usize, usize),
) -> Result<Map> {
    survey.check_slices(slices)?;
    let places = survey.places();
    let grid = grid(&places, options)?;
    let width = Quantity::read(survey, "credible_width")?;
    let (mut bands, mut names) = (Vec::new(), BTreeSet::new());
    let mut add = |quantity: &Quantity, slice: &Slice| {
        let name = name(quantity, slice);
        if names.insert(name.clone()) {
            bands.push(band(survey, quantity, slice, name));
        }
    };
    for quantity in quantities {
        for slice in if quantity.is_by_depth() { slices.to_vec() } else { vec![Slice::Depth(0.0)] } {
            add(quantity, &slice);
            if quantity.is_logarithmic && quantity.is_by_depth() {
                // One for all percentiles at a depth.
                add(&width, &slice);
            }
        }
    }
    let (count, total) = (bands.len(), bands.len() * grid.rows);
    let crs = options.crs.clone().or_else(|| survey.crs());
    let style = style(&bands);
    let raster = Raster {
        places: &places,
        bands,
        grid,
        gridding: options.gridding,
        crs: crs.as_deref(),
        metadata: survey.provenance()?,
    };
    write_geotiff(path, &raster, &mut |rows| news(rows, total))?;
    Ok(Map { grid, bands: count, style })
}

/// Values of the soundings of a survey, on a grid that covers them, from the north-west along rows; NaN where none is near.
///
/// # Errors
/// The grid has too many cells, or this program was built without GDAL.
pub fn gridded(survey: &Survey, values: &[f64], options: &MapOptions) -> Result<(RasterGrid, Vec<f32>)> {
    let places = survey.places();
    let grid = grid(&places, options)?;
    if !values.iter().any(|value| value.is_finite()) {
        return Ok((grid, vec![f32::NAN; grid.columns * grid.rows]));
    }
    let values = grid_values(&places, values, &grid, options.gridding)?;
    Ok((grid, values))
}

/// What was written.
#[derive(Debug)]
pub struct Map {
    /// The cells.
    pub grid: RasterGrid,
    /// Number of bands.
    pub bands: usize,
    /// The style (QML) with which QGIS should open it, for a file beside it: the first median in colours, or else the first band.
    pub style: Option<String>,
}

#[cfg(feature = "plot")]
fn style(bands: &[RasterBand]) -> Option<String> {
    let median = bands.iter().position(|band| band.in_log10 && band.name.contains("_p50")).unwrap_or(0);
    let colours = crate::plot::ColourTable::built_in("spectrum").ok()?;
    Some(super::raster_style::raster_style(median + 1, bands.get(median)?, &colours))
}

/// Colours come with figures.
#[cfg(not(feature = "plot"))]
fn style(_: &[RasterBand]) -> Option<String> {
    None
}

fn name(quantity: &Quantity, slice: &Slice) -> String {
    if quantity.is_by_depth() { format!("{} {slice}", quantity.name) } else { quantity.name.clone() }
}

fn band(survey: &Survey, quantity: &Quantity, slice: &Slice, name: String) -> RasterBand {
    let values = if quantity.is_by_depth() {
        (0..survey.len()).map(|sounding| quantity.at(survey, slice, sounding)).collect()
    } else {
        quantity.values.clone()
    };
    RasterBand {
        name,
        unit: quantity.unit.clone(),
        meaning: quantity.meaning.clone(),
        in_log10: quantity.is_logarithmic,
        values,
    }
}

/// Cells that cover all places, with what lies within the distance.
pub(super) fn grid(places: &[(f64, f64)], options: &MapOptions) -> Result<RasterGrid> {
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
    // Bounds are multiples of the cell, so that maps of parts of a survey fit each other.
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

/// The next of 1, 2, 5, 10, ... that is not smaller.
fn round_125(value: f64) -> f64 {
    let decade = 10_f64.powf(value.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * decade).find(|&x| x >= value).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_cover_all_soundings_and_what_is_near() {
        let options = MapOptions { gridding: Gridding::Nearest, cell_m: Some(10.0), blank_m: Some(15.0), crs: None };
        let grid = grid(&[(103.0, 50.0), (f64::NAN, 0.0), (188.0, 20.0)], &options).unwrap();
        assert_eq!((grid.west_m, grid.north_m, grid.columns, grid.rows), (80.0, 70.0, 13, 7));
        assert_eq!([3.0, 5.0, 0.11, 7.0].map(round_125), [5.0, 5.0, 0.2, 10.0]);
        let tiny = MapOptions { cell_m: Some(1e-3), ..options };
        assert!(super::grid(&[(0.0, 0.0), (1e5, 1e5)], &tiny).is_err());
    }
}
