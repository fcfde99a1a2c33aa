//! Tests with a synthetic system and with that of a real survey.

use std::path::PathBuf;

use super::*;
use crate::config::SurveyKind;
use crate::earth::LayeredEarth;
use crate::forward::{Accuracy, EarthResponse, Physics};
use crate::fuzz::{FEW, fuzz};
use crate::system::{FdemSystem, Geometry, GeometryParameter, MeasuredField, System, TdemInstrument, TdemSystem};

const SURVEY: &str = "
survey_information: {contractor: none}
magnetic_system: {type: system, variables: {sample_rate: 0.1}}
towed_system:
    type: system
    instrument: towed loop
    data_normalized: True
    reference_frame: right-handed positive down
    dimensions:
        lm_gates:
            bounds: [[1e-5, 2e-5], [2e-5, 4e-5], [4e-5, 8e-5]]
        hm_gates:
            bounds: [[1e-4, 2e-4], [2e-4, 4e-4]]
    variables:
        transmitter:
            label: [low, high]
            number_of_turns: [1, 3]
            area: [16, 16]
            coordinates:
                values: [[[-2,-2,0],[2,-2,0],[2,2,0],[-2,2,0]], [[-2,-1,0],[2,-1,0],[2,1,0],[-2,1,0]]]
            waveform_time:
                values: [[-1e-3, -0.9e-3, 0, 2e-6], [-7e-3, -5e-3, -4.99e-3, -1e-3, 0, 1e-5]]
            waveform_current:
                values: [[0, 1, 1.0, 0], [-1, -1, 0, 0, 1, 0]]
            current_scale_factor: 1.0
            peak_current: [2.0, 30.0]
            base_frequency: [200, 100]
            orientation: [z, z]
        receiver:
            label: [rx_x, rx_z]
            orientation: [x, z]
            coil_low_pass_filter: [1e5, 2e5]
            instrument_low_pass_filter: [3e5, 3e5]
        component:
            transmitters: [low, low, high, high]
            receivers: [rx_x, rx_z, rx_x, rx_z]
            txrx_dx: [-8, -9, -8, -10]
            txrx_dy: [0, 1, 0, 0]
            txrx_dz: [0, -0.5, 0, 0.0]
            data_type: [dBdt, dBdt, dBdt, dBdt]
            gate_times: [LM_gates, LM_gates, HM_gates, HM_gates]
";

const DATA: &str = "
coordinates: {x: E}
any_system:
    dimensions:
        hm_gates:
            bounds: [[1e-4, 2e-4]]
";

fn made_of(survey: &str, data: Option<&str>) -> Result<MadeInstrument> {
    let folder = tempfile::tempdir().unwrap();
    let written = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let data = data.map(|text| written("data.yml", text));
    stm_from_gspy(&written("survey.yml", survey), data.as_deref())
}

fn moments_of(survey: &str, data: Option<&str>) -> Result<Vec<Moment>> {
    Ok(made_of(survey, data)?.moments)
}

fn parsed(moment: &Moment) -> TdemSystem {
    let system = TdemSystem::parse(&moment.stm, Path::new("made.stm")).unwrap();
    assert_eq!(system.warnings, Vec::<String>::new());
    system
}

#[test]
fn moments_become_systems() {
    let moments = moments_of(SURVEY, Some(DATA)).unwrap();
    let names: Vec<&str> = moments.iter().map(|moment| moment.name.as_str()).collect();
    assert_eq!(names, ["low", "high"]);
    assert_eq!(
        moments.iter().map(|moment| moment.offset_m).collect::<Vec<_>>(),
        [Some([-9.0, -1.0, 0.5]), Some([-10.0, 0.0, 0.0])]
    );
    let [low, high] = [parsed(&moments[0]), parsed(&moments[1])];
    assert_eq!(low.name, "towed loop low");
    assert_eq!((low.turn_count, low.peak_current_a, low.loop_area_m2), (1.0, 1.0, 1.0));
    assert_eq!((low.gates.len(), high.gates.len()), (3, 1));
    assert_eq!((low.gates[1].start_s, low.gates[1].end_s), (2e-5, 4e-5));
    assert!((low.loop_radius_m - (16.0 / std::f64::consts::PI).sqrt()).abs() < 1e-3);
    assert!((high.loop_radius_m - (8.0 / std::f64::consts::PI).sqrt()).abs() < 1e-3);
    // Half a period before the end lies before the first point of the low moment, and between two points of the high
    // one.
    assert_eq!(low.waveform.value, [0.0, 0.0, 1.0, 1.0, 0.0]);
    assert!((low.waveform.time_s[0] - (2e-6 - 2.5e-3)).abs() < 1e-9);
    assert_eq!(high.waveform.value, [0.0, 0.0, 1.0, 0.0]);
    let corners: Vec<f64> = low.low_pass_filters.iter().map(|filter| filter.cutoff_hz).collect();
    assert_eq!(corners, [2e5, 3e5]);
}

