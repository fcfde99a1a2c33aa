//! The gates of a system file.

use super::Gate;
use super::block::Block;
use super::reading::{Reading, pair};
use super::waveform::TIME_ROUNDING;

/// Reads the gates and adds the time shift. The waveform begins at `first_s`. `first_s` is NaN and `half_period_s`
/// infinite when they are not known.
pub(super) fn read(reading: &mut Reading, receiver: &Block, first_s: f64, half_period_s: f64) -> Vec<Gate> {
    let count = reading.whole(receiver, "NumberOfWindows", None, 1..=100_000);
    let shift_s = reading.number(receiver, "TimeShift", Some(0.0), "a number", |_| true);
    let Some(block) = reading.block(receiver, "WindowTimes") else { return Vec::new() };
    if let Some(key) = receiver.key("NumberOfWindows")
        && key.value.parse().is_ok_and(|value: f64| value == count as f64)
        && block.rows.len() != count
    {
        let got = format!("{} rows in {}", block.rows.len(), block.name);
        reading.wrong(block.line, got, format_args!("{count} as NumberOfWindows in line {} says", key.line));
    }
    let mut gates = Vec::new();
    for row in &block.rows {
        let Some([start_s, end_s]) = pair(row, "start and end of a window in s", reading.path, &mut reading.errors)
        else {
            continue;
        };
        let gate = Gate { start_s: start_s + shift_s, end_s: end_s + shift_s };
        if start_s >= end_s {
            reading.wrong(row.line, format_args!("a window from {start_s} to {end_s} s"), "a start before its end");
        } else {
            check_gate(reading, row.line, gate, first_s, half_period_s);
        }
        gates.push(gate);
    }
    gates
}

fn check_gate(reading: &mut Reading, line: usize, gate: Gate, first_s: f64, half_period_s: f64) {
    let rounding_s = TIME_ROUNDING * half_period_s;
    let last_s = first_s + 2.0 * half_period_s;
    let got = format!("a window from {:.6e} to {:.6e} s", gate.start_s, gate.end_s);
    // Comparisons with NaN are false, so that a value that is wrong elsewhere causes no second error here.
    if gate.start_s < first_s - rounding_s || gate.end_s > last_s + rounding_s {
        let expected = format!("one within the waveform's period, from {first_s:.6e} to {last_s:.6e} s");
        reading.wrong(line, got, expected);
    } else if gate.end_s - gate.start_s > half_period_s + rounding_s {
        reading.wrong(line, got, format_args!("one no longer than half a period, {half_period_s:.6e} s"));
    }
}
