//! Time-domain surveys.

use std::fs;

use proptest::prelude::*;

use super::*;
use crate::survey::QuotedNoise;
use crate::system::{
    Gate, GateWeighting, Geometry, GeometryParameter, MeasuredField, Normalisation, Output, TdemInstrument, TdemSystem,
    Waveform, WaveformKind,
};

/// A system whose gates begin at `starts_s` and end at 1.1 times the start.
pub(in super::super) fn system(name: &str, output_scaling: [f64; 3], starts_s: &[f64]) -> TdemSystem {
    TdemSystem {
        name: name.to_owned(),
        turn_count: 1.0,
        peak_current_a: 1.0,
        loop_area_m2: 1.0,
        base_frequency_hz: 25.0,
        waveform: Waveform { kind: WaveformKind::Current, time_s: vec![0.0, 0.02], value: vec![1.0, 1.0] },
        digitising_frequency_hz: 1e5,
        gates: starts_s.iter().map(|&s| Gate { start_s: s - 0.1 * s.abs(), end_s: s + 0.1 * s.abs() }).collect(),
        gate_weighting: GateWeighting::Boxcar,
        low_pass_filters: Vec::new(),
        loop_radius_m: 0.0,
        output: Output::DbDt,
        output_scaling,
        normalisation: Normalisation::None,
        reference_geometry: Geometry::default(),
        frequencies_per_decade: 6,
        abscissa_count: 21,
        source_text: String::new(),
        warnings: Vec::new(),
    }
}

pub(in super::super) fn instrument(systems: Vec<TdemSystem>) -> TdemInstrument {
    TdemInstrument { systems, field: MeasuredField::Secondary, vector_amplitude: false }
}

/// Z of two systems: the first has two gates, the second one.
fn two_moments() -> TdemInstrument {
    instrument(vec![system("HM", [0.0, 0.0, 1.0], &[1e-3, 2e-3]), system("LM", [0.0, 0.0, 1.0], &[1e-5])])
}

/// X and Z of one system with one gate.
fn fixed_wing() -> TdemInstrument {
    instrument(vec![system("T", [1.0, 0.0, 1.0], &[1e-3])])
}

fn column(text: &str) -> Option<ColumnRef> {
    Some(text.parse().unwrap())
}

fn components(texts: [&[&str]; 3]) -> [Vec<ColumnRef>; 3] {
    texts.map(|texts| texts.iter().map(|text| text.parse().unwrap()).collect())
}

/// Columns of components, and none of the other parts.
fn columns(texts: [&[&str]; 3]) -> [Vec<ColumnRef>; PARTS.len()] {
    let [x, y, z] = components(texts);
    [x, y, z, Vec::new(), Vec::new()]
}

fn geobipy() -> ReadOptions {
    ReadOptions { convention: Convention::GeoBipy, nulls: vec![-9999.99], ..Default::default() }
}

fn read(text: &str, instrument: &TdemInstrument, options: &ReadOptions) -> Result<Whole> {
    Whole::of_text(text, &System::Tdem(instrument.clone()), options)
}

fn read_defined(dfn: &str, text: &str, instrument: &TdemInstrument, options: &ReadOptions) -> Result<Whole> {
    Whole::of_text_defined(dfn, text, &System::Tdem(instrument.clone()), options)
}

fn message(text: &str, instrument: &TdemInstrument, options: &ReadOptions) -> String {
    read(text, instrument, options).unwrap_err().to_string()
}

fn geometry(sounding: &Sounding) -> [f64; 10] {
    GeometryParameter::ALL.map(|parameter| sounding.geometry.get(parameter))
}

const PLACE: &str = "line,fid,x,y,height,txrx_dx,txrx_dy,txrx_dz";

