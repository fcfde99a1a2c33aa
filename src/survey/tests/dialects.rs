//! Tables as contractors, SkyTEM, Geosoft and Aarhus Workbench write them.

use super::fdem::system;
use super::tdem::{instrument, system as moment};
use super::*;

const ROWS: [&str; 2] = ["501 5.5 6 30 100 1.5 -2 3 4", "502 6.5 7 31 101 * 2.5 3 4"];
const NAMES: &str = "Fid X Y Height DTM I_380 I_8171 Q_380 Q_8171";

fn read(text: &str) -> Result<Whole> {
    Whole::of_text(text, &system(), &ReadOptions::default())
}

fn message(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

/// Returns line, fiducial, easting and the first datum of each sounding.
fn keys(text: &str) -> Vec<String> {
    let survey = read(text).unwrap();
    assert_eq!(survey.rejections(), Vec::<String>::new(), "{text}");
    let key = |s: &Sounding| format!("{} {} {} {}", s.line_number, s.fiducial, s.easting_m, s.observed[0]);
    survey.soundings.iter().map(key).collect()
}

fn moments() -> System {
    let gates = [1e-5, 2e-5, 3e-5];
    System::Tdem(instrument(vec![moment("LM", [0.0, 0.0, 1.0], &gates), moment("HM", [0.0, 0.0, 1.0], &gates[..2])]))
}

fn of_moments(text: &str, preset: Preset) -> Result<Whole> {
    let fixed_geometry = [None, None, None, None, Some(-13.0), Some(0.0), Some(2.0), None, None, None];
    let convention = Convention::GaAem;
    Whole::of_text(text, &moments(), &ReadOptions { fixed_geometry, convention, ..preset.options() })
}

fn observed(survey: &Whole) -> Vec<String> {
    survey.soundings.iter().map(|sounding| format!("{:?}", sounding.observed)).collect()
}

/// Would catch: a line number that is the next or the last one of the file, a sounding that is read again with another
/// line number than the first time.
#[test]
fn geosoft_rows_belong_to_the_line_above() {
    let [a, b] = ROWS;
    let c = a.replace("501", "503");
    let header = format!("/ exported\n/ {NAMES}\n/ - m m m m ppm ppm ppm ppm\n");
    let expected = ["1200 501 5.5 1.5", "1200 502 6.5 NaN", "9010 503 5.5 1.5"];
    for text in [
        format!("{header}Line 1200\n{a}\n{b}\nTie T9010\n{c}\n"),
        format!("{header}LINE  L1200:3\n{a}\n{header}//Flight 4\n//Date 2019/02/03\n{b}\nRandom 9010\n{c}\n"),
        format!("{NAMES}\nLine 1200\n{a}\n{b}\nTie 9010\n{c}\n"),
        format!("/ note\n{NAMES}\nLine 1200\n{a}\n{b}\nTie 9010\n{c}\n"),
        format!("/ {}\nTest 1200\n{a}\n{b}\nBase 9010\n{c}\n", NAMES.replace(' ', ", ")),
        format!("/ {}\nLine 1200\n{a}\n{b}\nTie 9010\n{c}\n", NAMES.replace(' ', "\t")),
        format!("{header}Line 1200\n{a}\nTie 9010\n{c}\nLine 1200\n{b}\n"),
    ] {
        assert_eq!(keys(&text), expected, "{text}");
    }
    // Nulls are neither names nor numbers.
    assert_eq!(keys(&format!("{header}Line 7\n4 4 4 4 * * * * *\n")), ["7 4 4 NaN"]);
    let text = format!("{header}Line 1200.1\n{a}\nLine 1200.2\n{b}\n");
    assert_eq!(keys(&text), ["1200.1 501 5.5 1.5", "1200.2 502 6.5 NaN"]);
}

#[test]
fn geosoft_rows_without_names_are_called_by_number() {
    let column = |number: &str| Some(number.parse().unwrap());
    let mut options = ReadOptions::default();
    options.columns.fiducial = column("1");
    options.columns.easting = column("2");
    options.columns.northing = column("3");
    options.columns.geometry[0] = column("4");
    options.columns.data[3] = ["6", "7"].map(|number| number.parse().unwrap()).into();
    options.columns.data[4] = ["8", "9"].map(|number| number.parse().unwrap()).into();
    let text = format!("Line 10\n{}\nLine 20\n{}\n", ROWS[0], ROWS[1]);
    let survey = Whole::of_text(&text, &system(), &options).unwrap();
    assert_eq!(survey.soundings.iter().map(|s| s.line_number).collect::<Vec<_>>(), [10.0, 20.0]);
}

#[test]
fn what_geosoft_files_contradict_is_refused() {
    let [a, b] = ROWS;
    let header = format!("/ {NAMES}\n");
    let other = header.replace("X Y", "Y X");
    assert_eq!(
        message(&format!("{header}Line 10\n{a}\n{other}Line 20\n{b}\n")),
        "s.csv, line 4: got other names of the columns than in line 1, \
         expected one order of columns in the file: divide it in two"
    );
    let with_column = format!("/ Line {NAMES}\nLine 10\n10 {a}\nLine 20\n10 {b}\n");
    assert_eq!(
        read(&with_column).unwrap().rejections(),
        ["s.csv, line 5, column Line: got \"10\", expected 20, as in the row \"Line 20\" above"]
    );
}

/// Would catch: two lines that become one, a line that is read as 0.
#[test]
fn names_of_lines_have_a_number() {
    let table = |lines: [&str; 2]| {
        let row = |line: &str, fid| format!("{line},{fid},5,6,30,100,1,2,3,4\n");
        format!("Line,{}\n{}{}", NAMES.replace(' ', ","), row(lines[0], 1), row(lines[1], 2))
    };
    for (lines, expected) in [
        (["L1200", "T9010"], [1200.0, 9010.0]),
        (["\"L1200\"", "\"1210\""], [1200.0, 1210.0]),
        (["L1200:1", "L1210:2"], [1200.0, 1210.0]),
        (["L1200.1", "L1200.2"], [1200.1, 1200.2]),
        (["L1200", "l1200"], [1200.0, 1200.0]),
        (["1200", "1200.0"], [1200.0, 1200.0]),
    ] {
        let survey = read(&table(lines)).unwrap();
        assert_eq!(survey.soundings.iter().map(|s| s.line_number).collect::<Vec<_>>(), expected, "{lines:?}");
    }
    for lines in [["L1200", "T1200"], ["L1200:1", "L1200:2"], ["L1200", "1200"]] {
        assert_eq!(
            message(&table(lines)),
            format!(
                "s.csv, line 3, column Line: got {:?}, which has the number of {:?} in line 2, \
                 expected lines with different numbers: rename one, or name another column as columns.line_number",
                lines[1], lines[0]
            )
        );
    }
    assert_eq!(
        read(&table(["north", "1"])).unwrap().rejections(),
        [
            "s.csv, line 2, column Line: got \"north\", expected a line number, or a name with one number such as L1200 or L1200:1"
        ]
    );
}

#[test]
fn separators_and_decimal_commas_are_those_of_the_file() {
    let rows = ROWS.map(|row| format!("10 {row}"));
    let plain = format!("Line {NAMES}\n{}\n{}\n", rows[0], rows[1]);
    let expected = ["10 501 5.5 1.5", "10 502 6.5 NaN"];
    let comma = plain.replace('.', ",");
    for text in [
        plain.clone(),
        plain.replace(' ', ","),
        plain.replace(' ', ";"),
        plain.replace(' ', "; "),
        plain.replace(' ', "\t"),
        plain.replace('\n', ";\n").replace(' ', ";"),
        plain.replace('\n', ",\n").replace(' ', ","),
        comma.clone(),
        comma.replace(' ', ";"),
        comma.replace(' ', "\t"),
        comma.replace(' ', "\t").replace("Line", "Line\t").replace("\t\t", "\t"),
        plain
            .replace(' ', "\";\"")
            .replace('\n', "\"\n\"")
            .replacen("Line", "\"Line", 1)
            .trim_end_matches('"')
            .to_owned(),
        format!("# made by hand\n# {plain}"),
    ] {
        assert_eq!(keys(&text), expected, "{text}");
    }
    let mixed = read(&format!("{}10;503;7.5;7;30;1;1;1;1;1\n", comma.replace(' ', ";"))).unwrap();
    assert_eq!(
        mixed.rejections(),
        ["s.csv, line 4, column X: got \"7.5\", expected a number with a decimal comma, as others of the file"]
    );
    let words = "expected names and numbers that are both separated by commas, by semicolons, by tabs or by blanks";
    assert_eq!(
        message("Line;Fid\n1,2\n"),
        format!(
            "s.csv, line 1: got 2 names separated by semicolons, and 2 cells separated by commas in the first row (line 2), {words}"
        )
    );
    assert_eq!(
        message("Line|Fid\n1|2\n"),
        format!("s.csv, line 1: got \"Line|Fid\", one name with '|' in it, {words}")
    );
    assert_eq!(
        message("Line\n1,2\n"),
        format!(
            "s.csv, line 1: got one name, \"Line\", and 2 cells separated by commas in the first row (line 2), {words}"
        )
    );
}

/// Would catch: fiducials of one line that go on in the next, or that differ when the file is read again.
#[test]
fn rows_without_fiducials_are_timed_or_counted() {
    let table = |names: &str, cells: [&str; 3]| {
        let row = |line, cells: &str| format!("{line},5,6,30,{cells},1,2,3,4\n");
        let rows = [row(10, cells[0]), row(20, cells[1]), row(10, cells[2])].concat();
        format!("Line,X,Y,Height,{names},I_380,I_8171,Q_380,Q_8171\n{rows}")
    };
    let fiducials = |text: &str| -> Vec<(f64, f64)> {
        read(text).unwrap().soundings.iter().map(|s| (s.line_number, s.fiducial)).collect()
    };
    assert_eq!(fiducials(&table("a", ["0", "0", "0"])), [(10.0, 1.0), (10.0, 2.0), (20.0, 1.0)]);
    let day = 17_996.0 * 86_400.0;
    let dated = ["20190410,00:00:01.5", "20190410,0:01:00", "20190411,00:00"];
    assert_eq!(fiducials(&table("DATE,TIME", dated)), [(10.0, day + 1.5), (10.0, day + 86_400.0), (20.0, day + 60.0)]);
    let timed = table("UTC_Time", ["00:00:01", "00:00:02", "00:00:03"]);
    assert_eq!(fiducials(&timed), [(10.0, 1.0), (10.0, 3.0), (20.0, 2.0)]);
    // A number in a column of times may be seconds, hours or digits, so that rows are counted.
    assert_eq!(fiducials(&table("Time", ["7", "8", "9"])), [(10.0, 1.0), (10.0, 2.0), (20.0, 1.0)]);
    let broken = table("Date,Time", ["2019-04-10,00:00", "2019-04-10,x", "10/04/2019,00:00"]);
    assert_eq!(
        read(&broken).unwrap().rejections(),
        [
            "s.csv, line 3, column Time: got \"x\", expected a time such as 10:11:00.5",
            "s.csv, line 4, column Date: got \"10/04/2019\", expected a date such as 2019-04-10 or 20190410"
        ]
    );
    let mut options = ReadOptions::default();
    options.columns.fiducial = Some("counted".parse().unwrap());
    let text = table("Fid", ["7", "7", "7"]);
    let counted = Whole::of_text(&text, &system(), &options).unwrap();
    assert_eq!(counted.soundings.iter().map(|s| s.fiducial).collect::<Vec<_>>(), [1.0, 2.0, 1.0]);
    options.columns.fiducial = Some("UTC_time".parse().unwrap());
    assert_eq!(Whole::of_text(&timed, &system(), &options).unwrap().soundings[1].fiducial, 3.0);
}

#[test]
fn notes_say_where_fiducials_and_flags_come_from() {
    let notes = |text: &str| {
        let table = Table::of_text(text, Path::new("s.csv")).unwrap();
        SurveyFile::of_table(table, &system(), &ReadOptions::default()).unwrap().notes()
    };
    let names = "Line,X,Y,Height,I_380,I_8171,Q_380,Q_8171";
    assert_eq!(
        notes(&format!("{names}\n1,2,3,4,5,6,7,8\n")),
        ["s.csv: there is no column of fiducials: the rows of each line are counted, from 1"]
    );
    assert_eq!(notes(&format!("{names},Fid\n1,2,3,4,5,6,7,8,9\n")), Vec::<String>::new());
    assert_eq!(
        notes(&format!("{names},Fid,I_380_use,I_8171_use\n1,2,3,4,5,6,7,8,9,1,0\n")),
        ["s.csv: columns of flags, the first is I_380_use, say which data are used; the others are missing"]
    );
}

#[test]
fn skytem_names_have_the_gate_set_before_the_counter() {
    let head = "/ Fid Line E_UTM32N N_UTM32N Height DEM";
    let numbered = |stem: &str, count: usize| (0..count).map(|i| format!(" {stem}[{i}]")).collect::<String>();
    let row = "7 100 5 6 30 50";
    for (lm, hm, std) in [
        ("LM_Z_G01", "HM_Z_G01", ["RelUnc_SWch1_G01", "RelUnc_SWch2_G01"]),
        ("LM_Z_G01", "HM_Z_G02", ["RelUnc_SWch1_Z_G01", "RelUnc_SWch2_Z_G01"]),
        ("LM_Z_dBdt", "HM_Z_dBdt", ["RelUnc_LM_Z_dBdt_Merge", "RelUnc_HM_Z_dBdt_Merge"]),
        ("LMZ", "HMZ", ["RelUnc_LM", "RelUnc_HM"]),
    ] {
        let names = [numbered(lm, 3), numbered(hm, 2), numbered(std[0], 3), numbered(std[1], 2)].concat();
        let text = format!("{head}{names}\n{row} 10 20 * 40 -50 .1 .2 .3 .4 .5\n");
        let survey = of_moments(&text, Preset::SkyTem).unwrap();
        assert_eq!(observed(&survey), ["[10.0, 20.0, NaN, 40.0, -50.0]"], "{names}");
        let std = survey.soundings[0].std.as_ref().unwrap();
        assert_eq!((std[0], std[1], std[3], std[4]), (1.0, 4.0, 16.0, 25.0), "{names}");
    }
    let names = ["LM_Z_G01[2] LM_Z_G01[0] LM_Z_G01[1]", &numbered("HM_Z_G01", 2)].concat();
    let turned = of_moments(&format!("{head} {names}\n{row} 30 10 20 40 50\n"), Preset::SkyTem).unwrap();
    assert_eq!(observed(&turned), ["[10.0, 20.0, 30.0, 40.0, 50.0]"]);
    let two = [numbered("LM_Z_G01", 3), numbered("LM_Z_G02", 3), numbered("HM_Z_G01", 2)].concat();
    let error = of_moments(&format!("{head}{two}\n{row} 1 2 3 1 2 3 1 2\n"), Preset::SkyTem).unwrap_err().to_string();
    assert_eq!(
        error,
        "s.csv, line 1: got two sets of data columns for z of system LM, LM_Z_G01[0] and LM_Z_G02[0], \
         expected one: columns.data.z = [\"LM_Z_G01[0]\"] in the configuration chooses it"
    );
}

#[test]
fn what_the_user_says_of_standard_deviations_comes_first() {
    let names = "LM_Z[0] LM_Z[1] LM_Z[2] HM_Z[0] HM_Z[1] RelUnc_LM[0] RelUnc_LM[1] RelUnc_LM[2]";
    let text = |std: &str| format!("/ Fid Line E N Height {names} {std}\n7 100 5 6 30 10 20 30 40 50 .1 .1 .1 .5 .5\n");
    let mixed = of_moments(&text("HM_DataSTD[0] HM_DataSTD[1]"), Preset::SkyTem).unwrap_err().to_string();
    assert!(mixed.contains("3 relative standard deviations (RelUnc...) and 2 others, expected one kind"), "{mixed}");
    let fixed_geometry = [None, None, None, None, Some(-13.0), Some(0.0), Some(2.0), None, None, None];
    let options = ReadOptions { fixed_geometry, std_kind_is_given: true, ..Preset::SkyTem.options() };
    let survey = Whole::of_text(&text("RelUnc_HM[0] RelUnc_HM[1]"), &moments(), &options).unwrap();
    assert_eq!(survey.soundings[0].std, Some(vec![0.1, 0.1, 0.1, 0.5, 0.5]));
}

const WORKBENCH: &str = "/INFO\n/DUMMY\n/9999\n/WGS 84 UTM zone 32N (epsg:32632)\n/ LINE_NO UTMX UTMY TX_ALTITUDE FID";

/// Would catch: data of one moment that are taken for those of the other.
#[test]
fn two_moments_of_workbench_have_rows_or_columns_of_their_own() {
    let place = "10 5 6 30 1";
    let expected = ["[10.0, 20.0, NaN, 40.0, 50.0]"];
    let shared = format!("{WORKBENCH} SEGMENTS DATA_1 DATA_2 DATA_3\n{place} 1 1e1 20 9999\n{place} 2 40 50 *\n");
    let all = format!(
        "{WORKBENCH} SEGMENTS DATA_1 DATA_2 DATA_3 DATA_4 DATA_5\n{place} 1 1e1 20 9999 * *\n{place} 2 * * * 40 50\n"
    );
    for text in [shared.clone(), all] {
        let survey = of_moments(&text, Preset::Workbench).unwrap();
        assert_eq!(survey.rejections(), Vec::<String>::new());
        assert_eq!(observed(&survey), expected, "{text}");
    }
    let spare = of_moments(&shared.replace("40 50 *", "40 50 60"), Preset::Workbench).unwrap();
    assert_eq!(
        spare.rejections(),
        ["s.csv, line 7, column DATA_3: got \"60\", expected nothing: the system of segment 2 has fewer gates"]
    );
    let third = of_moments(&shared.replace("1 2 40", "1 3 40"), Preset::Workbench).unwrap();
    assert!(
        third.rejections()[0].contains("column SEGMENTS: got \"3\", expected the number of a segment, from 1 to 2")
    );
    let text = format!("{WORKBENCH} DATA_1 DATA_2 DATA_3\n{place} 1 2 3\n");
    let error = of_moments(&text, Preset::Workbench).unwrap_err().to_string();
    assert!(error.contains("got 3 columns data_1, ... for 2 systems, expected 5"), "{error}");
}

#[test]
fn flags_of_gates_leave_data_out() {
    let data = "DBDT_Ch1GT1 DBDT_Ch1GT2 DBDT_Ch1GT3 DBDT_Ch2GT1 DBDT_Ch2GT2";
    let flags = "DBDT_INUSE_Ch1GT1 DBDT_INUSE_Ch1GT2 DBDT_INUSE_Ch1GT3";
    let text = |flags_of_row: &str| format!("{WORKBENCH} {data} {flags}\n10 5 6 30 1 10 20 30 40 50 {flags_of_row}\n");
    let survey = of_moments(&text("1 0 *"), Preset::Workbench).unwrap();
    assert_eq!(observed(&survey), ["[10.0, NaN, NaN, 40.0, 50.0]"]);
    assert_eq!(
        of_moments(&text("1 2 1"), Preset::Workbench).unwrap().rejections(),
        [
            "s.csv, line 6, column DBDT_INUSE_Ch1GT2: got \"2\", expected 0 or 1, a flag that says whether a datum is used"
        ]
    );
    // Rows of both moments at one place are one sounding, also when they are counted.
    let counted = text("1 1 1").replace(" FID", "").replace("30 1 10", "30 10");
    let twice = format!("{counted}10 5 6 30 * * * 60 70 0 0 0\n10 9 6 30 1 2 3 4 5 1 1 1\n").replace("40 50", "* *");
    let survey = of_moments(&twice, Preset::Workbench).unwrap();
    assert_eq!(observed(&survey), ["[10.0, 20.0, 30.0, 60.0, 70.0]", "[1.0, 2.0, 3.0, 4.0, 5.0]"]);
    assert_eq!(survey.soundings.iter().map(|s| s.fiducial).collect::<Vec<_>>(), [1.0, 2.0]);
}

#[test]
fn comments_name_the_coordinate_reference_system() {
    let crs = |text: &str| {
        let options = ReadOptions { fixed_geometry: [Some(30.0); 10], ..Preset::Workbench.options() };
        let table = Table::of_text(text, Path::new("s.csv")).unwrap();
        SurveyFile::of_table(table, &moments(), &options).unwrap().comments_crs().map(str::to_owned)
    };
    let text = format!("{WORKBENCH} DATA_1 DATA_2 DATA_3 DATA_4 DATA_5\n10 5 6 30 1 1 2 3 4 5\n");
    assert_eq!(crs(&text).as_deref(), Some("EPSG:32632"));
    assert_eq!(crs(&text.replace("epsg", "zone")), None);
}
