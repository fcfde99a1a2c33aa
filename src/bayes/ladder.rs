//! Parallel tempering (Geyer 1991; Hukushima & Nemoto 1996): hotter copies of a chain feel the data less, cross from one
//! kind of earth to another where the chain that counts cannot, and hand their models down.
//!
//! Rung i has the density prior x likelihood^(1/T_i) x exp(g_i layers) with T_0 = 1 and g_0 = 0. Neighbours exchange models
//! ([`exchange`]), which leaves the product of all these densities as it is.

use std::ops::Range;

use rand::{Rng, RngExt};

use super::chain::{Chain, Level, MoveCount, Target, Tempering};
use super::diagnostics::convergence;
use super::exchange::exchange;
use super::gauss_newton::GaussNewton;
use super::likelihood::Likelihood;
use super::moves::Move;
use super::pulse::{PULSE_EVERY, Pulse};
use super::reservoir::Reservoir;
use super::state::{Model, State};
use crate::forward::ForwardModel;

/// Iterations between exchanges.
const EXCHANGE_EVERY: usize = 4;

/// `count` temperatures from 1 to `maximum`, evenly spaced in their logarithm.
pub(super) fn temperatures(count: usize, maximum: f64) -> impl Iterator<Item = f64> {
    let intervals = (count - 1).max(1) as f64;
    (0..count).map(move |i| maximum.powf(i as f64 / intervals))
}

/// Values of each rung that tell whether it is stationary, at most; evenly spaced.
const KEPT_PER_RUNG: usize = 1_000;

/// A chain and its hotter copies.
#[derive(Debug)]
pub(super) struct Ladder<R> {
    /// The one that counts.
    cold: Chain<R>,
    /// Of rising temperature.
    hot: Vec<Chain<R>>,
    rng: R,
    iteration: usize,
    /// Exchanges of each chain with the next hotter one, since the ladder was frozen.
    exchanges: Vec<MoveCount>,
    /// ln likelihood and layer count of each rung, the coldest first, since the traces were begun.
    traces: Vec<Reservoir<RungValues>>,
}

/// What is remembered of a rung.
#[derive(Debug, Clone, Copy)]
pub(super) struct RungValues {
    pub(super) ln_likelihood: f64,
    pub(super) layer_count: f64,
}

impl<R: Rng> Ladder<R> {
    /// Of a chain for each of `temperatures`, which rise from 1; chain i starts at `start(i, rng)` and draws its random numbers
    /// from `stream(i)`. `exchange_rng` decides on exchanges.
    ///
    /// Where the forward model has a coarse one, hot copies sample the coarse posterior.
    pub(super) fn new(
        temperatures: impl Iterator<Item = f64>,
        start: impl Fn(&mut R) -> Model,
        stream: impl Fn(usize) -> R,
        exchange_rng: R,
        target: &Target,
        forward: &mut dyn ForwardModel,
    ) -> Self {
        let levels = if forward.coarse().is_some() { [Level::Screened, Level::Coarse] } else { [Level::Exact; 2] };
        let mut chains: Vec<Chain<R>> = temperatures
            .enumerate()
            .map(|(rung, temperature)| {
                let mut rng = stream(rung);
                let model = start(&mut rng);
                Chain::at_level(levels[rung.min(1)], model, target, forward, rng)
                    .with_inverse_temperature(1.0 / temperature)
            })
            .collect();
        let cold = chains.remove(0);
        let exchanges = vec![MoveCount::default(); chains.len()];
        let traces = (0..=chains.len()).map(|_| Reservoir::new(KEPT_PER_RUNG)).collect();
        Self { cold, hot: chains, rng: exchange_rng, iteration: 0, exchanges, traces }
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

    /// The densities of all rungs, the coldest first.
    pub(super) fn temperings(&self) -> Vec<Tempering> {
        self.rungs().map(Chain::tempering).collect()
    }

    /// Other densities, the coldest rung's first; only before [`freeze`](Self::freeze).
    pub(super) fn set_temperings(&mut self, temperings: &[Tempering]) {
        for (chain, &tempering) in self.rungs_mut().zip(temperings) {
            chain.set_tempering(tempering);
        }
    }

    /// Replaces the linearisation that shapes the steps of all chains, with the weight that the data have for each.
    pub(super) fn set_gauss_newton(&mut self, gauss_newton: &GaussNewton) {
        for chain in self.rungs_mut() {
            let weight = chain.tempering().inverse_temperature;
            chain.set_gauss_newton(gauss_newton.clone().with_data_weight(weight));
        }
    }

    /// See [`Chain::correct_coarse`].
    pub(super) fn correct_coarse(&mut self, correction: &[f64], likelihood: &Likelihood) {
        self.rungs_mut().for_each(|chain| chain.correct_coarse(correction, likelihood));
    }

    /// Forgets the traces of the rungs.
    pub(super) fn begin_traces(&mut self) {
        self.traces.fill_with(|| Reservoir::new(KEPT_PER_RUNG));
    }

    /// The trace of `rung`, the coldest being 0.
    pub(super) fn trace(&self, rung: usize) -> &[RungValues] {
        self.traces[rung].kept()
    }

    fn rungs(&self) -> impl Iterator<Item = &Chain<R>> {
        std::iter::once(&self.cold).chain(&self.hot)
    }

    fn rungs_mut(&mut self) -> impl Iterator<Item = &mut Chain<R>> {
        std::iter::once(&mut self.cold).chain(&mut self.hot)
    }

    /// Ends adaptation of all chains, see [`Chain::freeze`].
    pub(super) fn freeze(&mut self) {
        self.cold.freeze();
        self.hot.iter_mut().for_each(Chain::freeze);
        self.exchanges.fill(MoveCount::default());
        self.begin_traces();
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
                self.record_rungs();
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
        self.exchange_neighbours(target, forward);
    }

    fn record_rungs(&mut self) {
        for (chain, trace) in std::iter::once(&self.cold).chain(&self.hot).zip(&mut self.traces) {
            let State { model, fit, .. } = chain.state();
            trace.record(|| RungValues {
                ln_likelihood: fit.ln_likelihood,
                layer_count: model.earth.layer_count() as f64,
            });
        }
    }

    /// Even or odd pairs, so that a model may go a long way.
    fn exchange_neighbours(&mut self, target: &Target, forward: &mut dyn ForwardModel) {
        let first = usize::from(self.rng.random::<bool>());
        for pair in (first..self.hot.len()).step_by(2) {
            let (colder, hotter) = match pair {
                0 => (&mut self.cold, &mut self.hot[0]),
                _ => {
                    let (below, above) = self.hot.split_at_mut(pair);
                    (&mut below[pair - 1], &mut above[0])
                }
            };
            let accepted = exchange(colder, hotter, target, forward, &mut self.rng);
            self.exchanges[pair].add(accepted);
        }
    }
}

/// R-hat of the ln likelihood of each rung over the ladders, the coldest first, since the traces were begun.
pub(super) fn rung_rhats<R: Rng>(ladders: &[Ladder<R>]) -> Vec<f64> {
    let trace = |ladder: &Ladder<R>, rung| ladder.trace(rung).iter().map(|values| values.ln_likelihood).collect();
    let rhat = |rung| convergence(&ladders.iter().map(|ladder| trace(ladder, rung)).collect::<Vec<_>>()).rhat;
    (0..ladders[0].traces.len()).map(rhat).collect()
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
