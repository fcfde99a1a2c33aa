//! `geobipy export netcdf`.

use clap::Args;

use super::source::{SourceArgs, quantities, whole};
use crate::error::Result;
use crate::export::write_netcdf;

/// netCDF in the GS convention, on top of CF: soundings by depth, percentiles as a dimension; opens in gspy and xarray.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  geobipy export netcdf survey.h5 -o survey.nc --quantity conductivity_mean --hitmap"
)]
pub(in crate::cli) struct NetcdfArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// A quantity beside the percentiles of conductivity, named as in `geobipy schema`; may be repeated
    #[arg(long = "quantity", value_name = "NAME", default_values = ["conductivity_p50", "conductivity_mean", "credible_width",
        "information_gain", "interface_probability", "depth_of_investigation", "layer_count_p50", "misfit_p50"],
        hide_default_value = true)]
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
        let quantities = quantities(&source.survey, &self.quantities)?;
        let output = &self.source.output;
        let crs = self.crs.as_deref();
        whole(output, |partial| write_netcdf(&source.survey, &quantities, self.hitmap, crs, partial))?;
        say!("{} soundings: {}", source.survey.len(), output.display());
        Ok(())
    }
}