#[test]
fn data_that_are_not_normalised_have_the_whole_moment() {
    let moments = moments_of(&SURVEY.replace("data_normalized: True", "data_normalized: False"), None).unwrap();
    let high = parsed(&moments[1]);
    assert_eq!((high.turn_count, high.peak_current_a, high.loop_area_m2), (3.0, 30.0, 16.0));
    assert_eq!(high.gates.len(), 2);
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let cases = [
        (
            "transmitter:\n",
            "transmitted:\n",
            "got no system with variables.transmitter, expected one electromagnetic system",
        ),
        ("positive down", "positive", "got \"right-handed positive\" as towed_system.reference_frame, expected right-"),
        (
            "LM_gates, LM_gates",
            "XM_gates, XM_gates",
            "got no XM_gates in towed_system.dimensions, expected the gates of",
        ),
        (
            "bounds: [[1e-5",
            "center: [[1e-5",
            "got nothing as towed_system.dimensions.lm_gates.bounds, expected rows of",
        ),
        (
            "orientation: [x, z]",
            "orientation: [x, w]",
            "as towed_system.variables.receiver.orientation, expected x, y or",
        ),
        (
            "transmitters: [low, low, high, high]",
            "transmitters: [low, low, no, no]",
            "expected a component of transmitter high",
        ),
        (
            "receivers: [rx_x, rx_z",
            "receivers: [rx_y, rx_z",
            "component.receivers, expected a label of a receiver for each",
        ),
        (
            "base_frequency: [200, 100]",
            "base_frequency: [200]",
            "got a list of 1 as towed_system.variables.transmitter.base_",
        ),
        ("base_frequency: [200", "base_frequency: [0", "expected a positive base_frequency beside it"),
        ("-7e-3, -5e-3", "-5e-3, -7e-3", "expected times that increase"),
        ("[0, 1, 1.0, 0]", "[0.5, 1, 1.0, 0]", "expected a waveform over half a period, or that begins with 0"),
        ("0, 0, 1, 0]", "0, 0, 1, 0.5]", "expected a waveform that is half a period before its end what it is there"),
        ("[0, 1, 1.0, 0]", "[0, 1, 0]", "as towed_system.variables.transmitter.waveform_current, expected 4 values"),
        ("orientation: [z, z]", "orientation: [z, x]", "orientation, expected z, a loop that lies flat"),
        ("dBdt, dBdt]", "dBdt, H]", "component.data_type, expected dBdt or B"),
        ("txrx_dy: [0, 1", "txrx_dy: [0, a", "component.txrx_dy, expected numbers"),
        ("towed_system:", "towed_system: [", "expected valid YAML"),
    ];
    for (old, new, part) in cases {
        let message = moments_of(&SURVEY.replace(old, new), None).expect_err(new).to_string();
        assert!(message.contains(part), "{new}: {message}");
    }
}

