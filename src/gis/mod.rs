//! Coordinate reference systems, polygons and tables of points, by GDAL.

#[cfg(feature = "gis")]
mod crs;
#[cfg(feature = "gis")]
mod points;
#[cfg(feature = "gis")]
mod polygon;
#[cfg(feature = "gis")]
mod quiet;

#[cfg(not(feature = "gis"))]
mod absent;

#[cfg(not(feature = "gis"))]
pub use absent::{Polygon, crs_wkt, is_covered, read_points};
#[cfg(feature = "gis")]
pub use crs::{crs_wkt, is_covered};
#[cfg(feature = "gis")]
pub use points::read_points;
#[cfg(feature = "gis")]
pub use polygon::Polygon;

/// Named columns of numbers of equal length, NaN where one is missing.
pub type PointTable = Vec<(String, Vec<f64>)>;
