//! A layer becomes thicker or thinner about its middle and keeps its conductance, or moves as a whole.
//!
//! The data determine depth and conductance of a thin conductor, and hardly its thickness. Stretching by exp(s), s ~
//! N(0, scale^2), changes thickness h to h exp(s) and ln conductivity m to m - s. (top, bottom) -> (middle, thickness)
//! has determinant 1 and m - s has slope 1, so that the Jacobian is exp(s). Moving by a symmetric step has ratio 1.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::definition::{Context, MoveDefinition, NoProposal, Proposal, inside};
use crate::bayes::model::Model;

/// Lengths in m of steps of a layer as a whole, before multiplication by the step size.
const STEPS_M: [f64; 3] = [0.6, 3.0, 16.0];

/// The parts are stretching and moving.
pub(super) const MOVE: MoveDefinition = MoveDefinition {
    first_scale: Some(0.5),
    part_count: |_| 2,
    choose_part: |_, rng| rng.random_range(0..2),
    ..MoveDefinition::new("layer_stretch", 0.10, propose)
};

fn propose(candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Proposal {
    let (depths, values) = candidate.earth.parts_mut();
    if depths.len() < 2 {
        return Err(NoProposal::NothingToMove);
    }
    let top = rng.random_range(0..depths.len() - 1);
    let normal: f64 = StandardNormal.sample(rng);
    let step = context.scale * normal;
    let ln_jacobian = if context.part == 0 {
        let grown = 0.5 * (depths[top + 1] - depths[top]) * step.exp_m1();
        depths[top] -= grown;
        depths[top + 1] += grown;
        values[top + 1] -= step;
        step
    } else {
        let step_m = STEPS_M[rng.random_range(0..STEPS_M.len())] * step;
        depths[top] += step_m;
        depths[top + 1] += step_m;
        0.0
    };
    inside(context.prior.interfaces.allows(depths))?;
    Ok(ln_jacobian)
}
