//! Verdicts from the sampler to files, messages, figures and exports; files from before verdicts existed.

use geobipy::schema::{SCHEMA_VERSION, Warning, line_path};

use crate::cli_errors::{patch_attribute, patch_file};
use crate::support::results::{ResultFile, doubles, row};
use crate::support::{SURVEY, Workdir};

/// Variables that schema 2.5 added.
const NEW: [&str; 8] = [
    "status_warnings",
    "monte_carlo_error_p05",
    "monte_carlo_error_p50",
    "monte_carlo_error_p95",
    "share_at_bounds",
    "rhat_maximum",
    "ess_minimum",
    "rhat_hot_chains",
];

fn reader(workdir: &Workdir) -> ResultFile {
    ResultFile::open(&line_path(&workdir.path("out"), 1.0))
}

/// Would catch: a summary that does not agree with the numbers beside it, errors that are not standard errors of
/// shares.
#[test]
fn the_verdict_is_written_with_what_it_rests_on() {
    let workdir = Workdir::with_survey(3);
    workdir.configure("sampler.ess_target = 1.0\nsampler.rhat_target = 10.0\nsampler.temperatures = 1");
    let told = workdir.invert("out", &[]).succeeds();
    assert!(told.contains("3 soundings on 1 line: 3 converged") && !told.contains("another seed"), "{told}");
    let reader = reader(&workdir);
    let extreme = |names: &[&str], choose: fn(f64, f64) -> f64, start: f64| -> Vec<f64> {
        let mut extremes = vec![start; 3];
        for name in names {
            let values = doubles(&reader, name);
            let width = values.len() / 3;
            let rows = values.chunks_exact(width);
            extremes.iter_mut().zip(rows).for_each(|(e, row)| *e = row.iter().copied().fold(*e, choose));
        }
        extremes
    };
    let quantities = ["layer_count", "misfit", "log10_conductivity"];
    let named = |prefix: &str| quantities.map(|quantity| format!("{prefix}_{quantity}"));
    let (rhat, ess, tail) = (named("rhat"), named("ess"), named("ess_tail"));
    let rhat: Vec<&str> = rhat.iter().map(String::as_str).collect();
    let sizes: Vec<&str> = ess.iter().chain(&tail).map(String::as_str).collect();
    assert_eq!(doubles(&reader, "rhat_maximum"), extreme(&rhat, f64::max, 0.0));
    assert_eq!(doubles(&reader, "ess_minimum"), extreme(&sizes, f64::min, f64::INFINITY));
    for (of, summary, parts, width) in
        [("rhat_maximum_of", "rhat_maximum", &rhat[..], 1), ("ess_minimum_of", "ess_minimum", &sizes[..], 2)]
    {
        for (sounding, of) in reader.read::<i32>(of).into_iter().enumerate() {
            // In `sizes` the tails follow the quantities.
            let candidates = (0..width).map(|tail| {
                let row = |i: usize| row(&reader, parts[3 * tail + i], sounding);
                [row(0), row(1), row(2)].concat()[of as usize]
            });
            let expected = row(&reader, summary, sounding)[0];
            assert!(candidates.into_iter().any(|value| value == expected), "{summary} of sounding {sounding}: {of}");
        }
    }
    for name in ["monte_carlo_error_p05", "monte_carlo_error_p50", "monte_carlo_error_p95"] {
        let errors = doubles(&reader, name);
        assert_eq!(errors.len(), 300, "{name}");
        // The largest error is that of four halves of which two have all samples.
        assert!(errors.iter().all(|error| (0.0..0.289).contains(error)), "{name}: {errors:?}");
        assert!(errors.iter().any(|error| *error > 0.0), "{name}");
    }
    assert_eq!(
        reader.variable_attribute("status_warnings", "flag_meanings"),
        Warning::ALL.map(Warning::name).join(" ")
    );
}

