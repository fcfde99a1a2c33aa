//! Tables in Parquet, written by polars: GeoParquet 1.1, with units and meanings in the schema.

use std::path::{Path, PathBuf};

use super::table::Tables;
#[cfg(not(feature = "parquet"))]
use crate::error::Error;
use crate::error::Result;

/// Writes a GeoParquet file: the columns of `table`, and the places of the soundings as points in `geometry` (WKB). The
/// metadata of each field in the schema describe the column, and the metadata of the schema give the origin of the
/// values. Returns the paths written.
///
/// # Errors
/// The file cannot be written.
#[cfg(feature = "parquet")]
pub fn write_parquet(tables: &Tables<'_>, path: &Path) -> Result<Vec<PathBuf>> {
    use polars::prelude::{DataFrame, KeyValueMetadata, ParquetWriter};

    use super::table::Table;

    use crate::files::replace_file;

    let table = tables.head();
    let mut metadata = vec![("geo".to_owned(), geo::metadata(tables.survey())?)];
    metadata.extend(table.provenance.iter().map(|(name, text)| ((*name).to_owned(), text.clone())));
    metadata.extend(table.crs.iter().map(|crs| ("crs".to_owned(), crs.clone())));
    let schema = schema::with_meanings(table, &metadata);
    metadata.push((schema.key, schema.value.unwrap_or_default()));
    let frame = |table: &Table| {
        let mut columns: Vec<polars::prelude::Column> = table.columns.iter().map(series::of_column).collect();
        columns.push(series::of_places(table));
        DataFrame::new(table.rows, columns).map_err(std::io::Error::other)
    };
    replace_file(path, |out| {
        let writer = ParquetWriter::new(out).with_key_value_metadata(Some(KeyValueMetadata::from_static(metadata)));
        let mut writer = writer.batched(frame(table)?.schema()).map_err(std::io::Error::other)?;
        for part in tables.parts() {
            let frame = frame(&part.map_err(std::io::Error::other)?)?;
            writer.write_batch(&frame).map_err(std::io::Error::other)?;
        }
        writer.finish().map(drop).map_err(std::io::Error::other)
    })?;
    Ok(vec![path.to_path_buf()])
}

/// Name of the column of places.
#[cfg(feature = "parquet")]
const GEOMETRY: &str = "geometry";

/// Values.
#[cfg(feature = "parquet")]
mod series {
    use polars::prelude::{Column, NamedFrom, Series};

    use super::GEOMETRY;
    use crate::export::column::ColumnValues;
    use crate::export::table::Table;

    pub(super) fn of_column(column: &crate::export::Column) -> Column {
        let name = column.name.as_str().into();
        Column::from(match &column.cells {
            // Values are missing here and not NaN.
            ColumnValues::Numbers(values, Some(_)) => Series::new(name, numbers(values, |value| value)),
            ColumnValues::Numbers(values, None) => Series::new(name, numbers(values, |value| value as f32)),
            ColumnValues::Integers(values) => Series::new(name, values),
            ColumnValues::Texts(values) => Series::new(name, values),
        })
    }

    fn numbers<T>(values: &[f64], of: impl Fn(f64) -> T) -> Vec<Option<T>> {
        values.iter().map(|&value| (!value.is_nan()).then(|| of(value))).collect()
    }

    /// Returns points as well-known binary; missing where a sounding has no place.
    pub(super) fn of_places(table: &Table) -> Column {
        let points: Vec<Option<Vec<u8>>> = table.places().map(|place| place.map(well_known_binary)).collect();
        Column::from(Series::new(GEOMETRY.into(), points.iter().map(Option::as_deref).collect::<Vec<_>>()))
    }

    fn well_known_binary((x, y): (f64, f64)) -> Vec<u8> {
        const LITTLE_ENDIAN: u8 = 1;
        const POINT: u32 = 1;
        let mut bytes = vec![LITTLE_ENDIAN];
        bytes.extend(POINT.to_le_bytes());
        bytes.extend(x.to_le_bytes());
        bytes.extend(y.to_le_bytes());
        bytes
    }
}

/// Metadata of GeoParquet.
#[cfg(feature = "parquet")]
mod geo {
    use serde_json::{Value, json};

    use super::GEOMETRY;
    use crate::error::{Error, Result};
    use crate::gis::projjson;
    use crate::quantities::SurveySelection;

    pub(super) fn metadata(survey: &SurveySelection) -> Result<String> {
        let crs = match survey.crs().as_deref().map(projjson).transpose()?.flatten() {
            Some(text) => {
                serde_json::from_str(&text).map_err(|error| Error::setting("--crs", format!("--crs: {error}")))?
            }
            None => Value::Null,
        };
        let mut places = survey.places();
        places.retain(|(x, y)| x.is_finite() && y.is_finite());
        let mut column = json!({"encoding": "WKB", "geometry_types": ["Point"], "crs": crs});
        if !places.is_empty() {
            column["bbox"] = json!(bounds(&places));
        }
        Ok(json!({"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}).to_string())
    }

    /// Returns the least and largest coordinates.
    fn bounds(places: &[(f64, f64)]) -> [f64; 4] {
        let least = |of: fn(&(f64, f64)) -> f64| places.iter().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn(&(f64, f64)) -> f64| places.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        [least(|place| place.0), least(|place| place.1), most(|place| place.0), most(|place| place.1)]
    }
}

/// The Arrow schema, which can describe more than Parquet's own.
#[cfg(feature = "parquet")]
mod schema {
    use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field, Metadata};
    use polars_parquet::parquet::metadata::KeyValue;
    use polars_parquet::write::schema_to_metadata_key;

    use super::GEOMETRY;
    use crate::export::column::{Column, ColumnValues};
    use crate::export::table::Table;

    pub(super) fn with_meanings(table: &Table, metadata: &[(String, String)]) -> KeyValue {
        let mut schema: ArrowSchema = table.columns.iter().map(of_column).collect();
        let geometry = Field::new(GEOMETRY.into(), ArrowDataType::Binary, true);
        let place = [("meaning", "Place of the sounding as well-known binary")];
        schema.insert(GEOMETRY.into(), geometry.with_metadata(pairs(place)));
        *schema.metadata_mut() = pairs(metadata.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        schema_to_metadata_key(&schema)
    }

    fn of_column(column: &Column) -> (polars::prelude::PlSmallStr, Field) {
        let kind = match column.cells {
            ColumnValues::Numbers(_, Some(_)) => ArrowDataType::Float64,
            ColumnValues::Numbers(_, None) => ArrowDataType::Float32,
            ColumnValues::Integers(_) => ArrowDataType::Int64,
            ColumnValues::Texts(_) => ArrowDataType::Utf8,
        };
        let said = [("unit", &column.unit), ("long_name", &column.long_name), ("meaning", &column.meaning)];
        let field = Field::new(column.name.as_str().into(), kind, true);
        (column.name.as_str().into(), field.with_metadata(pairs(said.map(|(name, text)| (name, text.as_str())))))
    }

    fn pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Metadata {
        pairs.into_iter().map(|(name, text)| (name.into(), text.into())).collect()
    }
}

/// Returns an error, because this build cannot write Parquet.
///
/// # Errors
/// Always.
#[cfg(not(feature = "parquet"))]
pub fn write_parquet(_: &Tables<'_>, path: &Path) -> Result<Vec<PathBuf>> {
    let message =
        format!("{}: this geobipy was built without Parquet; build it with the feature parquet", path.display());
    Err(Error::Unavailable { feature: "parquet", message })
}
