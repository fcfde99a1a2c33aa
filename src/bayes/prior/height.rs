//! Prior of the bird's height.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

/// Around the measured height, or fixed to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HeightPrior {
    /// As measured.
    Fixed {
        /// Height in m.
        height_m: f64,
    },
    /// Uniform around the measured height.
    Uniform {
        /// Measured height in m.
        height_m: f64,
        /// Largest deviation in m.
        half_width_m: f64,
    },
    /// Normal around the measured height.
    Normal {
        /// Measured height in m.
        height_m: f64,
        /// Standard deviation in m.
        std_m: f64,
    },
}

impl HeightPrior {
    /// Whether there is anything to sample.
    pub fn is_sampled(&self) -> bool {
        !matches!(self, HeightPrior::Fixed { .. })
    }

    /// The measured height in m.
    pub fn center_m(&self) -> f64 {
        match *self {
            HeightPrior::Fixed { height_m }
            | HeightPrior::Uniform { height_m, .. }
            | HeightPrior::Normal { height_m, .. } => height_m,
        }
    }

    /// Spread in m, to scale a random walk by.
    pub fn scale_m(&self) -> f64 {
        match *self {
            HeightPrior::Fixed { .. } => 0.0,
            HeightPrior::Uniform { half_width_m, .. } => half_width_m,
            HeightPrior::Normal { std_m, .. } => std_m,
        }
    }

    /// ln density per m; minus infinity outside the support. Fixed contributes 0.
    pub fn ln_density(&self, height_m: f64) -> f64 {
        match *self {
            HeightPrior::Fixed { .. } => 0.0,
            HeightPrior::Uniform { height_m: center, half_width_m } => {
                if (height_m - center).abs() <= half_width_m {
                    -(2.0 * half_width_m).ln()
                } else {
                    f64::NEG_INFINITY
                }
            }
            HeightPrior::Normal { height_m: center, std_m } => {
                let standardised = (height_m - center) / std_m;
                -0.5 * standardised * standardised - std_m.ln() - 0.5 * (2.0 * std::f64::consts::PI).ln()
            }
        }
    }

    /// An independent draw in m.
    pub fn draw(&self, rng: &mut impl Rng) -> f64 {
        match *self {
            HeightPrior::Fixed { height_m } => height_m,
            HeightPrior::Uniform { height_m, half_width_m } => {
                height_m + half_width_m * (2.0 * rng.random::<f64>() - 1.0)
            }
            HeightPrior::Normal { height_m, std_m } => {
                let normal: f64 = StandardNormal.sample(rng);
                height_m + std_m * normal
            }
        }
    }
}
