//! Results to export or draw: a merged file, or line files, which are merged on the way.

use std::path::{Path, PathBuf};

use clap::Args;

use super::progress::steps;
use super::selection::Interval;
use crate::error::{Error, Result};
use crate::export::{Lines, Quantity, Slice, Survey};
use crate::merge::{MergeOptions, Merger};
use crate::parallel::thread_count;
use crate::schema::{LineReader, line_files};

/// Reads an argument that must be above 0.
pub(super) fn positive(text: &str) -> std::result::Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| format!("got '{text}', expected a number above 0"))
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
pub(super) struct Temporary(pub(super) PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Source {
    /// Opens the lines that are wanted, or all; what has to be merged is so in a file beside `output`.
    pub(super) fn open(results: &[PathBuf], lines: &[Interval], output: &Path) -> Result<Self> {
        let lines: Vec<Lines> = lines.iter().map(|l| Lines { first: l.first, last: l.last }).collect();
        if let [one] = results
            && one.is_file()
            && Survey::is_merged(one)?
        {
            return Ok(Self { survey: Survey::open(one, &lines)?, _merged: None });
        }
        let mut name = std::ffi::OsString::from(".");
        name.push(output.file_name().unwrap_or_default());
        name.push(".merged");
        let merged = Temporary(output.with_file_name(name));
        let options = MergeOptions { classes: Vec::new(), compression: 1, threads: thread_count(0) };
        let merger = Merger::open(&files_of(results, &lines)?)?;
        let bar = steps("soundings merged");
        bar.set_length(merger.sounding_count() as u64);
        let written = merger.write(&merged.0, &options, &mut |done| bar.set_position(done as u64));
        // Nobody asked for the file that fails.
        written.map_err(|error| match error {
            Error::Io { path, source } if path == merged.0 => Error::Io { path: output.to_owned(), source },
            error => error,
        })?;
        bar.finish_and_clear();
        Ok(Self { survey: Survey::open_as(&merged.0, &results[0], &lines)?, _merged: Some(merged) })
    }
}

/// The files that hold any of `lines`, so that others need not be merged; all results when there are none.
fn files_of(results: &[PathBuf], lines: &[Lines]) -> Result<Vec<PathBuf>> {
    if lines.is_empty() {
        return Ok(results.to_vec());
    }
    let (mut files, mut there) = (Vec::new(), Vec::new());
    for path in result_files(results)? {
        let numbers: Vec<f64> = LineReader::open(&path)?.read("line_number")?.into_iter().collect();
        if numbers.iter().any(|&number| lines.iter().any(|l| l.contains(number))) {
            files.push(path);
        }
        there.extend(numbers);
    }
    let is_there = |l: &&Lines| there.iter().any(|&number| l.contains(number));
    match lines.iter().find(|l| !is_there(l)) {
        Some(absent) => Err(absent.absent_from(&results[0], &there)),
        None => Ok(files),
    }
}

/// Line files of directories, and files as they are.
pub(super) fn result_files(results: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in results {
        if path.is_dir() { files.extend(line_files(path)?) } else { files.push(path.clone()) }
    }
    Ok(files)
}

/// The quantities of these names.
pub(super) fn quantities(survey: &Survey, names: &[String]) -> Result<Vec<Quantity>> {
    names.iter().map(|name| Quantity::read(survey, name)).collect()
}

/// The same; where no names are given, those of the names `usual` that the version of the results has.
pub(super) fn quantities_or_usual(survey: &Survey, names: &[String], usual: &[&str]) -> Result<Vec<Quantity>> {
    if !names.is_empty() {
        return quantities(survey, names);
    }
    usual.iter().filter(|name| survey.has(name)).map(|name| Quantity::read(survey, name)).collect()
}

impl SliceArgs {
    /// Those asked for.
    pub(super) fn slices(&self) -> Vec<Slice> {
        let elevations = self.elevations.iter().map(|&elevation| Slice::Elevation(elevation));
        self.depths.iter().copied().chain(elevations).collect()
    }

    /// Those asked for; 5, 10, 20, 40, ... m when none is.
    pub(super) fn or_usual(&self, survey: &Survey) -> Vec<Slice> {
        let mut slices = self.slices();
        if slices.is_empty() {
            let doubled = std::iter::successors(Some(5.0), |depth| Some(2.0 * depth));
            slices.extend(doubled.take_while(|&depth| depth <= survey.deepest_m()).map(Slice::Depth));
        }
        slices
    }
}
