//! Tables as text: CSV, and ASEG-GDF2.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::table::{Cells, Column, Table};
use crate::error::Result;
use crate::survey::replace_file;

/// Writes a comma-separated file: names in the first row, empty cells where there is no number, before it lines that begin with
/// `#` and say where the values come from.
///
/// # Errors
/// The file cannot be written.
pub fn write_csv(table: &Table, path: &Path) -> Result<()> {
    replace_file(path, |out| {
        for (name, text) in &table.provenance {
            writeln!(out, "# {name}: {text}")?;
        }
        if let Some(crs) = &table.crs {
            writeln!(out, "# crs: {}", crs.replace('\n', " "))?;
        }
        for Column { name, unit, meaning, .. } in &table.columns {
            let unit = if unit == "1" { String::new() } else { format!(" ({unit})") };
            writeln!(out, "# {name}{unit}: {meaning}")?;
        }
        let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        writeln!(out, "{}", names.join(","))?;
        let mut line = String::new();
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
        Ok(())
    })
}

fn push_cell(line: &mut String, cells: &Cells, row: usize) {
    use std::fmt::Write;
    let _ = match cells {
        Cells::Numbers(values, _) if values[row].is_nan() => Ok(()),
        Cells::Numbers(values, Some(decimals)) => {
            let text = format!("{:.decimals$}", values[row]);
            let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
            write!(line, "{text}")
        }
        // The shortest text that is read as the same number.
        Cells::Numbers(values, None) => {
            let value = values[row] as f32;
            let is_short = value == 0.0 || (1e-4..1e7).contains(&value.abs());
            if is_short { write!(line, "{value}") } else { write!(line, "{value:e}") }
        }
        Cells::Integers(values) => write!(line, "{}", values[row]),
        Cells::Texts(values) => write!(line, "{}", values[row]),
    };
}

/// What stands for no number, in fields that have room for it.
const GDF2_NULL: &str = "-9.9999999E+32";

/// Writes ASEG-GDF2: `path`, which ends in .dat, and the definition beside it, in .dfn; returns the latter's path.
///
/// # Errors
/// A file cannot be written.
pub fn write_gdf2(table: &Table, path: &Path) -> Result<PathBuf> {
    let definition = path.with_extension("dfn");
    replace_file(path, |out| {
        for row in 0..table.rows {
            for column in &table.columns {
                write_fixed(out, column, row)?;
            }
            writeln!(out)?;
        }
        Ok(())
    })?;
    replace_file(&definition, |out| write_definition(out, table))?;
    Ok(definition)
}

/// Characters of a field: a blank, a sign, and what the format needs.
fn width(column: &Column) -> usize {
    match &column.cells {
        Cells::Numbers(_, Some(decimals)) => 14 + decimals,
        Cells::Numbers(_, None) => 17,
        Cells::Integers(_) => 8,
        Cells::Texts(_) => 15,
    }
}

fn write_fixed(out: &mut impl Write, column: &Column, row: usize) -> io::Result<()> {
    let width = width(column);
    match &column.cells {
        Cells::Numbers(values, _) if values[row].is_nan() => write!(out, "{:>width$}", null(column)),
        Cells::Numbers(values, Some(decimals)) => write!(out, "{:>width$.decimals$}", values[row]),
        Cells::Numbers(values, None) => write!(out, "{:>width$}", fortran(values[row])),
        Cells::Integers(values) => write!(out, "{:>width$}", values[row]),
        Cells::Texts(values) => write!(out, "{:>width$}", values[row]),
    }
}

fn null(column: &Column) -> String {
    match &column.cells {
        Cells::Numbers(_, Some(decimals)) => format!("{:.decimals$}", -99_999.0),
        _ => GDF2_NULL.to_owned(),
    }
}

/// `1.2345678E-03`, nine digits: a single is read as the same number.
fn fortran(value: f64) -> String {
    let text = format!("{value:.8E}");
    let Some((mantissa, exponent)) = text.split_once('E') else { return text };
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    format!("{mantissa}E{sign}{digits:0>2}")
}

fn write_definition(out: &mut impl Write, table: &Table) -> io::Result<()> {
    writeln!(out, "DEFN   ST=RECD,RT=COMM;RT:A4;COMMENTS:A76")?;
    for (name, text) in &table.provenance {
        writeln!(out, "COMM   {name}: {text}")?;
    }
    let count = table.columns.len();
    for (i, column) in table.columns.iter().enumerate() {
        let width = width(column);
        let format = match &column.cells {
            Cells::Numbers(_, Some(decimals)) => format!("F{width}.{decimals}"),
            Cells::Numbers(_, None) => format!("E{width}.8"),
            Cells::Integers(_) => format!("I{width}"),
            Cells::Texts(_) => format!("A{width}"),
        };
        let mut properties = Vec::new();
        if column.unit != "1" {
            properties.push(format!("UNITS={}", column.unit));
        }
        if matches!(column.cells, Cells::Numbers(..)) {
            properties.push(format!("NULL={}", null(column)));
        }
        properties.push(format!("NAME={}", column.meaning.replace([',', ';', ':'], " ")));
        let end = if i + 1 == count { ";END DEFN" } else { "" };
        writeln!(out, "DEFN {} ST=RECD,RT=;{}:{format}:{}{end}", i + 1, column.name, properties.join(","))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_fortran_reads_them() {
        assert_eq!(fortran(0.00123456789), "1.23456789E-03");
        assert_eq!(fortran(-2.5e12), "-2.50000000E+12");
        assert_eq!(fortran(0.0), "0.00000000E+00");
    }
}
