//! Surveys that can be read but are wrong: undeclared nulls, other units, impossible places. Each is named before a run.

use geobipy::schema::{Status, Warning};

use crate::support::{CONFIG, SURVEY, Workdir};
use crate::tdem_survey::{PLACE_COLUMNS, configure_helicopter, helicopter};

/// Columns of a simulated survey in the frequency domain.
const FDEM: [&str; 6] = ["line", "fiducial", "easting", "northing", "height", "elevation"];
const EASTING: usize = 2;
const NORTHING: usize = 3;
const HEIGHT: usize = 4;
const ELEVATION: usize = 5;

/// What `check` prints, and whether a run would work.
fn check(workdir: &Workdir, sets: &[&str]) -> (bool, String) {
    let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", *set]).collect();
    let (code, told, errors) = workdir.geobipy(&[&["check", CONFIG, "--timing", "0"], &sets[..]].concat()).ends();
    (code == Some(0), told + &errors)
}

/// The number in column `column` of a row, multiplied by `factor`.
fn scale(cells: &mut [String], column: usize, factor: f64) {
    let value: f64 = cells[column].parse().unwrap();
    cells[column] = (factor * value).to_string();
}

/// Would catch: a null that is inverted as data, believed by `check`, or named with a key that does not help.
#[test]
fn undeclared_nulls_are_named_and_never_converge() {
    let workdir = Workdir::with_survey(30);
    workdir.configure(
        "survey.crs = 'EPSG:28354'\nsampler.ess_target = 1.0\nsampler.rhat_target = 10.0\nsampler.temperatures = 1",
    );
    assert!(check(&workdir, &[]).0);
    workdir.edit_cells(SURVEY, |row, cells| {
        if row == 2 || row == 5 {
            cells[FDEM.len()] = "-9999".into();
            cells[FDEM.len() + 3] = "-9999".into();
        }
    });
    let (works, told) = check(&workdir, &[]);
    let expected = "ERROR: the number -9999.0 means \"missing\". It occurs 4 times: data (columns In_Phase";
    let advice = "Set columns.null_values = [-9999.0]";
    assert!(!works && told.contains(expected) && told.contains(advice), "{told}");
    let (works, told) = check(&workdir, &["columns.null_values=[-9999.0]"]);
    assert!(works && !told.contains("-9999"), "{told}");

    let (code, _, errors) = workdir.invert("out", &["--fiducial", "0:2"]).ends();
    assert_eq!(code, Some(0), "{errors}");
    assert!(errors.contains("warning: the number -9999.0 means \"missing\"") && errors.contains(advice), "{errors}");
    let line = workdir.results("out", 1.0);
    let statuses = line.statuses();
    let poor = |sounding: usize| {
        let warnings = line.read::<i32>("status_warnings");
        Warning::in_set(warnings[sounding]).any(|warning| warning == Warning::PoorFit)
    };
    assert_eq!((statuses[0], statuses[2]), (Status::Converged, Status::Converged));
    assert!(statuses[1] != Status::Converged && poor(1) && !poor(0), "{statuses:?}");
    workdir.geobipy(&["export", "csv", "out", "-o", "table.csv"]).succeeds();
    let table = workdir.text("table.csv");
    let rows: Vec<&str> = table.lines().skip(1).collect();
    assert_eq!(rows.len(), 3, "{table}");
    assert!(rows[0].contains(",converged,") && !rows[1].contains(",converged,"), "{table}");
}

/// Would catch: a height or a place that stands for nothing and is believed.
#[test]
fn nulls_of_positions_are_named() {
    for (column, null, what) in [
        (HEIGHT, "9999", "heights (column Height"),
        (EASTING, "0", "coordinates (column Easting"),
        (NORTHING, "-99999.9", "coordinates (column Northing"),
        (ELEVATION, "1e20", "elevations (column Elevation"),
    ] {
        let workdir = Workdir::with_survey(30);
        workdir.configure("");
        workdir.edit_cells(SURVEY, |row, cells| {
            if row > 0 && row % 9 == 0 {
                cells[column] = null.into();
            }
        });
        let (works, told) = check(&workdir, &[]);
        assert!(!works && told.contains(&format!("It occurs 3 times: {what}")), "{null}: {told}");
        if null != "0" {
            let value: f64 = null.parse().unwrap();
            let declared = format!("columns.null_values=[{value:?}]");
            let (works, told) = check(&workdir, &[&declared, "survey.allow_rejected_rows=true"]);
            assert!(works && !told.contains("missing"), "{null}: {told}");
        }
    }
}

