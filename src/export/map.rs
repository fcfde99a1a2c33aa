//! Maps: quantities at depths on a grid.

use std::collections::BTreeSet;
use std::path::Path;

use super::interval::at_slices;
use super::quantity::Quantity;
use super::slice::Slice;
use super::survey::Survey;
use crate::error::{Error, Result};
use crate::gis::{Gridding, Raster, RasterBand, RasterGrid, grid_values, write_geotiff};
use crate::schema::fields;

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

/// Writes a Cloud Optimised GeoTIFF with a band for each quantity and slice, and for each percentile of conductivity or
/// resistivity also a band with the width of the 90 % interval.
///
/// # Errors
/// A slice lies outside the depth cells, the grid has too many cells, or the file cannot be written.
pub fn write_map(
    survey: &Survey,
    quantities: &[Quantity],
    slices: &[Slice],
    options: &MapOptions,
    path: &Path,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Map> {
    survey.check_slices(slices)?;
    survey.check_metres(
        "cells of a map are squares in m",
        "or warp a map: gdalwarp -t_srs EPSG:4326 map.tif warped.tif",
    )?;
    let places = survey.places();
    let grid = grid(&places, options)?;
    let width = Quantity::read(survey, fields::CREDIBLE_WIDTH.name)?;
    let all: Vec<&Quantity> = quantities.iter().chain([&width]).collect();
    let values = at_slices(survey, &all, slices)?;
    let (mut bands, mut names) = (Vec::new(), BTreeSet::new());
    let mut add = |quantity: usize, slice: usize| {
        let band = band(all[quantity], slices.get(slice), values[quantity].get(slice));
        if names.insert(band.name.clone()) {
            bands.push(band);
        }
    };
    for (place, quantity) in quantities.iter().enumerate() {
        for slice in 0..if quantity.is_by_depth() { slices.len() } else { 1 } {
            add(place, slice);
            if quantity.is_logarithmic && quantity.is_by_depth() {
                // One width serves all percentiles at a depth.
                add(quantities.len(), slice);
            }
        }
    }
    let (count, total) = (bands.len(), bands.len() * grid.rows);
    let crs = survey.crs();
    let style = style(&bands);
    let raster = Raster {
        places: &places,
        bands,
        grid,
        gridding: options.gridding,
        crs: crs.as_deref(),
        metadata: survey.provenance()?,
    };
    write_geotiff(path, &raster, &mut |rows| progress(rows, total))?;
    Ok(Map { grid, bands: count, style })
}

/// Returns values of the soundings of a survey on a grid that covers them, row by row from the north-west; NaN where no
/// sounding is near.
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

/// Description of a map that was written.
#[derive(Debug)]
pub struct Map {
    /// The cells.
    pub grid: RasterGrid,
    /// Number of bands.
    pub bands: usize,
    /// The QGIS style (QML), to be written beside the file: it shows the first median, or else the first band, in
    /// colours.
    pub style: Option<String>,
}

#[cfg(feature = "plot")]
fn style(bands: &[RasterBand]) -> Option<String> {
    let median = bands.iter().position(|band| band.in_log10 && band.name.contains("_p50")).unwrap_or(0);
    let colours = crate::plot::ColourTable::built_in("spectrum").ok()?;
    Some(super::raster_style::raster_style(median + 1, bands.get(median)?, &colours))
}

/// Returns no style: the colours are part of the feature `plot`.
#[cfg(not(feature = "plot"))]
fn style(_: &[RasterBand]) -> Option<String> {
    None
}

/// Makes a band of a quantity by depth at a slice, or of another quantity.
fn band(quantity: &Quantity, slice: Option<&Slice>, values: Option<&Vec<f64>>) -> RasterBand {
    let slice = slice.filter(|_| quantity.is_by_depth());
    RasterBand {
        name: slice.map_or_else(|| quantity.name.clone(), |slice| format!("{} {slice}", quantity.name)),
        unit: quantity.unit.clone(),
        meaning: slice.map_or_else(|| quantity.meaning.clone(), |slice| quantity.meaning_at(slice)),
        in_log10: quantity.is_logarithmic,
        values: values.filter(|_| slice.is_some()).unwrap_or(&quantity.values).clone(),
    }
}

/// Returns a grid that covers all places and the area within the blanking distance.
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
