//! Survey files as other programs write them: ASEG-GDF2 in its dialects, netCDF in the GS convention.

use std::path::Path;

use crate::support::{Cmd, Workdir, data_file};

const GDF2: &str = "[survey]\ndata = 'survey.dat'\nsystem = 'bird.stm'\n[columns]\npreset = 'ga_aem'\n\
    geometry = { height = 'Height' }\ndata = { in_phase = 'InPhase', quadrature = 'Quad' }\n";
/// The null of the quadrature is wider than its field, and the last statement begins with a semicolon.
const DFN: &str = "DEFN   ST=RECD,RT=COMM;RT:A0;COMMENTS:A80\n\
    DEFN 1 ST=RECD,RT=DATA;RT:A4;Line:I8:NULL=-9999999\n\
    defn 2 st=recd, rt=; Fiducial : f8.1\n\
    DEFN 3 ST=RECD,RT=;Easting:F10.1:UNITS=m\nDEFN 4 ST=RECD,RT=;Northing:F11.1,UNIT:m\n\
    DEFN 5 ST=RECD,RT=;Height:F8.2;\nAircraft:A10\n\
    DEFN 6 ST=RECD,RT=;InPhase:6F9.2:UNIT=ppm:NULL=-9999.99\nDEFN 7 ST=RECD,RT=;Quad:6F9.2:UNIT=ppm:NULL=-99999999.99\n\
    ;END DEFN\nCOMM coordinates in GDA94 / MGA zone 54\n";

fn workdir(more: &[(&str, &str)]) -> Workdir {
    let workdir = Workdir::new();
    std::fs::copy(data_file("resolve_reference.stm"), workdir.path("bird.stm")).unwrap();
    more.iter().for_each(|(name, text)| workdir.write(name, text));
    workdir
}

/// Would catch: a row that is split at blanks because it has as many words as columns, a null that becomes a datum, a
/// warning that only one of the commands gives.
#[test]
fn a_survey_in_gdf2_is_read_at_its_widths() {
    let numbers = |first: f64, last: &str| -> String {
        let ten = (1..=10).fold(String::new(), |text, i| text + &format!("{:9.2}", first + f64::from(i)));
        format!("{first:9.2}{ten}{last:>9}")
    };
    let rows: String = [(501, "-99999.99"), (502, "12.50"), (503, "13.50")]
        .map(|(fiducial, last)| {
            let place = format!("    1200{fiducial:6}.0  431000.0  5210400.0");
            format!("{place}   31.00  Bell 206{}\n", numbers(100.0, last))
        })
        .concat();
    let workdir = workdir(&[("survey.toml", GDF2), ("survey.dfn", DFN), ("survey.dat", &rows)]);
    // The numbers are not those of an earth, which `check` says.
    let (_, told, _) = workdir.geobipy(&["check", "survey.toml", "--timing", "0"]).ends();
    let null = "warning: survey.dfn: fields that cannot hold their nulls; these shortened nulls are read as missing, too: \
                Quad (6F9.2, null -99999999.99): -99999999, -99999.99, 999999.99";
    for part in ["3 soundings on 1 line", "its file says EPSG:28354", null, "97.2 %"] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    let budget = ["--set", "sampler.maximum_burn_in=250", "--set", "sampler.maximum_iterations=300"];
    let invert = [&["invert", "survey.toml", "out", "--fiducial", "502"], &budget[..]].concat();
    let (code, _, told) = workdir.geobipy(&invert).ends();
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains(&format!("geobipy: {null}")), "{told}");
    // A row that is broken off has neither the characters nor, for sure, the words.
    workdir.write("survey.dat", format!("{rows}{}\n", &rows[..97]));
    let row = "survey.dat, line 4: got 12 words in 97 characters, expected 163 characters (texts may have blanks, so \
               that words do not count) as defined in survey.dfn";
    workdir.geobipy(&["invert", "survey.toml", "more"]).refused(1, &[row]);
}

/// Would catch: definitions beside a file of which one is taken without a word.
#[test]
fn two_definitions_that_differ_are_refused() {
    let other = DFN.replace("-99999999.99", "-999.99");
    let workdir = workdir(&[("survey.toml", GDF2), ("survey.dfn", DFN), ("survey.DFN", &other), ("survey.dat", "1\n")]);
    let parts = ["survey.dat: got definitions survey.DFN, survey.dfn, which differ", "survey.definition"];
    workdir.geobipy(&["check", "survey.toml"]).refused(1, &parts);
}

/// Would catch: kinds of real input that fail; the shared cases are made after files of contractors and surveys.
#[test]
fn shared_cases_are_read() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases");
    for case in [
        "01_gdf_words_by_chance",
        "03_gdf_null_wider_than_field",
        "04_gdf_end_after_semicolon",
        "05_gdf_comment_of_width_0",
        "06_gdf_data_record_named_once",
    ] {
        let folder = cases.join(case);
        if !folder.is_dir() {
            println!("skipped: there is no shared case {case}");
            continue;
        }
        let workdir = Workdir::new();
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, workdir.path(path.file_name().unwrap().to_str().unwrap())).unwrap();
        }
        let told = workdir.geobipy(&["check", "survey.toml", "--timing", "0"]).succeeds();
        assert!(told.contains("6 soundings on 1 line") && told.contains("0 errors"), "{case}\n{told}");
    }
}

/// Would catch: files of gspy, as the USGS publishes them, whose groups, gates or missing values are not found.
#[cfg(feature = "netcdf")]
#[test]
fn a_survey_in_netcdf_by_gspy_is_read() {
    let Some(python) = std::env::var_os("GEOBIPY_PYTHON") else {
        println!("skipped: GEOBIPY_PYTHON names no Python interpreter with what tests/python/requirements.txt lists");
        return;
    };
    let stm =
        "freq,tor,tmom,tx,ty,tzoff,ror,rmom,rx,ry,rzoff\n380,z,1,0,0,0,z,1,7.93,0,0\n8171,z,1,0,0,0,z,1,7.91,0,0\n";
    let columns = "[survey]\ndata = 'survey.nc'\nsystem = 'bird.stm'\n[columns]\nline_number = 'LINE'\n\
                   geometry = { height = 'bird_height' }\ndata = { in_phase = 'inphase', quadrature = 'quad' }\n";
    let workdir = workdir(&[("bird.stm", stm), ("survey.toml", columns)]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/write_gs_survey.py");
    Cmd::other(&workdir, python, &[script, "survey.nc"]).succeeds();
    let groups = "groups survey/data/raw, survey/data/processed that may be the survey";
    workdir.geobipy(&["check", "survey.toml"]).refused(1, &[groups, "columns.line_number = \"survey/data/raw/line\""]);
    workdir.write("survey.toml", columns.replace("'LINE'", "'survey/data/processed/line'"));
    let told = workdir.geobipy(&["check", "survey.toml", "--timing", "0"]).succeeds();
    for part in ["5 soundings on 1 line", "its file says EPSG:28354", "95.0 %", "0 errors"] {
        assert!(told.contains(part), "{part}\n{told}");
    }
}
