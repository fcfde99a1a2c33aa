//! Runs that end early, and their continuation by the same command.

use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};
use std::{env, fs};

use geobipy::schema::{LineReader, Status, line_path};
use rand::{Rng, RngExt, SeedableRng};

use crate::cli_mpi::has_mpirun;
use crate::support::results::assert_same_results;
use crate::support::{CONFIG, Cmd, SURVEY, Workdir};

const SOUNDINGS: usize = 24;
const INTERRUPTED: Option<i32> = Some(4);

/// Number of soundings that are finished in the file of line 1 in `output`.
fn finished(workdir: &Workdir, output: &str) -> usize {
    let Ok(line) = LineReader::open(&line_path(&workdir.path(output), 1.0)) else { return 0 };
    line.statuses().unwrap_or_default().iter().filter(|&&status| status != Status::NotRun).count()
}

fn signal(name: &str, process: u32) {
    // The process may have ended by itself.
    let _ = Command::new("kill").args([&format!("-{name}"), &process.to_string()]).output().unwrap();
}

/// Processes that `process` started.
fn children(process: u32) -> Vec<u32> {
    let parent = |status: &str| status.lines().find_map(|line| line.strip_prefix("PPid:")?.trim().parse::<u32>().ok());
    let processes = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let is_child = |child: &u32| {
        fs::read_to_string(format!("/proc/{child}/status")).is_ok_and(|status| parent(&status) == Some(process))
    };
    processes.filter(is_child).collect()
}

fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < Duration::from_secs(60), "{what}: not after a minute");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Makes each sounding take about a fifth of a second.
fn longer(workdir: &Workdir) {
    workdir.replace(CONFIG, "sampler.maximum_iterations = 2000", "sampler.maximum_iterations = 20000");
}

/// Waits for the first finished sounding, interrupts `child` by `name` and returns its exit code, which must come soon.
fn interrupt(workdir: &Workdir, output: &str, mut child: Child, name: &str) -> Option<i32> {
    wait_for("a finished sounding", || finished(workdir, output) > 0 || child.try_wait().unwrap().is_some());
    signal(name, child.id());
    let told = Instant::now();
    let code = child.wait().unwrap().code();
    assert!(told.elapsed() < Duration::from_secs(5), "took {:?} to stop", told.elapsed());
    code
}

/// Would catch: Ctrl-C, scancel or SLURM's warning that is ignored or treated as an error; a run that cannot be
/// continued.
#[test]
fn signals_stop_a_run_in_order() {
    let workdir = Workdir::with_survey(SOUNDINGS);
    longer(&workdir);
    workdir.invert("whole", &[]).succeeds();
    for name in ["TERM", "INT"] {
        let child = workdir.invert(name, &["--threads", "2"]).spawn_with_errors_in("errors");
        assert_eq!(interrupt(&workdir, name, child, name), INTERRUPTED);
        let done = finished(&workdir, name);
        let errors = workdir.text("errors");
        let expected =
            format!("interrupted: {done} of {SOUNDINGS} soundings were inverted and are safe; the same command");
        assert!(errors.contains(&expected), "{done}\n{errors}");
        let status = workdir.geobipy(&["status", name]).succeeds();
        assert!(status.contains("interrupted after") && status.contains("continues it"), "{status}");
        let summary = workdir.invert(name, &[]).succeeds();
        assert!(summary.contains(&format!("{} inverted now", SOUNDINGS - done)), "{summary}");
        assert_same_results(&workdir, name, "whole");
    }
}

/// Would catch: ranks that go on, hang or are lost when the launcher, rank 0 or another rank is told to stop.
#[test]
fn signals_stop_all_ranks() {
    if !has_mpirun() {
        return;
    }
    let workdir = Workdir::with_survey(SOUNDINGS);
    longer(&workdir);
    workdir.invert("whole", &[]).succeeds();
    // The launcher passes a signal on to all ranks; 0 and 1 are told alone.
    for told in [None, Some(0), Some(1)] {
        let output = &format!("told_{told:?}");
        let mut child = workdir.invert(output, &["--mpi"]).under_mpirun(2).spawn_with_errors_in("errors");
        wait_for("a finished sounding", || finished(&workdir, output) > 0 || child.try_wait().unwrap().is_some());
        let mut ranks = children(child.id());
        ranks.sort_unstable();
        signal("TERM", told.map_or(child.id(), |rank: usize| ranks[rank]));
        let since = Instant::now();
        let code = child.wait().unwrap().code();
        let errors = workdir.text("errors");
        assert!(since.elapsed() < Duration::from_secs(5), "{told:?}: took {:?}\n{errors}", since.elapsed());
        assert!(finished(&workdir, output) < SOUNDINGS, "{told:?}: went on");
        if told.is_some() {
            assert_eq!(code, INTERRUPTED, "{errors}");
            assert!(errors.contains("soundings were inverted and are safe"), "{errors}");
        }
        workdir.invert(output, &["--mpi"]).under_mpirun(2).succeeds();
        assert_same_results(&workdir, output, "whole");
    }
}

