//! Closed forms, limits and symmetries.

use std::f64::consts::PI;

use geobipy::constants::MU_0;
use geobipy::system::{Gate, Normalisation};

use super::*;
use crate::support::assert_close;
use GeometryParameter::{Height, RxPitch, RxRoll, RxYaw, TxPitch, TxRoll, TxRxDx, TxRxDy, TxRxDz};

/// Tolerance for sums of the same numbers in another order; late gates are small sums of large numbers.
const ROUNDING: f64 = 1e-11;

/// Asserts that data agree within `tolerance` of the largest |expected|.
#[track_caller]
fn assert_same(got: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(0.0, |largest: f64, d| largest.max(d.abs()));
    for (channel, (&got, &expected)) in got.iter().zip(expected).enumerate() {
        assert_close(got, expected, 0.0, tolerance * largest, &format!("{what}, channel {channel}"));
    }
}

// A dipole on a halfspace whose current is switched off

/// Middle of the gates in s, and their relative width.
const STEP_TIMES_S: [f64; 7] = [1e-4, 2e-4, 4e-4, 8e-4, 1.6e-3, 3.2e-3, 6.4e-3];
const GATE_WIDTH: f64 = 0.01;

/// Unit current that is on for a quarter of a second and is switched off within 0.1 us at time 0, once a second with
/// either sign.
fn step_off() -> TdemSystem {
    let gates: Vec<String> = STEP_TIMES_S
        .iter()
        .map(|t| format!("{:e} {:e}", t * (1.0 - 0.5 * GATE_WIDTH), t * (1.0 + 0.5 * GATE_WIDTH)))
        .collect();
    let text = format!(
        "System Begin\nName = step\nType = Time Domain\n\
         Transmitter Begin\nNumberOfTurns = 1\nPeakCurrent = 1\nLoopArea = 1\nBaseFrequency = 1\n\
         WaveformCurrent Begin\n-0.25 0\n-0.249 1\n-5e-8 1\n5e-8 0\n0.25 0\nWaveformCurrent End\nTransmitter End\n\
         Receiver Begin\nNumberOfWindows = {}\nWindowWeightingScheme = Boxcar\n\
         WindowTimes Begin\n{}\nWindowTimes End\nReceiver End\n\
         ForwardModelling Begin\nOutputType = dB/dt\nZOutputScaling = 1\nForwardModelling End\nSystem End\n",
        gates.len(),
        gates.join("\n")
    );
    TdemSystem::parse(&text, Path::new("step.stm")).unwrap()
}

/// erf by its series (Abramowitz & Stegun 7.1.6).
fn erf(x: f64) -> f64 {
    let (mut sum, mut term) = (0.0, x);
    for n in 0..200 {
        sum += term;
        term *= 2.0 * x * x / (2 * n + 3) as f64;
    }
    2.0 / PI.sqrt() * (-x * x).exp() * sum
}

/// dB_z/dt at `rho_m` from a unit vertical dipole on a halfspace whose current was switched off at time 0 (Ward &
/// Hohmann 1988, eq. 4.70, which is for a current switched on, with the sign changed).
fn step_response(rho_m: f64, conductivity: f64, t: f64) -> f64 {
    let x = rho_m * (MU_0 * conductivity / (4.0 * t)).sqrt();
    let bracket = 9.0 * erf(x) - 2.0 * x / PI.sqrt() * (9.0 + 6.0 * x.powi(2) + 4.0 * x.powi(4)) * (-x * x).exp();
    bracket / (2.0 * PI * conductivity * rho_m.powi(5))
}

/// The limit of the step response for late times, anywhere near: -mu_0^(5/2) sigma^(3/2) / (20 pi^(3/2) t^(5/2)).
fn late_response(conductivity: f64, t: f64) -> f64 {
    -MU_0.powf(2.5) * conductivity.powf(1.5) / (20.0 * PI.powf(1.5) * t.powf(2.5))
}

