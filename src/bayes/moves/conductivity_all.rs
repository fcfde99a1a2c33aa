//! Moves all values at once by a random walk shaped by what the data say: long where they are silent, short where they
//! are not.
//!
//! The step is s H^{-1/2} xi with H = J^T C^{-1} J + prior precision, where J is the sensitivity frozen in burn-in
//! ([`GaussNewton`](crate::bayes::gauss_newton::GaussNewton)) summed onto the current layers. H depends on the depths and
//! errors, which this move leaves alone, and not on the values: the walk is symmetric.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::{Context, Move};
use crate::bayes::state::Model;

pub(super) fn propose(candidate: &mut Model, context: &Context, rng: &mut impl Rng) -> Option<f64> {
    let gauss_newton = context.gauss_newton?;
    let factor = gauss_newton.factor(candidate, context.prior)?;
    let mut step: Vec<f64> = (0..candidate.earth.layer_count()).map(|_| StandardNormal.sample(rng)).collect();
    factor.solve_transposed_half(&mut step);
    let scale = context.scales.get(Move::ConductivityAll);
    let (_, values) = candidate.earth.parts_mut();
    for (value, step) in values.iter_mut().zip(&step) {
        *value += scale * step;
    }
    Some(0.0)
}