#[test]
fn geobipy_files_are_read_by_name_and_turned() {
    let text = "Line_number,Fiducial,Easting,Northing,Height,Elevation,tx_pitch,tx_roll,tx_yaw,txrx_dx,txrx_dy,txrx_dz,\
                rx_pitch,rx_roll,rx_yaw,S0Z_time_1.000e-03,S0Z_time_2.000e-03,S1Z_time_1.000e-05\n\
                20,1,5,6,30,100,1,2,3,-13,0.5,2,4,5,0,7,-9999.99,-8\n\
                10,1,5,6,30,,1,2,3,-13,0,2,4,5,6,7,0,8\n";
    let survey = read(text, &two_moments(), &geobipy()).unwrap();
    assert!(survey.rejected.is_empty() && !survey.has_std);
    let sounding = &survey.soundings[1];
    assert_eq!((sounding.line_number, sounding.fiducial, sounding.file_line), (20.0, 1.0, 2));
    assert_eq!((sounding.easting_m, sounding.northing_m, sounding.elevation_m), (5.0, 6.0, 100.0));
    assert_eq!(format!("{:?}", geometry(sounding)), "[30.0, 2.0, -1.0, -3.0, -13.0, 0.5, 2.0, 5.0, -4.0, 0.0]");
    assert_eq!(format!("{:?}", sounding.observed), "[-7.0, NaN, 8.0]");
    let survey = read(text, &two_moments(), &ReadOptions { convention: Convention::GaAem, ..geobipy() }).unwrap();
    assert_eq!(geometry(&survey.soundings[0]), [30.0, 2.0, 1.0, 3.0, -13.0, 0.0, 2.0, 5.0, 4.0, 6.0]);
    assert_eq!(survey.soundings[0].observed, [7.0, 0.0, 8.0]);
}

#[test]
fn columns_without_names_are_called_by_number() {
    let options = ReadOptions {
        columns: ColumnMap {
            line_number: column("8"),
            fiducial: column("9"),
            easting: column("1"),
            northing: column("2"),
            geometry: [column("3"), None, column("-4"), None, None, None, None, None, None, None],
            data: columns([&[], &[], &["-5", "7"]]),
            ..Default::default()
        },
        fixed_geometry: [None, None, None, Some(0.5), Some(-13.0), Some(0.0), Some(2.0), None, None, None],
        convention: Convention::GaAem,
        ..Default::default()
    };
    let text = "1 2 30 4 5 NaN 7 8 9\n1 2 30 4 5 6 7 8\n";
    let survey = read(text, &two_moments(), &options).unwrap();
    assert_eq!(
        survey.rejections(),
        ["s.csv, line 2: got 8 cells, expected 9 as in the first row, separated by blanks"]
    );
    let sounding = &survey.soundings[0];
    assert_eq!((sounding.line_number, sounding.fiducial, sounding.file_line), (8.0, 9.0, 1));
    assert_eq!(geometry(sounding), [30.0, 0.0, -4.0, 0.5, -13.0, 0.0, 2.0, 0.0, 0.0, 0.0]);
    assert!(sounding.elevation_m.is_nan());
    assert_eq!(format!("{:?}", sounding.observed), "[-5.0, NaN, 7.0]");

    let twice = ReadOptions { convention: Convention::GeoBipy, ..options };
    let survey = read(text, &two_moments(), &twice).unwrap();
    assert_eq!(format!("{:?}", survey.soundings[0].observed), "[5.0, NaN, -7.0]");
    assert_eq!(geometry(&survey.soundings[0])[..4], [30.0, 0.0, 4.0, 0.5]);
}

#[test]
fn columns_without_names_must_all_be_called() {
    assert_eq!(
        message("1 2 3\n", &two_moments(), &ReadOptions::default()),
        "s.csv: got 3 columns without names, expected numbers of columns, from 1, in the configuration: \
         columns.line_number, columns.fiducial, columns.easting, columns.northing, \
         columns.geometry.height or geometry.height.value_m, columns.geometry.txrx_dx or geometry.txrx_dx.value_m, \
         columns.geometry.txrx_dy or geometry.txrx_dy.value_m, columns.geometry.txrx_dz or geometry.txrx_dz.value_m, \
         columns.data; or an ASEG-GDF2 definition, a .dfn beside the file or survey.definition"
    );
}

#[test]
fn wrong_columns_are_all_reported() {
    let options = ReadOptions {
        columns: ColumnMap {
            fiducial: column("99"),
            easting: column("east"),
            data: columns([&["1"], &[], &["8", "8"]]),
            std: columns([&[], &[], &["3"]]),
            ..Default::default()
        },
        fixed_geometry: [Some(30.0); 10],
        ..Default::default()
    };
    assert_eq!(
        message("line,fid,n,a,b,c,d,e\n1,1,1,1,1,1,1,1\n", &two_moments(), &options),
        "s.csv: got 8 columns, expected column 99 for columns.fiducial\n\
         columns.data.x: got 1 columns, expected 0, one for each system that measures x\n\
         s.csv: got 8 columns, expected 2 gates from column 8 on for columns.data.z\n\
         columns.std.z: got 1 columns, expected 2, one for each system that measures z (HM, LM)\n\
         s.csv, line 1: got columns line, fid, n, a, b, c, d, e, \
         expected a column named east, or columns.easting in the configuration"
    );
}

