//! Traces from which convergence is computed: a number per recorded sample and quantity.

use super::callback::Callback;
use super::diagnostics::{Convergence, convergence};
use super::reservoir::Reservoir;
use super::state::State;

/// Largest number of evenly spaced samples of a chain from which convergence is computed. Half as many are still ten
/// times what a converged sounding needs, and the computation takes milliseconds.
const KEPT: usize = 4_000;

/// Layer count, misfit and ln conductivity at each diagnostic depth, for samples of each chain.
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

    /// Returns the convergence of all quantities, `None` when `callback` breaks.
    pub(super) fn diagnose(&self, callback: &mut Callback<'_>) -> Option<Diagnostics> {
        let count = self.chains[0].kept().first().map_or(0, |values| values.len());
        let of = |quantity: usize| {
            let trace = |chain: &Reservoir<Box<[f64]>>| chain.kept().iter().map(|values| values[quantity]).collect();
            convergence(&self.chains.iter().map(trace).collect::<Vec<_>>())
        };
        let mut all = Vec::with_capacity(count);
        for quantity in 0..count {
            callback().continue_value()?;
            all.push(of(quantity));
        }
        let log10_conductivity = all.split_off(2);
        Some(Diagnostics { layer_count: all[0], misfit: all[1], log10_conductivity })
    }
}

/// R-hat and effective sample size of the quantities on which convergence is judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostics {
    /// Convergence of the layer count.
    pub layer_count: Convergence,
    /// Convergence of the misfit.
    pub misfit: Convergence,
    /// Convergence of log10 conductivity at each diagnostic depth.
    pub log10_conductivity: Vec<Convergence>,
}

impl Diagnostics {
    fn all(&self) -> impl Iterator<Item = Convergence> {
        [self.layer_count, self.misfit].into_iter().chain(self.log10_conductivity.iter().copied())
    }

    /// Returns the largest R-hat; NaN when any is NaN.
    pub fn maximum_rhat(&self) -> f64 {
        self.worst(|c| c.rhat).1
    }

    /// The quantity of the largest R-hat: 0 the layer count, 1 the misfit, 2 + i log10 conductivity at diagnostic depth i.
    pub fn quantity_of_maximum_rhat(&self) -> usize {
        self.worst(|c| c.rhat).0
    }

    /// Returns the smallest effective sample size, bulk and tail; NaN when any is NaN.
    pub fn minimum_ess(&self) -> f64 {
        -self.worst(minus_ess).1
    }

    /// The quantity of the smallest effective sample size, numbered like that of the largest R-hat.
    pub fn quantity_of_minimum_ess(&self) -> usize {
        self.worst(minus_ess).0
    }

    /// Index and value of the first quantity for which `badness` is largest, or NaN.
    fn worst(&self, badness: impl Fn(Convergence) -> f64) -> (usize, f64) {
        let all = self.all().map(badness).enumerate();
        all.reduce(|a, b| if b.1 > a.1 || b.1.is_nan() && !a.1.is_nan() { b } else { a })
            .expect("there are two at least")
    }
}

/// The smaller of both effective sample sizes, negative; NaN where one is.
fn minus_ess(c: Convergence) -> f64 {
    if c.ess.is_nan() || c.ess < c.ess_tail { -c.ess } else { -c.ess_tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_counts_and_nan_is_the_worst() {
        let of = |rhat: f64, ess: f64, ess_tail: f64| Convergence { rhat, ess, ess_tail };
        let good = of(1.0, 500.0, 400.0);
        let extremes = |misfit: Convergence, depth: Convergence| {
            let diagnostics = Diagnostics { layer_count: good, misfit, log10_conductivity: vec![depth, good] };
            (diagnostics.maximum_rhat(), diagnostics.minimum_ess())
        };
        assert_eq!(extremes(of(1.2, 50.0, 60.0), good), (1.2, 50.0));
        assert_eq!(extremes(good, of(1.3, 50.0, 40.0)), (1.3, 40.0));
        let quantities = |misfit, depths| {
            let diagnostics = Diagnostics { layer_count: good, misfit, log10_conductivity: depths };
            (diagnostics.quantity_of_maximum_rhat(), diagnostics.quantity_of_minimum_ess())
        };
        assert_eq!(quantities(good, vec![good]), (0, 0));
        assert_eq!(quantities(of(1.2, 500.0, 400.0), vec![good, of(1.0, 300.0, 200.0)]), (1, 3));
        assert_eq!(quantities(of(1.2, 99.0, 90.0), vec![of(f64::NAN, 500.0, f64::NAN)]), (2, 2));
        for nan in [of(f64::NAN, 500.0, f64::NAN), of(f64::NAN, f64::NAN, 400.0)] {
            for (rhat, ess) in [extremes(nan, good), extremes(good, nan)] {
                assert!(rhat.is_nan() && ess.is_nan());
            }
        }
    }
}
