//! Burn-in lasts until the chains agree. Meanwhile step sizes adapt, and the linearisation is renewed.

use super::callback::Callback;
use super::chain::{Target, Tempering};
use super::diagnostics::convergence;
use super::gauss_newton::GaussNewton;
use super::ladder::{Ladder, rung_rhats};
use super::prior::ErrorPrior;
use super::rng::ChainRng;
use super::settings::SamplerSettings;
use super::state::State;
use crate::forward::ForwardModel;

/// Iterations of the first stage of burn-in; every later stage ends at twice the iterations of the one before.
const FIRST_STAGE: usize = 250;
/// Factors by which all temperatures are higher in the first stages. At full weight of the data, a draw of the prior
/// would stay in the first local minimum it reaches, and hot copies would stay there for the whole run.
const HEAT: [f64; 3] = [1_000.0, 100.0, 10.0];
/// The heated stages end before this part (one in so many) of the longest burn-in.
const HEATED_PART: usize = 4;
/// Stages that end earlier than this are too short to show whether chains agree.
const FIRST_TEST: usize = 2_000;
/// Burn-in ends when R-hat over its later half is below this for layer count, misfit and ln posterior of the chains at
/// temperature 1, and for ln likelihood at each temperature.
const BURN_IN_RHAT: f64 = 1.2;

/// Runs until the chains agree over the later half of their iterations: in misfit, layer count and posterior density,
/// and their copies of each temperature in likelihood. This tests stationarity; one low misfit does not end burn-in.
/// Appends to the traces of misfit. Returns the number of iterations, `None` when `callback` breaks.
pub(super) fn burn_in(
    chains: &mut [Ladder<ChainRng>],
    misfit_trace: &mut [Vec<f32>],
    target: &Target,
    forward: &mut dyn ForwardModel,
    settings: &SamplerSettings,
    callback: &mut Callback<'_>,
) -> Option<usize> {
    let mut temperings = chains[0].temperings();
    let mut center = Center::of_prior(target);
    let mut iterations = 0;
    let mut heat = HEAT.iter().copied();
    let mut stage_end = FIRST_STAGE;
    loop {
        stage_end = stage_end.min(settings.maximum_burn_in);
        let heat = heat.next().filter(|_| HEATED_PART * stage_end <= settings.maximum_burn_in);
        let heated = temperings.iter().map(|tempering| tempering.heated(heat.unwrap_or(1.0))).collect::<Vec<_>>();
        chains.iter_mut().for_each(|chain| chain.set_temperings(&heated));
        let linearised = center.linearise(target, forward);
        chains.iter_mut().for_each(|chain| chain.set_gauss_newton(&linearised));

        let correction = center.coarse_correction();
        chains.iter_mut().for_each(|chain| chain.correct_coarse(&correction, &target.likelihood));

        center = Center::empty(target);
        center.correction = correction;
        chains.iter_mut().for_each(Ladder::begin_traces);
        // misfit, layer count, ln posterior
        let mut traces = [const { Vec::new() }; 3];
        for (chain, misfit_trace) in chains.iter_mut().zip(&mut *misfit_trace) {
            let mut trace = [const { Vec::new() }; 3];
            chain.advance(iterations..stage_end, target, forward, settings.record_every, callback, |state| {
                misfit_trace.push(state.fit.misfit as f32);
                trace[0].push(state.fit.misfit);
                trace[1].push(state.model.earth.layer_count() as f64);
                trace[2].push(state.ln_posterior());
                center.add(state, target);
            })?;
            traces.iter_mut().zip(trace).for_each(|(all, one)| all.push(one));
        }
        iterations = stage_end;
        if heat.is_none() {
            level_layer_counts(&mut temperings, chains);
            let stationary = iterations >= FIRST_TEST
                && stationary(&traces, callback)?
                && rung_rhats(chains).iter().all(|&rhat| rhat <= BURN_IN_RHAT);
            if stationary || iterations >= settings.maximum_burn_in {
                return Some(iterations);
            }
        }
        stage_end = 2 * iterations;
    }
}

/// Returns the number of heated stages in a burn-in of at most `maximum_burn_in` iterations.
pub(super) fn heated_stages(maximum_burn_in: usize) -> usize {
    let stage_ends = std::iter::successors(Some(FIRST_STAGE), |end| Some(2 * end)).take(HEAT.len());
    stage_ends.filter(|end| HEATED_PART * end <= maximum_burn_in).count()
}

