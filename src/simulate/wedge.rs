//! Synthetic earths: layers whose interfaces are straight along a line.

use crate::earth::LayeredEarth;

/// Layers of constant conductivity between interfaces that are straight lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Wedge {
    conductivity: Vec<f64>,
    /// Thickness in m of every layer except the last at the beginning of the line, and its increase to the end.
    thickness_m: Vec<(f64, f64)>,
}

impl Wedge {
    /// Makes a wedge. `conductivity` is in S/m from the top down, the halfspace last. `bottom_m` has the depth in m of
    /// the bottom of every layer except the halfspace, at the beginning and at the end of the line.
    ///
    /// Returns `None` when the numbers do not make layers at both ends.
    pub fn new(conductivity: &[f64], bottom_m: &[[f64; 2]]) -> Option<Self> {
        let mut top_m = [0.0; 2];
        let thickness = |&bottom_m: &[f64; 2]| {
            let [first, last] = [0, 1].map(|end| bottom_m[end] - top_m[end]);
            top_m = bottom_m;
            (first, last - first)
        };
        let wedge = Self { conductivity: conductivity.to_vec(), thickness_m: bottom_m.iter().map(thickness).collect() };
        [0.0, 1.0].iter().all(|&along| wedge.layers(along).is_some()).then_some(wedge)
    }

    /// Returns the earth with this name in [`EARTHS`].
    pub fn named(name: &str) -> Option<Self> {
        let (_, conductivity) = EARTHS.iter().find(|(known, _)| *known == name)?;
        Self::new(conductivity, &EARTH_BOTTOM_M)
    }

    /// Returns the same earth with all depths divided by `factor`.
    pub fn shallower(mut self, factor: f64) -> Self {
        self.thickness_m.iter_mut().for_each(|thickness| *thickness = (thickness.0 / factor, thickness.1 / factor));
        self
    }

    /// Returns the layers at the position `along` the line: 0 at its beginning, 1 at its end.
    pub fn at(&self, along: f64) -> LayeredEarth {
        self.layers(along).expect("between two ends with layers there are layers")
    }

    fn layers(&self, along: f64) -> Option<LayeredEarth> {
        let thickness_m: Vec<f64> = self.thickness_m.iter().map(|(first, more)| first + more * along).collect();
        LayeredEarth::from_thicknesses(&self.conductivity, &thickness_m)
    }
}

impl Default for Wedge {
    /// Returns a conductive layer that becomes shallower and thinner and ends: cover of 100 ohm m, a layer of 10 ohm m,
    /// basement of 300 ohm m.
    fn default() -> Self {
        Self::new(&[0.01, 0.1, 1.0 / 300.0], &[[25.0, 3.0], [28.0, 43.0]]).expect("these are layers")
    }
}

/// Names of six typical earths, and the conductivities in S/m of their three layers. The first layer becomes thinner,
/// from 50 m to 1 m, and the bottom of the second deeper, from 75 m to 500 m; these are depths for time-domain systems.
pub const EARTHS: [(&str, [f64; 3]); 6] = [
    ("glacial", [0.01, 0.1, 0.0333]),
    ("saline_clay", [0.01, 0.1, 1.0]),
    ("resistive_dolomites", [0.02, 0.002, 0.02]),
    ("resistive_basement", [0.01, 0.1, 1e-4]),
    ("coastal_salt_water", [1.0, 0.01, 0.05]),
    ("ice_over_salt_water", [1e-4, 0.01, 1.0]),
];
const EARTH_BOTTOM_M: [[f64; 2]; 2] = [[50.0, 1.0], [75.0, 500.0]];

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the depths of the interfaces to a millionth of a metre.
    fn depths(earth: &LayeredEarth) -> Vec<f64> {
        earth.interface_depth_m().iter().map(|depth| (depth * 1e6).round() / 1e6).collect()
    }

    #[test]
    fn interfaces_are_straight_lines() {
        let wedge = Wedge::new(&[1.0, 2.0, 3.0], &[[50.0, 1.0], [75.0, 500.0]]).unwrap();
        assert_eq!(depths(&wedge.at(0.0)), [50.0, 75.0]);
        assert_eq!(depths(&wedge.at(0.5)), [25.5, 287.5]);
        assert_eq!(depths(&wedge.at(1.0)), [1.0, 500.0]);
        assert_eq!(depths(&wedge.shallower(10.0).at(1.0)), [0.1, 50.0]);
    }

    #[test]
    fn every_earth_has_its_name() {
        for (name, [first, ..]) in EARTHS {
            let earth = Wedge::named(name).unwrap().at(0.25);
            assert_eq!((earth.ln_conductivity()[0], depths(&earth)), (first.ln(), vec![37.75, 181.25]), "{name}");
        }
        assert_eq!(Wedge::named("granite"), None);
    }

    #[test]
    fn what_is_no_layers_is_no_wedge() {
        let none = |conductivity: &[f64], bottom_m: &[[f64; 2]]| assert_eq!(Wedge::new(conductivity, bottom_m), None);
        none(&[1.0, 2.0], &[]);
        none(&[1.0, 2.0], &[[5.0, 0.0]]);
        none(&[1.0, 2.0, 3.0], &[[5.0, 5.0], [6.0, 5.0]]);
        none(&[1.0, -2.0], &[[5.0, 5.0]]);
        none(&[], &[]);
        none(&[1.0, 2.0], &[[5.0, f64::INFINITY]]);
    }
}
