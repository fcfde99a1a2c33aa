//! Moves of one interface; the value of the layer below it moves with it.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::definition::{Context, MoveDefinition, NoProposal, Proposal, inside};
use crate::bayes::model::Model;

pub(super) const JUMP: MoveDefinition = MoveDefinition::new("interface_jump", 0.05, jump);

pub(super) const SHIFT: MoveDefinition =
    MoveDefinition { first_scale: Some(0.05), ..MoveDefinition::new("interface_shift", 0.10, shift) };

/// Moves an interface to a depth from g; it may pass others: q(z') = g(z').
fn jump(candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Proposal {
    let interface = choose(candidate, rng)?;
    let new_m = context.prior.interfaces.draw_one(rng);
    let (old_m, value) = candidate.earth.remove(interface);
    let interface = candidate.earth.insert(new_m);
    let (_, values) = candidate.earth.parts_mut();
    values[interface + 1] = value;
    Ok(context.prior.interfaces.ln_density_ratio(old_m, new_m))
}

/// Moves an interface by a random walk ([`walk`]) between its neighbours.
///
/// In half of the moves the layers beside the interface keep their conductance, which is what the data resolve of a
/// thin layer: ln conductivity decreases as ln thickness increases. That shift depends only on depths, so the Jacobian
/// stays 1.
fn shift(candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Proposal {
    let interface = choose(candidate, rng)?;
    let top_m = candidate.earth.top_m(interface);
    let (depths, values) = candidate.earth.parts_mut();
    let old_m = depths[interface];
    let new_m = walk(old_m, context, rng);
    let keeps_conductance = rng.random::<bool>();
    depths[interface] = new_m;
    inside(context.prior.interfaces.allows(depths))?;
    if keeps_conductance {
        values[interface] -= ((new_m - top_m) / (old_m - top_m)).ln();
        // The halfspace has no thickness, so that it has no conductance to keep.
        if let Some(&bottom_m) = depths.get(interface + 1) {
            values[interface + 1] -= ((bottom_m - new_m) / (bottom_m - old_m)).ln();
        }
    }
    Ok(context.prior.interfaces.ln_density_ratio(old_m, new_m))
}

/// Returns one of the interfaces.
pub(super) fn choose(model: &Model, rng: &mut dyn Rng) -> Result<usize, NoProposal> {
    match model.earth.interface_depth_m().len() {
        0 => Err(NoProposal::NothingToMove),
        count => Ok(rng.random_range(0..count)),
    }
}

/// Takes a symmetric step on the scale on which an interface is uniform in the prior: by depth, q(z -> z') is
/// proportional to g(z').
pub(super) fn walk(depth_m: f64, context: &Context, rng: &mut dyn Rng) -> f64 {
    let step: f64 = StandardNormal.sample(rng);
    // Half of the steps are ten times as long, because shallow interfaces are known far better than deep ones.
    let length = if rng.random::<bool>() { 1.0 } else { 10.0 };
    context.prior.interfaces.shifted(depth_m, step * length * context.scale)
}
