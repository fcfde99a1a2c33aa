//! Tables in Parquet, by polars.

use std::fs::File;
use std::path::Path;

use super::Numbers;
use crate::error::{Error, Result};

/// The numbers of a Parquet file; columns of other kinds are left out.
///
/// # Errors
///
/// [`Error::Io`] when it cannot be opened, [`Error::Input`](crate::error::Error::Input) when it is none.
#[cfg(feature = "parquet")]
pub(super) fn read(path: &Path) -> Result<Numbers> {
    use polars::prelude::{DataType, ParquetReader, SerReader};

    use crate::error::InputError;

    let wrong = |error: polars::error::PolarsError| InputError::file(path, error, "a Parquet table");
    let frame = ParquetReader::new(File::open(path).map_err(Error::io(path))?).finish().map_err(wrong)?;
    let mut numbers = Numbers::default();
    for column in frame.columns().iter().filter(|column| column.dtype().is_primitive_numeric()) {
        let values = column.cast(&DataType::Float64).map_err(wrong)?;
        let values = values.f64().map_err(wrong)?;
        numbers.names.push(column.name().to_string());
        numbers.columns.push(values.iter().map(|value| value.unwrap_or(f64::NAN)).collect());
    }
    Ok(numbers)
}

/// Says that it cannot.
///
/// # Errors
///
/// Always.
#[cfg(not(feature = "parquet"))]
pub(super) fn read(path: &Path) -> Result<Numbers> {
    File::open(path).map_err(Error::io(path))?;
    let message =
        format!("{}: this geobipy was built without Parquet; build it with the feature parquet", path.display());
    Err(Error::Config(message))
}
