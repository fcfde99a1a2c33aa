//! Distribution of work to the ranks of an MPI job, with simulated work: this program starts itself under mpirun, and
//! each of its ranks runs its part of a scenario.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};
use std::{env, fs};

use geobipy::error::Error;
use geobipy::parallel::{Done, Ending, Ranks, RunProgress, Slowest, Stop, TaskCallback, Watch};

fn main() {
    let args: Vec<String> = env::args().collect();
    if let [_, mark, scenario, folder, threads] = &args[..]
        && mark == "as-a-rank"
    {
        return play(scenario, Path::new(folder), threads.parse().unwrap());
    }
    let found =
        env::split_paths(&env::var_os("PATH").unwrap_or_default()).any(|folder| folder.join("mpirun").is_file());
    if !found {
        assert!(env::var_os("CI").is_none(), "no mpirun on the path");
        return println!("skipped: no mpirun on the path");
    }
    let tests: [(&str, fn()); 5] = [
        ("every_task_is_done_once", every_task_is_done_once),
        ("errors_of_a_rank_stop_all", errors_of_a_rank_stop_all),
        ("panics_of_a_rank_stop_all", panics_of_a_rank_stop_all),
        ("a_rank_that_vanishes_ends_the_job", a_rank_that_vanishes_ends_the_job),
        ("notes_reach_rank_0", notes_reach_rank_0),
    ];
    for (name, test) in tests {
        test();
        println!("test {name} ... ok");
    }
}

const TASKS: u32 = 300;

/// Runs `scenario` with `ranks` ranks; it must end in time. Also returns the folder where ranks write their traces.
fn job(ranks: usize, threads: usize, scenario: &str) -> (Output, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let started = Instant::now();
    let output = Command::new("mpirun")
        .args(["--allow-run-as-root", "--oversubscribe", "-n", &ranks.to_string()])
        .arg(env::current_exe().unwrap())
        .args(["as-a-rank", scenario, folder.path().to_str().unwrap(), &threads.to_string()])
        .output()
        .unwrap();
    assert!(started.elapsed() < Duration::from_secs(60), "{scenario} took {:?}", started.elapsed());
    (output, folder)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Would catch: tasks lost or done twice, ranks that never begin or never end, more ranks than tasks.
fn every_task_is_done_once() {
    for (ranks, threads) in [(1, 1), (1, 3), (2, 1), (3, 2), (5, 1)] {
        for (scenario, tasks) in [("all", TASKS), ("few", 2), ("none", 0)] {
            let (output, folder) = job(ranks, threads, scenario);
            assert!(output.status.success(), "{}", text(&output.stderr));
            assert!(text(&output.stdout).contains(&format!("Complete {tasks} of {tasks}, 0 failed")), "{scenario}");
            let mut done: Vec<u32> = Vec::new();
            let mut by_rank = BTreeMap::new();
            for file in fs::read_dir(folder.path()).unwrap() {
                let path = file.unwrap().path();
                let tasks: Vec<u32> =
                    fs::read_to_string(&path).unwrap().lines().map(|line| line.parse().unwrap()).collect();
                by_rank.insert(path, tasks.len());
                done.extend(tasks);
            }
            done.sort_unstable();
            assert!(done.iter().copied().eq(0..tasks), "{ranks} ranks of {threads} threads, {scenario}: {done:?}");
            if scenario == "all" {
                assert_eq!(by_rank.len(), ranks, "a rank had nothing to do: {by_rank:?}");
            }
        }
    }
}

/// Would catch: an error that one rank keeps to itself, or that leaves others waiting.
fn errors_of_a_rank_stop_all() {
    for rank in [0, 1, 2] {
        let (output, _) = job(3, 1, &format!("error-{rank}"));
        assert!(!output.status.success());
        let said = text(&output.stdout);
        let expected =
            if rank == 0 { "Err: disk is full".to_owned() } else { format!("Err: rank {rank}: disk is full") };
        assert!(said.contains(&expected), "{said}\n{}", text(&output.stderr));
    }
}

/// Would catch: a panic that is not caught as a panic of a sounding, after which the others wait for ever.
fn panics_of_a_rank_stop_all() {
    for (rank, threads) in [(0, 1), (1, 1), (1, 2)] {
        let (output, _) = job(2, threads, &format!("panic-{rank}"));
        assert!(!output.status.success());
        assert!(text(&output.stdout).contains("a thread stopped with an internal error"), "{}", text(&output.stderr));
    }
}

/// Would catch: ranks that wait for one that no longer exists.
fn a_rank_that_vanishes_ends_the_job() {
    let (output, _) = job(3, 1, "vanish-1");
    assert!(!output.status.success());
}

/// Would catch: warnings that are lost on the way, or that name the wrong rank.
fn notes_reach_rank_0() {
    let (output, _) = job(3, 1, "notes");
    let said = text(&output.stdout);
    assert!(output.status.success() && said.contains(&format!("Complete {TASKS} of {TASKS}, 3 failed")), "{said}");
    for rank in 0..3 {
        assert_eq!(said.matches(&format!("rank {rank} says: this is rank {rank}\n")).count(), 1, "{said}");
    }
}

/// Keeps the last progress report.
#[derive(Default)]
struct Listener {
    progress: RunProgress,
}

impl Watch for Listener {
    fn update(&mut self, progress: RunProgress, _: Option<Slowest>) {
        self.progress = progress;
    }

    fn note(&mut self, rank: usize, text: &str) {
        println!("rank {rank} says: {text}");
    }
}

/// One rank's part of a scenario.
fn play(scenario: &str, folder: &Path, threads: usize) {
    let ranks = Ranks::join().unwrap();
    let rank = ranks.rank();
    let begins = ["error-", "panic-", "vanish-"].map(|kind| scenario == format!("{kind}{rank}"));
    let first = AtomicBool::new(true);
    let work = |task: u32, callback: &mut TaskCallback| {
        let is_first = first.swap(false, std::sync::atomic::Ordering::Relaxed);
        // From 1 to 5 ms, so that every rank gets some tasks.
        let until = Instant::now() + Duration::from_millis(u64::from(task % 5 + 1));
        while Instant::now() < until {
            std::thread::sleep(Duration::from_micros(200));
            if callback() == ControlFlow::Break(()) {
                return Ok(None);
            }
        }
        match begins {
            [true, ..] => return Err(Error::Config("disk is full".into())),
            [_, true, _] => panic!("as the scenario wants it"),
            [.., true] => std::process::abort(),
            _ => {}
        }
        use std::io::Write;
        let path = folder.join(format!("rank_{rank}"));
        let mut file = fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
        file.write_all(format!("{task}\n").as_bytes()).unwrap();
        let note = (is_first && scenario == "notes").then(|| format!("this is rank {rank}"));
        Ok(Some(Done { failed: note.is_some(), note }))
    };
    let stop = Stop::new(Arc::default());
    if rank > 0 {
        return ranks.follow(threads, &stop, &work);
    }
    let count = match scenario {
        "few" => 2,
        "none" => 0,
        _ => TASKS,
    };
    let mut listener = Listener::default();
    let ending = ranks.lead((0..count).collect(), threads, &stop, &work, &mut listener);
    match ending {
        Ok(ending) => {
            let RunProgress { total, done, failed } = listener.progress;
            assert_eq!(ending == Ending::Complete, done == total);
            println!("{ending:?} {done} of {total}, {failed} failed");
        }
        Err(error) => {
            println!("Err: {error}");
            drop(ranks);
            std::process::exit(1);
        }
    }
}
