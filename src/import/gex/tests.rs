//! Tests with descriptions of a towed and of an airborne system.

use proptest::prelude::*;

use super::*;
use crate::config::SurveyKind;
use crate::earth::LayeredEarth;
use crate::forward::{Accuracy, EarthResponse, Physics};
use crate::fuzz::{FEW, fuzz};
use crate::system::{CurrentInGate, Geometry, GeometryParameter, MeasuredField, System, TdemInstrument};

/// A towed system with two moments.
const TOWED: &str = "\
/ a title \r
[General] # of both channels\r
Description=sledge\r
RxCoilPosition1=-9.00 0.50 -0.45\r
TxCoilPosition1=0.00 0.00 -0.65 / m\r
LoopType=72\r
TxLoopArea=8.0\r
TxLoopPoint1= 2 1\r
TxLoopPoint2= 2 -1\r
TxLoopPoint3= -2 -1\r
TxLoopPoint4= -2 1\r
NumberOfTurnsLM=1\r
numberofturnsHM=2\r
WaveformLMPoint01=-2.0E-04 0.0 / on\r
WaveformLMPoint02=-1.9E-04 0.9\r
WaveformLMPoint03= 0.0E+00 1.0\r
WaveformLMPoint04= 2.5E-06 0.0\r
WaveformHMPoint1=-4.5E-04 1.0\r
WaveformHMPoint2=0 1.0\r
WaveformHMPoint3=5.0E-06 0.0\r
RxCoilLPFilter1=0.94 4.20E+05\r
GateTime01=2.0E-06 1.0E-06 3.0E-06\r
GateTime02=4.0E-06 3.0E-06 5.0E-06\r
GateTime03=8.0E-06 5.0E-06 1.1E-05\r
GateTime04=2.0E-05 1.1E-05 2.9E-05\r
GateTime05=6.0E-05 2.9E-05 9.1E-05\r
[Channel1]\r
RxCoilNumber=1\r
GateTimeShift=-5.0E-07\r
MeaTimeDelay=3.0E-06\r
GateFactor=0.98\r
RemoveInitialGates=1\r
RemoveGatesFrom=4\r
NoGates=4\r
RepFreq=1000\r
TransmitterMoment=LM\r
TxApproximateCurrent=2.8\r
ReceiverPolarizationXYZ=z\r
UniformDataSTD=0.03\r
TiBLowPassFilter=1 6.79E+05\r
[Channel2]\r
RxCoilNumber=1\r
GateTimeShift=0\r
RemoveInitialGates=2\r
NoGates=5\r
RepFreq=300\r
TransmitterMoment=HM\r
TiBLowPassFilter=-1 6.79E+05\r
";

fn made(text: &str) -> Result<MadeInstrument> {
    parse(text, Path::new("a.gex"))
}

fn systems(made: &MadeInstrument) -> Vec<TdemSystem> {
    let systems: Vec<TdemSystem> =
        made.moments.iter().map(|moment| TdemSystem::parse(&moment.stm, Path::new("made.stm")).unwrap()).collect();
    assert!(systems.iter().all(|system| system.warnings.is_empty()));
    systems
}

#[track_caller]
fn assert_near(got: f64, expected: f64) {
    assert!((got - expected).abs() <= 1e-9 * expected.abs().max(1e-6), "{got:e} for {expected:e}");
}

#[test]
fn channels_become_systems() {
    let made = made(TOWED).unwrap();
    let [low, high] = &systems(&made)[..] else { panic!("{made:?}") };
    assert_eq!(made.moments.iter().map(|moment| moment.name.as_str()).collect::<Vec<_>>(), ["LM", "HM"]);
    assert_eq!((low.name.as_str(), high.name.as_str()), ("sledge LM", "sledge HM"));
    assert_eq!((low.base_frequency_hz, high.base_frequency_hz), (1000.0, 300.0));
    assert_eq!((low.turn_count, low.peak_current_a, low.loop_area_m2), (1.0, 1.0, 1.0));
    assert_eq!(low.output_scaling, [0.0, 0.0, 1.0]);
    // The circle has the area of the loop.
    assert!((std::f64::consts::PI * low.loop_radius_m.powi(2) - 8.0).abs() < 1e-4);
    // The waveform is filled up to half a period of 0.5 ms with 0.
    let expected = [(-4.975e-4, 0.0), (-2e-4, 0.0), (-1.9e-4, 0.9), (0.0, 1.0), (2.5e-6, 0.0)];
    assert_eq!(low.waveform.time_s.len(), expected.len());
    for ((time_s, value), expected) in low.waveform.time_s.iter().zip(&low.waveform.value).zip(expected) {
        assert_near(*time_s, expected.0);
        assert_near(*value, expected.1);
    }
    // The high moment begins with a current: a ramp is before it.
    assert_eq!(high.waveform.value, [0.0, 0.0, 1.0, 1.0, 0.0]);
    assert_near(high.waveform.time_s[1], -4.501e-4);
    // Gates are shifted by GateTimeShift + MeaTimeDelay.
    assert_eq!((low.gates.len(), high.gates.len()), (4, 5));
    assert_near(low.gates[1].start_s, 5.5e-6);
    assert_near(low.gates[1].end_s, 7.5e-6);
    assert_near(high.gates[4].end_s, 9.1e-5);
    let filters: Vec<(f64, u32)> = low.low_pass_filters.iter().map(|filter| (filter.cutoff_hz, filter.order)).collect();
    assert_eq!(filters, [(4.2e5, 1), (6.79e5, 1)]);
    assert_eq!(high.low_pass_filters.len(), 1);
    // x ahead, y left, z up from the transmitter.
    assert_eq!(made.offset_m, Some([-9.0, -0.5, -0.2]));
    assert_eq!(made.tx_height_m, Some(0.65));
    // No gate that is used is open while the current changes.
    assert_eq!(low.current_in_gates(), [CurrentInGate::Constant; 4]);
    assert_eq!(high.current_in_gates()[..3], [CurrentInGate::Changes, CurrentInGate::Changes, CurrentInGate::Constant]);
}

