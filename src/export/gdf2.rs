//! Tables as ASEG-GDF2.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::column::{Column, ColumnValues};
use super::table::{PLACE, Tables};
use crate::error::Result;
use crate::files::replace_file;
use crate::files::write_together;
use crate::gis::crs_names;

/// Returns the files that [`write_gdf2`] writes beside `path`.
pub fn gdf2_companions(path: &Path) -> Vec<PathBuf> {
    vec![path.with_extension("dfn"), path.with_extension("des")]
}

/// Writes ASEG-GDF2: the table at `path`, which ends in .dat, the definition beside it in .dfn, and the origin of the
/// values in .des. Returns the paths.
///
/// # Errors
/// A file cannot be written.
pub fn write_gdf2(tables: &Tables<'_>, path: &Path) -> Result<Vec<PathBuf>> {
    let table = tables.head();
    let mut sizes = vec![Sizes::default(); table.columns.len()];
    for part in tables.parts() {
        sizes.iter_mut().zip(&part?.columns).for_each(|(sizes, column)| sizes.add(&column.cells));
    }
    let fields: Vec<FixedField<'_>> = table.columns.iter().zip(sizes).map(FixedField::new).collect();
    let crs = table.crs.as_deref().map_or_else(|| Ok(Vec::new()), crs_names)?;
    write_together(path, |partial| {
        replace_file(partial, |out| {
            for part in tables.parts() {
                let part = part.map_err(io::Error::other)?;
                for row in 0..part.rows {
                    let mut cells = fields.iter().zip(&part.columns);
                    cells.try_for_each(|(field, column)| field.write(out, &column.cells, row))?;
                    writeln!(out)?;
                }
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

/// A column in fixed-point format, which every reader of GDF2 knows. Many readers take exponents for text.
struct FixedField<'a> {
    column: &'a Column,
    decimals: usize,
    width: usize,
}

/// Number that marks a missing value.
const GDF2_NULL: f64 = -99_999.0;
/// Number of digits that determine a number in single precision.
const SINGLE_DIGITS: i32 = 9;

/// Range of the values of a column.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    /// Least absolute value above 0.
    least: f64,
    /// Largest absolute value, at least that of the null.
    most: f64,
    /// Length of the longest text.
    longest: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { least: f64::INFINITY, most: GDF2_NULL.abs(), longest: 0 }
    }
}

impl Sizes {
    fn add(&mut self, cells: &ColumnValues) {
        match cells {
            ColumnValues::Numbers(values, _) => {
                let sizes = values.iter().map(|value| value.abs()).filter(|size| size.is_finite() && *size > 0.0);
                for size in sizes {
                    (self.least, self.most) = (self.least.min(size), self.most.max(size));
                }
            }
            ColumnValues::Integers(_) => {}
            ColumnValues::Texts(values) => {
                self.longest = values.iter().map(|text| text.len()).fold(self.longest, usize::max);
            }
        }
    }
}

impl<'a> FixedField<'a> {
    fn new((column, sizes): (&'a Column, Sizes)) -> Self {
        let (decimals, width) = match &column.cells {
            ColumnValues::Numbers(_, decimals) => {
                let needed = (SINGLE_DIGITS - 1 - sizes.least.log10().floor().min(20.0) as i32).clamp(1, 20) as usize;
                let decimals = decimals.unwrap_or(needed);
                // A blank, a sign and a point.
                (decimals, sizes.most.log10().floor() as usize + 1 + decimals + 3)
            }
            ColumnValues::Integers(_) => (0, 8),
            ColumnValues::Texts(_) => (0, sizes.longest + 1),
        };
        Self { column, decimals, width }
    }

    fn write(&self, out: &mut impl Write, cells: &ColumnValues, row: usize) -> io::Result<()> {
        let Self { width, decimals, .. } = *self;
        match cells {
            ColumnValues::Numbers(values, _) => {
                let value = if values[row].is_nan() { GDF2_NULL } else { values[row] };
                write!(out, "{value:>width$.decimals$}")
            }
            ColumnValues::Integers(values) => write!(out, "{:>width$}", values[row]),
            ColumnValues::Texts(values) => write!(out, "{:>width$}", values[row]),
        }
    }

    /// Returns `F12.4:UNITS=m,NULL=-99999.0000,NAME=...`, with `more` properties.
    fn definition(&self, more: &[(&str, String)]) -> String {
        let Self { column, width, decimals } = self;
        let format = match &column.cells {
            ColumnValues::Numbers(..) => format!("F{width}.{decimals}"),
            ColumnValues::Integers(_) => format!("I{width}"),
            ColumnValues::Texts(_) => format!("A{width}"),
        };
        let mut properties = Vec::new();
        if column.unit != "1" {
            properties.push(format!("UNITS={}", column.unit));
        }
        if matches!(column.cells, ColumnValues::Numbers(..)) {
            properties.push(format!("NULL={GDF2_NULL:.decimals$}"));
        }
        properties.push(format!("NAME={}", plain(&column.long_name)));
        properties.extend(more.iter().map(|(name, text)| format!("{name}={}", plain(text))));
        format!("{format}:{}", properties.join(","))
    }
}

/// Removes the characters that separate properties.
fn plain(text: &str) -> String {
    let words = text.replace([',', ';', ':', '='], " ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Writes the definition of each field; the two coordinates have `crs` as well.
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
        let cells = ColumnValues::Numbers(values.iter().map(|&v| f64::from(v)).collect(), None);
        let column = Column {
            name: "x".to_owned(),
            unit: "1".to_owned(),
            long_name: String::new(),
            meaning: String::new(),
            cells,
            is_logarithmic: false,
        };
        let mut sizes = Sizes::default();
        sizes.add(&column.cells);
        let field = FixedField::new((&column, sizes));
        for (row, &value) in values.iter().enumerate() {
            let mut text = Vec::new();
            field.write(&mut text, &column.cells, row).unwrap();
            let text = String::from_utf8(text).unwrap();
            assert!(text.len() == field.width && text.starts_with(' '), "{text:?}");
            let read: f64 = text.trim().parse().unwrap();
            assert_eq!(read as f32, if value.is_nan() { GDF2_NULL as f32 } else { value }, "{text}");
        }
    }
}
