//! Soundings and data that a user leaves out of a survey.

use std::fmt;
use std::path::PathBuf;

use super::column_ref::ColumnRef;
use super::interval::Interval;

/// What a user leaves out of a survey. A sounding that one of the rules names is no sounding of the survey.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LeaveOut {
    /// Flight lines.
    pub lines: Vec<Interval>,
    /// Parts of flight lines.
    pub fiducials: Vec<FiducialRange>,
    /// Files of polygons; soundings inside are left out.
    pub polygons: Vec<PathBuf>,
    /// Coordinate reference system of the survey, to which polygons are transformed.
    pub crs: Option<String>,
    /// Data of gates or frequencies. These data are missing; their soundings stay.
    pub gates: Vec<GateRange>,
    /// A column that says which soundings are used.
    pub flag: Option<FlagRule>,
}

/// Soundings with a fiducial in an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FiducialRange {
    /// Flight lines; `None` for all.
    pub line: Option<Interval>,
    /// Fiducials, both ends included.
    pub fiducials: Interval,
}

/// Gates, or frequencies, by number.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GateRange {
    /// Name of a time-domain system; `None` for all.
    pub system: Option<String>,
    /// A name of [`PARTS`](super::PARTS): component or part; `None` for all.
    pub component: Option<String>,
    /// The first gate or frequency, counted from 1; `None` for the first of all.
    pub from: Option<usize>,
    /// The last gate or frequency; `None` for the last of all.
    pub to: Option<usize>,
    /// Flight lines; all when empty.
    pub lines: Vec<Interval>,
}

/// A column with numbers that say which soundings are used.
#[derive(Debug, Clone, PartialEq)]
pub struct FlagRule {
    /// The column.
    pub column: ColumnRef,
    /// Numbers of soundings that stay. Soundings with another number, or none, are left out.
    pub keep: Vec<f64>,
}

/// What one rule of [`LeaveOut`] left out of a survey file.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOut {
    /// The rule, with the key of the configuration.
    pub rule: String,
    /// Number of soundings. Where two rows may be one sounding, each row counts.
    pub soundings: usize,
    /// Number of data that the survey file has.
    pub data: usize,
    /// The likely reason when the rule leaves nothing out; `None` when that is usual.
    no_effect: Option<&'static str>,
}

impl LeftOut {
    pub(super) fn new(rule: String, no_effect: Option<&'static str>) -> Self {
        Self { rule, soundings: 0, data: 0, no_effect }
    }

    /// Returns the warning that the rule has no effect, if so.
    pub fn warning(&self) -> Option<String> {
        let reason = self.no_effect.filter(|_| self.soundings == 0 && self.data == 0)?;
        Some(format!("{} leaves nothing out: {reason}", self.rule))
    }
}

impl fmt::Display for FiducialRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Interval { first, last } = self.fiducials;
        match (first.is_finite(), last.is_finite()) {
            (false, _) => write!(f, "to {last}")?,
            (_, false) => write!(f, "from {first}")?,
            _ => write!(f, "{}", self.fiducials)?,
        }
        match self.line {
            Some(line) => write!(f, " of line {line}"),
            None => Ok(()),
        }
    }
}
