//! Replacements of the functions of this module in a program without GDAL.

use std::path::Path;

use super::{Axes, FeatureLayer, Gridding, MappingValue, PointTable, Raster, RasterGrid};
use crate::error::{Error, Result};

fn absent(what: &str) -> Error {
    Error::Unavailable {
        feature: "gis",
        message: format!("{what}: this geobipy was built without GDAL; build it with the feature gis"),
    }
}

/// Returns `None` instead of the WKT of a coordinate reference system, which needs GDAL.
///
/// # Errors
/// None.
pub fn crs_wkt(_: &str) -> Result<Option<String>> {
    Ok(None)
}

/// Returns `None` instead of the WKT of any coordinate reference system, which needs GDAL.
///
/// # Errors
/// None.
pub fn wkt(_: &str) -> Result<Option<String>> {
    Ok(None)
}

/// Returns `None` instead of PROJJSON, which needs GDAL.
///
/// # Errors
/// None.
pub fn projjson(_: &str) -> Result<Option<String>> {
    Ok(None)
}

/// Returns the user's name of a coordinate reference system.
///
/// # Errors
/// None.
pub fn crs_names(text: &str) -> Result<Vec<(&'static str, String)>> {
    Ok(vec![("CRS", text.to_owned())])
}

/// Returns `None`: whether a place is in a coordinate reference system's area needs GDAL.
pub fn is_covered(_: &str, _: (f64, f64), _: f64) -> Option<bool> {
    None
}

/// Returns `None` instead of the coordinates of a reference system, which need GDAL.
///
/// # Errors
/// None.
pub fn axes(_: &str) -> Result<Option<Axes>> {
    Ok(None)
}

/// Transforms places to another coordinate reference system, which needs GDAL.
///
/// # Errors
/// Always.
pub fn transform(_: &str, to: &str, _: &[(f64, f64)]) -> Result<Vec<(f64, f64)>> {
    Err(absent(to))
}

/// Reads a table of points, which needs GDAL.
///
/// # Errors
/// Always.
pub fn read_points(path: &Path) -> Result<PointTable> {
    Err(absent(&path.display().to_string()))
}

/// Returns the attributes of a grid mapping, which need GDAL.
///
/// # Errors
/// Always.
pub fn grid_mapping(text: &str) -> Result<Vec<(&'static str, MappingValue)>> {
    Err(absent(text))
}

/// Grids values at points, which needs GDAL.
///
/// # Errors
/// Always.
pub fn grid_values(_: &[(f64, f64)], _: &[f64], _: &RasterGrid, _: Gridding) -> Result<Vec<f32>> {
    Err(absent("gridding"))
}

/// Writes a GeoPackage, which needs GDAL.
///
/// # Errors
/// Always.
pub fn write_geopackage(path: &Path, _: &[FeatureLayer<'_>], _: Option<&str>) -> Result<()> {
    Err(absent(&path.display().to_string()))
}

/// Writes a Cloud Optimised GeoTIFF, which needs GDAL.
///
/// # Errors
/// Always.
pub fn write_geotiff(path: &Path, _: &Raster<'_>, _: &mut dyn FnMut(usize)) -> Result<()> {
    Err(absent(&path.display().to_string()))
}

/// Polygons, which do not exist without GDAL.
#[derive(Debug)]
pub struct Polygon(std::convert::Infallible);

impl Polygon {
    /// Reads the polygons of a file, which needs GDAL.
    ///
    /// # Errors
    /// Always.
    pub fn read(path: &Path, _: Option<&str>) -> Result<Self> {
        Err(absent(&path.display().to_string()))
    }

    /// Returns whether the file says in which coordinate reference system its polygons are.
    pub fn has_crs(&self) -> bool {
        match self.0 {}
    }

    /// Returns whether a point is in one of the polygons.
    pub fn contains(&self, _: f64, _: f64) -> bool {
        match self.0 {}
    }
}
