//! The forward model compared with other programs; tests/data/PROVENANCE.md names them.

use std::fs;

use geobipy::earth::LayeredEarth;
use geobipy::forward::{Accuracy, EarthResponse, FdemForward, ForwardModel, Sensitivity};
use geobipy::survey::{ModelRow, read_models};
use geobipy::system::Geometry;
use num_complex::Complex64;

use crate::support::{data_file, reference_system};

const QUADRATURE_FILE: &str = "resolve_quadrature_with_displacement.csv";
const GEOBIPY_JACOBIAN_FILE: &str = "resolve_geobipy_jacobian_finite_difference.csv";
const MODEL_COUNT: usize = 100;
const FREQUENCY_COUNT: usize = 6;

/// Largest allowed |got - expected| / |expected| of the complex response at any frequency of any model, as the
/// documentation of [`Accuracy`] promises.
const COARSE_TOLERANCE: f64 = 4e-3;
const STANDARD_TOLERANCE: f64 = 1e-4;
const HIGH_TOLERANCE: f64 = 5e-6;
const REFERENCE_TOLERANCE: f64 = 1e-9;

/// Highest frequency of the comparison with GeoBIPy; above it its filters are too coarse.
const GEOBIPY_HIGHEST_HZ: f64 = 10e3;
/// Largest allowed difference to GeoBIPy's derivatives, as a fraction of the largest derivative of the same datum by any
/// layer of the model.
const GEOBIPY_TOLERANCE: f64 = 1e-3;

/// Rows of a file below tests/data, each cut at commas, without the header.
fn rows(name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(data_file(name)).unwrap();
    text.lines().skip(1).map(|row| row.split(',').map(str::to_owned).collect()).collect()
}

fn number(cell: &str) -> f64 {
    cell.parse().unwrap_or_else(|_| panic!("{cell:?} is not a number"))
}

/// Complex responses of each model, by frequency.
fn expected_responses() -> Vec<Vec<Complex64>> {
    const FIRST_DATUM: usize = 5;
    let response = |row: &Vec<String>| {
        let at = |i: usize| number(&row[FIRST_DATUM + i]);
        (0..FREQUENCY_COUNT).map(|f| Complex64::new(at(f), at(f + FREQUENCY_COUNT))).collect()
    };
    rows(QUADRATURE_FILE).iter().map(response).collect()
}

fn models() -> Vec<ModelRow> {
    read_models(&data_file(QUADRATURE_FILE)).unwrap()
}

fn response(earth: &LayeredEarth, geometry: &Geometry, accuracy: Accuracy) -> Vec<Complex64> {
    let mut forward = FdemForward::new(&reference_system(), geometry.height_m(), accuracy);
    let mut data = vec![f64::NAN; forward.channel_count()];
    forward.predict(earth, geometry, &mut EarthResponse::default(), &mut data);
    (0..FREQUENCY_COUNT).map(|f| Complex64::new(data[f], data[f + FREQUENCY_COUNT])).collect()
}

/// Largest relative error of each frequency over all models.
fn largest_errors(accuracy: Accuracy) -> Vec<f64> {
    let (models, expected) = (models(), expected_responses());
    assert_eq!((models.len(), expected.len()), (MODEL_COUNT, MODEL_COUNT));
    let mut largest = vec![0.0; FREQUENCY_COUNT];
    for (model, expected) in models.iter().zip(&expected) {
        let got = response(&model.earth, &model.geometry, accuracy);
        for ((largest, got), expected) in largest.iter_mut().zip(got).zip(expected) {
            let error = (got - expected).norm() / expected.norm();
            assert!(error.is_finite(), "model {:?}: got {got}", model.model_id);
            *largest = f64::max(*largest, error);
        }
    }
    largest
}

fn check(accuracy: Accuracy, tolerance: f64) {
    let largest = largest_errors(accuracy);
    println!("{accuracy:?}: largest relative error over {MODEL_COUNT} models, at most {tolerance:e} allowed");
    for (pair, error) in reference_system().coil_pairs.iter().zip(&largest) {
        println!("{:>10} Hz {error:10.2e}", pair.frequency_hz);
    }
    assert!(largest.iter().all(|&error| error <= tolerance), "{accuracy:?}: {largest:?}, allowed {tolerance:e}");
}

/// Would catch: a coarse model so inaccurate that hot copies sample a different posterior.
#[test]
fn coarse_accuracy_is_what_it_promises() {
    check(Accuracy::Coarse, COARSE_TOLERANCE);
}

/// Would catch: a wrong term, sign, unit or constant in the physics; too few nodes for the sampler's accuracy.
#[test]
fn standard_accuracy_is_what_it_promises() {
    check(Accuracy::Standard, STANDARD_TOLERANCE);
}

/// Would catch: simulated surveys less accurate than promised.
#[test]
fn high_accuracy_is_what_it_promises() {
    check(Accuracy::High, HIGH_TOLERANCE);
}

/// Would catch: a reference that converges to something else than the true integrals.
#[test]
fn reference_accuracy_is_what_it_promises() {
    check(Accuracy::Reference, REFERENCE_TOLERANCE);
}

/// Would catch: derivatives by another parameter, in another unit, or of another layer than another program's.
#[test]
fn derivatives_by_ln_conductivity_are_those_of_geobipy() {
    let (models, system) = (models(), reference_system());
    let jacobian = rows(GEOBIPY_JACOBIAN_FILE);
    let mut sensitivity = Sensitivity::default();
    let mut compared = 0;
    let mut worst = 0.0_f64;
    for model in &models {
        let id = model.model_id.unwrap();
        let of_model: Vec<&Vec<String>> = jacobian.iter().filter(|row| number(&row[0]) == id).collect();
        if of_model.is_empty() {
            continue;
        }
        assert_eq!(of_model.len(), model.earth.layer_count(), "layers of model {id}");
        let mut forward = FdemForward::new(&system, model.geometry.height_m(), Accuracy::Standard);
        let mut predicted = vec![0.0; forward.channel_count()];
        forward.predict_with_sensitivity(&model.earth, &model.geometry, &mut predicted, &mut sensitivity);
        for channel in 0..predicted.len() {
            let frequency_hz = system.coil_pairs[channel % FREQUENCY_COUNT].frequency_hz;
            if frequency_hz > GEOBIPY_HIGHEST_HZ {
                continue;
            }
            let expected: Vec<f64> = of_model.iter().map(|row| number(&row[4 + channel])).collect();
            let scale = expected.iter().fold(0.0, |scale: f64, d| scale.max(d.abs()));
            for (layer, (got, expected)) in sensitivity.by_ln_conductivity(channel).iter().zip(&expected).enumerate() {
                let error = (got - expected).abs() / scale;
                assert!(
                    error <= GEOBIPY_TOLERANCE,
                    "model {id}, layer {layer}, channel {channel}: got {got}, GeoBIPy {expected}, {error:e} of {scale}"
                );
                worst = worst.max(error);
                compared += 1;
            }
        }
    }
    println!("largest difference to GeoBIPy {worst:.1e} of the largest derivative, allowed {GEOBIPY_TOLERANCE:e}");
    // 38 layers, 4 frequencies, in-phase and quadrature
    assert_eq!(compared, 38 * 8);
}
