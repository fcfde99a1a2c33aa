//! Tables of points in GeoPackage.

use std::path::Path;

use gdal::vector::{LayerAccess, OGRFieldType};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};

use super::PointTable;
use super::quiet::quiet;
use crate::error::{Error, InputError, Result};

/// The numbers of the one layer of a GeoPackage. Where its geometries are points, their coordinates are the columns `x` and
/// `y`, unless it has columns of these names.
///
/// # Errors
///
/// [`Error::Io`] when there is no such file, [`Error::Input`] when it is none or has not one layer.
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
