//! Parallel tempering (Geyer 1991; Hukushima & Nemoto 1996). In hotter copies of a chain the data have less weight.
//! They cross between very different earths where the chain at temperature 1 cannot, and exchanges pass their models
//! down to it.
//!
//! Rung i has the density prior x likelihood^(1/T_i) x exp(g_i layers) with T_0 = 1 and g_0 = 0. Neighbours exchange
//! models ([`exchange`]), which leaves the product of all these densities unchanged.

use std::ops::Range;

use rand::{Rng, RngExt};

use super::callback::{CALLBACK_EVERY, Callback};
use super::chain::{Chain, Level, MoveCount, Target, Tempering};
use super::diagnostics::convergence;
use super::exchange::exchange;
use super::gauss_newton::GaussNewton;
use super::likelihood::Likelihood;
use super::model::Model;
use super::moves::Move;
use super::reservoir::Reservoir;
use super::state::State;
use crate::forward::ForwardModel;

/// Iterations between exchanges.
const EXCHANGE_EVERY: usize = 4;

/// Returns `count` temperatures from 1 to `maximum`, evenly spaced in their logarithm.
pub(super) fn temperatures(count: usize, maximum: f64) -> impl Iterator<Item = f64> {
    let intervals = (count - 1).max(1) as f64;
    (0..count).map(move |i| maximum.powf(i as f64 / intervals))
}

/// Largest number of values kept of each rung to test whether it is stationary; they are evenly spaced.
const KEPT_PER_RUNG: usize = 1_000;

/// A chain and its hotter copies.
#[derive(Debug)]
pub(super) struct Ladder<R> {
    /// The chain at temperature 1, which is recorded.
    cold: Chain<R>,
    /// The hotter copies, by rising temperature.
    hot: Vec<Chain<R>>,
    rng: R,
    iteration: usize,
    /// Exchanges of each chain with the next hotter one, since the ladder was frozen.
    exchanges: Vec<MoveCount>,
    /// ln likelihood and layer count of each rung, the coldest first, since the traces were begun.
    traces: Vec<Reservoir<RungValues>>,
}

/// Values that are kept of a rung.
#[derive(Debug, Clone, Copy)]
pub(super) struct RungValues {
    pub(super) ln_likelihood: f64,
    pub(super) layer_count: f64,
}

impl<R: Rng> Ladder<R> {
    /// Makes a ladder with a chain for each of `temperatures`, which rise from 1. Chain i starts at `start(i, rng)` and
    /// draws its random numbers from `stream(i)`. `exchange_rng` decides on exchanges.
    ///
    /// Where the forward model has a coarse model, hot copies sample the coarse posterior.
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

    /// Returns the state of the chain at temperature 1.
    pub(super) fn state(&self) -> &State {
        self.cold.state()
    }

    /// Returns tries and acceptances of the chain at temperature 1; see [`Chain::counts`].
    pub(super) fn counts(&self) -> &[MoveCount; Move::ALL.len()] {
        self.cold.counts()
    }

    /// Returns tries and acceptances of exchanges between neighbours, from the coldest pair up, since the ladder was
    /// frozen.
    pub(super) fn exchanges(&self) -> &[MoveCount] {
        &self.exchanges
    }

    /// Returns the densities of all rungs, the coldest first.
    pub(super) fn temperings(&self) -> Vec<Tempering> {
        self.rungs().map(Chain::tempering).collect()
    }

    /// Sets the densities, the coldest rung's first; only before [`freeze`](Self::freeze).
    pub(super) fn set_temperings(&mut self, temperings: &[Tempering]) {
        for (chain, &tempering) in self.rungs_mut().zip(temperings) {
            chain.set_tempering(tempering);
        }
    }

    /// Replaces the linearisation that shapes the steps of all chains, with the weight of the data in each chain.
    pub(super) fn set_gauss_newton(&mut self, gauss_newton: &GaussNewton) {
        for chain in self.rungs_mut() {
            let weight = chain.tempering().inverse_temperature;
            chain.set_gauss_newton(gauss_newton.clone().with_data_weight(weight));
        }
    }

    /// Corrects the coarse model of all chains; see [`Chain::correct_coarse`].
    pub(super) fn correct_coarse(&mut self, correction: &[f64], likelihood: &Likelihood) {
        self.rungs_mut().for_each(|chain| chain.correct_coarse(correction, likelihood));
    }

