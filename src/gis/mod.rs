//! Coordinate reference systems, polygons and tables of points, by GDAL.

#[cfg(feature = "gis")]
mod crs;
#[cfg(feature = "gis")]
mod features;
#[cfg(feature = "gis")]
mod grid_mapping;
#[cfg(feature = "gis")]
mod gridding;
#[cfg(feature = "gis")]
mod messages;
#[cfg(feature = "gis")]
mod points;
#[cfg(feature = "gis")]
mod polygon;
#[cfg(feature = "gis")]
mod raster;
#[cfg(feature = "gis")]
mod transform;

#[cfg(not(feature = "gis"))]
mod absent;
mod data;

#[cfg(not(feature = "gis"))]
pub use absent::{
    Polygon, axes, crs_names, crs_wkt, grid_mapping, grid_values, is_covered, projjson, read_points, transform, wkt,
    write_geopackage, write_geotiff,
};
#[cfg(feature = "gis")]
pub use crs::{crs_names, crs_wkt, is_covered, projjson, wkt};
pub use data::{
    Axes, FeatureColumn, FeatureField, FeatureLayer, Gridding, MappingValue, PointTable, Raster, RasterBand,
    RasterGrid, Shapes,
};
#[cfg(feature = "gis")]
pub use features::write_geopackage;
#[cfg(feature = "gis")]
pub use grid_mapping::grid_mapping;
#[cfg(feature = "gis")]
pub use gridding::grid_values;
#[cfg(feature = "gis")]
pub use points::read_points;
#[cfg(feature = "gis")]
pub use polygon::Polygon;
#[cfg(feature = "gis")]
pub use raster::write_geotiff;
#[cfg(feature = "gis")]
pub use transform::{axes, transform};
