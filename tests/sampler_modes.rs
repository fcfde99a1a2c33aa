//! Posteriors with modes separated by a large misfit: tempering finds all modes in their right proportion, hot copies
//! leave local minima, and soundings where either fails are not called converged.

use std::ops::ControlFlow;

use geobipy::bayes::{
    ConductivityPrior, Correlation, DepthScale, ErrorPrior, Evidence, GeometryPrior, Grade, Grids, InterfacePrior,
    LayerCountLaw, LayerCountPrior, Move, MoveMix, Prior, Sample, SamplerSettings, SoundingPosterior, Target, Warning,
    convergence, invert_sounding,
};
use geobipy::earth::LayeredEarth;
use geobipy::forward::{EarthResponse, ForwardModel, Sensitivity};
use geobipy::system::Geometry;

use crate::sampler_support::{geometry, likelihood};

const MEAN: f64 = -4.0;
const DEPTHS_M: [f64; 3] = [2.0, 12.0, 40.0];

/// Data are products of the deviations of ln conductivity from its prior mean at three depths. An earth and its mirror
/// image about the mean give the same data and have the same prior probability, for any number of layers.
struct Mirror;

impl Mirror {
    fn deviations(earth: &LayeredEarth) -> [f64; 3] {
        DEPTHS_M.map(|z| earth.ln_conductivity_at(z) - MEAN)
    }
}

impl ForwardModel for Mirror {
    fn channel_count(&self) -> usize {
        3
    }

    fn predict(&mut self, earth: &LayeredEarth, _: &Geometry, _: &mut EarthResponse, predicted: &mut [f64]) {
        let [a, b, c] = Self::deviations(earth);
        predicted.copy_from_slice(&[a * b, b * c, a * c]);
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
        self.predict(earth, geometry, &mut EarthResponse::default(), predicted);
        sensitivity.resize(3, earth.layer_count());
        let [a, b, c] = Self::deviations(earth);
        let layers = DEPTHS_M.map(|z| earth.layer_at(z));
        for (channel, [by_a, by_b, by_c]) in [[b, a, 0.0], [0.0, c, b], [c, 0.0, a]].into_iter().enumerate() {
            let (by_ln_conductivity, ..) = sensitivity.row_mut(channel);
            by_ln_conductivity.fill(0.0);
            for (layer, by) in layers.into_iter().zip([by_a, by_b, by_c]) {
                by_ln_conductivity[layer] += by;
            }
        }
    }
}

fn prior(law: LayerCountLaw, maximum_layer_count: usize) -> Prior {
    let (offset_m, interfaces) = (10.0, maximum_layer_count - 1);
    Prior {
        layer_count: LayerCountPrior::new(law, maximum_layer_count),
        interfaces: InterfacePrior::new(DepthScale::LogOffset { offset_m }, 0.5, 100.0, 0.5, interfaces).unwrap(),
        conductivity: ConductivityPrior {
            mean: MEAN,
            std: 1.5,
            correlation: Correlation::Independent,
            bounds: (MEAN - 12.0, MEAN + 12.0),
        },
        relative_error: vec![ErrorPrior::Fixed { ln_value: 0.0 }],
        additive_error: vec![ErrorPrior::Fixed { ln_value: 0.0 }],
        geometry: GeometryPrior::fixed(geometry()),
    }
}

const SETTINGS: SamplerSettings = SamplerSettings {
    seed: 5,
    chain_count: 4,
    temperature_count: 8,
    maximum_temperature: 100.0,
    maximum_burn_in: 2_000,
    maximum_iterations: 40_000,
    record_every: 10,
    rhat_target: 1.05,
    ess_target: 300.0,
    sample_count: 200,
};

fn invert(target: &Target, forward: &mut dyn ForwardModel, settings: &SamplerSettings) -> SoundingPosterior {
    let grids = Grids::new(&target.prior);
    invert_sounding(target, forward, settings, &grids, 1.0, 1.0, &mut || ControlFlow::Continue(())).unwrap()
}

