//! One Markov chain: propose, accept or not, remember.

use rand::Rng;

use super::accept::{accept, acceptance_probability};
use super::gauss_newton::GaussNewton;
use super::likelihood::Likelihood;
use super::moves::{Context, Move, MoveMix, NoProposal, Scales, Workspace};
use super::prior::{ErrorPrior, Prior};
use super::state::{Model, State};
use crate::forward::{EarthResponse, ForwardModel};

/// What a chain samples; the same for all chains of a sounding.
#[derive(Debug, Clone)]
pub struct Target {
    /// The prior.
    pub prior: Prior,
    /// The data.
    pub likelihood: Likelihood,
    /// The moves.
    pub mix: MoveMix,
}

impl Target {
    /// With the standard moves.
    pub fn new(prior: Prior, likelihood: Likelihood) -> Self {
        let mix = MoveMix::standard(&prior);
        Self { prior, likelihood, mix }
    }
}

/// How often a move was tried and accepted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MoveCount {
    /// Proposals, those outside the prior included.
    pub tried: u64,
    /// Acceptances.
    pub accepted: u64,
}

impl MoveCount {
    /// Counts a proposal.
    pub(super) fn add(&mut self, accepted: bool) {
        self.tried += 1;
        self.accepted += u64::from(accepted);
    }
}

/// Updates of errors and of cheap geometry per iteration.
const CHEAP_UPDATES: usize = 2;

/// One chain.
#[derive(Debug, Clone)]
pub struct Chain<R> {
    state: State,
    /// The proposal; kept between iterations for its allocations.
    candidate: State,
    /// What the forward model knows of the state's earth.
    response: EarthResponse,
    /// The same of the candidate's, where a move changes it.
    candidate_response: EarthResponse,
    geometry_updates: usize,
    rng: R,
    scales: Scales,
    gauss_newton: Option<GaussNewton>,
    work: Workspace,
    counts: [MoveCount; Move::ALL.len()],
    /// Iterations of adaptation so far; `None` once frozen.
    adapting: Option<u64>,
    /// Power to which the likelihood is raised.
    inverse_temperature: f64,
}

impl<R: Rng> Chain<R> {
    /// Starts at `model`, adapting its step sizes until [`freeze`](Self::freeze).
    pub fn new(model: Model, target: &Target, forward: &mut dyn ForwardModel, rng: R) -> Self {
        let mut response = EarthResponse::default();
        let state = State::new(model, &target.prior, &target.likelihood, forward, &mut response);
        let sampled = target.prior.geometry.is_sampled();
        Self {
            candidate: state.clone(),
            state,
            candidate_response: response.clone(),
            response,
            geometry_updates: if sampled && forward.moves_cheaply() { CHEAP_UPDATES } else { 0 },
            rng,
            scales: Scales::new(&target.prior),
            gauss_newton: None,
            work: Workspace::default(),
            counts: Default::default(),
            adapting: Some(0),
            inverse_temperature: 1.0,
        }
    }

    /// The same with the likelihood to the power `inverse_temperature`: 0 switches the data off and leaves the prior, without
    /// predictions to exchange or to look at.
    pub fn with_inverse_temperature(mut self, inverse_temperature: f64) -> Self {
        self.inverse_temperature = inverse_temperature;
        self
    }

    /// Power to which the likelihood is raised.
    pub fn inverse_temperature(&self) -> f64 {
        self.inverse_temperature
    }

    /// Exchanges models with `other`.
    pub fn exchange(&mut self, other: &mut Self) {
        std::mem::swap(&mut self.state, &mut other.state);
        std::mem::swap(&mut self.response, &mut other.response);
    }

    /// Where the chain is.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Tries and acceptances of each move since the chain was frozen, in the order of [`Move::ALL`].
    pub fn counts(&self) -> &[MoveCount; Move::ALL.len()] {
        &self.counts
    }

    /// Replaces the linearisation that shapes the steps; only before [`freeze`](Self::freeze).
    pub fn set_gauss_newton(&mut self, gauss_newton: GaussNewton) {
        self.gauss_newton = Some(gauss_newton);
    }

