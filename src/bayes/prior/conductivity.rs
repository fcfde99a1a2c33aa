//! Prior of the layers' ln conductivities.
//!
//! Every layer has the marginal N(mean, std^2); neighbours may be correlated as a first-order autoregressive chain from
//! the top down,
//!
//! ```text
//! m_1 ~ N(mean, std^2),   m_{i+1} | m_i ~ N(mean + phi_i (m_i - mean), std^2 (1 - phi_i^2))
//! ```
//!
//! which is normalised for every layer count, with no constant to compute. Hard bounds truncate each of these
//! conditionals, which keeps the product normalised.

use std::f64::consts::{LN_2, SQRT_2};

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::normal::ln_normal;
use crate::earth::LayeredEarth;

/// How a layer depends on the layer above.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Correlation {
    /// Layers are independent: phi = 0.
    Independent,
    /// Dependence by layer index: Var(m_{i+1} - m_i) = `gradient_std`^2 for any thickness.
    ByIndex {
        /// Standard deviation of the step from layer to layer, ln(S/m), below sqrt(2) std.
        gradient_std: f64,
    },
    /// Dependence by distance: phi = exp(-thickness / `length_m`).
    ByDistance {
        /// Correlation length in m.
        length_m: f64,
    },
}

/// Prior of ln conductivities, ln(S/m).
#[derive(Debug, Clone)]
pub struct ConductivityPrior {
    /// Mean of every layer.
    pub mean: f64,
    /// Standard deviation of every layer.
    pub std: f64,
    /// Dependence between neighbours.
    pub correlation: Correlation,
    /// Hard bounds.
    pub bounds: (f64, f64),
}

impl ConductivityPrior {
    /// Returns phi between a layer of `thickness_m` and the layer below it.
    pub fn phi(&self, thickness_m: f64) -> f64 {
        match self.correlation {
            Correlation::Independent => 0.0,
            Correlation::ByIndex { gradient_std } => 1.0 - 0.5 * (gradient_std / self.std).powi(2),
            Correlation::ByDistance { length_m } => (-thickness_m / length_m).exp(),
        }
    }

    /// Returns mean and standard deviation, before truncation, of the layer below a layer of value `above` and
    /// `thickness_m`.
    pub fn below(&self, above: f64, thickness_m: f64) -> (f64, f64) {
        let phi = self.phi(thickness_m);
        (self.mean + phi * (above - self.mean), self.std * (1.0 - phi * phi).sqrt())
    }

    /// Returns ln density of all layers; minus infinity outside the bounds.
    pub fn ln_density(&self, earth: &LayeredEarth) -> f64 {
        let values = earth.ln_conductivity();
        if values.iter().any(|&m| !self.within_bounds(m)) {
            return f64::NEG_INFINITY;
        }
        if self.correlation == Correlation::Independent {
            let squares: f64 = values.iter().map(|m| ((m - self.mean) / self.std).powi(2)).sum();
            let at_mean = ln_normal(0.0, self.std) - self.ln_mass(self.mean, self.std);
            return values.len() as f64 * at_mean - 0.5 * squares;
        }
        let mut ln_density = self.ln_density_of_one(values[0], self.mean, self.std);
        for i in 1..values.len() {
            let (mean, std) = self.below(values[i - 1], earth.thickness_m(i - 1));
            ln_density += self.ln_density_of_one(values[i], mean, std);
        }
        ln_density
    }

    /// Returns ln density of N(mean, std^2) truncated to the bounds.
    pub fn ln_density_of_one(&self, value: f64, mean: f64, std: f64) -> f64 {
        if !self.within_bounds(value) {
            return f64::NEG_INFINITY;
        }
        ln_normal(value - mean, std) - self.ln_mass(mean, std)
    }

    /// Draws from N(mean, std^2) truncated to the bounds.
    pub fn draw_one(&self, mean: f64, std: f64, rng: &mut (impl Rng + ?Sized)) -> f64 {
        // The bounds are wide: rejection takes one or two tries; the limit only guards against absurd settings.
        for _ in 0..10_000 {
            let normal: f64 = StandardNormal.sample(rng);
            let value = mean + std * normal;
            if self.within_bounds(value) {
                return value;
            }
        }
        mean.clamp(self.bounds.0, self.bounds.1)
    }

    /// Draws values for the layers above, between and below `depths_m`.
    pub fn draw(&self, depths_m: &[f64], rng: &mut (impl Rng + ?Sized)) -> Vec<f64> {
        let mut values = vec![self.draw_one(self.mean, self.std, rng)];
        let mut top = 0.0;
        for &bottom in depths_m {
            let (mean, std) = self.below(values[values.len() - 1], bottom - top);
            values.push(self.draw_one(mean, std, rng));
            top = bottom;
        }
        values
    }

    /// Computes the Gaussian part's precision matrix for the layers of `earth`: its diagonal and the elements beside
    /// it. The matrix is tridiagonal because the chain is of first order.
    pub fn precision(&self, earth: &LayeredEarth, diagonal: &mut Vec<f64>, beside: &mut Vec<f64>) {
        let k = earth.layer_count();
        diagonal.clear();
        beside.clear();
        let variance = self.std * self.std;
        diagonal.resize(k, 1.0 / variance);
        for i in 0..k - 1 {
            let phi = self.phi(earth.thickness_m(i));
            let conditional_variance = variance * (1.0 - phi * phi);
            // The conditional density of the layer below adds to both elements and replaces that layer's marginal.
            diagonal[i] += phi * phi / conditional_variance;
            diagonal[i + 1] = 1.0 / conditional_variance;
            beside.push(-phi / conditional_variance);
        }
    }

