//! Tables as ASEG-GDF2.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::folder::write_together;
use super::table::{Cells, Column, PLACE, Table};
use crate::error::Result;
use crate::gis::crs_names;
use crate::survey::replace_file;

/// Files that [`write_gdf2`] writes beside `path`.
pub fn gdf2_companions(path: &Path) -> Vec<PathBuf> {
    vec![path.with_extension("dfn"), path.with_extension("des")]
}

/// Writes ASEG-GDF2: `path`, which ends in .dat, the definition beside it in .dfn, and in .des where the values come from; returns
/// the paths.
///
/// # Errors
/// A file cannot be written.
pub fn write_gdf2(table: &Table, path: &Path) -> Result<Vec<PathBuf>> {
    let fields: Vec<FixedField<'_>> = table.columns.iter().map(FixedField::new).collect();
    let crs = table.crs.as_deref().map_or_else(|| Ok(Vec::new()), crs_names)?;
    write_together(path, |partial| {
        replace_file(partial, |out| {
            for row in 0..table.rows {
                fields.iter().try_for_each(|field| field.write(out, row))?;
                writeln!(out)?;
            }
            Ok(())
        })?;
        replace_file(&partial.with_extension("dfn"), |out| write_definition(out, &fields, &crs))?;
        replace_file(&partial.with_extension("des"), |out| {
            let crs = table.crs.iter().map(|crs| ("crs", crs));
            let mut texts = table.provenance.iter().map(|(name, text)| (*name, text)).chain(crs);
            texts.try_for_each(|(name, text)| writeln!(out, "COMM {name}: {}", text.replace('\n', " ")))
        })
    })?;
    Ok(std::iter::once(path.to_path_buf()).chain(gdf2_companions(path)).collect())
}

/// A column in fixed-point format, which every reader of GDF2 knows; many take exponents for text.
struct FixedField<'a> {
    column: &'a Column,
    decimals: usize,
    width: usize,
}

/// What stands for no number.
const GDF2_NULL: f64 = -99_999.0;
/// Digits by which a number in single precision is known.
const SINGLE_DIGITS: i32 = 9;

impl<'a> FixedField<'a> {
    fn new(column: &'a Column) -> Self {
        let (decimals, width) = match &column.cells {
            Cells::Numbers(values, decimals) => {
                let sizes = || values.iter().map(|value| value.abs()).filter(|size| size.is_finite() && *size > 0.0);
                let least = sizes().fold(f64::INFINITY, f64::min);
                let needed = (SINGLE_DIGITS - 1 - least.log10().floor().min(20.0) as i32).clamp(1, 20) as usize;
                let decimals = decimals.unwrap_or(needed);
                let most = sizes().fold(GDF2_NULL.abs(), f64::max);
                // A blank, a sign and a point.
                (decimals, most.log10().floor() as usize + 1 + decimals + 3)
            }
            Cells::Integers(_) => (0, 8),
            Cells::Texts(values) => (0, values.iter().map(|text| text.len()).max().unwrap_or(0) + 1),
        };
        Self { column, decimals, width }
    }

    fn write(&self, out: &mut impl Write, row: usize) -> io::Result<()> {
        let Self { width, decimals, .. } = *self;
        match &self.column.cells {
            Cells::Numbers(values, _) => {
                let value = if values[row].is_nan() { GDF2_NULL } else { values[row] };
                write!(out, "{value:>width$.decimals$}")
            }
            Cells::Integers(values) => write!(out, "{:>width$}", values[row]),
            Cells::Texts(values) => write!(out, "{:>width$}", values[row]),
        }
    }

    /// `F12.4:UNITS=m,NULL=-99999.0000,NAME=...`, and what else is to be said.
    fn definition(&self, more: &[(&str, String)]) -> String {
        let Self { column, width, decimals } = self;
        let format = match &column.cells {
            Cells::Numbers(..) => format!("F{width}.{decimals}"),
            Cells::Integers(_) => format!("I{width}"),
            Cells::Texts(_) => format!("A{width}"),
        };
        let mut properties = Vec::new();
        if column.unit != "1" {
            properties.push(format!("UNITS={}", column.unit));
        }
        if matches!(column.cells, Cells::Numbers(..)) {
            properties.push(format!("NULL={GDF2_NULL:.decimals$}"));
        }
        properties.push(format!("NAME={}", plain(&column.long_name)));
        properties.extend(more.iter().map(|(name, text)| format!("{name}={}", plain(text))));
        format!("{format}:{}", properties.join(","))
    }
}

/// Without the characters that separate properties.
fn plain(text: &str) -> String {
    let words = text.replace([',', ';', ':', '='], " ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The definition of each field; `crs` goes with the two coordinates.
fn write_definition(out: &mut impl Write, fields: &[FixedField<'_>], crs: &[(&str, String)]) -> io::Result<()> {
    writeln!(out, "DEFN   ST=RECD,RT=COMM;RT:A4;COMMENTS:A76")?;
    for (i, field) in fields.iter().enumerate() {
        let end = if i + 1 == fields.len() { ";END DEFN" } else { "" };
        let more = if (PLACE..PLACE + 2).contains(&i) { crs } else { &[] };
        writeln!(out, "DEFN {} ST=RECD,RT=;{}:{}{end}", i + 1, field.column.name, field.definition(more))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Would catch: digits lost to the fixed point, fields that run into each other.
    #[test]
    fn single_precision_survives_the_fixed_point() {
        let values = [1.234_567_9e-5_f32, 9.876_543, f32::NAN, -0.5, 0.0];
        let cells = Cells::Numbers(values.iter().map(|&v| f64::from(v)).collect(), None);
        let column = Column {
            name: "x".to_owned(),
            unit: "1".to_owned(),
            long_name: String::new(),
            meaning: String::new(),
            cells,
            is_logarithmic: false,
        };
        let field = FixedField::new(&column);
        for (row, &value) in values.iter().enumerate() {
            let mut text = Vec::new();
            field.write(&mut text, row).unwrap();
            let text = String::from_utf8(text).unwrap();
            assert!(text.len() == field.width && text.starts_with(' '), "{text:?}");
            let read: f64 = text.trim().parse().unwrap();
            assert_eq!(read as f32, if value.is_nan() { GDF2_NULL as f32 } else { value }, "{text}");
        }
    }
}
