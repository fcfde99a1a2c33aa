//! One Markov chain: it proposes a model, accepts or rejects it, and keeps the state.

use rand::Rng;

use super::accept::{accept, acceptance_probability};
use super::gauss_newton::GaussNewton;
use super::likelihood::Likelihood;
use super::model::Model;
use super::moves::{Context, Move, MoveMix, MoveWorkspace, NoProposal, StepSizes};
use super::prior::{ErrorPrior, Prior};
use super::state::State;
use crate::forward::{EarthResponse, ForwardModel};

/// The posterior that a chain samples, and its moves. All chains of a sounding have the same target.
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
    /// Makes a target with the standard moves.
    pub fn new(prior: Prior, likelihood: Likelihood) -> Self {
        let mix = MoveMix::standard(&prior);
        Self { prior, likelihood, mix }
    }
}

/// Numbers of proposals and acceptances of a move.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MoveCount {
    /// Proposals, including those outside the prior.
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

/// Updates of errors per iteration.
const ERROR_UPDATES: usize = 2;
/// Updates of geometry per iteration, where the forward model makes them cheap.
const GEOMETRY_UPDATES: usize = 1;

/// Which forward model's posterior a chain samples, and whether proposals are screened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The posterior of the exact forward model.
    Exact,
    /// The posterior of the exact forward model; the coarse model screens the proposals ([`Chain::try_move`]).
    Screened,
    /// The posterior of the coarse model: for hot copies, whose samples are not recorded.
    Coarse,
}

/// The density of a chain relative to the posterior: prior x likelihood^`inverse_temperature` x
/// exp(`ln_layer_weight` x layers).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tempering {
    /// Power of the likelihood. 0 switches the data off and leaves the prior; there are then no predictions to exchange
    /// or to use.
    pub inverse_temperature: f64,
    /// ln of a factor of the density per layer.
    pub ln_layer_weight: f64,
    /// True when the coarse model alone decides in screened chains, as in heated burn-in. Far from the data the two
    /// models differ by more than any move gains, so that a chain that uses both would never leave its start.
    pub coarse_decides: bool,
}

impl Tempering {
    /// Returns this density at a temperature that is `factor` times as high.
    pub(super) fn heated(self, factor: f64) -> Self {
        Self { inverse_temperature: self.inverse_temperature / factor, coarse_decides: factor > 1.0, ..self }
    }
}

impl Default for Tempering {
    /// Returns the posterior itself.
    fn default() -> Self {
        Self { inverse_temperature: 1.0, ln_layer_weight: 0.0, coarse_decides: false }
    }
}

/// One chain.
#[derive(Debug, Clone)]
pub struct Chain<R> {
    level: Level,
    tempering: Tempering,
    pub(super) state: State,
    /// The proposal; kept between iterations for its allocations.
    pub(super) candidate: State,
    pub(super) responses: Responses,
    pub(super) candidate_responses: Responses,
    /// Correction of the data that the coarse model predicts, one value per channel; empty for none.
    correction: Vec<f64>,
    geometry_updates: usize,
    rng: R,
    scales: StepSizes,
    gauss_newton: Option<GaussNewton>,
    work: MoveWorkspace,
    counts: [MoveCount; Move::ALL.len()],
    /// Iterations of adaptation so far; `None` after freezing.
    adapting: Option<u64>,
}

/// Parts of predictions that depend only on the earth.
#[derive(Debug, Clone, Default)]
pub(super) struct Responses {
    /// Response of the model whose posterior the chain samples.
    pub(super) fit: EarthResponse,
    /// Response of the coarse model, in chains whose proposals it screens.
    pub(super) coarse: EarthResponse,
}

impl<R: Rng> Chain<R> {
    /// Starts a chain at `model` that samples the posterior of `forward`. It adapts its step sizes until
    /// [`freeze`](Self::freeze).
    pub fn new(model: Model, target: &Target, forward: &mut dyn ForwardModel, rng: R) -> Self {
        Self::at_level(Level::Exact, model, target, forward, rng)
    }

