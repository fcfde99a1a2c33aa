//! Frequency-domain surveys.

use std::fs;

use proptest::prelude::*;

use super::*;
use crate::system::FdemSystem;

const HEADER: &str = "line,fid,x,y,height,dtm,i_380,i_8171,q_380,q_8171";

pub(in super::super) fn system() -> System {
    let stm = "freq,tor,tmom,tx,ty,tzoff,ror,rmom,rx,ry,rzoff\n\
               380,z,1,0,0,0,z,1,7.93,0,0\n\
               8171,z,1,0,0,0,z,1,7.91,0,0\n";
    System::Fdem(FdemSystem::parse(stm, Path::new("bird.stm")).unwrap())
}

fn read(text: &str) -> Result<Whole> {
    Whole::of_text(text, &system(), &ReadOptions { nulls: vec![-9999.0, -1e32], ..ReadOptions::default() })
}

fn rows(rows: &str) -> Whole {
    read(&format!("{HEADER}\n{rows}\n")).unwrap()
}

#[test]
fn soundings_come_sorted_and_signed() {
    let survey = rows("20,1,5,6,30,100,1,2,3,4\n10,1.5,5.25,6,30.5,,-1,2e1,-0.5,4\n10,-1,5,6,30,1,1,2,3,4");
    assert!(survey.rejected.is_empty());
    assert!(!survey.has_std);
    let keys: Vec<_> = survey.soundings.iter().map(|s| (s.line_number, s.fiducial, s.file_line)).collect();
    assert_eq!(keys, [(10.0, -1.0, 4), (10.0, 1.5, 3), (20.0, 1.0, 2)]);
    let sounding = &survey.soundings[1];
    assert_eq!((sounding.easting_m, sounding.northing_m, sounding.geometry.height_m()), (5.25, 6.0, 30.5));
    assert!(sounding.elevation_m.is_nan());
    assert_eq!(sounding.observed, [-1.0, 20.0, -0.5, 4.0]);
    assert_eq!(sounding.std, None);
}

#[test]
fn interleaved_columns_between_blanks_and_crlf_are_read() {
    let text = "\u{feff}Line   fid  Easting Northing\televation height I_380 Q_380 I_8171 Q_8171\r\n\
                30010   30000.1 586852.23    4639122.68\t1246.71 37.012 1 2 3 4";
    let survey = read(text).unwrap();
    assert!(survey.rejected.is_empty());
    assert_eq!(survey.soundings[0].observed, [1.0, 3.0, 2.0, 4.0]);
    assert_eq!(survey.soundings[0].elevation_m, 1246.71);
}

#[test]
fn null_data_are_missing_channels() {
    let survey = rows("10,1,5,6,30,100,-9999,2,,NaN\n10,2,5,6,30,-9999,-1E32,nan,,-9999.0");
    assert!(survey.rejected.is_empty());
    assert_eq!(missing(&survey.soundings[0].observed), [true, false, true, true]);
    assert_eq!(missing(&survey.soundings[1].observed), [true; 4]);
    assert!(survey.soundings[1].elevation_m.is_nan());
}

#[test]
fn null_keys_and_places_reject_the_row() {
    let survey = rows("NaN,,-9999,-1e32,nan,100,1,2,3,4");
    let expected =
        [("line", "NaN"), ("fid", ""), ("x", "-9999"), ("y", "-1e32"), ("height", "nan")].map(|(column, got)| {
            format!("s.csv, line 2, column {column}: got {got:?}, expected a number that is not null")
        });
    assert_eq!(survey.rejections(), expected);
    assert_eq!((survey.soundings.len(), survey.rejected.len()), (0, 1));
}

#[test]
fn wrong_cells_reject_the_row() {
    let survey = rows(
        "10,1,5,6,thirty,100,1,2,3,4\n10,2,5,6,30,100,1,2,inf,4\n10,3,5,6,30,-,1,x,3,4\n10,4,5,6,30,100,1,2,3\n\
         10,5,5,6,0,100,1,2,3,4\n10,6,5,6,10001,100,1,2,3,4\n10,7,5,6,10000,100,1,2,3,\"4\"\n10,8,5,6,30,100,1,2,3,\"4",
    );
    assert_eq!(
        survey.rejections(),
        [
            "s.csv, line 2, column height: got \"thirty\", expected a number",
            "s.csv, line 3, column q_380: got \"inf\", expected a finite number",
            "s.csv, line 4, column dtm: got \"-\", expected a number",
            "s.csv, line 4, column i_8171: got \"x\", expected a number",
            "s.csv, line 5: got 9 cells, expected 10 as in the header",
            "s.csv, line 6, column height: got \"0\", expected a height in m more than 0 and at most 10000",
            "s.csv, line 7, column height: got \"10001\", expected a height in m more than 0 and at most 10000",
            "s.csv, line 9: got a quote that is not closed, expected quotes in pairs",
        ]
    );
    let fiducials: Vec<f64> = survey.soundings.iter().map(|sounding| sounding.fiducial).collect();
    assert_eq!(fiducials, [7.0]);
}

#[test]
fn a_repeated_key_rejects_the_later_row() {
    let survey = rows("10,2,5,6,30,0,1,2,3,4\n10,0,5,6,30,0,1,2,3,4\n10,2,5,6,30,0,9,9,9,9\n10,-0,5,6,30,0,9,9,9,9");
    assert_eq!(
        survey.rejections(),
        [
            "s.csv, line 4: got line 10 fiducial 2, which line 2 of the file has, expected each sounding once",
            "s.csv, line 5: got line 10 fiducial 0, which line 3 of the file has, expected each sounding once",
        ]
    );
    assert!(survey.soundings.iter().all(|sounding| sounding.observed[0] == 1.0));
}

