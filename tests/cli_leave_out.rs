//! Lines, soundings and data that the configuration leaves out.

use geobipy::schema::{Status, line_path};

use crate::support::results::doubles;
use crate::support::{CONFIG, SURVEY, Workdir};
use crate::tdem_survey::{ADDITIVE, HELICOPTER_GATES, configure_helicopter, helicopter};

/// Six soundings on lines 1 and 2.
fn two_lines() -> Workdir {
    let workdir = Workdir::with_survey(6);
    workdir.edit_cells(SURVEY, |row, cells| {
        if row > 3 {
            cells[0] = "2".into();
        }
    });
    workdir
}

/// Would catch: soundings that are left out and inverted all the same, or that status and merge call missing; a changed
/// list that continues results of other soundings.
#[test]
fn soundings_that_are_left_out_are_not_in_the_results() {
    let workdir = two_lines();
    workdir.configure("[leave_out]\nlines = ['2:3']\nfiducials = [{ line = 1, from = 1, to = 1 }]");
    let told = workdir.geobipy(&["check", CONFIG, "--timing", "0"]).succeeds();
    for part in
        ["left out by [leave_out]: 4 soundings of 6", "leave_out.lines 2:3: 3 soundings", "1 of line 1: 1 sounding"]
    {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    workdir.invert("out", &[]).succeeds();
    assert!(!line_path(&workdir.path("out"), 2.0).exists());
    let results = workdir.results("out", 1.0);
    assert_eq!(doubles(&results, "fiducial"), [0.0, 2.0]);
    assert!(results.statuses().iter().all(|&status| status != Status::NotRun));
    assert!(results.text("configuration").contains("2:3"));
    assert!(workdir.invert("out", &[]).succeeds().contains("0 inverted now"));
    workdir.geobipy(&["merge", "out", "--output", "merged.h5"]).succeeds();
    let fewer = ["--set", "leave_out.lines=[3]"];
    workdir.invert("out", &fewer).refused(1, &["another run", "leave_out.lines = [\"2:3\"], now [3.0]"]);
}

/// Would catch: polygons that are not relative to the configuration, that are believed in other coordinates, or whose
/// change is not noticed.
#[test]
fn soundings_inside_polygons_are_left_out() {
    let workdir = two_lines();
    let mut places = Vec::new();
    for row in workdir.text(SURVEY).lines().skip(1) {
        let cells: Vec<f64> = row.split(',').map(|cell| cell.parse().unwrap()).collect();
        places.push((cells[2], cells[3]));
    }
    let around = |(x, y): (f64, f64)| {
        let (w, e, s, n) = (x - 0.5, x + 0.5, y - 0.5, y + 0.5);
        let ring = format!("[[[{w},{s}],[{e},{s}],[{e},{n}],[{w},{n}],[{w},{s}]]]");
        format!(
            r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"EPSG:28354"}}}},
            "features":[{{"type":"Feature","properties":{{}},"geometry":{{"type":"Polygon","coordinates":{ring}}}}}]}}"#
        )
    };
    workdir.write("towns.geojson", around(places[1]));
    let rules = "[leave_out]\npolygons = ['towns.geojson']";
    workdir.configure(rules);
    workdir.invert("out", &[]).refused(1, &["towns.geojson", "no survey.crs", "leave_out.polygons are transformed"]);
    workdir.configure(&format!("survey.crs = 'EPSG:28354'\n{rules}"));
    workdir.invert("out", &[]).succeeds();
    assert_eq!(doubles(&workdir.results("out", 1.0), "fiducial"), [0.0, 2.0]);
    // Another polygon leaves the same number of soundings.
    workdir.write("towns.geojson", around(places[2]));
    workdir.invert("out", &[]).refused(1, &["another run", "the soundings inside leave_out.polygons"]);
    workdir.write("towns.geojson", around((places[2].0 + 5e4, places[2].1)));
    let (_, _, told) = workdir.invert("none", &["--line", "1", "--fiducial", "0"]).ends();
    assert!(told.contains("warning: leave_out.polygons") && told.contains("no sounding is inside"), "{told}");
}

