//! `geobipy invert --mpi`: the ranks of a job share the work and give the results of one process.

use std::env;

use crate::support::results::assert_same_results;
use crate::support::{CONFIG, SURVEY, Workdir};

/// Whether jobs can be started here; prints a message if not. With CI set they must.
pub fn has_mpirun() -> bool {
    let found =
        env::split_paths(&env::var_os("PATH").unwrap_or_default()).any(|folder| folder.join("mpirun").is_file());
    assert!(found || env::var_os("CI").is_none(), "no mpirun on the path");
    if !found {
        println!("skipped: no mpirun on the path");
    }
    found && cfg!(feature = "mpi")
}

/// Would catch: results that depend on the rank that computes them; ranks that wait for ever for work that others have.
#[test]
fn results_do_not_depend_on_ranks() {
    if !has_mpirun() {
        return;
    }
    let workdir = Workdir::with_survey(5);
    // The survey has two lines, and sampled parameters whose measured values are in the file that only rank 0 reads.
    workdir.edit_cells(SURVEY, |i, cells| {
        if i > 3 {
            cells[0] = "2".to_owned();
        }
    });
    workdir.configure("geometry.height.prior = 'normal'\ngeometry.height.std_m = 0.5");
    let whole = workdir.invert("whole", &[]).succeeds();
    for (ranks, more) in [(1, &[][..]), (2, &[]), (3, &["--threads", "2"]), (7, &[])] {
        let output = format!("ranks_{ranks}");
        let summary = workdir.invert(&output, &[&["--mpi"], more].concat()).under_mpirun(ranks).succeeds();
        assert!(summary.contains("5 inverted now"), "{summary}");
        assert_eq!(summary.lines().next(), whole.lines().next());
        assert_same_results(&workdir, &output, "whole");
        let line_2 = |output: &str| {
            crate::support::results::bytes_but_cpu_seconds(&geobipy::schema::line_path(&workdir.path(output), 2.0))
        };
        assert!(line_2(&output) == line_2("whole"), "line 2 of {ranks} ranks");
    }
    // Nothing is left to do.
    let summary = workdir.invert("whole", &["--mpi"]).under_mpirun(2).succeeds();
    assert!(summary.contains("0 inverted now"), "{summary}");
}

/// Would catch: standard deviations of the survey that do not reach the ranks.
#[test]
fn ranks_read_standard_deviations() {
    if !has_mpirun() {
        return;
    }
    let workdir = Workdir::with_survey(2);
    workdir.edit_cells(SURVEY, |_, cells| {
        let std =
            |cell: &String| cell.parse().map_or_else(|_| format!("{cell}_std"), |d: f64| (0.04 * d + 2.0).to_string());
        let std: Vec<String> = cells[6..].iter().map(std).collect();
        cells.extend(std);
    });
    workdir.invert("whole", &[]).succeeds();
    workdir.invert("ranks", &["--mpi"]).under_mpirun(2).succeeds();
    assert_same_results(&workdir, "ranks", "whole");
}

/// Would catch: N copies of the program writing into one directory.
#[test]
fn copies_without_mpi_are_refused() {
    if !has_mpirun() {
        return;
    }
    let workdir = Workdir::with_survey(1);
    let (code, _, errors) = workdir.invert("out", &[]).under_mpirun(2).ends();
    assert_eq!(code, Some(1));
    assert_eq!(errors.matches("2 copies of this command were started: add --mpi").count(), 1, "{errors}");
    assert!(!workdir.path("out").exists());
}

/// Would catch: ranks that do not find each other, each of which would do all of the work.
#[test]
fn processes_that_mpi_does_not_connect_are_refused() {
    if !has_mpirun() {
        return;
    }
    let workdir = Workdir::with_survey(1);
    // This is the environment of srun with another MPI than the program's.
    let alone = |number| {
        let command = workdir.invert("out", &["--mpi"]).env("SLURM_STEP_NUM_TASKS", "2").env("SLURM_PROCID", number);
        command.ends()
    };
    let (code, _, errors) = alone("0");
    assert!(code == Some(1) && errors.contains("2 processes were started, but MPI does not connect them"), "{errors}");
    let (code, _, errors) = alone("1");
    assert!(code == Some(1) && !errors.contains("geobipy"), "{errors}");
    assert!(!workdir.path("out").exists());
}

/// Would catch: an error of rank 0 that leaves the others waiting, or is printed by all of them.
#[test]
fn wrong_input_ends_all_ranks() {
    if !has_mpirun() {
        return;
    }
    let workdir = Workdir::with_survey(1);
    workdir.replace(CONFIG, "sampler.chains = 2", "sampler.chains = 1");
    let (code, _, errors) = workdir.invert("out", &["--mpi"]).under_mpirun(3).ends();
    assert_eq!(code, Some(1));
    assert_eq!(errors.matches("got 1, expected a number from 2 to 64").count(), 1, "{errors}");
    assert!(!workdir.path("out").exists());
}

/// Would catch: a sounding without data that stops a rank, warnings that are lost.
#[test]
fn ranks_pass_over_soundings_without_data() {
    if !has_mpirun() {
        return;
    }
    let workdir = Workdir::with_survey(4);
    workdir.edit_cells(SURVEY, |i, cells| {
        if i != 2 && i > 0 {
            cells[6..].fill_with(|| "NaN".to_owned());
        }
    });
    let summary = workdir.invert("out", &["--mpi"]).under_mpirun(3).succeeds();
    assert!(summary.contains("3 no data"), "{summary}");
}