/// Kills runs of `SOUNDINGS` soundings `count` times at random instants: one process, one rank of two, or all ranks at
/// once. Each time it checks the files with h5py, if installed, and continues.
fn kill_at_random_instants(count: usize) {
    let workdir = Workdir::with_survey(SOUNDINGS);
    let started = Instant::now();
    workdir.invert("whole", &["--threads", "2"]).succeeds();
    let longest = started.elapsed();
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let with_ranks = has_mpirun();
    let (mut completed, mut interrupted_midway) = (0, 0);
    for kill in 0..count {
        let output = &format!("killed_{completed}");
        let kind = if with_ranks { kill % 3 } else { 0 };
        let mut child = match kind {
            0 => workdir.invert(output, &["--threads", "2"]).spawn(),
            _ => workdir.invert(output, &["--mpi"]).under_mpirun(2).spawn(),
        };
        std::thread::sleep(longest.mul_f64(rng.random_range(0.0..0.7)));
        kill_9(&mut child, kind, &mut rng);
        wait_for_launcher(&mut child);
        let done = finished(&workdir, output);
        interrupted_midway += usize::from((1..SOUNDINGS).contains(&done));
        look_with_h5py(&workdir, output);
        if kill % 5 == 4 || done == SOUNDINGS {
            workdir.invert(output, &[]).succeeds();
            assert_same_results(&workdir, output, "whole");
            completed += 1;
        }
    }
    println!(
        "{count} kills, {interrupted_midway} of them between the first and the last finished sounding; {completed} runs completed"
    );
    assert!(interrupted_midway * 4 >= count, "only {interrupted_midway} of {count} kills met a run midway");
}

fn kill_9(child: &mut Child, kind: usize, rng: &mut impl Rng) {
    let ranks = children(child.id());
    match (kind, &ranks[..]) {
        (1, [_, ..]) => signal("KILL", ranks[rng.random_range(0..ranks.len())]),
        (_, ranks) => {
            child.kill().unwrap();
            ranks.iter().for_each(|&rank| signal("KILL", rank));
        }
    }
}

