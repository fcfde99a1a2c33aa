//! Exchange of models between neighbouring temperatures.
//!
//! The colder chain has the density prior x L^b x exp(g k) and a model x of k layers; the hotter chain has b', g', x'
//! and k'. The exchange of their models has the ratio
//!
//! ```text
//! (L(x') / L(x))^(b - b') exp((g - g') (k' - k))
//! ```
//!
//! Exchanges with this ratio leave the product of both densities unchanged (Geyer 1991).
//!
//! Where the hotter chain samples the coarse posterior and the colder one the exact posterior, L in the ratio is first
//! the coarse likelihood. A pair that passes needs an exact likelihood for x', and must pass again with the ratio
//! (L_exact(x') / L_coarse(x') x L_coarse(x) / L_exact(x))^b, as in [`Chain::try_move`].

use rand::Rng;

use super::accept::accept;
use super::chain::{Chain, Level, Target};
use super::state::Fit;
use crate::forward::ForwardModel;

/// Exchanges the models of two chains or leaves them, and returns which.
pub(super) fn exchange<R: Rng>(
    colder: &mut Chain<R>,
    hotter: &mut Chain<R>,
    target: &Target,
    forward: &mut dyn ForwardModel,
    rng: &mut R,
) -> bool {
    let one_level = colder.level() == hotter.level();
    let (cold, hot) = (colder.tempering(), hotter.tempering());
    let layers = |chain: &Chain<R>| chain.state().model.earth.layer_count() as f64;
    let colder_fit = if one_level { &colder.state.fit } else { &colder.state.coarse };
    let ln_ratio = (cold.inverse_temperature - hot.inverse_temperature)
        * (hotter.state.fit.ln_likelihood - colder_fit.ln_likelihood)
        + (cold.ln_layer_weight - hot.ln_layer_weight) * (layers(hotter) - layers(colder));
    if !accept(ln_ratio, rng) {
        return false;
    }
    if one_level {
        std::mem::swap(&mut colder.state, &mut hotter.state);
        std::mem::swap(&mut colder.responses, &mut hotter.responses);
        return true;
    }
    debug_assert_eq!((colder.level(), hotter.level()), (Level::Screened, Level::Coarse));

    // The candidate becomes the hotter chain's model with an exact fit.
    let then = &mut colder.candidate;
    then.model.clone_from(&hotter.state.model);
    then.coarse.clone_from(&hotter.state.fit);
    (then.ln_prior_earth, then.ln_prior_rest) = (hotter.state.ln_prior_earth, hotter.state.ln_prior_rest);
    let response = &mut colder.candidate_responses.fit;
    forward.predict(&then.model.earth, &then.model.geometry, response, &mut then.fit.predicted);
    then.fit.evaluate(&target.likelihood, &then.model);
    let ln_exact_over_coarse = |exact: &Fit, coarse: &Fit| exact.ln_likelihood - coarse.ln_likelihood;
    let ln_ratio = cold.inverse_temperature
        * (ln_exact_over_coarse(&then.fit, &then.coarse)
            - ln_exact_over_coarse(&colder.state.fit, &colder.state.coarse));
    if !cold.coarse_decides && !accept(ln_ratio, rng) {
        return false;
    }
    // The hotter chain gets model and coarse fit of the colder chain, which gets the candidate.
    std::mem::swap(&mut hotter.responses.fit, &mut colder.responses.coarse);
    std::mem::swap(&mut colder.responses.fit, &mut colder.candidate_responses.fit);
    std::mem::swap(&mut colder.state, &mut colder.candidate);
    let before = &colder.candidate;
    hotter.state.model.clone_from(&before.model);
    hotter.state.fit.clone_from(&before.coarse);
    (hotter.state.ln_prior_earth, hotter.state.ln_prior_rest) = (before.ln_prior_earth, before.ln_prior_rest);
    true
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::convert::Infallible;

    use rand::TryRng;

    use super::*;
    use crate::bayes::chain::Tempering;
    use crate::bayes::ladder::tests::{Costs, target};
    use crate::bayes::model::Model;
    use crate::bayes::state::tests::state;
    use crate::forward::TwoLevels;

    const EXACT: [f64; 4] = [1.0, 0.3, 2.0, 0.1];
    const COARSE: [f64; 4] = [0.2, 1.3, 0.8, 1.6];
    /// Correction of the coarse model's data.
    const CORRECTION: f64 = 0.4;

    /// A generator that returns given numbers between 0 and 1.
    #[derive(Debug, Clone)]
    struct Given(VecDeque<f64>);

    impl TryRng for Given {
        type Error = Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            unreachable!("exchanges draw numbers between 0 and 1")
        }

        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            Ok(((self.0.pop_front().unwrap() * 2f64.powi(53)) as u64) << 11)
        }

        fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Infallible> {
            unreachable!("exchanges draw numbers between 0 and 1")
        }
    }

    fn forward() -> TwoLevels {
        TwoLevels::new(Box::new(Costs(&EXACT)), Box::new(Costs(&COARSE)))
    }

    fn chain(level: Level, tempering: Tempering, layers: usize) -> Chain<Given> {
        let target = target(EXACT.len());
        let model: Model = state(&vec![-4.0 - layers as f64; layers]).model;
        let mut chain = Chain::at_level(level, model, &target, &mut forward(), Given(VecDeque::new()));
        chain.set_tempering(tempering);
        chain.correct_coarse(&[CORRECTION], &target.likelihood);
        chain
    }

    struct Pair {
        levels: [Level; 2],
        temperings: [Tempering; 2],
    }

    impl Pair {
        /// Returns whether chains of `layers` are exchanged when these numbers are drawn, and checks that states are
        /// complete afterwards.
        fn exchanges(&self, layers: [usize; 2], draws: [f64; 2]) -> bool {
            let of = |i: usize, layers: usize| chain(self.levels[i], self.temperings[i], layers);
            let (mut colder, mut hotter) = (of(0, layers[0]), of(1, layers[1]));
            let target = target(EXACT.len());
            let given = &mut Given(draws.into());
            let exchanged = exchange(&mut colder, &mut hotter, &target, &mut forward(), given);
            let [now, then] = if exchanged { [layers[1], layers[0]] } else { layers };
            assert_eq!(colder.state, of(0, now).state);
            assert_eq!(hotter.state, of(1, then).state);
            exchanged
        }

        /// Returns the probability of the stage for which `draws` makes numbers; the other stages pass.
        fn probability(&self, layers: [usize; 2], draws: impl Fn(f64) -> [f64; 2]) -> f64 {
            let (mut low, mut high) = (0.0, 1.0 - 2f64.powi(-53));
            if self.exchanges(layers, draws(high)) {
                return 1.0;
            }
            for _ in 0..45 {
                let middle = 0.5 * (low + high);
                if self.exchanges(layers, draws(middle)) { low = middle } else { high = middle }
            }
            low
        }

        fn probabilities(&self, layers: [usize; 2]) -> [f64; 2] {
            [self.probability(layers, |u| [u, 0.0]), self.probability(layers, |u| [0.0, u])]
        }

        /// Returns the product of the densities of both chains without the priors, which no exchange changes.
        fn ln_density(&self, layers: [usize; 2]) -> f64 {
            let of = |i: usize| {
                let Tempering { inverse_temperature, ln_layer_weight, .. } = self.temperings[i];
                let coarse_cost = || 0.5 * ((2.0 * COARSE[layers[i] - 1]).sqrt() + CORRECTION).powi(2);
                let cost = if self.levels[i] == Level::Coarse { coarse_cost() } else { EXACT[layers[i] - 1] };
                ln_layer_weight * layers[i] as f64 - inverse_temperature * cost
            };
            of(0) + of(1)
        }
    }

    fn temperings() -> [[Tempering; 2]; 2] {
        [[(1.0, 0.0), (0.4, 0.5)], [(0.7, 0.3), (0.2, -0.4)]].map(|pair| {
            pair.map(|(inverse_temperature, ln_layer_weight)| Tempering {
                inverse_temperature,
                ln_layer_weight,
                coarse_decides: false,
            })
        })
    }

    fn pairs_of_layers() -> impl Iterator<Item = [usize; 2]> {
        (1..=EXACT.len()).flat_map(|k| (1..=EXACT.len()).map(move |l| [k, l]))
    }

    /// Between chains of one level an exchange has the probability of Metropolis' rule.
    #[test]
    fn exchanges_of_one_level_have_the_ratio_of_the_densities() {
        for levels in [[Level::Exact; 2], [Level::Coarse; 2]] {
            for temperings in temperings() {
                let pair = Pair { levels, temperings };
                for layers in pairs_of_layers() {
                    let ln_ratio = pair.ln_density([layers[1], layers[0]]) - pair.ln_density(layers);
                    let got = pair.probability(layers, |u| [u, 0.0]);
                    assert!((got - ln_ratio.exp().min(1.0)).abs() < 1e-12, "{layers:?}: {got} against e^{ln_ratio}");
                }
            }
        }
    }

    /// Between levels, the first stage has the ratio of the coarse densities, the second stage has the rest, and both
    /// together are in balance with the reverse exchange.
    #[test]
    fn exchanges_between_levels_have_two_stages_in_balance() {
        for temperings in temperings() {
            let pair = Pair { levels: [Level::Screened, Level::Coarse], temperings };
            let coarse = Pair { levels: [Level::Coarse; 2], temperings };
            let mut hesitant = 0;
            for layers in pairs_of_layers() {
                let back = [layers[1], layers[0]];
                let ln_ratio = pair.ln_density(back) - pair.ln_density(layers);
                let ln_first = coarse.ln_density(back) - coarse.ln_density(layers);
                let [first, second] = pair.probabilities(layers);
                assert!((first - ln_first.exp().min(1.0)).abs() < 1e-12, "{layers:?}: {first} against e^{ln_first}");
                let ln_second = ln_ratio - ln_first;
                assert!(
                    (second - ln_second.exp().min(1.0)).abs() < 1e-12,
                    "{layers:?}: {second} against e^{ln_second}"
                );
                let [back_first, back_second] = pair.probabilities(back);
                let balance = (first * second).ln() - (back_first * back_second).ln();
                assert!((balance - ln_ratio).abs() < 1e-9, "{layers:?}: {balance} against {ln_ratio}");
                hesitant += usize::from(first < 1.0 && second < 1.0);
            }
            assert!(hesitant > 0, "no exchange that both stages may refuse");
        }
    }
}
