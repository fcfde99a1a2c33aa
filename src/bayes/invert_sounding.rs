//! One sounding in, its posterior out.

use std::ops::Range;

use super::chain::{Chain, MoveCount, Target};
use super::diagnostics::convergence;
use super::gauss_newton::GaussNewton;
use super::grids::Grids;
use super::ladder::Ladder;
use super::moves::Move;
use super::posterior::{Outcome, SoundingPosterior};
use super::pulse::{PULSE_EVERY, Pulse};
use super::recorder::Recorder;
use super::rng::{ChainRng, chain_rng};
use super::state::State;
use crate::forward::ForwardModel;

/// How long to sample and when to stop.
#[derive(Debug, Clone, PartialEq)]
pub struct SamplerSettings {
    /// Seed of the survey.
    pub seed: u64,
    /// Chains per sounding, each from its own draw of the prior; at least 2.
    pub chain_count: usize,
    /// Temperatures of each chain, 1 of which counts: 1 to [`maximum_temperature`](Self::maximum_temperature).
    pub temperature_count: usize,
    /// The highest temperature.
    pub maximum_temperature: f64,
    /// Iterations of a chain after which burn-in ends, stationary or not.
    pub maximum_burn_in: usize,
    /// Iterations of a chain after burn-in at which sampling ends, converged or not.
    pub maximum_iterations: usize,
    /// Iterations between recorded samples.
    pub record_every: usize,
    /// Largest R-hat of a converged sounding.
    pub rhat_target: f64,
    /// Smallest effective sample size, bulk and tail, all chains together, of a converged sounding.
    pub ess_target: f64,
    /// Thinned samples wanted, all chains together.
    pub sample_count: usize,
}

/// Samples the posterior `target` of the sounding with key (`line_number`, `fiducial`); `None` when `pulse` breaks.
///
/// Chains start at draws from the prior. Burn-in lasts until they agree; it tunes the step sizes, which are then frozen.
/// Sampling lasts until R-hat and effective sample size of layer count, misfit and log10 conductivity at the diagnostic
/// depths of `grids` meet their targets, or the budget ends.
pub fn invert_sounding(
    target: &Target,
    forward: &mut dyn ForwardModel,
    settings: &SamplerSettings,
    grids: &Grids,
    line_number: f64,
    fiducial: f64,
    pulse: &mut Pulse<'_>,
) -> Option<SoundingPosterior> {
    let mut chains: Vec<Ladder<ChainRng>> = (0..settings.chain_count)
        .map(|chain| {
            let stream = |rung| chain_rng(settings.seed, line_number, fiducial, (chain * STREAMS + rung) as u64);
            ladder(target, forward, settings, stream)
        })
        .collect();
    let mut misfit_trace = vec![Vec::new(); chains.len()];

    let burn_in = burn_in(&mut chains, &mut misfit_trace, target, forward, settings, pulse)?;
    chains.iter_mut().for_each(Ladder::freeze);

    let mut recorder = Recorder::new(grids, &target.prior, settings);
    let mut iterations = 0;
    let mut next_check = 5_000.min(settings.maximum_iterations);
    loop {
        for (index, (chain, trace)) in chains.iter_mut().zip(&mut misfit_trace).enumerate() {
            advance(chain, iterations..next_check, target, forward, settings.record_every, pulse, |state| {
                recorder.record(index, state);
                trace.push(state.misfit as f32);
            })?;
        }
        iterations = next_check;
        let diagnostics = recorder.diagnose(pulse)?;
        let outcome = if diagnostics.maximum_rhat() > settings.rhat_target {
            Outcome::ChainsDisagree
        } else if diagnostics.minimum_ess() < settings.ess_target {
            Outcome::TooFewEffectiveSamples
        } else {
            Outcome::Converged
        };
        if outcome == Outcome::Converged || iterations == settings.maximum_iterations {
            let (histograms, best, chains_kept) = recorder.finish();
            return Some(SoundingPosterior {
                histograms,
                best,
                chains: chains_kept,
                outcome,
                diagnostics,
                burn_in,
                iterations,
                counts: total_counts(&chains),
                exchange_rate: least_exchange_rate(&chains),
                misfit_trace,
            });
        }
        // Growing by 30 % wastes little sampling and keeps the cost of checking small.
        next_check = (iterations + iterations * 3 / 10).min(settings.maximum_iterations);
    }
}

/// Streams of random numbers set aside for a chain: one for each temperature, and the last for exchanges.
const STREAMS: usize = 1_000;

/// A chain and its hotter copies, each started at a draw of the prior.
fn ladder(
    target: &Target,
    forward: &mut dyn ForwardModel,
    settings: &SamplerSettings,
    stream: impl Fn(usize) -> ChainRng,
) -> Ladder<ChainRng> {
    let temperatures = Ladder::<ChainRng>::temperatures(settings.temperature_count, settings.maximum_temperature);
    let mut chains = temperatures.enumerate().map(|(rung, temperature)| {
        let mut rng = stream(rung);
        let start = target.prior.draw(&mut rng);
        Chain::new(start, target, forward, rng).with_inverse_temperature(1.0 / temperature)
    });
    let cold = chains.next().expect("there is one temperature at least");
    Ladder::new(cold, chains.collect(), stream(STREAMS - 1))
}

