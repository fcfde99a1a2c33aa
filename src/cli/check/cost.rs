//! Prints the expected cost of a run, for `geobipy check`.

use indicatif::DecimalBytes;

use super::report::Report;
use crate::check::Cost;
use crate::parallel::thread_count;
use crate::run::Plan;

/// Prints the cost of a run of `count` soundings.
pub(super) fn tell(cost: &Cost, plan: &Plan, count: usize, report: &mut Report) {
    report.heading("cost of a run");
    let Some(estimate) = cost.estimate(plan, count) else {
        report.warning("no sounding could be sampled in that time");
        return;
    };
    report.line(&format!(
        "  {:.1} us for an iteration of a chain and its copies; {} of {} soundings tried were done in time",
        1e6 * estimate.seconds_per_iteration,
        estimate.finished,
        estimate.tried
    ));
    report.line(&format!(
        "  CPU time: {} to {} hours (assuming that unfinished soundings use the full budget)",
        short(estimate.cpu_hours.0),
        short(estimate.cpu_hours.1)
    ));
    report.line(&format!("  disk: {}", DecimalBytes(estimate.disk_bytes)));
    if let Some(memory_mb) = estimate.memory_mb {
        report.line(&format!("  memory: {memory_mb:.0} MB in this process with {} threads", thread_count(0)));
    }
    report.line("  upper limit in hours, by number of ranks or threads:");
    let counts = [1, 4, 16, 64, 256, 1024, 4096];
    let row: Vec<String> = counts
        .into_iter()
        .take_while(|&ranks| ranks <= count.max(1))
        .map(|ranks| format!("{ranks}: {}", short(estimate.wall_hours(ranks))))
        .collect();
    report.line(&format!("    {}", row.join("   ")));
}

fn short(hours: f64) -> String {
    if hours >= 10.0 { format!("{hours:.0}") } else { format!("{hours:.2}") }
}
