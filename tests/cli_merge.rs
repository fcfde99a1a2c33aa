//! `geobipy merge`: line files become one file, with products; wrong requests are refused.

use std::ops::Range;

use geobipy::schema::{FIELDS, Role, SCHEMA_VERSION, line_path};

use ndarray::Axis;

use crate::support::results::{ResultFile, differences, doubles, row};
use crate::support::{CONFIG, SURVEY, Workdir, assert_close};

/// Six soundings: fiducials 3, 4, 5 of line 1 and 0, 1, 2 of line 2, which is first in the survey.
fn two_lines() -> Workdir {
    let workdir = Workdir::with_survey(6);
    workdir.edit_cells(SURVEY, |i, cells| {
        if i > 0 {
            cells[0] = if i <= 3 { "2" } else { "1" }.to_owned();
        }
    });
    workdir
}

fn open(workdir: &Workdir, name: &str) -> ResultFile {
    ResultFile::open(&workdir.path(name))
}

/// Would catch: soundings in the wrong place, a variable left out or with other values, a chunk that is compressed
/// wrongly.
#[test]
fn lines_become_one_file() {
    let workdir = two_lines();
    workdir.invert("out", &[]).succeeds();
    let told = workdir.geobipy(&["merge", "out", "-o", "survey.h5"]).succeeds();
    assert!(told.contains("6 soundings of lines 1 to 2: survey.h5 ("), "{told}");

    let merged = open(&workdir, "survey.h5");
    assert_eq!(doubles(&merged, "line_number"), [1.0, 1.0, 1.0, 2.0, 2.0, 2.0]);
    assert_eq!(doubles(&merged, "fiducial"), [3.0, 4.0, 5.0, 0.0, 1.0, 2.0]);
    assert_eq!(doubles(&merged, "sounding"), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    for (line, first) in [(1.0, 0), (2.0, 3)] {
        let lines = workdir.results("out", line);
        for field in FIELDS.iter().filter(|field| lines.has(field.name) && field.name != "sounding") {
            let bits = |file: &ResultFile, rows: Range<usize>| -> Vec<u64> {
                let values = file.read::<f64>(field.name);
                let rows = if field.role == Role::Constant { 0..values.len() } else { rows };
                let values = if values.ndim() == 0 { values.insert_axis(Axis(0)) } else { values };
                let rows = rows.start..rows.end.min(values.len_of(Axis(0)));
                values.slice_axis(Axis(0), rows.into()).iter().map(|value| value.to_bits()).collect()
            };
            assert_eq!(bits(&lines, 0..3), bits(&merged, first..first + 3), "{} of line {line}", field.name);
        }
        for text in ["configuration", "system_files"] {
            assert_eq!(lines.text(text), merged.text(text));
        }
        for attribute in ["source", "fingerprint", "data_sha256", "seed", "data_unit", "schema_version"] {
            assert_eq!(lines.attribute(attribute), merged.attribute(attribute));
        }
    }
    assert!(!merged.has("class_probability"), "nobody asked for classes");

    workdir.geobipy(&["merge", "out", "-o", "plain.h5", "--compression", "0"]).succeeds();
    assert_eq!(differences(&merged, &open(&workdir, "plain.h5")), [] as [&str; 0]);
    let size = |name: &str| workdir.path(name).metadata().unwrap().len();
    assert!(size("survey.h5") < 3 * size("plain.h5") / 5, "{} bytes of {}", size("survey.h5"), size("plain.h5"));
}

/// Would catch: products of another sounding, of another depth, or by another rule than the schema's.
#[test]
fn products_are_what_the_schema_says() {
    let workdir = two_lines();
    workdir.invert("out", &[]).succeeds();
    let classes = ["--class", "low=0:0.02", "--class", "high=0.02:1e6"];
    workdir.geobipy(&[&["merge", "out", "-o", "survey.h5"], &classes[..]].concat()).succeeds();
    let merged = open(&workdir, "survey.h5");
    assert_eq!(merged.variable_attribute("class", "class_names"), "low high");
    let pairs = doubles(&merged, "log10_conductivity_bounds");
    let (depth_count, cell_count) = (doubles(&merged, "depth").len(), pairs.len() / 2);
    for sounding in 0..6 {
        let of = |name: &str| row(&merged, name, sounding);
        let hitmap = of("hitmap");
        let recorded: f64 = of("layer_count_histogram").iter().sum();
        let (p50, probability) = (of("conductivity_p50"), of("class_probability"));
        for depth in [0, depth_count / 2, depth_count - 1] {
            let counts = &hitmap[depth * cell_count..][..cell_count];
            // Half of the samples are below the median; counts are uniform within its cell.
            let below = |log10: f64| -> f64 {
                let share =
                    |cell: usize| ((log10 - pairs[2 * cell]) / (pairs[2 * cell + 1] - pairs[2 * cell])).clamp(0.0, 1.0);
                (0..cell_count).map(|cell| counts[cell] * share(cell)).sum::<f64>() / recorded
            };
            assert_close(below(p50[depth].log10()), 0.5, 1e-4, 0.0, "share below the median");
            let [low, high] = [probability[2 * depth], probability[2 * depth + 1]];
            assert_close(low, below(0.02_f64.log10()), 1e-5, 1e-6, "probability of the class");
            assert_close(low + high, 1.0, 1e-6, 0.0, "classes that cover everything");
            let most = of("most_probable_class")[depth];
            assert_eq!(most, if low >= high { 0.0 } else { 1.0 });
        }
        let bounds = doubles(&merged, "depth_bounds");
        let thickness = bounds.chunks(2).map(|b| b[1] - b[0]);
        let interfaces: f64 = of("interface_density").iter().zip(thickness).map(|(per_m, m)| per_m * m).sum();
        assert!(of("interface_probability").iter().all(|p| (0.0..=1.0).contains(p)), "a probability");
        let layers: f64 = (1..).zip(of("layer_count_probability")).map(|(k, p)| f64::from(k) * p).sum();
        assert_close(interfaces, layers - 1.0, 1e-5, 0.0, "interfaces are one fewer than layers");
        let (gain, informed) = (of("information_gain"), of("depth_of_information")[0]);
        let allowed =
            of("prior_log10_conductivity_probability").chunks(5).filter(|p| p.iter().sum::<f64>() > 0.0).count();
        let ess = of("ess_log10_conductivity").into_iter().fold(f64::INFINITY, f64::min);
        let bias = (allowed - 1) as f64 / (2.0 * std::f64::consts::LN_2 * ess);
        let bottoms: Vec<f64> = doubles(&merged, "depth_bounds").into_iter().skip(1).step_by(2).collect();
        let deepest = (0..depth_count).rev().find(|&i| gain[i] - bias >= 0.5).map_or(0.0, |i| bottoms[i]);
        assert_close(informed, deepest, 1e-6, 0.0, "depth of information");
        assert!(gain.iter().all(|bits| *bits > -1e-6 && *bits < 10.0), "{gain:?}");
        let prior: f64 = of("prior_log10_conductivity_probability").iter().sum();
        assert_close(prior, 1.0, 1e-5, 0.0, "sum of the prior");
    }
    // Deep in the earth the data add no information, at a few metres they add much.
    let gain = row(&merged, "information_gain", 0);
    assert!(gain[10] > gain[depth_count - 1], "{gain:?}");
}

/// Would catch: a partial run that counts as complete, a sounding lost where two runs meet.
#[test]
fn parts_of_a_line_and_merged_files_go_together() {
    let workdir = Workdir::with_survey(3);
    workdir.invert("all", &[]).succeeds();
    workdir.invert("some", &["--fiducial", "0:1"]).succeeds();
    workdir.invert("rest", &["--fiducial", "2"]).succeeds();
    workdir.geobipy(&["merge", "all", "-o", "all.h5"]).succeeds();
    workdir
        .geobipy(&["merge", "some", "-o", "some.h5"])
        .refused(1, &["line 1: 1 of 3 soundings not run, as no run was asked for them", "--allow-missing"]);
    workdir.geobipy(&["merge", "some", "-o", "some.h5", "--allow-missing"]).succeeds();
    assert_eq!(doubles(&open(&workdir, "some.h5"), "status")[2], 0.0);
    assert!(row(&open(&workdir, "some.h5"), "conductivity_p50", 2).iter().all(|value| value.is_nan()));
    workdir.geobipy(&["merge", "some.h5", "rest", "-o", "joined.h5"]).succeeds();
    assert_eq!(differences(&open(&workdir, "all.h5"), &open(&workdir, "joined.h5")), [] as [&str; 0]);
    // A sounding that comes twice appears once.
    workdir.geobipy(&["merge", "all", "all.h5", "rest", "-o", "twice.h5"]).succeeds();
    assert_eq!(differences(&open(&workdir, "all.h5"), &open(&workdir, "twice.h5")), [] as [&str; 0]);
}

/// Would catch: surveys of different runs in one file; one of two results of a sounding used without a message.
#[test]
fn what_does_not_belong_together_is_refused() {
    let workdir = Workdir::with_survey(2);
    workdir.invert("out", &[]).succeeds();
    workdir.invert("seed", &["--seed", "7"]).succeeds();
    workdir.invert("other", &["--set", "model.maximum_layers=7"]).succeeds();
    let merge = |sources: &[&str]| workdir.geobipy(&[&["merge"], sources, &["-o", "x.h5"]].concat());
    merge(&["out", "seed"])
        .refused(1, &["seed/line_1.h5", "is of another run than out/line_1.h5", "sampler.seed = 1, now 7"]);
    merge(&["out", "other"]).refused(1, &["other/line_1.h5", "model.maximum_layers = 8, now 7"]);
    workdir.invert("same", &[]).succeeds();
    let file = hdf5_metno::File::open_rw(line_path(&workdir.path("same"), 1.0)).unwrap();
    file.dataset("misfit_best").unwrap().write_raw(&[1.0, 2.0]).unwrap();
    file.close().unwrap();
    merge(&["out", "same"])
        .refused(1, &["same/line_1.h5", "line 1, fiducial 0: has another misfit_best than out/line_1.h5"]);
}

/// Would catch: a panic, an incomplete file, a lost file.
#[test]
fn wrong_input_is_refused_in_one_message() {
    let workdir = Workdir::with_survey(2);
    workdir.invert("out", &[]).succeeds();
    let bytes = std::fs::read(line_path(&workdir.path("out"), 1.0)).unwrap();
    std::fs::create_dir(workdir.path("cut")).unwrap();
    workdir.write("cut/line_1.h5", &bytes[..bytes.len() / 2]);
    workdir.write("text.h5", "no HDF5");
    workdir.write("there.h5", "something dear");
    std::fs::create_dir(workdir.path("empty")).unwrap();
    let merge = |args: &[&str]| workdir.geobipy(&[&["merge"], args].concat());
    merge(&["nowhere", "-o", "x.h5"]).refused(1, &["nowhere", "No such file"]);
    merge(&["empty", "-o", "x.h5"]).refused(1, &["empty: has no result file"]);
    merge(&["cut", "-o", "x.h5"]).refused(1, &["cut/line_1.h5: is a damaged HDF5 file: its end is missing"]);
    merge(&["text.h5", "-o", "x.h5"]).refused(1, &["text.h5: is not an HDF5 file"]);
    let mut newer = bytes.clone();
    let version = bytes.windows(3).position(|window| window == SCHEMA_VERSION.as_bytes()).unwrap();
    newer[version..version + 3].copy_from_slice(b"2.9");
    std::fs::create_dir(workdir.path("newer")).unwrap();
    workdir.write("newer/line_1.h5", &newer);
    merge(&["out", "newer", "-o", "x.h5"])
        .refused(1, &["newer/line_1.h5", "has schema version 2.9, newer than this program's"]);
    let file = hdf5_metno::File::create(workdir.path("stranger.h5")).unwrap();
    file.new_dataset::<f64>().shape(3).create("hitmap").unwrap();
    file.close().unwrap();
    merge(&["stranger.h5", "-o", "x.h5"]).refused(1, &["stranger.h5: is not a result file of geobipy"]);
    merge(&["out", "-o", "there.h5"]).refused(1, &["there.h5: is there already; --force replaces it"]);
    merge(&["out", "-o", "empty"]).refused(1, &["empty: is a directory; name a file"]);
    merge(&["out/line_1.h5", "-o", "out/line_1.h5", "--force"]).refused(1, &["is among the files to merge"]);
    merge(&["out", "-o", "no/where/x.h5"]).refused(1, &["no/where/x.h5: No such file"]);
    merge(&["out", "-o", "x.h5", "--class", "clay=2:1"]).refused(2, &["expected 0 <= LOW < HIGH"]);
    merge(&["out", "-o", "x.h5", "--compression", "10"]).refused(2, &["10 is not in 0..=9"]);
    merge(&["-o", "x.h5"]).refused(2, &["RESULTS"]);
    merge(&["out", "-o", "there.h5", "--force"]).succeeds();
    assert_eq!(open(&workdir, "there.h5").attribute("schema_version"), SCHEMA_VERSION);
    assert!(workdir.path(CONFIG).exists());
}
