//! Grids values at points, with GDAL's algorithms.

use std::ffi::CString;
use std::ptr;

use gdal::vector::{Feature, FieldDefn, Geometry, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType};
use gdal::{Dataset, DriverManager};

use super::messages::quiet;
use super::{Gridding, RasterGrid};
use crate::error::{Error, Result};

/// Value of cells without a near point.
pub(super) const NO_DATA: f32 = -9.999e32;

/// Returns values on a grid from values at points, row by row from the north-west; NaN where no point is near.
///
/// # Errors
///
/// [`Error::Config`] when GDAL fails.
pub fn grid_values(places: &[(f64, f64)], values: &[f64], grid: &RasterGrid, gridding: Gridding) -> Result<Vec<f32>> {
    quiet();
    let points = GriddingPoints::new(places, values);
    let gridded = points.and_then(|points| points.rows(grid, 0..grid.rows, gridding));
    let mut gridded = gridded.map_err(|error| Error::Config(format!("gridding: {error}")))?;
    gridded.iter_mut().filter(|value| **value == NO_DATA).for_each(|value| *value = f32::NAN);
    Ok(gridded)
}

/// Points with values, in the form that GDAL needs.
pub(super) struct GriddingPoints(Dataset);

impl GriddingPoints {
    /// Makes a set of points; points without a finite value are left out.
    pub(super) fn new(places: &[(f64, f64)], values: &[f64]) -> gdal::errors::Result<Self> {
        let driver =
            DriverManager::get_driver_by_name("Memory").or_else(|_| DriverManager::get_driver_by_name("MEM"))?;
        let mut dataset = driver.create_vector_only("points")?;
        let options = LayerOptions { name: "points", ty: OGRwkbGeometryType::wkbPoint, ..LayerOptions::default() };
        let layer = dataset.create_layer(options)?;
        FieldDefn::new("value", OGRFieldType::OFTReal)?.add_to_layer(&layer)?;
        for (&place, &value) in places.iter().zip(values).filter(|(_, value)| value.is_finite()) {
            let mut feature = Feature::new(layer.defn())?;
            let mut geometry = Geometry::empty(OGRwkbGeometryType::wkbPoint)?;
            geometry.set_point_2d(0, place);
            feature.set_geometry(geometry)?;
            feature.set_field_double(0, value)?;
            feature.create(&layer)?;
        }
        Ok(Self(dataset))
    }

    /// Returns values of some rows of a grid, from the north, [`NO_DATA`] where no point is within the grid's distance.
    pub(super) fn rows(
        &self,
        grid: &RasterGrid,
        rows: std::ops::Range<usize>,
        gridding: Gridding,
    ) -> gdal::errors::Result<Vec<f32>> {
        let mut values = self.run(grid, rows.clone(), &algorithm(gridding, grid.blank_m))?;
        // Triangles reach from line to line; the nearest point decides where no point is near.
        if gridding == Gridding::Linear {
            let nearest = self.run(grid, rows, &algorithm(Gridding::Nearest, grid.blank_m))?;
            values.iter_mut().zip(nearest).filter(|(_, near)| *near == NO_DATA).for_each(|(value, _)| *value = NO_DATA);
        }
        Ok(values)
    }

    fn run(&self, grid: &RasterGrid, rows: std::ops::Range<usize>, algorithm: &str) -> gdal::errors::Result<Vec<f32>> {
        let north = grid.north_m - rows.start as f64 * grid.cell_m;
        let south = grid.north_m - rows.end as f64 * grid.cell_m;
        let east = grid.west_m + grid.columns as f64 * grid.cell_m;
        let texts = [
            "-a",
            algorithm,
            "-zfield",
            "value",
            "-ot",
            "Float32",
            "-of",
            "MEM",
            "-txe",
            &grid.west_m.to_string(),
            &east.to_string(),
            "-tye",
            &north.to_string(),
            &south.to_string(),
            "-outsize",
            &grid.columns.to_string(),
            &rows.len().to_string(),
        ];
        let texts = texts.map(|text| CString::new(text).expect("no text has a NUL"));
        let mut arguments: Vec<*mut std::ffi::c_char> = texts.iter().map(|text| text.as_ptr().cast_mut()).collect();
        arguments.push(ptr::null_mut());
        let name = CString::new("").expect("no NUL");
        // SAFETY: the list of arguments ends with NULL and outlives the call; results that are not null are freed once,
        // the dataset by `Dataset`.
        let gridded = unsafe {
            let options = gdal_sys::GDALGridOptionsNew(arguments.as_mut_ptr(), ptr::null_mut());
            if options.is_null() {
                return Err(failed("GDALGridOptionsNew"));
            }
            let mut wrong_use = 0;
            let dataset = gdal_sys::GDALGrid(name.as_ptr(), self.0.c_dataset(), options, &raw mut wrong_use);
            gdal_sys::GDALGridOptionsFree(options);
            if dataset.is_null() {
                return Err(failed("GDALGrid"));
            }
            Dataset::from_c_dataset(dataset)
        };
        let (_, values) = gridded.rasterband(1)?.read_band_as::<f32>()?.into_shape_and_vec();
        Ok(values)
    }
}

fn failed(method_name: &'static str) -> gdal::errors::GdalError {
    gdal::errors::GdalError::NullPointer { method_name, msg: String::new() }
}

fn algorithm(gridding: Gridding, blank_m: f64) -> String {
    match gridding {
        Gridding::InverseDistance => {
            format!("invdistnn:power=2.0:radius={blank_m}:max_points=16:nodata={NO_DATA}")
        }
        Gridding::Nearest => format!("nearest:radius1={blank_m}:radius2={blank_m}:nodata={NO_DATA}"),
        Gridding::Linear => format!("linear:radius=0.0:nodata={NO_DATA}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Would catch: rows from the south, a grid that is off by a cell, values where no point is near.
    #[test]
    fn values_are_where_their_points_are() {
        let places = [(5.0, 95.0), (35.0, 95.0), (5.0, 5.0)];
        let points = GriddingPoints::new(&places, &[1.0, 2.0, 3.0]).unwrap();
        let grid = RasterGrid { west_m: 0.0, north_m: 100.0, cell_m: 10.0, columns: 4, rows: 10, blank_m: 12.0 };
        for gridding in [Gridding::InverseDistance, Gridding::Nearest] {
            let values = points.rows(&grid, 0..10, gridding).unwrap();
            assert_eq!((values[0], values[3], values[36]), (1.0, 2.0, 3.0), "{gridding:?}");
            assert_eq!(values[5 * 4], NO_DATA, "{gridding:?}");
            let later = points.rows(&grid, 8..10, gridding).unwrap();
            assert_eq!(later, values[32..], "{gridding:?}");
        }
        let linear = points.rows(&grid, 0..10, Gridding::Linear).unwrap();
        assert!((linear[1] - 4.0 / 3.0).abs() < 1e-5 && linear[5 * 4] == NO_DATA, "{linear:?}");
    }
}