#[test]
fn removed_gates_are_left_out_by_the_configuration() {
    let made = made(TOWED).unwrap();
    let mut config = SurveyKind::Towed.config();
    made.apply(SurveyKind::Towed, &mut config);
    let limits = |times: &Option<crate::config::PerGroup>| times.as_ref().unwrap().values(2).unwrap();
    let (from, to) = (limits(&config.survey.gates_from_s), limits(&config.survey.gates_to_s));
    let used = systems(&made).into_iter().zip(from.iter().zip(&to)).map(|(system, (from, to))| {
        let gates = system.gates.iter().enumerate();
        gates.filter(|(_, gate)| gate.start_s >= *from && gate.end_s <= *to).map(|(i, _)| i + 1).collect::<Vec<_>>()
    });
    assert_eq!(used.collect::<Vec<_>>(), [vec![2, 3], vec![3, 4, 5]]);
    assert_eq!(config.geometry.height.value_m, Some(0.65));
    assert_eq!(config.geometry.txrx_dx.value_m, Some(-9.0));
    // The height of a helicopter is measured.
    let mut config = SurveyKind::Helicopter.config();
    made.apply(SurveyKind::Helicopter, &mut config);
    assert_eq!(config.geometry.height.value_m, None);
}

/// Would catch: a time or an area in another unit.
#[test]
fn a_made_system_measures_what_a_halfspace_gives_at_late_times() {
    let systems = systems(&made(TOWED).unwrap());
    let gate = systems[0].gates[3];
    let instrument = TdemInstrument { systems, field: MeasuredField::Secondary, vector_amplitude: false };
    let geometry = Geometry::level(0.65).with(GeometryParameter::TxRxDx, -9.0).with(GeometryParameter::TxRxDz, -0.2);
    let mut forward = Physics::new(&System::Tdem(instrument), Accuracy::Standard).forward(&geometry);
    let mut predicted = vec![0.0; forward.channel_count()];
    forward.predict(&LayeredEarth::halfspace(0.02_f64.ln()), &geometry, &mut EarthResponse::default(), &mut predicted);
    // dB/dt of a dipole on a halfspace at late times, per moment: mu^(5/2) sigma^(3/2) / (20 pi^(3/2) t^(5/2)).
    let (mu, pi) = (4e-7 * std::f64::consts::PI, std::f64::consts::PI);
    let late = mu.powf(2.5) * 0.02_f64.powf(1.5) / (20.0 * pi.powf(1.5));
    // The mean of t^(-5/2) over the gate.
    let mean = (gate.start_s.powf(-1.5) - gate.end_s.powf(-1.5)) / (1.5 * (gate.end_s - gate.start_s));
    let ratio = predicted[3].abs() / (late * mean);
    assert!((0.8..1.2).contains(&ratio), "{ratio}");
}

#[test]
fn what_stm_files_cannot_express_is_told() {
    let notes = made(TOWED).unwrap().notes.join("\n");
    for part in [
        "RxCoilLPFilter1: the order 0.94 becomes 1",
        "LM: GateFactor = 0.98.",
        "LM: UniformDataSTD = 0.03",
        "HM: the waveform begins with a current; a ramp of 1e-7 s",
        "LM: data are taken as per A m^2 (TxApproximateCurrent 2.8 A, 1 turns)",
    ] {
        assert!(notes.contains(part), "{part}: {notes}");
    }
    assert!(!notes.contains("TxLoopArea") && !notes.contains("LoopType"), "{notes}");
    let notes = made(&TOWED.replace("TxLoopArea=8.0", "TxLoopArea=9").replace("=72", "=73")).unwrap().notes.join("\n");
    assert!(notes.contains("TxLoopArea is 9 m^2, the area within the corners 8.0 m^2"), "{notes}");
    assert!(notes.contains("LoopType = 73") && !notes.contains("not read"), "{notes}");
    let notes = made(&TOWED.replace("LoopType", "LoopKind")).unwrap().notes.join("\n");
    assert!(notes.contains("keys that are not read: LoopKind"), "{notes}");
}

