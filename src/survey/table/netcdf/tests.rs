//! Files with groups as in the GS convention, and others.

use std::path::PathBuf;

use ::netcdf::{FileMut, GroupMut};
use tempfile::TempDir;

use crate::survey::tests::Whole;
use crate::survey::tests::fdem::system;
use crate::survey::{ReadOptions, SurveyFile};

const WKT: &str = "PROJCRS[\"a\",BASEGEOGCRS[\"b\",ID[\"EPSG\",4283]],ID[\"EPSG\",28354]]";

struct Made {
    folder: TempDir,
}

impl Made {
    fn new(write: impl FnOnce(&mut FileMut)) -> Self {
        let made = Self { folder: tempfile::tempdir().unwrap() };
        let mut file = ::netcdf::create(made.path()).unwrap();
        write(&mut file);
        file.close().unwrap();
        made
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("s.nc")
    }

    fn read(&self, options: &ReadOptions) -> Result<Whole, String> {
        Whole::open(&self.path(), &system(), options).map_err(|error| self.without_folder(error.to_string()))
    }

    fn without_folder(&self, message: String) -> String {
        message.replace(&format!("{}/", self.folder.path().display()), "")
    }
}

fn put(group: &mut GroupMut<'_>, name: &str, dimensions: &[&str], values: &[f64]) {
    group.add_variable::<f64>(name, dimensions).unwrap().put_values(values, ..).unwrap();
}

/// Writes a group with `count` soundings of two frequencies.
fn soundings(group: &mut GroupMut<'_>, count: usize) {
    group.add_dimension("index", count).unwrap();
    group.add_dimension("frequency", 2).unwrap();
    let all = |of: &dyn Fn(f64) -> f64| (0..count).map(|i| of(i as f64)).collect::<Vec<f64>>();
    for (name, values) in [
        ("line", all(&|_| 10.0)),
        ("Fiducial", all(&|i| i)),
        ("x", all(&|i| 5.0 + i)),
        ("y", all(&|_| 6.0)),
        ("height", all(&|i| 30.0 + 0.001 * i)),
    ] {
        put(group, name, &["index"], &values);
    }
    put(group, "frequency", &["frequency"], &[380.0, 8171.0]);
    let mut in_phase = group.add_variable::<f32>("in_phase", &["index", "frequency"]).unwrap();
    in_phase.put_attribute("missing_value", -9999.99).unwrap();
    let values: Vec<f32> = (0..count).flat_map(|i| [i as f32, if i % 7 == 1 { -9999.99 } else { 2.0 }]).collect();
    in_phase.put_values(&values, ..).unwrap();
    // Rows are the second dimension, numbers are packed, and the last was never written.
    let mut quadrature = group.add_variable::<i16>("quad", &["frequency", "index"]).unwrap();
    quadrature.put_attribute("_FillValue", -5_i16).unwrap();
    quadrature.put_attribute("scale_factor", 0.5).unwrap();
    quadrature.put_attribute("add_offset", 1.0).unwrap();
    let packed: Vec<i16> = (0..2 * count).map(|i| if i + 1 == 2 * count { -5 } else { (i % 100) as i16 }).collect();
    quadrature.put_values(&packed, ..).unwrap();
}

fn mapping(group: &mut GroupMut<'_>, attribute: &str, value: &str) {
    group.add_variable::<f64>("spatial_ref", &[]).unwrap().put_attribute(attribute, value).unwrap();
}

fn named(line: &str) -> ReadOptions {
    let mut options = ReadOptions::default();
    options.columns.line_number = Some(line.parse().unwrap());
    options.columns.data[3] = vec!["in_phase".parse().unwrap()];
    options.columns.data[4] = vec!["-/survey/data/em/QUAD".parse().unwrap()];
    options
}

