//! Scaling of a run, simulated from measured costs of soundings and the time of rank 0's real work queue:
//!
//!     cargo bench --no-default-features --bench scaling
//!
//! Prints the tables of docs/scaling.md and writes out/scaling.csv, from which `python3 studies/scaling/figure.py`
//! draws.

mod costs;
mod machine;
mod policy;
mod queue;
mod simulation;

use std::fmt::Write as _;
use std::path::Path;

use geobipy::parallel::WorkQueue;

use costs::Measured;
use machine::Machine;
use policy::Steady;
use simulation::{Outcome, simulate};

#[global_allocator]
static ALLOCATOR: queue::Counting = queue::Counting;

const RANKS: [usize; 12] = [1, 4, 16, 64, 256, 1000, 2000, 4000, 9000, 20_000, 50_000, 100_000];
/// The numbers of ranks that are printed.
const PRINTED: [usize; 4] = [64, 1000, 9000, 100_000];
const SOUNDINGS: [usize; 3] = [10_000, 100_000, 1_000_000];
/// Soundings and ranks for which policies are compared, where order matters.
const COMPARED: [(usize, usize); 5] =
    [(10_000, 256), (10_000, 1000), (100_000, 1000), (100_000, 9000), (1_000_000, 100_000)];

fn main() {
    let udf = Measured::read("udf");
    let resolve = Measured::read("resolve");
    let mixed = Measured::mixed("mixed", &udf, &resolve);
    for measured in [&udf, &resolve] {
        println!("{}", measured.describe());
    }
    let machine = Machine::new(measure_queue(&udf));
    let reports = 1.0 / machine.answer_s();
    let rows = machine.bandwidth / machine.row_bytes;
    println!(
        "\nrank 0 answers {:.0} thousand reports a second, the file system takes {:.0} thousand rows",
        reports / 1e3,
        rows / 1e3
    );
    for measured in [&udf, &resolve] {
        println!(
            "{}: so many come from {:.0} thousand and {:.0} thousand ranks",
            measured.name,
            measured.mean_s() * reports / 1e3,
            measured.mean_s() * rows / 1e3
        );
    }
    let mut csv = String::from("survey,soundings,ranks,efficiency,bound\n");
    for measured in [&udf, &resolve] {
        scaling(&machine, measured, &mut csv);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("out/scaling.csv");
    std::fs::create_dir_all(path.parent().expect("it has one")).expect("out can be made");
    std::fs::write(path, csv).expect("out/scaling.csv can be written");
    policies(&machine, &[udf, resolve, mixed]);
}

/// Prints the cost of the work queue; returns its time per report where that is longest.
fn measure_queue(measured: &Measured) -> f64 {
    println!(
        "\n| ranks | soundings | queue, microseconds per report | slowest rank found in, microseconds | memory, MB |"
    );
    println!("|---:|---:|---:|---:|---:|");
    let mut report_s = 0.0;
    for (ranks, soundings) in [(1000, 10_000), (9000, 100_000), (100_000, 1_000_000)] {
        let queue = queue::measure(&measured.survey(soundings), ranks);
        report_s = f64::max(report_s, queue.report_s);
        println!(
            "| {ranks} | {soundings} | {:.2} | {:.0} | {:.1} |",
            queue.report_s * 1e6,
            queue.slowest_s * 1e6,
            queue.megabytes
        );
    }
    report_s
}

/// Simulates the program's policy with an increasing number of ranks.
fn scaling(machine: &Machine, measured: &Measured, csv: &mut String) {
    let survey = measured.name;
    println!("\n{survey}; shares of the ranks' time in %, of rank 0's and of the file system's\n");
    println!(
        "| soundings | ranks | per rank | makespan, s | efficiency | at best | writing | waiting | idle at the end \
         | rank 0 busy | file system busy |"
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for soundings in SOUNDINGS {
        let costs = measured.survey(soundings);
        for ranks in RANKS {
            let outcome = simulate(machine, &costs, ranks, program(soundings, ranks));
            let Outcome { makespan_s, bound, writing, waiting, end, .. } = outcome;
            let efficiency = outcome.efficiency();
            writeln!(csv, "{survey},{soundings},{ranks},{efficiency:.5},{bound:.5}").expect("strings take everything");
            if PRINTED.contains(&ranks) {
                let per_rank = soundings as f64 / ranks as f64;
                let [efficiency, bound] = [efficiency, bound].map(|share| 100.0 * share);
                let [writing, waiting, end] = [writing, waiting, end].map(|part| 100.0 * outcome.share(part));
                let busy = 100.0 * outcome.answering / makespan_s;
                let disk = 100.0 * machine.row_bytes / machine.bandwidth * soundings as f64 / makespan_s;
                println!(
                    "| {soundings} | {ranks} | {per_rank:.1} | {makespan_s:.1} | {efficiency:.1} | {bound:.1} \
                     | {writing:.2} | {waiting:.2} | {end:.1} | {busy:.2} | {disk:.2} |"
                );
            }
        }
    }
}

/// Prints the efficiency of several policies.
fn policies(machine: &Machine, surveys: &[Measured]) {
    println!("\nefficiency in %; in brackets: every rank always holds one sounding beside the one it computes\n");
    println!("| survey | soundings | ranks | this program | file order | longest first, were costs known | at best |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    for measured in surveys {
        for (soundings, ranks) in COMPARED {
            let costs = measured.survey(soundings);
            let program = simulate(machine, &costs, ranks, program(soundings, ranks));
            let [file_1, file_2] = [1, 2].map(|held| Steady::file_order(&costs, held, ranks));
            let [known_1, known_2] = [1, 2].map(|held| Steady::longest_first(&costs, held, ranks));
            let efficiency = |policy| 100.0 * simulate(machine, &costs, ranks, policy).efficiency();
            println!(
                "| {} | {soundings} | {ranks} | {:.1} | {:.1} ({:.1}) | {:.1} ({:.1}) | {:.1} |",
                measured.name,
                100.0 * program.efficiency(),
                efficiency(file_1),
                efficiency(file_2),
                efficiency(known_1),
                efficiency(known_2),
                100.0 * program.bound,
            );
        }
    }
}

fn program(soundings: usize, ranks: usize) -> WorkQueue {
    WorkQueue::new((0..soundings as u32).collect(), ranks, 1)
}