/// The record of a gate for a ground that responds with `f` to a current that is switched off: its mean by Simpson's
/// rule, with the effect of the earlier switches, every quarter of a second.
fn recorded(gate: &Gate, f: impl Fn(f64) -> f64) -> f64 {
    // off, on, off from the other sign, on to the other sign
    let all = |t: f64| {
        (0..8)
            .zip([1.0, -1.0, -1.0, 1.0].into_iter().cycle())
            .map(|(k, sign)| sign * f(t + 0.25 * f64::from(k)))
            .sum::<f64>()
    };
    (all(gate.start_s) + 4.0 * all(gate.center_s()) + all(gate.end_s)) / 6.0
}

/// Data for coils on the ground, extrapolated from small heights to 0 (without errors of first and second order).
fn on_the_ground(system: &TdemSystem, rho_m: f64, conductivity: f64, height_m: f64) -> Vec<f64> {
    let instrument = instrument_of(vec![system.clone()]);
    let [far, near, nearest] = [1.0, 0.5, 0.25].map(|factor| {
        let at = geometry(&[(Height, factor * height_m), (TxRxDx, rho_m)]);
        predict(&instrument, Accuracy::High, &earth(&[conductivity], &[]), &at)
    });
    (0..far.len()).map(|i| (far[i] - 6.0 * near[i] + 8.0 * nearest[i]) / 3.0).collect()
}

/// Would catch: a wrong factor, sign or power of mu_0 from ground to dB/dt; a time zero that is not at the current's
/// switch.
#[test]
fn a_dipole_on_a_halfspace_answers_as_in_closed_form() {
    const TOLERANCE: f64 = 1e-5;
    let system = step_off();
    for (rho_m, conductivity) in [(50.0, 0.01), (100.0, 0.01), (50.0, 0.1)] {
        let got = on_the_ground(&system, rho_m, conductivity, 1.0);
        let expected: Vec<f64> =
            system.gates.iter().map(|gate| recorded(gate, |t| step_response(rho_m, conductivity, t))).collect();
        for (i, (&got, &expected)) in got.iter().zip(&expected).enumerate() {
            let what = format!("{rho_m} m, {conductivity} S/m, {} s", STEP_TIMES_S[i]);
            println!("{what}: {got:e}, closed form {expected:e}, off by {:.1e}", (got / expected - 1.0).abs());
            assert_close(got, expected, TOLERANCE, 0.0, &what);
        }
    }
}

/// Would catch: late gates that decay towards anything but t^(-5/2), or into the noise of a fit.
#[test]
fn late_decay_is_that_of_a_halfspace() {
    let (height_m, conductivity) = (2.0, 0.1);
    let system = step_off();
    let at = Geometry::level(height_m);
    let got = predict(&instrument_of(vec![system.clone()]), Accuracy::Reference, &earth(&[conductivity], &[]), &at);
    let late = system.gates.iter().map(|gate| recorded(gate, |t| late_response(conductivity, t)));
    let missing: Vec<f64> = got.iter().zip(late).map(|(got, late)| 1.0 - got / late).collect();
    println!("1 - ratio to the limit: {missing:?}");
    // To first order the error is the path in air divided by the diffusion length: at twice the time it is smaller by
    // sqrt(2).
    let ratios = missing.windows(2).map(|pair| pair[0] / pair[1]);
    let distances: Vec<f64> = ratios.map(|ratio| 2.0_f64.sqrt() - ratio).collect();
    assert!(distances.windows(2).all(|pair| pair[1] < pair[0]), "{distances:?}");
    assert_close(distances[distances.len() - 1], 0.0, 0.0, 0.01, "twice as late");
    assert!(missing[missing.len() - 1] < 0.02, "{missing:?}");
}

// Symmetries

fn three_components(file: &str) -> TdemInstrument {
    instrument_of(vec![with_all_components(example(file))])
}

fn layers() -> LayeredEarth {
    earth(&[0.02, 0.3, 0.005], &[12.0, 25.0])
}

/// Data of X, Y and Z.
fn xyz(data: &[f64]) -> [&[f64]; 3] {
    let gate_count = data.len() / 3;
    [0, 1, 2].map(|axis| &data[axis * gate_count..][..gate_count])
}

fn negative(data: &[f64]) -> Vec<f64> {
    data.iter().map(|d| -d).collect()
}

