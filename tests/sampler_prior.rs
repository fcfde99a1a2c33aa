//! With the likelihood off every move alone, and all together, must keep the prior.
//!
//! Models are drawn from the prior independently, each is moved some steps, and the result is compared with fresh
//! draws: samples on both sides are independent, so that chi-square holds. Would catch: a missing factor in any ratio,
//! a redraw of illegal proposals, a state-dependent choice that is not in the ratio.

use geobipy::bayes::{
    Chain, Correlation, DepthScale, GaussNewton, LayerCountLaw, Model, Move, Prior, Target, chain_rng,
};
use geobipy::forward::{Accuracy, FdemForward};

use crate::sampler_support::{assert_same_distribution, geometry, likelihood, prior, prior_with_factor, system};

const DRAWS: usize = 20_000;

fn draws(prior: &Prior, seed: u64) -> Vec<Model> {
    let mut rng = chain_rng(seed, 0.0, 0.0, 0);
    (0..DRAWS).map(|_| prior.draw(&mut rng)).collect()
}

/// Makes `steps` iterations, or moves of one kind, from each of `starts`. The data are switched off; in informed
/// proposals their weight is reduced, so that steps are large enough to show an error.
fn moved(starts: Vec<Model>, target: &Target, steps: usize, only: Option<Move>) -> Vec<Model> {
    let mut forward = FdemForward::new(&system(), geometry().height_m(), Accuracy::Standard);
    let cells = GaussNewton::cell_depths_m(target.prior.interfaces.maximum_depth_m()).len();
    let profile = vec![target.prior.conductivity.mean; cells];
    let linearised =
        GaussNewton::new(profile, &geometry(), &target.prior, &target.likelihood, &mut forward).with_data_weight(0.005);
    let finish = |(i, model): (usize, Model)| {
        let mut chain =
            Chain::new(model, target, &mut forward, chain_rng(77, 0.0, i as f64, 1)).with_inverse_temperature(0.0);
        chain.set_gauss_newton(linearised.clone());
        chain.freeze();
        for _ in 0..steps {
            match only {
                Some(kind) => chain.try_move(kind, target, &mut forward),
                None => chain.iterate(target, &mut forward),
            }
        }
        chain.state().model.clone()
    };
    starts.into_iter().enumerate().map(finish).collect()
}

const OBSERVED: [f64; 8] = [150.0, 220.0, 400.0, 700.0, 120.0, 90.0, 300.0, 150.0];

fn target(prior: Prior) -> Target {
    Target::new(prior, likelihood(&OBSERVED, None))
}

#[test]
fn every_move_alone_keeps_the_prior() {
    let correlations = [
        Correlation::Independent,
        Correlation::ByIndex { gradient_std: 1.0 },
        Correlation::ByDistance { length_m: 8.0 },
    ];
    for correlation in correlations {
        let prior = prior(LayerCountLaw::Uniform, DepthScale::LogOffset { offset_m: 10.0 }, correlation);
        let fresh = draws(&prior, 1);
        let target = target(prior.clone());
        for &kind in Move::ALL {
            let after = moved(draws(&prior, 2), &target, 12, Some(kind));
            assert_same_distribution(&format!("{} with {correlation:?}", kind.name()), &after, &fresh);
        }
    }
}

#[test]
fn all_moves_together_reach_the_prior_from_far_away() {
    let laws = [LayerCountLaw::Uniform, LayerCountLaw::Reciprocal, LayerCountLaw::Geometric { ratio: 0.8 }];
    let scales = [DepthScale::Linear, DepthScale::Log, DepthScale::LogOffset { offset_m: 10.0 }];
    for (law, scale) in laws.into_iter().zip(scales) {
        let prior = prior(law, scale, Correlation::Independent);
        let target = target(prior.clone());
        let start = prior.draw(&mut chain_rng(3, 0.0, 0.0, 0));
        let after = moved(vec![start; 6_000], &target, 400, None);
        assert_same_distribution(&format!("standard mix with {law:?}, {scale:?}"), &after, &draws(&prior, 1));
    }
}

/// The factor of standard deviations replaces the relative error, and moves like it.
#[test]
fn the_factor_of_standard_deviations_keeps_its_prior() {
    let prior = prior_with_factor();
    let target = Target::new(prior.clone(), likelihood(&OBSERVED, Some(&[12.0; 8])));
    let fresh = draws(&prior, 1);
    for only in [Some(Move::RelativeError), Some(Move::All), None] {
        let after = moved(draws(&prior, 2), &target, 12, only);
        let moves = only.map_or("standard mix", Move::name);
        assert_same_distribution(&format!("{moves} with a factor"), &after, &fresh);
    }
    let start = prior.draw(&mut chain_rng(3, 0.0, 0.0, 0));
    let after = moved(vec![start; 6_000], &target, 400, None);
    assert_same_distribution("standard mix with a factor, from far away", &after, &fresh);
}