    /// Discards the traces of the rungs.
    pub(super) fn begin_traces(&mut self) {
        self.traces.fill_with(|| Reservoir::new(KEPT_PER_RUNG));
    }

    /// Returns the trace of `rung`; rung 0 is the coldest.
    pub(super) fn trace(&self, rung: usize) -> &[RungValues] {
        self.traces[rung].kept()
    }

    fn rungs(&self) -> impl Iterator<Item = &Chain<R>> {
        std::iter::once(&self.cold).chain(&self.hot)
    }

    fn rungs_mut(&mut self) -> impl Iterator<Item = &mut Chain<R>> {
        std::iter::once(&mut self.cold).chain(&mut self.hot)
    }

    /// Ends adaptation of all chains; see [`Chain::freeze`].
    pub(super) fn freeze(&mut self) {
        self.cold.freeze();
        self.hot.iter_mut().for_each(Chain::freeze);
        self.exchanges.fill(MoveCount::default());
        self.begin_traces();
    }

    /// Does `iterations` iterations and passes every `record_every`-th state of temperature 1 to `record`; returns
    /// `None` when `callback` breaks.
    pub(super) fn advance(
        &mut self,
        iterations: Range<usize>,
        target: &Target,
        forward: &mut dyn ForwardModel,
        record_every: usize,
        callback: &mut Callback<'_>,
        mut record: impl FnMut(&State),
    ) -> Option<()> {
        for iteration in iterations {
            if iteration.is_multiple_of(CALLBACK_EVERY) {
                callback().continue_value()?;
            }
            self.iterate(target, forward);
            if iteration.is_multiple_of(record_every) {
                record(self.state());
                self.record_rungs();
            }
        }
        Some(())
    }

    /// Does one iteration of the chain at temperature 1. After every few of them the hotter chains follow, and models
    /// are exchanged.
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

