//! Splits a layer at a depth from g, or merges two layers.
//!
//! A layer of value m becomes an upper part m - w_l v and a lower part m + w_u v, v ~ N(0, 1), where w_u + w_l = 1 are
//! the parts' shares of its thickness. This keeps the mean, which is what the data mostly determine. The Jacobian of
//! (m, v) -> (upper, lower) is w_u + w_l = 1. With n interfaces before a split,
//!
//! ```text
//! q(split) = 1/2 g(z) N(v | 0, 1),   q(merge) = 1/2 / (n + 1)
//! ```

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::definition::{Context, MoveDefinition, Proposal, inside};
use super::interface::choose;
use crate::bayes::model::Model;
use crate::bayes::prior::ln_normal;
use crate::earth::LayeredEarth;

pub(super) const MOVE: MoveDefinition = MoveDefinition::new("split_merge", 0.10, propose);

fn propose(candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Proposal {
    let earth = &mut candidate.earth;
    if rng.random::<bool>() {
        inside(earth.layer_count() < context.prior.layer_count.maximum())?;
        let z = context.prior.interfaces.draw_one(rng);
        let v: f64 = StandardNormal.sample(rng);
        let interface = earth.insert(z);
        let (upper_share, lower_share) = shares(earth, interface, context);
        let (depths, values) = earth.parts_mut();
        values[interface] -= lower_share * v;
        values[interface + 1] += upper_share * v;
        Ok(-ln_split_over_merge(z, v, depths.len(), context))
    } else {
        let interface = choose(candidate, rng)?;
        let earth = &mut candidate.earth;
        let interface_count = earth.interface_depth_m().len();
        let (upper_share, lower_share) = shares(earth, interface, context);
        let (z, lower) = earth.remove(interface);
        let (_, values) = earth.parts_mut();
        let upper = values[interface];
        values[interface] = upper_share * upper + lower_share * lower;
        Ok(ln_split_over_merge(z, lower - upper, interface_count, context))
    }
}

/// Returns the shares of the layers above and below `interface` in the thickness of both. The halfspace ends here at
/// one and a half times the deepest interface allowed.
fn shares(earth: &LayeredEarth, interface: usize, context: &Context) -> (f64, f64) {
    let depths = earth.interface_depth_m();
    let top = earth.top_m(interface);
    let bottom = depths.get(interface + 1).copied().unwrap_or(1.5 * context.prior.interfaces.maximum_depth_m());
    let upper = (depths[interface] - top) / (bottom - top);
    (upper, 1.0 - upper)
}

/// Returns ln [q(split) / q(merge)], where `interface_count` is n + 1.
fn ln_split_over_merge(z: f64, v: f64, interface_count: usize, context: &Context) -> f64 {
    context.prior.interfaces.ln_density_of_one(z) + ln_normal(v, 1.0) + (interface_count as f64).ln()
}
