//! What convergence is judged by: a number per recorded sample and quantity.

use super::diagnostics::{Convergence, convergence};
use super::pulse::Pulse;
use super::state::State;

/// Values of each quantity, chain by chain.
#[derive(Debug)]
pub(super) struct Traces {
    layer_count: Vec<Vec<f64>>,
    misfit: Vec<Vec<f64>>,
    /// At each diagnostic depth.
    ln_conductivity: Vec<Vec<Vec<f64>>>,
}

impl Traces {
    pub(super) fn new(chain_count: usize, depth_count: usize) -> Self {
        let empty = vec![Vec::new(); chain_count];
        Self { layer_count: empty.clone(), misfit: empty.clone(), ln_conductivity: vec![empty; depth_count] }
    }

    /// Appends the state of `chain`.
    pub(super) fn record(&mut self, chain: usize, state: &State, diagnostic_depths_m: &[f64]) {
        let earth = &state.model.earth;
        self.layer_count[chain].push(earth.layer_count() as f64);
        self.misfit[chain].push(state.misfit);
        for (trace, &z) in self.ln_conductivity.iter_mut().zip(diagnostic_depths_m) {
            trace[chain].push(earth.ln_conductivity_at(z));
        }
    }

    /// Convergence of all quantities, `None` when `pulse` breaks.
    pub(super) fn diagnose(&self, pulse: &mut Pulse<'_>) -> Option<Diagnostics> {
        let mut of = |chains: &Vec<Vec<f64>>| {
            pulse().continue_value()?;
            Some(convergence(chains))
        };
        Some(Diagnostics {
            layer_count: of(&self.layer_count)?,
            misfit: of(&self.misfit)?,
            log10_conductivity: self.ln_conductivity.iter().map(of).collect::<Option<_>>()?,
        })
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

    /// Smallest effective sample size.
    pub fn minimum_ess(&self) -> f64 {
        self.all().map(|c| c.ess).fold(f64::INFINITY, f64::min)
    }
}
