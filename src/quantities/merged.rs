//! Results to export or draw: a merged file, or line files, which are merged first.

use std::path::{Path, PathBuf};

use super::survey::SurveySelection;
use crate::error::{Error, Result};
use crate::merge::{MergeOptions, merge_results};
use crate::parallel::thread_count;
use crate::products::ConductivityClass;
use crate::results;

/// A survey, and the temporary file that was merged for it.
pub struct Source {
    /// The survey.
    pub survey: SurveySelection,
    _merged: Option<Temporary>,
}

/// A temporary file, which is removed at the end.
pub struct Temporary(pub PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Source {
    /// Opens the survey of `results`. Line files are merged into a temporary file beside `output`; `progress` is called with
    /// the number of merged soundings and their total.
    ///
    /// # Errors
    /// A file cannot be read or written.
    pub fn open(results: results::Survey, output: &Path, progress: &mut dyn FnMut(usize, usize)) -> Result<Self> {
        if results.is_merged()? {
            return Ok(Self { survey: SurveySelection::new(results)?, _merged: None });
        }
        let mut name = std::ffi::OsString::from(".");
        name.push(output.file_name().unwrap_or_default());
        name.push(".merged");
        let merged = Temporary(output.with_file_name(name));
        let class = |(name, minimum, maximum)| ConductivityClass { name, minimum, maximum };
        let classes = results.classes()?.into_iter().map(class).collect();
        let options = MergeOptions { classes, compression: 1, threads: thread_count(0) };
        let total = results.len();
        let written = merge_results(&results, &merged.0, &options, &mut |done| progress(done, total));
        // Name the output in the error: the user does not know the temporary file.
        written.map_err(|error| match error {
            Error::Io { path, source } if path == merged.0 => Error::Io { path: output.to_owned(), source },
            error => error,
        })?;
        let survey = results::Survey::open(std::slice::from_ref(&merged.0), &[])?.named(results.name());
        Ok(Self { survey: SurveySelection::new(survey)?, _merged: Some(merged) })
    }
}