#[test]
fn data_and_standard_deviations_are_missing_together() {
    let header = "line,fid,x,y,height,i_380,i_8171,q_380,q_8171,i_380_std,i_8171_std,q_380_std,q_8171_std";
    let text =
        format!("{header}\n1,1,0,0,30,-1,2,3,,5,NaN,,-8\n1,2,0,0,30,1,2,3,4,0,6,-7,8\n1,3,0,0,30,1,2,3,4,5,6,7,8\n");
    let survey = read(&text).unwrap();
    assert!(survey.has_std);
    assert_eq!(survey.without_std, 2);
    assert_eq!(missing(&survey.soundings[0].observed), [false, true, true, true]);
    assert_eq!(missing(survey.soundings[0].std.as_ref().unwrap()), [false, true, true, true]);
    assert_eq!(survey.soundings[1].std, Some(vec![5.0, 6.0, 7.0, 8.0]));
    assert_eq!(
        survey.rejections(),
        [
            "s.csv, line 3, column i_380_std: got \"0\", expected a standard deviation in ppm more than 0",
            "s.csv, line 3, column q_380_std: got \"-7\", expected a standard deviation in ppm more than 0",
        ]
    );
}

#[test]
fn files_that_are_no_survey_are_refused() {
    let message = |text| read(text).unwrap_err().to_string();
    assert_eq!(message(""), "s.csv: got an empty file, expected a header row of column names");
    assert_eq!(message(HEADER), "s.csv: got a header and no rows, expected at least one row");
    assert!(message("a,b\n1,2\n").contains("\n  columns.line_number: a column named line, "));
}

#[test]
fn files_are_read_from_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.csv");
    fs::write(&path, format!("{HEADER}\n10,1,5,6,30,100,1,2,3,4\n")).unwrap();
    assert_eq!(Whole::open(&path, &system(), &ReadOptions::default()).unwrap().soundings.len(), 1);
    fs::write(&path, b"\x1f\x8b\x08").unwrap();
    let error = Whole::open(&path, &system(), &ReadOptions::default()).unwrap_err().to_string();
    assert_eq!(error, format!("{}: got a gzip file, expected text in UTF-8 or Latin-1", path.display()));
    assert!(matches!(Whole::open(folder.path(), &system(), &ReadOptions::default()), Err(Error::Io { .. })));
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(
        text in any::<String>(),
        header in "[-a-z0-9_.,\t \"]{0,60}",
        body in "([-0-9.naifNAIFeE\t \"\r\n\0]|,){0,200}",
    ) {
        let _ = read(&text);
        let _ = read(&format!("{header}\n{body}"));
        let _ = read(&format!("{HEADER}\n{body}"));
    }
}

/// A row of a file with columns by number, name and field, a sign, a scale, and standard deviations as fractions.
#[test]
fn columns_can_be_mapped() {
    let text = "L,F,E,N,H,a,b,c,d,s1,s2,s3,s4\n7,1,2,3,30,10,20,-30,40,0.1,0.1,0.1,0.2\n";
    let column = |text: &str| Some(text.parse::<ColumnRef>().unwrap());
    let list = |texts: &[&str]| -> Vec<ColumnRef> { texts.iter().map(|text| text.parse().unwrap()).collect() };
    let mut options = ReadOptions { data_scale: 10.0, std_kind: StdKind::Relative, ..ReadOptions::default() };
    options.columns.line_number = column("L");
    options.columns.fiducial = column("2");
    options.columns.geometry[0] = column("H");
    options.columns.data[3] = list(&["a", "-c"]);
    options.columns.data[4] = list(&["b", "9"]);
    options.columns.std[3] = list(&["s1"]);
    options.columns.std[4] = list(&["12"]);
    let survey = Whole::of_text(text, &system(), &options).unwrap();
    assert_eq!(survey.soundings[0].observed, [100.0, 300.0, 200.0, 400.0]);
    assert_eq!(survey.soundings[0].std, Some(vec![10.0, 30.0, 20.0, 80.0]));
    assert_eq!((survey.soundings[0].line_number, survey.soundings[0].geometry.height_m()), (7.0, 30.0));

    options.columns.data[3] = list(&["a", "b", "c"]);
    options.std_kind = StdKind::Factor;
    assert_eq!(
        Whole::of_text(text, &system(), &options).unwrap_err().to_string(),
        "columns.data.in_phase: got 3 columns, expected 1, one for each system that measures in_phase (bird), \
         or 2, one for each frequency"
    );
}

#[test]
fn a_file_that_changes_meanwhile_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.csv");
    fs::write(&path, format!("{HEADER}\n10,1,5,6,30,100,1,2,3,4\n10,2,5,6,30,100,1,2,3,4\n")).unwrap();
    let survey = SurveyFile::open(&path, &system(), &ReadOptions::default()).unwrap();
    assert_eq!(survey.read(&survey.places()[1..]).unwrap()[0].fiducial, 2.0);
    fs::write(&path, format!("{HEADER}\n10,1,5,6,30,100,1,2,3,4\n10,3,5,6,30,100,1,2,3,4\n")).unwrap();
    let error = survey.read(survey.places()).unwrap_err().to_string();
    assert!(error.ends_with("line 3: got another row than when the file was first read, expected an unchanged file"));
}
