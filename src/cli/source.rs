//! Results to export or draw: a merged file, or line files, which are merged first.

use std::path::{Path, PathBuf};

use clap::Args;

use super::progress::steps;
use crate::error::Result;
use crate::quantities::{Quantity, Slice, Source, SurveySelection};
use crate::results::{self, Interval};

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

/// Opens the chosen lines, or all; line files are merged into a temporary file beside `output`.
pub(super) fn open_merged(results: &[PathBuf], lines: &[Interval], output: &Path) -> Result<Source> {
    let results = open_results(results, lines)?;
    let bar = steps("soundings merged");
    let source = Source::open(results, output, &mut |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    Ok(source)
}

/// Opens the chosen lines of results, or all.
pub(super) fn open_results(results: &[PathBuf], lines: &[Interval]) -> Result<results::Survey> {
    results::Survey::open(results, lines)
}

/// Returns the quantities with these names.
pub(super) fn quantities(survey: &SurveySelection, names: &[String]) -> Result<Vec<Quantity>> {
    names.iter().map(|name| Quantity::read(survey, name)).collect()
}

impl SliceArgs {
    /// Returns the given slices.
    pub(super) fn slices(&self) -> Vec<Slice> {
        let elevations = self.elevations.iter().map(|&elevation| Slice::Elevation(elevation));
        self.depths.iter().copied().chain(elevations).collect()
    }

    /// Returns the given slices, or 5, 10, 20, 40, ... m if there are none.
    pub(super) fn or_usual(&self, survey: &SurveySelection) -> Vec<Slice> {
        let slices = self.slices();
        if slices.is_empty() { Slice::usual(survey.deepest_m()) } else { slices }
    }
}
