//! Reads tables of points from GeoPackage.

use std::path::Path;

use gdal::vector::{LayerAccess, OGRFieldType};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};

use super::PointTable;
use super::messages::quiet;
use crate::error::{Error, InputError, Result};

/// Reads the numbers of the only layer of a GeoPackage. When its geometries are points, their coordinates are the
/// columns `x` and `y`, unless it has columns of these names.
///
/// # Errors
///
/// [`Error::Io`] when the file does not exist, [`Error::Input`] when it is not a GeoPackage or does not have exactly
/// one layer.
pub fn read_points(path: &Path) -> Result<PointTable> {
    quiet();
    std::fs::File::open(path).map_err(Error::io(path))?;
    let wrong = |error| InputError::file(path, error, "a GeoPackage");
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_VECTOR,
        allowed_drivers: Some(&["GPKG"]),
        ..DatasetOptions::default()
    };
    let dataset = Dataset::open_ex(path, options).map_err(wrong)?;
    if dataset.layer_count() != 1 {
        let names: Vec<String> = dataset.layers().map(|layer| layer.name()).collect();
        return Err(InputError::file(path, format_args!("{} layers: {}", names.len(), names.join(", ")), "one layer"));
    }
    let mut layer = dataset.layer(0).map_err(wrong)?;
    let is_number =
        |kind| [OGRFieldType::OFTInteger, OGRFieldType::OFTInteger64, OGRFieldType::OFTReal].contains(&kind);
    let fields: Vec<(usize, String)> = layer
        .defn()
        .fields()
        .enumerate()
        .filter(|(_, field)| is_number(field.field_type()))
        .map(|(index, field)| (index, field.name()))
        .collect();
    let has = |name: &str| fields.iter().any(|(_, field)| field.eq_ignore_ascii_case(name));
    let adds_place = !has("x") && !has("y");
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); fields.len()];
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for feature in layer.features() {
        for ((index, _), column) in fields.iter().zip(&mut columns) {
            column.push(feature.field_as_double(*index).map_err(wrong)?.unwrap_or(f64::NAN));
        }
        let point =
            feature.geometry().filter(|geometry| geometry.point_count() == 1).map(|geometry| geometry.get_point(0));
        x.push(point.map_or(f64::NAN, |point| point.0));
        y.push(point.map_or(f64::NAN, |point| point.1));
    }
    let mut table: PointTable = fields.into_iter().map(|(_, name)| name).zip(columns).collect();
    if adds_place && x.iter().any(|x| !x.is_nan()) {
        table.extend([("x".to_owned(), x), ("y".to_owned(), y)]);
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use gdal::DriverManager;
    use gdal::vector::{Feature, FieldDefn, Geometry, LayerOptions, OGRwkbGeometryType};

    use super::*;

    fn write(path: &Path, layers: &[&str]) {
        let mut dataset = DriverManager::get_driver_by_name("GPKG").unwrap().create_vector_only(path).unwrap();
        for name in layers {
            let layer = LayerOptions { name, ty: OGRwkbGeometryType::wkbPoint, ..LayerOptions::default() };
            let layer = dataset.create_layer(layer).unwrap();
            for (name, kind) in [
                ("line", OGRFieldType::OFTInteger64),
                ("EMZ", OGRFieldType::OFTReal),
                ("note", OGRFieldType::OFTString),
            ] {
                FieldDefn::new(name, kind).unwrap().add_to_layer(&layer).unwrap();
            }
            for (line, emz) in [(7, Some(1.5)), (8, None)] {
                let mut feature = Feature::new(layer.defn()).unwrap();
                feature.set_field_integer64(0, line).unwrap();
                if let Some(emz) = emz {
                    feature.set_field_double(1, emz).unwrap();
                }
                feature.set_field_string(2, "text").unwrap();
                let mut point = Geometry::empty(OGRwkbGeometryType::wkbPoint).unwrap();
                point.set_point_2d(0, (f64::from(line as i32), 100.0));
                feature.set_geometry(point).unwrap();
                feature.create(&layer).unwrap();
            }
        }
        dataset.close().unwrap();
    }

    /// Would catch: nulls that become numbers, places that are lost.
    #[test]
    fn numbers_and_places_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.gpkg");
        write(&path, &["soundings"]);
        let table = read_points(&path).unwrap();
        let names: Vec<&str> = table.iter().map(|(name, _)| &name[..]).collect();
        assert_eq!(names, ["line", "EMZ", "x", "y"]);
        assert_eq!(table[0].1, [7.0, 8.0]);
        assert!(table[1].1[0] == 1.5 && table[1].1[1].is_nan());
        assert_eq!((&table[2].1[..], &table[3].1[..]), (&[7.0, 8.0][..], &[100.0, 100.0][..]));
    }

    #[test]
    fn what_is_not_one_layer_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.gpkg");
        write(&path, &["a", "b"]);
        let message = read_points(&path).unwrap_err().to_string();
        assert!(message.ends_with("s.gpkg: got 2 layers: a, b, expected one layer"), "{message}");
        std::fs::write(&path, "SQLite format 3\0 no more").unwrap();
        assert!(read_points(&path).unwrap_err().to_string().contains("expected a GeoPackage"));
    }
}
