//! The result of sampling, recounted from the samples of chains so short that all are kept; and the callback.

use std::ops::ControlFlow;

use geobipy::bayes::{CALLBACK_EVERY, Grids, Sample, SamplerSettings, SoundingPosterior, Target, invert_sounding};

use crate::tdem_support::{Sounding, soundings};

const ITERATIONS: usize = 2_000;

fn settings(record_every: usize) -> SamplerSettings {
    SamplerSettings {
        seed: 11,
        chain_count: 2,
        temperature_count: 2,
        maximum_temperature: 2.0,
        maximum_burn_in: ITERATIONS,
        maximum_iterations: ITERATIONS,
        record_every,
        rhat_target: 1.05,
        ess_target: 1e9,
        sample_count: 20,
    }
}

fn invert(
    sounding: &Sounding,
    settings: &SamplerSettings,
    callback: &mut dyn FnMut() -> ControlFlow<()>,
) -> Option<SoundingPosterior> {
    let target = Target::new(sounding.prior.clone(), sounding.likelihood());
    let grids = Grids::new(&sounding.prior);
    invert_sounding(&target, &mut sounding.forward(), settings, &grids, 1.0, 2.0, callback)
}

fn uninterrupted(sounding: &Sounding, settings: &SamplerSettings) -> SoundingPosterior {
    invert(sounding, settings, &mut || ControlFlow::Continue(())).unwrap()
}

/// Counts of `values` between ascending `bounds`; the end cells reach to infinity.
fn count(bounds: &[f64], values: impl Iterator<Item = f64> + Clone) -> Vec<u32> {
    let last = bounds.len() - 2;
    let within = |cell: usize, x: f64| (cell == 0 || x >= bounds[cell]) && (cell == last || x < bounds[cell + 1]);
    (0..=last).map(|cell| values.clone().filter(|&x| within(cell, x)).count() as u32).collect()
}

/// Would catch: a sample left out or counted twice, error groups or geometry parameters that are mixed up.
#[test]
fn histograms_count_every_recorded_sample() {
    for sounding in soundings() {
        let posterior = uninterrupted(&sounding, &settings(10));
        let (histograms, grids) = (&posterior.histograms, Grids::new(&sounding.prior));
        let samples = || posterior.samples();
        assert_eq!(samples().count(), 2 * ITERATIONS / 10);

        let conductivity_bounds = grids.log10_conductivity.bounds();
        let at = |z: f64| samples().map(move |s| s.earth.ln_conductivity_at(z) / std::f64::consts::LN_10);
        let hitmap: Vec<u32> = grids.depth.centers_m().flat_map(|z| count(&conductivity_bounds, at(z))).collect();
        assert_eq!(histograms.hitmap, hitmap);
        let deepest = sounding.prior.interfaces.maximum_depth_m();
        let interfaces = samples().flat_map(|s| s.earth.interface_depth_m()).copied().filter(|&z| z <= deepest);
        assert_eq!(histograms.interface, count(grids.depth.bounds_m(), interfaces));
        let with = |layers| samples().filter(|s| s.earth.layer_count() == layers).count() as u32;
        assert_eq!(histograms.layer_count, (1..=grids.maximum_layer_count).map(with).collect::<Vec<_>>());

        let by_group = |bounds: &Option<Vec<f64>>, of: fn(&Sample) -> &[f64]| {
            let counts = |group: usize| count(bounds.as_ref().unwrap(), samples().map(move |s| of(s)[group]));
            [counts(0), counts(1)].concat()
        };
        assert_eq!(histograms.relative_error, by_group(&grids.relative_error, |s| &s.relative_error));
        assert_eq!(histograms.additive_error, by_group(&grids.additive_error, |s| &s.additive_error));
        let measured = sounding.prior.geometry.measured();
        let deviations = grids.geometry_deviation.iter().flat_map(|(parameter, bounds)| {
            count(bounds, samples().map(|s| s.geometry.get(*parameter) - measured.get(*parameter)))
        });
        assert_eq!(histograms.geometry_deviation, deviations.collect::<Vec<_>>());
    }
}

/// Would catch: a best sample with another layer count than the most frequent, or with a lower density than another.
#[test]
fn the_best_sample_is_the_densest_of_the_most_frequent_layer_count() {
    let [sounding, _] = soundings();
    let posterior = uninterrupted(&sounding, &settings(10));
    let of_count = |layers| posterior.samples().filter(move |s| s.earth.layer_count() == layers);
    // max_by_key takes the last of equal counts, which is the smaller number of layers.
    let most_frequent = (1..=12).rev().max_by_key(|&layers| of_count(layers).count()).unwrap();
    let best = of_count(most_frequent).max_by(|a, b| a.ln_posterior.total_cmp(&b.ln_posterior)).unwrap();
    assert_eq!(&posterior.best, best);
}

/// Would catch: memory that grows with the length of chains; samples kept unevenly, or too few.
#[test]
fn long_chains_keep_evenly_spaced_samples() {
    let [sounding, _] = soundings();
    let posterior = uninterrupted(&sounding, &settings(1));
    // There is room for at most 1000 samples, so that every second of 2000 is kept; with 1000 wanted there is room for
    // all.
    let whole = uninterrupted(&sounding, &SamplerSettings { sample_count: 2_000, ..settings(1) });
    for (kept, whole) in posterior.chains.iter().zip(&whole.chains) {
        assert_eq!(whole.len(), ITERATIONS);
        let every_second: Vec<&Sample> = whole.iter().step_by(2).collect();
        assert!(kept.iter().eq(every_second));
    }
    assert_eq!(posterior.histograms, whole.histograms);
    assert_eq!((&posterior.best, &posterior.diagnostics), (&whole.best, &whole.diagnostics));
    let thinned = posterior.thinned(20);
    assert_eq!(thinned.iter().map(|&(chain, _)| chain).collect::<Vec<_>>(), [vec![0; 10], vec![1; 10]].concat());
    for (i, (chain, sample)) in thinned.into_iter().enumerate() {
        assert_eq!(sample, &whole.chains[chain][i % 10 * ITERATIONS / 10]);
    }
}

/// Would catch: a callback that is missing somewhere, that is ignored, or that changes the samples.
#[test]
fn a_callback_interrupts_at_once_and_changes_nothing_else() {
    let [sounding, _] = soundings();
    let settings = settings(10);
    let mut calls = 0;
    let posterior = invert(&sounding, &settings, &mut || {
        calls += 1;
        ControlFlow::Continue(())
    })
    .unwrap();
    // Two chains; then layer count, misfit and five depths, and up to three traces of burn-in.
    let iterations = 2 * (posterior.burn_in + posterior.iterations);
    assert!(
        (iterations / CALLBACK_EVERY + 48..=iterations / CALLBACK_EVERY + 50).contains(&calls),
        "{calls} calls in {iterations}"
    );
    assert_eq!(posterior, uninterrupted(&sounding, &settings));

    for last in [1, 2, calls / 3, calls - 8, calls - 7, calls - 1, calls] {
        let mut count = 0;
        let interrupted = invert(&sounding, &settings, &mut || {
            count += 1;
            if count == last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert!(interrupted.is_none() && count == last, "{count} calls, though number {last} breaks");
    }
}