/// Runs `chain` through `iterations` and hands every state to be recorded to `record`; `None` when `pulse` breaks.
fn advance(
    chain: &mut Ladder<ChainRng>,
    iterations: Range<usize>,
    target: &Target,
    forward: &mut dyn ForwardModel,
    record_every: usize,
    pulse: &mut Pulse<'_>,
    mut record: impl FnMut(&State),
) -> Option<()> {
    for iteration in iterations {
        if iteration.is_multiple_of(PULSE_EVERY) {
            pulse().continue_value()?;
        }
        chain.iterate(target, forward);
        if iteration.is_multiple_of(record_every) {
            record(chain.state());
        }
    }
    Some(())
}

/// Iterations of the first stage of burn-in; every further stage ends at twice the one before.
const FIRST_STAGE: usize = 250;
/// Stages shorter than this are too short to tell whether chains agree.
const FIRST_TEST: usize = 2_000;
/// R-hat of layer count, misfit and ln posterior over the later half of burn-in below which it ends.
const BURN_IN_RHAT: f64 = 1.2;

/// Runs until the chains, judged by the later half of their iterations, agree in misfit, layer count and posterior
/// density: stationarity, not the first lucky misfit. Returns the number of iterations, `None` when `pulse` breaks.
fn burn_in(
    chains: &mut [Ladder<ChainRng>],
    misfit_trace: &mut [Vec<f32>],
    target: &Target,
    forward: &mut dyn ForwardModel,
    settings: &SamplerSettings,
    pulse: &mut Pulse<'_>,
) -> Option<usize> {
    let cell_depths_m = GaussNewton::cell_depths_m(target.prior.interfaces.maximum_depth_m());
    let mut profile = vec![target.prior.conductivity.mean; cell_depths_m.len()];
    let mut geometry = *target.prior.geometry.measured();
    let mut iterations = 0;
    let mut stage_end = FIRST_STAGE;
    loop {
        let linearised = GaussNewton::new(profile, &geometry, &target.prior, &target.likelihood, forward);
        chains.iter_mut().for_each(|chain| chain.set_gauss_newton(&linearised));

        stage_end = stage_end.min(settings.maximum_burn_in);
        profile = vec![0.0; cell_depths_m.len()];
        let sampled = target.prior.geometry.sampled();
        let mut place = vec![0.0; sampled.len()];
        let mut recorded = 0.0;
        // misfit, layer count, ln posterior
        let mut traces = [const { Vec::new() }; 3];
        for (chain, misfit_trace) in chains.iter_mut().zip(&mut *misfit_trace) {
            let mut trace = [const { Vec::new() }; 3];
            advance(chain, iterations..stage_end, target, forward, settings.record_every, pulse, |state| {
                misfit_trace.push(state.misfit as f32);
                trace[0].push(state.misfit);
                trace[1].push(state.model.earth.layer_count() as f64);
                trace[2].push(state.ln_posterior());
                profile
                    .iter_mut()
                    .zip(&cell_depths_m)
                    .for_each(|(p, &z)| *p += state.model.earth.ln_conductivity_at(z));
                place.iter_mut().zip(sampled).for_each(|(p, &parameter)| *p += state.model.geometry.get(parameter));
                recorded += 1.0;
            })?;
            traces.iter_mut().zip(trace).for_each(|(all, one)| all.push(one));
        }
        iterations = stage_end;
        let stationary = iterations >= FIRST_TEST && stationary(&traces, pulse)?;
        if stationary || iterations >= settings.maximum_burn_in {
            return Some(iterations);
        }
        profile.iter_mut().for_each(|p| *p /= recorded);
        place.iter().zip(sampled).for_each(|(sum, &parameter)| geometry.set(parameter, sum / recorded));
        stage_end = 2 * iterations;
    }
}

/// Whether the chains agree in each trace; `None` when `pulse` breaks.
fn stationary(traces: &[Vec<Vec<f64>>], pulse: &mut Pulse<'_>) -> Option<bool> {
    for chains in traces {
        pulse().continue_value()?;
        if convergence(chains).rhat > BURN_IN_RHAT {
            return Some(false);
        }
    }
    Some(true)
}

fn total_counts(chains: &[Ladder<ChainRng>]) -> [MoveCount; Move::ALL.len()] {
    let mut total = [MoveCount::default(); Move::ALL.len()];
    for chain in chains {
        for (sum, count) in total.iter_mut().zip(chain.counts()) {
            sum.tried += count.tried;
            sum.accepted += count.accepted;
        }
    }
    total
}

/// Least accepted share of exchanges between neighbouring temperatures; NaN when there are none.
fn least_exchange_rate(chains: &[Ladder<ChainRng>]) -> f64 {
    let rates =
        chains.iter().flat_map(|chain| chain.exchanges()).map(|count| count.accepted as f64 / count.tried as f64);
    rates.fold(f64::NAN, f64::min)
}
