//! `geobipy export`: results in the formats of other programs.

mod data;
mod features;
mod map;
#[cfg(feature = "netcdf")]
mod netcdf;
#[cfg(feature = "plot")]
mod section_image;
mod source;
mod table;
mod vtk;
mod xyz;

use clap::Subcommand;

use crate::error::Result;
use crate::export::{csv_companions, gdf2_companions, write_csv, write_gdf2, write_parquet};

/// Write results for other programs: tables, maps, sections.
///
/// The input is a merged file, or line files, which are merged first. Every file contains the origin of its values.
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:\n  geobipy export csv survey.h5 -o soundings.csv --depth 10 --depth 20:40\n  \
    geobipy export gdf2 out/resolve -o layers.dat --layout layer --quantity resistivity_p50")]
pub(super) enum ExportCommand {
    Csv(table::TableArgs),
    /// ASEG-GDF2, a row per sounding or per depth cell: .dat, its definition in .dfn, the origin of the values in .des.
    Gdf2(table::TableArgs),
    /// Parquet, a row per sounding or per depth cell; units and meanings in its metadata.
    Parquet(table::TableArgs),
    Data(data::DataArgs),
    Geopackage(features::FeaturesArgs),
    Geotiff(map::MapArgs),
    #[cfg(feature = "netcdf")]
    Netcdf(netcdf::NetcdfArgs),
    Vtk(vtk::VtkArgs),
    Xyz(xyz::XyzArgs),
    #[cfg(feature = "plot")]
    SectionImage(section_image::SectionImageArgs),
}

pub(super) fn export(command: &ExportCommand) -> Result<()> {
    match command {
        ExportCommand::Csv(args) => args.write(csv_companions, write_csv),
        ExportCommand::Gdf2(args) => args.write(gdf2_companions, write_gdf2),
        ExportCommand::Parquet(args) => args.write(|_| Vec::new(), write_parquet),
        ExportCommand::Data(args) => args.write(),
        ExportCommand::Geopackage(args) => args.write(),
        ExportCommand::Geotiff(args) => args.write(),
        #[cfg(feature = "netcdf")]
        ExportCommand::Netcdf(args) => args.write(),
        ExportCommand::Vtk(args) => args.write(),
        ExportCommand::Xyz(args) => args.write(),
        #[cfg(feature = "plot")]
        ExportCommand::SectionImage(args) => args.write(),
    }
}
