//! Which priors recover known earths? Prints the table of docs/priors.md.
//!
//!     cargo bench --no-default-features --bench prior_study
//!
//! Synthetic RESOLVE-type soundings with 5 % + 5 ppm noise over four families of three-layer earths are inverted under one
//! prior after another. For each: coverage of the 90 % interval of log10 conductivity at ten depths; the log score there
//! (mean ln of the posterior probability of the 0.2-decade cell that holds the truth: higher is better, a proper score);
//! the mean error of the posterior median; the mean number of layers (the truth has 3); the cost.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use geobipy::bayes::{
    ConductivityPrior, Correlation, DepthScale, ErrorPrior, GeometryPrior, Grids, InterfacePrior, LayerCountLaw,
    LayerCountPrior, Likelihood, NoiseModel, Outcome, Prior, SamplerSettings, Target, chain_rng, invert_sounding,
};
use geobipy::earth::LayeredEarth;
use geobipy::forward::{Accuracy, EarthResponse, FdemForward, ForwardModel, best_halfspace};
use geobipy::system::{FdemSystem, Geometry};
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;

const HEIGHT_M: f64 = 30.0;
const DEPTHS_M: [f64; 10] = [1.0, 2.0, 4.0, 7.0, 11.0, 16.0, 23.0, 32.0, 45.0, 65.0];
const PER_FAMILY: usize = 8;

/// Three-layer earths whose upper interfaces move along a line.
struct Family {
    /// S/m, top down.
    conductivity: [f64; 3],
    /// First and last depth in m of the upper interface.
    upper: (f64, f64),
    /// The same of the lower one.
    lower: (f64, f64),
}

const FAMILIES: [Family; 4] = [
    Family { conductivity: [0.01, 0.1, 0.0333], upper: (5.0, 0.6), lower: (7.5, 50.0) },
    Family { conductivity: [0.01, 0.1, 1.0], upper: (5.0, 0.6), lower: (7.5, 50.0) },
    Family { conductivity: [0.01, 0.1, 0.0001], upper: (5.0, 0.6), lower: (7.5, 50.0) },
    Family { conductivity: [0.01, 0.1, 0.00333], upper: (25.0, 3.0), lower: (28.0, 43.0) },
];

struct Case {
    truth: LayeredEarth,
    observed: Vec<f64>,
    halfspace: f64,
}

/// One prior of the study.
#[derive(Clone, Copy)]
struct Variant {
    law: LayerCountLaw,
    scale: DepthScale,
    correlation: Correlation,
    decades: f64,
    /// Centred on the sounding's own halfspace instead of the survey's.
    own_center: bool,
}

struct Score {
    covered: f64,
    log_score: f64,
    error: f64,
    layers: f64,
    converged: f64,
    seconds: f64,
}

fn main() {
    let system = FdemSystem::parse(include_str!("../examples/resolve/resolve.stm"), Path::new("resolve.stm")).unwrap();
    let cases = cases(&system);
    let mut halfspaces: Vec<f64> = cases.iter().map(|case| case.halfspace).collect();
    halfspaces.sort_by(f64::total_cmp);
    let survey_center = halfspaces[halfspaces.len() / 2];

    let base = Variant {
        law: LayerCountLaw::Geometric { ratio: 0.6 },
        scale: DepthScale::LogOffset { offset_m: 10.0 },
        correlation: Correlation::Independent,
        decades: 1.0,
        own_center: false,
    };
    let by_index = Correlation::ByIndex { gradient_std: 0.65 * std::f64::consts::LN_10 };
    let by_distance = Correlation::ByDistance { length_m: 10.0 };
    let variants = [
        ("**default**: geometric 0.6, ln(z + 10 m), independent, 1 decade, survey", base),
        ("layer count: uniform", Variant { law: LayerCountLaw::Uniform, ..base }),
        ("layer count: reciprocal", Variant { law: LayerCountLaw::Reciprocal, ..base }),
        ("layer count: geometric 0.8", Variant { law: LayerCountLaw::Geometric { ratio: 0.8 }, ..base }),
        ("layer count: geometric 0.4", Variant { law: LayerCountLaw::Geometric { ratio: 0.4 }, ..base }),
        ("interface depth: linear", Variant { scale: DepthScale::Linear, ..base }),
        ("interface depth: ln z", Variant { scale: DepthScale::Log, ..base }),
        ("correlation: by index, 0.65 decades", Variant { correlation: by_index, ..base }),
        ("correlation: by distance, 10 m", Variant { correlation: by_distance, ..base }),
        ("conductivity std: 0.7 decades", Variant { decades: 0.7, ..base }),
        ("conductivity std: 1.4 decades", Variant { decades: 1.4, ..base }),
        ("centre: best halfspace of the sounding", Variant { own_center: true, ..base }),
    ];
    println!("| prior | coverage of 90 % | log score | error of the median (decades) | layers | converged | CPU s |");
    println!("|---|---|---|---|---|---|---|");
    for (name, variant) in variants {
        let scores: Vec<Score> = cases
            .par_iter()
            .enumerate()
            .map(|(i, case)| {
                let center = if variant.own_center { case.halfspace } else { survey_center };
                score(case, i, &system, prior(variant, center))
            })
            .collect();
        let mean = |of: fn(&Score) -> f64| scores.iter().map(of).sum::<f64>() / scores.len() as f64;
        println!(
            "| {name} | {:.2} | {:.2} | {:.3} | {:.1} | {:.2} | {:.2} |",
            mean(|s| s.covered),
            mean(|s| s.log_score),
            mean(|s| s.error),
            mean(|s| s.layers),
            mean(|s| s.converged),
            mean(|s| s.seconds)
        );
    }
}

