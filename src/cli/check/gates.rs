//! Prints the gates that are open while the current changes, for `geobipy check`.

use super::report::Report;
use crate::check::{DoubtfulGates, doubtful_gates};
use crate::run::Plan;
use crate::words::plural;

/// Number of gates that are shown.
const SHOWN: usize = 3;

/// Prints a warning for each system with such gates.
pub(super) fn tell(plan: &Plan, report: &mut Report) {
    let several = plan.system.moments().len() > 1;
    for found in doubtful_gates(plan) {
        report.warning(&text(&found, several));
    }
}

fn text(found: &DoubtfulGates, several: bool) -> String {
    let DoubtfulGates { system, next_pulse, gates, limit_s } = found;
    let shown = gates
        .iter()
        .take(SHOWN)
        .map(|(number, gate)| format!("{number} ({:.4e} to {:.4e} s)", gate.start_s, gate.end_s));
    let mut names = shown.collect::<Vec<_>>().join(", ");
    if gates.len() > SHOWN {
        names.push_str(", ...");
    }
    let (what, key) = if *next_pulse {
        ("the next pulse of the current begins within or before", "survey.gates_to_s")
    } else {
        ("the current changes within", "survey.gates_from_s")
    };
    let advice = match limit_s {
        Some(limit_s) if several => format!("{key} with {limit_s:e} for this system leaves them out"),
        Some(limit_s) => format!("{key} = {limit_s:e} leaves them out"),
        None => "compare the times of gates and waveform, and TimeShift".to_owned(),
    };
    format!("{system}: {what} {}: {names}; {advice}", plural(gates.len(), "gate"))
}
