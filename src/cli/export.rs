//! `geobipy export`: results in the formats of other programs.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use super::selection::Interval;
use crate::error::{Error, Result};
use crate::export::{Lines, Quantity, Slice, Survey, Table, TableLayout, write_csv, write_gdf2, write_parquet};
use crate::merge::{MergeOptions, Merger};
use crate::parallel::thread_count;

/// Write results for other programs: tables, maps, sections.
///
/// Takes a merged file, or line files, which are merged on the way. Where values come from stands in every file.
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:\n  geobipy export csv survey.h5 -o soundings.csv --depth 10 --depth 20:40\n  \
    geobipy export gdf2 out/resolve -o layers.dat --layout layer --quantity resistivity_p50")]
pub(super) enum ExportCommand {
    Csv(TableArgs),
    Gdf2(TableArgs),
    Parquet(TableArgs),
}

/// Comma-separated values, a row per sounding or per depth cell; units and meanings in comments before the names.
#[derive(Debug, Args)]
pub(super) struct TableArgs {
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

#[derive(Debug, Args)]
struct SourceArgs {
    /// Merged file, or directories of results, or line files
    #[arg(required = true, value_name = "RESULTS")]
    results: Vec<PathBuf>,
    /// File to write
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
    /// Only this flight line, or the lines FIRST:LAST; may be repeated
    #[arg(long = "line", value_name = "NUMBER", allow_negative_numbers = true)]
    lines: Vec<Interval>,
}

#[derive(Debug, Args)]
struct ChoiceArgs {
    /// A quantity, named as in `geobipy schema`, or resistivity_p50 and its kin; may be repeated
    #[arg(long = "quantity", value_name = "NAME", default_values = ["conductivity_p05", "conductivity_p50", "conductivity_p95",
        "depth_of_investigation", "layer_count_p50", "misfit_p50"], hide_default_value = true)]
    quantities: Vec<String>,
    /// A depth in m, or an interval TOP:BOTTOM; may be repeated [default: 5, 10, 20, 40, ... m]
    #[arg(long = "depth", value_name = "M", value_parser = Slice::parse_depth)]
    depths: Vec<Slice>,
    /// An elevation in m; may be repeated
    #[arg(long = "elevation", value_name = "M", allow_negative_numbers = true)]
    elevations: Vec<f64>,
}

pub(super) fn export(command: &ExportCommand) -> Result<()> {
    match command {
        ExportCommand::Csv(args) => args.write(|table, path| write_csv(table, path).map(|()| vec![path.to_path_buf()])),
        ExportCommand::Parquet(args) => {
            args.write(|table, path| write_parquet(table, path).map(|()| vec![path.to_path_buf()]))
        }
        ExportCommand::Gdf2(args) => {
            args.write(|table, path| write_gdf2(table, path).map(|definition| vec![path.to_path_buf(), definition]))
        }
    }
}

impl TableArgs {
    fn write(&self, write: impl FnOnce(&Table, &Path) -> Result<Vec<PathBuf>>) -> Result<()> {
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

/// A survey, and the file that was merged for it, which goes with it.
struct Source {
    survey: Survey,
    _merged: Option<Temporary>,
}

/// A file that is removed.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl SourceArgs {
    fn open(&self) -> Result<Source> {
        if self.output.exists() && !self.force {
            return Err(Error::Config(format!("{}: is there already; --force replaces it", self.output.display())));
        }
        let lines: Vec<Lines> = self.lines.iter().map(|l| Lines { first: l.first, last: l.last }).collect();
        if let [one] = self.results.as_slice()
            && one.is_file()
            && Survey::is_merged(one)?
        {
            return Ok(Source { survey: Survey::open(one, &lines)?, _merged: None });
        }
        let mut name = std::ffi::OsString::from(".");
        name.push(self.output.file_name().unwrap_or_default());
        name.push(".merged");
        let merged = Temporary(self.output.with_file_name(name));
        let options = MergeOptions { classes: Vec::new(), compression: 1, threads: thread_count(0) };
        Merger::open(&self.results)?.write(&merged.0, &options, &mut |_| {})?;
        Ok(Source { survey: Survey::open(&merged.0, &lines)?, _merged: Some(merged) })
    }
}

impl ChoiceArgs {
    fn quantities(&self, survey: &Survey) -> Result<Vec<Quantity>> {
        self.quantities.iter().map(|name| Quantity::read(survey, name)).collect()
    }

    fn slices(&self, survey: &Survey) -> Vec<Slice> {
        let mut slices = self.depths.clone();
        slices.extend(self.elevations.iter().map(|&elevation| Slice::Elevation(elevation)));
        if slices.is_empty() {
            let doubled = std::iter::successors(Some(5.0), |depth| Some(2.0 * depth));
            slices.extend(doubled.take_while(|&depth| depth <= survey.deepest_m()).map(Slice::Depth));
        }
        slices
    }
}
