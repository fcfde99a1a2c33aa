//! `geobipy export netcdf`.

use clap::Args;

use super::source::{SourceArgs, whole};
use crate::error::Result;
use crate::export::write_netcdf;

/// Quantities that are written when none is named.
const USUAL: [&str; 10] = [
    "conductivity_p50",
    "conductivity_mean",
    "conductivity_best",
    "credible_width",
    "information_gain",
    "interface_density",
    "interface_probability",
    "depth_of_investigation",
    "layer_count_p50",
    "misfit_p50",
];

/// netCDF on CF and the GS convention: soundings by depth, percentiles as a dimension; opens in xarray and gspy.
///
/// The root group holds the data; /survey/models/posterior has the same by the names of the GS convention.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  geobipy export netcdf survey.h5 -o survey.nc --quantity conductivity_mean --hitmap"
)]
pub(in crate::cli) struct NetcdfArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// A quantity beside the percentiles of conductivity, named as in `geobipy schema`; may be repeated [default: median, mean and best
    /// model, width of the 90 % interval, information gain, interfaces, depth of investigation, number of layers, misfit]
    #[arg(long = "quantity", value_name = "NAME")]
    quantities: Vec<String>,
    /// The posterior histograms, too
    #[arg(long)]
    hitmap: bool,
}

impl NetcdfArgs {
    pub(super) fn write(&self) -> Result<()> {
        let source = self.source.open()?;
        let usual = || USUAL.iter().filter(|name| source.survey().has(name)).map(|&name| name.to_owned()).collect();
        let quantities = if self.quantities.is_empty() { usual() } else { self.quantities.clone() };
        let output = &self.source.output;
        whole(output, |partial| write_netcdf(source.survey(), &quantities, self.hitmap, partial))?;
        say!("{}: {}", source.soundings(), output.display());
        Ok(())
    }
}
