//! Positions of the soundings of a line along it.

use crate::quantiles::nearest;

/// Largest width of a sounding's cell, in median distances; larger distances leave a gap.
const WIDEST: f64 = 1.5;
/// Width of the cell of a single sounding, m.
const ALONE: f64 = 50.0;
/// Length in m above which the distance axis is in km.
const LONG: f64 = 5000.0;

/// Horizontal axis of figures along a line. `--help` shows these words to users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Along {
    /// Distance along the line
    #[default]
    Distance,
    /// Easting
    Easting,
    /// Northing
    Northing,
    /// Number of the sounding on its line, when places are not known.
    #[cfg_attr(feature = "cli", value(skip))]
    Sounding,
}

impl Along {
    /// Returns `self`, or `Sounding` when a line has soundings without coordinates, or all in one place.
    pub(super) fn known<'a>(self, mut lines: impl Iterator<Item = Places<'a>>) -> Along {
        let is_known = |line: Places| {
            let length_m = line.length_m();
            length_m.is_finite() && (length_m > 0.0 || line.easting_m.len() < 2)
        };
        if lines.all(is_known) { self } else { Along::Sounding }
    }

    /// Returns the soundings of a line in their order along it.
    pub(super) fn order(self, line: Places) -> Vec<usize> {
        let mut order: Vec<usize> = (0..line.easting_m.len()).collect();
        match self {
            Along::Easting => order.sort_by(|&a, &b| line.easting_m[a].total_cmp(&line.easting_m[b])),
            Along::Northing => order.sort_by(|&a, &b| line.northing_m[a].total_cmp(&line.northing_m[b])),
            Along::Distance | Along::Sounding => {}
        }
        order
    }

    /// Returns the length in m of a unit of the axis for all lines; `None` when the axis is not a length.
    pub(super) fn unit_m<'a>(self, lines: impl Iterator<Item = Places<'a>>) -> Option<f64> {
        match self {
            Along::Sounding => None,
            Along::Easting | Along::Northing => Some(1000.0),
            Along::Distance => {
                Some(if lines.map(|line| line.length_m()).fold(0.0, f64::max) > LONG { 1000.0 } else { 1.0 })
            }
        }
    }

    /// Returns the title of the axis.
    pub(super) fn title(self, unit_m: Option<f64>) -> &'static str {
        match self {
            Along::Easting => "easting (km)",
            Along::Northing => "northing (km)",
            Along::Sounding => "sounding",
            Along::Distance if unit_m == Some(1000.0) => "distance along the line (km)",
            Along::Distance => "distance along the line (m)",
        }
    }
}

/// Places of the soundings of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places<'a> {
    pub(super) easting_m: &'a [f64],
    pub(super) northing_m: &'a [f64],
}

impl Places<'_> {
    /// Returns the length of the line, NaN when a place is not known.
    fn length_m(self) -> f64 {
        self.steps_m().sum()
    }

    /// Returns the distances from each sounding to the next.
    fn steps_m(&self) -> impl Iterator<Item = f64> {
        let steps = self.easting_m.windows(2).zip(self.northing_m.windows(2));
        steps.map(|(east, north)| (east[1] - east[0]).hypot(north[1] - north[0]))
    }
}

/// The soundings in order along the line.
#[derive(Debug)]
pub(super) struct SectionTrack {
    /// Left and right end of each sounding's cell; cells do not overlap.
    pub(super) cells: Vec<(f64, f64)>,
    /// Compass points at the left and right end.
    pub(super) ends: Option<(&'static str, &'static str)>,
}

