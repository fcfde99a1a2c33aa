//! `geobipy export geotiff`.

use clap::Args;

use super::source::{ChoiceArgs, SourceArgs};
use crate::cli::output_file::write_new;
use crate::cli::progress::steps;
use crate::cli::source::positive;
use crate::error::Result;
use crate::export::{Map, write_map};
use crate::gis::Gridding;
use crate::quantities::MapOptions;
use crate::words::plural;

/// Write maps of quantities at depths as Cloud Optimised GeoTIFF, with a band for each, and the width of the 90 %
/// interval of conductivities.
///
/// A style file beside it (.qml) lets QGIS open it in colours.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  geobipy export geotiff survey.h5 -o maps.tif --quantity resistivity_p50 --depth 10 --depth 20:40 \
    --cell 20 --blank 150"
)]
pub(in crate::cli) struct MapArgs {
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    choice: ChoiceArgs,
    #[command(flatten)]
    grid: GridArgs,
}

#[derive(Debug, Args)]
pub(super) struct GridArgs {
    /// Method for values between soundings
    #[arg(long, value_enum, default_value_t = Gridding::InverseDistance)]
    gridding: Gridding,
    /// Size of a cell in m [default: a four hundredth of the survey]
    #[arg(long, value_name = "M", value_parser = positive)]
    cell: Option<f64>,
    /// No values farther than this from the nearest sounding, in m [default: five cells]
    #[arg(long, value_name = "M", value_parser = positive)]
    blank: Option<f64>,
}

impl GridArgs {
    pub(super) fn options(&self) -> MapOptions {
        MapOptions { gridding: self.gridding, cell_m: self.cell, blank_m: self.blank }
    }
}

impl MapArgs {
    pub(super) fn write(&self) -> Result<()> {
        let source = self.source.open()?;
        let quantities = self.choice.quantities(source.survey())?;
        let slices = self.choice.slices(source.survey());
        let options = self.grid.options();
        let output = &self.source.output;
        let bar = steps("rows");
        let progress = &mut |rows, total| {
            bar.set_length(total as u64);
            bar.set_position(rows as u64);
        };
        let Map { grid, bands, style } = write_map(source.survey(), &quantities, &slices, &options, output, progress)?;
        bar.finish_and_clear();
        let beside = output.with_extension("qml");
        // An existing style file may have been made by the user.
        if let Some(style) = style.filter(|_| !beside.exists()) {
            write_new(&beside, &style, false)?;
        }
        let size = format!("{} x {} cells of {} m", grid.columns, grid.rows, grid.cell_m);
        say!("{}, {size}{}: {}", plural(bands, "band"), source.left_out(), output.display());
        Ok(())
    }
}
