//! Tables in Parquet, by polars.

use std::path::{Path, PathBuf};

use super::table::Table;
use crate::error::{Error, Result};

/// Writes a Parquet file; units, meanings and where the values come from are its key-value metadata. Returns the paths written.
///
/// # Errors
/// The file cannot be written.
#[cfg(feature = "parquet")]
pub fn write_parquet(table: &Table, path: &Path) -> Result<Vec<PathBuf>> {
    use polars::prelude::{Column, DataFrame, KeyValueMetadata, NamedFrom, ParquetWriter, Series};

    use super::table::Cells;
    use crate::survey::replace_file;

    let series = |column: &super::table::Column| {
        let name = column.name.as_str().into();
        Column::from(match &column.cells {
            // Missing, not a number.
            Cells::Numbers(values, Some(_)) => Series::new(name, numbers(values, |value| value)),
            Cells::Numbers(values, None) => Series::new(name, numbers(values, |value| value as f32)),
            Cells::Integers(values) => Series::new(name, values),
            Cells::Texts(values) => Series::new(name, values),
        })
    };
    let wrong =
        |error: polars::error::PolarsError| Error::Results { path: path.to_path_buf(), message: error.to_string() };
    let columns = table.columns.iter().map(series).collect();
    let mut frame = DataFrame::new(table.rows, columns).map_err(wrong)?;
    let mut metadata: Vec<(String, String)> =
        table.provenance.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
    metadata.extend(table.crs.iter().map(|crs| ("crs".to_owned(), crs.clone())));
    for column in &table.columns {
        metadata.push((format!("{}.unit", column.name), column.unit.clone()));
        metadata.push((format!("{}.meaning", column.name), column.meaning.clone()));
    }
    replace_file(path, |out| {
        let writer = ParquetWriter::new(out).with_key_value_metadata(Some(KeyValueMetadata::from_static(metadata)));
        writer.finish(&mut frame).map(drop).map_err(std::io::Error::other)
    })?;
    Ok(vec![path.to_path_buf()])
}

#[cfg(feature = "parquet")]
fn numbers<T>(values: &[f64], of: impl Fn(f64) -> T) -> Vec<Option<T>> {
    values.iter().map(|&value| (!value.is_nan()).then(|| of(value))).collect()
}

/// Says that it cannot.
///
/// # Errors
/// Always.
#[cfg(not(feature = "parquet"))]
pub fn write_parquet(_: &Table, path: &Path) -> Result<Vec<PathBuf>> {
    let message =
        format!("{}: this geobipy was built without Parquet; build it with the feature parquet", path.display());
    Err(Error::Config(message))
}
