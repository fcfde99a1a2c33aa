//! Prior of the interface depths, given their number.
//!
//! Depths are an ordered set. Each depth is uniform on a scale of depth (linear, logarithmic or between), and no two
//! are closer than a minimum thickness. With g the density of one depth on that scale,
//!
//! ```text
//! p(z_1 < ... < z_n | n) = prod g(z_i) / Z_n   where z_1 >= z_min, z_{i+1} - z_i >= h, z_n <= z_max
//! Z_n = F_n(z_max),   F_0 = 1,   F_n(z) = int_{z_min}^{z} g(t) F_{n-1}(t - h) dt
//! ```
//!
//! The recursion is computed once per survey on a fine table; on the linear scale it is the hard-rod result
//! Z_n = (1 - (n-1) h/L)^n / n!. The same table draws the depths from the deepest up.

use rand::{Rng, RngExt};

/// The scale on which a single interface is uniform.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DepthScale {
    /// Uniform in depth.
    Linear,
    /// Uniform in ln depth.
    Log,
    /// Uniform in ln(depth + offset): linear above the offset, logarithmic below.
    LogOffset {
        /// The offset in m.
        offset_m: f64,
    },
}

impl DepthScale {
    /// Returns the coordinate in which an interface is uniform.
    fn coordinate(self, depth_m: f64) -> f64 {
        match self {
            DepthScale::Linear => depth_m,
            DepthScale::Log => depth_m.ln(),
            DepthScale::LogOffset { offset_m } => (depth_m + offset_m).ln(),
        }
    }

    fn depth(self, coordinate: f64) -> f64 {
        match self {
            DepthScale::Linear => coordinate,
            DepthScale::Log => coordinate.exp(),
            DepthScale::LogOffset { offset_m } => coordinate.exp() - offset_m,
        }
    }

    /// Returns d coordinate / d depth.
    fn slope(self, depth_m: f64) -> f64 {
        match self {
            DepthScale::Linear => 1.0,
            DepthScale::Log => 1.0 / depth_m,
            DepthScale::LogOffset { offset_m } => 1.0 / (depth_m + offset_m),
        }
    }
}

/// Intervals of the table.
const TABLE_LEN: usize = 16_384;

/// Prior of ordered interface depths.
#[derive(Debug, Clone)]
pub struct InterfacePrior {
    scale: DepthScale,
    minimum_depth_m: f64,
    maximum_depth_m: f64,
    minimum_thickness_m: f64,
    first_coordinate: f64,
    coordinate_range: f64,
    /// `cumulative[n][i]` = F_n at the i-th of `TABLE_LEN + 1` points, evenly spaced in the scale's coordinate.
    cumulative: Vec<Vec<f64>>,
}

impl InterfacePrior {
    /// Makes a prior for up to `maximum_count` interfaces between two depths in m, at least `minimum_thickness_m`
    /// apart.
    ///
    /// Returns `None` when that many do not fit.
    pub fn new(
        scale: DepthScale,
        minimum_depth_m: f64,
        maximum_depth_m: f64,
        minimum_thickness_m: f64,
        maximum_count: usize,
    ) -> Option<Self> {
        let first_coordinate = scale.coordinate(minimum_depth_m);
        let coordinate_range = scale.coordinate(maximum_depth_m) - first_coordinate;
        let mut prior = Self {
            scale,
            minimum_depth_m,
            maximum_depth_m,
            minimum_thickness_m,
            first_coordinate,
            coordinate_range,
            cumulative: vec![vec![1.0; TABLE_LEN + 1]],
        };
        for n in 1..=maximum_count {
            let integrand: Vec<f64> = (0..=TABLE_LEN)
                .map(|i| prior.depth_at(i as f64 / TABLE_LEN as f64))
                .map(|z| if n == 1 { 1.0 } else { prior.cumulative_at(n - 1, z - minimum_thickness_m) })
                .collect();
            let mut sum = 0.0;
            let mut table = vec![0.0; TABLE_LEN + 1];
            for i in 1..=TABLE_LEN {
                sum += 0.5 * (integrand[i - 1] + integrand[i]) / TABLE_LEN as f64;
                table[i] = sum;
            }
            if sum <= 0.0 {
                return None;
            }
            prior.cumulative.push(table);
        }
        Some(prior)
    }

    /// Returns the shallowest interface in m.
    pub fn minimum_depth_m(&self) -> f64 {
        self.minimum_depth_m
    }

    /// Returns the deepest interface in m.
    pub fn maximum_depth_m(&self) -> f64 {
        self.maximum_depth_m
    }

    /// Returns ln Z_n; see the module's text.
    pub fn ln_normalization(&self, count: usize) -> f64 {
        self.cumulative[count][TABLE_LEN].ln()
    }

