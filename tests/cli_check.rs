//! `geobipy check`, and the selection of soundings, which all commands share.

use std::path::{Path, PathBuf};

use geobipy::schema::{Status, line_path};

use crate::support::{CONFIG, Cmd, SURVEY, Workdir};
use crate::tdem_survey::{configure_fixed_wing, fixed_wing};

fn check<'a>(workdir: &'a Workdir, more: &[&str]) -> Cmd<'a> {
    workdir.geobipy(&[&["check", CONFIG, "--timing", "0.5"], more].concat())
}

/// Would catch: a check that writes files, or that does not report what it read.
#[test]
fn a_good_survey_is_told_about_and_nothing_is_written() {
    let workdir = Workdir::with_survey(20);
    workdir.configure("survey.crs = 'EPSG:28354'");
    let before = workdir.snapshot();
    let told = check(&workdir, &[]).succeeds();
    for part in [
        "20 soundings on 1 line",
        "EPSG:28354",
        "100.0 %",
        "height",
        "best halfspaces of 20",
        "CPU time",
        "disk",
        "0 errors",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    assert_eq!(workdir.snapshot(), before);
    check(&workdir, &["--plot", "check.svg"]).succeeds();
    assert!(workdir.text("check.svg").contains("northing (km)"));
}

/// Would catch: a job that starts although it can only fail.
#[test]
fn what_would_fail_is_an_error() {
    let workdir = Workdir::with_survey(6);
    workdir.configure("");
    let told = check(&workdir, &[]).succeeds();
    assert!(told.contains("survey.crs is not given"), "{told}");
    // A repeated sounding and a height below ground.
    workdir.edit_cells(SURVEY, |row, cells| match row {
        2 => cells[1] = "1".into(),
        3 => cells[1] = "1".into(),
        5 => cells[4] = "-3".into(),
        _ => {}
    });
    let (code, told, _) = check(&workdir, &[]).ends();
    assert_eq!(code, Some(1), "{told}");
    for part in ["ERROR: 2 rows that cannot be read", "each sounding once", "a height in m more than 0", "1 error"] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    let told = check(&workdir, &["--set", "survey.allow_rejected_rows=true"]).succeeds();
    assert!(told.contains("warning: 2 rows"), "{told}");
    check(&workdir, &["--set", "survey.data=none.csv"]).refused(1, &["none.csv"]);
}

/// Would catch: data in another unit or with the other sign that are inverted for days.
#[test]
fn other_units_and_signs_are_errors() {
    let workdir = fixed_wing(5);
    configure_fixed_wing(&workdir, "");
    check(&workdir, &[]).succeeds();
    let (code, told, _) = check(&workdir, &["--set", "columns.data_scale=1e9"]).ends();
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("their unit is not the system file's") && told.contains("columns.data_scale ="), "{told}");
    let (code, told, _) = check(&workdir, &["--set", "columns.data_scale=-1"]).ends();
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("have the opposite sign"), "{told}");
}

/// Would catch: a file of another kind, or of another editor, that crashes the reader or is misread.
#[test]
fn files_of_other_kinds_and_editors() {
    let workdir = Workdir::with_survey(5);
    let good = workdir.text(SURVEY);
    let told = |name: &str, bytes: &[u8]| {
        workdir.write(name, bytes);
        workdir.geobipy(&["check", CONFIG, "--timing", "0", "--set", &format!("survey.data={name}")]).ends()
    };
    for (name, text) in [
        ("crlf.csv", good.replace('\n', "\r\n").into_bytes()),
        ("bom.csv", format!("\u{feff}{good}").into_bytes()),
        ("tab.csv", good.replace(',', "\t").into_bytes()),
        ("blanks.csv", good.replace(',', "   ").into_bytes()),
        ("latin.csv", [b"/ H\xf6he \xb0\n/ ".as_slice(), good.as_bytes()].concat()),
    ] {
        let (code, out, errors) = told(name, &text);
        assert!(code == Some(0) && out.contains("5 soundings"), "{name}: {out}{errors}");
    }
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, bytes, expected) in [
        ("gzip.csv", b"\x1f\x8b\x08\0\0".to_vec(), "gzip.csv: got a gzip file"),
        ("sheet.csv", b"PK\x03\x04xl".to_vec(), "a zip file (spreadsheets are zip files)"),
        ("utf16.csv", [b"\xff\xfe".to_vec(), utf16].concat(), "text in UTF-16"),
        ("nul.csv", good.replace("30", "3\0").into_bytes(), "a NUL byte"),
        ("ragged.csv", good.replacen(",500020", "\n500020", 1).into_bytes(), "as in the header"),
        ("huge.csv", good.replacen("500020", "1e400", 1).into_bytes(), "got \"1e400\", expected a finite number"),
        ("parquet.csv", b"PAR1PAR1".to_vec(), "expected a Parquet table"),
        ("sqlite.csv", b"SQLite format 3\0".to_vec(), "expected a GeoPackage"),
    ] {
        let (code, out, errors) = told(name, &bytes);
        assert!(code == Some(1) && format!("{out}{errors}").contains(expected), "{name}: {out}{errors}");
    }
    std::fs::create_dir(workdir.path("folder.csv")).unwrap();
    check(&workdir, &["--set", "survey.data=folder.csv"]).refused(1, &["folder.csv", "directory"]);
    workdir
        .geobipy(&["check", SURVEY])
        .refused(1, &[SURVEY, "read as an options file of GeoBIPy, since it is no TOML"]);
}

