//! Random walks of ln relative and ln additive error: symmetric, and free of forward calculations.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::{Context, Move};
use crate::bayes::state::Model;

pub(super) fn relative(candidate: &mut Model, context: &Context, rng: &mut impl Rng) -> Option<f64> {
    let step: f64 = StandardNormal.sample(rng);
    candidate.ln_relative_error += context.scales.get(Move::RelativeError) * step;
    Some(0.0)
}

pub(super) fn additive(candidate: &mut Model, context: &Context, rng: &mut impl Rng) -> Option<f64> {
    let step: f64 = StandardNormal.sample(rng);
    candidate.ln_additive_error += context.scales.get(Move::AdditiveError) * step;
    Some(0.0)
}
