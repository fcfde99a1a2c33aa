//! Reads which rows of a survey file a user leaves out.

use super::cells::{RowCells, SignedColumn};
use super::interval::Interval;
use super::leave_out::{FiducialRange, LeaveOut, LeftOut};
use super::sounding::Sounding;
use super::table::{Row, RowResult};
use crate::error::{InputError, Result};
use crate::gis::Polygon;

/// Largest number of rules in one message.
const SHOWN: usize = 5;

/// The rules that leave soundings out.
pub(super) struct SoundingRules {
    rules: Vec<SoundingRule>,
    /// The rules in words, with what they left out.
    pub(super) left_out: Vec<LeftOut>,
    /// Number of soundings that at least one rule left out.
    pub(super) count: usize,
}

enum SoundingRule {
    Lines(Interval),
    Fiducials(FiducialRange),
    Polygons(Polygon),
    Flag(SignedColumn, Vec<f64>),
}

impl SoundingRules {
    /// Reads the polygons. `flag` is the column of [`LeaveOut::flag`], and `file_crs` the coordinate reference system that the
    /// survey file itself names, for polygons when the user names none.
    pub(super) fn read(leave_out: &LeaveOut, flag: Option<SignedColumn>, file_crs: Option<&str>) -> Result<Self> {
        let crs = leave_out.crs.as_deref().or(file_crs);
        let mut made = Self { rules: Vec::new(), left_out: Vec::new(), count: 0 };
        for &lines in &leave_out.lines {
            let reason = Some("the survey has no such line");
            made.add(SoundingRule::Lines(lines), format!("leave_out.lines {lines}"), reason);
        }
        for &range in &leave_out.fiducials {
            let reason = Some("the survey has no such fiducial there");
            made.add(SoundingRule::Fiducials(range), format!("leave_out.fiducials {range}"), reason);
        }
        for path in &leave_out.polygons {
            let polygon = Polygon::read(path, crs)?;
            if polygon.has_crs() && crs.is_none() {
                let got = "polygons with a coordinate reference system (GeoJSON always has one), and no survey.crs";
                return Err(InputError::file(path, got, "survey.crs, to which leave_out.polygons are transformed"));
            }
            let reason = Some("no sounding is inside");
            made.add(SoundingRule::Polygons(polygon), format!("leave_out.polygons {}", path.display()), reason);
        }
        if let (Some(rule), Some(column)) = (&leave_out.flag, flag) {
            let keep: Vec<String> = rule.keep.iter().map(f64::to_string).collect();
            let words = format!("leave_out.flag {} other than {}", rule.column, keep.join(", "));
            // A survey in which all soundings are used is usual.
            made.add(SoundingRule::Flag(column, rule.keep.clone()), words, None);
        }
        Ok(made)
    }

    fn add(&mut self, rule: SoundingRule, words: String, no_effect: Option<&'static str>) {
        self.rules.push(rule);
        self.left_out.push(LeftOut::new(words, no_effect));
    }

    /// Lists the rules that left soundings out, with their numbers.
    pub(super) fn in_words(&self) -> String {
        let effective = self.left_out.iter().filter(|left_out| left_out.soundings > 0);
        let words = effective.take(SHOWN).map(|left_out| format!("{}: {}", left_out.rule, left_out.soundings));
        words.collect::<Vec<_>>().join("; ")
    }

    /// Returns whether there is no rule.
    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Returns whether a rule leaves out the sounding of a row at `place`, and counts it. Other cells of such a row may be
    /// wrong.
    pub(super) fn leave_out(&mut self, row: &Row, place: &Sounding, nulls: &[f64]) -> RowResult<bool> {
        let Sounding { line_number: line, fiducial, easting_m, northing_m, .. } = *place;
        let mut wrong_flag = None;
        let mut is_left_out = false;
        for (rule, left_out) in self.rules.iter().zip(&mut self.left_out) {
            let is_named = match rule {
                SoundingRule::Lines(lines) => lines.contains(line),
                SoundingRule::Fiducials(range) => {
                    range.line.is_none_or(|lines| lines.contains(line)) && range.fiducials.contains(fiducial)
                }
                SoundingRule::Polygons(polygon) => {
                    easting_m.is_finite() && northing_m.is_finite() && polygon.contains(easting_m, northing_m)
                }
                SoundingRule::Flag(column, keep) => {
                    let mut cells = RowCells::new(row, nulls, None);
                    let flag = cells.optional(*column);
                    match cells.finish(flag) {
                        Ok(flag) => !keep.contains(&flag),
                        Err(errors) => {
                            wrong_flag = Some(errors);
                            false
                        }
                    }
                }
            };
            left_out.soundings += usize::from(is_named);
            is_left_out |= is_named;
        }
        self.count += usize::from(is_left_out);
        match wrong_flag {
            Some(errors) if !is_left_out => Err(errors),
            _ => Ok(is_left_out),
        }
    }
}
