//! Results to export or draw: a merged file, or line files, which are merged first.

use std::path::{Path, PathBuf};

use clap::Args;

use super::progress::steps;
use super::selection::Interval;
use crate::error::{Error, Result};
use crate::export::{Quantity, Slice, Survey};
use crate::merge::{MergeOptions, merge_results};
use crate::parallel::thread_count;
use crate::products::ConductivityClass;
use crate::results::{self, Lines};

/// Reads an argument that must be above 0.
pub(super) fn positive(text: &str) -> std::result::Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| format!("got '{text}', expected a number above 0"))
}

#[derive(Debug, Args)]
pub(super) struct SliceArgs {
    /// A depth in m, or an interval TOP:BOTTOM; may be repeated [default, if one is needed: 5, 10, 20, 40, ... m]
    #[arg(long = "depth", value_name = "M", value_parser = Slice::parse_depth)]
    depths: Vec<Slice>,
    /// An elevation in m; may be repeated
    #[arg(long = "elevation", value_name = "M", allow_negative_numbers = true)]
    elevations: Vec<f64>,
}

/// A survey, and the temporary file that was merged for it.
pub(super) struct Source {
    pub(super) survey: Survey,
    _merged: Option<Temporary>,
}

/// A temporary file, which is removed at the end.
pub(super) struct Temporary(pub(super) PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Source {
    /// Opens the chosen lines, or all; line files are merged into a temporary file beside `output`.
    pub(super) fn open(results: &[PathBuf], lines: &[Interval], output: &Path) -> Result<Self> {
        let results = open_results(results, lines)?;
        if results.is_merged()? {
            return Ok(Self { survey: Survey::new(results)?, _merged: None });
        }
        let mut name = std::ffi::OsString::from(".");
        name.push(output.file_name().unwrap_or_default());
        name.push(".merged");
        let merged = Temporary(output.with_file_name(name));
        let class = |(name, minimum, maximum)| ConductivityClass { name, minimum, maximum };
        let classes = results.classes()?.into_iter().map(class).collect();
        let options = MergeOptions { classes, compression: 1, threads: thread_count(0) };
        let bar = steps("soundings merged");
        bar.set_length(results.len() as u64);
        let written = merge_results(&results, &merged.0, &options, &mut |done| bar.set_position(done as u64));
        // Name the output in the error: the user does not know the temporary file.
        written.map_err(|error| match error {
            Error::Io { path, source } if path == merged.0 => Error::Io { path: output.to_owned(), source },
            error => error,
        })?;
        bar.finish_and_clear();
        let survey = results::Survey::open(std::slice::from_ref(&merged.0), &[])?.named(results.name());
        Ok(Self { survey: Survey::new(survey)?, _merged: Some(merged) })
    }
}

/// Opens the chosen lines of results, or all.
pub(super) fn open_results(results: &[PathBuf], lines: &[Interval]) -> Result<results::Survey> {
    let lines: Vec<Lines> = lines.iter().map(|l| Lines { first: l.first, last: l.last }).collect();
    results::Survey::open(results, &lines)
}

/// Returns the quantities with these names.
pub(super) fn quantities(survey: &Survey, names: &[String]) -> Result<Vec<Quantity>> {
    names.iter().map(|name| Quantity::read(survey, name)).collect()
}

impl SliceArgs {
    /// Returns the given slices.
    pub(super) fn slices(&self) -> Vec<Slice> {
        let elevations = self.elevations.iter().map(|&elevation| Slice::Elevation(elevation));
        self.depths.iter().copied().chain(elevations).collect()
    }

    /// Returns the given slices, or 5, 10, 20, 40, ... m if there are none.
    pub(super) fn or_usual(&self, survey: &Survey) -> Vec<Slice> {
        let mut slices = self.slices();
        if slices.is_empty() {
            let doubled = std::iter::successors(Some(5.0), |depth| Some(2.0 * depth));
            slices.extend(doubled.take_while(|&depth| depth <= survey.deepest_m()).map(Slice::Depth));
        }
        slices
    }
}