#[test]
fn geometry_that_has_no_default_must_be_there() {
    let text = "line,fid,x,y,S0Z_time,S0Z_time,S1Z_time\n1,1,1,1,1,1,1\n";
    let message = message(text, &two_moments(), &geobipy());
    assert!(message.starts_with("s.csv, line 1: got columns line, fid, x, y, S0Z_time, S0Z_time, S1Z_time, expected "));
    for (names, key) in [
        ("alt, altitude, laser, bheight or height", "height"),
        ("txrx_dx", "txrx_dx"),
        ("txrx_dy", "txrx_dy"),
        ("txrx_dz", "txrx_dz"),
    ] {
        let line = format!("\n  columns.geometry.{key} or geometry.{key}.value_m: a column named {names}");
        assert!(message.contains(&line), "{message}");
    }
}

#[test]
fn fixed_values_are_those_of_a_geometry() {
    let mut options = geobipy();
    options.columns.geometry[1] = column("3");
    options.fixed_geometry = [Some(0.0), Some(1.0), Some(f64::NAN), None, None, None, None, None, None, None];
    assert_eq!(
        message("a\n1\n", &two_moments(), &options),
        "geometry.height.value_m: got 0, expected a height in m more than 0 and at most 10000\n\
         geometry.tx_roll: got a column and a value, expected one of them\n\
         geometry.tx_pitch.value_deg: got NaN, expected a finite number"
    );
}

#[test]
fn data_columns_are_those_of_the_systems() {
    let header = |names: &str| format!("{PLACE},{names}\n1\n");
    assert_eq!(
        message(&header("S0Z_time_1e-3,S0Z_time_2e-3"), &two_moments(), &geobipy()),
        "s.csv, line 1: got 2 data columns (S0Z_time_1e-3, S0Z_time_2e-3), \
         expected 3: 2 for z of system HM, 1 for z of system LM; columns.data in the configuration can name them"
    );
    assert_eq!(
        message(&header("off_time,off_time,off_time,off_time_err"), &two_moments(), &geobipy()),
        "s.csv, line 1: got 1 standard deviation columns (off_time_err), \
         expected 3: 2 for z of system HM, 1 for z of system LM; columns.std in the configuration can name them"
    );
    assert_eq!(
        message(&header("S0Z_time_1.000e-05,S1Z_time_1.049e-03,S1Z_time_2.000e-03"), &two_moments(), &geobipy()),
        [("S0Z_time_1.000e-05", "1.000e-5", "1.000e-3", "HM"), ("S1Z_time_1.049e-03", "1.049e-3", "2.000e-3", "HM")]
            .into_iter()
            .chain([("S1Z_time_2.000e-03", "2.000e-3", "1.000e-5", "LM")])
            .map(|(name, got, expected, system)| format!(
                "s.csv, line 1, column {name}: got {got} s, expected {expected} s, \
                 the middle of the next gate of system {system}"
            ))
            .collect::<Vec<_>>()
            .join("\n")
    );
    assert!(read(&header("z_time_1.049e-3,z_time_1.91e-3,z_time_1e-5"), &two_moments(), &geobipy()).is_ok());
    assert_eq!(
        message(&header("S0Z_time,S0X_time"), &fixed_wing(), &geobipy()),
        "s.csv, line 1, column S0Z_time: got component z, expected x, the next component of system T\n\
         s.csv, line 1, column S0X_time: got component x, expected z, the next component of system T"
    );
    let mut options = geobipy();
    options.columns.data = columns([&[], &[], &["9", "11"]]);
    assert!(message(&header("S0Z_time_1e-3,S0Z_time_1e-5,c"), &two_moments(), &options).ends_with(
        "column S0Z_time_1e-5: got 1.000e-5 s, expected 2.000e-3 s, the middle of the next gate of system HM"
    ));
}

