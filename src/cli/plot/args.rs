//! Arguments that figures share.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::source::{open_merged, open_results};
use crate::error::Result;
use crate::plot::{ColourTable, FigureOptions, Style};
use crate::quantities::Source;
use crate::results::Interval;
use crate::results::Survey;

#[derive(Debug, Args)]
pub(super) struct SourceArgs {
    /// Merged file, or directories of results, or line files
    #[arg(required = true, value_name = "RESULTS")]
    results: Vec<PathBuf>,
    /// Only this flight line, or the lines FIRST:LAST; may be repeated
    #[arg(long = "line", value_name = "NUMBER", allow_negative_numbers = true)]
    lines: Vec<Interval>,
}

impl SourceArgs {
    /// Opens the results as they are, for figures that need no products of a merge.
    pub(super) fn results(&self) -> Result<Survey> {
        open_results(&self.results, &self.lines)
    }

    /// Opens the results; line files are merged into a temporary file beside `output`.
    pub(super) fn open(&self, output: &Path) -> Result<Source> {
        open_merged(&self.results, &self.lines, output)
    }
}

#[derive(Debug, Args)]
pub(super) struct FigureArgs {
    /// Figure to write: .png or .svg
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: PathBuf,
    #[command(flatten)]
    pub(super) look: LookArgs,
}

#[derive(Debug, Args)]
pub(super) struct LookArgs {
    /// Heading
    #[arg(long)]
    title: Option<String>,
    /// Figure style: report, column, slides, dark, colour-blind, or a file *.toml (docs/figures.md)
    #[arg(long, value_name = "NAME", default_value = "report")]
    style: String,
    /// Another value of the style, as in text.label=8; may be repeated
    #[arg(long = "set", value_name = "SECTION.KEY=VALUE")]
    sets: Vec<String>,
    /// Colour table: spectrum, lagoon, viridis, cividis, turbo, ...
    #[arg(long, value_name = "NAME", value_parser = known_colours)]
    colours: Option<String>,
}

fn known_colours(name: &str) -> std::result::Result<String, String> {
    ColourTable::built_in(name).map(|_| name.to_owned())
}

impl LookArgs {
    pub(super) fn options(&self) -> Result<FigureOptions> {
        let mut sets = self.sets.clone();
        if let Some(name) = &self.colours {
            sets.extend(["conductivity", "quantity"].map(|key| format!("colour.{key}={name}")));
        }
        Ok(FigureOptions { style: Style::find(&self.style, &sets)?, title: self.title.clone() })
    }
}
