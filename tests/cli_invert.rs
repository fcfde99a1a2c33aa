//! `geobipy invert` from a survey to results, as a user runs it.

use std::fs;

use geobipy::schema::{FIELDS, Kind, Reason, Role, Status, When};

use crate::support::results::{ResultFile, assert_same_results, differences, doubles, row};
use crate::support::{SURVEY, Workdir, assert_close};

const CHANNEL_COUNT: usize = 12;
/// Number of columns of a simulated survey before the data.
const FIRST_DATUM: usize = 6;

#[track_caller]
fn assert_nothing_sampled_but_the_earth(line: &ResultFile) {
    let sampled = [When::SampledRelativeError, When::SampledAdditiveError, When::SampledGeometry, When::Classes];
    for field in FIELDS.iter().filter(|field| sampled.contains(&field.when)) {
        assert!(!line.has(field.name), "{} is there although nothing of the kind was sampled", field.name);
    }
}

/// Would catch: any error on the main path; counts that do not add up; data of one channel used for another.
#[test]
fn a_survey_becomes_posteriors() {
    let workdir = Workdir::with_survey(3);
    let summary = workdir.invert("out", &[]).succeeds();
    for part in
        ["3 soundings on 1 line: ", "3 inverted now in ", " CPU seconds and 5 thousand iterations per ", "results: out"]
    {
        assert!(summary.contains(part), "{part:?} is not in the summary:\n{summary}");
    }

    let line = workdir.results("out", 1.0);
    assert!(line.statuses().iter().all(|status| status.has_posterior()));
    assert_eq!(doubles(&line, "fiducial"), [0.0, 1.0, 2.0]);
    let survey = workdir.text(SURVEY);
    for (sounding, text) in survey.lines().skip(1).enumerate() {
        let cells: Vec<f64> = text.split(',').map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(row(&line, "data_observed", sounding), cells[FIRST_DATUM..]);
        let place = ["line_number", "fiducial", "easting", "northing", "height", "elevation"];
        assert_eq!(place.map(|name| row(&line, name, sounding)[0]), cells[..FIRST_DATUM]);

        // Two chains of 2000 iterations, every tenth recorded.
        let recorded = 400.0;
        assert_eq!(row(&line, "layer_count_histogram", sounding).iter().sum::<f64>(), recorded);
        let depth_count = doubles(&line, "depth").len();
        let hitmap = row(&line, "hitmap", sounding);
        for (depth, counts) in hitmap.chunks_exact(hitmap.len() / depth_count).enumerate() {
            assert_eq!(counts.iter().sum::<f64>(), recorded, "hitmap at depth {depth}");
        }
        let interfaces = row(&line, "interface_histogram", sounding).iter().sum::<f64>();
        let by_count: f64 =
            (0_u32..).zip(row(&line, "layer_count_histogram", sounding)).map(|(k, n)| f64::from(k) * n).sum();
        assert_eq!(interfaces, by_count, "k layers have k - 1 interfaces");

        // Simulated data can be fitted: chi-square of 12 channels.
        let misfit = row(&line, "misfit_best", sounding)[0];
        assert!(misfit < 3.0 * CHANNEL_COUNT as f64, "misfit {misfit}");
        let (observed, std) = (row(&line, "data_observed", sounding), row(&line, "data_std", sounding));
        let predicted = row(&line, "data_predicted_best", sounding);
        let chi_square: f64 = (0..CHANNEL_COUNT).map(|c| ((observed[c] - predicted[c]) / std[c]).powi(2)).sum();
        assert_close(chi_square, misfit, 1e-9, 0.0, "misfit_best from data, std and prediction");
        for c in 0..CHANNEL_COUNT {
            let [low, middle, high] =
                ["p05", "p50", "p95"].map(|p| row(&line, &format!("data_predicted_{p}"), sounding)[c]);
            assert!(low <= middle && middle <= high, "percentiles of channel {c}: {low} {middle} {high}");
        }
        assert!(row(&line, "cpu_seconds", sounding)[0] > 0.0);
    }
}

