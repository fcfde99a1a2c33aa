//! Prior of the number of layers.

use rand::{Rng, RngExt};

/// How the probability of k layers falls with k.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LayerCountLaw {
    /// All counts have the same probability.
    Uniform,
    /// The probability is proportional to 1/k (Jeffreys' choice for a scale).
    Reciprocal,
    /// The probability is proportional to `ratio`^k, 0 < ratio < 1.
    Geometric {
        /// Ratio of the probabilities of k + 1 and k layers.
        ratio: f64,
    },
}

/// Probabilities of 1..=maximum layers, halfspace included.
#[derive(Debug, Clone)]
pub struct LayerCountPrior {
    ln_probability: Vec<f64>,
}

impl LayerCountPrior {
    /// Makes the prior `law` on 1..=`maximum`.
    pub fn new(law: LayerCountLaw, maximum: usize) -> Self {
        let weight = |k: usize| match law {
            LayerCountLaw::Uniform => 0.0,
            LayerCountLaw::Reciprocal => -(k as f64).ln(),
            LayerCountLaw::Geometric { ratio } => k as f64 * ratio.ln(),
        };
        let ln_sum = (1..=maximum).map(|k| weight(k).exp()).sum::<f64>().ln();
        Self { ln_probability: (1..=maximum).map(|k| weight(k) - ln_sum).collect() }
    }

    /// Returns the largest number of layers.
    pub fn maximum(&self) -> usize {
        self.ln_probability.len()
    }

    /// Returns ln probability of `layer_count` layers.
    pub fn ln_probability(&self, layer_count: usize) -> f64 {
        layer_count.checked_sub(1).and_then(|i| self.ln_probability.get(i)).copied().unwrap_or(f64::NEG_INFINITY)
    }

    /// Returns the probability of 1, 2, ... layers.
    pub fn probabilities(&self) -> Vec<f64> {
        self.ln_probability.iter().map(|p| p.exp()).collect()
    }

    /// Draws a layer count.
    pub fn draw(&self, rng: &mut (impl Rng + ?Sized)) -> usize {
        let mut left = rng.random::<f64>();
        for (i, ln_p) in self.ln_probability.iter().enumerate() {
            left -= ln_p.exp();
            if left < 0.0 {
                return i + 1;
            }
        }
        self.maximum()
    }
}
