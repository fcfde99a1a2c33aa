//! Coordinate reference systems, polygons and tables of points, by GDAL.

#[cfg(feature = "gis")]
mod crs;
#[cfg(feature = "gis")]
mod features;
#[cfg(feature = "gis")]
mod points;
#[cfg(feature = "gis")]
mod polygon;
#[cfg(feature = "gis")]
mod quiet;

#[cfg(not(feature = "gis"))]
mod absent;

#[cfg(not(feature = "gis"))]
pub use absent::{Polygon, crs_wkt, is_covered, read_points, write_geopackage};
#[cfg(feature = "gis")]
pub use crs::{crs_wkt, is_covered};
#[cfg(feature = "gis")]
pub use features::write_geopackage;
#[cfg(feature = "gis")]
pub use points::read_points;
#[cfg(feature = "gis")]
pub use polygon::Polygon;

/// Named columns of numbers of equal length, NaN where one is missing.
pub type PointTable = Vec<(String, Vec<f64>)>;

/// Features of one kind that are to be written.
#[derive(Debug)]
pub struct FeatureLayer<'a> {
    /// Name of the layer.
    pub name: &'a str,
    /// What it is.
    pub description: &'a str,
    /// Where the features are.
    pub shapes: Shapes,
    /// Values by name, one per feature.
    pub fields: Vec<(String, FeatureField<'a>)>,
    /// QGIS style (QML), with which the layer opens.
    pub style: Option<&'a str>,
}

/// Geometries, easting, northing and elevation in m.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Shapes {
    Points(Vec<(f64, f64)>),
    Points3d(Vec<(f64, f64, f64)>),
    Segments(Vec<[(f64, f64, f64); 2]>),
}

impl Shapes {
    /// Number of features.
    pub fn len(&self) -> usize {
        match self {
            Shapes::Points(points) => points.len(),
            Shapes::Points3d(points) => points.len(),
            Shapes::Segments(segments) => segments.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Values of one field, NaN where there is none.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum FeatureField<'a> {
    Numbers(&'a [f64]),
    Integers(&'a [i64]),
    Texts(&'a [&'static str]),
}