/// Would catch: mistakes in columns, errors or gates that would only show after days.
#[test]
fn what_could_not_be_right_is_an_error() {
    let workdir = fixed_wing(5);
    configure_fixed_wing(&workdir, "");
    let wrong = |sets: &[&str], expected: &str| {
        let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", *set]).collect();
        let (code, told, errors) = check(&workdir, &sets).ends();
        assert!(code == Some(1) && format!("{told}{errors}").contains(expected), "{sets:?}: {told}{errors}");
    };
    wrong(
        &[
            "errors.relative_minimum=1e-9",
            "errors.relative_maximum=1e-9",
            "errors.additive_minimum=1e-9",
            "errors.additive_maximum=1e-9",
        ],
        "far too small",
    );
    wrong(&["columns.data.x=PX", "columns.data.z=PZ"], "names that differ in their numbers only");
    let header = workdir.text(SURVEY);
    let first = header.split(',').position(|name| name.contains("X_time")).unwrap() + 1;
    let twice = [format!("columns.data.x={first}"), format!("columns.data.z={first}")];
    wrong(&[&twice[0], &twice[1]], "the data of two channels");
    wrong(&["survey.gates_from_s=[1, 2, 3]"], "3 values, expected 1, one for each system");
    let told = check(&workdir, &["--set", "survey.gates_from_s=1e-3"]).succeeds();
    assert!(told.contains("channels without any datum"), "{told}");
    let told = check(&workdir, &["--set", "survey.crs=EPSG:3071"]).succeeds();
    assert!(told.contains("outside the area of that system"), "{told}");
}

/// Would catch: a reader of the output that ends early and stops the program with an error.
#[test]
fn a_closed_pipe_is_no_error() {
    let workdir = Workdir::with_survey(2);
    let program = env!("CARGO_BIN_EXE_geobipy");
    let script = format!("'{program}' check {CONFIG} --timing 0 2>errors | true; echo ${{PIPESTATUS[0]}}");
    let (_, code, _) = Cmd::other(&workdir, "bash", &["-c", &script]).ends();
    assert_eq!((code.trim(), &workdir.text("errors")[..]), ("0", ""));
}

/// Statuses of the only line, R for soundings that were run.
fn statuses(workdir: &Workdir, output: &str) -> String {
    let is_run = |status: &Status| if *status == Status::NotRun { '-' } else { 'R' };
    workdir.results(output, 1.0).statuses().iter().map(is_run).collect()
}

/// Would catch: options that select other soundings than they say, or differently in different commands.
#[test]
fn soundings_are_chosen_alike_everywhere() {
    let workdir = Workdir::with_survey(10);
    workdir.configure("");
    // Fiducials 0 to 9, 10 m apart from easting 500000 on.
    let area = r#"{"type": "Polygon", "coordinates": [[[500025, 3999995], [500065, 3999995], [500065, 4000005],
        [500025, 4000005], [500025, 3999995]]]}"#;
    workdir.write("area.geojson", area);
    let cases: [(&[&str], &str); 6] = [
        (&["--every", "4"], "R---R---R-"),
        (&["--fiducial", "2:4", "--fiducial", "8"], "--RRR---R-"),
        (&["--line", "1", "--fiducial", "7:100"], "-------RRR"),
        (&["--line", "0:5", "--every", "9"], "R--------R"),
        (&["--polygon", "area.geojson"], "---RRRR---"),
        (&["--polygon", "area.geojson", "--every", "2"], "---R-R----"),
    ];
    for (i, (options, expected)) in cases.into_iter().enumerate() {
        let output = format!("out{i}");
        workdir.invert(&output, options).succeeds();
        assert_eq!(statuses(&workdir, &output), expected, "{options:?}");
        let told = workdir.geobipy(&[&["check", CONFIG, "--timing", "0"], options].concat()).succeeds();
        let count = expected.matches('R').count();
        assert!(told.contains(&format!("  {count} soundings chosen of 10")), "{options:?}: {told}");
    }
    let refused = |options: &[&str], words: &[&str]| workdir.invert("none", options).refused(1, words);
    refused(&["--line", "7"], &["--line 7: the survey has no such line, only 1"]);
    refused(&["--fiducial", "3.5"], &["--fiducial 3.5", "the nearest is"]);
    refused(&["--polygon", "none.geojson"], &["none.geojson"]);
    workdir.write("area.geojson", area.replace("5000", "6000"));
    refused(&["--polygon", "area.geojson"], &["the selection leaves none of 10 soundings (eastings 500000 to 500090"]);
    workdir.invert("none", &["--line", "2:1"]).refused(2, &["FIRST:LAST in rising order"]);
}