fn turned_coils() -> Geometry {
    geometry(&[
        (Height, 40.0),
        (TxRoll, 5.0),
        (TxPitch, -8.0),
        (TxRxDx, -13.0),
        (TxRxDy, 4.0),
        (TxRxDz, 3.0),
        (RxRoll, -6.0),
        (RxPitch, 7.0),
        (RxYaw, -12.0),
    ])
}

/// Would catch: Y, or a rotation, with a wrong sign.
#[test]
fn a_mirrored_system_measures_a_mirrored_field() {
    for field in [MeasuredField::Secondary, MeasuredField::Total] {
        let instrument = TdemInstrument { field, ..three_components("helicopter_lm.stm") };
        let at = turned_coils();
        let mirrored = [TxRoll, TxRxDy, RxRoll, RxYaw].into_iter().fold(at, |g, p| g.with(p, -at.get(p)));
        let [data, other] = [at, mirrored].map(|g| predict(&instrument, Accuracy::Standard, &layers(), &g));
        let ([x, y, z], [other_x, other_y, other_z]) = (xyz(&data), xyz(&other));
        assert_same(other_x, x, ROUNDING, "x");
        assert_same(other_y, &negative(y), ROUNDING, "y");
        assert_same(other_z, z, ROUNDING, "z");
        let smallest = y.iter().fold(f64::INFINITY, |smallest, d| smallest.min(d.abs()));
        assert!(smallest > 0.0);
    }
}

/// Would catch: axes fixed to the ground; a field that depends on the direction of north.
#[test]
fn a_system_turned_as_a_whole_measures_the_same() {
    let instrument = three_components("helicopter_lm.stm");
    // A vertical transmitter is symmetric about its axis: the receiver and its position are turned by the same angle.
    let at = |degrees: f64| {
        let (sin, cos) = degrees.to_radians().sin_cos();
        geometry(&[(Height, 40.0), (TxRxDx, -13.0 * cos), (TxRxDy, -13.0 * sin), (TxRxDz, 3.0), (RxYaw, degrees)])
    };
    let [data, turned, behind] =
        [0.0, 37.0, 180.0].map(|d| predict(&instrument, Accuracy::Standard, &layers(), &at(d)));
    assert_same(&turned, &data, ROUNDING, "turned by 37 degrees");
    assert_same(&behind, &data, ROUNDING, "turned round");
}

/// Would catch: Y without waveform and filters, as in GA-AEM, or with others than X.
#[test]
fn a_receiver_turned_by_a_right_angle_exchanges_x_and_y() {
    let instrument = three_components("helicopter_lm.stm");
    let at = turned_coils().with(RxRoll, 0.0).with(RxPitch, 0.0);
    let [data, turned] =
        [0.0, 90.0].map(|yaw| predict(&instrument, Accuracy::Standard, &layers(), &at.with(RxYaw, yaw)));
    let ([x, y, z], [turned_x, turned_y, turned_z]) = (xyz(&data), xyz(&turned));
    assert_same(turned_x, y, ROUNDING, "x to the left");
    assert_same(turned_y, &negative(x), ROUNDING, "y to the back");
    assert_same(turned_z, z, ROUNDING, "z");
}

/// Would catch: exchanged transmitter and receiver axes, or wrong signs of a_1: quasi-static dipoles are reciprocal.
#[test]
fn transmitter_and_receiver_may_be_exchanged() {
    let mut system = with_all_components(example("fixed_wing.stm"));
    system.loop_radius_m = 0.0;
    let instrument = instrument_of(vec![system]);
    // The receiver is above the transmitter and ahead; exchanged, it is below and behind. Z of each is along its own
    // axis.
    let at = geometry(&[
        (Height, 60.0),
        (TxRoll, 5.0),
        (TxPitch, -8.0),
        (TxRxDx, 30.0),
        (TxRxDy, -12.0),
        (TxRxDz, 10.0),
        (RxRoll, -6.0),
        (RxPitch, 7.0),
    ]);
    let exchanged = geometry(&[
        (Height, 70.0),
        (TxRoll, -6.0),
        (TxPitch, 7.0),
        (TxRxDx, -30.0),
        (TxRxDy, 12.0),
        (TxRxDz, -10.0),
        (RxRoll, 5.0),
        (RxPitch, -8.0),
    ]);
    let [data, other] = [at, exchanged].map(|g| predict(&instrument, Accuracy::Standard, &layers(), &g));
    assert_same(xyz(&other)[2], xyz(&data)[2], ROUNDING, "z");
}

