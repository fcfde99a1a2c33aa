//! `geobipy export netcdf`.

use clap::Args;

use super::source::{SourceArgs, whole};
use crate::cli::source::quantities_or_usual;
use crate::error::Result;
use crate::export::write_netcdf;

/// What is written beside the percentiles where nothing is asked for.
const USUAL: [&str; 8] = [
    "conductivity_p50",
    "conductivity_mean",
    "credible_width",
    "information_gain",
    "interface_probability",
    "depth_of_investigation_p50",
    "layer_count_p50",
    "misfit_p50",
];

/// netCDF in the GS convention, on top of CF: soundings by depth, percentiles as a dimension; opens in gspy and xarray.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  geobipy export netcdf survey.h5 -o survey.nc --quantity conductivity_mean --hitmap"
)]
pub(in crate::cli) struct NetcdfArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// A quantity beside the percentiles of conductivity, named as in `geobipy schema`; may be repeated
    #[arg(long = "quantity", value_name = "NAME")]
    quantities: Vec<String>,
    /// The posterior histograms, too
    #[arg(long)]
    hitmap: bool,
    /// Coordinate reference system, as in EPSG:28354, where results have none or another
    #[arg(long)]
    crs: Option<String>,
}

impl NetcdfArgs {
    pub(super) fn write(&self) -> Result<()> {
        let source = self.source.open()?;
        let quantities = quantities_or_usual(&source.survey, &self.quantities, &USUAL)?;
        let output = &self.source.output;
        let crs = self.crs.as_deref();
        whole(output, |partial| write_netcdf(&source.survey, &quantities, self.hitmap, crs, partial))?;
        say!("{} soundings: {}", source.survey.len(), output.display());
        Ok(())
    }
}
