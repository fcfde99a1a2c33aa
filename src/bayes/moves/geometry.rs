//! Random walks of the geometry, of one parameter or all together; they are symmetric.
//!
//! Fixed-wing data determine few combinations of offsets and pitch well, and the other combinations hardly at all.
//! Steps of all parameters together are s H^{-1/2} xi with H = J^T C^{-1} J + prior precision, where J is the
//! sensitivity by geometry frozen in burn-in. H depends on the errors, which this move does not change, and not on the
//! geometry.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::definition::{Changes, Context, MoveDefinition, NoProposal, Proposal};
use crate::bayes::model::Model;
use crate::system::GeometryParameter;

pub(super) const MOVE: MoveDefinition = MoveDefinition {
    changes: Changes::Geometry,
    // In standard deviations of the prior, or of prior and data.
    first_scale: Some(1.0),
    // One part for each parameter, and a last part for all of them together.
    part_count: |prior| prior.geometry.sampled().len() + 1,
    choose_part: |prior, rng| {
        let sampled = prior.geometry.sampled().len();
        // Half of the moves are of all parameters together, half of one parameter.
        if rng.random::<bool>() { sampled } else { rng.random_range(0..sampled.max(1)) }
    },
    ..MoveDefinition::new("geometry", 0.10, propose)
};

fn propose(candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Proposal {
    let sampled = context.prior.geometry.sampled();
    if let Some(&parameter) = sampled.get(context.part) {
        let step: f64 = StandardNormal.sample(rng);
        let std = context.prior.geometry.deviation(parameter).std();
        let value = candidate.geometry.get(parameter) + context.scale * std * step;
        candidate.geometry.set(parameter, value);
        return Ok(0.0);
    }
    let factor = context
        .gauss_newton
        .as_mut()
        .and_then(|g| g.geometry_factor(context.prior))
        .ok_or(NoProposal::NothingToMove)?;
    let mut steps = [0.0; GeometryParameter::ALL.len()];
    let steps = &mut steps[..sampled.len()];
    steps.iter_mut().for_each(|step| *step = StandardNormal.sample(rng));
    factor.solve_transposed_half(steps);
    for (&parameter, step) in sampled.iter().zip(steps) {
        let value = candidate.geometry.get(parameter) + context.scale * *step;
        candidate.geometry.set(parameter, value);
    }
    Ok(0.0)
}
