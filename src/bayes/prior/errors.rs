//! Prior of the relative and additive data errors.

use rand::{Rng, RngExt};

/// Log-uniform between two bounds, or fixed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ErrorPrior {
    /// Known.
    Fixed {
        /// ln of the value.
        ln_value: f64,
    },
    /// ln error uniform between the bounds.
    LogUniform {
        /// ln of the smallest value.
        ln_minimum: f64,
        /// ln of the largest value.
        ln_maximum: f64,
    },
}

impl ErrorPrior {
    /// Uniform in the logarithm between two errors; equal ones fix it.
    pub fn between(minimum: f64, maximum: f64) -> Self {
        if minimum == maximum {
            ErrorPrior::Fixed { ln_value: minimum.ln() }
        } else {
            ErrorPrior::LogUniform { ln_minimum: minimum.ln(), ln_maximum: maximum.ln() }
        }
    }

    /// Whether there is anything to sample.
    pub fn is_sampled(&self) -> bool {
        matches!(self, ErrorPrior::LogUniform { .. })
    }

    /// ln of the middle value: the fixed one, or the geometric mean of the bounds.
    pub fn ln_middle(&self) -> f64 {
        match *self {
            ErrorPrior::Fixed { ln_value } => ln_value,
            ErrorPrior::LogUniform { ln_minimum, ln_maximum } => 0.5 * (ln_minimum + ln_maximum),
        }
    }

    /// Density by ln error, as a logarithm; minus infinity outside the bounds. A fixed value contributes 0.
    pub fn ln_density(&self, ln_error: f64) -> f64 {
        match *self {
            ErrorPrior::Fixed { .. } => 0.0,
            ErrorPrior::LogUniform { ln_minimum, ln_maximum } if (ln_minimum..=ln_maximum).contains(&ln_error) => {
                -(ln_maximum - ln_minimum).ln()
            }
            ErrorPrior::LogUniform { .. } => f64::NEG_INFINITY,
        }
    }

    /// ln of an independent draw.
    pub fn draw(&self, rng: &mut (impl Rng + ?Sized)) -> f64 {
        match *self {
            ErrorPrior::Fixed { ln_value } => ln_value,
            ErrorPrior::LogUniform { ln_minimum, ln_maximum } => {
                ln_minimum + rng.random::<f64>() * (ln_maximum - ln_minimum)
            }
        }
    }

    /// ln of the middle of the prior.
    pub fn ln_center(&self) -> f64 {
        match *self {
            ErrorPrior::Fixed { ln_value } => ln_value,
            ErrorPrior::LogUniform { ln_minimum, ln_maximum } => 0.5 * (ln_minimum + ln_maximum),
        }
    }
}