/// Would catch: numbers of another row or column, also after the first block; fill values that become data.
#[test]
fn variables_by_index_are_columns() {
    const COUNT: usize = 2500;
    let made = Made::new(|file| {
        let mut survey = file.add_group("survey").unwrap();
        mapping(&mut survey, "wkid", "28354");
        let mut data = survey.add_group("data").unwrap();
        soundings(&mut data.add_group("em").unwrap(), COUNT);
        let mut grid = survey.add_group("grid").unwrap();
        grid.add_dimension("index", 9).unwrap();
        for name in ["a", "b", "c", "d"] {
            put(&mut grid, name, &["index"], &[0.0; 9]);
        }
    });
    let whole = made.read(&named("line")).unwrap();
    assert!(whole.rejected.is_empty() && whole.soundings.len() == COUNT);
    for (i, sounding) in whole.soundings.iter().enumerate() {
        assert_eq!((sounding.fiducial, sounding.easting_m, sounding.file_line), (i as f64, 5.0 + i as f64, i + 1));
        assert_eq!(sounding.observed[0], i as f64);
        assert_eq!(sounding.observed[1].is_nan(), i % 7 == 1);
        let packed = |at: usize| -(0.5 * (at % 100) as f64 + 1.0);
        assert_eq!(sounding.observed[2], packed(i));
        assert!(if i + 1 == COUNT { sounding.observed[3].is_nan() } else { sounding.observed[3] == packed(COUNT + i) });
    }
    let survey = SurveyFile::open(&made.path(), &system(), &named("em/line")).unwrap();
    assert_eq!(survey.crs(), Some("EPSG:28354"));
    // Blocks are read again in any order.
    let places: Vec<_> = survey.places().iter().rev().step_by(900).copied().collect();
    let fiducials: Vec<f64> = survey.read(&places).unwrap().iter().map(|sounding| sounding.fiducial).collect();
    assert_eq!(fiducials, [2499.0, 1599.0, 699.0]);
}

#[test]
fn a_group_is_chosen_by_what_it_has_or_by_a_path() {
    let made = Made::new(|file| {
        let mut survey = file.add_group("survey").unwrap();
        for name in ["raw", "processed"] {
            soundings(&mut survey.add_group(name).unwrap(), 3);
        }
        let mut models = survey.add_group("models").unwrap();
        models.add_dimension("index", 3).unwrap();
        for name in ["line", "fiducial", "x", "y"] {
            put(&mut models, name, &["index"], &[0.0; 3]);
        }
    });
    let mut options = ReadOptions::default();
    options.columns.data[3] = vec!["in_phase".parse().unwrap()];
    options.columns.data[4] = vec!["quad".parse().unwrap()];
    assert_eq!(
        made.read(&options).unwrap_err(),
        "s.nc: got groups survey/raw, survey/processed that may be the survey, expected a column that only one has, as in \
         columns.line_number = \"survey/raw/line\""
    );
    options.columns.line_number = Some("processed/line".parse().unwrap());
    assert_eq!(made.read(&options).unwrap().soundings.len(), 3);
    options.columns.line_number = Some("cooked/line".parse().unwrap());
    assert_eq!(
        made.read(&options).unwrap_err(),
        "s.nc: got groups survey/raw, survey/processed, survey/models, none of which has all of cooked/line, in_phase, \
         quad, expected a group with every column of the configuration"
    );
}