/// Would catch: random numbers shared between soundings, results that depend on the order or the thread of computation.
#[test]
fn results_do_not_depend_on_threads() {
    let workdir = Workdir::with_survey(4);
    workdir.invert("one", &["--threads", "1"]).succeeds();
    workdir.invert("two", &["--threads", "2"]).succeeds();
    assert_same_results(&workdir, "one", "two");
}

/// Would catch: a seed that is ignored, or soundings that share their random numbers.
#[test]
fn another_seed_gives_other_samples() {
    let workdir = Workdir::with_survey(2);
    // The second sounding is the first one with another fiducial.
    let first: Vec<String> = workdir.text(SURVEY).lines().nth(1).unwrap().split(',').map(str::to_owned).collect();
    workdir.edit_cells(SURVEY, |i, cells| {
        if i == 2 {
            cells[2..].clone_from_slice(&first[2..]);
        }
    });
    workdir.invert("one", &[]).succeeds();
    workdir.invert("other", &["--seed", "2"]).succeeds();
    let [one, other] = ["one", "other"].map(|output| workdir.results(output, 1.0));
    for sounding in 0..2 {
        let [a, b] = [&one, &other].map(|line| row(line, "sample_misfit", sounding));
        assert!(a.iter().all(|misfit| !b.contains(misfit)), "sounding {sounding} has samples in common");
    }
    assert_eq!([&one, &other].map(|line| line.attribute("seed")), ["1", "2"]);
    assert_eq!(row(&one, "data_observed", 0), row(&one, "data_observed", 1));
    let [a, b] = [0, 1].map(|sounding| row(&one, "sample_misfit", sounding));
    assert!(a.iter().all(|misfit| !b.contains(misfit)), "two soundings have samples in common");
}

/// Would catch: finished soundings computed again or lost, results that depend on where a run was interrupted.
#[test]
fn an_interrupted_run_is_continued() {
    let workdir = Workdir::with_survey(4);
    workdir.invert("whole", &[]).succeeds();

    let summary = workdir.invert("parts", &["--fiducial", "1", "--fiducial", "3"]).succeeds();
    assert!(summary.contains("2 not run") && summary.contains("2 inverted now"), "{summary}");
    let line = workdir.results("parts", 1.0);
    let not_run: Vec<bool> = line.statuses().iter().map(|&status| status == Status::NotRun).collect();
    assert_eq!(not_run, [true, false, true, false]);
    assert_eq!(line.read::<i8>("asked_for").iter().collect::<Vec<_>>(), [&0, &1, &0, &1]);
    drop(line);
    let status = workdir.geobipy(&["status", "parts"]).succeeds();
    assert!(status.contains("the runs were asked for 2 soundings, of which 2 are finished"), "{status}");

    let summary = workdir.invert("parts", &[]).succeeds();
    assert!(summary.contains("2 inverted now") && !summary.contains("not run"), "{summary}");
    assert_same_results(&workdir, "parts", "whole");

    let before = workdir.snapshot();
    let summary = workdir.invert("parts", &[]).succeeds();
    assert!(summary.contains("0 inverted now"), "{summary}");
    assert!(workdir.snapshot() == before, "a finished run was changed");
}

/// Would catch: `not_run` rows with values that look like results.
#[test]
fn what_was_not_run_says_so() {
    let workdir = Workdir::with_survey(2);
    workdir.invert("out", &["--fiducial", "0"]).succeeds();
    let line = workdir.results("out", 1.0);
    assert_eq!(line.statuses()[1], Status::NotRun);
    for field in FIELDS.iter().filter(|field| field.role == Role::Result && line.has(field.name)) {
        let is_missing = |x: f64| match field.kind {
            Kind::F32 | Kind::F64 => x.is_nan(),
            Kind::U32 => x == 0.0,
            _ => x == if ["status", "status_reason", "asked_for"].contains(&field.name) { 0.0 } else { -1.0 },
        };
        let values = row(&line, field.name, 1);
        assert!(values.iter().all(|&x| is_missing(x)), "{} of a sounding not run: {values:?}", field.name);
    }
    // Input data are present all the same.
    assert!(row(&line, "data_observed", 1).iter().all(|d| d.is_finite()));
}

