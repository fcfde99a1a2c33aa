//! Moves all values and the sampled geometry at once by a random walk whose shape comes from the data: steps are long
//! where the data have little information and short where they have much.
//!
//! The step is s H^{-1/2} xi with H = J^T C^{-1} J + prior precision, where J is the sensitivity frozen in burn-in
//! ([`GaussNewton`](crate::bayes::gauss_newton::GaussNewton)), summed over the current layers. H depends on the depths
//! and errors, which this move does not change, and not on anything that it changes. The walk is therefore symmetric.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::definition::{Context, MoveDefinition, NoProposal, Proposal};
use crate::bayes::model::Model;
use crate::bayes::prior::Prior;

pub(super) const MOVE: MoveDefinition =
    MoveDefinition { first_scale: Some(0.7), ..MoveDefinition::new("all", 0.20, propose) };

fn propose(candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Proposal {
    let (factor, step) = context
        .gauss_newton
        .as_mut()
        .and_then(|g| g.factor(candidate, context.prior))
        .ok_or(NoProposal::NothingToMove)?;
    step.iter_mut().for_each(|s| *s = StandardNormal.sample(rng));
    factor.solve_transposed_half(step);
    step.iter_mut().for_each(|s| *s *= context.scale);
    add_step(candidate, step, context.prior);
    Ok(0.0)
}

/// Adds a step to values and sampled geometry, in this order.
pub(super) fn add_step(model: &mut Model, step: &[f64], prior: &Prior) {
    let (_, values) = model.earth.parts_mut();
    let (of_values, of_geometry) = step.split_at(values.len());
    values.iter_mut().zip(of_values).for_each(|(value, step)| *value += step);
    for (&parameter, step) in prior.geometry.sampled().iter().zip(of_geometry) {
        model.geometry.set(parameter, model.geometry.get(parameter) + step);
    }
}
