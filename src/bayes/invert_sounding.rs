//! One sounding in, its posterior out.

use super::chain::{Chain, MoveCount, Target};
use super::diagnostics::{Convergence, convergence};
use super::gauss_newton::GaussNewton;
use super::moves::Move;
use super::rng::{ChainRng, chain_rng};
use super::state::State;
use crate::earth::LayeredEarth;
use crate::forward::ForwardModel;
use crate::system::Geometry;

/// How long to sample and when to stop.
#[derive(Debug, Clone, PartialEq)]
pub struct SamplerSettings {
    /// Seed of the survey.
    pub seed: u64,
    /// Chains per sounding, each from its own draw of the prior; at least 2.
    pub chain_count: usize,
    /// Iterations of a chain after which burn-in ends, stationary or not.
    pub maximum_burn_in: usize,
    /// Iterations of a chain after burn-in at which sampling ends, converged or not.
    pub maximum_iterations: usize,
    /// Iterations between recorded samples.
    pub record_every: usize,
    /// Largest R-hat of a converged sounding.
    pub rhat_target: f64,
    /// Smallest effective sample size, all chains together, of a converged sounding.
    pub ess_target: f64,
}

/// One recorded sample.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Layers.
    pub earth: LayeredEarth,
    /// Relative error of each error group, a fraction.
    pub relative_error: Vec<f64>,
    /// Additive error of each error group, in the data's unit.
    pub additive_error: Vec<f64>,
    /// Where the coils are and how they are turned.
    pub geometry: Geometry,
    /// Predicted data.
    pub predicted: Vec<f64>,
    /// Chi-square over the active channels.
    pub misfit: f64,
    /// ln of prior times likelihood.
    pub ln_posterior: f64,
}

impl From<&State> for Sample {
    fn from(state: &State) -> Self {
        Self {
            earth: state.model.earth.clone(),
            relative_error: state.model.ln_relative_error.iter().map(|e| e.exp()).collect(),
            additive_error: state.model.ln_additive_error.iter().map(|e| e.exp()).collect(),
            geometry: state.model.geometry,
            predicted: state.predicted.clone(),
            misfit: state.misfit,
            ln_posterior: state.ln_posterior(),
        }
    }
}

/// How sampling ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// R-hat and effective sample size of every quantity met their targets.
    Converged,
    /// The budget of iterations ended with an R-hat above its target: the chains do not agree.
    ChainsDisagree,
    /// The budget of iterations ended with too few effective samples.
    TooFewEffectiveSamples,
}

/// R-hat and effective sample size of the quantities that matter.
#[derive(Debug, Clone)]
pub struct Diagnostics {
    /// Of the layer count.
    pub layer_count: Convergence,
    /// Of the misfit.
    pub misfit: Convergence,
    /// Of log10 conductivity at each diagnostic depth.
    pub log10_conductivity: Vec<Convergence>,
}

impl Diagnostics {
    fn all(&self) -> impl Iterator<Item = Convergence> {
        [self.layer_count, self.misfit].into_iter().chain(self.log10_conductivity.iter().copied())
    }

    /// Largest R-hat.
    pub fn maximum_rhat(&self) -> f64 {
        self.all().map(|c| c.rhat).fold(0.0, f64::max)
    }

    /// Smallest effective sample size.
    pub fn minimum_ess(&self) -> f64 {
        self.all().map(|c| c.ess).fold(f64::INFINITY, f64::min)
    }
}

/// Everything sampling leaves behind.
#[derive(Debug)]
pub struct SoundingPosterior {
    /// Recorded samples of each chain after burn-in.
    pub chains: Vec<Vec<Sample>>,
    /// How sampling ended.
    pub outcome: Outcome,
    /// Convergence.
    pub diagnostics: Diagnostics,
    /// Iterations of each chain before its samples count.
    pub burn_in: usize,
    /// Iterations of each chain after that.
    pub iterations: usize,
    /// Tries and acceptances of each move over all chains, in the order of [`Move::ALL`].
    pub counts: [MoveCount; Move::ALL.len()],
    /// Misfit of each chain from the first iteration, every `record_every`.
    pub misfit_trace: Vec<Vec<f64>>,
}

