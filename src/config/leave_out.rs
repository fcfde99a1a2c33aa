//! The section that leaves lines, soundings and data out of the survey.

use std::fmt;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::check::Checker;
use super::values::ColumnChoice;
use crate::error::Result;
use crate::survey::{FiducialRange, FlagRule, GateRange, Interval, LeaveOut, PARTS};

/// What is left out of the survey. Soundings that are left out are not inverted and not in the results. `check` prints
/// what each entry leaves out
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LeaveOutConfig {
    /// Flight lines: numbers, or "FIRST:LAST" for all lines from one to another
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("example" = [100501, "100701:100799"]))]
    pub lines: Vec<LineChoice>,
    /// Soundings with fiducials from one to another, both included; on all lines if `line` is not given
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("example" = [{"line": 30010, "from": 30005.0, "to": 30009.0}]))]
    pub fiducials: Vec<FiducialConfig>,
    /// Files of polygons, relative to this file, of any kind that GDAL reads: soundings inside are left out. Polygons
    /// are transformed to `survey.crs`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("example" = ["towns.gpkg"]))]
    pub polygons: Vec<PathBuf>,
    /// Gates by number from 1, or frequencies by number: their data are missing, and their soundings stay. `system` is
    /// the name of a time-domain system; `component` is "x", "y" or "z", or "in_phase" or "quadrature" in the frequency
    /// domain; without one of these, all are meant. Without `from` the first gate is meant, without `to` the last, and
    /// without `lines` all lines
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("example" = [{"system": "LM", "component": "z", "from": 1, "to": 3, "lines": [100501]}]))]
    pub gates: Vec<GateConfig>,
    /// Column with numbers that say which soundings are used: soundings with none of the numbers `keep` are left out
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("example" = {"column": "InUse", "keep": [1]}))]
    pub flag: Option<FlagConfig>,
}

/// Soundings with fiducials from one to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FiducialConfig {
    /// Flight line; all if not given
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<LineChoice>,
    /// First fiducial; the first of the line if not given
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// Last fiducial; the last of the line if not given
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<f64>,
}

/// Gates, or frequencies, by number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GateConfig {
    /// Name of a time-domain system; all if not given
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// "x", "y", "z", "in_phase" or "quadrature"; all if not given
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// First gate or frequency, counted from 1; the first of all if not given
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<usize>,
    /// Last gate or frequency; the last of all if not given
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<usize>,
    /// Flight lines: numbers, or "FIRST:LAST"; all if not given
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LineChoice>,
}

/// A column with numbers that say which soundings are used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagConfig {
    /// Column by name, or by number from 1
    pub column: ColumnChoice,
    /// Numbers of soundings that are used
    pub keep: Vec<f64>,
}

/// A flight line, or all lines from a first to a last one.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum LineChoice {
    /// A line number.
    Number(f64),
    /// Lines as "FIRST:LAST".
    Range(String),
}

impl LineChoice {
    fn interval(&self) -> std::result::Result<Interval, String> {
        match self {
            Self::Number(number) => number.to_string().parse(),
            Self::Range(text) => text.parse(),
        }
    }
}

