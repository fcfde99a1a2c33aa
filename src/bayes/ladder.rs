//! Parallel tempering (Geyer 1991; Hukushima & Nemoto 1996): hotter copies of a chain feel the data less, cross from one
//! kind of earth to another where the chain that counts cannot, and hand their models down.
//!
//! Rung i has the density prior x likelihood^(1/T_i) with T_0 = 1. Neighbours exchange models with the probability
//! min(1, exp((1/T_i - 1/T_j) (ln L_j - ln L_i))), which leaves the product of all these densities as it is.

use std::ops::Range;

use rand::{Rng, RngExt};

use super::accept::accept;
use super::chain::{Chain, MoveCount, Target};
use super::gauss_newton::GaussNewton;
use super::moves::Move;
use super::pulse::{PULSE_EVERY, Pulse};
use super::state::State;
use crate::forward::ForwardModel;

/// Iterations between exchanges.
const EXCHANGE_EVERY: usize = 4;

/// `count` temperatures from 1 to `maximum`, evenly spaced in their logarithm.
pub(super) fn temperatures(count: usize, maximum: f64) -> impl Iterator<Item = f64> {
    let intervals = (count - 1).max(1) as f64;
    (0..count).map(move |i| maximum.powf(i as f64 / intervals))
}

/// A chain and its hotter copies.
#[derive(Debug, Clone)]
pub(super) struct Ladder<R> {
    /// The one that counts.
    cold: Chain<R>,
    /// Of rising temperature.
    hot: Vec<Chain<R>>,
    rng: R,
    iteration: usize,
    /// Exchanges of each chain with the next hotter one, since the ladder was frozen.
    exchanges: Vec<MoveCount>,
}

impl<R: Rng> Ladder<R> {
    /// Of chains of rising temperature, `cold` having temperature 1; `rng` decides on exchanges.
    pub(super) fn new(cold: Chain<R>, hot: Vec<Chain<R>>, rng: R) -> Self {
        let exchanges = vec![MoveCount::default(); hot.len()];
        Self { cold, hot, rng, iteration: 0, exchanges }
    }

    /// Where the chain of temperature 1 is.
    pub(super) fn state(&self) -> &State {
        self.cold.state()
    }

    /// Tries and acceptances of the chain of temperature 1, see [`Chain::counts`].
    pub(super) fn counts(&self) -> &[MoveCount; Move::ALL.len()] {
        self.cold.counts()
    }

    /// Tries and acceptances of exchanges between neighbours, from the coldest pair up, since the ladder was frozen.
    pub(super) fn exchanges(&self) -> &[MoveCount] {
        &self.exchanges
    }

    /// Replaces the linearisation that shapes the steps of all chains, with the weight that the data have for each.
    pub(super) fn set_gauss_newton(&mut self, gauss_newton: &GaussNewton) {
        for chain in self.hot.iter_mut().chain([&mut self.cold]) {
            let weighted = gauss_newton.clone().with_data_weight(chain.inverse_temperature());
            chain.set_gauss_newton(weighted);
        }
    }

    /// Ends adaptation of all chains, see [`Chain::freeze`].
    pub(super) fn freeze(&mut self) {
        self.cold.freeze();
        self.hot.iter_mut().for_each(Chain::freeze);
        self.exchanges.fill(MoveCount::default());
    }

    /// Runs through `iterations` and hands every `record_every`-th state of temperature 1 to `record`; `None` when `pulse`
    /// breaks.
    pub(super) fn advance(
        &mut self,
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
            self.iterate(target, forward);
            if iteration.is_multiple_of(record_every) {
                record(self.state());
            }
        }
        Some(())
    }

    /// An iteration of the chain of temperature 1; every few of them the hotter ones follow, and models are exchanged.
    pub(super) fn iterate(&mut self, target: &Target, forward: &mut dyn ForwardModel) {
        self.cold.iterate(target, forward);
        self.iteration += 1;
        if self.hot.is_empty() || !self.iteration.is_multiple_of(EXCHANGE_EVERY) {
            return;
        }
        for chain in &mut self.hot {
            (0..EXCHANGE_EVERY).for_each(|_| chain.iterate(target, forward));
        }
        self.exchange_neighbours();
    }

    /// Even or odd pairs, so that a model may go a long way.
    fn exchange_neighbours(&mut self) {
        let first = usize::from(self.rng.random::<bool>());
        for pair in (first..self.hot.len()).step_by(2) {
            let (colder, hotter) = match pair {
                0 => (&mut self.cold, &mut self.hot[0]),
                _ => {
                    let (below, above) = self.hot.split_at_mut(pair);
                    (&mut below[pair - 1], &mut above[0])
                }
            };
            let difference = colder.inverse_temperature() - hotter.inverse_temperature();
            let ln_ratio = difference * (hotter.state().ln_likelihood - colder.state().ln_likelihood);
            let accepted = accept(ln_ratio, &mut self.rng);
            if accepted {
                colder.exchange(hotter);
            }
            self.exchanges[pair].add(accepted);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temperatures_rise_evenly_in_their_logarithm() {
        let of = |count, maximum| temperatures(count, maximum).collect::<Vec<f64>>();
        assert_eq!(of(1, 4.0), [1.0]);
        assert_eq!(of(3, 4.0), [1.0, 2.0, 4.0]);
    }
}
