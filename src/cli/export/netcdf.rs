//! `geobipy export netcdf`.

use clap::Args;

use super::source::{SourceArgs, names_or_usual};
use crate::error::Result;
use crate::export::write_netcdf;
use crate::schema::fields;

/// Quantities that are written if none is named.
static USUAL: [&str; 10] = [
    fields::CONDUCTIVITY_P50.name,
    fields::CONDUCTIVITY_MEAN.name,
    fields::CONDUCTIVITY_BEST.name,
    fields::CREDIBLE_WIDTH.name,
    fields::INFORMATION_GAIN.name,
    fields::INTERFACE_DENSITY.name,
    fields::INTERFACE_PROBABILITY.name,
    fields::DEPTH_OF_INVESTIGATION_P50.name,
    fields::LAYER_COUNT_P50.name,
    fields::MISFIT_P50.name,
];

/// Write netCDF with CF and the GS convention: soundings by depth, percentiles as a dimension; opens in xarray and
/// gspy.
///
/// The root group has the data; /survey/models/posterior has them under the names of the GS convention.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  geobipy export netcdf survey.h5 -o survey.nc --quantity conductivity_mean --hitmap"
)]
pub(in crate::cli) struct NetcdfArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// A quantity in addition to the percentiles of conductivity, named as in `geobipy schema`; may be repeated
    /// [default: median, mean and best model, width of the 90 % interval, information gain, interfaces, depth of
    /// investigation, number of layers, misfit]
    #[arg(long = "quantity", value_name = "NAME")]
    quantities: Vec<String>,
    /// Write the posterior histograms as well
    #[arg(long)]
    hitmap: bool,
}

impl NetcdfArgs {
    pub(super) fn write(&self) -> Result<()> {
        let source = self.source.open()?;
        let quantities = names_or_usual(source.survey(), &self.quantities, &USUAL);
        let output = &self.source.output;
        write_netcdf(source.survey(), &quantities, self.hitmap, output)?;
        say!("{}: {}", source.soundings(), output.display());
        Ok(())
    }
}
