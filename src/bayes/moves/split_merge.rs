//! Splits a layer at a depth from g, or merges two.
//!
//! A layer of value m becomes an upper part m - w_l v and a lower part m + w_u v, v ~ N(0, 1), where w_u + w_l = 1 are
//! the parts' shares of its thickness: the mean that the data mostly see is kept. The Jacobian of (m, v) -> (upper,
//! lower) is w_u + w_l = 1.

use std::f64::consts::PI;

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::{Context, Definition};
use crate::bayes::state::Model;

pub(super) const MOVE: Definition = Definition::new("split_merge", 0.10, propose);

fn propose(current: &Model, candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Option<f64> {
    let interface_count = current.earth.interface_depth_m().len();
    if rng.random::<bool>() {
        if interface_count + 2 > context.prior.layer_count.maximum() {
            return None;
        }
        let z = context.prior.interfaces.draw_one(rng);
        let layer = current.earth.layer_at(z);
        let v: f64 = StandardNormal.sample(rng);
        let (depths, values) = candidate.earth.parts_mut();
        depths.insert(layer, z);
        let (upper_share, lower_share) = shares(depths, layer, context);
        let mean = values[layer];
        values[layer] = mean - lower_share * v;
        values.insert(layer + 1, mean + upper_share * v);
        Some(-ln_split_over_merge(z, v, interface_count + 1, context))
    } else {
        if interface_count == 0 {
            return None;
        }
        let interface = rng.random_range(0..interface_count);
        let (depths, values) = candidate.earth.parts_mut();
        let (upper_share, lower_share) = shares(depths, interface, context);
        let v = values[interface + 1] - values[interface];
        values[interface] = upper_share * values[interface] + lower_share * values[interface + 1];
        values.remove(interface + 1);
        let z = depths.remove(interface);
        Some(ln_split_over_merge(z, v, interface_count, context))
    }
}

/// Shares of the layers above and below `interface` in the thickness of both; the halfspace counts down to one and a
/// half times the deepest interface allowed.
fn shares(depths_m: &[f64], interface: usize, context: &Context) -> (f64, f64) {
    let top = if interface == 0 { 0.0 } else { depths_m[interface - 1] };
    let bottom = depths_m.get(interface + 1).copied().unwrap_or(1.5 * context.prior.interfaces.maximum_depth_m());
    let upper = (depths_m[interface] - top) / (bottom - top);
    (upper, 1.0 - upper)
}

/// ln of the density of splitting with `z`, `v` over the probability of choosing that interface out of `interface_count`.
fn ln_split_over_merge(z: f64, v: f64, interface_count: usize, context: &Context) -> f64 {
    context.prior.interfaces.ln_density_of_one(z) - 0.5 * (v * v + (2.0 * PI).ln()) + (interface_count as f64).ln()
}
