//! Checks whether soundings are where a survey can be: coordinates along lines, heights against elevations.

use crate::gis::{is_covered, transform};
use crate::quantiles::nearest;
use crate::run::evenly;
use crate::survey::{Place, Sounding};

/// Neighbours on a line that are so many times as far apart as the middle neighbours, and at least so many m, do not belong
/// to one line.
const JUMP: (f64, f64) = (300.0, 3_000.0);
/// Feet in metres.
pub const FOOT_M: f64 = 0.3048;
/// Distances in degrees from the area of a coordinate reference system: up to the first, places are inside; up to the
/// second, they are near.
const MARGIN_DEG: (f64, f64) = (0.3, 3.0);
/// Largest number of places from which the middle of a survey and of its steps is computed.
const MIDDLE_PLACES: usize = 2_000;

/// A step along a line that is too long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Jump {
    /// The sounding after the step.
    pub to: Place,
    /// Length of the step in m.
    pub distance_m: f64,
}

/// Steps along the lines of a survey.
#[derive(Debug, Default, PartialEq)]
pub struct Steps {
    /// Length of the middle step in m.
    pub middle_m: f64,
    /// Number of steps that are too long.
    pub jump_count: usize,
    /// The first step that is too long.
    pub first_jump: Option<Jump>,
    /// Number of soundings with the coordinates of the sounding before.
    pub repeated_count: usize,
    /// The first of these soundings.
    pub first_repeated: Option<Place>,
}

impl Steps {
    /// Measures the steps between `places`, which are sorted by line and fiducial.
    pub fn new(places: &[Place]) -> Self {
        let is_step = |pair: &&[Place]| pair[0].line_number == pair[1].line_number;
        let length =
            |pair: &[Place]| (pair[1].easting_m - pair[0].easting_m).hypot(pair[1].northing_m - pair[0].northing_m);
        let some = places.windows(2).step_by(places.len().div_ceil(MIDDLE_PLACES).max(1));
        let mut lengths: Vec<f64> = some.filter(is_step).map(length).filter(|m| *m > 0.0).collect();
        lengths.sort_by(f64::total_cmp);
        let middle_m = nearest(&lengths, 0.5).unwrap_or(0.0);
        let longest_m = (JUMP.0 * middle_m).max(JUMP.1);
        let mut steps = Self { middle_m, ..Self::default() };
        for pair in places.windows(2).filter(is_step) {
            let distance_m = length(pair);
            if distance_m > longest_m {
                steps.jump_count += 1;
                steps.first_jump.get_or_insert(Jump { to: pair[1], distance_m });
            } else if distance_m == 0.0 {
                steps.repeated_count += 1;
                steps.first_repeated.get_or_insert(pair[1]);
            }
        }
        steps
    }
}

/// Where eastings and northings lie, in view of a coordinate reference system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// In the area of the system, or the area is not known.
    Inside,
    /// Somewhat outside: a survey that reaches into the next zone, or the wrong zone.
    Near,
    /// Outside, but inside with eastings and northings exchanged.
    InsideExchanged,
    /// Outside, but inside when the coordinates are in feet.
    InsideInFeet,
    /// Outside.
    Outside,
}

/// Returns where most of `places` lie in view of the coordinate reference system `crs`.
pub fn area(crs: &str, places: &[Place]) -> Area {
    let some = evenly(places, MIDDLE_PLACES);
    let middle = |of: fn(&Place) -> f64| {
        let mut values: Vec<f64> = some.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        nearest(&values, 0.5).unwrap_or(f64::NAN)
    };
    let (east, north) = (middle(|place| place.easting_m), middle(|place| place.northing_m));
    let covers = |place| is_covered(crs, place, MARGIN_DEG.1) == Some(true);
    if is_covered(crs, (east, north), MARGIN_DEG.0) != Some(false) {
        Area::Inside
    } else if covers((east, north)) {
        Area::Near
    } else if covers((north, east)) {
        Area::InsideExchanged
    } else if covers((FOOT_M * east, FOOT_M * north)) {
        Area::InsideInFeet
    } else {
        Area::Outside
    }
}

/// Returns longitude and latitude of a place in degrees (WGS 84); `None` when they cannot be computed.
pub fn degrees(crs: &str, place: &Place) -> Option<(f64, f64)> {
    let degrees = transform(crs, "EPSG:4326", &[(place.easting_m, place.northing_m)]).ok()?;
    degrees.first().copied()
}

/// Largest number of heights that are compared with elevations.
const COMPARED: usize = 4_096;
/// Least number of soundings for statements about all of them.
const ENOUGH: usize = 20;
/// Heights above ground are rarely more than this, and elevations with such heights rarely less than that, in m.
const EXCHANGED_M: (f64, f64) = (200.0, 60.0);

