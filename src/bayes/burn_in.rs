//! Burn-in: until chains agree, with step sizes that adapt and a linearisation that is renewed.

use super::chain::Target;
use super::diagnostics::convergence;
use super::gauss_newton::GaussNewton;
use super::invert_sounding::SamplerSettings;
use super::ladder::Ladder;
use super::pulse::Pulse;
use super::rng::ChainRng;
use super::state::Model;
use crate::forward::ForwardModel;

/// Iterations of the first stage of burn-in; every further stage ends at twice the one before.
const FIRST_STAGE: usize = 250;
/// Stages shorter than this are too short to tell whether chains agree.
const FIRST_TEST: usize = 2_000;
/// R-hat of layer count, misfit and ln posterior over the later half of burn-in below which it ends.
const BURN_IN_RHAT: f64 = 1.2;

/// Runs until the chains, judged by the later half of their iterations, agree in misfit, layer count and posterior
/// density: stationarity, not the first lucky misfit. Appends to the traces of misfit. Returns the number of iterations,
/// `None` when `pulse` breaks.
pub(super) fn burn_in(
    chains: &mut [Ladder<ChainRng>],
    misfit_trace: &mut [Vec<f32>],
    target: &Target,
    forward: &mut dyn ForwardModel,
    settings: &SamplerSettings,
    pulse: &mut Pulse<'_>,
) -> Option<usize> {
    let mut center = Center::of_prior(target);
    let mut iterations = 0;
    let mut stage_end = FIRST_STAGE;
    loop {
        let linearised = center.linearise(target, forward);
        chains.iter_mut().for_each(|chain| chain.set_gauss_newton(&linearised));

        stage_end = stage_end.min(settings.maximum_burn_in);
        center = Center::empty(target);
        // misfit, layer count, ln posterior
        let mut traces = [const { Vec::new() }; 3];
        for (chain, misfit_trace) in chains.iter_mut().zip(&mut *misfit_trace) {
            let mut trace = [const { Vec::new() }; 3];
            chain.advance(iterations..stage_end, target, forward, settings.record_every, pulse, |state| {
                misfit_trace.push(state.misfit as f32);
                trace[0].push(state.misfit);
                trace[1].push(state.model.earth.layer_count() as f64);
                trace[2].push(state.ln_posterior());
                center.add(&state.model, target);
            })?;
            traces.iter_mut().zip(trace).for_each(|(all, one)| all.push(one));
        }
        iterations = stage_end;
        let stationary = iterations >= FIRST_TEST && stationary(&traces, pulse)?;
        if stationary || iterations >= settings.maximum_burn_in {
            return Some(iterations);
        }
        stage_end = 2 * iterations;
    }
}

/// Mean of the models of a stage, which the next one linearises about.
struct Center {
    cell_depths_m: Vec<f64>,
    /// Sum of ln conductivity at these depths.
    profile: Vec<f64>,
    /// Sum of each sampled parameter.
    geometry: Vec<f64>,
    count: f64,
}

impl Center {
    fn empty(target: &Target) -> Self {
        let cell_depths_m = GaussNewton::cell_depths_m(target.prior.interfaces.maximum_depth_m());
        Self {
            profile: vec![0.0; cell_depths_m.len()],
            geometry: vec![0.0; target.prior.geometry.sampled().len()],
            count: 0.0,
            cell_depths_m,
        }
    }

    /// The mean of the conductivity's prior over the measured geometry.
    fn of_prior(target: &Target) -> Self {
        let (prior, mut center) = (&target.prior, Self::empty(target));
        center.profile.fill(prior.conductivity.mean);
        let measured = prior.geometry.measured();
        center.geometry = prior.geometry.sampled().iter().map(|&parameter| measured.get(parameter)).collect();
        center.count = 1.0;
        center
    }

    fn add(&mut self, model: &Model, target: &Target) {
        let depths = self.profile.iter_mut().zip(&self.cell_depths_m);
        depths.for_each(|(sum, &z)| *sum += model.earth.ln_conductivity_at(z));
        let parameters = self.geometry.iter_mut().zip(target.prior.geometry.sampled());
        parameters.for_each(|(sum, &parameter)| *sum += model.geometry.get(parameter));
        self.count += 1.0;
    }

    fn linearise(&self, target: &Target, forward: &mut dyn ForwardModel) -> GaussNewton {
        let prior = &target.prior;
        let mut geometry = *prior.geometry.measured();
        for (&parameter, sum) in prior.geometry.sampled().iter().zip(&self.geometry) {
            geometry.set(parameter, sum / self.count);
        }
        let profile = self.profile.iter().map(|sum| sum / self.count).collect();
        GaussNewton::new(profile, &geometry, prior, &target.likelihood, forward)
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
