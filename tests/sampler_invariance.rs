//! Chains with the likelihood on keep the prior. Models are drawn from the prior, data are drawn from each, and chains
//! start at the model that made their data. Such a start is a draw from the posterior, so that any number of exact
//! steps must leave the models distributed as the prior (Geweke 2004; Gandy & Scott 2020). Would catch: errors that
//! prior recovery cannot find, in proposals informed by data at full weight, in stale predictions and in the likelihood
//! ratio.

use std::path::Path;

use geobipy::bayes::{
    Chain, Correlation, DepthScale, GaussNewton, LayerCountLaw, Level, Model, Move, MoveMix, Prior, Target, chain_rng,
};
use geobipy::forward::{Accuracy, EarthResponse, FdemForward, ForwardModel, TwoLevels};
use geobipy::system::FdemSystem;
use rand_distr::{Distribution, StandardNormal};

use crate::sampler_support::{assert_same_distribution, geometry, likelihood, prior, prior_with_factor, system};

#[test]
fn posterior_chains_started_at_the_truth_keep_the_prior() {
    check(&sampled_errors(), None, 6_000, 40);
}

/// Would catch: such errors for standard deviations with a sampled factor.
#[test]
fn a_factor_of_standard_deviations_keeps_the_prior() {
    check(&prior_with_factor(), Some(&[6.0, 9.0, 12.0, 20.0, 6.0, 5.0, 10.0, 12.0]), 6_000, 40);
}

/// Ten times the models and twice the steps can find an error a third as large.
#[test]
#[ignore = "minutes: make test-long"]
fn posterior_chains_started_at_the_truth_keep_the_prior_longer() {
    check(&sampled_errors(), None, 60_000, 80);
}

fn sampled_errors() -> Prior {
    prior(LayerCountLaw::Uniform, DepthScale::LogOffset { offset_m: 10.0 }, Correlation::Independent)
}

const SCREENED: &str = "standard mix, screened";

/// Moves each of `count` models by `iterations`; their data have the standard deviations `std` times a factor, or
/// sampled errors.
fn check(prior: &Prior, std: Option<&[f64]>, count: usize, iterations: usize) {
    let model = |system: &FdemSystem| Box::new(FdemForward::new(system, geometry().height_m(), Accuracy::Standard));
    // The coarse model is far off: its frequency is higher.
    let biased = FdemSystem::parse(&system().source_text.replace("380,", "480,"), Path::new("biased.stm")).unwrap();
    let mut forward = TwoLevels::new(model(&system()), model(&biased));
    let cells = GaussNewton::cell_depths_m(prior.interfaces.maximum_depth_m()).len();
    let mut rng = chain_rng(11, 0.0, 0.0, 0);
    let truths: Vec<Model> = (0..count).map(|_| prior.draw(&mut rng)).collect();
    let fresh: Vec<Model> = (0..3 * count).map(|_| prior.draw(&mut rng)).collect();

    let mixes: Vec<(&str, MoveMix)> = vec![
        ("standard mix", MoveMix::standard(prior)),
        (SCREENED, MoveMix::standard(prior)),
        ("all conductivities", MoveMix::new(&[(Move::All, 1.0)])),
        ("birth and death", MoveMix::new(&[(Move::BirthDeath, 1.0)])),
        ("split and merge", MoveMix::new(&[(Move::SplitMerge, 1.0)])),
        ("blocks", MoveMix::new(&[(Move::ConductivityBlock, 1.0)])),
        (
            "interfaces and layers",
            MoveMix::new(&[(Move::InterfaceJump, 0.3), (Move::InterfaceShift, 0.3), (Move::LayerStretch, 0.4)]),
        ),
        (
            "contrasts",
            MoveMix::new(&[(Move::ContrastBirthDeath, 0.4), (Move::ContrastJump, 0.3), (Move::ContrastShift, 0.3)]),
        ),
    ];
    for (name, mix) in mixes {
        let mut accepted = 0;
        let after: Vec<Model> = truths
            .iter()
            .enumerate()
            .map(|(i, truth)| {
                let mut rng = chain_rng(12, 0.0, i as f64, 0);
                let mut observed = vec![0.0; forward.channel_count()];
                forward.predict(&truth.earth, &truth.geometry, &mut EarthResponse::default(), &mut observed);
                let [relative, additive] = [&truth.ln_relative_error, &truth.ln_additive_error].map(|ln| ln[0].exp());
                for (i, datum) in observed.iter_mut().enumerate() {
                    let normal: f64 = StandardNormal.sample(&mut rng);
                    *datum += std.map_or((relative * *datum).hypot(additive), |std| relative * std[i]) * normal;
                }
                let target = Target { prior: prior.clone(), likelihood: likelihood(&observed, std), mix: mix.clone() };
                // The linearisation does not depend on the truth: it is about the prior mean.
                let profile = vec![prior.conductivity.mean; cells];
                let linearised = GaussNewton::new(profile, &geometry(), prior, &target.likelihood, &mut forward);
                let level = if name == SCREENED { Level::Screened } else { Level::Exact };
                let mut chain = Chain::at_level(level, truth.clone(), &target, &mut forward, rng);
                chain.set_gauss_newton(linearised);
                chain.freeze();
                for _ in 0..iterations {
                    chain.iterate(&target, &mut forward);
                }
                accepted += mix.kinds().map(|kind| chain.counts()[kind.index()].accepted).sum::<u64>();
                chain.state().model.clone()
            })
            .collect();
        // A mix that never moves would pass any test.
        println!("{name}: {accepted} of {}", count * iterations);
        assert!(accepted > (count * iterations / 50) as u64, "{name} hardly moves: {accepted} acceptances");
        assert_same_distribution(name, &after, &fresh);
    }
}
