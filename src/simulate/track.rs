//! Synthetic flight lines: positions of soundings, ground elevation and height.

use crate::earth::LayeredEarth;
use crate::survey::ModelRow;
use crate::system::Geometry;

/// Parallel lines from west to east, 200 m apart, over a ridge of hills. Line numbers are `line_number` and 10 more for
/// each further line; fiducials are 30000, 30000.1, ... on each.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// Soundings on each line.
    pub soundings: usize,
    /// Number of lines.
    pub lines: usize,
    /// Number of the first line.
    pub line_number: f64,
    /// Distance between soundings, in m.
    pub spacing_m: f64,
    /// Mean height of the transmitter or bird above ground, in m.
    pub height_m: f64,
    /// Amplitude of the changes of height, in m; there are three waves along a line.
    pub height_variation_m: f64,
    /// Amplitude of the hills, in m: one wave along a line, and two smaller ones.
    pub terrain_m: f64,
}

/// Distance between lines, in m.
const LINE_SPACING_M: f64 = 200.0;

impl Track {
    /// Returns one sounding after the other. `earth` gives the layers of each from its number, which begins at 0, and
    /// its position along its line, from 0 to 1.
    pub fn fly(&self, mut earth: impl FnMut(usize, f64) -> LayeredEarth) -> Vec<ModelRow> {
        let count = self.soundings * self.lines;
        (0..count).map(|i| self.sounding(i / self.soundings, i % self.soundings, &mut earth)).collect()
    }

    fn sounding(&self, line: usize, i: usize, earth: &mut impl FnMut(usize, f64) -> LayeredEarth) -> ModelRow {
        let number = line * self.soundings + i;
        let along = if self.soundings > 1 { i as f64 / (self.soundings - 1) as f64 } else { 0.0 };
        let turns = 2.0 * std::f64::consts::PI * along;
        let lesser_m = self.terrain_m * 4.0 / 15.0;
        ModelRow {
            model_id: Some(number as f64),
            earth: earth(number, along),
            geometry: Geometry::level(self.height_m + self.height_variation_m * (3.0 * turns).sin()),
            line_number: self.line_number + 10.0 * line as f64,
            fiducial: (300_000 + i) as f64 / 10.0,
            easting_m: 500_000.0 + self.spacing_m * i as f64,
            northing_m: 4_000_000.0 + LINE_SPACING_M * line as f64,
            elevation_m: 1200.0 + self.terrain_m * turns.sin() + lesser_m * (2.0 * turns).cos(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_parallel() {
        let track = Track {
            soundings: 3,
            lines: 2,
            line_number: 30010.0,
            spacing_m: 25.0,
            height_m: 30.0,
            height_variation_m: 0.0,
            terrain_m: 15.0,
        };
        let models = track.fly(|number, along| LayeredEarth::halfspace(number as f64 + along));
        let places: Vec<_> = models.iter().map(|m| (m.line_number, m.fiducial, m.easting_m, m.northing_m)).collect();
        assert_eq!(places[1], (30010.0, 30000.1, 500_025.0, 4e6));
        assert_eq!(
            places[3..][..2],
            [(30020.0, 30000.0, 5e5, 4_000_200.0), (30020.0, 30000.1, 500_025.0, 4_000_200.0)]
        );
        assert_eq!(models[4].earth, LayeredEarth::halfspace(4.5));
        assert_eq!((models[4].model_id, models[4].geometry), (Some(4.0), Geometry::level(30.0)));
        assert_eq!(models[0].elevation_m, 1204.0);
    }
}
