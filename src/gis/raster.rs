//! Writes Cloud Optimised GeoTIFF.

use std::ffi::CString;
use std::path::Path;

use gdal::raster::{Buffer, RasterCreationOptions};
use gdal::{DriverManager, Metadata};

use super::crs::spatial_ref;
use super::gridding::{GriddingPoints, NO_DATA};
use super::messages::{failed, quiet};
use super::{Raster, RasterBand};
use crate::error::Result;

/// Approximate number of cells that are gridded at a time.
const TILE_CELLS: usize = 4 << 20;

/// Grids the bands of `raster` and writes a Cloud Optimised GeoTIFF at `path`. `progress` is called with the number of
/// finished rows of all bands.
///
/// # Errors
///
/// [`crate::error::Error::Results`] when it cannot be written, [`crate::error::Error::Setting`] for an unknown coordinate reference system.
pub fn write_geotiff(path: &Path, raster: &Raster<'_>, progress: &mut dyn FnMut(usize)) -> Result<()> {
    quiet();
    let crs = raster.crs.map(spatial_ref).transpose()?;
    // The driver of such files can only copy another file.
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".grid");
    let plain = path.with_file_name(name);
    let written = write_plain(&plain, raster, crs.as_ref(), progress);
    let copied = written.and_then(|()| copy(&plain, path));
    let _ = std::fs::remove_file(&plain);
    copied.map_err(|error| failed(path, &error))
}

fn write_plain(
    path: &Path,
    raster: &Raster<'_>,
    crs: Option<&gdal::spatial_ref::SpatialRef>,
    progress: &mut dyn FnMut(usize),
) -> gdal::errors::Result<()> {
    let grid = &raster.grid;
    let options = RasterCreationOptions::from_iter(["TILED=YES", "BIGTIFF=IF_SAFER"]);
    let driver = DriverManager::get_driver_by_name("GTiff")?;
    let bands = raster.bands.len();
    let mut dataset =
        driver.create_with_band_type_with_options::<f32, _>(path, grid.columns, grid.rows, bands, &options)?;
    dataset.set_geo_transform(&[grid.west_m, grid.cell_m, 0.0, grid.north_m, 0.0, -grid.cell_m])?;
    if let Some(crs) = crs {
        dataset.set_spatial_ref(crs)?;
    }
    for (name, text) in &raster.metadata {
        dataset.set_metadata_item(name, text, "")?;
    }
    for (index, band) in raster.bands.iter().enumerate() {
        let mut written = dataset.rasterband(index + 1)?;
        written.set_no_data_value(Some(f64::from(f32::NAN)))?;
        written.set_description(&band.name)?;
        if band.unit != "1" {
            set_unit(&written, &band.unit)?;
        }
        written.set_metadata_item("description", &band.meaning, "")?;
        write_band(&mut written, band, raster, &mut |rows| progress(index * grid.rows + rows))?;
        // Statistics are kept in the file, so that programs can scale colours without reading all values. This fails
        // when no cell has a value.
        let _ = written.get_statistics(true, false);
    }
    dataset.close()
}

fn set_unit(band: &gdal::raster::RasterBand<'_>, unit: &str) -> gdal::errors::Result<()> {
    let unit = CString::new(unit)?;
    // SAFETY: the band is open, and the text ends with NUL and outlives the call, which copies it.
    match unsafe { gdal_sys::GDALSetRasterUnitType(band.c_rasterband(), unit.as_ptr()) } {
        gdal_sys::CPLErr::CE_None => Ok(()),
        class => Err(gdal::errors::GdalError::CplError { class, number: 0, msg: "unit of a band".to_owned() }),
    }
}

fn write_band(
    written: &mut gdal::raster::RasterBand<'_>,
    band: &RasterBand,
    raster: &Raster<'_>,
    progress: &mut dyn FnMut(usize),
) -> gdal::errors::Result<()> {
    let grid = &raster.grid;
    let to_grid = |value: &f64| if band.in_log10 { value.log10() } else { *value };
    let points = GriddingPoints::new(raster.places, &band.values.iter().map(to_grid).collect::<Vec<_>>())?;
    let rows = (TILE_CELLS / grid.columns).clamp(1, grid.rows);
    for first in (0..grid.rows).step_by(rows) {
        let some = first..(first + rows).min(grid.rows);
        let height = some.len();
        let mut values = points.rows(grid, some, raster.gridding)?;
        for value in &mut values {
            *value = match *value {
                NO_DATA => f32::NAN,
                log10 if band.in_log10 => 10_f32.powf(log10),
                value => value,
            };
        }
        let mut buffer = Buffer::new((grid.columns, height), values);
        written.write((0, first as isize), (grid.columns, height), &mut buffer)?;
        progress(first + height);
    }
    Ok(())
}

fn copy(plain: &Path, path: &Path) -> gdal::errors::Result<()> {
    let options = RasterCreationOptions::from_iter(["COMPRESS=DEFLATE", "PREDICTOR=YES", "BIGTIFF=IF_SAFER"]);
    let plain = gdal::Dataset::open(plain)?;
    plain.create_copy(&DriverManager::get_driver_by_name("COG")?, path, &options)?.close()
}