fn sample(temperature_count: usize) -> SoundingPosterior {
    // The deviations are 1.2, 1.5 and 2. Between the two models the misfit is larger by at least 400.
    let likelihood = likelihood(&[1.8, 3.0, 2.4], Some(&[0.15; 3]));
    let target = Target::new(prior(LayerCountLaw::Geometric { ratio: 0.6 }, 5), likelihood);
    invert(&target, &mut Mirror, &SamplerSettings { temperature_count, ..SETTINGS })
}

/// Share of samples above the mean at the middle depth.
fn share_above(posterior: &SoundingPosterior) -> f64 {
    let above = posterior.samples().filter(|sample| sample.earth.ln_conductivity_at(DEPTHS_M[1]) > MEAN).count();
    above as f64 / posterior.samples().count() as f64
}

/// Would catch: exchanges with a wrong ratio, hot chains that do not move far. With at least 300 effective samples the
/// share of one of two equal modes is within 0.13 of a half, 4.4 standard deviations.
#[test]
fn tempering_finds_both_models_in_their_right_proportion() {
    let posterior = sample(8);
    assert_eq!(posterior.verdict.grade, Grade::Converged, "{:?}", posterior.evidence);
    let share = share_above(&posterior);
    assert!((share - 0.5).abs() < 0.13, "{share}");
    assert!(posterior.exchange_rate > 0.1, "{}", posterior.exchange_rate);
}

/// Would catch: a sounding called converged whose chains are in different modes.
#[test]
fn without_tempering_it_is_told_that_chains_disagree() {
    let posterior = sample(1);
    assert_eq!(posterior.verdict.grade, Grade::NotConverged, "{:?}", posterior.evidence);
    assert_eq!(posterior.verdict.reason, Some(Warning::ChainsDisagree), "{:?}", posterior.evidence);
    let Evidence { mixing, tail_error, .. } = posterior.evidence;
    // R-hat and tail error each show the disagreement; neither could if all chains missed the same model.
    assert!(mixing.rhat > 1.1 && tail_error > 0.03, "{:?}", posterior.evidence);
    assert!(posterior.exchange_rate.is_nan());
}

/// Like [`Mirror`], with a datum that distinguishes the earth from its mirror image.
struct Signed;

impl ForwardModel for Signed {
    fn channel_count(&self) -> usize {
        4
    }

    fn predict(&mut self, earth: &LayeredEarth, _: &Geometry, _: &mut EarthResponse, predicted: &mut [f64]) {
        let [a, b, c] = Mirror::deviations(earth);
        predicted.copy_from_slice(&[a * b, b * c, a * c, a]);
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
        let mut three = Sensitivity::default();
        Mirror.predict_with_sensitivity(earth, geometry, &mut predicted[..3], &mut three);
        self.predict(earth, geometry, &mut EarthResponse::default(), predicted);
        sensitivity.resize(4, earth.layer_count());
        for channel in 0..3 {
            sensitivity.row_mut(channel).0.copy_from_slice(three.by_ln_conductivity(channel));
        }
        sensitivity.row_mut(3).0.fill(0.0);
        sensitivity.row_mut(3).0[earth.layer_at(DEPTHS_M[0])] = 1.0;
    }
}

/// Deviations 1.2, -1.5 and 2, which take at least three layers. The barrier around the mirror image is 1300 in the
/// misfit at a temperature of 4, and its own misfit is larger by 400: no hot copy leaves it, and none would stay if it
/// could move freely.
fn sample_with_hole(maximum_burn_in: usize) -> SoundingPosterior {
    let likelihood = likelihood(&[-1.8, -3.0, 2.4, 1.2], Some(&[0.05, 0.05, 0.05, 0.06]));
    let target = Target::new(prior(LayerCountLaw::Uniform, 5), likelihood);
    let settings = SamplerSettings { temperature_count: 3, maximum_temperature: 4.0, maximum_burn_in, ..SETTINGS };
    invert(&target, &mut Signed, &settings)
}

