//! Tables as contractors, Geosoft and Aarhus Workbench write them.

use std::path::Path;

use crate::support::results::doubles;
use crate::support::{CONFIG, Cmd, SURVEY, Workdir};

fn check<'a>(workdir: &'a Workdir, more: &[&str]) -> Cmd<'a> {
    workdir.geobipy(&[&["check", CONFIG, "--timing", "0"], more].concat())
}

/// The lines of the simulated survey as Geosoft writes them, on two lines of the survey.
fn geosoft(csv: &str) -> String {
    let mut rows = csv.lines().map(|row| row.split_once(',').unwrap().1.replace(',', "   "));
    let names = rows.next().unwrap();
    let mut text = format!("/ exported (EPSG:32632)\n/ {names}\n/\n");
    for (i, row) in rows.enumerate() {
        match i {
            0 => text += "Line  L1200:1\n",
            3 => text += "Tie  T9010\n",
            _ => {}
        }
        text += &format!("{row}\n");
    }
    text
}

/// Would catch: soundings of a Geosoft file that get another line when they are read again, a coordinate system of the
/// file that is not stored.
#[test]
fn a_geosoft_file_is_inverted_line_by_line() {
    let workdir = Workdir::with_survey(5);
    workdir.write("s.xyz", geosoft(&workdir.text(SURVEY)));
    let survey = ["--set", "survey.data=s.xyz"];
    let (code, told, notes) = check(&workdir, &survey).ends();
    assert!(code == Some(0) && told.contains("5 soundings on 2 lines"), "{told}{notes}");
    assert!(told.contains("coordinate reference system EPSG:32632"), "{told}");
    assert!(notes.contains("survey.crs = \"EPSG:32632\", as the comments of s.xyz say"), "{notes}");
    let other = [&survey[..], &["--set", "survey.crs=EPSG:28354"]].concat();
    let (_, _, notes) = check(&workdir, &other).ends();
    assert!(
        notes.contains("warning: survey.crs is EPSG:28354, but s.xyz says EPSG:32632: EPSG:28354 is used"),
        "{notes}"
    );
    workdir.invert("out", &survey).succeeds();
    for (line, fiducials) in [(1200.0, &[0.0, 1.0, 2.0][..]), (9010.0, &[3.0, 4.0])] {
        assert_eq!(doubles(&workdir.results("out", line), "fiducial"), fiducials);
    }
}

/// Would catch: a survey without fiducials that is refused or silently renumbered.
#[test]
fn rows_without_fiducials_are_counted() {
    let workdir = Workdir::with_survey(4);
    workdir.edit_cells(SURVEY, |_, cells| drop(cells.remove(1)));
    let (code, told, notes) = check(&workdir, &[]).ends();
    assert!(code == Some(0) && told.contains("4 soundings on 1 line"), "{told}{notes}");
    assert!(notes.contains("there is no column of fiducials: the rows of each line are counted, from 1"), "{notes}");
    workdir.invert("out", &["--fiducial", "2"]).succeeds();
    assert_eq!(doubles(&workdir.results("out", 1.0), "fiducial"), [1.0, 2.0, 3.0, 4.0]);
}

/// Would catch: files of other kinds for which messages speak of cells and columns.
#[test]
fn files_that_are_no_survey_are_named() {
    let workdir = Workdir::with_survey(2);
    for (name, text, what) in [
        ("a.json", "{\"type\": \"FeatureCollection\"}", "a JSON file"),
        ("a.xml", "<?xml version=\"1.0\"?>", "an XML or HTML file"),
        ("a.gex", "[General]\nLoopType=72\n", "a description of an instrument (.gex)"),
        ("a.sr2", "1\n", "a description of an instrument for Aarhus Workbench"),
        ("a.pdf", "%PDF-1.4", "a PDF file"),
    ] {
        workdir.write(name, text);
        check(&workdir, &["--set", &format!("survey.data={name}")]).refused(1, &[name, what, "expected"]);
    }
    let columns = "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o\n1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n";
    workdir.write("wide.csv", columns);
    let message = check(&workdir, &["--set", "survey.data=wide.csv"]).refused_at_length(
        1,
        &["columns a, b, c, d, e, f, g, h, i, j, k, l and 3 more", "columns.line_number: a column named line"],
    );
    assert_eq!(message.matches("wide.csv").count(), 1, "{message}");
}

/// Would catch: a kind of file of the shared cases that is not read any more.
#[test]
fn shared_cases_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases");
    if !folder.is_dir() {
        return println!("skipped: there are no shared cases");
    }
    let workdir = Workdir::new();
    for (case, expected) in [
        ("13_geosoft_xyz", "6 soundings on 3 lines"),
        ("14_skytem_receiver_in_names", "4 soundings on 2 lines"),
        ("15_workbench_date_and_time", "coordinate reference system EPSG:32632"),
        ("17_line_names", "6 soundings on 3 lines"),
        ("18_semicolons", "6 soundings on 1 line"),
        ("20_header_with_other_count", "line 11 names 17 columns, the first row (line 12) has 16"),
    ] {
        for entry in std::fs::read_dir(folder.join(case)).unwrap() {
            let path = entry.unwrap().path();
            workdir.write(path.file_name().unwrap().to_str().unwrap(), std::fs::read(&path).unwrap());
        }
        let (_, told, notes) = check(&workdir, &[]).ends();
        assert!(format!("{told}{notes}").contains(expected), "{case}: {told}{notes}");
    }
}