/// Would catch: a flag that is read as a number of use; rows that are not used and refuse the run; a missing flag that
/// counts as used.
#[test]
fn a_flag_leaves_soundings_out() {
    let workdir = two_lines();
    workdir.edit_cells(SURVEY, |row, cells| {
        let flags = ["InUse", "1", "0", "", "2", "1", "1"];
        cells.push(flags[row].to_owned());
        // A row that is left out may have no height.
        if row == 2 {
            cells[4] = "-3".into();
        }
    });
    workdir.configure("[leave_out]\nflag = { column = 'inuse', keep = [1, 2] }");
    let told = workdir.geobipy(&["check", CONFIG, "--timing", "0"]).succeeds();
    assert!(told.contains("leave_out.flag inuse other than 1, 2: 2 soundings"), "{told}");
    workdir.invert("out", &[]).succeeds();
    assert_eq!(doubles(&workdir.results("out", 1.0), "fiducial"), [0.0]);
    assert_eq!(doubles(&workdir.results("out", 2.0), "fiducial"), [3.0, 4.0, 5.0]);
    let keep = ["--set", "leave_out.flag={ column = 'InUse', keep = [7] }"];
    workdir
        .invert("none", &keep)
        .refused(1, &["survey.csv", "leave_out.flag InUse other than 7: 6", "at least one that is left"]);
    let column = ["--set", "leave_out.flag={ column = 'In_Use', keep = [1] }"];
    workdir.invert("none", &column).refused(1, &["survey.csv", "a column named In_Use (did you mean InUse?)"]);
    workdir.edit_cells(SURVEY, |row, cells| {
        if row == 4 {
            *cells.last_mut().unwrap() = "yes".into();
        }
    });
    workdir.invert("none", &[]).refused_at_length(1, &["1 of 4 rows", "yes"]);
}

/// Would catch: gates that are counted from 0 or over all systems; data that stay on other lines; a number that the
/// instrument does not have.
#[test]
fn data_of_gates_are_missing() {
    let workdir = helicopter(4);
    workdir.edit_cells(SURVEY, |row, cells| {
        if row > 2 {
            cells[0] = "2".into();
        }
    });
    let gates = "gates = [{ system = 'HELICOPTER LOW MOMENT', component = 'z', from = 2, to = 3, lines = [2] }, { system = 'Helicopter high moment', from = 20 }]";
    configure_helicopter(&workdir, &format!("{ADDITIVE}[leave_out]\n{gates}"));
    let told = workdir.geobipy(&["check", CONFIG, "--timing", "0"]).succeeds();
    for part in ["z gates 2 to 3 on line 2: 4 data", "Helicopter high moment gates 20 to the last: 4 data"] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    workdir.invert("out", &["--every", "2"]).succeeds();
    let [low, high] = HELICOPTER_GATES;
    for (line, missing) in [(1.0, vec![low + high - 1]), (2.0, vec![1, 2, low + high - 1])] {
        let data = doubles(&workdir.results("out", line), "data_observed");
        let found: Vec<usize> = (0..low + high).filter(|&channel| data[channel].is_nan()).collect();
        assert_eq!(found, missing, "line {line}");
    }
    for (set, parts) in [
        (
            "{ system = 'LM', from = 1 }",
            ["got system = \"LM\"", "\"Helicopter low moment\" or \"Helicopter high moment\""],
        ),
        ("{ component = 'x', from = 1 }", ["got component = \"x\"", "expected \"z\""]),
        ("{ from = 18 }", ["got from = 18", "from 1 to 16; `system` names one system"]),
        ("{ system = 'Helicopter high moment', from = 0 }", ["got from = 0", "from 1 to 20"]),
    ] {
        workdir.invert("none", &["--set", &format!("leave_out.gates=[{set}]")]).refused(1, &parts);
    }
    let absent = ["--set", "leave_out.gates=[{ from = 1, to = 1, lines = [1, 7] }]", "--timing", "0"];
    let told = workdir.geobipy(&[&["check", CONFIG], &absent[..]].concat()).succeeds();
    assert!(told.contains("warning: leave_out.gates gates 1 to 1 on line 7 leaves nothing out"), "{told}");
}

/// Would catch: frequencies that are not numbered as in the instrument file.
#[test]
fn data_of_frequencies_are_missing() {
    let workdir = two_lines();
    workdir.configure("[leave_out]\ngates = [{ component = 'quadrature', from = 1, to = 1 }]\nlines = [9]");
    let (_, told, _) = workdir.geobipy(&["check", CONFIG, "--timing", "0"]).ends();
    for part in [
        "quadrature frequencies 1 to 1: 6 data",
        "warning: leave_out.lines 9 leaves nothing out: the survey has no such line",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    let set = ["--set", "leave_out.gates=[{ system = 'LM' }]"];
    workdir.invert("none", &set).refused(1, &["got system = \"LM\", expected no system"]);
}
