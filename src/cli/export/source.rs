//! What is exported, and where to.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::progress::steps;
use crate::cli::selection::Interval;
use crate::error::{Error, Result};
use crate::export::{Lines, Quantity, Slice, Survey};
use crate::merge::{MergeOptions, Merger};
use crate::parallel::thread_count;

#[derive(Debug, Args)]
pub(super) struct SourceArgs {
    /// Merged file, or directories of results, or line files
    #[arg(required = true, value_name = "RESULTS")]
    results: Vec<PathBuf>,
    /// File to write
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
    /// Only this flight line, or the lines FIRST:LAST; may be repeated
    #[arg(long = "line", value_name = "NUMBER", allow_negative_numbers = true)]
    lines: Vec<Interval>,
}

#[derive(Debug, Args)]
pub(super) struct ChoiceArgs {
    /// A quantity, named as in `geobipy schema`, or resistivity_p50 and its kin; may be repeated [default: 5th, 50th and 95th
    /// percentile of conductivity, depth of investigation, number of layers, misfit]
    #[arg(long = "quantity", value_name = "NAME", default_values = ["conductivity_p05", "conductivity_p50", "conductivity_p95",
        "depth_of_investigation", "layer_count_p50", "misfit_p50"], hide_default_value = true)]
    quantities: Vec<String>,
    #[command(flatten)]
    slices: SliceArgs,
}

#[derive(Debug, Args)]
pub(super) struct SliceArgs {
    /// A depth in m, or an interval TOP:BOTTOM; may be repeated [default, where one is needed: 5, 10, 20, 40, ... m]
    #[arg(long = "depth", value_name = "M", value_parser = Slice::parse_depth)]
    depths: Vec<Slice>,
    /// An elevation in m; may be repeated
    #[arg(long = "elevation", value_name = "M", allow_negative_numbers = true)]
    elevations: Vec<f64>,
}

/// A survey, and the file that was merged for it, which goes with it.
pub(super) struct Source {
    pub(super) survey: Survey,
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
    pub(super) fn open(&self) -> Result<Source> {
        if self.output.exists() && !self.force {
            return Err(Error::Config(format!("{}: is there already; --force replaces it", self.output.display())));
        }
        let output = self.output.canonicalize().ok();
        if output.is_some() && self.results.iter().any(|path| path.canonicalize().ok() == output) {
            return Err(Error::Config(format!("{}: is what is to be exported", self.output.display())));
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
        let merger = Merger::open(&self.results)?;
        let bar = steps("soundings merged");
        bar.set_length(merger.sounding_count() as u64);
        merger.write(&merged.0, &options, &mut |done| bar.set_position(done as u64))?;
        bar.finish_and_clear();
        Ok(Source { survey: Survey::open(&merged.0, &lines)?, _merged: Some(merged) })
    }
}

/// The quantities of these names.
pub(super) fn quantities(survey: &Survey, names: &[String]) -> Result<Vec<Quantity>> {
    names.iter().map(|name| Quantity::read(survey, name)).collect()
}

impl SliceArgs {
    pub(super) fn slices(&self) -> Vec<Slice> {
        let elevations = self.elevations.iter().map(|&elevation| Slice::Elevation(elevation));
        self.depths.iter().copied().chain(elevations).collect()
    }
}

impl ChoiceArgs {
    pub(super) fn quantities(&self, survey: &Survey) -> Result<Vec<Quantity>> {
        quantities(survey, &self.quantities)
    }

    /// Those asked for; 5, 10, 20, 40, ... m when none is.
    pub(super) fn slices(&self, survey: &Survey) -> Vec<Slice> {
        let mut slices = self.slices.slices();
        if slices.is_empty() {
            let doubled = std::iter::successors(Some(5.0), |depth| Some(2.0 * depth));
            slices.extend(doubled.take_while(|&depth| depth <= survey.deepest_m()).map(Slice::Depth));
        }
        slices
    }
}

/// Lets `write` write under another name, and gives the file its own when it is whole.
pub(super) fn whole<T>(path: &Path, write: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_stem().unwrap_or_default());
    name.push(".partial.");
    // Drivers look at the extension.
    name.push(path.extension().unwrap_or_default());
    let partial = Temporary(path.with_file_name(name));
    // Whether it can be written: the messages of libraries do not say what the system said.
    std::fs::File::create(&partial.0).and_then(|_| std::fs::remove_file(&partial.0)).map_err(Error::io(path))?;
    let written = write(&partial.0).map_err(|error| error.renamed(&partial.0, path))?;
    std::fs::rename(&partial.0, path).map_err(Error::io(path))?;
    Ok(written)
}