/// Would catch: letters of another size, components that are left out, an axis with the wrong sign.
#[test]
fn all_components_in_any_letters_are_read() {
    let capital = SURVEY
        .replace("orientation: [x, z]", "orientation: [Y, Z]")
        .replace("orientation: [z, z]", "orientation: [Z, Z]")
        .replace("coil_low_pass_filter: [1e5, 2e5]", "coil_low_pass_filter: [2e5, 2e5]")
        .replace("label: [low, high]", "label: [LOW, High]")
        .replace("[-8, -9, -8, -10]", "[-9, -9, -8, -10]")
        .replace("txrx_dy: [0, 1", "txrx_dy: [1, 1")
        .replace("txrx_dz: [0, -0.5", "txrx_dz: [-0.5, -0.5")
        .replace("[dBdt, dBdt, dBdt, dBdt]", "[DBDT, dB/dt, dBdt, dBdt]");
    let made = made_of(&capital, None).unwrap();
    assert_eq!(made.moments.iter().map(|moment| moment.name.as_str()).collect::<Vec<_>>(), ["LOW", "High"]);
    // z points down there, so that y points right.
    assert_eq!(parsed(&made.moments[0]).output_scaling, [0.0, -1.0, 1.0]);
    // The horizontal receiver of the other moment is at another place.
    assert_eq!(parsed(&made.moments[1]).output_scaling, [0.0, 0.0, 1.0]);
    assert_eq!(made.others.iter().map(|moment| moment.name.as_str()).collect::<Vec<_>>(), ["High_y"]);
    assert_eq!(parsed(&made.others[0]).output_scaling, [0.0, -1.0, 0.0]);
    let components = |kind: SurveyKind| {
        let mut config = kind.config();
        made.apply(kind, &mut config);
        config.survey.components
    };
    assert_eq!(components(SurveyKind::Helicopter), ["z"]);
    assert_eq!(components(SurveyKind::FixedWing), ["x", "z"]);
}

const BIRD: &str = "
bird_system:
    submethod: Frequency Domain
    instrument: bird
    output_data_type: PPM
    reference_frame: right-handed positive down
    dimensions:
        frequency:
            centers: [400, 3000, 7000]
    variables:
        transmitter:
            label: [400, 3000, 7000]
            orientation: [z, X, z]
            actual_frequency: [401.5, 3002, 7003]
        receiver:
            label: [z, x, z]
            orientation: [Z, x, z]
        component:
            transmitters: [3000, 400, 7000]
            receivers: [x, z, z]
            txrx_dx: [9.1, 7.9, 7.8]
            txrx_dy: [0, 0.2, 0]
            txrx_dz: [0, 0.1, 0]
            orientation: [Coaxial, coplanar, coplanar]
";

#[test]
fn coil_pairs_become_a_table() {
    // The labels of the first and the last receiver are the same: the row decides.
    let message = made_of(BIRD, None).unwrap_err().to_string();
    assert!(message.contains("component.receivers, expected a label of a receiver for each coil pair"), "{message}");
    let survey =
        BIRD.replace("label: [z, x, z]", "label: [a, x, b]").replace("receivers: [x, z, z]", "receivers: [x, a, b]");
    let made = made_of(&survey, None).unwrap();
    assert_eq!((made.moments[0].name.as_str(), made.moments[0].offset_m), ("bird", None));
    let system = FdemSystem::parse(&made.moments[0].stm, Path::new("bird.stm")).unwrap();
    let pairs: Vec<_> = system
        .coil_pairs
        .iter()
        .map(|pair| (pair.frequency_hz, pair.tx_axis, pair.rx_axis, pair.tx_moment, pair.rx_offset_m))
        .collect();
    assert_eq!(
        pairs,
        [
            (3002.0, Axis::X, Axis::X, -1.0, [9.1, 0.0, 0.0]),
            (401.5, Axis::Z, Axis::Z, 1.0, [7.9, -0.2, -0.1]),
            (7003.0, Axis::Z, Axis::Z, 1.0, [7.8, 0.0, 0.0])
        ]
    );
    let in_order = BIRD.replace("[3000, 400, 7000]", "[400, 3000, 7000]").replace("[x, z, z]", "[z, x, z]");
    let in_order = in_order
        .replace("[Coaxial, coplanar", "[coplanar, coaxial")
        .replace("[9.1, 7.9", "[7.9, 9.1")
        .replace("0.2", "0");
    let in_order = in_order.replace("txrx_dz: [0, 0.1, 0]", "txrx_dz: [0, 0, 0]");
    assert!(made_of(&in_order, None).is_ok());
    let without = in_order.replace("            actual_frequency: [401.5, 3002, 7003]\n", "");
    assert!(made_of(&without, None).unwrap().moments[0].stm.contains("\n3000, x, -1, "));
    for (old, new, part) in [
        ("PPM", "A/m", "output_data_type, expected ppm"),
        ("[coplanar, coaxial", "[coaxial, coaxial", "got a coaxial pair at 401.5 Hz whose coils have the axes z and z"),
        ("[401.5", "[0", "actual_frequency, expected frequencies in Hz more than 0"),
        ("txrx_dx: [7.9", "txrx_dx: [0", "got at 401.5 Hz transmitter and receiver both at (0, 0) m"),
        ("orientation: [z, X", "orientation: [z, z", "got a coaxial pair at 3002 Hz whose coils have the axes z and x"),
        ("down", "", "expected right-handed positive down, or right-handed positive up"),
    ] {
        let message = made_of(&in_order.replace(old, new), None).expect_err(new).to_string();
        assert!(message.contains(part) && message.lines().count() == 1, "{new}: {message}");
    }
}

