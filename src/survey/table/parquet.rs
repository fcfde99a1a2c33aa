//! Tables in Parquet, read by polars.

use std::fs::File;
use std::path::Path;

use super::numbers::Numbers;
use crate::error::{Error, Result};

/// Reads the numbers of a Parquet file; columns of other types are left out.
///
/// # Errors
///
/// [`Error::Io`] when it cannot be opened, [`Error::Input`](crate::error::Error::Input) when it is not Parquet.
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

/// Returns an error, because this build cannot read Parquet.
///
/// # Errors
///
/// Always.
#[cfg(not(feature = "parquet"))]
pub(super) fn read(path: &Path) -> Result<Numbers> {
    File::open(path).map_err(Error::io(path))?;
    let message =
        format!("{}: this geobipy was built without Parquet; build it with the feature parquet", path.display());
    Err(Error::Unavailable { feature: "parquet", message })
}

#[cfg(all(test, feature = "parquet"))]
mod tests {
    use polars::prelude::{Column, DataFrame, NamedFrom, ParquetWriter, Series};

    use crate::survey::tests::Whole;
    use crate::survey::tests::fdem::system;
    use crate::survey::{ReadOptions, RejectedRow};

    fn numbers(name: &str, values: &[Option<f64>]) -> Column {
        Column::from(Series::new(name.into(), values))
    }

    /// Would catch: columns in another order, nulls that become numbers, texts that are read as numbers.
    #[test]
    fn a_survey_in_parquet_is_read_by_names() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.parquet");
        let one = |value: f64| [Some(value), Some(value + 1.0)];
        let columns = vec![
            Column::from(Series::new("flight".into(), ["a", "b"])),
            Column::from(Series::new("line".into(), [10_i64, 10])),
            numbers("fid", &[Some(2.0), Some(1.0)]),
            numbers("x", &one(5.0)),
            numbers("y", &one(6.0)),
            numbers("height", &[Some(30.0), Some(-1.0)]),
            numbers("i_380", &[Some(1.0), None]),
            numbers("i_8171", &one(2.0)),
            numbers("q_380", &one(3.0)),
            numbers("q_8171", &[None, Some(4.0)]),
        ];
        let mut frame = DataFrame::new(2, columns).unwrap();
        ParquetWriter::new(std::fs::File::create(&path).unwrap()).finish(&mut frame).unwrap();
        let survey = Whole::open(&path, &system(), &ReadOptions::default()).unwrap();
        assert_eq!(survey.soundings.len(), 1);
        assert_eq!(survey.soundings[0].observed[..3], [1.0, 2.0, 3.0]);
        assert!(survey.soundings[0].observed[3].is_nan());
        let [RejectedRow { file_line: 2, errors }] = &survey.rejected[..] else { panic!("{:?}", survey.rejected) };
        let message = errors[0].to_string();
        assert!(
            message.ends_with(
                "s.parquet, line 2, column height: got \"-1\", expected a height in m more than 0 and at most 10000"
            ),
            "{message}"
        );
        std::fs::write(&path, b"PAR1 and nothing more").unwrap();
        let message = Whole::open(&path, &system(), &ReadOptions::default()).unwrap_err().to_string();
        assert!(message.contains("s.parquet: got") && message.contains("expected a Parquet table"), "{message}");
    }
}
