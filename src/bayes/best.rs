//! The best sample of each number of layers.

use super::sample::Sample;
use super::state::State;

/// The sample with the highest posterior density for each number of layers. Densities of models with different numbers
/// of layers have different units and cannot be compared. Ties go to the higher chain, then to the later sample.
#[derive(Debug)]
pub(super) struct BestSamples {
    /// Chain and sample by layer count, from 1.
    best: Vec<Option<(usize, Sample)>>,
}

impl BestSamples {
    pub(super) fn new(maximum_layer_count: usize) -> Self {
        Self { best: vec![None; maximum_layer_count] }
    }

    /// Keeps the state of `chain` if it is the best of its number of layers so far.
    pub(super) fn record(&mut self, chain: usize, state: &State) {
        let ln_posterior = state.ln_posterior();
        let best = &mut self.best[state.model.earth.layer_count() - 1];
        let beaten = |(best_chain, best): &(usize, Sample)| {
            best.ln_posterior.total_cmp(&ln_posterior).then(best_chain.cmp(&chain)).is_le()
        };
        if best.as_ref().is_none_or(beaten) {
            *best = Some((chain, state.into()));
        }
    }

    /// Returns the best sample with `layer_count` layers.
    pub(super) fn into_best_of(mut self, layer_count: usize) -> Option<Sample> {
        self.best.get_mut(layer_count - 1)?.take().map(|(_, sample)| sample)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bayes::state::tests::state;

    /// Records samples (chain, layer count, ln posterior) whose misfit is their index, and returns the index of the
    /// best sample with two layers.
    fn chosen(samples: &[(usize, usize, f64)]) -> usize {
        let mut best = BestSamples::new(3);
        for (i, &(chain, layers, ln_likelihood)) in samples.iter().enumerate() {
            let mut state = state(&vec![0.0; layers]);
            (state.fit.ln_likelihood, state.fit.misfit) = (ln_likelihood, i as f64);
            best.record(chain, &state);
        }
        best.into_best_of(2).unwrap().misfit as usize
    }

    #[test]
    fn densities_are_compared_among_equal_layer_counts() {
        assert_eq!(chosen(&[(0, 2, -5.0), (0, 1, 9.0), (0, 2, -3.0), (0, 2, -4.0), (0, 3, 0.0)]), 2);
    }

    #[test]
    fn of_equals_the_last_of_the_last_chain_counts() {
        assert_eq!(chosen(&[(0, 2, -3.0), (0, 2, -3.0)]), 1);
        // Chains take turns: the last sample of chain 0 has a lower rank than the earlier sample of chain 1.
        assert_eq!(chosen(&[(0, 2, -3.0), (1, 2, -3.0), (0, 2, -3.0)]), 1);
        assert_eq!(chosen(&[(1, 2, -3.0), (0, 2, -2.0)]), 1);
    }
}
