//! `geobipy export csv`, `gdf2` and `parquet`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::source::{ChoiceArgs, SourceArgs};
use crate::cli::plural::plural;
use crate::error::Result;
use crate::export::{Table, TableLayout};

/// Comma-separated values, a row per sounding or per depth cell, names in the first row.
///
/// Beside NAME.csv: NAME.csv.json says what each column is and where the values come from; NAME.csvt and NAME.prj tell GDAL and QGIS the
/// types of the columns, where the soundings are, and the coordinate reference system.
#[derive(Debug, Args)]
pub(in crate::cli) struct TableArgs {
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    choice: ChoiceArgs,
    /// What a row is
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
    /// By `write`, which returns the paths that it wrote; `companions` are those that it may write beside the table.
    pub(super) fn write(
        &self,
        companions: impl FnOnce(&Path) -> Vec<PathBuf>,
        write: impl FnOnce(&Table, &Path) -> Result<Vec<PathBuf>>,
    ) -> Result<()> {
        let source = self.source.open_for(&self.source.output, &companions(&self.source.output))?;
        let quantities = self.choice.quantities(source.survey())?;
        let layout = match self.layout {
            LayoutArg::Sounding => TableLayout::Sounding,
            LayoutArg::Layer => TableLayout::Layer,
        };
        let table = Table::new(source.survey(), layout, &quantities, &self.choice.slices(source.survey()))?;
        let paths: Vec<String> =
            write(&table, &self.source.output)?.iter().map(|path| path.display().to_string()).collect();
        let size = format!("{}, {}", plural(table.rows, "row"), plural(table.columns.len(), "column"));
        say!("{size}{}: {}", source.left_out(), paths.join(", "));
        Ok(())
    }
}
