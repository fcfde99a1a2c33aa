//! The results to export, and the file to write.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::output_file::check_free;
use crate::cli::source::{SliceArgs, open_merged, quantities};
use crate::error::{Error, Result};
use crate::quantities::{Quantity, Slice, Source, SurveySelection};
use crate::results::Interval;
use crate::schema::{field, fields};
use crate::words::plural;

#[derive(Debug, Args)]
pub(super) struct SourceArgs {
    /// Merged file, or directories of results, or line files
    #[arg(required = true, value_name = "RESULTS")]
    results: Vec<PathBuf>,
    /// File to write
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: PathBuf,
    /// Replace an existing file
    #[arg(long)]
    force: bool,
    /// Only this flight line, or the lines FIRST:LAST; may be repeated
    #[arg(long = "line", value_name = "NUMBER", allow_negative_numbers = true)]
    lines: Vec<Interval>,
    /// Also export soundings without a posterior: those that were not run, have no data or failed; their values are
    /// missing
    #[arg(long)]
    all: bool,
    /// Coordinate reference system to transform coordinates to, as in EPSG:28354; for results without one, the system
    /// of the results
    #[arg(long)]
    crs: Option<String>,
}

/// The results to export.
pub(super) struct Export {
    source: Source,
    /// Number of soundings without a posterior that are not exported.
    left_out: usize,
}

impl Export {
    pub(super) fn survey(&self) -> &SurveySelection {
        &self.source.survey
    }

    /// Describes the soundings, for example `99 soundings (3 without a posterior left out; --all keeps them)`.
    pub(super) fn soundings(&self) -> String {
        format!("{}{}", plural(self.survey().len(), "sounding"), self.left_out())
    }

    /// Describes the soundings that were left out; the text is empty if there are none.
    pub(super) fn left_out(&self) -> String {
        match self.left_out {
            0 => String::new(),
            1 => " (1 sounding without a posterior left out; --all keeps it)".to_owned(),
            many => format!(" ({many} soundings without a posterior left out; --all keeps them)"),
        }
    }
}

/// Quantities that are exported if none is named.
static USUAL: [&str; 6] = [
    fields::CONDUCTIVITY_P50.name,
    fields::CONDUCTIVITY_P05.name,
    fields::CONDUCTIVITY_P95.name,
    fields::DEPTH_OF_INVESTIGATION_P50.name,
    fields::LAYER_COUNT_P50.name,
    fields::MISFIT_P50.name,
];

#[derive(Debug, Args)]
pub(super) struct ChoiceArgs {
    /// A quantity, named as in `geobipy schema`, or resistivity_p50 and the like; may be repeated [default: 50th, 5th
    /// and 95th percentile of conductivity, depth of investigation, number of layers, misfit]
    #[arg(long = "quantity", value_name = "NAME")]
    quantities: Vec<String>,
    #[command(flatten)]
    slices: SliceArgs,
}

impl SourceArgs {
    pub(super) fn open(&self) -> Result<Export> {
        self.open_for(&self.output, &[])
    }

    /// Opens the results for an export that writes `output` and, beside it, `companions`.
    pub(super) fn open_for(&self, output: &Path, companions: &[PathBuf]) -> Result<Export> {
        if companions.iter().any(|companion| companion == output) {
            let message = format!("{}: a file beside the table would have the same name", output.display());
            return Err(Error::Config(message));
        }
        for path in std::iter::once(output).chain(companions.iter().map(PathBuf::as_path)) {
            self.check(path)?;
        }
        let mut source = open_merged(&self.results, &self.lines, output)?;
        let left_out = if self.all { 0 } else { source.survey.keep_finished() };
        if source.survey.is_empty() {
            let message = "has no sounding with a posterior; --all exports those without, too";
            return Err(Error::results(source.survey.name(), message));
        }
        if let Some(crs) = &self.crs {
            source.survey.set_crs(crs)?;
        }
        Ok(Export { source, left_out })
    }

    /// Returns an error if a file must not be written.
    fn check(&self, path: &Path) -> Result<()> {
        check_free(path, self.force)?;
        let written = path.canonicalize().ok();
        if written.is_some() && self.results.iter().any(|result| result.canonicalize().ok() == written) {
            return Err(Error::Config(format!("{}: is what is to be exported", path.display())));
        }
        Ok(())
    }
}

impl ChoiceArgs {
    /// Returns the named quantities; if none is named, the usual ones that the results contain.
    pub(super) fn names(&self, survey: &SurveySelection) -> Vec<String> {
        names_or_usual(survey, &self.quantities, &USUAL)
    }

    pub(super) fn quantities(&self, survey: &SurveySelection) -> Result<Vec<Quantity>> {
        quantities(survey, &self.names(survey))
    }

    pub(super) fn slices(&self, survey: &SurveySelection) -> Vec<Slice> {
        self.slices.or_usual(survey)
    }
}

/// Returns the given names; if there are none, the names of `usual` that the results contain.
pub(super) fn names_or_usual(survey: &SurveySelection, names: &[String], usual: &[&str]) -> Vec<String> {
    if !names.is_empty() {
        return names.to_vec();
    }
    let is_there = |name: &&&str| field(name).is_some_and(|field| survey.has(field));
    usual.iter().filter(is_there).map(|&name| name.to_owned()).collect()
}