/// Would catch: burn-in without heated stages.
#[test]
fn heat_frees_hot_copies_from_holes() {
    let posterior = sample_with_hole(20_000);
    assert_eq!(posterior.verdict.grade, Grade::Converged, "{:?}", posterior.evidence);
    assert_eq!(share_above(&posterior), 0.0, "the middle depth is resistive");
}

/// Burn-in is too short for heated stages, so that copies stay in the local minimum. Would catch: a verdict that looks
/// at temperature 1 alone.
#[test]
fn a_stuck_hot_copy_is_told() {
    let posterior = sample_with_hole(900);
    assert_eq!(posterior.verdict.grade, Grade::NotConverged, "{:?}", posterior.evidence);
    assert_eq!(posterior.verdict.reason, Some(Warning::StuckRung), "{:?}", posterior.evidence);
    assert_eq!(posterior.iterations, SETTINGS.maximum_iterations, "the budget is spent on it");
}

/// The likelihood depends only on the number of layers: exp(-cost) for 1, 2, ... layers.
struct Costs;

impl Costs {
    /// Costs that favour few layers or many, and nothing between.
    const OF: [f64; 12] = [0.0, 0.3, 2.0, 9.0, 11.0, 12.0, 11.0, 9.0, 2.0, 0.8, 0.6, 1.5];
}

impl ForwardModel for Costs {
    fn channel_count(&self) -> usize {
        1
    }

    fn predict(&mut self, earth: &LayeredEarth, _: &Geometry, _: &mut EarthResponse, predicted: &mut [f64]) {
        // Linearised earths have more layers.
        predicted[0] = (2.0 * Self::OF.get(earth.layer_count() - 1).unwrap_or(&0.0)).sqrt();
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
        self.predict(earth, geometry, &mut EarthResponse::default(), predicted);
        sensitivity.resize(1, earth.layer_count());
    }
}

/// Earths of few and of many layers have the proportion that follows from their likelihoods and the prior of the layer
/// count. Layers come and go one at a time, which takes about exp(12) tries without hot copies. Would catch: exchanges
/// with a wrong ratio, a weight of layers that affects the samples.
#[test]
fn few_and_many_layers_have_their_known_shares() {
    let ratio: f64 = 0.95;
    let prior = prior(LayerCountLaw::Geometric { ratio }, Costs::OF.len());
    let mix = MoveMix::new(&[(Move::SplitMerge, 0.7), (Move::ConductivityBlock, 0.3)]);
    let target = Target { prior, likelihood: likelihood(&[0.0], Some(&[1.0])), mix };
    let settings = SamplerSettings {
        temperature_count: 5,
        maximum_temperature: 10.0,
        maximum_burn_in: 20_000,
        maximum_iterations: 400_000,
        ess_target: 1_500.0,
        sample_count: 160_000,
        ..SETTINGS
    };
    let posterior = invert(&target, &mut Costs, &settings);
    assert_eq!(posterior.verdict.grade, Grade::Converged, "{:?}", posterior.evidence);
    let weight = |(i, cost): (usize, &f64)| ratio.powi(i as i32) * (-cost).exp();
    let weights: Vec<f64> = Costs::OF.iter().enumerate().map(weight).collect();
    let sum: f64 = weights.iter().sum();
    let at_most = |layers: usize| weights[..layers].iter().sum::<f64>() / sum;
    for layers in [1, 2, 6, 9, 10, 11] {
        let expected = at_most(layers);
        let of_chain = |samples: &Vec<Sample>| {
            samples.iter().map(|s| f64::from(u8::from(s.earth.layer_count() <= layers))).collect()
        };
        let chains: Vec<Vec<f64>> = posterior.chains.iter().map(of_chain).collect();
        let all = chains.concat();
        let got = all.iter().sum::<f64>() / all.len() as f64;
        let ess = convergence(&chains).ess;
        let deviate = (got - expected) / (expected * (1.0 - expected) / ess).sqrt();
        // Each has a false alarm rate of 7e-6.
        assert!(
            ess > 500.0 && deviate.abs() < 4.5,
            "at most {layers} layers: {got} against {expected}, {deviate:.1} sd, ess {ess:.0}"
        );
    }
}
