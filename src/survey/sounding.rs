//! One set of readings at one place, and the survey they make.

use std::path::PathBuf;

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
    /// Ground above datum in m; NaN when the file does not say.
    pub elevation_m: f64,
    /// Where the coils are and how they are turned, as measured.
    pub geometry: Geometry,
    /// One datum per channel, signed, in the system's channel order; NaN is missing.
    pub observed: Vec<f64>,
    /// One standard deviation per channel when the file has them; NaN exactly where `observed` is NaN.
    pub std: Option<Vec<f64>>,
    /// Line of the file it came from, counted from 1.
    pub file_line: usize,
}

/// A row of the file that is not a sounding, and every reason why.
#[derive(Debug)]
pub struct RejectedRow {
    /// Line of the file, counted from 1.
    pub file_line: usize,
    /// What is wrong with it, naming file, line, column, got, expected.
    pub errors: Vec<Error>,
}

/// What a survey file holds.
#[derive(Debug)]
pub struct Survey {
    /// The file as the user named it.
    pub path: PathBuf,
    /// Soundings by line number, then fiducial.
    pub soundings: Vec<Sounding>,
    /// Rows that are not soundings, in order of the file.
    pub rejected: Vec<RejectedRow>,
    /// Standard deviation columns were found.
    pub has_std: bool,
}

impl Survey {
    /// The line numbers, each once, in increasing order.
    pub fn lines(&self) -> Vec<f64> {
        let mut lines: Vec<f64> = self.soundings.iter().map(|sounding| sounding.line_number).collect();
        lines.sort_by(f64::total_cmp);
        lines.dedup();
        lines
    }

    /// Sorts the soundings by line number, then fiducial; those of equal key keep their order.
    pub fn sort_by_key(&mut self) {
        self.soundings.sort_by(|a, b| a.line_number.total_cmp(&b.line_number).then(a.fiducial.total_cmp(&b.fiducial)));
    }
}

/// Whether there are soundings and all have standard deviations, so that a file of them can.
pub(super) fn all_have_std(soundings: &[Sounding]) -> bool {
    !soundings.is_empty() && soundings.iter().all(|sounding| sounding.std.is_some())
}

/// A line number as it stands in file names and figures: `30010`, `30010.5`.
pub fn line_label(line_number: f64) -> String {
    line_number.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(keys: &[(f64, f64)]) -> Survey {
        let sounding = |(i, &(line_number, fiducial)): (usize, &(f64, f64))| Sounding {
            line_number,
            fiducial,
            easting_m: 0.0,
            northing_m: 0.0,
            elevation_m: f64::NAN,
            geometry: Geometry::level(30.0),
            observed: Vec::new(),
            std: None,
            file_line: i,
        };
        let soundings = keys.iter().enumerate().map(sounding).collect();
        Survey { path: PathBuf::new(), soundings, rejected: Vec::new(), has_std: false }
    }

    #[test]
    fn soundings_are_sorted_by_line_then_fiducial() {
        let mut survey = survey(&[(20.0, 1.0), (10.0, 3.0), (20.0, -1.0), (10.0, 3.0), (10.0, 2.5)]);
        survey.sort_by_key();
        let order: Vec<usize> = survey.soundings.iter().map(|sounding| sounding.file_line).collect();
        assert_eq!(order, [4, 1, 3, 2, 0]);
    }

    #[test]
    fn lines_are_listed_once() {
        assert_eq!(survey(&[(20.0, 1.0), (10.5, 3.0), (20.0, 2.0)]).lines(), [10.5, 20.0]);
        assert_eq!(survey(&[]).lines(), [0.0; 0]);
    }

    #[test]
    fn labels_have_no_needless_decimals() {
        assert_eq!(line_label(30010.0), "30010");
        assert_eq!(line_label(30010.5), "30010.5");
    }
}
