//! Maps: quantities at depths on a grid.

use std::collections::BTreeSet;
use std::path::Path;

use crate::error::Result;
use crate::files::write_whole;
use crate::gis::{Raster, RasterBand, RasterGrid, write_geotiff};
use crate::quantities::{MapOptions, Quantity, Slice, SurveySelection, at_slices, grid};
use crate::schema::fields;

/// Writes a Cloud Optimised GeoTIFF with a band for each quantity and slice, and for each percentile of conductivity or
/// resistivity also a band with the width of the 90 % interval.
///
/// # Errors
/// A slice lies outside the depth cells, the grid has too many cells, or the file cannot be written.
pub fn write_map(
    survey: &SurveySelection,
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
    write_whole(path, |partial| write_geotiff(partial, &raster, &mut |rows| progress(rows, total)))?;
    Ok(Map { grid, bands: count, style })
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
