//! Reading of results: soundings that were not run, files of older versions.

use std::fs;
use std::io::Read;
use std::path::Path;

use geobipy::schema::{FIELDS, Role, SCHEMA_VERSION, Status};

use crate::cli_errors::patch_file;
use crate::support::Workdir;
use crate::support::results::{ResultFile, row};

/// Six soundings on line 1, all inverted.
fn six() -> Workdir {
    let workdir = Workdir::with_survey(6);
    workdir.configure("geometry.height.prior = 'normal'\ngeometry.height.std_m = 0.5");
    workdir.invert("out", &[]).succeeds();
    workdir
}

/// Marks some soundings of a file as not run and leaves all their values. Files of older versions are like this, and so
/// are rows that were being written when a run was killed.
fn call_not_run(path: &Path, soundings: &[usize]) {
    let file = hdf5_metno::File::open_rw(path).unwrap();
    let status = file.dataset("status").unwrap();
    let mut codes: Vec<i8> = status.read_raw().unwrap();
    soundings.iter().for_each(|&sounding| codes[sounding] = Status::NotRun as i8);
    status.write_raw(&codes).unwrap();
    file.close().unwrap();
}

/// Values of a CSV table in the row of a fiducial, without the input values.
fn computed_cells(text: &str, fiducial: &str) -> Vec<String> {
    const CAME_IN: [&str; 6] = ["line_number", "fiducial", "easting", "northing", "elevation", "status"];
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = names.iter().position(|&name| name == "fiducial").unwrap();
    let rows = lines.map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let of_sounding = rows.filter(|row| row[at] == fiducial);
    let is_computed = |(i, _): &(usize, String)| !CAME_IN.contains(&names[*i]);
    of_sounding.flat_map(|row| row.into_iter().enumerate().filter(is_computed).map(|(_, cell)| cell)).collect()
}

/// Would catch: values of a sounding that was not run in merged files, tables and figures of convergence, for any
/// subset of soundings.
#[test]
fn no_value_of_an_unfinished_sounding_appears_anywhere() {
    let workdir = six();
    let whole = fs::read(workdir.path("out/line_1.h5")).unwrap();
    // Subsets of six soundings that were not run: all but one, every other one, three in a row, one.
    for not_run in [&[1, 2, 3, 4, 5][..], &[0, 2, 4], &[3, 4, 5], &[2]] {
        fs::write(workdir.path("out/line_1.h5"), &whole).unwrap();
        call_not_run(&workdir.path("out/line_1.h5"), not_run);
        workdir.geobipy(&["merge", "out", "-o", "survey.h5", "--allow-missing", "--force"]).succeeds();
        let merged = ResultFile::open(&workdir.path("survey.h5"));
        for field in FIELDS.iter().filter(|field| matches!(field.role, Role::Result | Role::Product)) {
            if ["status", "status_reason", "asked_for"].contains(&field.name) || !merged.has(field.name) {
                continue;
            }
            for &sounding in not_run {
                let values = row(&merged, field.name, sounding);
                let missing = |&x: &f64| x.is_nan() || x == -1.0 || field.fill().is_none() && x == 0.0;
                assert!(values.iter().all(missing), "{} of sounding {sounding}: {values:?}", field.name);
            }
        }
        for results in ["out", "survey.h5"] {
            let args = ["export", "csv", results, "-o", "a.csv", "--force"];
            let more = [
                "--all",
                "--depth",
                "10",
                "--quantity",
                "conductivity_p50",
                "--quantity",
                "misfit_p50",
                "--quantity",
                "rhat_maximum",
            ];
            workdir.geobipy(&[&args[..], &more].concat()).succeeds();
            let text = workdir.text("a.csv");
            for sounding in 0..6 {
                let cells = computed_cells(&text, &sounding.to_string());
                assert_eq!(cells.len(), 3, "{text}");
                let has_values = cells.iter().all(|cell| !cell.is_empty());
                assert_eq!(has_values, !not_run.contains(&sounding), "{results}, sounding {sounding}: {cells:?}");
                assert!(has_values || cells.iter().all(String::is_empty), "{cells:?}");
            }
            workdir.geobipy(&[&args[..], &more[1..]].concat()).succeeds();
            assert_eq!(
                workdir.text("a.csv").lines().count(),
                1 + 6 - not_run.len(),
                "rows of soundings that were not run"
            );
        }
    }
}

/// Would catch: diagnostics of soundings that were not run counted as good ones, predictions that fall to 0.
#[cfg(feature = "plot")]
#[test]
fn figures_of_a_trial_run_show_what_was_run() {
    let workdir = six();
    call_not_run(&workdir.path("out/line_1.h5"), &[1, 2, 4, 5]);
    let told = workdir.geobipy(&["status", "out"]).succeeds();
    assert!(told.contains("4 not run"), "{told}");
    for (args, part) in [
        (&["plot", "convergence", "out", "-o", "a.svg"][..], "6 soundings of line 1"),
        (&["plot", "data", "out", "--line", "1", "-o", "a.svg"], "6 soundings, 2 inverted"),
        (&["plot", "section", "out", "--line", "1", "-o", "a.svg"], "2 of 6 soundings inverted"),
        (&["plot", "map", "out", "--depth", "10", "-o", "a.svg"], "4 not run"),
    ] {
        workdir.geobipy(args).succeeds();
        let text = workdir.text("a.svg");
        assert!(text.contains(part), "{args:?}: no {part:?}");
    }
    workdir.geobipy(&["plot", "summary", "out", "-o", "a.html"]).succeeds();
}