/// Would catch: states without a reason, or with an unreadable one.
#[test]
fn it_is_told_what_states_mean_and_what_helps() {
    let workdir = Workdir::with_survey(2);
    let told = workdir.invert("out", &[]).succeeds();
    assert!(told.contains("2 soundings on 1 line: 2 not converged"), "{told}");
    for part in ["not converged: another seed may give another answer (", "raise sampler.maximum_iterations"] {
        assert!(told.contains(part), "{told}");
    }
    let status = workdir.geobipy(&["status", "out"]).succeeds();
    assert!(status.contains("not converged: another seed may give another answer ("), "{status}");
    // Chains that are too short to judge do not count as good ones.
    let reader = reader(&workdir);
    assert!(reader.read::<i32>("status_warnings").iter().all(|set| set & Warning::UncertainPercentiles.bit() != 0));
}

/// Data whose standard deviations are a thousandth of what they should be.
fn poorly_fitted() -> Workdir {
    let workdir = Workdir::with_survey(2);
    workdir.edit_cells(SURVEY, |row, cells| {
        let data: Vec<String> = cells[6..].to_vec();
        let std = |cell: &String| match row {
            0 => format!("{cell}_std"),
            _ => format!("{:e}", 1e-5 * cell.parse::<f64>().unwrap().abs()),
        };
        cells.extend(data.iter().map(std));
    });
    workdir.configure("sampler.ess_target = 1.0\nsampler.rhat_target = 10.0\nsampler.temperatures = 1");
    workdir
}

/// Would catch: a poor fit that is called converged, or that is missing from maps and exports.
#[test]
fn a_poor_fit_is_never_converged_and_is_carried_on() {
    let workdir = poorly_fitted();
    let told = workdir.invert("out", &[]).succeeds();
    assert!(!told.contains(" converged\n") || told.contains("not converged"), "{told}");
    assert!(
        told.contains("whatever the status: 2 poor fit") && told.contains("poor fit: see `geobipy plot data`"),
        "{told}"
    );
    workdir.geobipy(&["merge", "out", "-o", "survey.h5"]).succeeds();
    let export = ["export", "csv", "survey.h5", "-o", "a.csv", "--quantity", "warning_poor_fit"];
    workdir.geobipy(&export).succeeds();
    let rows: Vec<String> =
        workdir.text("a.csv").lines().filter(|row| !row.starts_with('#')).map(str::to_owned).collect();
    let column = rows[0].split(',').position(|name| name == "warning_poor_fit").unwrap();
    assert!(rows[1..].iter().all(|row| row.split(',').nth(column) == Some("1")), "{rows:?}");
    for quantity in ["status", "warning_poor_fit"] {
        workdir.geobipy(&["plot", "map", "survey.h5", "--quantity", quantity, "-o", "map.svg"]).succeeds();
    }
    workdir.geobipy(&["plot", "map", "survey.h5", "--quantity", "status", "-o", "map.svg"]).succeeds();
    assert!(workdir.text("map.svg").contains("not converged"));
    let wrong = ["plot", "map", "survey.h5", "--quantity", "warning_bad_luck", "-o", "x.svg"];
    workdir.geobipy(&wrong).refused(1, &["warning_bad_luck: expected one of chains_disagree, "]);
    let sounding = ["plot", "sounding", "survey.h5", "--line", "1", "--fiducial", "0", "-o", "sounding.svg"];
    workdir.geobipy(&sounding).succeeds();
    assert!(workdir.text("sounding.svg").contains("poor fit"));
}

/// Would catch: errors and heights whose priors exclude what the data want, of which nobody is told.
#[test]
fn errors_and_geometry_at_the_bounds_of_their_priors_are_told() {
    let workdir = Workdir::with_survey(2);
    let settings = [
        "sampler.maximum_iterations=4000",
        "errors.relative_minimum=1e-6",
        "errors.relative_maximum=1e-5",
        "errors.additive_minimum=1e-3",
        "errors.additive_maximum=1e-2",
    ];
    let sets: Vec<&str> = settings.iter().flat_map(|setting| ["--set", setting]).collect();
    let told = workdir.invert("errors", &sets).succeeds();
    assert!(told.contains("2 at error bound") && told.contains("at error bound: widen the bounds"), "{told}");
    let heights_20_m_too_large = |row: usize, cells: &mut Vec<String>| {
        if row > 0 {
            cells[4] = format!("{}", cells[4].parse::<f64>().unwrap() + 20.0);
        }
    };
    workdir.edit_cells(SURVEY, heights_20_m_too_large);
    let told = workdir
        .invert("height", &["--set", "geometry.height.prior=uniform", "--set", "geometry.height.half_width_m=1"])
        .succeeds();
    assert!(told.contains("2 at geometry bound") && told.contains("at geometry bound: check the measured"), "{told}");
}

