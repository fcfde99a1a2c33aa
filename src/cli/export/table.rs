//! `geobipy export csv`, `gdf2` and `parquet`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::source::{ChoiceArgs, Export, SourceArgs};
use crate::error::Result;
use crate::export::{Content, Tables};
use crate::words::plural;

/// Write comma-separated values with a row per sounding or per depth cell, and names in the first row.
///
/// Beside NAME.csv, NAME.csv.json describes each column and the origin of the values; NAME.csvt and NAME.prj give GDAL
/// and QGIS the types of the columns, the places of the soundings, and the coordinate reference system.
#[derive(Debug, Args)]
pub(in crate::cli) struct TableArgs {
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    choice: ChoiceArgs,
    /// Kind of row
    #[arg(long, value_enum, default_value_t = LayoutArg::Sounding)]
    layout: LayoutArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LayoutArg {
    /// A sounding, with a column for each quantity and depth
    Sounding,
    /// A depth cell of a sounding
    Layer,
}

impl TableArgs {
    /// Exports with `write`, which returns the paths that it wrote; `companions` are the files that it may write beside
    /// the table.
    pub(super) fn write(
        &self,
        companions: impl FnOnce(&Path) -> Vec<PathBuf>,
        write: impl FnOnce(&Tables<'_>, &Path) -> Result<Vec<PathBuf>>,
    ) -> Result<()> {
        let source = self.source.open_for(&self.source.output, &companions(&self.source.output))?;
        let names = self.choice.names(source.survey());
        let slices = self.choice.slices(source.survey());
        let content = match self.layout {
            LayoutArg::Sounding => Content::Soundings(&names, &slices),
            LayoutArg::Layer => Content::Layers(&names),
        };
        write_tables(&source, content, |tables| write(tables, &self.source.output))
    }
}

/// Writes a table of the exported results, and prints what was written.
pub(super) fn write_tables(
    source: &Export,
    content: Content<'_>,
    write: impl FnOnce(&Tables<'_>) -> Result<Vec<PathBuf>>,
) -> Result<()> {
    let tables = Tables::new(source.survey(), content)?;
    let paths: Vec<String> = write(&tables)?.iter().map(|path| path.display().to_string()).collect();
    let size = format!("{}, {}", plural(tables.rows(), "row"), plural(tables.head().columns.len(), "column"));
    say!("{size}{}: {}", source.left_out(), paths.join(", "));
    Ok(())
}
