//! Options to choose soundings with.

use std::path::PathBuf;

use clap::Args;

use crate::results::Interval;
use crate::run::Selection;

/// Options that select soundings; a sounding must satisfy all of them.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub(super) struct SelectionArgs {
    /// Only this flight line, or the lines FIRST:LAST; may be repeated
    #[arg(long = "line", value_name = "NUMBER", allow_negative_numbers = true)]
    lines: Vec<Interval>,
    /// Only this fiducial, or the fiducials FIRST:LAST; may be repeated
    #[arg(long = "fiducial", value_name = "NUMBER", allow_negative_numbers = true)]
    fiducials: Vec<Interval>,
    /// Only every N-th selected sounding of each line, from the first on
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    every: Option<u32>,
    /// Only soundings inside the polygons of this file (GeoJSON, GeoPackage, Shapefile, ...)
    #[arg(long, value_name = "FILE")]
    polygon: Option<PathBuf>,
}

impl SelectionArgs {
    /// What is chosen.
    pub(super) fn selection(&self) -> Selection {
        Selection {
            lines: self.lines.clone(),
            fiducials: self.fiducials.clone(),
            every: self.every,
            polygon: self.polygon.clone(),
        }
    }
}