/// Would catch: results without their coordinate reference system.
#[test]
fn results_carry_their_coordinate_reference_system() {
    let workdir = Workdir::with_survey(1);
    workdir.configure("survey.crs = 'EPSG:28354'");
    workdir.invert("out", &[]).succeeds();
    let line = workdir.results("out", 1.0);
    assert_eq!(line.text("crs"), "EPSG:28354");
    let file = hdf5_metno::File::open(line_path(&workdir.path("out"), 1.0)).unwrap();
    let text = |name: &str, attribute: &str| -> String {
        let attribute = file.dataset(name).unwrap().attr(attribute).unwrap();
        attribute.read_scalar::<hdf5_metno::types::FixedAscii<65536>>().unwrap().to_string()
    };
    assert!(text("crs", "crs_wkt").contains("MGA zone 54"));
    assert_eq!(text("hitmap", "grid_mapping"), "crs");
    workdir.configure("survey.crs = 'EPSG:4326'");
    workdir.invert("new", &[]).refused(1, &["survey.crs", "WGS 84", "expected a projected system in metres"]);
}

/// The folder of shared surveys, beside the project or named by the environment.
pub fn field() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/field");
    let folder = std::env::var_os("GEOBIPY_FIELD").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return folder.canonicalize().ok();
    }
    println!("skipped: there are no shared surveys");
    None
}

/// Would catch: a real file of any kind that is not read completely.
#[test]
fn real_surveys_are_read_whole() {
    let Some(field) = field() else { return };
    // In the units of the files, from V/(A m^4) to ppm.
    let additive = |low: f64| format!("errors.additive_minimum = {low:e}\nerrors.additive_maximum = {:e}\n", 1e3 * low);
    let cases = [
        ("resolve_small/Resolve_small.txt", "resolve_small/FdemSystem2.stm", "", "99 soundings on 1 line"),
        (
            "udf_skytem/twolines.dat",
            "udf_skytem/udf_lm.stm udf_skytem/udf_hm.stm",
            "[columns]\nline_number = 72\nfiducial = 73\neasting = 1\nnorthing = 2\nelevation = 3\ndata = { z = [16, 49] }\n\
             geometry = { height = 4, txrx_dx = 5, txrx_dy = 6, txrx_dz = 7 }",
            "2600 soundings on 2 lines",
        ),
        (
            "ausaem_tempest/Tempest-AusAEM-2020.dat",
            "ausaem_tempest/Tempest-25.0Hz.stm",
            "survey.field = 'total'\nsurvey.components = ['x', 'z']\ncolumns.preset = 'tempest'",
            "1277 soundings on 1 line",
        ),
        (
            "geotem/Geotem_GSQ823.dat",
            "geotem/Geotem3-GSQ823.stm",
            "survey.components = ['x', 'z']\n[columns]\npreset = 'ga_aem'\ngeometry.height = 'Radar_Altimeter'\n\
             data = { x = 'X_off_time', z = 'Z_off_time' }\n[geometry]\ntxrx_dx.value_m = -120\ntxrx_dy.value_m = 0\n\
             txrx_dz.value_m = -45",
            "2568 soundings on 2 lines",
        ),
        (
            "bhmar_skytem/bhmar-skytem_synthetic_5_layer.dat",
            "bhmar_skytem/Skytem-LM.stm bhmar_skytem/Skytem-HM.stm",
            "survey.components = ['z']\n[columns]\npreset = 'ga_aem'\nconvention = 'geobipy'\n\
             geometry = { tx_roll = 8, rx_roll = 14 }\ndata = { z = ['LMZ_Plus_Noise', 'HMZ_Plus_Noise'] }",
            "101 soundings on 1 line",
        ),
        (
            "geobipy_synthetic/tempest_saline_clay.csv",
            "geobipy_synthetic/tempest.stm",
            "survey.field = 'total'",
            "79 soundings on 1 line",
        ),
        (
            "geobipy_synthetic/skytem_resistive_basement.csv",
            "geobipy_synthetic/SkytemHM.stm geobipy_synthetic/SkytemLM.stm",
            "",
            "79 soundings on 1 line",
        ),
        ("geobipy_synthetic/resolve_saline_clay.csv", "geobipy_synthetic/resolve.stm", "", "79 soundings on 1 line"),
    ];
    let workdir = Workdir::new();
    for (data, systems, more, expected) in cases {
        let quoted = |name: &str| format!("'{}'", field.join(name).display());
        let systems: Vec<String> = systems.split(' ').map(quoted).collect();
        let survey = format!("survey.data = {}\nsurvey.system = [{}]\n", quoted(data), systems.join(", "));
        let unit = match data {
            _ if data.contains("geotem") || data.contains("resolve") => 1.0,
            _ if data.contains("empest") => 1e-3,
            _ if data.contains("udf") => 1e-3,
            _ => 1e-16,
        };
        workdir.write("c.toml", format!("{survey}{}{more}", additive(unit)));
        let told = workdir.geobipy(&["check", "c.toml", "--timing", "0"]).succeeds();
        assert!(told.contains(expected) && told.contains("0 errors"), "{data}: {told}");
    }
}

