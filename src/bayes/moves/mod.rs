//! The moves: each kind proposes a chain's next model in its own file, with the exact ratio of its densities.
//!
//! A model is a top layer and a set of interfaces, each with the ln conductivity of the layer below it. Each new
//! interface of a birth therefore adds two dimensions, a depth and a value.

mod all;
mod birth_death;
mod conductivity_block;
mod contrast;
mod definition;
mod errors;
mod geometry;
mod interface;
mod layer_stretch;
mod split_merge;

use rand::{Rng, RngExt};

use self::definition::{Changes, MoveDefinition};
use super::model::Model;
use super::prior::Prior;

pub use self::definition::{Context, MoveWorkspace, NoProposal, Proposal};

/// Declares [`Move`] and the definition of each kind. A new move is a file with its proposal and its densities, and one
/// line here.
macro_rules! moves {
    ($($(#[$doc:meta])* $kind:ident: $definition:path,)*) => {
        /// The kinds of moves.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Move {
            $($(#[$doc])* $kind,)*
        }

        impl Move {
            /// All kinds, in the order of stored acceptance rates.
            pub const ALL: &[Move] = &[$(Move::$kind,)*];

            const fn definition(self) -> &'static MoveDefinition {
                match self {
                    $(Move::$kind => &$definition,)*
                }
            }
        }
    };
}

moves! {
    /// Adds or removes several interfaces at once, with values from the prior.
    BirthDeath: birth_death::MOVE,
    /// Splits a layer in two or merges two, and keeps the thickness-weighted mean.
    SplitMerge: split_merge::MOVE,
    /// Adds or removes an interface and changes everything else so that the data change least.
    ContrastBirthDeath: contrast::BIRTH_DEATH,
    /// Moves an interface to any depth and changes everything else so that the data change least.
    ContrastJump: contrast::JUMP,
    /// Moves an interface a little and changes everything else so that the data change least.
    ContrastShift: contrast::SHIFT,
    /// Moves an interface and its value to any depth.
    InterfaceJump: interface::JUMP,
    /// Moves an interface between its neighbours.
    InterfaceShift: interface::SHIFT,
    /// Stretches a layer at constant conductance, or moves it as a whole.
    LayerStretch: layer_stretch::MOVE,
    /// Redraws some of the values, neighbours together, around their prior given the others.
    ConductivityBlock: conductivity_block::MOVE,
    /// Moves all values and the geometry at once, in directions that the data leave open.
    All: all::MOVE,
    /// Moves the relative error.
    RelativeError: errors::RELATIVE,
    /// Moves the additive error.
    AdditiveError: errors::ADDITIVE,
    /// Moves or turns the coils.
    Geometry: geometry::MOVE,
}

impl Move {
    /// Returns the name in results.
    pub fn name(self) -> &'static str {
        self.definition().name
    }

    /// Returns the position in [`Move::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }

    /// Returns whether the prediction changes.
    pub fn needs_forward(self) -> bool {
        self.definition().changes != Changes::Errors
    }

    /// Returns whether the earth changes.
    pub fn changes_earth(self) -> bool {
        self.definition().changes == Changes::Earth
    }

    /// Chooses the part of the model that is moved, independently of the current model.
    pub fn choose_part(self, prior: &Prior, rng: &mut dyn Rng) -> usize {
        (self.definition().choose_part)(prior, rng)
    }

    /// Turns `candidate`, a copy of the current model, into a proposal.
    pub fn propose(self, candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Proposal {
        (self.definition().propose)(candidate, context, rng)
    }
}

/// Step size of each move and part, relative to its natural size; adapted in burn-in, then frozen.
#[derive(Debug, Clone, PartialEq)]
pub struct StepSizes([Vec<f64>; Move::ALL.len()]);

impl StepSizes {
    /// Acceptance probability at which random walks of a few dimensions mix best.
    const TARGET: f64 = 0.33;

    /// Makes the step sizes before adaptation, for models of `prior`.
    pub fn new(prior: &Prior) -> Self {
        Self(std::array::from_fn(|index| {
            let kind = Move::ALL[index];
            vec![kind.definition().first_scale.unwrap_or(1.0); (kind.definition().part_count)(prior)]
        }))
    }

    /// Returns the step size of `part` of `kind`.
    pub fn get(&self, kind: Move, part: usize) -> f64 {
        self.0[kind.index()][part]
    }

    /// Takes a Robbins-Monro step after `iterations` iterations of the chain: step sizes rise after an acceptance
    /// probability above the target and fall after one below. Moves without a step size are not changed.
    pub(super) fn adapt(&mut self, kind: Move, part: usize, acceptance_probability: f64, iterations: u64) {
        if kind.definition().first_scale.is_some() {
            // The sum of the gains diverges and the sum of their squares converges, as Robbins-Monro steps need.
            let gain = 2.0 / (iterations as f64).powf(0.6).max(1.0);
            let scale = &mut self.0[kind.index()][part];
            *scale = (*scale * (gain * (acceptance_probability - Self::TARGET)).exp()).clamp(1e-4, 10.0);
        }
    }
}

/// How often each move is tried. Errors are updated in addition, twice per iteration, because they need no forward
/// calculation.
#[derive(Debug, Clone)]
pub struct MoveMix {
    cumulative: Vec<(f64, Move)>,
}

impl MoveMix {
    /// Makes a mix of moves with positive weights; the weights need not sum to 1.
    pub fn new(weights: &[(Move, f64)]) -> Self {
        let total: f64 = weights.iter().map(|(_, w)| w).sum();
        let mut sum = 0.0;
        let cumulative = weights.iter().map(|&(kind, w)| {
            sum += w / total;
            (sum, kind)
        });
        Self { cumulative: cumulative.collect() }
    }

    /// Returns the mix that measured best (docs/sampler.md): moves of the earth by their weights, and of the geometry
    /// where it is sampled.
    pub fn standard(prior: &Prior) -> Self {
        let tried = |kind: &Move| match kind.definition().changes {
            Changes::Earth => true,
            Changes::Geometry => prior.geometry.is_sampled(),
            Changes::Errors => false,
        };
        let weight = |&kind: &Move| (kind, kind.definition().weight);
        Self::new(&Move::ALL.iter().filter(|kind| tried(kind)).map(weight).collect::<Vec<_>>())
    }

    /// Returns the moves.
    pub fn kinds(&self) -> impl Iterator<Item = Move> {
        self.cumulative.iter().map(|&(_, kind)| kind)
    }

    /// Chooses a move by weight.
    pub fn choose(&self, rng: &mut impl Rng) -> Move {
        let u = rng.random::<f64>();
        let found = self.cumulative.iter().find(|(bound, _)| u < *bound).or(self.cumulative.last());
        found.expect("a mix has at least one move").1
    }
}
