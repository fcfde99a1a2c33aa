//! Depths and elevations at which a quantity is exported.

use std::fmt;

/// A depth, an interval of depth or an elevation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Slice {
    /// A depth in m; the value is that of its cell.
    Depth(f64),
    /// An interval between two depths in m; the value is the mean over cells, weighted by their share of the interval.
    Interval(f64, f64),
    /// An elevation in m.
    Elevation(f64),
}

impl fmt::Display for Slice {
    /// Writes `10m`, `5-15m` or `120masl`, a part of a name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Slice::Depth(depth) => write!(f, "{depth}m"),
            Slice::Interval(top, bottom) => write!(f, "{top}-{bottom}m"),
            Slice::Elevation(elevation) => write!(f, "{elevation}masl"),
        }
    }
}

impl Slice {
    /// Reads `10` or `5:15`, in m.
    ///
    /// # Errors
    /// The text is neither, or its first depth is not the smaller one.
    pub fn parse_depth(text: &str) -> Result<Self, String> {
        let number = |part: &str| {
            let value = part.trim().parse::<f64>().ok().filter(|value| value.is_finite() && *value >= 0.0);
            value.ok_or_else(|| format!("got '{text}', expected a depth in m, or TOP:BOTTOM"))
        };
        let Some((top, bottom)) = text.split_once(':') else { return number(text).map(Slice::Depth) };
        let (top, bottom) = (number(top)?, number(bottom)?);
        if top >= bottom {
            return Err(format!("got {top} to {bottom} m, expected TOP above BOTTOM"));
        }
        Ok(Slice::Interval(top, bottom))
    }

    /// Returns 5, 10, 20, 40, ... m, down to at most `deepest_m`, the bottom of the depth cells.
    pub fn usual(deepest_m: f64) -> Vec<Self> {
        let doubled = std::iter::successors(Some(5.0), |depth| Some(2.0 * depth));
        doubled.take_while(|&depth| depth <= deepest_m).map(Slice::Depth).collect()
    }

    /// Returns whether depth cells down to `deepest_m` contain the slice.
    pub fn fits(&self, deepest_m: f64) -> bool {
        match *self {
            Slice::Depth(depth) => depth <= deepest_m,
            Slice::Interval(_, bottom) => bottom <= deepest_m,
            Slice::Elevation(_) => true,
        }
    }

    /// Returns the value of a sounding whose ground is at `elevation_m`, from the values of its depth cells by index;
    /// NaN above the ground and below the cells.
    pub(crate) fn of(&self, depth_bounds_m: &[f64], value: impl Fn(usize) -> f64, elevation_m: f64) -> f64 {
        match *self {
            Slice::Depth(depth) => at(depth_bounds_m, value, depth),
            Slice::Elevation(elevation) => at(depth_bounds_m, value, elevation_m - elevation),
            Slice::Interval(top, bottom) => {
                let cells = depth_bounds_m.windows(2).enumerate();
                let parts = cells.map(|(cell, b)| (cell, (bottom.min(b[1]) - top.max(b[0])).max(0.0)));
                // Cells outside the interval may be NaN.
                parts.filter(|(_, share)| *share > 0.0).map(|(cell, share)| share * value(cell)).sum::<f64>()
                    / (bottom - top)
            }
        }
    }
}

fn at(depth_bounds_m: &[f64], value: impl Fn(usize) -> f64, depth_m: f64) -> f64 {
    let deepest_m = depth_bounds_m[depth_bounds_m.len() - 1];
    // The comparison is also false for NaN.
    if !(0.0..=deepest_m).contains(&depth_m) {
        return f64::NAN;
    }
    let cell = depth_bounds_m.partition_point(|&bound| bound <= depth_m).clamp(1, depth_bounds_m.len() - 1) - 1;
    value(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: [f64; 4] = [0.0, 5.0, 15.0, 40.0];
    const VALUES: [f64; 3] = [1.0, 2.0, 4.0];

    #[test]
    fn depths_find_their_cell() {
        let at = |depth| Slice::Depth(depth).of(&BOUNDS, |cell| VALUES[cell], 100.0);
        assert_eq!([0.0, 4.9, 5.0, 39.0, 40.0].map(at), [1.0, 1.0, 2.0, 4.0, 4.0]);
        assert!(at(41.0).is_nan());
    }

    #[test]
    fn intervals_weigh_cells_by_their_share() {
        assert_eq!(Slice::Interval(0.0, 10.0).of(&BOUNDS, |cell| VALUES[cell], 0.0), 1.5);
        assert_eq!(Slice::Interval(10.0, 20.0).of(&BOUNDS, |cell| VALUES[cell], 0.0), 3.0);
        assert_eq!(Slice::Interval(1.0, 2.0).of(&BOUNDS, |cell| [1.0, f64::NAN, f64::NAN][cell], 0.0), 1.0);
    }

    #[test]
    fn elevations_count_from_the_ground_of_the_sounding() {
        let at = |elevation| Slice::Elevation(elevation).of(&BOUNDS, |cell| VALUES[cell], 100.0);
        assert_eq!(at(98.0), 1.0);
        assert_eq!(at(61.0), 4.0);
        assert!(at(101.0).is_nan() && at(59.0).is_nan());
        assert!(Slice::Elevation(90.0).of(&BOUNDS, |cell| VALUES[cell], f64::NAN).is_nan());
    }

    #[test]
    fn texts_are_depths_or_intervals() {
        assert_eq!(Slice::parse_depth("10"), Ok(Slice::Depth(10.0)));
        assert_eq!(Slice::parse_depth("5:15.5"), Ok(Slice::Interval(5.0, 15.5)));
        for wrong in ["", "x", "-1", "15:5", "5:5", "1:2:3", "inf"] {
            assert!(Slice::parse_depth(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Slice::Interval(5.0, 15.5).to_string(), "5-15.5m");
    }
}
