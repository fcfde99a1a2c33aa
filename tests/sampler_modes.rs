//! Two models that fit alike with a wall between: tempering finds both, and without it nothing is called converged.

use std::ops::ControlFlow;

use geobipy::bayes::{
    ConductivityPrior, Correlation, DepthScale, ErrorPrior, Evidence, GeometryPrior, Grade, Grids, InterfacePrior,
    LayerCountLaw, LayerCountPrior, Prior, SamplerSettings, SoundingPosterior, Target, Warning, invert_sounding,
};
use geobipy::earth::LayeredEarth;
use geobipy::forward::{EarthResponse, ForwardModel, Sensitivity};
use geobipy::system::Geometry;

use crate::sampler_support::{geometry, likelihood};

const MEAN: f64 = -4.0;
const DEPTHS_M: [f64; 3] = [2.0, 12.0, 40.0];

/// Products of the deviations of ln conductivity from its prior mean at three depths: an earth and its mirror image about the
/// mean give the same data and are as likely a priori, whatever their number of layers.
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

fn sample(temperature_count: usize) -> SoundingPosterior {
    let prior = Prior {
        layer_count: LayerCountPrior::new(LayerCountLaw::Geometric { ratio: 0.6 }, 5),
        interfaces: InterfacePrior::new(DepthScale::LogOffset { offset_m: 10.0 }, 0.5, 100.0, 0.5, 4).unwrap(),
        conductivity: ConductivityPrior {
            mean: MEAN,
            std: 1.5,
            correlation: Correlation::Independent,
            bounds: (MEAN - 12.0, MEAN + 12.0),
        },
        relative_error: vec![ErrorPrior::Fixed { ln_value: 0.0 }],
        additive_error: vec![ErrorPrior::Fixed { ln_value: 0.0 }],
        geometry: GeometryPrior::fixed(geometry()),
    };
    // Of deviations 1.2, 1.5 and 2. Between the two models the misfit is larger by 400 at least.
    let target = Target::new(prior.clone(), likelihood(&[1.8, 3.0, 2.4], Some(&[0.15; 3])));
    let settings = SamplerSettings {
        seed: 5,
        chain_count: 4,
        temperature_count,
        maximum_temperature: 100.0,
        maximum_burn_in: 2_000,
        maximum_iterations: 40_000,
        record_every: 10,
        rhat_target: 1.05,
        ess_target: 300.0,
        sample_count: 200,
    };
    let grids = Grids::new(&prior);
    invert_sounding(&target, &mut Mirror, &settings, &grids, 1.0, 1.0, &mut || ControlFlow::Continue(())).unwrap()
}

/// Share of samples above the mean at the middle depth.
fn share_above(posterior: &SoundingPosterior) -> f64 {
    let above = posterior.samples().filter(|sample| sample.earth.ln_conductivity_at(DEPTHS_M[1]) > MEAN).count();
    above as f64 / posterior.samples().count() as f64
}

/// Would catch: exchanges with a wrong ratio, hot chains that do not go anywhere. With at least 300 effective samples the
/// share of one of two equal modes is within 0.13 of a half, 4.4 standard deviations.
#[test]
fn tempering_finds_both_models_in_their_right_proportion() {
    let posterior = sample(8);
    assert_eq!(posterior.verdict.grade, Grade::Converged, "{:?}", posterior.evidence);
    let share = share_above(&posterior);
    assert!((share - 0.5).abs() < 0.13, "{share}");
    assert!(posterior.exchange_rate > 0.1, "{}", posterior.exchange_rate);
}

/// Would catch: a sounding called converged whose chains sit in different places.
#[test]
fn without_tempering_it_is_told_that_chains_disagree() {
    let posterior = sample(1);
    assert_eq!(posterior.verdict.grade, Grade::NotConverged, "{:?}", posterior.evidence);
    assert_eq!(posterior.verdict.reason, Some(Warning::ChainsDisagree), "{:?}", posterior.evidence);
    let Evidence { mixing, tail_error, .. } = posterior.evidence;
    // Each way of looking at it sees it, neither of them chains that all miss the same model.
    assert!(mixing.rhat > 1.1 && tail_error > 0.03, "{:?}", posterior.evidence);
    assert!(posterior.exchange_rate.is_nan());
}
