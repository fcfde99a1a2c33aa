//! The time-domain forward model. Each test says what it would catch.
//!
//! Differences are P = |difference| / max(|d|, 10 noise): differences far below the noise have little weight. The noise
//! is that of good instruments after stacking: 3e-14 (low moment) and 3e-15 (high moment) V/(A m^4) at 1 ms, falling as
//! t^-1/2, and 0.003 fT for fixed wing. tests/data/PROVENANCE.md gives the origin of the tables.

mod accuracy; // compared with converged numbers, and at other geometries with Reference
mod brute_force; // Reference compared with a sum over harmonics
mod derivatives; // by order of convergence
mod other_programs; // gatdaem1d
mod physics; // closed forms, limits, symmetries

use std::fs;
use std::path::Path;
use std::sync::Arc;

use geobipy::earth::LayeredEarth;
use geobipy::forward::{Accuracy, EarthResponse, ForwardModel, TdemForward, TdemOperator};
use geobipy::survey::read_models;
use geobipy::system::{Axis, Geometry, GeometryParameter, MeasuredField, Output, TdemInstrument, TdemSystem};

use crate::support::data_file;

const SKYTEM: [&str; 2] = ["skytem_lm_reference.stm", "skytem_hm_reference.stm"];
const TEMPEST: [&str; 1] = ["tempest_reference.stm"];
const SKYTEM_CONVERGED: &str = "skytem_lm_hm_converged.csv";
const TEMPEST_CONVERGED: &str = "tempest_converged.csv";
/// Cells before the data in the tables of responses.
const MODEL_CELLS: usize = 14;

const LM_NOISE: f64 = 3e-14;
const HM_NOISE: f64 = 3e-15;
const FIXED_WING_NOISE_FT: f64 = 0.003;
/// Multiple of the noise below which differences are taken relative to this multiple instead of the datum.
const NOISES: f64 = 10.0;

/// A model and its data.
struct Case {
    id: f64,
    earth: LayeredEarth,
    geometry: Geometry,
    data: Vec<f64>,
}

/// Rows of a file below tests/data, each cut at commas, without the header.
fn rows(name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(data_file(name)).unwrap();
    text.lines().skip(1).map(|row| row.split(',').map(str::to_owned).collect()).collect()
}

fn number(cell: &str) -> f64 {
    cell.parse().unwrap_or_else(|_| panic!("{cell:?} is not a number"))
}

/// A table of models, with all its columns after those of the model.
fn cases(name: &str) -> Vec<Case> {
    let models = read_models(&data_file(name)).unwrap();
    let rows = rows(name);
    assert_eq!(models.len(), rows.len());
    let case = |(model, row): (geobipy::survey::ModelRow, Vec<String>)| Case {
        id: model.model_id.unwrap(),
        earth: model.earth,
        geometry: model.geometry,
        data: row[MODEL_CELLS..].iter().map(|cell| number(cell)).collect(),
    };
    models.into_iter().zip(rows).map(case).collect()
}

fn instrument_of(systems: Vec<TdemSystem>) -> TdemInstrument {
    TdemInstrument { systems, field: MeasuredField::Secondary, vector_amplitude: false }
}

/// Systems below tests/data, secondary field.
fn instrument(files: &[&str]) -> TdemInstrument {
    instrument_of(files.iter().map(|file| TdemSystem::read(&data_file(file)).unwrap()).collect())
}

/// A system of examples/tdem.
fn example(file: &str) -> TdemSystem {
    TdemSystem::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tdem").join(file)).unwrap()
}

/// With all three components, each scaled as its Z component.
fn with_all_components(mut system: TdemSystem) -> TdemSystem {
    system.output_scaling = [system.output_scaling[2]; 3];
    system
}

fn earth(conductivity: &[f64], thickness_m: &[f64]) -> LayeredEarth {
    LayeredEarth::from_thicknesses(conductivity, thickness_m).unwrap()
}

/// A geometry from (parameter, value).
fn geometry(values: &[(GeometryParameter, f64)]) -> Geometry {
    values.iter().fold(Geometry::default(), |geometry, &(parameter, value)| geometry.with(parameter, value))
}

fn forward(instrument: &TdemInstrument, accuracy: Accuracy, geometry: &Geometry) -> TdemForward {
    TdemForward::new(Arc::new(TdemOperator::new(instrument, accuracy)), geometry)
}

fn predict_with(forward: &mut TdemForward, earth: &LayeredEarth, geometry: &Geometry) -> Vec<f64> {
    let mut data = vec![f64::NAN; forward.channel_count()];
    forward.predict(earth, geometry, &mut EarthResponse::default(), &mut data);
    data
}

