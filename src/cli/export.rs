//! `geobipy export`: results in the formats of other programs.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use super::plural::plural;
use super::progress::steps;
use super::selection::Interval;
use crate::error::{Error, Result};
use crate::export::{
    Lines, MapOptions, Quantity, Slice, Survey, Table, TableLayout, write_csv, write_curtains, write_features,
    write_gdf2, write_map, write_parquet, write_xyz,
};
use crate::gis::Gridding;
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
    Geopackage(FeaturesArgs),
    Geotiff(MapArgs),
    #[cfg(feature = "netcdf")]
    Netcdf(NetcdfArgs),
    Vtk(VtkArgs),
    Xyz(XyzArgs),
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

/// Soundings as points with quantities, layers of the best models as vertical lines, interfaces as points; styled for QGIS.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy export geopackage survey.h5 -o survey.gpkg --depth 10 --depth 20:40")]
pub(super) struct FeaturesArgs {
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    choice: ChoiceArgs,
    /// Coordinate reference system, as in EPSG:28354, where results have none or another
    #[arg(long)]
    crs: Option<String>,
}

/// netCDF in the GS convention, on top of CF: soundings by depth, percentiles as a dimension; opens in gspy and xarray.
#[cfg(feature = "netcdf")]
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  geobipy export netcdf survey.h5 -o survey.nc --quantity conductivity_mean --hitmap"
)]
pub(super) struct NetcdfArgs {
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

/// Curtains for ParaView: each line a grid of its depth cells in their true place (.vts), all lines in one multi-block file (.vtm).
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy export vtk survey.h5 -o curtains.vtm --quantity resistivity_p50")]
pub(super) struct VtkArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// A quantity, named as in `geobipy schema`, or resistivity_p50 and its kin; may be repeated
    #[arg(long = "quantity", value_name = "NAME", default_values = ["conductivity_p05", "conductivity_p50", "conductivity_p95",
        "credible_width", "information_gain", "interface_probability"], hide_default_value = true)]
    quantities: Vec<String>,
}

/// Models as Aarhus Workbench has them (_inv.xyz): median resistivity and its standard deviation factor by depth cell.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy export xyz survey.h5 -o survey_inv.xyz")]
pub(super) struct XyzArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// Coordinate reference system, as in EPSG:28354, where results have none or another
    #[arg(long)]
    crs: Option<String>,
}

/// Maps of quantities at depths as Cloud Optimised GeoTIFF, a band each; beside conductivities the width of their 90 % intervals.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  geobipy export geotiff survey.h5 -o maps.tif --quantity resistivity_p50 --depth 10 --depth 20:40 \
    --cell 20 --blank 150"
)]
pub(super) struct MapArgs {
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    choice: ChoiceArgs,
    /// How values between soundings come about
    #[arg(long, value_enum, default_value_t = GriddingArg::InverseDistance)]
    gridding: GriddingArg,
    /// Size of a cell in m [default: a four hundredth of the survey]
    #[arg(long, value_name = "M", value_parser = positive)]
    cell: Option<f64>,
    /// No values farther than this from the nearest sounding, in m [default: five cells]
    #[arg(long, value_name = "M", value_parser = positive)]
    blank: Option<f64>,
    /// Coordinate reference system, as in EPSG:28354, where results have none or another
    #[arg(long)]
    crs: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum GriddingArg {
    /// Mean of the 16 nearest soundings, weighted by 1 / distance^2
    InverseDistance,
    /// That of the nearest sounding
    Nearest,
    /// Linear within triangles of soundings
    Linear,
}

fn positive(text: &str) -> std::result::Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| format!("got '{text}', expected a number above 0"))
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
        ExportCommand::Geopackage(args) => args.write(),
        ExportCommand::Geotiff(args) => args.write(),
        ExportCommand::Vtk(args) => args.write(),
        ExportCommand::Xyz(args) => args.write(),
        #[cfg(feature = "netcdf")]
        ExportCommand::Netcdf(args) => args.write(),
        ExportCommand::Gdf2(args) => args.write(write_gdf2),
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