#[test]
fn total_fields_are_secondary_and_primary_together() {
    let mut instrument = fixed_wing();
    instrument.field = MeasuredField::Total;
    let text =
        format!("{PLACE},PX,pz,X_time,Z_time\n1,1,5,6,120,-100,0,-40,10,20,1,2\n1,2,5,6,120,-100,0,-40,,20,1,2\n");
    let survey = read(&text, &instrument, &geobipy()).unwrap();
    assert_eq!(survey.soundings[0].observed, [11.0, -22.0]);
    assert_eq!(format!("{:?}", survey.soundings[1].observed), "[NaN, -22.0]");
    let mut options = geobipy();
    options.columns.primary = components([&["-9"], &[], &["x"]]);
    assert_eq!(read(&text, &instrument, &options).unwrap().soundings[0].observed, [-9.0, -7.0]);
    options.columns.primary = components([&[], &[], &["x"]]);
    assert_eq!(
        message(&text, &instrument, &options),
        "columns.primary.x: got 0 columns, expected 1, one for each system that measures x (T); \
         survey.components can leave x out"
    );
    let without = format!("{PLACE},X_time,Z_time\n1\n");
    assert!(
        message(&without, &instrument, &geobipy())
            .contains("\n  columns.primary.x: a column named px\n  columns.primary.z: a column named pz")
    );
    assert!(read(&without, &fixed_wing(), &geobipy()).is_ok());
}

/// Would catch: noise that is relative to the total field, or that belongs to another component's gate.
#[test]
fn quoted_noise_is_relative_to_the_secondary_field() {
    let mut instrument = fixed_wing();
    let text = format!("{PLACE},X_time,Z_time,px,pz,Z_time_std\n1,1,5,6,120,-100,0,-40,-1,2,-2,2,9\n");
    let noise = QuotedNoise { relative: 0.5, additive: vec![1.2, 2.4] };
    let mut options = ReadOptions { quoted_noise: Some(noise), ..geobipy() };
    let read = |instrument: &TdemInstrument, options: &ReadOptions| {
        let survey = read(&text, instrument, options).unwrap();
        assert!(survey.has_std);
        (survey.soundings[0].observed.clone(), survey.soundings[0].std.clone().unwrap())
    };
    let stds = vec![0.5_f64.hypot(1.2), 1.0_f64.hypot(2.4)];
    assert_eq!(read(&instrument, &options).1, stds);
    instrument.field = MeasuredField::Total;
    options.columns.primary = components([&["px"], &[], &["pz"]]);
    let (observed, std) = read(&instrument, &options);
    assert_eq!((observed.iter().map(|d| d.abs()).collect::<Vec<_>>(), std), (vec![3.0, 4.0], stds.clone()));
    instrument.vector_amplitude = true;
    let (observed, std) = read(&instrument, &options);
    assert_eq!(observed, [5.0]);
    assert!((std[0] - (0.6 * stds[0]).hypot(0.8 * stds[1])).abs() < 1e-15);
    options.quoted_noise = Some(QuotedNoise { relative: 0.5, additive: vec![1.2] });
    let std = read(&instrument, &options).1;
    assert!((std[0] - (0.6 * stds[0]).hypot(0.8 * 1.0_f64.hypot(1.2))).abs() < 1e-15);
}

#[test]
fn amplitudes_are_lengths_of_vectors() {
    let mut instrument = fixed_wing();
    instrument.vector_amplitude = true;
    let text = format!(
        "{PLACE},X_time,Z_time,X_time_std,Z_time_std\n\
         1,1,5,6,120,-100,0,-40,-3,4,0.5,0.25\n\
         1,2,5,6,120,-100,0,-40,-3,,0.5,0.25\n\
         1,3,5,6,120,-100,0,-40,-3,4,,0.25\n\
         1,4,5,6,120,-100,0,-40,0,0,0.5,0.25\n\
         1,5,5,6,120,-100,0,-40,1.5e308,1.5e308,1,1\n\
         1,6,5,6,120,-100,0,-40,1,1,0,1\n\
         1,7,5,6,120,-100,0,-40,1e300,0,1,1\n"
    );
    let survey = read(&text, &instrument, &geobipy()).unwrap();
    let value = |i: usize| (survey.soundings[i].observed[0], survey.soundings[i].std.as_ref().unwrap()[0]);
    let expected_std = (0.3_f64.powi(2) + 0.2_f64.powi(2)).sqrt();
    assert_eq!(value(0).0, 5.0);
    assert!((value(0).1 - expected_std).abs() < 1e-15);
    assert!([value(1), value(2)].iter().all(|(datum, std)| datum.is_nan() && std.is_nan()));
    assert_eq!(value(3), (0.0, 0.5));
    assert_eq!(value(4), (1e300, 1.0));
    assert_eq!(
        survey.rejections(),
        [
            "s.csv, line 6, column X_time: got \"1.5e308\", expected numbers whose sum is finite",
            "s.csv, line 7, column X_time_std: got \"0\", expected a standard deviation in V/(A m^4) more than 0",
        ]
    );
}

