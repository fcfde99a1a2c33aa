//! A layer becomes thicker or thinner about its middle and keeps its conductance, or moves as a whole.
//!
//! Data see of a thin conductor its depth and its conductance, hardly its thickness. Stretching by exp(s), s ~ N(0, scale^2),
//! takes thickness h to h exp(s) and ln conductivity m to m - s; middle and thickness being a rotation of top and bottom, the
//! Jacobian is exp(s). Moving by a symmetric step has ratio 1.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::{Context, Definition};
use crate::bayes::state::Model;

/// Lengths in m of steps of a layer as a whole.
const STEPS_M: [f64; 3] = [0.3, 1.5, 8.0];

pub(super) const MOVE: Definition =
    Definition { first_scale: Some(0.5), ..Definition::new("layer_stretch", 0.10, propose) };

fn propose(_: &Model, candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Option<f64> {
    let (depths, values) = candidate.earth.parts_mut();
    if depths.len() < 2 {
        return None;
    }
    let top = rng.random_range(0..depths.len() - 1);
    let normal: f64 = StandardNormal.sample(rng);
    let ln_jacobian = if rng.random::<bool>() {
        let stretch = context.scale * normal;
        let grown = 0.5 * (depths[top + 1] - depths[top]) * stretch.exp_m1();
        depths[top] -= grown;
        depths[top + 1] += grown;
        values[top + 1] -= stretch;
        stretch
    } else {
        let step_m = STEPS_M[rng.random_range(0..STEPS_M.len())] * normal;
        depths[top] += step_m;
        depths[top + 1] += step_m;
        0.0
    };
    context.prior.interfaces.allows(depths).then_some(ln_jacobian)
}
