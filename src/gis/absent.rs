//! What a program without GDAL says.

use std::path::Path;

use super::{Axes, FeatureLayer, Gridding, MappingValue, PointTable, Raster, RasterGrid};
use crate::error::{Error, Result};

fn absent(what: &str) -> Error {
    Error::Unavailable {
        feature: "gis",
        message: format!("{what}: this geobipy was built without GDAL; build it with the feature gis"),
    }
}

/// The WKT of a coordinate reference system; `None` for a program that cannot tell.
///
/// # Errors
/// None.
pub fn crs_wkt(_: &str) -> Result<Option<String>> {
    Ok(None)
}

/// The WKT of any coordinate reference system; `None` for a program that cannot tell.
///
/// # Errors
/// None.
pub fn wkt(_: &str) -> Result<Option<String>> {
    Ok(None)
}

/// The same as PROJJSON; `None` for a program that cannot tell.
///
/// # Errors
/// None.
pub fn projjson(_: &str) -> Result<Option<String>> {
    Ok(None)
}

/// What people call a coordinate reference system: what the user called it.
///
/// # Errors
/// None.
pub fn crs_names(text: &str) -> Result<Vec<(&'static str, String)>> {
    Ok(vec![("CRS", text.to_owned())])
}

/// Whether a place is where a coordinate reference system is meant for; `None` for a program that cannot tell.
pub fn is_covered(_: &str, _: (f64, f64)) -> Option<bool> {
    None
}

/// What the coordinates of a reference system are; `None` for a program that cannot tell.
///
/// # Errors
/// None.
pub fn axes(_: &str) -> Result<Option<Axes>> {
    Ok(None)
}

/// Places in another coordinate reference system.
///
/// # Errors
/// Always.
pub fn transform(_: &str, to: &str, _: &[(f64, f64)]) -> Result<Vec<(f64, f64)>> {
    Err(absent(to))
}

/// A table of points.
///
/// # Errors
/// Always.
pub fn read_points(path: &Path) -> Result<PointTable> {
    Err(absent(&path.display().to_string()))
}

/// The attributes of a grid mapping.
///
/// # Errors
/// Always.
pub fn grid_mapping(text: &str) -> Result<Vec<(&'static str, MappingValue)>> {
    Err(absent(text))
}

/// Values at points to values on a grid.
///
/// # Errors
/// Always.
pub fn grid_values(_: &[(f64, f64)], _: &[f64], _: &RasterGrid, _: Gridding) -> Result<Vec<f32>> {
    Err(absent("gridding"))
}

/// Writes a GeoPackage.
///
/// # Errors
/// Always.
pub fn write_geopackage(path: &Path, _: &[FeatureLayer<'_>], _: Option<&str>) -> Result<()> {
    Err(absent(&path.display().to_string()))
}

/// Writes a Cloud Optimised GeoTIFF.
///
/// # Errors
/// Always.
pub fn write_geotiff(path: &Path, _: &Raster<'_>, _: &mut dyn FnMut(usize)) -> Result<()> {
    Err(absent(&path.display().to_string()))
}

/// Polygons that nobody can read.
#[derive(Debug)]
pub struct Polygon(std::convert::Infallible);

impl Polygon {
    /// The polygons of a file.
    ///
    /// # Errors
    /// Always.
    pub fn read(path: &Path, _: Option<&str>) -> Result<Self> {
        Err(absent(&path.display().to_string()))
    }

    /// Whether a point is in one of them.
    pub fn contains(&self, _: f64, _: f64) -> bool {
        match self.0 {}
    }
}
