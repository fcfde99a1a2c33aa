//! `cargo bench --bench ranks`: measures the share of N ranks' time that is spent in soundings. Prints a table that
//! docs/scaling.md quotes.
//!
//! Soundings that only sleep, for 10 to 500 ms at random, test the work queue with more ranks than there are cores. A
//! real survey, inverted by the program with 1 and with 2 ranks in turn, tests everything. Efficiency is N x the
//! throughput of one rank / the throughput of N, from the first to the last sounding; start-up and end are given
//! separately.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use geobipy::parallel::{Done, Ranks, RunProgress, Slowest, Stop, TaskCallback, Watch};
use rand::{RngExt, SeedableRng};

/// Numbers of soundings per rank and of a single rank, and repetitions of the real survey.
const PER_RANK: u32 = 100;
const ALONE: u32 = 80;
const REPEATS: usize = 3;

fn main() {
    let args: Vec<String> = env::args().collect();
    if let [_, mark, count] = &args[..]
        && mark == "as-a-rank"
    {
        return sleeping_rank(count.parse().unwrap());
    }
    println!("ranks,load,efficiency,soundings,loop_s,start_s,end_s");
    let alone = sleeping_job(1, ALONE);
    for ranks in [2, 4, 16, 64] {
        let job = sleeping_job(ranks, PER_RANK * ranks as u32);
        // Efficiency is relative to a mean sounding, because the soundings differ.
        let efficiency = (job.asleep_s / ranks as f64 / job.loop_s) / (alone.asleep_s / alone.loop_s);
        let Job { count, loop_s, start_s, end_s, .. } = job;
        println!("{ranks},sleeping,{efficiency:.4},{count},{loop_s:.2},{start_s:.2},{end_s:.2}");
    }
    real_survey();
}

struct Job {
    count: u32,
    /// Sum of the times of all soundings.
    asleep_s: f64,
    loop_s: f64,
    /// Time from mpirun to the first sounding, and from the last sounding to the end of mpirun.
    start_s: f64,
    end_s: f64,
}

/// Duration of a sleeping sounding.
fn nap(task: u32) -> Duration {
    Duration::from_millis(rand_chacha::ChaCha8Rng::seed_from_u64(task.into()).random_range(10..=500))
}

fn mpirun(ranks: usize) -> Command {
    let mut command = Command::new("mpirun");
    command.args(["--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-n", &ranks.to_string()]);
    command
}

fn sleeping_job(ranks: usize, count: u32) -> Job {
    let started = Instant::now();
    let output = mpirun(ranks)
        .arg(env::current_exe().unwrap())
        .args(["as-a-rank", &count.to_string()])
        .output()
        .unwrap_or_else(|error| panic!("mpirun: {error}"));
    let total_s = started.elapsed().as_secs_f64();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    let number = |line: usize| said.lines().nth(line).unwrap().parse::<f64>().unwrap();
    let (loop_s, end_s) = (number(0), number(1));
    let asleep_s = (0..count).map(|task| nap(task).as_secs_f64()).sum();
    Job { count, asleep_s, loop_s, start_s: total_s - loop_s - end_s, end_s }
}

struct Deaf;

impl Watch for Deaf {
    fn update(&mut self, _: RunProgress, _: Option<Slowest>) {}
    fn note(&mut self, _: usize, _: &str) {}
}

fn sleeping_rank(count: u32) {
    let ranks = Ranks::join().unwrap();
    let stop = Stop::new(Arc::default());
    let work = |task: u32, callback: &mut TaskCallback| {
        let until = Instant::now() + nap(task);
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            std::thread::sleep(left.min(Duration::from_millis(2)));
            if callback().is_break() {
                return Ok(None);
            }
        }
        Ok(Some(Done::default()))
    };
    if ranks.rank() > 0 {
        return ranks.follow(1, &stop, &work);
    }
    let started = Instant::now();
    ranks.lead((0..count).collect(), 1, &stop, &work, &mut Deaf).unwrap();
    println!("{}", started.elapsed().as_secs_f64());
    let ended = Instant::now();
    drop(ranks);
    println!("{}", ended.elapsed().as_secs_f64());
}

/// Inverts the helicopter example with 1 and with 2 ranks in turn. Two busy cores are not twice as fast as one alone,
/// so that one rank is measured while another job of one rank keeps the other core equally busy.
fn real_survey() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tdem");
    for entry in fs::read_dir(examples).unwrap() {
        let file = entry.unwrap();
        fs::copy(file.path(), path(&file.file_name().to_string_lossy())).unwrap();
    }
    let geobipy = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_geobipy"));
        command.current_dir(folder.path());
        command
    };
    let run = |mut command: Command| {
        let output = command.current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let mut simulate = geobipy();
    simulate.args(["simulate", "--system", "helicopter_lm.stm", "--system", "helicopter_hm.stm", "--wedge", "48"]);
    simulate.args(["--offset", "-13", "0", "2", "--noise-relative", "0.03"]);
    simulate.args(["--noise-additive", "3e-14", "--noise-additive", "3e-15", "--output", "helicopter.csv"]);
    run(simulate);
    let budget = "\n[sampler]\nmaximum_burn_in = 10000\nmaximum_iterations = 40000\n";
    let config = fs::read_to_string(path("helicopter.toml")).unwrap() + budget;
    fs::write(path("helicopter.toml"), config).unwrap();

    let invert = |ranks: usize, output: &str| {
        let mut command = mpirun(ranks);
        command.arg(env!("CARGO_BIN_EXE_geobipy")).args(["invert", "helicopter.toml", output, "--mpi"]);
        let started = Instant::now();
        run(command);
        started.elapsed().as_secs_f64()
    };
    for repeat in 0..REPEATS {
        let [a, b] = ["a", "b"].map(|half| format!("alone_{half}_{repeat}"));
        let one_s = std::thread::scope(|scope| {
            let other = scope.spawn(|| invert(1, &a));
            let own_s = invert(1, &b);
            0.5 * (own_s + other.join().unwrap())
        });
        let two_s = invert(2, &format!("two_{repeat}"));
        println!("2,helicopter,{:.4},48,{two_s:.2},0,0", one_s / (2.0 * two_s));
    }
}