    /// Returns ln g(z), the density of a single interface, per m.
    pub fn ln_density_of_one(&self, depth_m: f64) -> f64 {
        (self.scale.slope(depth_m) / self.coordinate_range).ln()
    }

    /// Returns ln [g(`old_m`) / g(`new_m`)], the ratio of proposals of an interface that moves between the two depths
    /// by a draw from g, or by a symmetric step on the scale.
    pub fn ln_density_ratio(&self, old_m: f64, new_m: f64) -> f64 {
        self.ln_density_of_one(old_m) - self.ln_density_of_one(new_m)
    }

    /// Returns whether ordered depths are within the bounds and far enough apart.
    pub fn allows(&self, depths_m: &[f64]) -> bool {
        let (Some(&first), Some(&last)) = (depths_m.first(), depths_m.last()) else { return true };
        first >= self.minimum_depth_m
            && last <= self.maximum_depth_m
            && depths_m.windows(2).all(|pair| pair[1] - pair[0] >= self.minimum_thickness_m)
    }

    /// Returns ln density of an ordered set of depths, per m^n; minus infinity outside the support.
    pub fn ln_density(&self, depths_m: &[f64]) -> f64 {
        if depths_m.len() >= self.cumulative.len() || !self.allows(depths_m) {
            return f64::NEG_INFINITY;
        }
        // ln of a product needs one logarithm, a sum of ln one per depth.
        let slopes: f64 = depths_m.iter().map(|&z| self.scale.slope(z) / self.coordinate_range).product();
        slopes.ln() - self.ln_normalization(depths_m.len())
    }

    /// Draws a depth from g.
    pub fn draw_one(&self, rng: &mut (impl Rng + ?Sized)) -> f64 {
        self.depth_at(rng.random())
    }

    /// Draws an ordered set of `count` depths.
    pub fn draw(&self, count: usize, rng: &mut (impl Rng + ?Sized)) -> Vec<f64> {
        let mut depths = vec![0.0; count];
        let mut bound = self.maximum_depth_m;
        for n in (1..=count).rev() {
            let target = rng.random::<f64>() * self.cumulative_at(n, bound);
            let table = &self.cumulative[n];
            let above = table.partition_point(|&f| f < target).clamp(1, TABLE_LEN);
            let fraction = (target - table[above - 1]) / (table[above] - table[above - 1]);
            depths[n - 1] = self.depth_at((above as f64 - 1.0 + fraction) / TABLE_LEN as f64).min(bound);
            bound = depths[n - 1] - self.minimum_thickness_m;
        }
        // Rounding may put the shallowest depth slightly outside.
        if let Some(first) = depths.first_mut() {
            *first = first.max(self.minimum_depth_m);
        }
        depths
    }

    /// Returns `depth_m` moved by `shift` on the scale, whose whole range is 1.
    pub fn shifted(&self, depth_m: f64, shift: f64) -> f64 {
        self.scale.depth(self.scale.coordinate(depth_m) + shift * self.coordinate_range)
    }

    fn depth_at(&self, fraction: f64) -> f64 {
        self.scale.depth(self.first_coordinate + fraction * self.coordinate_range)
    }

    /// Returns F_n by linear interpolation.
    fn cumulative_at(&self, n: usize, depth_m: f64) -> f64 {
        if depth_m <= self.minimum_depth_m {
            return 0.0;
        }
        let position =
            (self.scale.coordinate(depth_m) - self.first_coordinate) / self.coordinate_range * TABLE_LEN as f64;
        let below = (position as usize).min(TABLE_LEN - 1);
        let table = &self.cumulative[n];
        table[below] + (position - below as f64) * (table[below + 1] - table[below])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linear_scale_gives_the_hard_rod_normalization() {
        let prior = InterfacePrior::new(DepthScale::Linear, 1.0, 151.0, 2.0, 12).unwrap();
        let mut factorial = 1.0;
        for n in 1..=12 {
            factorial *= n as f64;
            let exact = (1.0 - (n as f64 - 1.0) * 2.0 / 150.0).powi(n) / factorial;
            let error = prior.ln_normalization(n as usize) - exact.ln();
            assert!(error.abs() < 2e-5, "n = {n}: {error:e}");
        }
    }

    #[test]
    fn log_scale_without_thickness_is_one_over_n_factorial() {
        for scale in [DepthScale::Log, DepthScale::LogOffset { offset_m: 10.0 }] {
            let prior = InterfacePrior::new(scale, 0.5, 150.0, 0.0, 6).unwrap();
            assert!((prior.ln_normalization(6) + 720f64.ln()).abs() < 2e-6);
        }
    }

    #[test]
    fn more_interfaces_than_fit_are_refused() {
        assert!(InterfacePrior::new(DepthScale::Linear, 0.0, 10.0, 3.0, 4).is_some());
        assert!(InterfacePrior::new(DepthScale::Linear, 0.0, 10.0, 3.0, 5).is_none());
    }
}