/// Variables of a group may lie in groups inside it, and files need neither groups nor the name of the dimension.
#[test]
fn groups_may_be_nested_or_absent() {
    let made = Made::new(|file| {
        let mut survey = file.add_group("survey").unwrap();
        soundings(&mut survey, 3);
        let mut inner = survey.add_group("more").unwrap();
        put(&mut inner, "roll", &["index"], &[0.5; 3]);
        inner.add_dimension("index", 4).unwrap();
        put(&mut inner, "other", &["index"], &[0.5; 4]);
    });
    let table = super::open(&made.path(), &[]).unwrap();
    assert_eq!(table.field("more/roll").unwrap().len(), 1);
    assert!(table.field("other").is_err());
    assert_eq!(table.field("in_phase").unwrap().len(), 2);
    assert!(table.names.contains(&"in_phase[2]".to_owned()));
    let made = Made::new(|file| {
        file.add_dimension("obs", 2).unwrap();
        for name in ["line", "fid", "x", "y", "height", "i_380", "i_8171", "q_380", "q_8171"] {
            file.add_variable::<i64>(name, &["obs"]).unwrap().put_values(&[3_i64, 4], ..).unwrap();
        }
        file.add_variable::<f64>("crs", &[]).unwrap().put_attribute("crs_wkt", WKT).unwrap();
    });
    assert_eq!(made.read(&ReadOptions::default()).unwrap().soundings.len(), 2);
    let survey = SurveyFile::open(&made.path(), &system(), &ReadOptions::default()).unwrap();
    assert_eq!(survey.crs(), Some("EPSG:28354"));
}

#[test]
fn older_files_have_no_groups() {
    let made = Made::new(|_| {});
    let options = ::netcdf::Options::_64BIT_OFFSET;
    let mut file = ::netcdf::create_with(made.path(), options).unwrap();
    file.add_unlimited_dimension("index").unwrap();
    let names = ["line", "fid", "x", "y", "height", "i_380", "i_8171", "q_380", "q_8171"];
    for name in names {
        file.add_variable::<f32>(name, &["index"]).unwrap();
    }
    file.enddef().unwrap();
    for name in names {
        file.variable_mut(name).unwrap().put_values(&[1.5_f32, 9.969_21e36], 0..2).unwrap();
    }
    file.close().unwrap();
    assert!(std::fs::read(made.path()).unwrap().starts_with(b"CDF"));
    let whole = made.read(&ReadOptions::default()).unwrap();
    assert_eq!((whole.soundings.len(), whole.rejected.len()), (1, 1));
    assert_eq!(whole.soundings[0].observed, [1.5; 4]);
}

#[test]
fn what_is_no_survey_is_named() {
    let made = Made::new(|file| {
        file.add_dimension("index", 2).unwrap();
        let mut root = file.root_mut().unwrap();
        for name in ["line", "fid", "x"] {
            put(&mut root, name, &["index"], &[0.0; 2]);
        }
    });
    let expected =
        "expected variables for line number, fiducial, easting and northing along a dimension index, and data";
    let message = made.read(&ReadOptions::default()).unwrap_err();
    assert_eq!(message, format!("s.nc: got a netCDF file without soundings, {expected}"));
    let made = Made::new(|file| soundings(&mut file.root_mut().unwrap(), 2));
    let mut options = ReadOptions::default();
    options.columns.line_number = Some("lines".parse().unwrap());
    let message = made.read(&options).unwrap_err();
    assert_eq!(
        message,
        "s.nc: got columns line, Fiducial, x, y, height, in_phase, quad, expected a column named lines (did you mean \
         line?), or columns.line_number in the configuration"
    );
    for bytes in [&b"\x89HDF\r\n\x1a\nno more"[..], b"CDF\x01", b"CDF\x05\0\0"] {
        std::fs::write(made.path(), bytes).unwrap();
        let message = made.read(&ReadOptions::default()).unwrap_err();
        assert!(message.starts_with("s.nc: got ") && message.ends_with(", expected a netCDF file"), "{message}");
    }
}

#[test]
fn broken_files_are_refused() {
    let made = Made::new(|file| soundings(&mut file.add_group("em").unwrap(), 4));
    let whole = std::fs::read(made.path()).unwrap();
    let options = named("line");
    for share in 1..20 {
        std::fs::write(made.path(), &whole[..whole.len() * share / 20]).unwrap();
        let message = made.read(&options).unwrap_err();
        assert!(message.starts_with("s.nc: got ") && message.ends_with("expected a netCDF file"), "{message}");
    }
}