// Limits

/// Would catch: a singularity, or a tilted transmitter without horizontal part, where coils are above each other.
#[test]
fn coils_above_each_other_are_the_limit_of_small_offsets() {
    let instrument = three_components("helicopter_lm.stm");
    let at = |offset_m: f64| turned_coils().with(TxRxDx, offset_m).with(TxRxDy, -0.5 * offset_m);
    let [above, hair, near] = [0.0, 1e-9, 0.1].map(|o| predict(&instrument, Accuracy::High, &layers(), &at(o)));
    assert_same(&hair, &above, 1e-9, "1 nm");
    // 0.1 m of a path of 83 m, to first order where coils are turned
    for (component, (near, above)) in xyz(&near).into_iter().zip(xyz(&above)).enumerate() {
        assert_same(near, above, 2e-2, &format!("0.1 m, component {component}"));
        assert!(above[0] != 0.0);
    }
    // The field of a turned transmitter is also beside its axis: there the image's field is half of that along the
    // axis.
    let only_pitch = Geometry::level(40.0).with(TxPitch, 10.0);
    let data = predict(&instrument, Accuracy::High, &layers(), &only_pitch);
    let [x, _, z] = xyz(&data);
    let expected: Vec<f64> = z.iter().map(|z| 0.5 * z * 10.0_f64.to_radians().tan()).collect();
    assert_same(x, &expected, ROUNDING, "half of the vertical part");
}

/// Would catch: a loop of another area than a dipole of its moment.
#[test]
fn a_small_loop_is_a_dipole() {
    let with_radius = |radius_m: f64| {
        let mut system = with_all_components(example("helicopter_lm.stm"));
        system.loop_radius_m = radius_m;
        predict(&instrument_of(vec![system]), Accuracy::High, &layers(), &turned_coils())
    };
    let [dipole, tiny, small, large] = [0.0, 1e-3, 1.0, 2.0].map(with_radius);
    assert_same(&tiny, &dipole, 1e-8, "1 mm");
    let off = |loop_data: &[f64]| (loop_data[0] / dipole[0] - 1.0).abs();
    // The difference falls with the square of radius divided by path.
    assert!(off(&small) > 1e-6 && off(&small) < 1e-2, "{:e}", off(&small));
    assert_close(off(&large) / off(&small), 4.0, 0.05, 0.0, "radius doubled");
}

// Earths

/// Would catch: a recursion with an effect of an interface where conductivity does not change.
#[test]
fn equal_layers_are_a_halfspace_and_a_split_layer_changes_nothing() {
    let instrument = instrument(&SKYTEM);
    let at = geometry(&[(Height, 30.0), (TxRxDx, -13.0), (TxRxDz, 2.0)]);
    let of = |earth: &LayeredEarth| predict(&instrument, Accuracy::Standard, earth, &at);
    assert_same(&of(&earth(&[0.05; 4], &[3.0, 10.0, 40.0])), &of(&earth(&[0.05], &[])), ROUNDING, "equal layers");
    let split = earth(&[0.02, 0.02, 0.3, 0.3, 0.005, 0.005], &[5.0, 7.0, 24.0, 1.0, 10.0]);
    assert_same(&of(&split), &of(&layers()), ROUNDING, "split layers");
}

// Totals, amplitudes and units

