//! Random walk of the bird's height: symmetric.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::{Context, Move};
use crate::bayes::state::Model;

pub(super) fn propose(candidate: &mut Model, context: &Context, rng: &mut impl Rng) -> Option<f64> {
    let step: f64 = StandardNormal.sample(rng);
    candidate.height_m += context.scales.get(Move::Height) * context.prior.height.scale_m() * step;
    Some(0.0)
}