#[test]
fn data_and_standard_deviations_are_missing_together() {
    let text = format!(
        "{PLACE},X_time,X_time_err,Z_time,Z_time_err\n\
         1,1,5,6,120,-100,0,-40,3,,4,1\n1,2,5,6,120,-100,0,-40,,1,4,-1\n1,1,5,6,120,-100,0,-40,1,1,1,1\n"
    );
    let survey = read(&text, &fixed_wing(), &geobipy()).unwrap();
    assert!(survey.has_std);
    assert_eq!(missing(&survey.soundings[0].observed), [true, false]);
    assert_eq!(missing(survey.soundings[0].std.as_ref().unwrap()), [true, false]);
    assert_eq!(
        survey.rejections(),
        [
            "s.csv, line 3, column Z_time_err: got \"-1\", expected a standard deviation in V/(A m^4) more than 0",
            "s.csv, line 4: got line 1 fiducial 1, which line 2 of the file has, expected each sounding once",
        ]
    );
}

/// A row for each moment, with a dummy for the gates of the other moment; standard deviations are fractions.
#[test]
fn workbench_files_have_a_row_for_each_moment() {
    let header = "/ exported\n/ DUMMY\n/ 9999\n\
        / LINE_NO TIMESTAMP UTMX UTMY TOPO TX_ALTITUDE TXRX_DX TXRX_DY TXRX_DZ CHANNEL_NO DBDT_Ch1GT1 DBDT_Ch1GT2 DBDT_Ch2GT1 \
        DBDT_STD_Ch1GT1 DBDT_STD_Ch1GT2 DBDT_STD_Ch2GT1\n";
    let place = "5 6 100 30 -13 0 2";
    let text = format!(
        "{header}10 1.5 {place} 1 -4e-9 2e-9 9999 0.05 0.1 9999\n10 1.5 {place} 2 9999 9999 -8e-9 9999 9999 0.25\n\
         10 2.5 {place} 2 * * 3e-9 * * 0.5\n10 2.5 {place} 2 9999 1e-9 3e-9 9999 0.5 0.5\n"
    );
    let options = ReadOptions { convention: Convention::GaAem, ..Preset::Workbench.options() };
    let survey = read(&text, &two_moments(), &options).unwrap();
    assert_eq!(survey.soundings.len(), 2);
    assert_eq!(survey.soundings[0].observed, [-4e-9, 2e-9, -8e-9]);
    assert_eq!(survey.soundings[0].std, Some(vec![0.05 * 4e-9, 0.1 * 2e-9, 0.25 * 8e-9]));
    assert_eq!((survey.soundings[0].elevation_m, survey.soundings[0].geometry.height_m()), (100.0, 30.0));
    assert_eq!(missing(&survey.soundings[1].observed), [true, true, false]);
    assert_eq!(
        survey.rejections(),
        ["s.csv, line 8: got line 10 fiducial 2.5, which line 7 of the file has, expected each sounding once"]
    );
}

const DFN: &str = "DEFN ST=RECD,RT=COMM;RT:A4;COMMENTS:A80\n\
                   DEFN 1 ST=RECD,RT=;Line:I4\nDEFN 2 ST=RECD,RT=;Fiducial:F8.1\nDEFN 3 ST=RECD,RT=;E:F8.1\n\
                   DEFN 4 ST=RECD,RT=;N:F8.1\nDEFN 5 ST=RECD,RT=;Tx_Height:F8.1:NULL=-99.9\n\
                   DEFN 6 ST=RECD,RT=;Tx_Roll:F8.1\nDEFN 7 ST=RECD,RT=;Tx_Roll:F8.1\n\
                   DEFN 8 ST=RECD,RT=;EMZ:3F8.1:UNIT=fT:NULL=-9.9\nEND DEFN\n";

