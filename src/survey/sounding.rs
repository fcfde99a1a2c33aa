//! One set of readings at one place.

use crate::error::Error;
use crate::system::Geometry;

/// One set of readings. (`line_number`, `fiducial`) is its key, compared exactly.
#[derive(Debug, Clone, PartialEq)]
pub struct Sounding {
    /// Flight line.
    pub line_number: f64,
    /// Position counter on the line.
    pub fiducial: f64,
    /// Easting in m.
    pub easting_m: f64,
    /// Northing in m.
    pub northing_m: f64,
    /// Ground above datum in m; NaN when the file does not give it.
    pub elevation_m: f64,
    /// Measured position and attitude of the coils.
    pub geometry: Geometry,
    /// One datum per channel, signed, in the system's channel order; NaN where missing.
    pub observed: Vec<f64>,
    /// One standard deviation per channel when the file has them; NaN exactly where `observed` is NaN.
    pub std: Option<Vec<f64>>,
    /// Line of the file, counted from 1.
    pub file_line: usize,
}

/// A row of the file that is not a sounding, and all reasons.
#[derive(Debug)]
pub struct RejectedRow {
    /// Line of the file, counted from 1.
    pub file_line: usize,
    /// All errors in the row, each with file, line, column, got, expected.
    pub errors: Vec<Error>,
}

/// Returns whether there are soundings and all of them have standard deviations, so that a file can have them.
pub(super) fn all_have_std(soundings: &[Sounding]) -> bool {
    !soundings.is_empty() && soundings.iter().all(|sounding| sounding.std.is_some())
}

/// Returns a line number as file names and figures show it: `30010`, `30010.5`.
pub fn line_label(line_number: f64) -> String {
    line_number.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_have_no_needless_decimals() {
        assert_eq!(line_label(30010.0), "30010");
        assert_eq!(line_label(30010.5), "30010.5");
    }
}
