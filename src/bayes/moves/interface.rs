//! Moves of one interface; the value of the layer below it goes with it.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::{Context, Definition};

use crate::bayes::state::Model;

pub(super) const JUMP: Definition = Definition::new("interface_jump", 0.05, jump);

pub(super) const SHIFT: Definition =
    Definition { first_scale: Some(0.05), ..Definition::new("interface_shift", 0.10, shift) };

/// An interface goes to a depth from g, past others if need be: q(z') = g(z').
fn jump(_: &Model, candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Option<f64> {
    let (depths, values) = candidate.earth.parts_mut();
    if depths.is_empty() {
        return None;
    }
    let from = rng.random_range(0..depths.len());
    let new_depth = context.prior.interfaces.draw_one(rng);
    let (old_depth, value) = (depths.remove(from), values.remove(from + 1));
    let to = depths.partition_point(|&other| other < new_depth);
    depths.insert(to, new_depth);
    values.insert(to + 1, value);
    Some(ln_density_ratio(old_depth, new_depth, context))
}

/// An interface walks on the scale on which it is a priori uniform, and stays between its neighbours. Steps are
/// symmetric on that scale, so by depth q(z -> z') is proportional to g(z').
///
/// Half the time the layers beside it keep their conductance, which is what data see of a thin layer: ln conductivity falls
/// by what ln thickness gains. That shift depends on depths alone, so the Jacobian stays 1.
fn shift(_: &Model, candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Option<f64> {
    let (depths, values) = candidate.earth.parts_mut();
    if depths.is_empty() {
        return None;
    }
    let interface = rng.random_range(0..depths.len());
    let step: f64 = StandardNormal.sample(rng);
    // Now and then a step ten times as long: shallow interfaces are known far better than deep ones.
    let length = if rng.random::<bool>() { 1.0 } else { 10.0 };
    let keeps_conductance = rng.random::<bool>();
    let old_depth = depths[interface];
    let new_depth = context.prior.interfaces.shifted(old_depth, step * length * context.scale);
    depths[interface] = new_depth;
    if !context.prior.interfaces.allows(depths) {
        return None;
    }
    if keeps_conductance {
        let top = if interface == 0 { 0.0 } else { depths[interface - 1] };
        values[interface] -= ((new_depth - top) / (old_depth - top)).ln();
        // The halfspace has no thickness to keep a conductance by.
        if let Some(&bottom) = depths.get(interface + 1) {
            values[interface + 1] -= ((bottom - new_depth) / (bottom - old_depth)).ln();
        }
    }
    Some(ln_density_ratio(old_depth, new_depth, context))
}

/// ln [g(old) / g(new)]
fn ln_density_ratio(old_depth: f64, new_depth: f64, context: &Context) -> f64 {
    context.prior.interfaces.ln_density_of_one(old_depth) - context.prior.interfaces.ln_density_of_one(new_depth)
}
