use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::error::Error;
use crate::forward::{Accuracy, EarthResponse, ForwardModel, TdemForward, TdemOperator};
use crate::system::{GateWeighting, GeometryParameter, Output, WaveformKind};

fn system(file: &str) -> TdemSystem {
    TdemSystem::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tdem").join(file)).unwrap()
}

/// A system with integrals, spline and sampling so fine that only errors of the other steps remain.
fn refined(mut system: TdemSystem) -> TdemSystem {
    system.frequencies_per_decade = 20;
    system.abscissa_count = 81;
    system.digitising_frequency_hz *= 4.0;
    system
}

fn instrument(system: TdemSystem) -> TdemInstrument {
    TdemInstrument { systems: vec![system], field: MeasuredField::Secondary, vector_amplitude: false }
}

fn geometry(height_m: f64, dx_m: f64, dz_m: f64) -> Geometry {
    Geometry::level(height_m).with(GeometryParameter::TxRxDx, dx_m).with(GeometryParameter::TxRxDz, dz_m)
}

fn predict(instrument: &TdemInstrument, geometry: &Geometry) -> Vec<f64> {
    let model = DigitisedTdem::new(instrument).unwrap();
    let mut predicted = vec![0.0; model.channel_count()];
    model.predict(&ground(), geometry, &mut predicted);
    predicted
}

fn predict_in_closed_form(instrument: &TdemInstrument, geometry: &Geometry) -> Vec<f64> {
    let operator = Arc::new(TdemOperator::new(instrument, Accuracy::Reference));
    let mut model = TdemForward::new(operator, geometry);
    let mut predicted = vec![0.0; model.channel_count()];
    model.predict(&ground(), geometry, &mut EarthResponse::default(), &mut predicted);
    predicted
}

fn ground() -> LayeredEarth {
    LayeredEarth::from_thicknesses(&[0.05, 0.1], &[20.0]).unwrap()
}

/// Median and largest relative difference.
fn differences(a: &[f64], b: &[f64]) -> (f64, f64) {
    assert_eq!(a.len(), b.len());
    let mut all: Vec<f64> = a.iter().zip(b).map(|(x, y)| (x / y - 1.0).abs()).collect();
    all.sort_by(f64::total_cmp);
    (all[all.len() / 2], all[all.len() - 1])
}

#[test]
fn it_agrees_with_the_closed_forms() {
    let helicopter = geometry(30.0, -13.0, 2.0);
    for (file, geometry) in [
        ("helicopter_lm.stm", helicopter),
        ("helicopter_hm.stm", helicopter),
        ("fixed_wing.stm", geometry(120.0, -107.0, -45.0)),
    ] {
        for (system, within) in [(system(file), (2e-3, 3e-2)), (refined(system(file)), (2e-4, 2e-3))] {
            let instrument = instrument(system);
            let closed = predict_in_closed_form(&instrument, &geometry);
            let (median, largest) = differences(&predict(&instrument, &geometry), &closed);
            assert!(median < within.0 && largest < within.1, "{file}: {median:e} {largest:e}");
        }
    }
}

#[test]
fn it_agrees_for_every_kind_of_waveform_output_and_gate() {
    let geometry = geometry(30.0, -13.0, 2.0).with(GeometryParameter::TxPitch, 5.0);
    for kind in [WaveformKind::Current, WaveformKind::Received] {
        for output in [Output::B, Output::DbDt] {
            for gate_weighting in [GateWeighting::Boxcar, GateWeighting::AreaUnderCurve, GateWeighting::LinearTaper] {
                let mut system = refined(system("helicopter_lm.stm"));
                system.waveform.kind = kind;
                (system.output, system.gate_weighting) = (output, gate_weighting);
                // Tapers of later gates would reach beyond half a period.
                system.gates.truncate(12);
                let secondary = instrument(system);
                let closed = predict_in_closed_form(&secondary, &geometry);
                let (median, largest) = differences(&predict(&secondary, &geometry), &closed);
                let what = format!("{kind:?} {output:?} {gate_weighting:?}");
                assert!(median < 1e-3 && largest < 1e-2, "{what}: {median:e} {largest:e}");

                let total = TdemInstrument { field: MeasuredField::Total, ..secondary };
                let closed = predict_in_closed_form(&total, &geometry);
                let (_, largest) = differences(&predict(&total, &geometry), &closed);
                assert!(largest < 2e-5, "{what}, total field: {largest:e}");
            }
        }
    }
}

#[test]
fn the_y_component_is_filtered_like_the_others() {
    let mut system = system("helicopter_lm.stm");
    system.output_scaling = [1.0, 1.0, 0.0];
    let gate_count = system.gates.len();
    let diagonal = geometry(30.0, -13.0, 2.0).with(GeometryParameter::TxRxDy, -13.0);
    let predicted = predict(&instrument(system.clone()), &diagonal);
    let (x, y) = predicted.split_at(gate_count);
    assert!(differences(x, y).1 < 1e-12);
    let amplitudes = TdemInstrument { vector_amplitude: true, ..instrument(system) };
    let lengths: Vec<f64> = x.iter().map(|x| 2_f64.sqrt() * x.abs()).collect();
    assert!(differences(&predict(&amplitudes, &diagonal), &lengths).1 < 1e-12);
}

#[test]
fn a_tilted_transmitter_above_its_receiver_is_the_limit_of_small_offsets() {
    let mut system = system("helicopter_lm.stm");
    system.output_scaling = [1.0, 0.0, 1.0];
    let instrument = instrument(system);
    let tilted = |dx_m| geometry(30.0, dx_m, 2.0).with(GeometryParameter::TxPitch, 20.0);
    let (above, beside) = (predict(&instrument, &tilted(0.0)), predict(&instrument, &tilted(1e-5)));
    assert!(differences(&above, &beside).1 < 1e-5);
}

#[test]
fn waveforms_of_too_many_samples_are_refused() {
    let mut system = system("helicopter_lm.stm");
    system.digitising_frequency_hz = 4e9;
    let error = DigitisedTdem::new(&instrument(system.clone())).unwrap_err();
    assert!(matches!(&error, Error::Config(_)));
    assert_eq!(
        error.to_string(),
        "Helicopter low moment: a WaveformDigitisingFrequency of 4000000000 Hz makes 19047619 samples of a period of 210 Hz; \
         the digitised forward model takes 4 to 16777216"
    );
    (system.digitising_frequency_hz, system.gate_weighting) = (2100.0, GateWeighting::Boxcar);
    let error = DigitisedTdem::new(&instrument(system)).unwrap_err().to_string();
    assert!(error.contains("no sample of the waveform lies in the gate from 1.6e-5 to 2.0959e-5 s"), "{error}");
}