/// Would catch: amplitudes of the wrong rows, or of only some components.
#[test]
fn amplitudes_are_lengths_of_vectors_whichever_way_the_receiver_is_turned() {
    let systems = ["helicopter_lm.stm", "helicopter_hm.stm"].map(|file| with_all_components(example(file)));
    for field in [MeasuredField::Secondary, MeasuredField::Total] {
        let components = TdemInstrument { field, ..instrument_of(systems.to_vec()) };
        let amplitudes = TdemInstrument { vector_amplitude: true, ..components.clone() };
        let of = |instrument, at: &Geometry| predict(instrument, Accuracy::Standard, &layers(), at);
        let (at, mut rows) = (turned_coils(), Vec::new());
        let data = of(&components, &at);
        let mut first = 0;
        for system in &systems {
            let [x, y, z] = xyz(&data[first..][..3 * system.gates.len()]);
            rows.extend((0..x.len()).map(|i| x[i].hypot(y[i]).hypot(z[i])));
            first += 3 * system.gates.len();
        }
        assert_eq!(first, data.len());
        assert_same(&of(&amplitudes, &at), &rows, ROUNDING, "lengths");
        let turned = at.with(RxRoll, 40.0).with(RxPitch, -60.0).with(RxYaw, 110.0);
        assert_same(&of(&amplitudes, &turned), &rows, ROUNDING, "receiver turned");
    }
}

/// Would catch: a total field that is not the sum of its parts, or primary fields of the wrong component.
#[test]
fn total_is_secondary_and_primary() {
    let secondary = three_components("fixed_wing.stm");
    let total = TdemInstrument { field: MeasuredField::Total, ..secondary.clone() };
    let at = turned_coils().with(Height, 120.0).with(TxRxDz, -40.0);
    let primary = TdemOperator::new(&total, Accuracy::Standard).primary_fields(&at).collect::<Vec<f64>>();
    let [got, mut expected] = [&total, &secondary].map(|i| predict(i, Accuracy::Standard, &layers(), &at));
    let gate_count = expected.len() / 3;
    expected.iter_mut().enumerate().for_each(|(channel, d)| *d += primary[channel / gate_count]);
    assert!(primary.iter().all(|p| *p != 0.0));
    assert_same(&got, &expected, ROUNDING, "total");
}

/// Would catch: parts per million of anything but the primary field of the component, or half of it.
#[test]
fn parts_per_million_are_of_the_primary_field() {
    let at = turned_coils();
    let of = |normalisation| {
        let mut system = with_all_components(example("helicopter_lm.stm"));
        (system.normalisation, system.reference_geometry) = (normalisation, at);
        let instrument = instrument_of(vec![system]);
        let primary = TdemOperator::new(&instrument, Accuracy::Standard).primary_fields(&at).collect::<Vec<f64>>();
        (predict(&instrument, Accuracy::Standard, &layers(), &at), primary)
    };
    let ((plain, plain_primary), (ppm, primary)) = (of(Normalisation::None), of(Normalisation::Ppm));
    let (peak_to_peak, _) = of(Normalisation::PpmPeakToPeak);
    let gate_count = ppm.len() / 3;
    for channel in 0..ppm.len() {
        let component = channel / gate_count;
        assert_close(primary[component], 1e6, 1e-12, 0.0, "primary field in ppm of itself");
        assert_close(ppm[channel], 1e6 * plain[channel] / plain_primary[component], 1e-12, 0.0, "ppm");
        assert_close(ppm[channel], 2.0 * peak_to_peak[channel], 1e-12, 0.0, "ppm peak to peak");
    }
}

/// Would catch: gates that count time from another origin than the waveform.
#[test]
fn only_time_since_the_waveform_matters() {
    let system = example("helicopter_lm.stm");
    let mut later = system.clone();
    let shift_s = 3.7e-5;
    later
        .gates
        .iter_mut()
        .for_each(|gate| *gate = Gate { start_s: gate.start_s + shift_s, end_s: gate.end_s + shift_s });
    later.waveform.time_s.iter_mut().for_each(|t| *t += shift_s);
    let [data, moved] =
        [system, later].map(|s| predict(&instrument_of(vec![s]), Accuracy::Standard, &layers(), &turned_coils()));
    // Times are rounded differently; the fit of spectra by exponentials makes this larger, but less than its error.
    assert_same(&moved, &data, 1e-7, "all later");
}

/// Would catch: a current twice as strong, or a number of turns that is not used.
#[test]
fn data_are_proportional_to_the_moment() {
    let system = example("helicopter_lm.stm");
    let strong = TdemSystem { turn_count: 3.0, peak_current_a: 7.0, loop_area_m2: 11.0, ..system.clone() };
    let [data, strong] =
        [system, strong].map(|s| predict(&instrument_of(vec![s]), Accuracy::Standard, &layers(), &turned_coils()));
    let expected: Vec<f64> = data.iter().map(|d| 3.0 * 7.0 * 11.0 * d).collect();
    assert_same(&strong, &expected, 1e-13, "moment");
}