    /// Starts a chain like [`new`](Self::new) at another level. All levels except [`Level::Exact`] need a forward model
    /// with a coarse model.
    pub fn at_level(level: Level, model: Model, target: &Target, forward: &mut dyn ForwardModel, rng: R) -> Self {
        let (prior, likelihood) = (&target.prior, &target.likelihood);
        let mut responses = Responses::default();
        let sampled = model_of(level, forward);
        let mut state = State::new(model, prior, likelihood, sampled, &mut responses.fit);
        let moves_cheaply = sampled.moves_cheaply();
        if level == Level::Screened {
            let Model { earth, geometry, .. } = &state.model;
            state.coarse.predicted.resize(state.fit.predicted.len(), 0.0);
            coarse(forward).predict(earth, geometry, &mut responses.coarse, &mut state.coarse.predicted);
            state.coarse.evaluate(likelihood, &state.model);
        }
        Self {
            level,
            tempering: Tempering::default(),
            candidate: state.clone(),
            state,
            candidate_responses: responses.clone(),
            responses,
            correction: Vec::new(),
            geometry_updates: if prior.geometry.is_sampled() && moves_cheaply { GEOMETRY_UPDATES } else { 0 },
            rng,
            scales: StepSizes::new(prior),
            gauss_newton: None,
            work: MoveWorkspace::default(),
            counts: Default::default(),
            adapting: Some(0),
        }
    }

    /// Returns this chain with the likelihood to the power `inverse_temperature`; see [`Tempering`].
    pub fn with_inverse_temperature(mut self, inverse_temperature: f64) -> Self {
        self.tempering.inverse_temperature = inverse_temperature;
        self
    }

    /// Returns which posterior the chain samples.
    pub fn level(&self) -> Level {
        self.level
    }

    /// Returns the density of the chain relative to the posterior.
    pub fn tempering(&self) -> Tempering {
        self.tempering
    }

    /// Sets the density of the chain; only before [`freeze`](Self::freeze).
    pub fn set_tempering(&mut self, tempering: Tempering) {
        self.tempering = tempering;
    }

    /// Returns the current state.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Returns tries and acceptances of each move since the chain was frozen, in the order of [`Move::ALL`].
    pub fn counts(&self) -> &[MoveCount; Move::ALL.len()] {
        &self.counts
    }

    /// Replaces the linearisation that shapes the steps; only before [`freeze`](Self::freeze).
    pub fn set_gauss_newton(&mut self, gauss_newton: GaussNewton) {
        self.gauss_newton = Some(gauss_newton);
    }

    /// Replaces the correction of the data that the coarse model predicts, one value per channel; only before
    /// [`freeze`](Self::freeze).
    pub fn correct_coarse(&mut self, correction: &[f64], likelihood: &Likelihood) {
        let fit = match self.level {
            Level::Exact => return,
            Level::Screened => &mut self.state.coarse,
            Level::Coarse => &mut self.state.fit,
        };
        add(&mut fit.predicted, correction);
        for (predicted, before) in fit.predicted.iter_mut().zip(&self.correction) {
            *predicted -= before;
        }
        fit.evaluate(likelihood, &self.state.model);
        self.correction.clear();
        self.correction.extend_from_slice(correction);
    }

    /// Ends adaptation. After this the chain is Markov, and its samples may be recorded.
    pub fn freeze(&mut self) {
        self.adapting = None;
        self.counts = Default::default();
    }