impl<'de> Deserialize<'de> for LineChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Line;

        impl Visitor<'_> for Line {
            type Value = LineChoice;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a line number, or \"FIRST:LAST\" in rising order")
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> std::result::Result<LineChoice, E> {
                self.visit_f64(number as f64)
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> std::result::Result<LineChoice, E> {
                self.visit_f64(number as f64)
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> std::result::Result<LineChoice, E> {
                let line = LineChoice::Number(number);
                if line.interval().is_ok() {
                    return Ok(line);
                }
                Err(E::invalid_value(Unexpected::Float(number), &self))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> std::result::Result<LineChoice, E> {
                let line = LineChoice::Range(text.to_owned());
                if line.interval().is_ok() {
                    return Ok(line);
                }
                Err(E::invalid_value(Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_any(Line)
    }
}

impl LeaveOutConfig {
    /// Makes file names relative to `folder`.
    pub(super) fn set_folder(&mut self, folder: &Path) {
        self.polygons.iter_mut().for_each(|polygon| *polygon = folder.join(&*polygon));
    }

    /// Returns the rules in the form of the survey reader; `crs` is the coordinate reference system of the survey.
    ///
    /// # Errors
    /// A column is neither a number nor a name.
    pub fn to_rules(&self, crs: Option<&str>) -> Result<LeaveOut> {
        // Lines were checked when the configuration was read.
        let intervals = |lines: &[LineChoice]| lines.iter().filter_map(|line| line.interval().ok()).collect();
        let fiducials = |range: &FiducialConfig| FiducialRange {
            line: range.line.as_ref().and_then(|line| line.interval().ok()),
            fiducials: Interval {
                first: range.from.unwrap_or(f64::NEG_INFINITY),
                last: range.to.unwrap_or(f64::INFINITY),
            },
        };
        let gates = |range: &GateConfig| GateRange {
            system: range.system.clone(),
            component: range.component.clone(),
            from: range.from,
            to: range.to,
            lines: intervals(&range.lines),
        };
        let flag = |flag: &FlagConfig| -> Result<_> {
            Ok(FlagRule { column: flag.column.to_ref()?, keep: flag.keep.clone() })
        };
        Ok(LeaveOut {
            lines: intervals(&self.lines),
            fiducials: self.fiducials.iter().map(fiducials).collect(),
            polygons: self.polygons.clone(),
            crs: crs.map(str::to_owned),
            gates: self.gates.iter().map(gates).collect(),
            flag: self.flag.as_ref().map(flag).transpose()?,
        })
    }

    pub(super) fn check(&self, check: &mut Checker) {
        for (number, range) in (1..).zip(&self.fiducials) {
            let key = "leave_out.fiducials";
            let ends = [range.from, range.to].into_iter().flatten();
            let got = |what: &str| format!("{what} in entry {number}");
            check.require(key, range.from.or(range.to).is_some(), got("no limit"), "`from`, `to` or both");
            check.require(key, ends.clone().all(f64::is_finite), got("an infinite number"), "finite numbers");
            check.require(key, ends.is_sorted(), got("`from` above `to`"), "`from` not above `to`");
        }
        for (number, range) in (1..).zip(&self.gates) {
            let key = "leave_out.gates";
            let got = |what: String| format!("{what} in entry {number}");
            let names_any = range.system.is_some() || range.component.is_some();
            let is_limited = range.from.is_some() || range.to.is_some();
            let expected = "`system`, `component`, `from` or `to`; `leave_out.lines` leaves out whole lines";
            check.require(key, names_any || is_limited, got("none of the keys".to_owned()), expected);
            let ends = [range.from, range.to].into_iter().flatten();
            check.require(key, ends.is_sorted(), got("`from` above `to`".to_owned()), "`from` not above `to`");
            if let Some(component) = &range.component {
                let names = PARTS.map(|part| format!("{part:?}")).join(", ");
                let known = PARTS.contains(&component.as_str());
                check.require(key, known, got(format!("component {component:?}")), format!("one of {names}"));
            }
        }
        if let Some(flag) = &self.flag {
            let key = "leave_out.flag";
            let is_fine = !flag.keep.is_empty() && flag.keep.iter().all(|number| number.is_finite());
            check.require(
                key,
                is_fine,
                format!("keep = {:?}", flag.keep),
                "at least one number, and finite numbers only",
            );
            if let Err(error) = flag.column.to_ref() {
                check.require(key, false, error, "a column by number from 1 or by name");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::whole::Config;
    use super::*;

    const FILES: &str = "[survey]\ndata = 'a.csv'\nsystem = ['s.stm']\n[leave_out]\n";

    fn parse(more: &str) -> Result<Config> {
        Config::parse(&format!("{FILES}{more}"), Path::new("c.toml"))
    }

    #[test]
    fn every_entry_survives_writing_and_files_are_relative_to_the_configuration() {
        let text = "lines = [100501, '7:9', 3.5]\nfiducials = [{ line = 1, from = 2 }, { from = 3, to = 3 }]\n\
                    polygons = ['towns.gpkg']\ngates = [{ system = 'LM', from = 2, lines = ['1:2'] }]\n\
                    flag = { column = 'InUse', keep = [1] }\n";
        let config = parse(text).unwrap();
        let again = Config::parse(&config.to_toml(), Path::new("c.toml")).unwrap();
        assert_eq!(config.leave_out, again.leave_out);
        let rules = config.leave_out.to_rules(None).unwrap();
        assert_eq!(rules.lines[1], Interval { first: 7.0, last: 9.0 });
        assert_eq!(rules.fiducials[0].to_string(), "from 2 of line 1");
        assert_eq!(rules.gates[0].lines, ["1:2".parse().unwrap()]);
        let placed = Config::of_file(&format!("{FILES}{text}"), Path::new("there/c.toml"), &[]).unwrap();
        assert_eq!(placed.leave_out.polygons, [Path::new("there/towns.gpkg")]);
    }

    #[test]
    fn a_configuration_that_leaves_nothing_out_has_no_key_of_it() {
        assert!(!parse("").unwrap().to_toml().contains("lines"));
    }

    #[test]
    fn wrong_entries_are_told() {
        for (text, expected) in [
            ("lines = ['9:7']", "line 5, column lines: got string \"9:7\", expected a line number, or \"FIRST:LAST\""),
            ("lines = [nan]", "expected a line number"),
            ("lines = [true]", "got boolean `true`, expected a line number"),
            ("fiducials = [{ line = 3 }]", "got no limit in entry 1, expected `from`, `to` or both"),
            ("fiducials = [{ from = 3, to = 2 }]", "got `from` above `to` in entry 1"),
            ("fiducials = [{ from = inf }]", "got an infinite number in entry 1"),
            ("gates = [{ from = 1 }, { lines = [1] }]", "got none of the keys in entry 2"),
            ("gates = [{ component = 'Z' }]", "got component \"Z\" in entry 1, expected one of \"x\", \"y\", \"z\""),
            ("gates = [{ form = 1 }]", "unknown key form, expected from (did you mean that?)"),
            ("gates = [{ from = -1 }]", "expected a whole number that is not negative"),
            ("flag = { column = 'InUse', keep = [] }", "got keep = [], expected at least one number"),
            ("flag = { column = 0, keep = [1] }", "got column \"0\""),
        ] {
            let told = parse(text).unwrap_err().to_string();
            assert!(told.contains(expected), "{text}: {told}");
        }
    }
}