/// Data with nodes that are placed for `geometry`.
fn predict(instrument: &TdemInstrument, accuracy: Accuracy, earth: &LayeredEarth, geometry: &Geometry) -> Vec<f64> {
    predict_with(&mut forward(instrument, accuracy, geometry), earth, geometry)
}

/// Data of many models, each with nodes placed for its own geometry.
fn predict_all(instrument: &TdemInstrument, accuracy: Accuracy, cases: &[Case]) -> Vec<Vec<f64>> {
    let operator = Arc::new(TdemOperator::new(instrument, accuracy));
    let of_case = |case: &Case| {
        let mut forward = TdemForward::new(Arc::clone(&operator), &case.geometry);
        predict_with(&mut forward, &case.earth, &case.geometry)
    };
    cases.iter().map(of_case).collect()
}

/// Noise by channel. A loop towed on the ground has the noise of a low moment here, which is less than its real noise.
fn noise(instrument: &TdemInstrument) -> Vec<f64> {
    let of_channel = |channel: &geobipy::system::TdemChannel| {
        let system = &instrument.systems[channel.system];
        let at_1_ms = if system.base_frequency_hz > 100.0 { LM_NOISE } else { HM_NOISE };
        match system.output {
            Output::B => FIXED_WING_NOISE_FT,
            Output::DbDt => at_1_ms * (channel.gate.center_s() / 1e-3).powf(-0.5),
        }
    };
    instrument.channels().iter().map(of_channel).collect()
}

/// P of every channel.
fn differences(got: &[f64], expected: &[f64], noise: &[f64]) -> Vec<f64> {
    assert_eq!((got.len(), expected.len()), (noise.len(), noise.len()));
    let p = |i: usize| (got[i] - expected[i]).abs() / expected[i].abs().max(NOISES * noise[i]);
    (0..got.len()).map(p).collect()
}

/// Distribution of a set of differences.
#[derive(Debug, Clone, Copy)]
struct Spread {
    median: f64,
    p90: f64,
    p99: f64,
    max: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Self {
        assert!(values.iter().all(|v| v.is_finite()), "{values:?}");
        values.sort_by(f64::total_cmp);
        let last = values.len() - 1;
        let quantile = |q: f64| values[(q * last as f64) as usize];
        Self { median: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99), max: values[last] }
    }
}

const TABLE_HEAD: &str =
    "| system | component | accuracy | median P | P90 | P99 | max |\n|---|---|---|---|---|---|---|";

fn table_row(system: &str, component: Option<Axis>, accuracy: &str, spread: Spread) -> String {
    let component = component.map_or("amplitude".to_owned(), |axis| axis.to_string());
    let Spread { median, p90, p99, max } = spread;
    format!("| {system} | {component} | {accuracy} | {median:.1e} | {p90:.1e} | {p99:.1e} | {max:.1e} |")
}

/// The spread of every system and component over all cases, from P by case and channel.
fn spreads(instrument: &TdemInstrument, by_case: &[Vec<f64>]) -> Vec<((usize, Option<Axis>), Spread)> {
    let channels = instrument.channels();
    let of_group = |group: (usize, Option<Axis>)| {
        let is_in = |channel: usize| (channels[channel].system, channels[channel].component) == group;
        let all = by_case.iter().flat_map(|p| (0..p.len()).filter(|&c| is_in(c)).map(|c| p[c]));
        (group, Spread::of(all.collect()))
    };
    instrument.groups().into_iter().map(of_group).collect()
}

/// Numbers between 0 and 1 that fill the interval evenly as `i` increases, with another sequence for every `k`.
fn even(i: usize, k: usize) -> f64 {
    const PRIMES: [f64; 12] = [2.0, 3.0, 5.0, 7.0, 11.0, 13.0, 17.0, 19.0, 23.0, 29.0, 31.0, 37.0];
    ((i + 1) as f64 * PRIMES[k].sqrt()).fract()
}

/// `level` with all angles up to 10 degrees and the receiver up to 5 m aside.
fn tilted(level: &Geometry, i: usize) -> Geometry {
    use GeometryParameter::{RxPitch, RxRoll, RxYaw, TxPitch, TxRoll, TxRxDy};
    let mut geometry = level.with(TxRxDy, 10.0 * even(i, 5) - 5.0);
    for (k, angle) in [TxRoll, TxPitch, RxRoll, RxPitch, RxYaw].into_iter().enumerate() {
        geometry.set(angle, 20.0 * even(i, k) - 10.0);
    }
    geometry
}