    /// Does one iteration: a move chosen by weight, then two updates of the errors, which need no forward calculation,
    /// and one of the geometry where the forward model makes it cheap.
    pub fn iterate(&mut self, target: &Target, forward: &mut dyn ForwardModel) {
        if let Some(iterations) = &mut self.adapting {
            *iterations += 1;
        }
        let kind = target.mix.choose(&mut self.rng);
        self.try_move(kind, target, forward);
        for _ in 0..self.geometry_updates {
            self.try_move(Move::Geometry, target, forward);
        }
        for _ in 0..ERROR_UPDATES {
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

    /// Proposes a move of one kind and accepts or rejects it.
    ///
    /// In a screened chain a move of the earth must pass two tests (Christen & Fox 2005, doi:10.1198/106186005X76983):
    /// the first for the coarse posterior, the second with the rest of the ratio, L(x')/L(x) x
    /// L_coarse(x)/L_coarse(x'). Only proposals that pass the first test need an exact forward calculation, and the
    /// chain still samples the exact posterior.
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
        let (accepted, probability) = match proposal {
            Ok(ln_green) => self.judge(kind, ln_green, target, forward),
            Err(_) => (false, 0.0),
        };

        self.counts[kind.index()].add(accepted);
        // A model without anything to move gives no information on the step size.
        if let Some(iterations) = self.adapting
            && proposal != Err(NoProposal::NothingToMove)
        {
            self.scales.adapt(kind, part, probability, iterations);
        }
        if accepted {
            std::mem::swap(&mut self.state, &mut self.candidate);
            if kind.changes_earth() {
                std::mem::swap(&mut self.responses, &mut self.candidate_responses);
            }
        }
    }

    /// Completes the candidate after a move of `kind` has changed its model. Returns whether it is accepted, and the
    /// probability of acceptance. The forward model runs last, and only for models inside the prior.
    fn judge(&mut self, kind: Move, ln_green: f64, target: &Target, forward: &mut dyn ForwardModel) -> (bool, f64) {
        let power = self.tempering.inverse_temperature;
        let ln_prior_ratio = ln_green + self.ln_prior_ratio(kind, target);
        if ln_prior_ratio == f64::NEG_INFINITY || power == 0.0 {
            return self.toss(ln_prior_ratio);
        }
        let (mut passed, mut passed_at) = (false, 1.0);
        let mut ln_ratio = ln_prior_ratio;
        if self.level == Level::Screened {
            let (now, then) = (&self.state.coarse, &mut self.candidate.coarse);
            let responses = (&self.responses.coarse, &mut self.candidate_responses.coarse);
            if predict(kind, &self.candidate.model, coarse(forward), responses, &mut then.predicted) {
                add(&mut then.predicted, &self.correction);
            }
            then.evaluate(&target.likelihood, &self.candidate.model);
            if kind.changes_earth() {
                let ln_screening_ratio = power * (then.ln_likelihood - now.ln_likelihood);
                (passed, passed_at) = self.toss(ln_prior_ratio + ln_screening_ratio);
                if !passed {
                    return (false, passed_at);
                }
                ln_ratio = -ln_screening_ratio;
            }
        }
        let then = &mut self.candidate.fit;
        let responses = (&self.responses.fit, &mut self.candidate_responses.fit);
        let sampled = model_of(self.level, forward);
        if predict(kind, &self.candidate.model, sampled, responses, &mut then.predicted) && self.level == Level::Coarse
        {
            add(&mut then.predicted, &self.correction);
        }
        then.evaluate(&target.likelihood, &self.candidate.model);
        if passed && self.tempering.coarse_decides {
            return (true, passed_at);
        }
        let (accepted, probability) =
            self.toss(ln_ratio + power * (self.candidate.fit.ln_likelihood - self.state.fit.ln_likelihood));
        (accepted, passed_at * probability)
    }

    fn toss(&mut self, ln_ratio: f64) -> (bool, f64) {
        (accept(ln_ratio, &mut self.rng), acceptance_probability(ln_ratio))
    }

    /// Completes the candidate's priors. Returns ln of the ratio of the candidate's prior to the state's, with the
    /// weight of layers.
    fn ln_prior_ratio(&mut self, kind: Move, target: &Target) -> f64 {
        let (now, then) = (&self.state, &mut self.candidate);
        if kind.changes_earth() {
            then.ln_prior_earth = target.prior.ln_density_earth(&then.model.earth);
        }
        // Moves of the earth may change the geometry as well.
        then.ln_prior_rest = target.prior.ln_density_rest(&then.model);
        let layers_more = then.model.earth.layer_count() as f64 - now.model.earth.layer_count() as f64;
        then.ln_prior_earth - now.ln_prior_earth + then.ln_prior_rest - now.ln_prior_rest
            + self.tempering.ln_layer_weight * layers_more
    }
}

/// Returns the coarse model. Chains of all levels except exact are made only where there is one.
pub(super) fn coarse(forward: &mut dyn ForwardModel) -> &mut dyn ForwardModel {
    forward.coarse().expect("chains that are not exact have a coarse forward model")
}

/// Returns the forward model whose posterior chains of `level` sample.
fn model_of(level: Level, forward: &mut dyn ForwardModel) -> &mut dyn ForwardModel {
    if level == Level::Coarse { coarse(forward) } else { forward }
}

/// Adds `correction` to `predicted`.
fn add(predicted: &mut [f64], correction: &[f64]) {
    predicted.iter_mut().zip(correction).for_each(|(predicted, correction)| *predicted += correction);
}

/// Predicts data after a move of `kind` has changed a model; `responses` are of the earths before and after the move.
/// Returns whether the move changes the prediction.
fn predict(
    kind: Move,
    model: &Model,
    forward: &mut dyn ForwardModel,
    responses: (&EarthResponse, &mut EarthResponse),
    predicted: &mut [f64],
) -> bool {
    let Model { earth, geometry, .. } = model;
    if kind.changes_earth() {
        forward.predict(earth, geometry, responses.1, predicted);
    } else if kind.needs_forward() {
        forward.predict_moved(earth, geometry, responses.0, predicted);
    }
    kind.needs_forward()
}
