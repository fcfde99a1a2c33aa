//! Polygons for the selection of soundings.

use std::path::Path;

use gdal::spatial_ref::CoordTransform;
use gdal::vector::{Geometry, LayerAccess, OGRwkbGeometryType, geometry_type_flatten};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};

use super::crs::spatial_ref;
use super::messages::quiet;
use crate::error::{Error, InputError, Result};

/// Polygons of a file, in coordinates of the survey.
#[derive(Debug)]
pub struct Polygon {
    parts: Vec<Geometry>,
    has_crs: bool,
}

impl Polygon {
    /// Reads the polygons of all layers of a GeoJSON, GeoPackage, Shapefile, KML or other file that GDAL reads. They
    /// are transformed when both their coordinate reference system and the survey's, `crs`, are known.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] when GDAL cannot read it or it has no polygon.
    pub fn read(path: &Path, crs: Option<&str>) -> Result<Self> {
        quiet();
        // GDAL's own error would not give the reason.
        std::fs::File::open(path).map_err(Error::io(path))?;
        let wrong = |error| InputError::file(path, error, "polygons in GeoJSON, GeoPackage or Shapefile");
        let options = DatasetOptions { open_flags: GdalOpenFlags::GDAL_OF_VECTOR, ..DatasetOptions::default() };
        let dataset = Dataset::open_ex(path, options).map_err(wrong)?;
        let survey = crs.map(spatial_ref).transpose()?;
        let mut parts = Vec::new();
        let mut has_crs = false;
        for mut layer in dataset.layers() {
            has_crs |= layer.spatial_ref().is_some();
            let transform = match (layer.spatial_ref(), &survey) {
                (Some(mut from), Some(to)) => {
                    from.set_axis_mapping_strategy(gdal::spatial_ref::AxisMappingStrategy::TraditionalGisOrder);
                    Some(CoordTransform::new(&from, to).map_err(wrong)?)
                }
                _ => None,
            };
            for feature in layer.features() {
                let Some(geometry) = feature.geometry() else { continue };
                let kind = geometry_type_flatten(geometry.geometry_type());
                if kind != OGRwkbGeometryType::wkbPolygon && kind != OGRwkbGeometryType::wkbMultiPolygon {
                    continue;
                }
                let mut geometry = geometry.clone();
                if let Some(transform) = &transform {
                    let elsewhere = |_| {
                        let got = "a polygon that cannot be transformed to survey.crs";
                        InputError::file(
                            path,
                            got,
                            "coordinates in the file's own system; GeoJSON has degrees unless it says otherwise",
                        )
                    };
                    geometry.transform_inplace(transform).map_err(elsewhere)?;
                }
                parts.push(geometry);
            }
        }
        if parts.is_empty() {
            return Err(InputError::file(path, "no polygon", "polygons in GeoJSON, GeoPackage or Shapefile"));
        }
        Ok(Self { parts, has_crs })
    }

    /// Returns whether the file says in which coordinate reference system its polygons are.
    pub fn has_crs(&self) -> bool {
        self.has_crs
    }

    /// Returns whether a point is in one of the polygons.
    pub fn contains(&self, easting_m: f64, northing_m: f64) -> bool {
        let Ok(mut point) = Geometry::empty(OGRwkbGeometryType::wkbPoint) else { return false };
        point.set_point_2d(0, (easting_m, northing_m));
        self.parts.iter().any(|part| {
            let around = part.envelope();
            (around.MinX..=around.MaxX).contains(&easting_m)
                && (around.MinY..=around.MaxY).contains(&northing_m)
                && part.contains(&point)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, crs: Option<&str>) -> Result<Polygon> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("area.geojson");
        std::fs::write(&path, text).unwrap();
        Polygon::read(&path, crs)
    }

    const SQUARE: &str = r#"{"type": "Polygon", "coordinates": [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]],
        [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]]}"#;

    #[test]
    fn points_are_in_or_out() {
        let square = read(SQUARE, None).unwrap();
        for (x, y, inside) in [(1.0, 1.0, true), (5.0, 5.0, false), (11.0, 1.0, false), (9.0, 9.0, true)] {
            assert_eq!(square.contains(x, y), inside, "{x} {y}");
        }
    }

    #[test]
    fn polygons_come_into_the_coordinates_of_the_survey() {
        // GeoJSON is in degrees. UTM zone 31 has its meridian at 3 degrees east.
        let square = read(SQUARE, Some("EPSG:32631")).unwrap();
        assert!(square.contains(500_000.0, 110_000.0));
        assert!(!square.contains(500_000.0, 2_000_000.0));
    }

    #[test]
    fn what_has_no_polygon_is_refused() {
        let message = |text| read(text, None).unwrap_err().to_string();
        assert!(message(r#"{"type": "Point", "coordinates": [0, 0]}"#).contains("got no polygon"));
        assert!(message("x").contains("expected polygons in GeoJSON"));
        assert!(matches!(Polygon::read(Path::new("no such file"), None), Err(Error::Io { .. })));
    }
}