/// Samples the posterior `target` of the sounding with key (`line_number`, `fiducial`).
///
/// Chains start at draws from the prior. Burn-in lasts until they agree; it tunes the step sizes, which are then frozen.
/// Sampling lasts until R-hat and effective sample size of layer count, misfit and log10 conductivity at
/// `diagnostic_depths_m` meet their targets, or the budget ends.
pub fn invert_sounding(
    target: &Target,
    forward: &mut dyn ForwardModel,
    settings: &SamplerSettings,
    line_number: f64,
    fiducial: f64,
    diagnostic_depths_m: &[f64],
) -> SoundingPosterior {
    let mut chains: Vec<Chain<ChainRng>> = (0..settings.chain_count)
        .map(|chain| {
            let mut rng = chain_rng(settings.seed, line_number, fiducial, chain as u64);
            Chain::new(target.prior.draw(&mut rng), target, forward, rng)
        })
        .collect();
    let mut misfit_trace = vec![Vec::new(); chains.len()];

    let burn_in = burn_in(&mut chains, &mut misfit_trace, target, forward, settings);
    chains.iter_mut().for_each(Chain::freeze);

    let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); chains.len()];
    let mut iterations = 0;
    let mut next_check = 5_000.min(settings.maximum_iterations);
    loop {
        for ((chain, samples), trace) in chains.iter_mut().zip(&mut samples).zip(&mut misfit_trace) {
            for iteration in iterations..next_check {
                chain.iterate(target, forward);
                if iteration % settings.record_every == 0 {
                    samples.push(chain.state().into());
                    trace.push(chain.state().misfit);
                }
            }
        }
        iterations = next_check;
        let diagnostics = diagnose(&samples, diagnostic_depths_m);
        let outcome = if diagnostics.maximum_rhat() > settings.rhat_target {
            Outcome::ChainsDisagree
        } else if diagnostics.minimum_ess() < settings.ess_target {
            Outcome::TooFewEffectiveSamples
        } else {
            Outcome::Converged
        };
        if outcome == Outcome::Converged || iterations == settings.maximum_iterations {
            let counts = total_counts(&chains);
            return SoundingPosterior {
                chains: samples,
                outcome,
                diagnostics,
                burn_in,
                iterations,
                counts,
                misfit_trace,
            };
        }
        // Growing by 30 % wastes little sampling and keeps the cost of checking small.
        next_check = (iterations + iterations * 3 / 10).min(settings.maximum_iterations);
    }
}

/// Iterations of the first stage of burn-in; every further stage ends at twice the one before.
const FIRST_STAGE: usize = 250;
/// Stages shorter than this are too short to tell whether chains agree.
const FIRST_TEST: usize = 2_000;
/// R-hat of layer count, misfit and ln posterior over the later half of burn-in below which it ends.
const BURN_IN_RHAT: f64 = 1.2;

/// Runs until the chains, judged by the later half of their iterations, agree in misfit, layer count and posterior
/// density: stationarity, not the first lucky misfit. Returns the number of iterations.
fn burn_in(
    chains: &mut [Chain<ChainRng>],
    misfit_trace: &mut [Vec<f64>],
    target: &Target,
    forward: &mut dyn ForwardModel,
    settings: &SamplerSettings,
) -> usize {
    let cell_depths_m = GaussNewton::cell_depths_m(target.prior.interfaces.maximum_depth_m());
    let mut profile = vec![target.prior.conductivity.mean; cell_depths_m.len()];
    let mut iterations = 0;
    let mut stage_end = FIRST_STAGE;
    loop {
        let geometry = target.prior.geometry.measured();
        let linearised = GaussNewton::new(profile, geometry, &target.prior, &target.likelihood, forward);
        chains.iter_mut().for_each(|chain| chain.set_gauss_newton(linearised.clone()));

        stage_end = stage_end.min(settings.maximum_burn_in);
        profile = vec![0.0; cell_depths_m.len()];
        let mut recorded = 0.0;
        // misfit, layer count, ln posterior
        let mut traces = [const { Vec::new() }; 3];
        for (chain, misfit_trace) in chains.iter_mut().zip(&mut *misfit_trace) {
            let mut trace = [const { Vec::new() }; 3];
            for iteration in iterations..stage_end {
                chain.iterate(target, forward);
                if iteration % settings.record_every == 0 {
                    let state = chain.state();
                    misfit_trace.push(state.misfit);
                    trace[0].push(state.misfit);
                    trace[1].push(state.model.earth.layer_count() as f64);
                    trace[2].push(state.ln_posterior());
                    profile
                        .iter_mut()
                        .zip(&cell_depths_m)
                        .for_each(|(p, &z)| *p += state.model.earth.ln_conductivity_at(z));
                    recorded += 1.0;
                }
            }
            traces.iter_mut().zip(trace).for_each(|(all, one)| all.push(one));
        }
        iterations = stage_end;
        let stationary =
            iterations >= FIRST_TEST && traces.iter().all(|chains| convergence(chains).rhat <= BURN_IN_RHAT);
        if stationary || iterations >= settings.maximum_burn_in {
            return iterations;
        }
        profile.iter_mut().for_each(|p| *p /= recorded);
        stage_end = 2 * iterations;
    }
}

fn diagnose(chains: &[Vec<Sample>], diagnostic_depths_m: &[f64]) -> Diagnostics {
    let of = |quantity: &dyn Fn(&Sample) -> f64| {
        convergence(&chains.iter().map(|samples| samples.iter().map(quantity).collect()).collect::<Vec<Vec<f64>>>())
    };
    Diagnostics {
        layer_count: of(&|s| s.earth.layer_count() as f64),
        misfit: of(&|s| s.misfit),
        log10_conductivity: diagnostic_depths_m.iter().map(|&z| of(&|s| s.earth.ln_conductivity_at(z))).collect(),
    }
}

fn total_counts(chains: &[Chain<ChainRng>]) -> [MoveCount; Move::ALL.len()] {
    let mut total = [MoveCount::default(); Move::ALL.len()];
    for chain in chains {
        for (sum, count) in total.iter_mut().zip(chain.counts()) {
            sum.tried += count.tried;
            sum.accepted += count.accepted;
        }
    }
    total
}