    /// Returns the value below which a single truncated layer lies with `probability`, by bisection.
    pub fn marginal_quantile(&self, probability: f64) -> f64 {
        let below = |x: f64| libm::erfc((self.mean - x) / self.std / SQRT_2);
        let (low, high) = (below(self.bounds.0), below(self.bounds.1));
        let target = low + probability * (high - low);
        let (mut a, mut b) =
            (self.bounds.0.max(self.mean - 40.0 * self.std), self.bounds.1.min(self.mean + 40.0 * self.std));
        for _ in 0..80 {
            let middle = 0.5 * (a + b);
            if below(middle) < target { a = middle } else { b = middle }
        }
        0.5 * (a + b)
    }

    /// Returns the prior probability that a single layer lies between `low` and `high`, both within the bounds.
    pub fn marginal_probability(&self, low: f64, high: f64) -> f64 {
        // When both values are above the mean, their upper tails are used, whose difference does not cancel.
        let below = |x: f64, sign: f64| 0.5 * libm::erfc(sign * (self.mean - x) / self.std / SQRT_2);
        let sign = if low > self.mean { -1.0 } else { 1.0 };
        let mass = sign * (below(high, sign) - below(low, sign));
        (mass.ln() - self.ln_mass(self.mean, self.std)).exp()
    }

    fn within_bounds(&self, value: f64) -> bool {
        value >= self.bounds.0 && value <= self.bounds.1
    }

    /// Returns ln of the mass of N(mean, std^2) between the bounds.
    fn ln_mass(&self, mean: f64, std: f64) -> f64 {
        let (low, high) = ((self.bounds.0 - mean) / std / SQRT_2, (self.bounds.1 - mean) / std / SQRT_2);
        // Beyond 6 standard deviations the mass is 1 to all digits.
        if low < -6.0 && high > 6.0 { 0.0 } else { (libm::erfc(low) - libm::erfc(high)).ln() - LN_2 }
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    fn prior(correlation: Correlation) -> ConductivityPrior {
        ConductivityPrior { mean: -3.0, std: 1.5, correlation, bounds: (-50.0, 50.0) }
    }

    #[test]
    fn precision_matrix_gives_the_same_density() {
        let earth = LayeredEarth::new(vec![2.0, 9.0, 30.0], vec![-1.0, -4.0, -2.5, -3.3]).unwrap();
        let correlations = [
            Correlation::Independent,
            Correlation::ByIndex { gradient_std: 1.1 },
            Correlation::ByDistance { length_m: 12.0 },
        ];
        for correlation in correlations {
            let prior = prior(correlation);
            let (mut diagonal, mut beside) = (Vec::new(), Vec::new());
            prior.precision(&earth, &mut diagonal, &mut beside);
            let centred: Vec<f64> = earth.ln_conductivity().iter().map(|m| m - prior.mean).collect();
            let mut quadratic: f64 = centred.iter().zip(&diagonal).map(|(c, d)| c * c * d).sum();
            quadratic += 2.0 * centred.windows(2).zip(&beside).map(|(c, b)| c[0] * c[1] * b).sum::<f64>();
            // Determinant of a tridiagonal matrix by continued fractions.
            let (mut ln_det, mut pivot) = (diagonal[0].ln(), diagonal[0]);
            for i in 0..beside.len() {
                pivot = diagonal[i + 1] - beside[i] * beside[i] / pivot;
                ln_det += pivot.ln();
            }
            let expected = 0.5 * (ln_det - quadratic - 4.0 * (2.0 * PI).ln());
            assert!((prior.ln_density(&earth) - expected).abs() < 1e-12, "{correlation:?}");
        }
    }

    #[test]
    fn probabilities_of_cells_add_up_and_meet_the_quantiles() {
        let prior = ConductivityPrior { bounds: (-8.0, 1.0), ..prior(Correlation::Independent) };
        let cells = 1000;
        let bound = |i: usize| -8.0 + 9.0 * i as f64 / cells as f64;
        let mut below = 0.0;
        for i in 0..cells {
            let probability = prior.marginal_probability(bound(i), bound(i + 1));
            assert!(probability > 0.0);
            below += probability;
            if below < 0.9999 {
                assert!((prior.marginal_quantile(below) - bound(i + 1)).abs() < 1e-9);
            }
        }
        assert!((below - 1.0).abs() < 1e-12);
    }

    #[test]
    fn truncation_is_normalised() {
        let prior =
            ConductivityPrior { mean: 0.0, std: 1.0, correlation: Correlation::Independent, bounds: (-0.5, 1.0) };
        let n = 3000;
        let sum: f64 = (0..n)
            .map(|i| prior.ln_density_of_one(-0.5 + 1.5 * (f64::from(i) + 0.5) / f64::from(n), 0.3, 0.7).exp())
            .sum();
        assert!((sum * 1.5 / f64::from(n) - 1.0).abs() < 1e-7);
    }
}