/// Would catch: a unit, a sign or a height in feet that is told in no words, or in words that lead astray.
#[test]
fn other_units_are_named_with_the_value_to_set() {
    let workdir = helicopter(12);
    let bounds = "errors.additive_minimum = [3e-15, 3e-16]\nerrors.additive_maximum = [3e-13, 3e-14]\n";
    configure_helicopter(&workdir, bounds);
    let good = workdir.text(SURVEY);
    let (works, told) = check(&workdir, &[]);
    assert!(works && !told.contains("columns.data_scale"), "{told}");
    for scale in ["1e12", "1e6", "-1e-12", "1e-9"] {
        let (works, told) = check(&workdir, &[&format!("columns.data_scale={scale}")]);
        assert!(!works && told.contains("columns.data_scale = 1.0"), "{scale}: {told}");
    }
    // Data in pV, which the system file does not have.
    workdir.edit_cells(SURVEY, |row, cells| {
        if row > 0 {
            (PLACE_COLUMNS..cells.len()).for_each(|column| scale(cells, column, 1e12));
        }
    });
    let (works, told) = check(&workdir, &[]);
    assert!(!works && told.contains("set columns.data_scale = 1e-12"), "{told}");
    assert!(check(&workdir, &["columns.data_scale=1e-12"]).0);
    workdir.write(SURVEY, &good);
    workdir.edit_cells(SURVEY, |row, cells| {
        if row > 0 {
            scale(cells, HEIGHT, 3.280_84);
        }
    });
    let (works, told) = check(&workdir, &[]);
    assert!(!works && told.contains("the heights must be in metres"), "{told}");
}

/// Would catch: bounds of errors in another unit than the data, which make them useless or make the data useless.
#[test]
fn errors_in_another_unit_are_named() {
    let workdir = helicopter(12);
    let with = |least: &str, greatest: &str| {
        check(&workdir, &[&format!("errors.additive_minimum={least}"), &format!("errors.additive_maximum={greatest}")])
    };
    let (works, told) = with("1e-28", "1e-25");
    assert!(works && told.contains("the errors have no effect") && told.contains("are values to try"), "{told}");
    let (works, told) = with("3e-3", "3e-1");
    assert!(!works && told.contains("the data would be noise only"), "{told}");
    let (works, told) = check(&workdir, &["errors.relative_minimum=5", "errors.relative_maximum=6"]);
    assert!(!works && told.contains("of all data are below 2 standard deviations"), "{told}");
}

/// Would catch: a survey in another place, or with heights that are altitudes, that is inverted for days.
#[test]
fn places_are_told_and_doubted() {
    let workdir = Workdir::with_survey(40);
    workdir.configure("survey.crs = 'EPSG:28354'");
    let move_to = |easting: f64, northing: f64| {
        workdir.edit_cells(SURVEY, |row, cells| {
            if row > 0 {
                cells[EASTING] = (easting + 10.0 * row as f64).to_string();
                cells[NORTHING] = northing.to_string();
            }
        });
    };
    move_to(600_000.0, 6_500_000.0);
    let good = workdir.text(SURVEY);
    let told = |expected: &str| {
        let (_, told) = check(&workdir, &[]);
        assert!(told.contains(expected), "{expected} is not in\n{told}");
    };
    let (works, plain) = check(&workdir, &[]);
    assert!(
        works && plain.contains("the first sounding, line 1 fiducial 0, is at 31.63") && plain.contains(" S, 142.05"),
        "{plain}"
    );
    assert!(plain.contains("0 errors, 0 warnings"), "{plain}");
    move_to(150_000.0, 6_500_000.0);
    told("may be that of the next zone");
    move_to(6_500_000.0, 600_000.0);
    told("inside it with eastings and northings exchanged");
    move_to(3.280_84 * 600_000.0, 3.280_84 * 6_500_000.0);
    told("inside it if the coordinates are in feet");
    workdir.write(SURVEY, &good);
    workdir.edit_cells(SURVEY, |row, cells| {
        if row > 0 {
            cells[EASTING] = (142.0 + 1e-4 * row as f64).to_string();
            cells[NORTHING] = "-31.6".into();
        }
    });
    told("look like degrees");
    workdir.write(SURVEY, &good);
    workdir.edit_cells(SURVEY, |row, cells| {
        if row == 20 || row == 21 {
            scale(cells, EASTING, 1.5);
        }
    });
    told("2 steps along a line are more than 300 times the usual 10 m");
    workdir.write(SURVEY, &good);
    workdir.edit_cells(SURVEY, |row, cells| {
        if row > 0 {
            cells[EASTING] = (600_000 + row / 8 * 80).to_string();
        }
    });
    told("have exactly the coordinates of the sounding before");
    workdir.write(SURVEY, &good);
    workdir.edit_cells(SURVEY, |row, cells| {
        if row > 0 {
            let [height, elevation]: [f64; 2] = [HEIGHT, ELEVATION].map(|column| cells[column].parse().unwrap());
            cells[HEIGHT] = (height + elevation).to_string();
        }
    });
    told("seems to be an altitude above sea level");
}

/// Would catch: a table of earths whose nulls become conductivities or heights of synthetic data.
#[test]
fn nulls_in_tables_of_models_are_refused() {
    let workdir = Workdir::with_survey(1);
    workdir.write("models.csv", "height_m,conductivity_S_per_m,thickness_m\n30,0.1;9999,20\n9999,0.1,\n");
    workdir.geobipy(&["simulate", "--system", "bird.stm", "--models", "models.csv", "--output", "new.csv"]).refused(
        1,
        &[
            "models.csv, line 2, column conductivity_S_per_m: got \"0.1;9999\", expected a measured number",
            "models.csv, line 3, column height_m: got \"9999\", expected a measured number",
        ],
    );
}