impl SectionTrack {
    /// Makes a track of `line`, whose soundings must be in order. Cells of soundings with `has_values` reach half way
    /// to each other, over any number of others between them. A section of every tenth sounding is therefore as wide as
    /// a section of all.
    pub(super) fn new(line: Places, has_values: &[bool], along: Along, unit_m: Option<f64>) -> SectionTrack {
        let unit_m = unit_m.unwrap_or(1.0);
        let scaled = |values: &[f64]| -> Vec<f64> { values.iter().map(|value| value / unit_m).collect() };
        let places = match along {
            Along::Easting => scaled(line.easting_m),
            Along::Northing => scaled(line.northing_m),
            Along::Sounding => (1..=line.easting_m.len()).map(|i| i as f64).collect(),
            Along::Distance => {
                let mut places = vec![0.0; line.easting_m.len().min(1)];
                for step in line.steps_m() {
                    places.push(places[places.len() - 1] + step / unit_m);
                }
                places
            }
        };
        let alone = if along == Along::Sounding { 1.0 } else { ALONE / unit_m };
        let ends = match along {
            Along::Easting => Some(("W", "E")),
            Along::Northing => Some(("S", "N")),
            Along::Distance => ends(line),
            Along::Sounding => None,
        };
        SectionTrack { cells: cells_of_some(&places, has_values, alone), ends }
    }

    /// Returns the left end of the first cell and the right end of the last.
    pub(super) fn extent(&self) -> (f64, f64) {
        (self.cells.first().map_or(0.0, |cell| cell.0), self.cells.last().map_or(1.0, |cell| cell.1))
    }

    /// Returns the sounding whose cell contains `x`.
    pub(super) fn sounding(&self, x: f64) -> Option<usize> {
        let index = self.cells.partition_point(|cell| cell.0 <= x).checked_sub(1)?;
        (x < self.cells[index].1).then_some(index)
    }

    /// Returns runs of neighbouring soundings with a value, as steps: (cell's end, value) twice per sounding.
    pub(super) fn steps(&self, values: &[f64]) -> Vec<Vec<(f64, f64)>> {
        let mut runs: Vec<Vec<(f64, f64)>> = Vec::new();
        let mut end = f64::NAN;
        for ((left, right), value) in self.cells.iter().zip(values) {
            if !value.is_finite() {
                // A sounding without a cell makes no gap.
                if left < right {
                    end = f64::NAN;
                }
                continue;
            }
            if end != *left {
                runs.push(Vec::new());
            }
            if let Some(run) = runs.last_mut() {
                run.extend([(*left, *value), (*right, *value)]);
            }
            end = *right;
        }
        runs
    }
}

/// Returns the cells of all places. Places with values get theirs first; the others get what remains of their own
/// cells.
fn cells_of_some(places: &[f64], has_values: &[bool], alone: f64) -> Vec<(f64, f64)> {
    let mut all = cells(places, alone);
    let with_values: Vec<usize> = (0..places.len()).filter(|&i| has_values[i]).collect();
    if with_values.is_empty() {
        return all;
    }
    let chosen: Vec<f64> = with_values.iter().map(|&i| places[i]).collect();
    for (&i, cell) in with_values.iter().zip(cells(&chosen, alone)) {
        all[i] = cell;
    }
    let edge = |i: Option<&usize>, all: &[(f64, f64)]| i.map(|&i| all[i]);
    for i in (0..places.len()).filter(|&i| !has_values[i]) {
        let after = with_values.partition_point(|&other| other < i);
        let left = edge(after.checked_sub(1).and_then(|before| with_values.get(before)), &all);
        let right = edge(with_values.get(after), &all);
        let (low, high) = (left.map_or(f64::NEG_INFINITY, |cell| cell.1), right.map_or(f64::INFINITY, |cell| cell.0));
        all[i] = (all[i].0.clamp(low, high), all[i].1.clamp(low, high));
    }
    all
}

/// Returns cells that reach half way to the neighbours, up to a largest width.
fn cells(places: &[f64], alone: f64) -> Vec<(f64, f64)> {
    let mut spacings: Vec<f64> = places.windows(2).map(|p| p[1] - p[0]).filter(|s| *s > 0.0).collect();
    spacings.sort_by(f64::total_cmp);
    let reach = nearest(&spacings, 0.5).unwrap_or(alone) * WIDEST / 2.0;
    let end = |i: usize, j: Option<usize>, sign: f64| match j.and_then(|j| places.get(j)) {
        Some(next) if (next - places[i]).abs() <= 2.0 * reach => (places[i] + next) / 2.0,
        Some(_) => places[i] + sign * reach,
        None => places[i] + sign * reach / WIDEST,
    };
    (0..places.len()).map(|i| (end(i, i.checked_sub(1), -1.0), end(i, Some(i + 1), 1.0))).collect()
}

