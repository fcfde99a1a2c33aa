//! How a chain proposes its next model: each move on its own, with the exact ratio of its densities.
//!
//! A model is a top layer and a set of interfaces, each carrying the ln conductivity of the layer below it. That makes
//! the dimension of a birth plain: new interfaces bring their own values and nothing else changes.

mod birth_death;
mod conductivity_all;
mod conductivity_block;
mod errors;
mod geometry;
mod interface;
mod layer_stretch;
mod split_merge;

use rand::{Rng, RngExt};

use super::gauss_newton::GaussNewton;
use super::prior::{ErrorPrior, Prior};
use super::state::Model;

/// The kinds of moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// Adds or removes several interfaces at once, values from the prior.
    BirthDeath,
    /// Splits a layer in two or merges two, the thickness-weighted mean kept.
    SplitMerge,
    /// Takes an interface and its value anywhere.
    InterfaceJump,
    /// Moves an interface between its neighbours.
    InterfaceShift,
    /// Stretches a layer, its conductance kept, or moves it as a whole.
    LayerStretch,
    /// Redraws part of the values, neighbours together, around their prior given the rest.
    ConductivityBlock,
    /// Moves all values at once, along what the data leave open.
    ConductivityAll,
    /// Moves the relative error.
    RelativeError,
    /// Moves the additive error.
    AdditiveError,
    /// Moves or turns the coils.
    Geometry,
}

impl Move {
    /// All kinds, in the order of stored acceptance rates.
    pub const ALL: [Move; 10] = [
        Move::BirthDeath,
        Move::SplitMerge,
        Move::InterfaceJump,
        Move::InterfaceShift,
        Move::LayerStretch,
        Move::ConductivityBlock,
        Move::ConductivityAll,
        Move::RelativeError,
        Move::AdditiveError,
        Move::Geometry,
    ];

    /// Name in results.
    pub fn name(self) -> &'static str {
        match self {
            Move::BirthDeath => "birth_death",
            Move::SplitMerge => "split_merge",
            Move::InterfaceJump => "interface_jump",
            Move::InterfaceShift => "interface_shift",
            Move::LayerStretch => "layer_stretch",
            Move::ConductivityBlock => "conductivity_block",
            Move::ConductivityAll => "conductivity_all",
            Move::RelativeError => "relative_error",
            Move::AdditiveError => "additive_error",
            Move::Geometry => "geometry",
        }
    }

    /// Position in [`Move::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }

    /// Whether the prediction changes.
    pub fn needs_forward(self) -> bool {
        !matches!(self, Move::RelativeError | Move::AdditiveError)
    }

    /// Whether the earth changes.
    pub fn changes_earth(self) -> bool {
        self.needs_forward() && self != Move::Geometry
    }

    /// Step size before adaptation, `None` for moves that have none.
    fn first_scale(self) -> Option<f64> {
        match self {
            Move::InterfaceShift => Some(0.05),
            Move::LayerStretch => Some(0.5),
            Move::ConductivityAll => Some(0.7),
            Move::RelativeError | Move::AdditiveError => Some(0.3),
            // In standard deviations, of the prior or of what the data leave open.
            Move::Geometry => Some(1.0),
            Move::BirthDeath | Move::SplitMerge | Move::InterfaceJump | Move::ConductivityBlock => None,
        }
    }

    /// Number of things the move may move, each with its own step size: error groups; geometry parameters and, last, all
    /// of these together.
    fn part_count(self, prior: &Prior) -> usize {
        match self {
            Move::RelativeError => prior.relative_error.len(),
            Move::AdditiveError => prior.additive_error.len(),
            Move::Geometry => prior.geometry.sampled().len() + 1,
            _ => 1,
        }
    }

    /// What the move is to move, chosen without regard to the current model.
    pub fn choose_part(self, prior: &Prior, rng: &mut impl Rng) -> usize {
        let count = self.part_count(prior);
        match self {
            // Together, along what the data leave open, as often as one by one.
            Move::Geometry if rng.random::<bool>() => count - 1,
            Move::Geometry => rng.random_range(0..(count - 1).max(1)),
            Move::RelativeError => sampled_group(&prior.relative_error, rng),
            Move::AdditiveError => sampled_group(&prior.additive_error, rng),
            _ => 0,
        }
    }

    /// Makes `candidate`, a copy of `current`, a proposal. Returns ln [q(candidate -> current) / q(current ->
    /// candidate)], Jacobian included, or `None` when the proposal is outside the support (a rejection, never a redraw).
    pub fn propose(
        self,
        current: &Model,
        candidate: &mut Model,
        context: &mut Context,
        rng: &mut impl Rng,
    ) -> Option<f64> {
        match self {
            Move::BirthDeath => birth_death::propose(current, candidate, context, rng),
            Move::SplitMerge => split_merge::propose(current, candidate, context, rng),
            Move::InterfaceJump => interface::jump(candidate, context, rng),
            Move::InterfaceShift => interface::shift(candidate, context, rng),
            Move::LayerStretch => layer_stretch::propose(candidate, context, rng),
            Move::ConductivityBlock => conductivity_block::propose(candidate, context, rng),
            Move::ConductivityAll => conductivity_all::propose(candidate, context, rng),
            Move::RelativeError => errors::relative(candidate, context, rng),
            Move::AdditiveError => errors::additive(candidate, context, rng),
            Move::Geometry => geometry::propose(candidate, context, rng),
        }
    }
}

