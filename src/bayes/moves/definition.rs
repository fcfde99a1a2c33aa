//! What a move is made of, and what proposals are made with.

use rand::Rng;

use crate::bayes::gauss_newton::GaussNewton;
use crate::bayes::model::Model;
use crate::bayes::prior::Prior;

/// What a move does and how often it is tried.
#[derive(Debug)]
pub(super) struct MoveDefinition {
    /// Name in results.
    pub(super) name: &'static str,
    /// The part of the model that the move changes.
    pub(super) changes: Changes,
    /// How often the move is tried, relative to the others of the standard mix; 0 for errors, which are updated after
    /// every move.
    pub(super) weight: f64,
    /// Step size before adaptation, for moves that have one.
    pub(super) first_scale: Option<f64>,
    /// Number of things that the move can change, each with its own step size.
    pub(super) part_count: fn(&Prior) -> usize,
    /// Chooses the part that is moved; must not depend on the current model.
    pub(super) choose_part: fn(&Prior, &mut dyn Rng) -> usize,
    /// Makes the proposal; see [`Move::propose`](super::Move::propose).
    pub(super) propose: Propose,
}

/// ln [q(candidate -> current) / q(current -> candidate) |Jacobian|]: the factor of Green's (1995) ratio besides the
/// targets.
pub type Proposal = Result<f64, NoProposal>;

/// Why there is no proposal. This counts as a rejection and is never redrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoProposal {
    /// The model has nothing for the move to change.
    NothingToMove,
    /// The proposal is outside the support of the prior.
    Outside,
}

/// Returns an error unless the proposal is inside the support of the prior.
pub(super) fn inside(allowed: bool) -> Result<(), NoProposal> {
    if allowed { Ok(()) } else { Err(NoProposal::Outside) }
}

pub(super) type Propose = fn(&mut Model, &mut Context, &mut dyn Rng) -> Proposal;

impl MoveDefinition {
    /// Defines a move of the earth that has one part and no step size.
    pub(super) const fn new(name: &'static str, weight: f64, propose: Propose) -> Self {
        Self {
            name,
            changes: Changes::Earth,
            weight,
            first_scale: None,
            part_count: |_| 1,
            choose_part: |_, _| 0,
            propose,
        }
    }
}

/// The part of the model that a move changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Changes {
    /// The layers, and in some moves the geometry.
    Earth,
    Geometry,
    Errors,
}

/// Inputs of proposals; none of them depends on the current model.
#[derive(Debug)]
pub struct Context<'a> {
    /// The prior.
    pub prior: &'a Prior,
    /// Step size of the proposed move and part.
    pub scale: f64,
    /// The part that is moved, from [`Move::choose_part`](super::Move::choose_part).
    pub part: usize,
    /// Linearised information of the data, from burn-in.
    pub gauss_newton: Option<&'a mut GaussNewton>,
    /// Work space, kept between proposals for its allocations.
    pub work: &'a mut MoveWorkspace,
}

/// Room for intermediate results of a proposal.
#[derive(Debug, Clone, Default)]
pub struct MoveWorkspace {
    pub(super) diagonal: Vec<f64>,
    pub(super) beside: Vec<f64>,
}
