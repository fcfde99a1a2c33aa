//! Instrument files made from the description of another program.

use crate::config::{Config, PerGroup, SurveyKind};
use crate::system::{Axis, time_between};

/// Least height of a loop in the air, in m.
const LOWEST_FLIGHT_M: f64 = 5.0;

/// One moment of a system.
#[derive(Debug)]
pub struct Moment {
    /// Name of the moment in the survey's file, without characters that file names do not have.
    pub name: String,
    /// Text of its `.stm` file.
    pub stm: String,
    /// Position of the receiver relative to the transmitter in m: ahead, left, up; `None` in frequency domain, where the text
    /// has the positions.
    pub offset_m: Option<[f64; 3]>,
}

/// An instrument that was read from the description of another program, as instrument files and settings.
#[derive(Debug, Default)]
pub struct MadeInstrument {
    /// The instrument files, in order of the data.
    pub moments: Vec<Moment>,
    /// Instrument files of components with other gates, filters or places, which are not in the configuration.
    pub others: Vec<Moment>,
    /// Components that the instrument files `moments` measure; none in frequency domain.
    pub components: Vec<Axis>,
    /// What the description says and instrument files do not have.
    pub notes: Vec<String>,
    /// For each moment the gates, as start and end in s, and whether each of them is used; empty where all are used.
    pub gates: Vec<Vec<([f64; 2], bool)>>,
    /// Position of the receiver relative to the transmitter for the whole survey, in m: ahead, left, up.
    pub offset_m: Option<[f64; 3]>,
    /// Height of the transmitter above ground for the whole survey, in m.
    pub tx_height_m: Option<f64>,
}

impl MadeInstrument {
    /// Adds an instrument file; `scaling` is not 0 for the components x, y, z that it measures.
    pub(super) fn push(&mut self, moment: Moment, scaling: [f64; 3]) {
        for (axis, scaling) in [Axis::X, Axis::Y, Axis::Z].into_iter().zip(scaling) {
            if scaling != 0.0 && !self.components.contains(&axis) {
                self.components.push(axis);
            }
        }
        self.moments.push(moment);
    }

    /// Returns whether the description has a height that no aircraft flies at.
    pub fn is_on_the_ground(&self) -> bool {
        self.tx_height_m.is_some_and(|height_m| height_m < LOWEST_FLIGHT_M)
    }

    /// Returns the position of the receiver for the whole survey, or that of the first moment.
    pub fn first_offset_m(&self) -> Option<[f64; 3]> {
        self.offset_m.or(self.moments.first()?.offset_m)
    }

    /// Sets what the description says about the survey in the configuration of a `kind` of survey.
    pub fn apply(&self, kind: SurveyKind, config: &mut Config) {
        let limits: Vec<(f64, f64)> = self.gates.iter().map(|gates| limits_s(gates)).collect();
        if self.gates.iter().filter_map(|gates| gates.first()).any(|(_, used)| !used) {
            config.survey.gates_from_s = Some(per_moment(limits.iter().map(|limits| limits.0)));
        }
        if self.gates.iter().filter_map(|gates| gates.last()).any(|(_, used)| !used) {
            config.survey.gates_to_s = Some(per_moment(limits.iter().map(|limits| limits.1)));
        }
        if let Some([dx, dy, dz]) = self.offset_m {
            let geometry = &mut config.geometry;
            (geometry.txrx_dx.value_m, geometry.txrx_dy.value_m) = (Some(dx), Some(dy));
            geometry.txrx_dz.value_m = Some(dz);
        }
        // Surveys from the air and on the ground usually invert the vertical component alone.
        let is_vertical = matches!(kind, SurveyKind::Helicopter | SurveyKind::Towed);
        if is_vertical && self.components.len() > 1 && self.components.contains(&Axis::Z) {
            config.survey.components = vec![Axis::Z.to_string()];
        }
        // The height of a loop in the air is measured, that of a loop on the ground is not.
        if let (Some(height_m), SurveyKind::Towed) = (self.tx_height_m, kind) {
            config.geometry.height.value_m = Some(height_m);
        }
    }
}

fn per_moment(times_s: impl Iterator<Item = f64>) -> PerGroup {
    let times_s: Vec<f64> = times_s.collect();
    if let [one] = times_s[..] { PerGroup::One(one) } else { PerGroup::Each(times_s) }
}

/// Returns times that the used gates begin after and end before, and that the gates before and after them do not.
fn limits_s(gates: &[([f64; 2], bool)]) -> (f64, f64) {
    let used = || gates.iter().filter(|(_, used)| *used).map(|(gate, _)| *gate);
    let (first, last) = (used().next().unwrap_or_default(), used().next_back().unwrap_or_default());
    let length = |[start, end]: [f64; 2]| end - start;
    let before = gates.iter().rev().skip_while(|(_, used)| !used).find(|(_, used)| !used);
    let before_s = before.map_or(first[0] - length(first), |(gate, _)| gate[0]);
    let after = gates.iter().skip_while(|(_, used)| !used).find(|(_, used)| !used);
    let after_s = after.map_or(last[1] + length(last), |(gate, _)| gate[1]);
    (time_between(before_s, first[0]).unwrap_or(first[0]), time_between(last[1], after_s).unwrap_or(last[1]))
}

/// Returns a name for a file from a name in a description, other than those that are `taken`.
pub(super) fn file_name<'a>(name: &str, taken: impl Iterator<Item = &'a Moment> + Clone) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ' | '+');
    let plain: String = name.trim().chars().map(|c| if is_plain(c) { c } else { '_' }).take(60).collect();
    let plain = if plain.trim_matches(['.', ' ']).is_empty() { "system".to_owned() } else { plain };
    let is_taken = |name: &str| taken.clone().any(|moment| moment.name.eq_ignore_ascii_case(name));
    let numbered = (2..).map(|number| format!("{plain}_{number}"));
    [plain.clone()].into_iter().chain(numbered).find(|name| !is_taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_stay_in_the_folder() {
        let taken = [Moment { name: "LM".to_owned(), stm: String::new(), offset_m: None }];
        for (name, expected) in
            [("HM", "HM"), ("lm", "lm_2"), ("../x", ".._x"), ("..", "system"), ("", "system"), ("a\n/b", "a__b")]
        {
            assert_eq!(file_name(name, taken.iter()), expected, "{name}");
        }
    }

    #[test]
    fn limits_separate_used_gates_from_others() {
        let gates = |used: [bool; 4]| -> Vec<([f64; 2], bool)> {
            (1..).map(f64::from).map(|t| [t, t + 1.0]).zip(used).collect()
        };
        let limits = limits_s(&gates([false, true, true, false]));
        assert!(limits.0 > 1.0 && limits.0 <= 2.0 && limits.1 >= 4.0 && limits.1 < 5.0, "{limits:?}");
        let limits = limits_s(&gates([true; 4]));
        assert!(limits.0 <= 1.0 && limits.1 >= 5.0, "{limits:?}");
    }
}