/// Largest change per stage of the ln weight of a layer.
const LARGEST_STEP: f64 = 0.2;
/// Largest absolute ln weight of a layer.
const LARGEST_LN_WEIGHT: f64 = 0.6;

/// Gives layers at each higher temperature a weight with which there are as many of them as at temperature 1.
///
/// Data with less weight need fewer layers. Without the layer weight, hot copies have only earths of few layers and
/// never pass one with many layers to the colder chains. This is one step of Newton's method: the derivative of the
/// mean layer count by the ln weight is the variance of the layer count.
fn level_layer_counts(temperings: &mut [Tempering], chains: &[Ladder<ChainRng>]) {
    let mean_and_variance = |rung: usize| {
        let counts = || chains.iter().flat_map(|chain| chain.trace(rung)).map(|values| values.layer_count);
        let n = counts().count() as f64;
        let mean = counts().sum::<f64>() / n;
        (mean, counts().map(|count| (count - mean).powi(2)).sum::<f64>() / n)
    };
    let (wanted, _) = mean_and_variance(0);
    for (rung, tempering) in temperings.iter_mut().enumerate().skip(1) {
        let (mean, variance) = mean_and_variance(rung);
        let step = ((wanted - mean) / variance.max(1.0)).clamp(-LARGEST_STEP, LARGEST_STEP);
        tempering.ln_layer_weight = (tempering.ln_layer_weight + step).clamp(-LARGEST_LN_WEIGHT, LARGEST_LN_WEIGHT);
    }
}

/// Sums of a stage's models, from which the next stage's linearisation takes the mean.
struct Center {
    cell_depths_m: Vec<f64>,
    /// Sum of ln conductivity at these depths.
    profile: Vec<f64>,
    /// Sum of each sampled parameter.
    geometry: Vec<f64>,
    /// Sums of ln relative and of ln additive error of each group.
    ln_relative_error: Vec<f64>,
    ln_additive_error: Vec<f64>,
    /// Correction of the data that the coarse model predicts, per channel.
    correction: Vec<f64>,
    /// Sum of exact minus coarse data, per channel.
    coarse_error: Vec<f64>,
    count: f64,
}

impl Center {
    fn empty(target: &Target) -> Self {
        let cell_depths_m = GaussNewton::cell_depths_m(target.prior.interfaces.maximum_depth_m());
        Self {
            profile: vec![0.0; cell_depths_m.len()],
            geometry: vec![0.0; target.prior.geometry.sampled().len()],
            ln_relative_error: vec![0.0; target.prior.relative_error.len()],
            ln_additive_error: vec![0.0; target.prior.additive_error.len()],
            correction: Vec::new(),
            coarse_error: Vec::new(),
            count: 0.0,
            cell_depths_m,
        }
    }

    /// Makes a center from the mean of the conductivity's prior and the measured geometry.
    fn of_prior(target: &Target) -> Self {
        let (prior, mut center) = (&target.prior, Self::empty(target));
        center.profile.fill(prior.conductivity.mean);
        let measured = prior.geometry.measured();
        center.geometry = prior.geometry.sampled().iter().map(|&parameter| measured.get(parameter)).collect();
        let middle = |priors: &[ErrorPrior]| priors.iter().map(ErrorPrior::ln_middle).collect();
        center.ln_relative_error = middle(&prior.relative_error);
        center.ln_additive_error = middle(&prior.additive_error);
        center.count = 1.0;
        center
    }

    fn add(&mut self, state: &State, target: &Target) {
        let State { model, fit, coarse, .. } = state;
        self.coarse_error.resize(coarse.predicted.len(), 0.0);
        let data = fit.predicted.iter().zip(&coarse.predicted);
        self.coarse_error.iter_mut().zip(data).for_each(|(sum, (exact, coarse))| *sum += exact - coarse);
        let depths = self.profile.iter_mut().zip(&self.cell_depths_m);
        depths.for_each(|(sum, &z)| *sum += model.earth.ln_conductivity_at(z));
        let parameters = self.geometry.iter_mut().zip(target.prior.geometry.sampled());
        parameters.for_each(|(sum, &parameter)| *sum += model.geometry.get(parameter));
        let add = |sums: &mut [f64], values: &[f64]| sums.iter_mut().zip(values).for_each(|(sum, x)| *sum += x);
        add(&mut self.ln_relative_error, &model.ln_relative_error);
        add(&mut self.ln_additive_error, &model.ln_additive_error);
        self.count += 1.0;
    }

