//! Where the soundings of a line lie along it.

use super::axes::{Axis, Scale};
use super::data::SectionData;

/// Largest width of a sounding's cell, in median spacings; what is farther apart leaves a gap.
const WIDEST: f64 = 1.5;
/// Width of the cell of a sounding that is alone, m.
const ALONE: f64 = 50.0;
/// Lines longer than this have their distance in km, m.
const LONG: f64 = 5000.0;

/// The soundings in order along the line.
#[derive(Debug)]
pub(super) struct Track {
    /// Left and right end of each sounding's cell, not overlapping.
    pub(super) cells: Vec<(f64, f64)>,
    /// Title of the axis.
    pub(super) title: &'static str,
    /// Metres in a unit of the axis, when it is a distance.
    pub(super) unit_m: Option<f64>,
    /// Compass points at the left and right end.
    pub(super) ends: Option<(&'static str, &'static str)>,
}

impl Track {
    pub(super) fn new(data: &SectionData) -> Track {
        let steps: Vec<f64> = (1..data.easting_m.len())
            .map(|i| (data.easting_m[i] - data.easting_m[i - 1]).hypot(data.northing_m[i] - data.northing_m[i - 1]))
            .collect();
        let length: f64 = steps.iter().sum();
        if !length.is_finite() || (length <= 0.0 && !steps.is_empty()) {
            let places: Vec<f64> = (1..=data.easting_m.len()).map(|i| i as f64).collect();
            return Track { cells: cells(&places, 1.0), title: "sounding", unit_m: None, ends: None };
        }
        let unit = if length > LONG { 1000.0 } else { 1.0 };
        let mut places = vec![0.0; data.easting_m.len().min(1)];
        for step in &steps {
            places.push(places[places.len() - 1] + step / unit);
        }
        let title = if unit > 1.0 { "distance along the line (km)" } else { "distance along the line (m)" };
        Track { cells: cells(&places, ALONE / unit), title, unit_m: Some(unit), ends: ends(data) }
    }

    /// The axis that shows all soundings.
    pub(super) fn axis(&self) -> Axis {
        let (first, last) = (self.cells.first(), self.cells.last());
        Axis::new(Scale::Linear, first.map_or(0.0, |c| c.0), last.map_or(1.0, |c| c.1))
    }

    /// The sounding whose cell contains `x`.
    pub(super) fn sounding(&self, x: f64) -> Option<usize> {
        let index = self.cells.partition_point(|cell| cell.0 <= x).checked_sub(1)?;
        (x < self.cells[index].1).then_some(index)
    }

    /// Runs of neighbouring soundings with a value, as steps: (cell's end, value) twice per sounding.
    pub(super) fn steps(&self, values: &[f64]) -> Vec<Vec<(f64, f64)>> {
        let mut runs: Vec<Vec<(f64, f64)>> = Vec::new();
        let mut end = f64::NAN;
        for ((left, right), value) in self.cells.iter().zip(values) {
            if !value.is_finite() {
                end = f64::NAN;
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

/// Each place half way to its neighbours, but not too far.
fn cells(places: &[f64], alone: f64) -> Vec<(f64, f64)> {
    let mut spacings: Vec<f64> = places.windows(2).map(|p| p[1] - p[0]).filter(|s| *s > 0.0).collect();
    spacings.sort_by(f64::total_cmp);
    let reach = spacings.get(spacings.len() / 2).copied().unwrap_or(alone) * WIDEST / 2.0;
    let end = |i: usize, j: Option<usize>, sign: f64| match j.and_then(|j| places.get(j)) {
        Some(next) if (next - places[i]).abs() <= 2.0 * reach => (places[i] + next) / 2.0,
        Some(_) => places[i] + sign * reach,
        None => places[i] + sign * reach / WIDEST,
    };
    (0..places.len()).map(|i| (end(i, i.checked_sub(1), -1.0), end(i, Some(i + 1), 1.0))).collect()
}

/// Compass points of the line's beginning and end.
fn ends(data: &SectionData) -> Option<(&'static str, &'static str)> {
    const POINTS: [&str; 8] = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];
    let last = data.easting_m.len().checked_sub(1)?;
    let (east, north) = (data.easting_m[last] - data.easting_m[0], data.northing_m[last] - data.northing_m[0]);
    if east == 0.0 && north == 0.0 {
        return None;
    }
    let point = (east.atan2(north).to_degrees() / 45.0).round().rem_euclid(8.0) as usize;
    Some((POINTS[(point + 4) % 8], POINTS[point]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(easting_m: Vec<f64>) -> Track {
        let northing_m = vec![0.0; easting_m.len()];
        Track::new(&SectionData { easting_m, northing_m, ..SectionData::default() })
    }

    #[test]
    fn cells_reach_half_way_but_leave_gaps() {
        let track = track(vec![0.0, 10.0, 20.0, 60.0, 70.0]);
        assert_eq!(track.cells, [(-5.0, 5.0), (5.0, 15.0), (15.0, 27.5), (52.5, 65.0), (65.0, 75.0)]);
        assert_eq!(track.sounding(26.0), Some(2));
        assert_eq!(track.sounding(40.0), None);
        assert_eq!(track.steps(&[1.0, 2.0, 3.0, 4.0, f64::NAN]).len(), 2);
        assert_eq!(track.ends, Some(("W", "E")));
    }

    #[test]
    fn places_that_are_unknown_are_numbered() {
        assert_eq!(track(vec![0.0, f64::NAN, 20.0]).title, "sounding");
        assert_eq!(track(vec![7.0; 3]).title, "sounding");
        assert_eq!(track(vec![7.0]).cells, [(-25.0, 25.0)]);
        assert!(track(vec![]).cells.is_empty());
    }
}