/// Returns the compass points of the line's beginning and end.
fn ends(line: Places) -> Option<(&'static str, &'static str)> {
    const POINTS: [&str; 8] = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];
    let last = line.easting_m.len().checked_sub(1)?;
    let (east, north) = (line.easting_m[last] - line.easting_m[0], line.northing_m[last] - line.northing_m[0]);
    if east == 0.0 && north == 0.0 {
        return None;
    }
    let point = (east.atan2(north).to_degrees() / 45.0).round().rem_euclid(8.0) as usize;
    Some((POINTS[(point + 4) % 8], POINTS[point]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn east_west(easting_m: &[f64]) -> Places<'_> {
        Places { easting_m, northing_m: &[0.0; 8][..easting_m.len()] }
    }

    fn track(easting_m: &[f64]) -> SectionTrack {
        SectionTrack::new(east_west(easting_m), &[true; 8][..easting_m.len()], Along::Distance, Some(1.0))
    }

    fn known(easting_m: &[f64]) -> Along {
        Along::Easting.known([east_west(easting_m)].into_iter())
    }

    #[test]
    fn cells_reach_half_way_but_leave_gaps() {
        let track = track(&[0.0, 10.0, 20.0, 60.0, 70.0]);
        assert_eq!(track.cells, [(-5.0, 5.0), (5.0, 15.0), (15.0, 27.5), (52.5, 65.0), (65.0, 75.0)]);
        assert_eq!(track.sounding(26.0), Some(2));
        assert_eq!(track.sounding(40.0), None);
        assert_eq!(track.steps(&[1.0, 2.0, 3.0, 4.0, f64::NAN]).len(), 2);
        assert_eq!(track.ends, Some(("W", "E")));
    }

    /// Would catch: thin columns where every third sounding was inverted; a part of a line that was not run but has the
    /// colours of its neighbour.
    #[test]
    fn cells_of_soundings_with_values_meet_over_those_without() {
        let easting_m = [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0];
        let every_third = [true, false, false, true, false, false, true];
        let track = SectionTrack::new(east_west(&easting_m), &every_third, Along::Distance, Some(1.0));
        assert_eq!([track.cells[0], track.cells[3], track.cells[6]], [(-15.0, 15.0), (15.0, 45.0), (45.0, 75.0)]);
        assert_eq!([14.0, 16.0, 44.0].map(|x| track.sounding(x)), [Some(0), Some(3), Some(3)]);
        let values = every_third.map(|has_value| if has_value { 1.0 } else { f64::NAN });
        assert_eq!(track.steps(&values).len(), 1);
        let first_half = [true, true, true, false, false, false, false];
        let track = SectionTrack::new(east_west(&easting_m), &first_half, Along::Distance, Some(1.0));
        assert_eq!(track.cells[2..4], [(15.0, 25.0), (25.0, 35.0)]);
        assert_eq!(track.sounding(52.0), Some(5));
    }

    #[test]
    fn places_that_are_unknown_are_numbered() {
        assert_eq!(known(&[0.0, f64::NAN, 20.0]), Along::Sounding);
        assert_eq!(known(&[7.0; 3]), Along::Sounding);
        assert_eq!([known(&[7.0]), known(&[1.0, 2.0])], [Along::Easting; 2]);
        assert_eq!(track(&[7.0]).cells, [(-25.0, 25.0)]);
        assert!(track(&[]).cells.is_empty());
    }

    #[test]
    fn soundings_are_put_in_order_of_their_coordinate() {
        assert_eq!(Along::Easting.order(east_west(&[3e3, 1e3, 2e3])), [1, 2, 0]);
        assert_eq!(Along::Distance.order(east_west(&[3e3, 1e3, 2e3])), [0, 1, 2]);
        let track = SectionTrack::new(east_west(&[1e3, 2e3, 3e3]), &[true; 3], Along::Easting, Some(1e3));
        assert_eq!((track.extent(), track.ends), ((0.5, 3.5), Some(("W", "E"))));
        assert_eq!(Along::Easting.title(Some(1e3)), "easting (km)");
    }
}
