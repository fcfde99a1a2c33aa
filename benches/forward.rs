//! Measures the time of one call of the frequency-domain forward model. `peers.py` compares it with other programs.

use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use geobipy::earth::LayeredEarth;
use geobipy::forward::{Accuracy, EarthResponse, FdemForward, ForwardModel, Sensitivity};
use geobipy::system::{FdemSystem, Geometry};

/// `peers_worker.py` has the same coil pairs, height and earths.
const RESOLVE: &str = "\
freq,   tor, tmom, tx, ty, tzoff, ror, rmom, rx,   ry, rzoff
380,    z,   1,    0,  0,  0,     z,   1,    7.93, 0,  0
1776,   z,   1,    0,  0,  0,     z,   1,    7.91, 0,  0
3345,   x,   -1,   0,  0,  0,     x,   1,    9.03, 0,  0
8171,   z,   1,    0,  0,  0,     z,   1,    7.91, 0,  0
41020,  z,   1,    0,  0,  0,     z,   1,    7.91, 0,  0
129550, z,   1,    0,  0,  0,     z,   1,    7.89, 0,  0
";
const HEIGHT_M: f64 = 30.0;
const LAYER_COUNTS: [usize; 2] = [5, 20];
const EARTH_COUNT: usize = 16;

/// Earths of 3e-4 to 0.3 S/m with thicknesses from 3 m that increase with depth; consecutive calls never have the same
/// earth.
fn earths(layer_count: usize) -> Vec<LayeredEarth> {
    let earth = |model: usize| {
        let conductivity = |layer: usize| 10_f64.powf(-2.0 + 1.5 * (1.7 * layer as f64 + 0.9 * model as f64).sin());
        let thickness_m = |layer: usize| 3.0 * 1.1_f64.powi(layer as i32) * (1.0 + 0.02 * model as f64);
        let conductivity: Vec<f64> = (0..layer_count).map(conductivity).collect();
        let thickness_m: Vec<f64> = (0..layer_count - 1).map(thickness_m).collect();
        LayeredEarth::from_thicknesses(&conductivity, &thickness_m).expect("a valid earth")
    };
    (0..EARTH_COUNT).map(earth).collect()
}

fn resolve(criterion: &mut Criterion) {
    let system = FdemSystem::parse(RESOLVE, Path::new("resolve.stm")).expect("a valid system");
    let mut predicted = vec![0.0; system.channel_count()];
    let mut response = EarthResponse::default();
    let geometry = Geometry::level(HEIGHT_M);
    let mut group = criterion.benchmark_group("resolve");

    group.bench_function("new", |bencher| {
        bencher.iter(|| FdemForward::new(black_box(&system), black_box(HEIGHT_M), Accuracy::Standard));
    });

    for (name, accuracy) in [("predict", Accuracy::Standard), ("predict_high", Accuracy::High)] {
        let mut forward = FdemForward::new(&system, HEIGHT_M, accuracy);
        for layer_count in LAYER_COUNTS {
            let earths = earths(layer_count);
            let mut next = earths.iter().cycle();
            group.bench_function(BenchmarkId::new(name, layer_count), |bencher| {
                bencher.iter(|| {
                    let earth = black_box(next.next().unwrap());
                    forward.predict(earth, black_box(&geometry), &mut response, &mut predicted);
                    black_box(&predicted);
                });
            });
        }
    }

    let mut forward = FdemForward::new(&system, HEIGHT_M, Accuracy::Standard);
    for layer_count in LAYER_COUNTS {
        let earths = earths(layer_count);
        let mut next = earths.iter().cycle();
        // The weights of the nodes depend on height and are kept until it changes.
        let mut heights = [HEIGHT_M, HEIGHT_M + 0.5].map(Geometry::level).into_iter().cycle();
        group.bench_function(BenchmarkId::new("predict_new_height", layer_count), |bencher| {
            bencher.iter(|| {
                let geometry = heights.next().unwrap();
                let earth = black_box(next.next().unwrap());
                forward.predict(earth, black_box(&geometry), &mut response, &mut predicted);
                black_box(&predicted);
            });
        });
    }

    let mut forward = FdemForward::new(&system, HEIGHT_M, Accuracy::Standard);
    let mut sensitivity = Sensitivity::default();
    for layer_count in LAYER_COUNTS {
        let earths = earths(layer_count);
        let mut next = earths.iter().cycle();
        group.bench_function(BenchmarkId::new("predict_with_sensitivity", layer_count), |bencher| {
            bencher.iter(|| {
                let earth = black_box(next.next().unwrap());
                forward.predict_with_sensitivity(earth, black_box(&geometry), &mut predicted, &mut sensitivity);
                black_box((&predicted, &sensitivity));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, resolve);
criterion_main!(benches);