#[test]
fn descriptions_that_are_nearly_right_are_refused_or_read() {
    fuzz(&[SURVEY.to_owned(), BIRD.to_owned()], FEW, |text| {
        if let Ok(node) = yaml::parse(text, Path::new("s.yml")) {
            drop(parse(&node, Path::new("s.yml"), None));
        }
    });
}

/// Returns the folder with files of a real survey, which are not part of the project.
fn field_folder() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/field");
    std::env::var_os("GEOBIPY_FIELD").map_or_else(beside, PathBuf::from)
}

/// Returns the medians over the survey of the columns `prefix` with a number, in their order.
fn medians(path: &Path, prefix: &str) -> Vec<f64> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let headers = reader.headers().unwrap().clone();
    let is_column = |name: &str| name.strip_prefix(prefix).is_some_and(|rest| rest.parse::<usize>().is_ok());
    let columns: Vec<usize> = (0..headers.len()).filter(|&i| is_column(&headers[i])).collect();
    let mut values = vec![Vec::new(); columns.len()];
    for row in reader.records() {
        let row = row.unwrap();
        for (values, &column) in values.iter_mut().zip(&columns) {
            values.extend(row[column].parse().ok().filter(|&value: &f64| value > -9000.0));
        }
    }
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    values.into_iter().map(median).collect()
}

/// Would catch: units, signs and moments of the file that are misunderstood.
#[test]
fn a_real_system_gives_data_of_the_size_that_were_measured() {
    let folder = field_folder().join("wisconsin_skytem");
    if !folder.exists() {
        println!("skipped: the survey is not here");
        return;
    }
    let data = folder.join("skytem_processed_data.yml");
    let moments = stm_from_gspy(&folder.join("skytem_survey.yml"), Some(&data)).unwrap().moments;
    let systems: Vec<TdemSystem> = moments.iter().map(parsed).collect();
    assert_eq!(systems.iter().map(|system| system.gates.len()).collect::<Vec<_>>(), [27, 22]);
    assert_eq!(moments[0].offset_m, Some([-13.25, 0.0, 2.0]));
    println!("{}", moments[1].stm);

    let instrument = TdemInstrument { systems, field: MeasuredField::Secondary, vector_amplitude: false };
    let [dx, dy, dz] = moments[0].offset_m.unwrap();
    let geometry = Geometry::level(40.0)
        .with(GeometryParameter::TxRxDx, dx)
        .with(GeometryParameter::TxRxDy, dy)
        .with(GeometryParameter::TxRxDz, dz);
    let mut forward = Physics::new(&System::Tdem(instrument), Accuracy::Standard).forward(&geometry);
    let mut predicted = vec![0.0; forward.channel_count()];
    let earth = LayeredEarth::halfspace((0.01_f64).ln());
    forward.predict(&earth, &geometry, &mut EarthResponse::default(), &mut predicted);

    let csv = folder.join("skytem_processed_data.csv");
    let measured = [medians(&csv, "LM_Data_"), medians(&csv, "HM_Data_")].concat();
    for (gate, (predicted, measured)) in predicted.iter().zip(&measured).enumerate() {
        let ratio = -predicted / measured;
        println!("gate {gate}: {predicted:.3e} for {measured:.3e}, ratio {ratio:.3}");
        let is_middle = (8..18).contains(&gate) || (31..42).contains(&gate);
        assert!(!is_middle || (0.1..10.0).contains(&ratio), "gate {gate}: {predicted:e} for {measured:e}");
    }
}