fn cases(system: &FdemSystem) -> Vec<Case> {
    let mut forward = FdemForward::new(system, HEIGHT_M, Accuracy::High);
    let mut cases = Vec::new();
    for (number, family) in FAMILIES.iter().enumerate() {
        for i in 0..PER_FAMILY {
            let along = i as f64 / (PER_FAMILY - 1) as f64;
            let at = |(first, last): (f64, f64)| first + (last - first) * along;
            let (upper, lower) = (at(family.upper), at(family.lower));
            let truth = LayeredEarth::from_thicknesses(&family.conductivity, &[upper, lower - upper]).unwrap();
            let mut observed = vec![0.0; forward.channel_count()];
            forward.predict(&truth, &Geometry::level(HEIGHT_M), &mut EarthResponse::default(), &mut observed);
            let mut rng = chain_rng(1, number as f64, i as f64, 0);
            for datum in &mut observed {
                let normal: f64 = StandardNormal.sample(&mut rng);
                *datum += (0.05 * *datum).hypot(5.0) * normal;
            }
            let std: Vec<f64> = observed.iter().map(|d| (0.05 * d).hypot(5.0)).collect();
            let halfspace = best_halfspace(&mut forward, &Geometry::level(HEIGHT_M), &observed, &std).unwrap();
            cases.push(Case { truth, observed, halfspace });
        }
    }
    cases
}

fn prior(variant: Variant, center: f64) -> Prior {
    Prior {
        layer_count: LayerCountPrior::new(variant.law, 30),
        interfaces: InterfacePrior::new(variant.scale, 0.5, 150.0, 0.5, 29).unwrap(),
        conductivity: ConductivityPrior {
            mean: center,
            std: variant.decades * std::f64::consts::LN_10,
            correlation: variant.correlation,
            bounds: (1e-5_f64.ln(), 100_f64.ln()),
        },
        relative_error: vec![ErrorPrior::LogUniform { ln_minimum: 0.005_f64.ln(), ln_maximum: 0.5_f64.ln() }],
        additive_error: vec![ErrorPrior::LogUniform { ln_minimum: 0.5_f64.ln(), ln_maximum: 50_f64.ln() }],
        geometry: GeometryPrior::fixed(Geometry::level(HEIGHT_M)),
    }
}

fn score(case: &Case, index: usize, system: &FdemSystem, prior: Prior) -> Score {
    let settings = SamplerSettings {
        seed: 1,
        chain_count: 4,
        maximum_burn_in: 50_000,
        maximum_iterations: 100_000,
        record_every: 10,
        rhat_target: 1.05,
        ess_target: 100.0,
        // All that are recorded.
        sample_count: 40_000,
    };
    let start = Instant::now();
    let grids = Grids::new(&prior, true);
    let noise = Arc::new(NoiseModel::uniform(case.observed.len()));
    let target = Target::new(prior, Likelihood::new(&case.observed, None, noise));
    let mut forward = FdemForward::new(system, HEIGHT_M, Accuracy::Standard);
    let pulse = &mut || ControlFlow::Continue(());
    let posterior =
        invert_sounding(&target, &mut forward, &settings, &grids, 0.0, index as f64, pulse).expect("uninterrupted");
    let seconds = start.elapsed().as_secs_f64();

    let count = posterior.samples().count() as f64;
    let log10 = |earth: &LayeredEarth, z: f64| earth.ln_conductivity_at(z) / std::f64::consts::LN_10;
    let (mut covered, mut log_score, mut error) = (0.0, 0.0, 0.0);
    for z in DEPTHS_M {
        let mut values: Vec<f64> = posterior.samples().map(|s| log10(&s.earth, z)).collect();
        values.sort_by(f64::total_cmp);
        let truth = log10(&case.truth, z);
        let quantile = |f: f64| values[((count - 1.0) * f) as usize];
        covered += f64::from(u8::from((quantile(0.05)..=quantile(0.95)).contains(&truth)));
        let near = values.iter().filter(|v| (*v - truth).abs() < 0.1).count() as f64;
        log_score += ((near + 1.0) / (count + 70.0)).ln();
        error += (quantile(0.5) - truth).abs();
    }
    let n = DEPTHS_M.len() as f64;
    Score {
        covered: covered / n,
        log_score: log_score / n,
        error: error / n,
        layers: posterior.samples().map(|s| s.earth.layer_count() as f64).sum::<f64>() / count,
        converged: f64::from(u8::from(posterior.outcome == Outcome::Converged)),
        seconds,
    }
}
