//! Moves of one interface in which all layers change, so that the data change least.
//!
//! Where data are accurate, one layer cannot change alone. Let D be the depths with the interface, and x(D), s(D) the
//! direction and the standard deviation that data and prior leave to the contrast across it
//! ([`GaussNewton::contrast`](crate::bayes::gauss_newton::GaussNewton::contrast)). A birth splits a layer of value m
//! into two parts of value m and adds v x(D) to all values, with v = xi s(D), xi ~ N(0, 1). A death subtracts v x(D),
//! where v is the contrast, which makes both sides equal. With x below - x above = 1 the Jacobian of (values, v) ->
//! values is 1:
//!
//! ```text
//! q(birth) = 1/2 g(z) N(v | 0, s^2),   q(death) = 1/2 / (n + 1)
//! ```
//!
//! Moving from z to z' is a death and a birth with the same xi: v' = v s(D') / s(D), and the Jacobian is s(D') / s(D).

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::all::add_step;
use super::definition::{Context, MoveDefinition, NoProposal, Proposal, inside};
use super::interface::{choose, walk};
use crate::bayes::gauss_newton::GaussNewton;
use crate::bayes::model::Model;
use crate::bayes::prior::{Prior, ln_normal};

pub(super) const BIRTH_DEATH: MoveDefinition = MoveDefinition::new("contrast_birth_death", 0.30, birth_death);

pub(super) const JUMP: MoveDefinition = MoveDefinition::new("contrast_jump", 0.15, jump);

pub(super) const SHIFT: MoveDefinition =
    MoveDefinition { first_scale: Some(0.05), ..MoveDefinition::new("contrast_shift", 0.20, shift) };

/// Proposes a birth or a death.
fn birth_death(candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Proposal {
    if rng.random::<bool>() {
        inside(candidate.earth.layer_count() < context.prior.layer_count.maximum())?;
        let z = context.prior.interfaces.draw_one(rng);
        let xi: f64 = StandardNormal.sample(rng);
        let std = add(candidate, z, xi, context)?;
        Ok(-ln_birth_over_death(z, xi * std, std, candidate.earth.interface_depth_m().len(), context))
    } else {
        let interface = choose(candidate, rng)?;
        let interface_count = candidate.earth.interface_depth_m().len();
        let (z, xi, std) = take(candidate, interface, context)?;
        Ok(ln_birth_over_death(z, xi * std, std, interface_count, context))
    }
}

/// Moves an interface to any depth: q(z') = g(z').
fn jump(candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Proposal {
    let interface = choose(candidate, rng)?;
    let to_m = context.prior.interfaces.draw_one(rng);
    relocate(candidate, interface, to_m, context)
}

/// Moves an interface by a random walk, in which it may pass others.
fn shift(candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Proposal {
    let interface = choose(candidate, rng)?;
    let to_m = walk(candidate.earth.interface_depth_m()[interface], context, rng);
    relocate(candidate, interface, to_m, context)
}

fn relocate(candidate: &mut Model, interface: usize, to_m: f64, context: &mut Context) -> Proposal {
    let interfaces = &context.prior.interfaces;
    inside((interfaces.minimum_depth_m()..=interfaces.maximum_depth_m()).contains(&to_m))?;
    let (from_m, xi, old_std) = take(candidate, interface, context)?;
    let new_std = add(candidate, to_m, xi, context)?;
    Ok(context.prior.interfaces.ln_density_ratio(from_m, to_m) + (new_std / old_std).ln())
}

/// Adds an interface at depth `z` with a contrast of `xi` standard deviations; returns the standard deviation of the
/// contrast.
fn add(model: &mut Model, z: f64, xi: f64, context: &mut Context) -> Result<f64, NoProposal> {
    let interface = model.earth.insert(z);
    inside(context.prior.interfaces.allows(model.earth.interface_depth_m()))?;
    let (direction, std) = contrast(model, interface, context.prior, &mut context.gauss_newton)?;
    direction.iter_mut().for_each(|x| *x *= xi * std);
    add_step(model, direction, context.prior);
    Ok(std)
}

/// Removes an interface; returns its depth, its contrast in standard deviations, and the standard deviation of the
/// contrast.
fn take(model: &mut Model, interface: usize, context: &mut Context) -> Result<(f64, f64, f64), NoProposal> {
    let (direction, std) = contrast(model, interface, context.prior, &mut context.gauss_newton)?;
    let values = model.earth.ln_conductivity();
    let v = values[interface + 1] - values[interface];
    direction.iter_mut().for_each(|x| *x *= -v);
    add_step(model, direction, context.prior);
    let (z, _) = model.earth.remove(interface);
    Ok((z, v / std, std))
}

/// Returns x(D) and s(D).
fn contrast<'a>(
    model: &Model,
    interface: usize,
    prior: &Prior,
    gauss_newton: &'a mut Option<&mut GaussNewton>,
) -> Result<(&'a mut [f64], f64), NoProposal> {
    let gauss_newton = gauss_newton.as_mut().ok_or(NoProposal::NothingToMove)?;
    gauss_newton.contrast(model, interface, prior).ok_or(NoProposal::NothingToMove)
}

/// Returns ln [q(birth) / q(death)], where `interface_count` is n + 1.
fn ln_birth_over_death(z: f64, v: f64, std: f64, interface_count: usize, context: &Context) -> f64 {
    context.prior.interfaces.ln_density_of_one(z) + ln_normal(v, std) + (interface_count as f64).ln()
}