/// Would catch: a run that stops at, or is called failed because of, a sounding without data.
#[test]
fn a_sounding_without_data_is_no_failure() {
    let workdir = Workdir::with_survey(3);
    workdir.edit_cells(SURVEY, |i, cells| {
        if i == 2 {
            cells[FIRST_DATUM..].fill_with(|| "NaN".to_owned());
        }
        if i == 3 {
            cells[FIRST_DATUM] = String::new();
        }
    });
    let summary = workdir.invert("out", &[]).succeeds();
    assert!(summary.contains("1 no data"), "{summary}");
    let line = workdir.results("out", 1.0);
    let statuses = line.statuses();
    assert!(statuses[0].has_posterior() && statuses[2].has_posterior(), "{statuses:?}");
    assert_eq!(statuses[1], Status::NoData);
    assert_eq!(line.read::<i8>("status_reason")[1], Reason::NoActiveChannel as i8);
    assert!(row(&line, "misfit_best", 1)[0].is_nan());
    // One missing channel is not an error either, and is not used.
    assert!(row(&line, "data_std", 2)[0].is_nan() && row(&line, "data_std", 2)[1] > 0.0);
    assert!(row(&line, "misfit_best", 2)[0].is_finite() && row(&line, "data_predicted_best", 2)[0].is_finite());
}

/// Would catch: standard deviations of the survey file that are ignored in favour of sampled errors.
#[test]
fn standard_deviations_of_the_survey_are_used() {
    let workdir = Workdir::with_survey(2);
    workdir.edit_cells(SURVEY, |i, cells| {
        let std: Vec<String> = cells[FIRST_DATUM..]
            .iter()
            .map(|cell| {
                cell.parse().map_or_else(|_| format!("{cell}_std"), |d: f64| (0.04 * d + 2.0 + i as f64).to_string())
            })
            .collect();
        cells.extend(std);
    });
    let as_they_are = ["--set", "errors.std_factor_minimum=1.0", "--set", "errors.std_factor_maximum=1.0"];
    workdir.invert("out", &as_they_are).succeeds();
    let line = workdir.results("out", 1.0);
    for (sounding, text) in workdir.text(SURVEY).lines().skip(1).enumerate() {
        let cells: Vec<f64> = text.split(',').map(|cell| cell.parse().unwrap()).collect();
        let std = row(&line, "data_std", sounding);
        assert_eq!(row(&line, "data_std_given", sounding), std);
        for (channel, expected) in cells[FIRST_DATUM + CHANNEL_COUNT..].iter().enumerate() {
            assert_close(
                std[channel],
                *expected,
                1e-14,
                0.0,
                &format!("std of sounding {sounding}, channel {channel}"),
            );
        }
        assert!(row(&line, "sample_relative_error", sounding).iter().all(|factor| *factor == 1.0));
        assert!(row(&line, "sample_additive_error", sounding).iter().all(|e| e.is_nan()));
    }
    assert_nothing_sampled_but_the_earth(&line);
}

