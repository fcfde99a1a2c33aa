//! Tables as comma-separated values, with files beside them that describe the columns.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::column::{Column, ColumnValues};
use super::table::{PLACE, Table, Tables};
use crate::error::{Error, Result};
use crate::files::replace_file;
use crate::files::write_together;
use crate::gis::wkt;

/// Returns the files that [`write_csv`] may write beside `path`.
pub fn csv_companions(path: &Path) -> Vec<PathBuf> {
    vec![description_of(path), path.with_extension("csvt"), path.with_extension("prj")]
}

/// Writes a comma-separated file with names in the first row and empty cells where there is no number. `NAME.csv.json`
/// beside it describes each column and the origin of the values; `NAME.csvt` has the types of the columns and
/// `NAME.prj` the coordinate reference system, both in the form that GDAL and QGIS read. Returns the paths written, the
/// table first.
///
/// # Errors
/// A file cannot be written.
pub fn write_csv(tables: &Tables<'_>, path: &Path) -> Result<Vec<PathBuf>> {
    let table = tables.head();
    let projection = table.crs.as_deref().map(wkt).transpose()?.flatten();
    write_together(path, |partial| {
        replace_file(partial, |out| write_rows(tables, out))?;
        replace_file(&description_of(partial), |out| writeln!(out, "{:#}", described(table, tables.rows(), path)))?;
        replace_file(&partial.with_extension("csvt"), |out| writeln!(out, "{}", column_types(table).join(",")))?;
        projection.iter().try_for_each(|wkt| replace_file(&partial.with_extension("prj"), |out| writeln!(out, "{wkt}")))
    })?;
    if projection.is_none() {
        // A file of an earlier table would be wrong.
        remove(&path.with_extension("prj"))?;
    }
    let companions = csv_companions(path).into_iter().filter(|companion| companion.exists());
    Ok(std::iter::once(path.to_path_buf()).chain(companions).collect())
}

/// Returns `NAME.csv.json` for `NAME.csv`.
fn description_of(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".json");
    path.with_file_name(name)
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io(path)(error)),
        _ => Ok(()),
    }
}

fn described(table: &Table, rows: usize, path: &Path) -> Value {
    let column = |column: &Column| json!({"name": column.name, "unit": column.unit, "meaning": column.meaning});
    let mut described = serde_json::Map::new();
    described.insert("table".to_owned(), json!(path.file_name().unwrap_or_default().to_string_lossy()));
    described.insert("rows".to_owned(), json!(rows));
    for (name, text) in &table.provenance {
        described.insert((*name).to_owned(), json!(text));
    }
    described.insert("crs".to_owned(), json!(table.crs));
    described.insert("columns".to_owned(), table.columns.iter().map(column).collect());
    Value::Object(described)
}

/// Returns the types as GDAL's driver for comma-separated values names them.
fn column_types(table: &Table) -> Vec<&'static str> {
    let of = |(place, column): (usize, &Column)| match &column.cells {
        _ if place == PLACE => "\"CoordX\"",
        _ if place == PLACE + 1 => "\"CoordY\"",
        ColumnValues::Numbers(..) => "\"Real\"",
        ColumnValues::Integers(_) => "\"Integer\"",
        ColumnValues::Texts(_) => "\"String\"",
    };
    table.columns.iter().enumerate().map(of).collect()
}

fn write_rows(tables: &Tables<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut line = String::new();
    for (number, part) in tables.parts().enumerate() {
        let table = part.map_err(io::Error::other)?;
        if number == 0 {
            let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            writeln!(out, "{}", names.join(","))?;
        }
        for row in 0..table.rows {
            line.clear();
            for (i, column) in table.columns.iter().enumerate() {
                if i > 0 {
                    line.push(',');
                }
                push_cell(&mut line, &column.cells, row);
            }
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

fn push_cell(line: &mut String, cells: &ColumnValues, row: usize) {
    use std::fmt::Write;
    let _ = match cells {
        ColumnValues::Numbers(values, _) if values[row].is_nan() => Ok(()),
        ColumnValues::Numbers(values, Some(decimals)) => {
            let text = format!("{:.decimals$}", values[row]);
            let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
            write!(line, "{text}")
        }
        // The shortest text that is read as the same number.
        ColumnValues::Numbers(values, None) => {
            let value = values[row] as f32;
            let is_short = value == 0.0 || (1e-4..1e7).contains(&value.abs());
            if is_short { write!(line, "{value}") } else { write!(line, "{value:e}") }
        }
        ColumnValues::Integers(values) => write!(line, "{}", values[row]),
        ColumnValues::Texts(values) => write!(line, "{}", values[row]),
    };
}
