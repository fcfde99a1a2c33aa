//! How a chain proposes its next model: each move on its own, with the exact ratio of its densities.
//!
//! A model is a top layer and a set of interfaces, each carrying the ln conductivity of the layer below it. That makes
//! the dimension of a birth plain: each new interface brings a depth and a value.

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

use self::definition::{Changes, Definition};
use super::model::Model;
use super::prior::Prior;

pub use self::definition::{Context, NoProposal, Proposal, Workspace};

/// Declares [`Move`] and where the definition of each kind is. A new move is a file with its proposal and its densities, and a
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

            const fn definition(self) -> &'static Definition {
                match self {
                    $(Move::$kind => &$definition,)*
                }
            }
        }
    };
}

moves! {
    /// Adds or removes several interfaces at once, values from the prior.
    BirthDeath: birth_death::MOVE,
    /// Splits a layer in two or merges two, the thickness-weighted mean kept.
    SplitMerge: split_merge::MOVE,
    /// Adds or removes an interface, everything going along such that data notice least.
    ContrastBirthDeath: contrast::BIRTH_DEATH,
    /// Takes an interface anywhere, everything going along such that data notice least.
    ContrastJump: contrast::JUMP,
    /// Moves an interface a little, everything going along such that data notice least.
    ContrastShift: contrast::SHIFT,
    /// Takes an interface and its value anywhere.
    InterfaceJump: interface::JUMP,
    /// Moves an interface between its neighbours.
    InterfaceShift: interface::SHIFT,
    /// Stretches a layer, its conductance kept, or moves it as a whole.
    LayerStretch: layer_stretch::MOVE,
    /// Redraws part of the values, neighbours together, around their prior given the rest.
    ConductivityBlock: conductivity_block::MOVE,
    /// Moves all values and the geometry at once, along what the data leave open.
    All: all::MOVE,
    /// Moves the relative error.
    RelativeError: errors::RELATIVE,
    /// Moves the additive error.
    AdditiveError: errors::ADDITIVE,
    /// Moves or turns the coils.
    Geometry: geometry::MOVE,
}

impl Move {
    /// Name in results.
    pub fn name(self) -> &'static str {
        self.definition().name
    }

    /// Position in [`Move::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }

    /// Whether the prediction changes.
    pub fn needs_forward(self) -> bool {
        self.definition().changes != Changes::Errors
    }

    /// Whether the earth changes.
    pub fn changes_earth(self) -> bool {
        self.definition().changes == Changes::Earth
    }

    /// What the move is to move, chosen without regard to the current model.
    pub fn choose_part(self, prior: &Prior, rng: &mut dyn Rng) -> usize {
        (self.definition().choose_part)(prior, rng)
    }

    /// Makes `candidate`, a copy of the current model, a proposal.
    pub fn propose(self, candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Proposal {
        (self.definition().propose)(candidate, context, rng)
    }
}

/// Step size of each move and part, relative to its natural one; adapted in burn-in, then frozen.
#[derive(Debug, Clone, PartialEq)]
pub struct Scales([Vec<f64>; Move::ALL.len()]);

impl Scales {
    /// Acceptance probability that random walks of a few dimensions mix best with.
    const TARGET: f64 = 0.33;

    /// Before adaptation, for models of `prior`.
    pub fn new(prior: &Prior) -> Self {
        Self(std::array::from_fn(|index| {
            let kind = Move::ALL[index];
            vec![kind.definition().first_scale.unwrap_or(1.0); (kind.definition().part_count)(prior)]
        }))
    }

    /// Step size of `part` of `kind`.
    pub fn get(&self, kind: Move, part: usize) -> f64 {
        self.0[kind.index()][part]
    }

    /// Robbins-Monro step of a chain after so many iterations: larger after an acceptance probability above the target, smaller
    /// below. Moves without a step size are left alone.
    pub(super) fn adapt(&mut self, kind: Move, part: usize, acceptance_probability: f64, iterations: u64) {
        if kind.definition().first_scale.is_some() {
            // Sums without bound and squares with one, as convergence wants it.
            let gain = 2.0 / (iterations as f64).powf(0.6).max(1.0);
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

    /// The mix that measured best (docs/sampler.md): moves of the earth by their weights, and of the geometry where it is
    /// sampled.
    pub fn standard(prior: &Prior) -> Self {
        let tried = |kind: &Move| match kind.definition().changes {
            Changes::Earth => true,
            Changes::Geometry => prior.geometry.is_sampled(),
            Changes::Errors => false,
        };
        let weight = |&kind: &Move| (kind, kind.definition().weight);
        Self::new(&Move::ALL.iter().filter(|kind| tried(kind)).map(weight).collect::<Vec<_>>())
    }

    /// The moves.
    pub fn kinds(&self) -> impl Iterator<Item = Move> {
        self.cumulative.iter().map(|&(_, kind)| kind)
    }

    /// A move, by weight.
    pub fn choose(&self, rng: &mut impl Rng) -> Move {
        let u = rng.random::<f64>();
        let found = self.cumulative.iter().find(|(bound, _)| u < *bound).or(self.cumulative.last());
        found.expect("a mix has at least one move").1
    }
}