/// Would catch: an alias or a sign of GeoBIPy's own files that is lost for one of its kinds of data.
#[test]
fn all_surveys_of_geobipy_are_read_whole() {
    let Some(field) = field() else { return };
    let folder = field.join("geobipy_synthetic");
    let workdir = Workdir::new();
    let mut count = 0;
    for path in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (systems, additive, more) = match name.split('_').next().unwrap_or_default() {
            _ if !name.ends_with(".csv") => continue,
            "resolve" => (vec!["resolve.stm"], 1.0, ""),
            "skytem" => (vec!["SkytemHM.stm", "SkytemLM.stm"], 1e-15, ""),
            _ => (vec!["tempest.stm"], 1e-3, "survey.field = 'total'\n"),
        };
        let systems: Vec<String> = systems.iter().map(|name| format!("'{}'", folder.join(name).display())).collect();
        let files = format!("survey.data = '{}'\nsurvey.system = [{}]\n", path.display(), systems.join(", "));
        let errors =
            format!("errors.additive_minimum = {additive:e}\nerrors.additive_maximum = {:e}\n", 10.0 * additive);
        workdir.write("c.toml", files + more + &errors);
        let told = workdir.geobipy(&["check", "c.toml", "--timing", "0"]).succeeds();
        assert!(told.contains("79 soundings on 1 line") && told.contains("0 errors"), "{name}: {told}");
        count += 1;
    }
    assert_eq!(count, 18);
}

/// Would catch: real options files that do not run.
#[test]
fn real_options_files_are_read_unchanged() {
    let Some(field) = field() else { return };
    for name in ["resolve", "skytem", "tempest"] {
        let workdir = Workdir::new();
        let path = field.join(format!("geobipy_options/{name}_options"));
        let told = workdir.geobipy(&["check", path.to_str().unwrap(), "--timing", "0"]).succeeds();
        assert!(told.contains("79 soundings") && told.contains("0 errors"), "{name}: {told}");
        let few =
            ["--fiducial", "0", "--set", "sampler.maximum_burn_in=250", "--set", "sampler.maximum_iterations=300"];
        workdir.geobipy(&[&["invert", path.to_str().unwrap(), "out"], &few[..]].concat()).succeeds();
    }
}

/// Would catch: an instrument described for another program that cannot be used without writing files by hand.
#[test]
fn a_survey_described_for_gspy_is_ready_at_once() {
    let Some(field) = field() else { return };
    let workdir = Workdir::new();
    let file = |name: &str| field.join("wisconsin_skytem").join(name).display().to_string();
    let (survey, gates, data) =
        (file("skytem_survey.yml"), file("skytem_processed_data.yml"), file("skytem_processed_data.csv"));
    let init = ["init", "helicopter", "--gspy", &survey, "--gspy-data", &gates, "--data", &data];
    workdir.geobipy(&[&init[..], &["--preset", "skytem", "--crs", "EPSG:3071", "-o", "w.toml"]].concat()).succeeds();
    let (code, told, _) = workdir.geobipy(&["check", "w.toml", "--timing", "0"]).ends();
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("10 rows that cannot be read") && told.contains("1990 soundings on 102 lines"), "{told}");
    let lenient = ["--set", "survey.allow_rejected_rows=true"];
    workdir.geobipy(&[&["check", "w.toml", "--timing", "0"], &lenient[..]].concat()).succeeds();
}