#[test]
fn other_dialects_are_read() {
    // One moment without a name, gates of the moment, and the area from the corners.
    let single = TOWED.split("[Channel2]").next().unwrap();
    let single = single.replace("TransmitterMoment=LM\r\n", "").replace("WaveformHMPoint", "Unknown");
    let single = single.replace("WaveformLMPoint", "WaveformPoint").replace("TxLoopArea=8.0\r\n", "");
    let made_single = made(&single).unwrap();
    assert_eq!(made_single.moments[0].name, "Channel1");
    assert!((systems(&made_single)[0].loop_radius_m - 1.5958).abs() < 1e-3);
    let own_gates = TOWED.replace("GateTime0", "GateTimeLM0") + "\r\n";
    assert!(made(&own_gates).unwrap_err().to_string().contains("no GateTimeHM01 in [General]"));
    // The x component of the same receiver joins, that of another receiver does not.
    let x = |coil: u8| {
        let channel = TOWED.split("[Channel1]").nth(1).unwrap().split("[Channel2]").next().unwrap();
        let channel = channel.replace("XYZ=z", "XYZ=X").replace("RxCoilNumber=1", &format!("RxCoilNumber={coil}"));
        TOWED.replace("[General]", "[General]\r\nRxCoilPosition2=-11 0 0\r\n") + "[Channel3]" + &channel
    };
    let joined = made(&x(1)).unwrap();
    assert_eq!((joined.moments.len(), joined.others.len()), (2, 0));
    assert_eq!(systems(&joined)[0].output_scaling, [1.0, 0.0, 1.0]);
    let apart = made(&x(2)).unwrap();
    assert_eq!((apart.moments.len(), apart.others[0].name.as_str()), (2, "LM_x"));
}

#[test]
fn mistakes_are_one_message_each() {
    for (old, new, expected) in [
        ("[General]", "[Generals]", "a.gex: got no section [General], expected an Aarhus .gex file"),
        ("-1.9E-04 0.9", "-1.9E-04", "line 15: got WaveformLMPoint02=-1.9E-04, expected a time in s and a current"),
        ("-1.9E-04 0.9", "-2.9E-04 0.9", "line 15: got WaveformLMPoint02=-2.9E-04 0.9, expected a time after that of"),
        (
            "WaveformLMPoint02",
            "WaveformLMPoint12",
            "line 16: got WaveformLMPoint03 after WaveformLMPoint01, expected numbers w",
        ),
        ("RepFreq=1000", "RepFreq=0", "line 27: got no RepFreq in [Channel1], expected the repetition frequency"),
        (
            "RepFreq=1000",
            "RepFreq=5000",
            "got a waveform from -2e-4 to 2.5e-6 s at a RepFreq of 5000 Hz, expected a wa",
        ),
        ("NoGates=5", "NoGates=6", "got NoGates=6 in [Channel2], expected 1 to 5, the number of GateTime"),
        ("NoGates=5", "NoGates=1.5", "got NoGates=1.5, expected a whole number from 0 to 10000"),
        ("RemoveInitialGates=2", "RemoveInitialGates=9", "got RemoveInitialGates=9, RemoveGatesFrom=6 of 5 gates in"),
        ("8.0E-06 5.0E-06 1.1", "5.0E-06 8.0E-06 1.1", "expected centre, start and end of a gate in s, in this order"),
        ("XYZ=z", "XYZ=W", "got ReceiverPolarizationXYZ=\"W\" in [Channel1], expected X, Y or Z"),
        ("TxLoopArea=8.0", "TxLoopArea=-8", "got no TxLoopArea in [General], expected the area of the loop in m^2"),
        ("RxCoilPosition1", "RxCoilPosition2", "got no RxCoilPosition1 in [General], expected x, y and z in m"),
        ("0.94 4.20E+05", "0.94", "got RxCoilLPFilter1=0.94, expected order and corner frequency in Hz of one filter"),
        ("LoopType=72", "TxLoopArea=9", "line 7: got a second TxLoopArea with another value in [General], expected on"),
        ("GateTime05=6.0E-05 2.9E-05 9.1E-05", "GateTime05=6E-2 2E-2 9E-2", "a.gex: got for HM a window from"),
        ("[Channel1]", "[Channel1", "line 27: got `[Channel1`, expected `]` after the section's name"),
    ] {
        assert!(TOWED.contains(old), "{old}");
        let message = made(&TOWED.replacen(old, new, 1)).expect_err(new).to_string();
        assert!(message.contains(expected) && message.lines().count() == 1, "{new}: {message}");
    }
}

#[test]
fn descriptions_that_are_nearly_right_are_refused_or_read() {
    fuzz(&[TOWED.to_owned()], FEW, |text| drop(made(text)));
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in any::<String>(), rows in "([-0-9.=eE/#\\[\\] \r\n\0]|Gate|Time|LM){0,60}") {
        drop(made(&text));
        drop(made(&format!("{TOWED}{rows}")));
        drop(made(&TOWED.replacen("[Channel1]", &rows, 1)));
    }
}