/// Would catch: a factor that is not sampled, or not applied to the standard deviations in results.
#[test]
fn standard_deviations_of_the_survey_have_a_factor() {
    let workdir = Workdir::with_survey(1);
    workdir.edit_cells(SURVEY, |_, cells| {
        let std: Vec<String> = cells[FIRST_DATUM..]
            .iter()
            .map(|cell| cell.parse().map_or_else(|_| format!("{cell}_std"), |d: f64| (0.04 * d + 2.0).to_string()))
            .collect();
        cells.extend(std);
    });
    for (output, least) in [("default", 1.0), ("lower", 0.5)] {
        let minimum = format!("errors.std_factor_minimum={least}");
        let sets = if least == 1.0 { vec![] } else { vec!["--set", &minimum] };
        workdir.invert(output, &sets).succeeds();
        let line = workdir.results(output, 1.0);
        let samples = row(&line, "sample_relative_error", 0);
        assert!(samples.iter().all(|factor| (least..=5.0).contains(factor)), "{samples:?}");
        assert!(samples.iter().any(|factor| *factor != samples[0]));
        assert!(row(&line, "sample_additive_error", 0).iter().all(|error| error.is_nan()));
        assert!(row(&line, "relative_error_histogram", 0).iter().sum::<f64>() > 0.0);
        let (std, given) = (row(&line, "data_std", 0), row(&line, "data_std_given", 0));
        let factor = std[0] / given[0];
        assert!((least..=5.0).contains(&factor) && factor != 1.0, "{factor}");
        for (std, given) in std.iter().zip(&given).filter(|(std, _)| !std.is_nan()) {
            assert_close(*std, factor * given, 1e-12, 0.0, "data_std");
        }
    }
}

/// Would catch: a height prior that is ignored, or that is not centred on the measured height.
#[test]
fn height_is_sampled_when_asked_for() {
    let workdir = Workdir::with_survey(2);
    workdir.invert("fixed", &[]).succeeds();
    workdir.configure("geometry.height.prior = 'uniform'\ngeometry.height.half_width_m = 2.0");
    workdir.invert("uniform", &[]).succeeds();

    let fixed = workdir.results("fixed", 1.0);
    for name in ["geometry_parameter", "geometry_deviation_bounds", "geometry_deviation_histogram", "sample_geometry"] {
        assert!(!fixed.has(name), "{name} is there although the height is fixed");
    }
    let uniform = workdir.results("uniform", 1.0);
    for sounding in 0..2 {
        let height_m = row(&uniform, "height", sounding)[0];
        assert_eq!(row(&fixed, "height", sounding), [height_m]);
        let samples = row(&uniform, "sample_geometry", sounding);
        assert_eq!(samples.len(), 20, "one parameter of 20 samples");
        assert!(samples.iter().all(|h| (h - height_m).abs() <= 2.0 + 1e-5), "{height_m}: {samples:?}");
        assert!(samples.iter().any(|h| *h != samples[0]), "height does not move");
        let counts = row(&uniform, "geometry_deviation_histogram", sounding);
        assert_eq!(counts.iter().sum::<f64>(), 400.0);
        let bounds = doubles(&uniform, "geometry_deviation_bounds");
        assert_eq!((bounds[0], *bounds.last().unwrap()), (-2.0, 2.0));
        assert_eq!(bounds.len(), 2 * counts.len());
    }
}

/// Would catch: errors that are sampled although the user has fixed them, or fixed at other values.
#[test]
fn equal_bounds_fix_errors() {
    let workdir = Workdir::with_survey(1);
    let bounds = |relative: (f64, f64), additive: (f64, f64)| {
        format!(
            "errors.relative_minimum = {:?}\nerrors.relative_maximum = {:?}\n\
             errors.additive_minimum = {:?}\nerrors.additive_maximum = {:?}",
            relative.0, relative.1, additive.0, additive.1
        )
    };
    for (relative_to, datum) in [("predicted", "data_predicted_best"), ("observed", "data_observed")] {
        let fixed = bounds((0.04, 0.04), (6.0, 6.0));
        workdir.configure(&format!("errors.relative_to = '{relative_to}'\n{fixed}"));
        workdir.invert(relative_to, &[]).succeeds();
        let line = workdir.results(relative_to, 1.0);
        assert_nothing_sampled_but_the_earth(&line);
        let (datum, std) = (row(&line, datum, 0), row(&line, "data_std", 0));
        for channel in 0..CHANNEL_COUNT {
            assert_close(std[channel], (0.04 * datum[channel]).hypot(6.0), 1e-12, 0.0, "std from fixed errors");
        }
    }

    workdir.configure(&bounds((0.01, 0.2), (6.0, 6.0)));
    workdir.invert("half", &[]).succeeds();
    let line = workdir.results("half", 1.0);
    assert!(line.has("relative_error_histogram") && !line.has("additive_error_histogram"));
    let relative = row(&line, "sample_relative_error", 0);
    assert!(relative.iter().all(|e| (0.01..=0.2).contains(e)) && relative.iter().any(|e| *e != relative[0]));
    assert!(row(&line, "sample_additive_error", 0).iter().all(|&e| (e - 6.0).abs() < 1e-5));
}