/// Would catch: colours that fade by another quantity than the one named.
#[test]
fn figures_fade_by_the_monte_carlo_error_where_asked() {
    let workdir = Workdir::with_survey(3);
    workdir.invert("out", &["--set", "sampler.maximum_iterations=4000"]).succeeds();
    for kind in [&["section", "out"][..], &["map", "out", "--depth", "10"]] {
        let drawn = |uncertainty: &str, name: &str| {
            workdir.geobipy(&[&["plot"], kind, &["--uncertainty", uncertainty, "-o", name]].concat()).succeeds();
            workdir.text(name)
        };
        let error = drawn("monte-carlo", "error.svg");
        assert!(error.contains("sampling error") && !error.contains("5–95 % width"));
        assert!(drawn("fade", "width.svg").contains("5–95 % width"));
    }
}

/// Would catch: a mean number of interfaces, which merged files before schema 2.6 have, that is exported as a
/// probability.
#[test]
fn products_of_older_versions_are_computed_anew() {
    let workdir = Workdir::with_survey(2);
    workdir.invert("out", &[]).succeeds();
    workdir.geobipy(&["merge", "out", "-o", "survey.h5", "--class", "clay=0.03:1"]).succeeds();
    let file = hdf5_metno::File::open_rw(workdir.path("survey.h5")).unwrap();
    ["interface_density", "probable_interface_count"].iter().for_each(|name| file.unlink(name).unwrap());
    let wrong = vec![7.0_f32; file.dataset("interface_probability").unwrap().size()];
    file.dataset("interface_probability").unwrap().write_raw(&wrong).unwrap();
    file.close().unwrap();
    patch_file(&workdir.path("survey.h5"), "schema_version", SCHEMA_VERSION, "2.5");
    for quantity in ["interface_probability", "interface_density", "class_probability_clay"] {
        let csv = ["export", "csv", "survey.h5", "-o", "a.csv", "--force", "--depth", "10", "--quantity", quantity];
        workdir.geobipy(&csv).succeeds();
        let text = workdir.text("a.csv");
        let value = |line: &str| line.rsplit(',').next().unwrap().parse::<f64>().unwrap();
        assert!(text.lines().skip(1).map(value).all(|value| (0.0..=1.0).contains(&value)), "{text}");
    }
}

/// Would catch: files of older versions that are no longer read, or that get statements they do not contain.
#[test]
fn files_from_before_there_were_verdicts_are_read() {
    let workdir = Workdir::with_survey(2);
    workdir.invert("out", &[]).succeeds();
    let path = line_path(&workdir.path("out"), 1.0);
    let file = hdf5_metno::File::open_rw(&path).unwrap();
    NEW.iter().for_each(|name| file.unlink(name).unwrap());
    file.close().unwrap();
    patch_attribute(&workdir, "schema_version", SCHEMA_VERSION, "2.4");

    let told = workdir.geobipy(&["status", "out"]).succeeds();
    assert!(told.contains("2 not converged") && !told.contains("whatever the status"), "{told}");
    workdir.geobipy(&["merge", "out", "-o", "survey.h5"]).succeeds();
    let merged = ResultFile::open(&workdir.path("survey.h5"));
    assert!(NEW.iter().all(|name| !merged.has(name)) && merged.has("conductivity_p50"));
    for results in ["out", "survey.h5"] {
        let line = ["--line", "1", "-o", "a.png"];
        for kind in [&["section"][..], &["convergence"], &["sounding", "--fiducial", "0"]] {
            let more = if kind[0] == "convergence" { &line[2..] } else { &line[..] };
            workdir.geobipy(&[&["plot", kind[0], results], &kind[1..], more].concat()).succeeds();
        }
        let args = ["plot", "section", results, "--uncertainty", "monte-carlo", "-o", "b.png"];
        workdir.geobipy(&args).refused(1, &["has no Monte Carlo errors", "schema 2.5"]);
        let args = ["plot", "map", results, "--quantity", "warning_poor_fit", "-o", "b.png"];
        workdir.geobipy(&args).refused(1, &["has no warnings", "schema 2.5"]);
    }
}
