//! `geobipy export vtk`.

use clap::Args;

use super::map::GridArgs;
use super::source::{SliceArgs, SourceArgs, quantities};
use crate::cli::plural::plural;
use crate::error::{Error, Result};
use crate::export::write_vtk;

/// Curtains for ParaView: each line a grid of its depth cells in their true place (.vts), all lines in one multi-block file (.vtm).
///
/// With --depth or --elevation sheets through the survey, too, gridded as maps are.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  geobipy export vtk survey.h5 -o survey.vtm --quantity resistivity_p50 --depth 20 --cell 20"
)]
pub(in crate::cli) struct VtkArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// A quantity, named as in `geobipy schema`, or resistivity_p50 and its kin; may be repeated [default: 5th, 50th and 95th
    /// percentile of conductivity, their width, information gain, interface probability]
    #[arg(long = "quantity", value_name = "NAME", default_values = ["conductivity_p05", "conductivity_p50", "conductivity_p95",
        "credible_width", "information_gain", "interface_probability"], hide_default_value = true)]
    quantities: Vec<String>,
    #[command(flatten)]
    slices: SliceArgs,
    #[command(flatten)]
    grid: GridArgs,
}

impl VtkArgs {
    pub(super) fn write(&self) -> Result<()> {
        let output = &self.source.output;
        if output.extension().is_none_or(|extension| extension != "vtm") {
            return Err(Error::Config(format!("{}: expected a name that ends in .vtm", output.display())));
        }
        let source = self.source.open()?;
        let quantities = quantities(&source.survey, &self.quantities)?;
        let slices = self.slices.slices();
        let lines = write_vtk(&source.survey, &quantities, &slices, &self.grid.options(None), output)?;
        let sheets = if slices.is_empty() { String::new() } else { format!(" and {}", plural(slices.len(), "sheet")) };
        say!("{}{sheets} in {}/: {}", plural(lines, "line"), output.with_extension("").display(), output.display());
        Ok(())
    }
}
