//! The horizontal axis of figures along a line.

use clap::ValueEnum;

use crate::plot::Along;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum AlongArg {
    /// Distance along the line
    Distance,
    /// Easting
    Easting,
    /// Northing
    Northing,
}

impl AlongArg {
    pub(super) fn along(self) -> Along {
        match self {
            AlongArg::Distance => Along::Distance,
            AlongArg::Easting => Along::Easting,
            AlongArg::Northing => Along::Northing,
        }
    }
}
