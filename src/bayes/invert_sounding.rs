//! Inverts one sounding: data in, posterior out.

use super::burn_in::burn_in;
use super::callback::Callback;
use super::chain::{MoveCount, Target};
use super::depth_of_investigation::DepthOfInvestigation;
use super::grids::Grids;
use super::ladder::{Ladder, rung_rhats, temperatures};
use super::monte_carlo_error::MonteCarloError;
use super::moves::Move;
use super::posterior::SoundingPosterior;
use super::recorder::Recorder;
use super::rng::{ChainRng, chain_rng};
use super::settings::SamplerSettings;
use super::verdict::{Evidence, Mixing};
use crate::forward::ForwardModel;

/// Samples the posterior `target` of the sounding with key (`line_number`, `fiducial`); returns `None` when `callback`
/// breaks.
///
/// Chains start at draws from the prior. Burn-in lasts until the chains agree; it tunes the step sizes, which are then
/// frozen. Sampling lasts until R-hat and effective sample size of layer count, misfit and log10 conductivity at the
/// diagnostic depths of `grids` meet their targets, or until the budget ends. The verdict says how far the result can
/// be trusted.
pub fn invert_sounding(
    target: &Target,
    forward: &mut dyn ForwardModel,
    settings: &SamplerSettings,
    grids: &Grids,
    line_number: f64,
    fiducial: f64,
    callback: &mut Callback<'_>,
) -> Option<SoundingPosterior> {
    let mut chains: Vec<Ladder<ChainRng>> = (0..settings.chain_count)
        .map(|chain| {
            let stream = |rung| chain_rng(settings.seed, line_number, fiducial, (chain * STREAMS + rung) as u64);
            let temperatures = temperatures(settings.temperature_count, settings.maximum_temperature);
            let start = |rng: &mut ChainRng| target.prior.draw(rng);
            Ladder::new(temperatures, start, stream, stream(STREAMS - 1), target, forward)
        })
        .collect();
    let mut misfit_trace = vec![Vec::new(); chains.len()];

    let burn_in = burn_in(&mut chains, &mut misfit_trace, target, forward, settings, callback)?;
    chains.iter_mut().for_each(Ladder::freeze);

    let thresholds = settings.thresholds();
    let mut recorder = Recorder::new(grids, &target.prior, settings);
    let mut iterations = 0;
    let mut next_check = FIRST_CHECK.min(settings.maximum_iterations);
    loop {
        for (index, (chain, trace)) in chains.iter_mut().zip(&mut misfit_trace).enumerate() {
            chain.advance(iterations..next_check, target, forward, settings.record_every, callback, |state| {
                recorder.record(index, state);
                trace.push(state.fit.misfit as f32);
            })?;
        }
        iterations = next_check;
        let diagnostics = recorder.diagnose(callback)?;
        let mixing = Mixing {
            rhat: diagnostics.maximum_rhat(),
            ess: diagnostics.minimum_ess(),
            rung_rhat: rung_rhats(&chains).into_iter().skip(1).reduce(largest),
        };
        if thresholds.are_met(&mixing) || iterations == settings.maximum_iterations {
            let (histograms, best, chains_kept) = recorder.finish();
            let monte_carlo_error = MonteCarloError::new(&chains_kept, grids.depth.centers_m());
            let evidence = Evidence::new(mixing, &histograms, &chains_kept, &monte_carlo_error, grids, target);
            let depth_of_investigation =
                DepthOfInvestigation::new(&chains_kept, &target.likelihood, forward, callback)?;
            return Some(SoundingPosterior {
                histograms,
                best,
                chains: chains_kept,
                verdict: thresholds.verdict(&evidence),
                evidence,
                monte_carlo_error,
                depth_of_investigation,
                diagnostics,
                burn_in,
                iterations,
                counts: total_counts(&chains),
                exchange_rate: least_exchange_rate(&chains),
                misfit_trace,
            });
        }
        // Growth by 30 % wastes little sampling and keeps the cost of checking small.
        next_check = (iterations + iterations * 3 / 10).min(settings.maximum_iterations);
    }
}

/// Iterations before the first check of convergence.
const FIRST_CHECK: usize = 2_000;
/// Streams of random numbers reserved for a chain: one for each temperature, and the last for exchanges.
const STREAMS: usize = 1_000;

/// Returns the larger of two numbers, or NaN when one of them is NaN.
fn largest(a: f64, b: f64) -> f64 {
    if a > b || a.is_nan() { a } else { b }
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

/// Returns the least acceptance rate of exchanges between neighbouring temperatures; NaN when there are none.
fn least_exchange_rate(chains: &[Ladder<ChainRng>]) -> f64 {
    let rates =
        chains.iter().flat_map(|chain| chain.exchanges()).map(|count| count.accepted as f64 / count.tried as f64);
    rates.fold(f64::NAN, f64::min)
}
