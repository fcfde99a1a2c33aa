//! `geobipy export csv`, `gdf2` and `parquet`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::source::{ChoiceArgs, SourceArgs};
use crate::error::Result;
use crate::export::{Table, TableLayout};

/// Comma-separated values, a row per sounding or per depth cell; units and meanings in comments before the names.
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
    pub(super) fn write(&self, write: impl FnOnce(&Table, &Path) -> Result<Vec<PathBuf>>) -> Result<()> {
        let source = self.source.open()?;
        let quantities = self.choice.quantities(&source.survey)?;
        let layout = match self.layout {
            LayoutArg::Sounding => TableLayout::Sounding,
            LayoutArg::Layer => TableLayout::Layer,
        };
        let table = Table::new(&source.survey, layout, &quantities, &self.choice.slices(&source.survey))?;
        for path in write(&table, &self.source.output)? {
            say!("{} rows, {} columns: {}", table.rows, table.columns.len(), path.display());
        }
        Ok(())
    }
}
