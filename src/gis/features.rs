//! Layers of features, written to GeoPackage.

use std::path::Path;

use gdal::vector::sql::Dialect;
use gdal::vector::{Feature, FieldDefn, Geometry, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType};
use gdal::{Dataset, DriverManager};

use super::crs::spatial_ref;
use super::messages::{failed, quiet};
use super::{FeatureColumn, FeatureField, FeatureLayer, Shapes};
use crate::error::Result;

/// Writes a GeoPackage at `path`, which must not exist.
///
/// # Errors
///
/// [`crate::error::Error::Results`] when it cannot be written, [`crate::error::Error::Setting`] for an unknown coordinate reference system.
pub fn write_geopackage(path: &Path, layers: &[FeatureLayer<'_>], crs: Option<&str>) -> Result<()> {
    quiet();
    let crs = crs.map(spatial_ref).transpose()?;
    let wrong = |error: gdal::errors::GdalError| failed(path, &error);
    let driver = DriverManager::get_driver_by_name("GPKG").map_err(wrong)?;
    let mut dataset = driver.create_vector_only(path).map_err(wrong)?;
    for layer in layers {
        write_layer(&mut dataset, layer, crs.as_ref()).map_err(wrong)?;
    }
    write_labels(&dataset, layers).map_err(wrong)?;
    if layers.iter().any(|layer| !layer.styles.is_empty()) {
        write_styles(&mut dataset, layers).map_err(wrong)?;
    }
    dataset.close().map_err(wrong)
}

fn write_layer(
    dataset: &mut Dataset,
    layer: &FeatureLayer<'_>,
    crs: Option<&gdal::spatial_ref::SpatialRef>,
) -> gdal::errors::Result<()> {
    let kind = match layer.shapes {
        Shapes::Points(_) => OGRwkbGeometryType::wkbPoint,
        Shapes::Points3d(_) => OGRwkbGeometryType::wkbPoint25D,
        Shapes::Lines(_) => OGRwkbGeometryType::wkbLineString,
        Shapes::Segments(_) => OGRwkbGeometryType::wkbLineString25D,
    };
    // One transaction is thousands of times as fast as one per feature.
    let mut transaction = dataset.start_transaction()?;
    let description = format!("DESCRIPTION={}", layer.description);
    let options = LayerOptions { name: layer.name, srs: crs, ty: kind, options: Some(&[&description]) };
    let written = transaction.create_layer(options)?;
    for FeatureColumn { name, values, .. } in &layer.fields {
        let kind = match values {
            FeatureField::Numbers(_) => OGRFieldType::OFTReal,
            FeatureField::Integers(_) => OGRFieldType::OFTInteger64,
            FeatureField::Texts(_) => OGRFieldType::OFTString,
        };
        FieldDefn::new(name, kind)?.add_to_layer(&written)?;
    }
    for i in 0..layer.shapes.len() {
        let mut feature = Feature::new(written.defn())?;
        let mut geometry = Geometry::empty(kind)?;
        match &layer.shapes {
            Shapes::Points(points) => geometry.set_point_2d(0, points[i]),
            Shapes::Points3d(points) => geometry.set_point(0, points[i]),
            Shapes::Lines(lines) => lines[i].iter().for_each(|&point| geometry.add_point_2d(point)),
            Shapes::Segments(segments) => segments[i].iter().for_each(|&point| geometry.add_point(point)),
        }
        feature.set_geometry(geometry)?;
        for (index, field) in layer.fields.iter().enumerate() {
            match field.values {
                FeatureField::Numbers(values) if values[i].is_nan() => feature.set_field_null(index)?,
                FeatureField::Numbers(values) => feature.set_field_double(index, values[i])?,
                FeatureField::Integers(values) => feature.set_field_integer64(index, values[i])?,
                FeatureField::Texts(values) => feature.set_field_string(index, values[i])?,
            }
        }
        feature.create(&written)?;
    }
    transaction.commit()
}

/// Writes labels of the fields for people, with the extension `gpkg_schema` of the GeoPackage standard.
fn write_labels(dataset: &Dataset, layers: &[FeatureLayer<'_>]) -> gdal::errors::Result<()> {
    let run = |statement: &str| dataset.execute_sql(statement, None, Dialect::DEFAULT).map(drop);
    run(
        "CREATE TABLE IF NOT EXISTS gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, \
         description TEXT, mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), \
         CONSTRAINT gdc_tn UNIQUE (table_name, name))",
    )?;
    run("INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope) VALUES \
         ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write')")?;
    for layer in layers {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let of = |field: &FeatureColumn<'_>| {
            let label = quoted(&field.label);
            let texts = [quoted(layer.name), quoted(&field.name), label.clone(), label, quoted(&field.meaning)];
            format!("({})", texts.join(", "))
        };
        let rows: Vec<String> = layer.fields.iter().map(of).collect();
        run(&format!(
            "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description) VALUES {}",
            rows.join(", ")
        ))?;
    }
    Ok(())
}

/// Writes the styles to the table where QGIS looks for the styles of a GeoPackage's layers.
fn write_styles(dataset: &mut Dataset, layers: &[FeatureLayer<'_>]) -> gdal::errors::Result<()> {
    let options = LayerOptions { name: "layer_styles", ty: OGRwkbGeometryType::wkbNone, ..LayerOptions::default() };
    let styles = dataset.create_layer(options)?;
    const TEXTS: [&str; 9] = [
        "f_table_catalog",
        "f_table_schema",
        "f_table_name",
        "f_geometry_column",
        "styleName",
        "styleQML",
        "styleSLD",
        "description",
        "owner",
    ];
    for name in TEXTS {
        FieldDefn::new(name, OGRFieldType::OFTString)?.add_to_layer(&styles)?;
    }
    FieldDefn::new("useAsDefault", OGRFieldType::OFTInteger)?.add_to_layer(&styles)?;
    // QGIS sorts by this column, and reads no style without it.
    FieldDefn::new("update_time", OGRFieldType::OFTDateTime)?.add_to_layer(&styles)?;
    for layer in layers {
        for (place, (name, style)) in layer.styles.iter().enumerate() {
            let mut feature = Feature::new(styles.defn())?;
            let texts = ["", "", layer.name, "geom", name, style, "", layer.description, ""];
            for (index, text) in texts.into_iter().enumerate() {
                feature.set_field_string(index, text)?;
            }
            feature.set_field_integer(TEXTS.len(), i32::from(place == 0))?;
            feature.create(&styles)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::read_points;
    use super::*;

    fn column<'a>(name: &str, values: FeatureField<'a>) -> FeatureColumn<'a> {
        let label = format!("the {name}'s label");
        FeatureColumn { name: name.to_owned(), meaning: label.clone(), label, values }
    }

    #[test]
    fn points_are_read_as_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("points.gpkg");
        let (numbers, integers) = ([1.5, f64::NAN], [7, 8]);
        let layer = FeatureLayer {
            name: "soundings",
            description: "two",
            shapes: Shapes::Points(vec![(1.0, 2.0), (3.0, 4.0)]),
            fields: vec![
                column("number", FeatureField::Numbers(&numbers)),
                column("integer", FeatureField::Integers(&integers)),
                column("text", FeatureField::Texts(&["a", "b"])),
            ],
            styles: Vec::new(),
        };
        write_geopackage(&path, &[layer], Some("EPSG:28354")).unwrap();
        let table = read_points(&path).unwrap();
        let column =
            |name: &str| table.iter().find(|(other, _)| other == name).map(|(_, values)| values.clone()).unwrap();
        assert_eq!((column("x"), column("y"), column("integer")), (vec![1.0, 3.0], vec![2.0, 4.0], vec![7.0, 8.0]));
        assert!(column("number")[0] == 1.5 && column("number")[1].is_nan());
    }
}