    /// Returns the correction of the coarse model's data that makes them agree with the exact data on average. It works
    /// because the errors of the coarse model are similar for all earths that explain the data.
    fn coarse_correction(&self) -> Vec<f64> {
        let more = |(i, sum): (usize, &f64)| self.correction.get(i).copied().unwrap_or(0.0) + sum / self.count;
        self.coarse_error.iter().enumerate().map(more).collect()
    }

    fn linearise(&self, target: &Target, forward: &mut dyn ForwardModel) -> GaussNewton {
        let prior = &target.prior;
        let mut geometry = *prior.geometry.measured();
        for (&parameter, sum) in prior.geometry.sampled().iter().zip(&self.geometry) {
            geometry.set(parameter, sum / self.count);
        }
        let mean = |sums: &[f64]| sums.iter().map(|sum| sum / self.count).collect::<Vec<_>>();
        GaussNewton::new(mean(&self.profile), &geometry, prior, &target.likelihood, forward).with_errors(
            &mean(&self.ln_relative_error),
            &mean(&self.ln_additive_error),
            &target.likelihood,
        )
    }
}

/// Returns whether the chains agree in each trace; `None` when `callback` breaks.
fn stationary(traces: &[Vec<Vec<f64>>], callback: &mut Callback<'_>) -> Option<bool> {
    for chains in traces {
        callback().continue_value()?;
        if convergence(chains).rhat > BURN_IN_RHAT {
            return Some(false);
        }
    }
    Some(true)
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::bayes::ladder::tests::{Costs, ladder, target};

    fn settings(maximum_burn_in: usize) -> SamplerSettings {
        SamplerSettings {
            seed: 1,
            chain_count: 2,
            temperature_count: 3,
            maximum_temperature: 4.0,
            maximum_burn_in,
            maximum_iterations: 1,
            record_every: 5,
            rhat_target: 1.05,
            ess_target: 100.0,
            sample_count: 100,
        }
    }

    fn go_on() -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// After a burn-in of any length the temperatures have their configured values, and the posterior has no layer
    /// weight. Would catch: burn-in that ends while the chains are heated.
    #[test]
    fn burn_in_ends_at_the_temperatures_asked_for() {
        const COSTS: [f64; 8] = [12.0, 10.0, 8.0, 6.0, 4.0, 2.0, 0.5, 0.0];
        let (target, mut forward) = (target(COSTS.len()), Costs(&COSTS));
        for maximum in [1, 249, 250, 600, 999, 1_000, 1_999, 2_000, 3_999, 4_000, 4_001, 40_000] {
            let mut chains = [1, 2].map(|seed| ladder(&[1.0, 2.0, 4.0], seed, &target, &mut forward));
            let mut traces = [Vec::new(), Vec::new()];
            let iterations =
                burn_in(&mut chains, &mut traces, &target, &mut forward, &settings(maximum), &mut go_on).unwrap();
            assert!(iterations <= maximum, "{iterations} of {maximum}");
            for chain in &chains {
                let temperings = chain.temperings();
                assert_eq!(temperings[0], Tempering::default(), "{maximum}");
                assert_eq!([1, 2].map(|rung: usize| temperings[rung].inverse_temperature), [0.5, 0.25], "{maximum}");
                assert_eq!(temperings, chains[0].temperings());
                assert!(temperings.iter().all(|tempering| tempering.ln_layer_weight.abs() <= LARGEST_LN_WEIGHT));
            }
        }
    }

    /// With a likelihood of exp(k / 2), the weight exp((1 - 1/T) k / 2) gives all temperatures the same layer counts.
    #[test]
    fn layers_weigh_more_where_data_weigh_less() {
        const COSTS: [f64; 8] = [3.5, 3.0, 2.5, 2.0, 1.5, 1.0, 0.5, 0.0];
        let (target, mut forward) = (target(COSTS.len()), Costs(&COSTS));
        let mut chains = [1, 2].map(|seed| ladder(&[1.0, 2.0, 4.0], seed, &target, &mut forward));
        let mut temperings = chains[0].temperings();
        for _ in 0..10 {
            for chain in &mut chains {
                chain.set_temperings(&temperings);
                chain.begin_traces();
                chain.advance(0..4_000, &target, &mut forward, 4, &mut go_on, |_| ()).unwrap();
            }
            level_layer_counts(&mut temperings, &chains);
        }
        assert_eq!(temperings[0], Tempering::default());
        for (rung, expected) in [(1, 0.25), (2, 0.375)] {
            let got = temperings[rung].ln_layer_weight;
            assert!((got - expected).abs() < 0.12, "rung {rung}: {got} against {expected}");
        }
    }
}