impl FeaturesArgs {
    fn write(&self) -> Result<()> {
        let source = self.source.open()?;
        let quantities = self.choice.quantities(&source.survey)?;
        let slices = self.choice.slices(&source.survey);
        let table = Table::new(&source.survey, TableLayout::Sounding, &quantities, &slices)?;
        let output = &self.source.output;
        whole(output, |partial| write_features(&source.survey, &table, self.crs.as_deref(), partial))?;
        say!("{} soundings, their layers and interfaces: {}", source.survey.len(), output.display());
        Ok(())
    }
}

#[cfg(feature = "netcdf")]
impl NetcdfArgs {
    fn write(&self) -> Result<()> {
        let source = self.source.open()?;
        let read = |name: &String| Quantity::read(&source.survey, name);
        let quantities = self.quantities.iter().map(read).collect::<Result<Vec<_>>>()?;
        let output = &self.source.output;
        let crs = self.crs.as_deref();
        whole(output, |partial| crate::export::write_netcdf(&source.survey, &quantities, self.hitmap, crs, partial))?;
        say!("{} soundings: {}", source.survey.len(), output.display());
        Ok(())
    }
}

impl VtkArgs {
    fn write(&self) -> Result<()> {
        let output = &self.source.output;
        if output.extension().is_none_or(|extension| extension != "vtm") {
            return Err(Error::Config(format!("{}: expected a name that ends in .vtm", output.display())));
        }
        let source = self.source.open()?;
        let read = |name: &String| Quantity::read(&source.survey, name);
        let quantities = self.quantities.iter().map(read).collect::<Result<Vec<_>>>()?;
        let lines = write_curtains(&source.survey, &quantities, output)?;
        say!("{} in {}/: {}", plural(lines, "line"), output.with_extension("").display(), output.display());
        Ok(())
    }
}

impl XyzArgs {
    fn write(&self) -> Result<()> {
        let source = self.source.open()?;
        write_xyz(&source.survey, self.crs.as_deref(), &self.source.output)?;
        say!("{} soundings: {}", source.survey.len(), self.source.output.display());
        Ok(())
    }
}

impl MapArgs {
    fn write(&self) -> Result<()> {
        let source = self.source.open()?;
        let quantities = self.choice.quantities(&source.survey)?;
        let slices = self.choice.slices(&source.survey);
        let options = MapOptions {
            gridding: match self.gridding {
                GriddingArg::InverseDistance => Gridding::InverseDistance,
                GriddingArg::Nearest => Gridding::Nearest,
                GriddingArg::Linear => Gridding::Linear,
            },
            cell_m: self.cell,
            blank_m: self.blank,
            crs: self.crs.clone(),
        };
        let output = &self.source.output;
        let bar = steps("rows");
        let (grid, bands) = whole(output, |partial| {
            write_map(&source.survey, &quantities, &slices, &options, partial, &mut |rows, total| {
                bar.set_length(total as u64);
                bar.set_position(rows as u64);
            })
        })?;
        bar.finish_and_clear();
        let size = format!("{} x {} cells of {} m", grid.columns, grid.rows, grid.cell_m);
        say!("{}, {size}: {}", plural(bands, "band"), output.display());
        Ok(())
    }
}

/// Lets `write` write under another name, and gives the file its own when it is whole.
fn whole<T>(path: &Path, write: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::metadata(folder).map_err(Error::io(path))?;
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_stem().unwrap_or_default());
    name.push(".partial.");
    // Drivers look at the extension.
    name.push(path.extension().unwrap_or_default());
    let partial = Temporary(path.with_file_name(name));
    drop(std::fs::remove_file(&partial.0));
    let written = write(&partial.0)?;
    std::fs::rename(&partial.0, path).map_err(Error::io(path))?;
    Ok(written)
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
