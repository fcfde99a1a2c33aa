//! What a move is made of, and what proposals are made with.

use rand::Rng;

use crate::bayes::gauss_newton::GaussNewton;
use crate::bayes::model::Model;
use crate::bayes::prior::Prior;

/// What a move does and how often, beside its text.
#[derive(Debug)]
pub(super) struct Definition {
    /// In results.
    pub(super) name: &'static str,
    /// What of the model it changes.
    pub(super) changes: Changes,
    /// How often it is tried, relative to the others of the standard mix; 0 for errors, which follow every move.
    pub(super) weight: f64,
    /// Step size before adaptation, for moves that have one.
    pub(super) first_scale: Option<f64>,
    /// Number of things it may move, each with its own step size.
    pub(super) part_count: fn(&Prior) -> usize,
    /// Which of these it is to move; must not look at the current model.
    pub(super) choose_part: fn(&Prior, &mut dyn Rng) -> usize,
    /// See [`Move::propose`](super::Move::propose).
    pub(super) propose: Propose,
}

/// ln [q(candidate -> current) / q(current -> candidate) |Jacobian|]: what Green (1995) has beside the ratio of targets.
pub type Proposal = Result<f64, NoProposal>;

/// Why there is no proposal: a rejection, never a redraw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoProposal {
    /// The model has nothing for the move to change.
    NothingToMove,
    /// It would be outside the support.
    Outside,
}

/// Goes on where the support allows.
pub(super) fn inside(allowed: bool) -> Result<(), NoProposal> {
    if allowed { Ok(()) } else { Err(NoProposal::Outside) }
}

pub(super) type Propose = fn(&mut Model, &mut Context, &mut dyn Rng) -> Proposal;

impl Definition {
    /// A move of the earth, all of it in one part and without a step size.
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

/// What of the model a move changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Changes {
    /// The layers, and the geometry perhaps.
    Earth,
    Geometry,
    Errors,
}

/// What proposals are made with: nothing here depends on the current model.
#[derive(Debug)]
pub struct Context<'a> {
    /// The prior.
    pub prior: &'a Prior,
    /// Step size of the move and part that is proposed.
    pub scale: f64,
    /// What is moved, as [`Move::choose_part`](super::Move::choose_part) has it.
    pub part: usize,
    /// What the data say, as seen in burn-in.
    pub gauss_newton: Option<&'a mut GaussNewton>,
    /// Kept between proposals for its allocations.
    pub work: &'a mut Workspace,
}

/// Room for a proposal's intermediate results.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    pub(super) diagonal: Vec<f64>,
    pub(super) beside: Vec<f64>,
}