    /// Ends adaptation: from here on the chain is Markov and its samples count.
    pub fn freeze(&mut self) {
        self.adapting = None;
        self.counts = Default::default();
    }

    /// One iteration: a move by weight, then two updates of the errors, which cost no forward calculation, and of the
    /// geometry, where the forward model makes them cheap.
    pub fn iterate(&mut self, target: &Target, forward: &mut dyn ForwardModel) {
        if let Some(iterations) = &mut self.adapting {
            *iterations += 1;
        }
        let kind = target.mix.choose(&mut self.rng);
        self.try_move(kind, target, forward);
        for _ in 0..self.geometry_updates {
            self.try_move(Move::Geometry, target, forward);
        }
        for _ in 0..CHEAP_UPDATES {
            for (kind, errors) in [
                (Move::RelativeError, &target.prior.relative_error),
                (Move::AdditiveError, &target.prior.additive_error),
            ] {
                if errors.iter().any(ErrorPrior::is_sampled) {
                    self.try_move(kind, target, forward);
                }
            }
        }
    }

    /// Proposes a move of one kind and accepts it or not.
    pub fn try_move(&mut self, kind: Move, target: &Target, forward: &mut dyn ForwardModel) {
        self.candidate.clone_from(&self.state);
        let part = kind.choose_part(&target.prior, &mut self.rng);
        let mut context = Context {
            prior: &target.prior,
            scale: self.scales.get(kind, part),
            part,
            gauss_newton: self.gauss_newton.as_mut(),
            work: &mut self.work,
        };
        let proposal = kind.propose(&mut self.candidate.model, &mut context, &mut self.rng);
        let ln_ratio = match proposal {
            Ok(ln_green) => ln_green + self.ln_target_ratio(kind, target, forward),
            Err(_) => f64::NEG_INFINITY,
        };
        let accepted = accept(ln_ratio, &mut self.rng);

        self.counts[kind.index()].add(accepted);
        // A model that has nothing for the move says nothing about its step size.
        if let Some(iterations) = self.adapting
            && proposal != Err(NoProposal::NothingToMove)
        {
            self.scales.adapt(kind, part, acceptance_probability(ln_ratio), iterations);
        }
        if accepted {
            std::mem::swap(&mut self.state, &mut self.candidate);
            if kind.changes_earth() {
                std::mem::swap(&mut self.response, &mut self.candidate_response);
            }
        }
    }

    /// Completes the candidate after its model was changed by a move of `kind`, and returns ln of its density over the
    /// state's. The forward is run last, and only where the prior allows.
    fn ln_target_ratio(&mut self, kind: Move, target: &Target, forward: &mut dyn ForwardModel) -> f64 {
        let candidate = &mut self.candidate;
        if kind.changes_earth() {
            candidate.ln_prior_earth = target.prior.ln_density_earth(&candidate.model.earth);
        }
        // Moves of the earth may take the geometry along.
        candidate.ln_prior_rest = target.prior.ln_density_rest(&candidate.model);
        let ln_prior_ratio =
            candidate.ln_prior_earth - self.state.ln_prior_earth + candidate.ln_prior_rest - self.state.ln_prior_rest;
        if ln_prior_ratio == f64::NEG_INFINITY || self.inverse_temperature == 0.0 {
            return ln_prior_ratio;
        }
        let Model { earth, geometry, .. } = &candidate.model;
        if kind.changes_earth() {
            forward.predict(earth, geometry, &mut self.candidate_response, &mut candidate.predicted);
        } else if kind.needs_forward() {
            forward.predict_moved(earth, geometry, &self.response, &mut candidate.predicted);
        }
        (candidate.misfit, candidate.ln_likelihood) =
            target.likelihood.evaluate(&candidate.predicted, &candidate.model);
        ln_prior_ratio + self.inverse_temperature * (candidate.ln_likelihood - self.state.ln_likelihood)
    }
}