/// Result files of older versions, as the program of their time wrote them; see PROVENANCE.md there.
fn kept_files() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/results"));
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(name) = name.strip_suffix(".h5.gz") else { continue };
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(fs::File::open(&path).unwrap()).read_to_end(&mut bytes).unwrap();
        found.push((name.to_owned(), bytes));
    }
    found.sort();
    found
}

/// Would catch: a field, a name or a meaning that changes so that older results cannot be used, or get another meaning.
#[test]
fn files_of_all_past_versions_are_merged_exported_and_drawn() {
    let kept = kept_files();
    let minor: u32 = SCHEMA_VERSION.strip_prefix("2.").unwrap().parse().unwrap();
    for version in 0..minor {
        let of_version = kept.iter().filter(|(name, _)| name.starts_with(&format!("2.{version}_"))).count();
        assert!(
            of_version >= 2,
            "there are {of_version} files of schema 2.{version}: keep some when the version changes"
        );
    }
    for (name, bytes) in &kept {
        let workdir = Workdir::new();
        fs::create_dir(workdir.path("out")).unwrap();
        fs::write(workdir.path("out/line_30010.h5"), bytes).unwrap();
        let told = workdir.geobipy(&["status", "out"]).succeeds();
        assert!(told.contains("1 not run"), "{name}: {told}");
        workdir.geobipy(&["merge", "out", "-o", "survey.h5", "--allow-missing"]).succeeds();
        let merged = ResultFile::open(&workdir.path("survey.h5"));
        assert_eq!(merged.attribute("schema_version"), SCHEMA_VERSION, "{name}");
        let (run, not_run): (Vec<usize>, Vec<usize>) = (0..3).partition(|&i| merged.statuses()[i].has_posterior());
        assert_eq!((run.len(), not_run.len()), (2, 1), "{name}");
        for variable in ["conductivity_p50", "misfit_p50", "data_predicted_p50"] {
            assert!(row(&merged, variable, run[0]).iter().any(|x| x.is_finite()), "{name}: {variable}");
            assert!(row(&merged, variable, not_run[0]).iter().all(|x| x.is_nan()), "{name}: {variable}");
        }
        for results in ["out", "survey.h5"] {
            let export =
                |args: &[&str]| workdir.geobipy(&[&["export", args[0], results], &args[1..]].concat()).succeeds();
            export(&["csv", "-o", "a.csv", "--force"]);
            assert_eq!(workdir.text("a.csv").lines().count(), 1 + 2, "{name}");
            export(&["gdf2", "-o", "a.dat", "--layout", "layer", "--force"]);
            #[cfg(feature = "plot")]
            for args in [
                &["section", results, "--line", "30010", "-o", "a.png"][..],
                &["convergence", results, "-o", "a.png"],
                &["data", results, "--line", "30010", "-o", "a.png"],
                &["map", results, "--depth", "10", "-o", "a.png"],
                &["summary", results, "-o", "a.html"],
            ] {
                workdir.geobipy(&[&["plot"], args].concat()).succeeds();
            }
        }
    }
}

/// Would catch: lines of two versions that cannot be used together; a key that only one of two versions has and that is
/// reported as a difference.
#[test]
fn a_file_of_an_older_version_goes_with_one_of_this() {
    let workdir = Workdir::with_survey(2);
    workdir.edit_cells(crate::support::SURVEY, |i, cells| {
        if i > 0 {
            cells[0] = i.to_string();
        }
    });
    workdir.invert("out", &[]).succeeds();
    // Variables of schema 2.6 and a kind of move are removed from the file of line 2.
    let path = workdir.path("out/line_2.h5");
    let file = hdf5_metno::File::open_rw(&path).unwrap();
    for name in ["rhat_target", "ess_target", "prior_conductivity_bounds"] {
        file.unlink(name).unwrap();
    }
    file.close().unwrap();
    patch_file(&path, "schema_version", SCHEMA_VERSION, "2.5");
    workdir.geobipy(&["merge", "out", "-o", "survey.h5"]).succeeds();
    let merged = ResultFile::open(&workdir.path("survey.h5"));
    assert!(merged.has("rhat_target"), "what the newer file has");
    assert!((0..2).all(|i| row(&merged, "conductivity_p50", i)[0].is_finite()));
    workdir
        .invert("out", &[])
        .refused(1, &["out/line_2.h5", &format!("another run (result files of schema 2.5, now {SCHEMA_VERSION}")]);
}
