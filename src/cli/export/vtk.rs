//! `geobipy export vtk`.

use clap::Args;

use super::map::GridArgs;
use super::source::{SourceArgs, names_or_usual};
use crate::cli::source::SliceArgs;
use crate::error::{Error, Result};
use crate::export::write_vtk;
use crate::schema::fields;
use crate::words::plural;

/// Quantities that are written if none is named.
static USUAL: [&str; 6] = [
    fields::CONDUCTIVITY_P50.name,
    fields::CONDUCTIVITY_P05.name,
    fields::CONDUCTIVITY_P95.name,
    fields::CREDIBLE_WIDTH.name,
    fields::INFORMATION_GAIN.name,
    fields::INTERFACE_DENSITY.name,
];

/// Write curtains for ParaView: each line as a grid of its depth cells at their true position (.vts), all lines in one
/// multi-block file (.vtm).
///
/// --depth or --elevation adds sheets through the survey, gridded like maps.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  geobipy export vtk survey.h5 -o survey.vtm --quantity resistivity_p50 --depth 20 --cell 20"
)]
pub(in crate::cli) struct VtkArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// A quantity, named as in `geobipy schema`, or resistivity_p50 and the like; may be repeated [default: 50th, 5th
    /// and 95th percentile of conductivity, their width, information gain, interfaces per m]
    #[arg(long = "quantity", value_name = "NAME")]
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
        let names = names_or_usual(source.survey(), &self.quantities, &USUAL);
        let slices = self.slices.slices();
        let lines = write_vtk(source.survey(), &names, &slices, &self.grid.options(), output)?;
        let sheets = if slices.is_empty() { String::new() } else { format!(" and {}", plural(slices.len(), "sheet")) };
        say!(
            "{}{sheets}{} in {}/: {}",
            plural(lines, "line"),
            source.left_out(),
            output.with_extension("").display(),
            output.display()
        );
        Ok(())
    }
}