fn defined() -> ReadOptions {
    let mut options = ReadOptions { convention: Convention::GaAem, ..ReadOptions::default() };
    options.columns.geometry[0] = column("Tx_Height");
    options.columns.geometry[1] = column("-7");
    options.columns.data = columns([&[], &[], &["-emz", "6"]]);
    options.fixed_geometry[4..7].fill(Some(0.0));
    options
}

#[test]
fn defined_files_are_read_by_field_and_number() {
    let three_and_one =
        instrument(vec![system("A", [0.0, 0.0, 1.0], &[1e-5, 2e-5, 3e-5]), system("B", [0.0, 0.0, 1.0], &[1e-5])]);
    let text = "   1     1.0     2.0     3.0    30.0     4.0     5.0     6.0    -9.9     8.0\nCOMM remark\n\
                \x20  1     2.0     2.0     3.0   -99.9     4.0     5.0     6.0     7.0     8.0\n";
    let survey = read_defined(DFN, text, &three_and_one, &defined()).unwrap();
    assert_eq!(format!("{:?}", survey.soundings[0].observed), "[-6.0, NaN, -8.0, 4.0]");
    assert_eq!(geometry(&survey.soundings[0])[..3], [30.0, -5.0, 0.0]);
    let null = "s.dat, line 3, column Tx_Height: got \"-99.9\", expected a number that is not null";
    assert_eq!(survey.rejections(), [null]);

    let mut options = defined();
    options.columns.geometry[1] = None;
    options.columns.easting = column("EMZ");
    options.columns.northing = column("tx_roll");
    assert_eq!(
        read_defined(DFN, text, &two_moments(), &options).unwrap_err().to_string(),
        "s.dfn: got 3 columns named EMZ, expected one for columns.easting\n\
         s.dfn: got columns 6, 7 named tx_roll, expected one column of that name, or the number of the column\n\
         s.dfn: got columns Tx_Roll, Tx_Roll, expected one column named tx_roll, \
         or columns.geometry.tx_roll in the configuration\n\
         s.dfn: got 3 columns named -emz, expected 2 gates for columns.data.z"
    );
}

#[test]
fn definitions_are_taken_from_beside_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let instrument =
        instrument(vec![system("A", [0.0, 0.0, 1.0], &[1e-5, 2e-5, 3e-5]), system("B", [0.0, 0.0, 1.0], &[1e-5])]);
    let system = System::Tdem(instrument);
    let row = "1 1 2 3 30 4 5 6 7 8\n";
    let data = write("a.dat", row);
    let error = Whole::open(&data, &system, &defined()).unwrap_err().to_string();
    assert!(error.contains("a.dat: got 10 columns without names"), "{error}");
    let dfn = write("a.Dfn", DFN);
    assert_eq!(Whole::open(&data, &system, &defined()).unwrap().soundings.len(), 1);
    let csv = write("a.csv", row);
    assert!(Whole::open(&csv, &system, &defined()).is_err());
    let options = ReadOptions { dfn: Some(dfn), ..defined() };
    assert_eq!(Whole::open(&csv, &system, &options).unwrap().soundings.len(), 1);
    let options = ReadOptions { dfn: Some(folder.path().join("no.dfn")), ..defined() };
    assert!(matches!(Whole::open(&csv, &system, &options), Err(Error::Io { .. })));
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(
        text in any::<String>(),
        header in "[-a-z0-9_.,\t \"]{0,60}",
        body in "([-0-9.naifNAIFeE\t \"\r\n\0]|,){0,200}",
        numbers in "([-0-9]{1,3} ){8,14}\n",
        place in "-?([1-9]|1[0-9]|emz|line)",
    ) {
        let mut total = fixed_wing();
        total.field = MeasuredField::Total;
        total.vector_amplitude = true;
        let mut options = defined();
        options.columns.line_number = column(&place);
        options.columns.data[2] = vec![place.parse().unwrap()];
        for instrument in [&two_moments(), &fixed_wing(), &total] {
            for options in [&geobipy(), &options] {
                let _ = read(&text, instrument, options);
                let _ = read(&format!("{header}\n{body}"), instrument, options);
                let _ = read(&format!("{PLACE},X_time,Z_time\n{body}"), instrument, options);
                let _ = read(&format!("{numbers}{body}"), instrument, options);
                let _ = read_defined(DFN, &format!("{numbers}{body}"), instrument, options);
                let _ = read_defined(&text, &text, instrument, options);
            }
        }
    }
}
