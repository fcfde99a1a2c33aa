//! Moves of one interface in which all layers take part, such that data notice least.
//!
//! Where data are exact, one layer cannot change alone. Let D be the depths with the interface and x(D), s(D) the direction
//! and the standard deviation that data and prior leave to the contrast across it
//! ([`GaussNewton::contrast`](crate::bayes::gauss_newton::GaussNewton::contrast)). An interface is born into a layer of value
//! m by giving both its parts m and adding v x(D) to all values, v ~ N(0, s(D)^2); it dies by taking v x(D) away, v being the
//! contrast, which leaves both sides alike. With x below - x above = 1 the Jacobian of (values, v) -> values is 1:
//!
//! ```text
//! q(birth) = 1/2 g(z) N(v | 0, s^2),   q(death) = 1/2 / (n + 1)
//! ```
//!
//! Moving from z to z' is a death and a birth with v' = v s(D') / s(D): the Jacobian is s(D') / s(D).

use std::f64::consts::PI;

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::all::add_step;
use super::{Context, Definition};
use crate::bayes::state::Model;

pub(super) const BIRTH_DEATH: Definition = Definition::new("contrast_birth_death", 0.30, birth_death);

pub(super) const JUMP: Definition = Definition::new("contrast_jump", 0.15, jump);

pub(super) const SHIFT: Definition =
    Definition { first_scale: Some(0.05), ..Definition::new("contrast_shift", 0.20, shift) };

/// Birth or death.
fn birth_death(_: &Model, candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Option<f64> {
    let interface_count = candidate.earth.interface_depth_m().len();
    if rng.random::<bool>() {
        if interface_count + 2 > context.prior.layer_count.maximum() {
            return None;
        }
        let z = context.prior.interfaces.draw_one(rng);
        let interface = insert(candidate, z);
        context.prior.interfaces.allows(candidate.earth.interface_depth_m()).then_some(())?;
        let v: f64 = StandardNormal.sample(rng);
        let std = add(candidate, interface, |std| v * std, context)?;
        Some(-ln_birth_over_death(z, v, std, interface_count + 1, context))
    } else {
        if interface_count == 0 {
            return None;
        }
        let interface = rng.random_range(0..interface_count);
        let (v, std) = take(candidate, interface, context)?;
        let z = remove(candidate, interface);
        Some(ln_birth_over_death(z, v, std, interface_count, context))
    }
}

/// An interface goes anywhere.
fn jump(_: &Model, candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Option<f64> {
    let to = context.prior.interfaces.draw_one(rng);
    relocate(candidate, |_| to, context, rng)
}

/// An interface walks on the scale on which it is a priori uniform.
fn shift(_: &Model, candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Option<f64> {
    let step: f64 = StandardNormal.sample(rng);
    let length = if rng.random::<bool>() { 1.0 } else { 10.0 };
    let step = step * length * context.scale;
    let prior = context.prior;
    relocate(candidate, |z| prior.interfaces.shifted(z, step), context, rng)
}

fn relocate(candidate: &mut Model, to: impl Fn(f64) -> f64, context: &mut Context, rng: &mut dyn Rng) -> Option<f64> {
    let interface_count = candidate.earth.interface_depth_m().len();
    if interface_count == 0 {
        return None;
    }
    let interface = rng.random_range(0..interface_count);
    let old = candidate.earth.interface_depth_m()[interface];
    let new = to(old);
    let interfaces = &context.prior.interfaces;
    if !(interfaces.minimum_depth_m()..=interfaces.maximum_depth_m()).contains(&new) {
        return None;
    }
    let (v, old_std) = take(candidate, interface, context)?;
    remove(candidate, interface);
    let interface = insert(candidate, new);
    context.prior.interfaces.allows(candidate.earth.interface_depth_m()).then_some(())?;
    let new_std = add(candidate, interface, |std| v * std, context)?;
    let interfaces = &context.prior.interfaces;
    Some(interfaces.ln_density_of_one(old) - interfaces.ln_density_of_one(new) + (new_std / old_std).ln())
}

/// An interface at depth `z` with the same value above and below; returns its index.
fn insert(model: &mut Model, z: f64) -> usize {
    let (depths, values) = model.earth.parts_mut();
    let interface = depths.partition_point(|&other| other < z);
    depths.insert(interface, z);
    values.insert(interface + 1, values[interface]);
    interface
}

/// The inverse of [`insert`]; returns the depth.
fn remove(model: &mut Model, interface: usize) -> f64 {
    let (depths, values) = model.earth.parts_mut();
    values.remove(interface + 1);
    depths.remove(interface)
}

/// Gives `interface` the contrast that `of` makes of the standard deviation left to it; returns that.
fn add(model: &mut Model, interface: usize, of: impl Fn(f64) -> f64, context: &mut Context) -> Option<f64> {
    let (direction, std) = context.gauss_newton.as_mut()?.contrast(model, interface, context.prior)?;
    direction.iter_mut().for_each(|x| *x *= of(std));
    add_step(model, direction, context.prior);
    Some(std)
}

/// Takes the contrast at `interface` away; returns it in standard deviations left to it, and those.
fn take(model: &mut Model, interface: usize, context: &mut Context) -> Option<(f64, f64)> {
    let (direction, std) = context.gauss_newton.as_mut()?.contrast(model, interface, context.prior)?;
    let values = model.earth.ln_conductivity();
    let contrast = values[interface + 1] - values[interface];
    direction.iter_mut().for_each(|x| *x *= -contrast);
    add_step(model, direction, context.prior);
    Some((contrast / std, std))
}

/// ln of the density of giving birth at `z` to a contrast of `v` standard deviations `std`, over the probability of
/// choosing that interface out of `interface_count` to die.
fn ln_birth_over_death(z: f64, v: f64, std: f64, interface_count: usize, context: &Context) -> f64 {
    let ln_normal = -0.5 * (v * v + (2.0 * PI).ln()) - std.ln();
    context.prior.interfaces.ln_density_of_one(z) + ln_normal + (interface_count as f64).ln()
}