/// Heights of coils and elevations of the ground, of evenly chosen soundings.
#[derive(Debug, Default)]
pub struct Relief {
    count: usize,
    stride: usize,
    /// Height and elevation in m.
    pairs: Vec<(f64, f64)>,
}

/// What heights and elevations have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ReliefDoubt {
    /// Heights equal elevations.
    Equal,
    /// Heights rise and fall with the elevations, this many m above them in the middle.
    Parallel(f64),
    /// The middle height is large and the middle elevation small, both in m.
    Exchanged(f64, f64),
    /// All heights are the same, in m.
    Constant(f64),
}

impl Relief {
    /// Adds a sounding.
    pub fn add(&mut self, sounding: &Sounding) {
        if self.count.is_multiple_of(self.stride.max(1)) {
            self.pairs.push((sounding.geometry.height_m(), sounding.elevation_m));
            if self.pairs.len() == COMPARED {
                let mut index = 0;
                self.pairs.retain(|_| {
                    index += 1;
                    index % 2 == 1
                });
                self.stride = 2 * self.stride.max(1);
            }
        }
        self.count += 1;
    }

    /// Returns what is doubtful about the heights, if anything.
    pub fn doubt(&self) -> Option<ReliefDoubt> {
        let known: Vec<(f64, f64)> = self.pairs.iter().filter(|(_, elevation)| !elevation.is_nan()).copied().collect();
        if known.len() >= ENOUGH {
            let heights = Spread::of(known.iter().map(|(height, _)| *height));
            let elevations = Spread::of(known.iter().map(|(_, elevation)| *elevation));
            let clearances = Spread::of(known.iter().map(|(height, elevation)| height - elevation));
            if clearances.low == 0.0 && clearances.high == 0.0 && heights.width() > 0.0 {
                return Some(ReliefDoubt::Equal);
            }
            // An altitude above sea level is the elevation plus a clearance.
            if clearances.low >= 0.0 && elevations.width() > 10.0 && clearances.width() < 0.5 * heights.width() {
                return Some(ReliefDoubt::Parallel(clearances.middle));
            }
            let is_high = heights.middle > EXCHANGED_M.0 && heights.middle > elevations.middle;
            if is_high && elevations.middle < EXCHANGED_M.1 && elevations.low > 5.0 && elevations.width() > 1.0 {
                return Some(ReliefDoubt::Exchanged(heights.middle, elevations.middle));
            }
        }
        let (first, _) = *self.pairs.first()?;
        let is_constant = self.pairs.len() >= ENOUGH && self.pairs.iter().all(|(height, _)| *height == first);
        is_constant.then_some(ReliefDoubt::Constant(first))
    }
}

/// The 5th, the 50th and the 95th percentile.
#[derive(Debug, Clone, Copy)]
struct Spread {
    low: f64,
    middle: f64,
    high: f64,
}

impl Spread {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        let [low, middle, high] = [0.05, 0.5, 0.95].map(|share| nearest(&values, share).unwrap_or(f64::NAN));
        Self { low, middle, high }
    }

    fn width(&self) -> f64 {
        self.high - self.low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubt(pair: impl Fn(f64) -> (f64, f64)) -> Option<ReliefDoubt> {
        let pairs = (0..200).map(|i| pair(f64::from(i))).collect();
        Relief { count: 200, stride: 1, pairs }.doubt()
    }

    /// Would catch: true heights over rough or flat ground that are doubted, wrong ones that are believed.
    #[test]
    fn heights_and_elevations_are_told_apart() {
        let ground = |i: f64| 300.0 + 50.0 * (0.1 * i).sin();
        let clearance = |i: f64| 35.0 + 8.0 * (0.37 * i).cos();
        assert_eq!(doubt(|i| (clearance(i), ground(i))), None);
        assert_eq!(doubt(|i| (clearance(i), 3.0)), None);
        assert_eq!(doubt(|i| (clearance(i), f64::NAN)), None);
        assert_eq!(doubt(|i| (ground(i), ground(i))), Some(ReliefDoubt::Equal));
        assert!(matches!(doubt(|i| (ground(i) + clearance(i), ground(i))), Some(ReliefDoubt::Parallel(_))));
        assert!(matches!(doubt(|i| (ground(i), clearance(i))), Some(ReliefDoubt::Exchanged(..))));
        assert_eq!(doubt(|i| (30.0, ground(i))), Some(ReliefDoubt::Constant(30.0)));
    }
}
