//! Random walks of ln relative and ln additive error of one group: symmetric, and free of forward calculations.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::Context;
use crate::bayes::state::Model;

pub(super) fn relative(candidate: &mut Model, context: &Context, rng: &mut impl Rng) -> Option<f64> {
    context.prior.relative_error[context.part].is_sampled().then_some(())?;
    let step: f64 = StandardNormal.sample(rng);
    candidate.ln_relative_error[context.part] += context.scale * step;
    Some(0.0)
}

pub(super) fn additive(candidate: &mut Model, context: &Context, rng: &mut impl Rng) -> Option<f64> {
    context.prior.additive_error[context.part].is_sampled().then_some(())?;
    let step: f64 = StandardNormal.sample(rng);
    candidate.ln_additive_error[context.part] += context.scale * step;
    Some(0.0)
}
