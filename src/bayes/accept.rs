//! The Metropolis-Hastings rule that all moves share.

use rand::{Rng, RngExt};

/// Accepts with probability min(1, exp(`ln_ratio`)), where `ln_ratio` = ln [pi(new) q(new -> old)] - ln [pi(old) q(old
/// -> new)], with the Jacobian of the move (Green 1995). A NaN ratio rejects.
pub fn accept(ln_ratio: f64, rng: &mut impl Rng) -> bool {
    rng.random::<f64>().ln() < ln_ratio
}

/// Returns the probability with which [`accept`] accepts.
pub(super) fn acceptance_probability(ln_ratio: f64) -> f64 {
    if ln_ratio.is_nan() { 0.0 } else { ln_ratio.min(0.0).exp() }
}