/// Waits for the end of `child`. OpenMPI's mpirun may wait for ever for a rank that was killed while it was being
/// started; then no rank is alive.
fn wait_for_launcher(child: &mut Child) {
    let killed = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if killed.elapsed() > Duration::from_secs(20) {
            let state = |rank: &u32| fs::read_to_string(format!("/proc/{rank}/status")).unwrap_or_default();
            let alive: Vec<u32> =
                children(child.id()).into_iter().filter(|rank| !state(rank).contains("State:\tZ")).collect();
            assert!(alive.is_empty(), "ranks {alive:?} go on although one was killed");
            println!("mpirun waits for a rank that was killed at its start");
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Checks that every file can be opened and every finished sounding in it is complete.
fn look_with_h5py(workdir: &Workdir, output: &str) {
    let Some(python) = env::var_os("GEOBIPY_PYTHON") else { return };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/compare_finished.py");
    Cmd::other(workdir, python, &[script, "whole", output]).succeeds();
}

/// Would catch: rows that are called finished before they are complete; files that a killed run leaves unreadable or
/// locked.
#[test]
fn killed_runs_are_continued() {
    kill_at_random_instants(10);
}

/// Would catch: rare errors of this kind, at more instants.
#[test]
#[ignore = "takes minutes"]
fn killed_runs_are_continued_a_hundred_times() {
    kill_at_random_instants(100);
}

/// Would catch: a full disk that damages existing files, is not reported, or cannot be continued from.
#[test]
fn a_full_disk_stops_a_run() {
    let workdir = Workdir::with_survey(SOUNDINGS);
    workdir.invert("whole", &[]).succeeds();
    fs::create_dir(workdir.path("small")).unwrap();
    // There is space for the file's head and some soundings.
    let script = format!(
        "mount -t tmpfs -o size=1m tmpfs small || exit 99\n{} invert {CONFIG} small\ncode=$?\n\
         cp --sparse=always -r small kept\nexit $code",
        env!("CARGO_BIN_EXE_geobipy")
    );
    let (code, _, errors) = Cmd::other(&workdir, "unshare", &["-rm", "sh", "-c", &script]).ends();
    if code == Some(99) || errors.contains("unshare") {
        println!("skipped: no private file systems here: {errors}");
        return;
    }
    assert_eq!(code, Some(1), "{errors}");
    assert!(errors.contains("No space left on device") && errors.contains("the same command continues"), "{errors}");
    let done = finished(&workdir, "kept");
    assert!((1..SOUNDINGS).contains(&done), "{done} soundings\n{errors}");
    look_with_h5py(&workdir, "kept");
    workdir.invert("kept", &[]).succeeds();
    assert_same_results(&workdir, "kept", "whole");
}

/// Would catch: results of two configurations or surveys mixed; a refusal without a reason.
#[test]
fn changed_input_is_refused_with_what_differs() {
    let workdir = Workdir::with_survey(2);
    workdir.invert("out", &[]).succeeds();
    let refused =
        |what: &str| workdir.invert("out", &[]).refused(1, &["line_1.h5", what, "nothing was changed", "--overwrite"]);

    workdir.replace(CONFIG, "sampler.maximum_iterations = 2000", "sampler.maximum_iterations = 1000");
    refused("sampler.maximum_iterations = 2000, now 1000");
    workdir.configure("");
    workdir.invert("out", &["--seed", "7"]).refused(1, &["sampler.seed = 1, now 7"]);
    let survey = workdir.text(SURVEY);
    workdir.write(SURVEY, survey.replacen("1,", "1.0,", 1));
    refused("the content of the survey file, survey.csv");
    workdir.write(SURVEY, survey);
    let system = workdir.text("bird.stm");
    workdir.write("bird.stm", format!("{system}\n"));
    refused("an instrument file: nothing, now \"\"");
    workdir.write("bird.stm", system);
    // The file has moved, but is the same.
    fs::rename(workdir.path(SURVEY), workdir.path("moved.csv")).unwrap();
    workdir.replace(CONFIG, SURVEY, "moved.csv");
    let summary = workdir.invert("out", &[]).succeeds();
    assert!(summary.contains("0 inverted now"), "{summary}");

    workdir.replace(CONFIG, "sampler.chains = 2", "sampler.chains = 3");
    let summary = workdir.invert("out", &["--overwrite"]).succeeds();
    assert!(summary.contains("2 inverted now"), "{summary}");
    assert_eq!(workdir.results("out", 1.0).read::<i32>("chain").len(), 3);
}

/// Would catch: two runs in one directory, a status that does not distinguish a running run from a dead one.
#[test]
fn a_directory_belongs_to_one_run_at_a_time() {
    let workdir = Workdir::with_survey(SOUNDINGS);
    workdir.replace(CONFIG, "sampler.maximum_iterations = 2000", "sampler.maximum_iterations = 1000000");
    let mut child = workdir.invert("out", &["--threads", "1"]).spawn();
    wait_for("the journal", || workdir.path("out/run.toml").exists());
    workdir.geobipy(&["invert", CONFIG, "out"]).refused_at_length(1, &["another geobipy invert is writing to it"]);
    let status = workdir.geobipy(&["status", "out"]).succeeds();
    assert!(status.contains("running for") && status.contains("1 rank of 1 thread"), "{status}");
    assert!(status.contains(&format!("this run: 0/{SOUNDINGS} soundings")), "{status}");
    child.kill().unwrap();
    child.wait().unwrap();
    let status = workdir.geobipy(&["status", "out"]).succeeds();
    assert!(status.contains("killed or lost") && status.contains("continues it"), "{status}");
}

/// Would catch: a status of a folder without results.
#[test]
fn status_needs_results() {
    let workdir = Workdir::new();
    workdir.geobipy(&["status", "nowhere"]).refused(1, &["nowhere", "No such file"]);
    fs::create_dir(workdir.path("empty")).unwrap();
    workdir.geobipy(&["status", "empty"]).refused(1, &["empty", "has no results"]);
    assert!(Path::new(&workdir.path("empty")).exists());
}
