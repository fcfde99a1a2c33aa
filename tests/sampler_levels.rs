//! Whole ladders whose hot copies sample another posterior than the exact one: the result is exact all the same.

use std::ops::ControlFlow;

use geobipy::bayes::{
    ConductivityPrior, Correlation, DepthScale, ErrorPrior, GeometryPrior, Grids, InterfacePrior, LayerCountLaw,
    LayerCountPrior, Likelihood, Prior, Sample, SamplerSettings, SoundingPosterior, Target, convergence,
    invert_sounding,
};
use geobipy::earth::LayeredEarth;
use geobipy::forward::{EarthResponse, ForwardModel, Sensitivity, TwoLevels};
use geobipy::system::Geometry;

use crate::sampler_support::{geometry, likelihood};

const DEPTHS_M: [f64; 3] = [3.0, 15.0, 40.0];
const STD: [f64; 3] = [0.5, 0.6, 0.7];
const MEAN: f64 = -4.0;

/// Data are ln conductivity at three depths, or a biased function of them.
struct Depths {
    is_biased: bool,
}

impl ForwardModel for Depths {
    fn channel_count(&self) -> usize {
        3
    }

    fn predict(&mut self, earth: &LayeredEarth, _: &Geometry, _: &mut EarthResponse, predicted: &mut [f64]) {
        for ((p, z), std) in predicted.iter_mut().zip(DEPTHS_M).zip(STD) {
            let deviation = earth.ln_conductivity_at(z) - MEAN;
            *p = deviation + if self.is_biased { 0.7 * std + 0.25 * deviation * deviation } else { 0.0 };
        }
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
        for (channel, z) in DEPTHS_M.into_iter().enumerate() {
            let (by_ln_conductivity, ..) = sensitivity.row_mut(channel);
            by_ln_conductivity.fill(0.0);
            by_ln_conductivity[earth.layer_at(z)] = 1.0;
        }
    }
}

/// Quantities of an earth that are compared.
fn quantities(earth: &LayeredEarth) -> [f64; 9] {
    let [a, b, c] = DEPTHS_M.map(|z| earth.ln_conductivity_at(z) - MEAN);
    let interface = earth.interface_depth_m().first().copied().unwrap_or(0.0);
    let is = |yes: bool| f64::from(u8::from(yes));
    let two = earth.layer_count() as f64 - 1.0;
    [two, a, b, c, a * a, a * c, c * c, is(interface > DEPTHS_M[0]), is(interface > DEPTHS_M[1])]
}

/// Means of the quantities over one or two layers, by summing prior times likelihood over a grid.
fn means_by_quadrature(prior: &Prior, likelihood: &Likelihood) -> [f64; 9] {
    const CELLS: usize = 100;
    let (low, high) = prior.conductivity.bounds;
    let width = (high - low) / CELLS as f64;
    let values: Vec<f64> = (0..CELLS).map(|i| low + width * (i as f64 + 0.5)).collect();
    let model = prior.draw(&mut geobipy::bayes::chain_rng(0, 0.0, 0.0, 0));
    let (mut mass, mut sums) = (0.0, [0.0; 9]);
    let mut add = |earth: LayeredEarth, volume: f64| {
        let mut predicted = [0.0; 3];
        Depths { is_biased: false }.predict(&earth, &geometry(), &mut EarthResponse::default(), &mut predicted);
        let density = (prior.ln_density_earth(&earth) + likelihood.evaluate(&predicted, &model).1).exp();
        mass += density * volume;
        sums.iter_mut().zip(quantities(&earth)).for_each(|(sum, x)| *sum += density * volume * x);
    };
    for &upper in &values {
        add(LayeredEarth::halfspace(upper), width);
        for &lower in &values {
            // All depths between two data are equivalent: the prior of depths is uniform from 1 m to 81 m.
            for [top, bottom] in [[1.0, 3.0], [3.0, 15.0], [15.0, 40.0], [40.0, 81.0]] {
                let earth = LayeredEarth::new(vec![0.5 * (top + bottom)], vec![upper, lower]).unwrap();
                add(earth, width * width * (bottom - top));
            }
        }
    }
    sums.map(|sum| sum / mass)
}

/// A ladder whose coarse model is 0.7 standard deviations off, and nonlinear, finds the exact posterior. Would catch:
/// screening or exchanges without their second stage, recorded samples of the coarse posterior.
#[test]
fn a_biased_coarse_model_leaves_the_posterior_as_it_is() {
    let prior = Prior {
        layer_count: LayerCountPrior::new(LayerCountLaw::Uniform, 2),
        interfaces: InterfacePrior::new(DepthScale::Linear, 1.0, 81.0, 0.5, 1).unwrap(),
        conductivity: ConductivityPrior {
            mean: MEAN,
            std: 1.5,
            correlation: Correlation::Independent,
            bounds: (MEAN - 8.0, MEAN + 8.0),
        },
        relative_error: vec![ErrorPrior::Fixed { ln_value: 0.0 }],
        additive_error: vec![ErrorPrior::Fixed { ln_value: 0.0 }],
        geometry: GeometryPrior::fixed(geometry()),
    };
    let target = Target::new(prior.clone(), likelihood(&[-0.6, -0.2, 0.9], Some(&STD)));
    let expected = means_by_quadrature(&prior, &target.likelihood);
    let mut forward = TwoLevels::new(Box::new(Depths { is_biased: false }), Box::new(Depths { is_biased: true }));
    // The targets are never met, so that all iterations are made.
    let settings = SamplerSettings {
        seed: 8,
        chain_count: 4,
        temperature_count: 3,
        maximum_temperature: 4.0,
        maximum_burn_in: 10_000,
        maximum_iterations: 200_000,
        record_every: 10,
        rhat_target: 0.0,
        ess_target: 1e9,
        sample_count: 160_000,
    };
    let posterior = sample(&target, &mut forward, &settings);
    assert!(posterior.exchange_rate > 0.1, "{}", posterior.exchange_rate);
    for (i, expected) in expected.into_iter().enumerate() {
        let of_chain = |samples: &Vec<Sample>| samples.iter().map(|s| quantities(&s.earth)[i]).collect();
        let chains: Vec<Vec<f64>> = posterior.chains.iter().map(of_chain).collect();
        let (average, std_error, ess) = mean_and_error(&chains);
        let deviate = (average - expected) / std_error;
        println!("{i}: {average:.4} {expected:.4} {deviate:.1} sd ess {ess:.0}");
        // Each has a false alarm rate of 7e-6.
        assert!(
            ess > 2_000.0 && deviate.abs() < 4.5,
            "quantity {i}: {average} against {expected}, {deviate:.1} sd, ess {ess:.0}"
        );
    }
}

fn sample(target: &Target, forward: &mut dyn ForwardModel, settings: &SamplerSettings) -> SoundingPosterior {
    let grids = Grids::new(&target.prior);
    invert_sounding(target, forward, settings, &grids, 1.0, 1.0, &mut || ControlFlow::Continue(())).unwrap()
}

/// Mean, its standard error, and its number of effective samples.
fn mean_and_error(chains: &[Vec<f64>]) -> (f64, f64, f64) {
    let all = chains.concat();
    let average = all.iter().sum::<f64>() / all.len() as f64;
    let variance = all.iter().map(|x| (x - average).powi(2)).sum::<f64>() / all.len() as f64;
    let ess = convergence(chains).ess;
    (average, (variance / ess).sqrt(), ess)
}
