//! Tests with a synthetic system and with that of a real survey.

use std::path::PathBuf;

use super::*;
use crate::earth::LayeredEarth;
use crate::forward::{Accuracy, EarthResponse, Physics};
use crate::system::{Geometry, GeometryParameter, MeasuredField, System, TdemInstrument, TdemSystem};

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

fn moments_of(survey: &str, data: Option<&str>) -> Result<Vec<Moment>> {
    let folder = tempfile::tempdir().unwrap();
    let written = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let data = data.map(|text| written("data.yml", text));
    stm_from_gspy(&written("survey.yml", survey), data.as_deref())
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
        [[-9.0, -1.0, 0.5], [-10.0, 0.0, 0.0]]
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
            "orientation: [x, y]",
            "as towed_system.variables.component.receivers, expected one whose",
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
    let moments = stm_from_gspy(&folder.join("skytem_survey.yml"), Some(&data)).unwrap();
    let systems: Vec<TdemSystem> = moments.iter().map(parsed).collect();
    assert_eq!(systems.iter().map(|system| system.gates.len()).collect::<Vec<_>>(), [27, 22]);
    assert_eq!(moments[0].offset_m, [-13.25, 0.0, 2.0]);
    println!("{}", moments[1].stm);

    let instrument = TdemInstrument { systems, field: MeasuredField::Secondary, vector_amplitude: false };
    let [dx, dy, dz] = moments[0].offset_m;
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
