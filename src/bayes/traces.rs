//! What convergence is judged by: a number per recorded sample and quantity.

use super::diagnostics::{Convergence, convergence};
use super::pulse::Pulse;
use super::reservoir::Reservoir;
use super::state::State;

/// Recorded samples of a chain that convergence is judged by at most, evenly spaced: more than half as many are still ten
/// times what a converged sounding needs, and computing it takes milliseconds.
const KEPT: usize = 4_000;

/// Layer count, misfit and ln conductivity at each diagnostic depth, of samples of each chain.
#[derive(Debug)]
pub(super) struct Traces {
    chains: Vec<Reservoir<Box<[f64]>>>,
}

impl Traces {
    pub(super) fn new(chain_count: usize) -> Self {
        Self { chains: (0..chain_count).map(|_| Reservoir::new(KEPT)).collect() }
    }

    /// Appends the state of `chain`.
    pub(super) fn record(&mut self, chain: usize, state: &State, diagnostic_depths_m: &[f64]) {
        let earth = &state.model.earth;
        self.chains[chain].record(|| {
            let depths = diagnostic_depths_m.iter().map(|&z| earth.ln_conductivity_at(z));
            [earth.layer_count() as f64, state.fit.misfit].into_iter().chain(depths).collect()
        });
    }

    /// Convergence of all quantities, `None` when `pulse` breaks.
    pub(super) fn diagnose(&self, pulse: &mut Pulse<'_>) -> Option<Diagnostics> {
        let count = self.chains[0].kept().first().map_or(0, |values| values.len());
        let of = |quantity: usize| {
            let trace = |chain: &Reservoir<Box<[f64]>>| chain.kept().iter().map(|values| values[quantity]).collect();
            convergence(&self.chains.iter().map(trace).collect::<Vec<_>>())
        };
        let mut all = Vec::with_capacity(count);
        for quantity in 0..count {
            pulse().continue_value()?;
            all.push(of(quantity));
        }
        let log10_conductivity = all.split_off(2);
        Some(Diagnostics { layer_count: all[0], misfit: all[1], log10_conductivity })
    }
}

/// R-hat and effective sample size of the quantities that matter.
#[derive(Debug, Clone, PartialEq)]
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

    /// Smallest effective sample size, bulk and tail.
    pub fn minimum_ess(&self) -> f64 {
        self.all().map(|c| c.ess.min(c.ess_tail)).fold(f64::INFINITY, f64::min)
    }
}