/// What proposals are made with: nothing here depends on the current model.
#[derive(Debug)]
pub struct Context<'a> {
    /// The prior.
    pub prior: &'a Prior,
    /// Step size of the move and part that is proposed.
    pub scale: f64,
    /// What is moved, as [`Move::choose_part`] has it.
    pub part: usize,
    /// What the data say, as seen in burn-in.
    pub gauss_newton: Option<&'a mut GaussNewton>,
    /// Kept between proposals for its allocations.
    pub work: &'a mut Workspace,
}

/// A group whose error is sampled; the first when none is, which [`Move::propose`] then refuses.
fn sampled_group(priors: &[ErrorPrior], rng: &mut impl Rng) -> usize {
    let mut sampled = (0..priors.len()).filter(|&group| priors[group].is_sampled());
    let count = sampled.clone().count();
    let nth = if count > 1 { rng.random_range(0..count) } else { 0 };
    sampled.nth(nth).unwrap_or(0)
}

/// Room for a proposal's intermediate results.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    diagonal: Vec<f64>,
    beside: Vec<f64>,
}

/// Step size of each move and part, relative to its natural one; adapted in burn-in, then frozen.
#[derive(Debug, Clone, PartialEq)]
pub struct Scales([Vec<f64>; Move::ALL.len()]);

impl Scales {
    /// Acceptance probability that random walks of a few dimensions mix best with.
    const TARGET: f64 = 0.33;

    /// Before adaptation, for models of `prior`.
    pub fn new(prior: &Prior) -> Self {
        Self(Move::ALL.map(|kind| vec![kind.first_scale().unwrap_or(1.0); kind.part_count(prior)]))
    }

    /// Step size of `part` of `kind`.
    pub fn get(&self, kind: Move, part: usize) -> f64 {
        self.0[kind.index()][part]
    }

    /// Robbins-Monro step: larger after an acceptance probability above the target, smaller below. Moves without a step
    /// size are left alone.
    pub fn adapt(&mut self, kind: Move, part: usize, acceptance_probability: f64, gain: f64) {
        if kind.first_scale().is_some() && acceptance_probability.is_finite() {
            let scale = &mut self.0[kind.index()][part];
            *scale = (*scale * (gain * (acceptance_probability - Self::TARGET)).exp()).clamp(1e-4, 10.0);
        }
    }
}

/// How often each move is tried; errors are updated besides, twice per iteration, because they need no forward.
#[derive(Debug, Clone)]
pub struct MoveMix {
    cumulative: Vec<(f64, Move)>,
}

impl MoveMix {
    /// Moves with positive weights; the weights need not sum to 1.
    pub fn new(weights: &[(Move, f64)]) -> Self {
        let total: f64 = weights.iter().map(|(_, w)| w).sum();
        let mut sum = 0.0;
        let cumulative = weights.iter().map(|&(kind, w)| {
            sum += w / total;
            (sum, kind)
        });
        Self { cumulative: cumulative.collect() }
    }

    /// The mix that measured best (docs/sampler.md).
    pub fn standard(prior: &Prior) -> Self {
        let mut weights = vec![
            (Move::BirthDeath, 0.30),
            (Move::SplitMerge, 0.10),
            (Move::InterfaceJump, 0.10),
            (Move::InterfaceShift, 0.15),
            (Move::LayerStretch, 0.10),
            (Move::ConductivityBlock, 0.15),
            (Move::ConductivityAll, 0.20),
        ];
        if prior.geometry.is_sampled() {
            weights.push((Move::Geometry, 0.10));
        }
        Self::new(&weights)
    }

    /// A move, by weight.
    pub fn choose(&self, rng: &mut impl Rng) -> Move {
        let u = rng.random::<f64>();
        let found = self.cumulative.iter().find(|(bound, _)| u < *bound).or(self.cumulative.last());
        found.expect("a mix has at least one move").1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bayes::chain_rng;

    #[test]
    fn only_sampled_groups_are_chosen_and_all_of_them() {
        let fixed = ErrorPrior::Fixed { ln_value: 0.0 };
        let sampled = ErrorPrior::LogUniform { ln_minimum: 0.0, ln_maximum: 1.0 };
        let mut rng = chain_rng(1, 0.0, 0.0, 0);
        let mut counts = [0; 4];
        for _ in 0..1000 {
            counts[sampled_group(&[fixed, sampled, fixed, sampled], &mut rng)] += 1;
        }
        assert_eq!((counts[0], counts[2]), (0, 0));
        assert!(counts[1] > 400 && counts[3] > 400, "{counts:?}");
        assert_eq!(sampled_group(&[fixed, sampled], &mut rng), 1);
    }
}