/// Would catch: results of a line that depend on the selected lines; files of lines that were not selected.
#[test]
fn a_line_can_be_inverted_alone() {
    let workdir = Workdir::with_survey(4);
    workdir.edit_cells(SURVEY, |i, cells| {
        if i > 2 {
            cells[0] = "20.5".to_owned();
        }
    });
    let summary = workdir.invert("all", &[]).succeeds();
    assert!(summary.contains("4 soundings on 2 lines"), "{summary}");
    workdir.invert("one", &["--line", "20.5"]).succeeds();
    let mut names: Vec<_> =
        fs::read_dir(workdir.path("one")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["line_20.5.h5", "run.toml"]);
    let different = differences(&workdir.results("one", 20.5), &workdir.results("all", 20.5));
    assert!(different.is_empty(), "{different:?}");
    assert_eq!(doubles(&workdir.results("all", 20.5), "fiducial"), [2.0, 3.0]);
    assert_eq!(doubles(&workdir.results("all", 1.0), "fiducial"), [0.0, 1.0]);
}

/// Would catch: rows dropped without a message, or a run refused although the user allows rejected rows.
#[test]
fn rows_that_cannot_be_read_may_be_left_out() {
    let workdir = Workdir::with_survey(3);
    workdir.edit_cells(SURVEY, |i, cells| {
        if i == 2 {
            cells[FIRST_DATUM] = "broken".to_owned();
        }
    });
    workdir
        .invert("out", &[])
        .refused(1, &["survey.csv, line 3", "In_Phase_380.0", "\"broken\"", "allow_rejected_rows"]);
    workdir.configure("survey.allow_rejected_rows = true");
    let summary = workdir.invert("out", &[]).succeeds();
    assert!(summary.contains("2 soundings on 1 line"), "{summary}");
    assert_eq!(doubles(&workdir.results("out", 1.0), "fiducial"), [0.0, 2.0]);
}

/// Would catch: a sample of the prior on which the data have an influence, or a sampler that needs data.
#[test]
fn without_the_likelihood_the_prior_is_sampled() {
    let workdir = Workdir::with_survey(1);
    let more = ["sampler.ignore_likelihood=true", "sampler.maximum_iterations=20000", "sampler.ess_target=1e6"];
    let sets: Vec<&str> = more.iter().flat_map(|set| ["--set", *set]).collect();
    workdir.invert("out", &sets).succeeds();
    let line = workdir.results("out", 1.0);
    let share = |counts: Vec<f64>| -> Vec<f64> {
        let total: f64 = counts.iter().sum();
        counts.iter().map(|count| count / total).collect()
    };
    let (posterior, prior) =
        (share(row(&line, "layer_count_histogram", 0)), share(doubles(&line, "prior_layer_count")));
    let distance: f64 = posterior.iter().zip(&prior).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0;
    // Data would move most of the distribution; 20000 correlated iterations of 2 chains move less than a tenth.
    assert!(distance < 0.1, "{posterior:?}\n{prior:?}");
    assert!(row(&line, "misfit_best", 0)[0].abs() < 1e-12);
    workdir.invert("data", &[]).succeeds();
    let with_data = share(row(&workdir.results("data", 1.0), "layer_count_histogram", 0));
    let moved: f64 = with_data.iter().zip(&prior).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0;
    assert!(moved > 0.3, "{with_data:?}\n{prior:?}");
}