    /// Exchanges the even or the odd pairs, so that a model may pass through many temperatures.
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

/// Returns R-hat over the ladders of the ln likelihood of each rung, the coldest first, since the traces were begun.
pub(super) fn rung_rhats<R: Rng>(ladders: &[Ladder<R>]) -> Vec<f64> {
    let trace = |ladder: &Ladder<R>, rung| ladder.trace(rung).iter().map(|values| values.ln_likelihood).collect();
    let rhat = |rung| convergence(&ladders.iter().map(|ladder| trace(ladder, rung)).collect::<Vec<_>>()).rhat;
    (0..ladders[0].traces.len()).map(rhat).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::bayes::likelihood::NoiseModel;
    use crate::bayes::moves::MoveMix;
    use crate::bayes::prior::{
        ConductivityPrior, Correlation, DepthScale, Deviation, ErrorPrior, GeometryPrior, InterfacePrior,
        LayerCountLaw, LayerCountPrior, Prior,
    };
    use crate::bayes::rng::{ChainRng, chain_rng};
    use crate::earth::LayeredEarth;
    use crate::forward::{Accuracy, EarthResponse, FdemForward, Sensitivity, TwoLevels};
    use crate::system::{FdemSystem, Geometry, GeometryParameter};

    /// A forward model whose data make the likelihood of `target` exp(-cost), with a cost for each number of layers.
    pub(in crate::bayes) struct Costs(pub &'static [f64]);

    impl ForwardModel for Costs {
        fn channel_count(&self) -> usize {
            1
        }

        fn predict(&mut self, earth: &LayeredEarth, _: &Geometry, _: &mut EarthResponse, predicted: &mut [f64]) {
            predicted[0] = (2.0 * self.0[earth.layer_count() - 1]).sqrt();
        }

        fn predict_moved(&mut self, _: &LayeredEarth, _: &Geometry, _: &EarthResponse, _: &mut [f64]) {
            panic!("the geometry is fixed");
        }

        fn predict_with_sensitivity(
            &mut self,
            earth: &LayeredEarth,
            geometry: &Geometry,
            predicted: &mut [f64],
            sensitivity: &mut Sensitivity,
        ) {
            // Linearised earths have more layers than there are costs.
            let few = LayeredEarth::halfspace(earth.ln_conductivity()[0]);
            self.predict(&few, geometry, &mut EarthResponse::default(), predicted);
            sensitivity.resize(1, earth.layer_count());
        }
    }

    /// Returns a target with one datum of 0 +- 1 and as many layers as there are costs, all numbers equally probable.
    pub(in crate::bayes) fn target(maximum_layer_count: usize) -> Target {
        let fixed = ErrorPrior::Fixed { ln_value: 0.0 };
        let prior = Prior {
            layer_count: LayerCountPrior::new(LayerCountLaw::Uniform, maximum_layer_count),
            interfaces: InterfacePrior::new(DepthScale::Linear, 1.0, 100.0, 0.5, maximum_layer_count - 1).unwrap(),
            conductivity: ConductivityPrior {
                mean: -4.0,
                std: 1.5,
                correlation: Correlation::Independent,
                bounds: (-10.0, 2.0),
            },
            relative_error: vec![fixed],
            additive_error: vec![fixed],
            geometry: GeometryPrior::fixed(Geometry::level(35.0)),
        };
        let mix = MoveMix::new(&[(Move::SplitMerge, 0.5), (Move::ConductivityBlock, 0.5)]);
        Target { prior, likelihood: Likelihood::new(&[0.0], Some(&[1.0]), &NoiseModel::uniform(1)), mix }
    }

    /// Returns a ladder that starts at draws of the prior.
    pub(in crate::bayes) fn ladder(
        temperatures: &[f64],
        seed: u64,
        target: &Target,
        forward: &mut dyn ForwardModel,
    ) -> Ladder<ChainRng> {
        let stream = |rung| chain_rng(seed, 0.0, 0.0, rung as u64);
        let start = |rng: &mut ChainRng| target.prior.draw(rng);
        Ladder::new(temperatures.iter().copied(), start, stream, stream(999), target, forward)
    }

    #[test]
    fn temperatures_rise_evenly_in_their_logarithm() {
        let of = |count, maximum| temperatures(count, maximum).collect::<Vec<f64>>();
        assert_eq!(of(1, 4.0), [1.0]);
        assert_eq!(of(3, 4.0), [1.0, 2.0, 4.0]);
    }

    /// Every rung has the shares of layer counts that follow from its density, with a coarse model that differs much
    /// from the exact one. Would catch: screening or exchanges that lack a stage or a factor, a missing weight of
    /// layers.
    #[test]
    fn rungs_have_the_densities_of_their_levels() {
        const STEPS: usize = 50_000;
        const EXACT: [f64; 7] = [0.3, 1.0, 2.5, 3.0, 2.0, 0.6, 0.0];
        const COARSE: [f64; 7] = [2.0, 0.6, 0.2, 1.0, 2.5, 3.0, 2.0];
        let target = target(EXACT.len());
        for coarse in [None, Some(COARSE)] {
            let mut forward: Box<dyn ForwardModel> = match coarse {
                None => Box::new(Costs(&EXACT)),
                Some(_) => Box::new(TwoLevels::new(Box::new(Costs(&EXACT)), Box::new(Costs(&COARSE)))),
            };
            let temperings = [(1.0, 0.0), (0.5, 0.4), (0.25, -0.3)].map(|(inverse_temperature, ln_layer_weight)| {
                Tempering { inverse_temperature, ln_layer_weight, coarse_decides: false }
            });
            // Indicators by rung and layer count, one trace per ladder.
            let mut traces = [const { [const { Vec::new() }; EXACT.len()] }; 3];
            for seed in 0..4 {
                let mut ladder = ladder(&[1.0, 2.0, 4.0], seed, &target, forward.as_mut());
                ladder.set_temperings(&temperings);
                ladder.freeze();
                (0..1_000).for_each(|_| ladder.iterate(&target, forward.as_mut()));
                let mut trace = [const { [const { Vec::new() }; EXACT.len()] }; 3];
                for _ in 0..STEPS / EXCHANGE_EVERY {
                    (0..EXCHANGE_EVERY).for_each(|_| ladder.iterate(&target, forward.as_mut()));
                    for (chain, trace) in ladder.rungs().zip(&mut trace) {
                        let layers = chain.state().model.earth.layer_count();
                        trace.iter_mut().enumerate().for_each(|(i, t)| t.push(f64::from(u8::from(i + 1 == layers))));
                    }
                }
                traces.iter_mut().flatten().zip(trace.into_iter().flatten()).for_each(|(all, one)| all.push(one));
            }
            for (rung, (traces, tempering)) in traces.iter().zip(temperings).enumerate() {
                let costs = if rung == 0 { EXACT } else { coarse.unwrap_or(EXACT) };
                let weight =
                    |i: usize| (tempering.ln_layer_weight * i as f64 - tempering.inverse_temperature * costs[i]).exp();
                let sum: f64 = (0..costs.len()).map(weight).sum();
                for (i, chains) in traces.iter().enumerate() {
                    let expected = weight(i) / sum;
                    let all = chains.concat();
                    let got = all.iter().sum::<f64>() / all.len() as f64;
                    let ess = convergence(chains).ess;
                    let deviate = (got - expected) / (expected * (1.0 - expected) / ess).sqrt();
                    // Each has a false alarm rate of 7e-6.
                    assert!(
                        ess > 1_000.0 && deviate.abs() < 4.5,
                        "rung {rung}, {} layers: {got} against {expected}, {deviate:.1} sd, ess {ess:.0}",
                        i + 1
                    );
                }
            }
        }
    }

    /// Exchanges and moves leave complete states: predictions are those of each rung's model at its level. Would not
    /// catch: a response of another earth, because frequency-domain models do not use stored responses.
    #[test]
    fn rungs_keep_predictions_of_their_own_models() {
        let text = "freq, tor, tmom, tx, ty, tzoff, ror, rmom, rx, ry, rzoff\n\
            380, z, 1, 0, 0, 0, z, 1, 7.9, 0, 0\n8171, z, 1, 0, 0, 0, z, 1, 7.9, 0, 0\n";
        let system = FdemSystem::parse(text, std::path::Path::new("test.stm")).unwrap();
        let model = |accuracy| Box::new(FdemForward::new(&system, 35.0, accuracy)) as Box<dyn ForwardModel>;
        let mut forward = TwoLevels::new(model(Accuracy::Standard), model(Accuracy::Coarse));
        let mut target = target(6);
        let mut deviations = [Deviation::Fixed; GeometryParameter::ALL.len()];
        deviations[GeometryParameter::Height.index()] = Deviation::Uniform { half_width: 2.0 };
        target.prior.geometry = GeometryPrior::new(Geometry::level(35.0), deviations);
        let (observed, std) = ([60.0, 250.0, 110.0, 300.0], [30.0, 90.0, 40.0, 90.0]);
        target.likelihood = Likelihood::new(&observed, Some(&std), &NoiseModel::uniform(4));
        target.mix = MoveMix::new(&[(Move::SplitMerge, 0.3), (Move::ConductivityBlock, 0.3), (Move::Geometry, 0.4)]);
        let correction = [1.0, -2.0, 0.5, 3.0];
        let mut ladder = ladder(&[1.0, 2.0, 4.0], 3, &target, &mut forward);
        ladder.correct_coarse(&[7.0; 4], &target.likelihood);
        ladder.correct_coarse(&correction, &target.likelihood);
        ladder.freeze();
        for _ in 0..2_000 {
            ladder.iterate(&target, &mut forward);
            for chain in ladder.rungs() {
                let (state, rng) = (chain.state(), chain_rng(0, 0.0, 0.0, 0));
                let mut fresh = Chain::at_level(chain.level(), state.model.clone(), &target, &mut forward, rng);
                fresh.correct_coarse(&correction, &target.likelihood);
                for (got, expected) in [(&state.fit, &fresh.state().fit), (&state.coarse, &fresh.state().coarse)] {
                    assert_eq!(got.predicted.len(), expected.predicted.len());
                    for (got, expected) in got.predicted.iter().zip(&expected.predicted) {
                        assert!((got - expected).abs() < 1e-9 * expected.abs(), "{got} {expected} {:?}", chain.level());
                    }
                    assert!((got.ln_likelihood - expected.ln_likelihood).abs() < 1e-6);
                }
                assert_eq!(state.ln_prior_earth, fresh.state().ln_prior_earth);
                assert_eq!(state.ln_prior_rest, fresh.state().ln_prior_rest);
            }
        }
        let counts = ladder.exchanges();
        assert!(counts.iter().all(|count| 20 < count.accepted && count.accepted < count.tried), "{counts:?}");
    }
}
