//! The normal density.

use std::f64::consts::PI;

/// Returns ln N(`deviation` | 0, `std`^2).
pub(in crate::bayes) fn ln_normal(deviation: f64, std: f64) -> f64 {
    -0.5 * (deviation / std).powi(2) - std.ln() - 0.5 * (2.0 * PI).ln()
}
