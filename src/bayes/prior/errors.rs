//! Prior of the relative and additive data errors.

use rand::{Rng, RngExt};

/// Prior of one error: log-uniform between two bounds, or fixed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ErrorPrior {
    /// The value is known.
    Fixed {
        /// ln of the value.
        ln_value: f64,
    },
    /// The ln error is uniform between the bounds.
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

    /// Returns whether the error is sampled.
    pub fn is_sampled(&self) -> bool {
        matches!(self, ErrorPrior::LogUniform { .. })
    }

    /// Returns ln of the middle value: of the fixed value, or of the geometric mean of the bounds.
    pub fn ln_middle(&self) -> f64 {
        match *self {
            ErrorPrior::Fixed { ln_value } => ln_value,
            ErrorPrior::LogUniform { ln_minimum, ln_maximum } => 0.5 * (ln_minimum + ln_maximum),
        }
    }

    /// Returns ln of the density by ln error; minus infinity outside the bounds. A fixed value contributes 0.
    pub fn ln_density(&self, ln_error: f64) -> f64 {
        match *self {
            ErrorPrior::Fixed { .. } => 0.0,
            ErrorPrior::LogUniform { ln_minimum, ln_maximum } if (ln_minimum..=ln_maximum).contains(&ln_error) => {
                -(ln_maximum - ln_minimum).ln()
            }
            ErrorPrior::LogUniform { .. } => f64::NEG_INFINITY,
        }
    }

    /// Draws ln of an error.
    pub fn draw(&self, rng: &mut (impl Rng + ?Sized)) -> f64 {
        match *self {
            ErrorPrior::Fixed { ln_value } => ln_value,
            ErrorPrior::LogUniform { ln_minimum, ln_maximum } => {
                ln_minimum + rng.random::<f64>() * (ln_maximum - ln_minimum)
            }
        }
    }

    /// Returns ln of the middle of the prior.
    pub fn ln_center(&self) -> f64 {
        match *self {
            ErrorPrior::Fixed { ln_value } => ln_value,
            ErrorPrior::LogUniform { ln_minimum, ln_maximum } => 0.5 * (ln_minimum + ln_maximum),
        }
    }
}
