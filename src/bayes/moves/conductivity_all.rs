//! Moves all values at once by a random walk shaped by what the data say: long where they are silent, short where they
//! are not.
//!
//! The step is s H^{-1/2} xi with H = J^T C^{-1} J + prior precision, where J is the sensitivity frozen in burn-in
//! ([`GaussNewton`](crate::bayes::gauss_newton::GaussNewton)) summed onto the current layers. H depends on the depths and
//! errors, which this move leaves alone, and not on the values: the walk is symmetric.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::Context;
use crate::bayes::state::Model;

pub(super) fn propose(candidate: &mut Model, context: &mut Context, rng: &mut impl Rng) -> Option<f64> {
    let (factor, step) = context.gauss_newton.as_mut()?.conductivity_factor(candidate, context.prior)?;
    step.iter_mut().for_each(|s| *s = StandardNormal.sample(rng));
    factor.solve_transposed_half(step);
    let (_, values) = candidate.earth.parts_mut();
    for (value, step) in values.iter_mut().zip(step) {
        *value += context.scale * *step;
    }
    Some(0.0)
}
