//! The depth of investigation depends on the data and not on the prior; files from before it existed can be read.

use geobipy::schema::line_path;

use crate::cli_check::field;
use crate::support::results::{ResultFile, doubles, row};
use crate::support::{CONFIG, Workdir};

/// Variables that schema 2.6 added.
const NEW: [&str; 4] = [
    "depth_of_investigation_p50",
    "depth_of_investigation_p05",
    "depth_of_investigation_p95",
    "depth_of_replacement_p50",
];

/// Priors that moved the depth of information from 40 to 300 m.
const PRIORS: [&[&str]; 3] = [&[], &["--set", "prior.layer_count=uniform"], &["--set", "model.maximum_depth_m=300"]];

/// Inverts with each prior. The depths must agree within 20 % on average, and each within 40 %: the median over the
/// posterior has an error of its own, because data errors are sampled as well.
fn assert_independent_of_the_prior(workdir: &Workdir, more: &[&str]) {
    let depths = |i: usize| {
        let output = format!("prior{i}");
        workdir.invert(&output, &[more, PRIORS[i]].concat()).succeeds();
        let line = geobipy::schema::line_files(&workdir.path(&output)).unwrap().remove(0);
        let line = ResultFile::open(&line);
        let mut depths = NEW.map(|name| doubles(&line, name));
        depths.iter_mut().for_each(|values| values.retain(|depth_m| depth_m.is_finite()));
        depths
    };
    let [expected, others @ ..] = [0, 1, 2].map(depths);
    for other in others {
        for name in [0, 3] {
            assert!(!expected[name].is_empty() && expected[name].len() == other[name].len());
            let ratios = || other[name].iter().zip(&expected[name]).map(|(got, expected)| got / expected);
            assert!(
                ratios().all(|ratio| (0.6..1.6).contains(&ratio)),
                "{}: {:?}",
                NEW[name],
                ratios().collect::<Vec<_>>()
            );
            let mean = ratios().map(f64::ln).sum::<f64>() / other[name].len() as f64;
            assert!(mean.abs() < 0.2, "{}: {:?}", NEW[name], ratios().collect::<Vec<_>>());
        }
    }
}

/// Would catch: a depth that follows the deepest interface or the number of layers that the prior allows.
#[test]
fn it_does_not_depend_on_the_prior() {
    let workdir = Workdir::with_survey(4);
    workdir
        .write(CONFIG, "survey.data = 'survey.csv'\nsurvey.system = 'bird.stm'\nsampler.maximum_iterations = 20000\n");
    assert_independent_of_the_prior(&workdir, &[]);
    let line = workdir.results("prior0", 1.0);
    for sounding in 0..4 {
        let [p50, p05, p95, replacement] = NEW.map(|name| row(&line, name, sounding)[0]);
        assert!(5.0 < p05 && p05 <= p50 && p50 <= p95 && p95 < 300.0, "{p05} {p50} {p95}");
        assert!(0.5 * p50 < replacement && replacement < 2.0 * p50, "{replacement} {p50}");
    }
}

/// Would catch: dependence on the prior for measured data.
#[test]
fn it_does_not_depend_on_the_prior_of_real_data() {
    let Some(field) = field() else { return };
    let workdir = Workdir::new();
    let file = |name: &str| field.join("resolve_small").join(name).display().to_string();
    let (data, system) = (file("Resolve_small.txt"), file("FdemSystem2.stm"));
    workdir.write(
        CONFIG,
        format!("survey.data = '{data}'\nsurvey.system = '{system}'\nsampler.maximum_iterations = 20000\n"),
    );
    assert_independent_of_the_prior(&workdir, &["--every", "33"]);
}

/// Would catch: elevations of depths with the percentiles on the wrong side, or from another ground.
#[test]
fn the_depth_is_exported_as_an_elevation_too() {
    let workdir = Workdir::with_survey(2);
    workdir.invert("out", &[]).succeeds();
    let names = ["depth_of_investigation_p05", "depth_of_investigation_p50", "depth_of_investigation_p95"];
    let elevations = names.map(|name| name.replacen("depth", "elevation", 1));
    let quantities = names.into_iter().chain(elevations.iter().map(String::as_str));
    let asked: Vec<&str> = quantities.clone().flat_map(|name| ["--quantity", name]).collect();
    workdir.geobipy(&[&["export", "csv", "out", "-o", "a.csv"], &asked[..]].concat()).succeeds();
    let text = workdir.text("a.csv");
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let number = |row: usize, name: &str| -> f64 {
        rows[row][rows[0].iter().position(|head| *head == name).unwrap()].parse().unwrap()
    };
    for row in 1..3 {
        for (elevation, depth) in elevations.iter().zip(names.iter().rev()) {
            let expected = number(row, "elevation") - number(row, depth);
            assert!(
                (number(row, elevation) - expected).abs() < 1e-3,
                "{elevation}: {}, {expected}",
                number(row, elevation)
            );
        }
    }
}

/// Would catch: older files that can no longer be drawn and exported, or a request for the depth of investigation that
/// is ignored.
#[test]
fn files_from_before_there_was_one_are_read() {
    let workdir = Workdir::with_survey(2);
    workdir.invert("out", &[]).succeeds();
    let file = hdf5_metno::File::open_rw(line_path(&workdir.path("out"), 1.0)).unwrap();
    NEW.iter().for_each(|name| file.unlink(name).unwrap());
    file.close().unwrap();
    workdir.geobipy(&["merge", "out", "-o", "survey.h5"]).succeeds();
    for results in ["out", "survey.h5"] {
        workdir.geobipy(&["export", "csv", results, "-o", "all.csv", "--force"]).succeeds();
        assert!(!workdir.text("all.csv").contains(NEW[0]));
        workdir.geobipy(&["export", "xyz", results, "-o", "all.xyz", "--force"]).succeeds();
        let args = ["export", "csv", results, "-o", "one.csv", "--quantity", NEW[0]];
        workdir.geobipy(&args).refused(1, &["has no depth_of_investigation_p50", "invert again"]);
        #[cfg(feature = "plot")]
        for kind in [&["section"][..], &["sounding", "--fiducial", "0"]] {
            let more = ["--line", "1", "-o", "a.svg"];
            workdir.geobipy(&[&["plot", kind[0], results], &kind[1..], &more].concat()).succeeds();
            assert!(!workdir.text("a.svg").contains("depth of investigation"));
        }
    }
}
