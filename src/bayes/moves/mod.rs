//! How a chain proposes its next model: each move on its own, with the exact ratio of its densities.
//!
//! A model is a top layer and a set of interfaces, each carrying the ln conductivity of the layer below it. That makes
//! the dimension of a birth plain: new interfaces bring their own values and nothing else changes.

mod birth_death;
mod conductivity_all;
mod conductivity_block;
mod errors;
mod height;
mod interface;
mod layer_stretch;
mod split_merge;

use rand::{Rng, RngExt};

use super::gauss_newton::GaussNewton;
use super::prior::Prior;
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
    /// Moves the bird.
    Height,
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
        Move::Height,
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
            Move::Height => "height",
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
        self.needs_forward() && self != Move::Height
    }

    /// Makes `candidate`, a copy of `current`, a proposal. Returns ln [q(candidate -> current) / q(current ->
    /// candidate)], Jacobian included, or `None` when the proposal is outside the support (a rejection, never a redraw).
    pub fn propose(self, current: &Model, candidate: &mut Model, context: &Context, rng: &mut impl Rng) -> Option<f64> {
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
            Move::Height => height::propose(candidate, context, rng),
        }
    }
}

/// What proposals are made with: nothing here depends on the current model.
#[derive(Debug)]
pub struct Context<'a> {
    /// The prior.
    pub prior: &'a Prior,
    /// Step sizes.
    pub scales: &'a Scales,
    /// What the data say about conductivity, as seen in burn-in.
    pub gauss_newton: Option<&'a GaussNewton>,
}

/// Step size of each move, relative to its natural one; adapted in burn-in, then frozen.
#[derive(Debug, Clone, PartialEq)]
pub struct Scales([f64; Move::ALL.len()]);

impl Default for Scales {
    fn default() -> Self {
        let mut scales = [1.0; Move::ALL.len()];
        scales[Move::InterfaceShift.index()] = 0.05;
        scales[Move::LayerStretch.index()] = 0.5;
        scales[Move::ConductivityAll.index()] = 0.7;
        scales[Move::RelativeError.index()] = 0.3;
        scales[Move::AdditiveError.index()] = 0.3;
        scales[Move::Height.index()] = 0.3;
        Self(scales)
    }
}

impl Scales {
    /// Acceptance probability that random walks of a few dimensions mix best with.
    const TARGET: f64 = 0.33;

    /// Step size of `kind`.
    pub fn get(&self, kind: Move) -> f64 {
        self.0[kind.index()]
    }

    /// Robbins-Monro step: larger after an acceptance probability above the target, smaller below. Moves without a step
    /// size are left alone.
    pub fn adapt(&mut self, kind: Move, acceptance_probability: f64, gain: f64) {
        let has_scale = matches!(
            kind,
            Move::InterfaceShift
                | Move::LayerStretch
                | Move::ConductivityAll
                | Move::RelativeError
                | Move::AdditiveError
                | Move::Height
        );
        if has_scale && acceptance_probability.is_finite() {
            let scale = &mut self.0[kind.index()];
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
        if prior.height.is_sampled() {
            weights.push((Move::Height, 0.10));
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