// Chains

/// Geometries as a chain visits them: mostly near `first`, some so far away that new nodes are computed.
fn visited(first: &Geometry, count: usize) -> Vec<Geometry> {
    let visit = |i: usize| {
        let far = if i.is_multiple_of(3) { 1.0 } else { 0.05 };
        let height_m = first.height_m() * (1.0 + far * (even(i, 6) - 0.4));
        let dx_m = first.get(TxRxDx) * (1.0 + 4.0 * far * (even(i, 7) - 0.2));
        tilted(first, i).with(Height, height_m).with(TxRxDx, dx_m)
    };
    (0..count).map(visit).collect()
}

/// Would catch: responses of one geometry used for another with other nodes.
#[test]
fn moving_predicts_what_computing_anew_predicts() {
    for (file, first) in [
        ("helicopter_lm.stm", geometry(&[(Height, 35.0), (TxRxDx, -13.0), (TxRxDz, 2.0)])),
        ("fixed_wing.stm", geometry(&[(Height, 110.0), (TxRxDx, -115.0), (TxRxDz, -40.0)])),
        ("towed.stm", geometry(&[(Height, 4.0), (TxRxDx, -9.0), (TxRxDz, 0.1)])),
    ] {
        let instrument = three_components(file);
        let mut forward = forward(&instrument, Accuracy::Standard, &first);
        let (mut response, mut data) = (EarthResponse::default(), vec![0.0; forward.channel_count()]);
        forward.predict(&layers(), &first, &mut response, &mut data);
        for (i, at) in visited(&first, 60).iter().enumerate() {
            forward.predict_moved(&layers(), at, &response, &mut data);
            let expected = predict_with(&mut forward.clone(), &layers(), at);
            assert_eq!(data, expected, "{file}, move {i}");
            // In some steps the chain moves, in others another earth is tried at the same geometry.
            if i % 4 == 1 {
                forward.predict(&layers(), at, &mut response, &mut data);
            }
            if i % 4 == 2 {
                let mut other = EarthResponse::default();
                forward.predict(&earth(&[0.5], &[]), &first, &mut other, &mut data);
            }
        }
    }
}

/// Would catch: data that depend on earlier geometries, which would make chains wrong and runs impossible to continue
/// identically.
#[test]
fn data_do_not_depend_on_the_geometries_before() {
    let instrument = three_components("helicopter_lm.stm");
    let first = geometry(&[(Height, 35.0), (TxRxDx, -13.0), (TxRxDz, 2.0)]);
    let all = visited(&first, 40);
    let placed = forward(&instrument, Accuracy::Standard, &first);
    let alone: Vec<_> = all.iter().map(|at| predict_with(&mut placed.clone(), &layers(), at)).collect();
    let mut one = placed.clone();
    for (at, expected) in all.iter().zip(&alone).chain(all.iter().zip(&alone).rev()) {
        assert_eq!(&predict_with(&mut one, &layers(), at), expected, "{at:?}");
    }
}

/// Would catch: an unbounded number of nodes when a proposal of the sampler puts coils almost on the ground.
#[test]
fn coils_all_but_on_the_ground_cost_bounded_work() {
    let towed = instrument_of(vec![example("towed.stm")]);
    let operator = Arc::new(TdemOperator::new(&towed, Accuracy::Standard));
    let earth = LayeredEarth::from_thicknesses(&[0.01, 0.1], &[10.0]).unwrap();
    let first = Geometry::level(0.5).with(GeometryParameter::TxRxDx, -9.0);
    let mut forward = TdemForward::new(operator, &first);
    let mut data = vec![0.0; forward.channel_count()];
    for height_m in [1e-2, 1e-4, 1e-9] {
        forward.predict(
            &earth,
            &first.with(GeometryParameter::Height, height_m),
            &mut EarthResponse::default(),
            &mut data,
        );
        assert!(data.iter().all(|d| d.is_finite()), "{height_m} m: {data:?}");
    }
}
