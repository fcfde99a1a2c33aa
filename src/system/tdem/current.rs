//! Gates that are open while the current of the transmitter changes.

use super::{Gate, GateWeighting, TdemSystem, WaveformKind};

/// Largest change of the current that counts as none, relative to the largest current.
const STANDS_STILL: f64 = 1e-3;
/// Rounding error of times, relative to half a period.
const TIME_ROUNDING: f64 = 1e-6;

/// What the current of the transmitter does while a gate is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CurrentInGate {
    /// The current is off, or constant.
    Constant,
    /// The current changes, before the gates with a constant current.
    Changes,
    /// The next pulse begins while the gate is open or before.
    NextPulse,
}

impl TdemSystem {
    /// Says for each gate what the current does while the gate is open, tapers included. Where no gate has a constant current
    /// all gates are [`CurrentInGate::Changes`]. The answer is [`CurrentInGate::Constant`] for all gates when the waveform is
    /// not a current.
    pub fn current_in_gates(&self) -> Vec<CurrentInGate> {
        if self.waveform.kind != WaveformKind::Current {
            return vec![CurrentInGate::Constant; self.gates.len()];
        }
        let current = ExtendedCurrent::new(self);
        let still: Vec<Option<Still>> = self.gates.iter().map(|gate| current.still(self.open_s(gate))).collect();
        let constant = self.gates.iter().zip(&still).filter_map(|(gate, still)| Some((gate.start_s, (*still)?)));
        let first = constant.min_by(|a, b| a.0.total_cmp(&b.0));
        // A pulse and the pause after it last half a period, and the current of the pause is the smaller one.
        let half_period_s = self.half_period_s() * (1.0 - TIME_ROUNDING);
        let follows = |still: &Still, first: &Still| {
            still.since_s < first.since_s + half_period_s && still.size <= first.size + STANDS_STILL * current.largest
        };
        let judged = |(gate, still): (&Gate, &Option<Still>)| match (still, first) {
            (Some(still), Some((_, first))) if follows(still, &first) => CurrentInGate::Constant,
            (None, Some((start_s, _))) if gate.start_s < start_s => CurrentInGate::Changes,
            (_, Some(_)) => CurrentInGate::NextPulse,
            (_, None) => CurrentInGate::Changes,
        };
        self.gates.iter().zip(&still).map(judged).collect()
    }

    /// Returns the times between which a gate weighs the field, in s.
    fn open_s(&self, gate: &Gate) -> (f64, f64) {
        let taper_s = match self.gate_weighting {
            GateWeighting::LinearTaper => gate.end_s - gate.start_s,
            GateWeighting::Boxcar | GateWeighting::AreaUnderCurve => 0.0,
        };
        (gate.start_s - taper_s, gate.end_s + taper_s)
    }
}

/// A time over which the current is constant.
#[derive(Clone, Copy)]
struct Still {
    /// Begin of this time in s.
    since_s: f64,
    /// Absolute value of the current.
    size: f64,
}

/// The current over some half periods, each with the opposite sign of the one before.
struct ExtendedCurrent {
    /// Times in s, in order, and values; two points at one time are a jump.
    points: Vec<(f64, f64)>,
    largest: f64,
    rounding_s: f64,
}

impl ExtendedCurrent {
    fn new(system: &TdemSystem) -> Self {
        let waveform = &system.waveform;
        let half_period_s = system.half_period_s();
        let rounding_s = TIME_ROUNDING * half_period_s;
        let given: Vec<(f64, f64)> = waveform.time_s.iter().copied().zip(waveform.value.iter().copied()).collect();
        let largest = given.iter().fold(0.0_f64, |largest, (_, value)| largest.max(value.abs()));
        let first_s = given.first().map_or(0.0, |(time_s, _)| *time_s);
        let end_s = first_s + half_period_s;
        let mut half: Vec<(f64, f64)> = given.iter().copied().take_while(|(t, _)| *t < end_s - rounding_s).collect();
        half.push((end_s, value_at(&given, end_s)));
        // A gate may begin before the waveform and end a period after it begins; tapers reach further.
        let repeated = |count: i32| {
            let sign = if count % 2 == 0 { 1.0 } else { -1.0 };
            half.iter().map(move |(t, value)| (t + f64::from(count) * half_period_s, sign * value))
        };
        Self { points: (-2..=4).flat_map(repeated).collect(), largest, rounding_s }
    }

    /// Returns the time over which the current is constant that holds `open_s` to `close_s`; `None` if the current changes.
    fn still(&self, (open_s, close_s): (f64, f64)) -> Option<Still> {
        let (open_s, close_s) = (open_s + self.rounding_s, close_s - self.rounding_s);
        let inside = self.points.iter().filter(|(t, _)| *t > open_s && *t < close_s).map(|(_, value)| *value);
        let ends = [value_at(&self.points, open_s), value_at(&self.points, close_s.max(open_s))];
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in inside.chain(ends) {
            (low, high) = (low.min(value), high.max(value));
        }
        let is_still = |low: f64, high: f64| high - low <= STANDS_STILL * self.largest;
        if !is_still(low, high) {
            return None;
        }
        let before = self.points.iter().rev().skip_while(|(t, _)| *t >= open_s);
        let still = before.take_while(|(_, value)| is_still(low.min(*value), high.max(*value)));
        let since_s = still.last().map_or(open_s, |(t, _)| *t);
        Some(Still { since_s, size: low.abs().max(high.abs()) })
    }
}

/// Returns the value at a time: the last before a jump, and the first or last value outside of the points.
fn value_at(points: &[(f64, f64)], time_s: f64) -> f64 {
    let after = points.partition_point(|(t, _)| *t < time_s);
    match (after.checked_sub(1).map(|before| points[before]), points.get(after)) {
        (Some((t0, v0)), Some(&(t1, v1))) => v0 + (v1 - v0) * (time_s - t0) / (t1 - t0),
        (Some((_, last)), None) => last,
        (None, next) => next.map_or(0.0, |(_, first)| *first),
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::tests::{parse, with};
    use super::*;
    use CurrentInGate::{Changes, Constant, NextPulse};

    /// A system with this half period's waveform (50 Hz) and these gates.
    fn judged(waveform: &str, gates: &[(f64, f64)], weighting: &str) -> Vec<CurrentInGate> {
        let rows: String = gates.iter().map(|(start, end)| format!("{start} {end}\n")).collect();
        let text = with("-4e-3 0\n            -1e-3 1\n            0 0\n            6e-3 0", waveform)
            .replace("1e-3 2e-3\n            2e-3 4e-3", &rows)
            .replace("NumberOfWindows = 2", &format!("NumberOfWindows = {}", gates.len()))
            .replace("areaundercurve", weighting);
        parse(&text).unwrap().current_in_gates()
    }

    const PULSE: &str = "-4e-3 0\n-3.9e-3 1\n0 1\n1e-5 0\n6e-3 0";
    const SQUARE: &str = "-10e-3 0\n-9.99e-3 1\n-1e-5 1\n0 0\n1e-5 -1\n9.99e-3 -1\n10e-3 0";

    #[test]
    fn a_current_that_stands_still_is_constant() {
        assert_eq!(judged(SQUARE, &[(1e-5, 2e-5), (5e-3, 9.98e-3)], "Boxcar"), [Constant, Constant]);
        assert_eq!(judged(PULSE, &[(1e-5, 2e-5), (5e-3, 6e-3)], "Boxcar"), [Constant, Constant]);
        // During the pulse the current is constant, too.
        assert_eq!(judged(PULSE, &[(-3e-3, -2e-3), (1e-3, 6e-3)], "Boxcar"), [Constant, Constant]);
    }

    #[test]
    fn ramps_within_a_gate_are_found_at_both_ends() {
        assert_eq!(judged(PULSE, &[(5e-6, 2e-5), (1e-4, 1e-3)], "Boxcar"), [Changes, Constant]);
        assert_eq!(judged(PULSE, &[(1e-4, 1e-3), (5e-3, 6.05e-3)], "Boxcar"), [Constant, NextPulse]);
        assert_eq!(judged(SQUARE, &[(1e-4, 1e-3), (9e-3, 9.995e-3)], "Boxcar"), [Constant, NextPulse]);
        assert_eq!(judged(PULSE, &[(-1e-3, 5e-3)], "Boxcar"), [Changes]);
    }

    #[test]
    fn gates_within_the_next_pulse_are_found_although_its_current_is_constant() {
        assert_eq!(judged(PULSE, &[(1e-4, 1e-3), (7e-3, 8e-3)], "Boxcar"), [Constant, NextPulse]);
        assert_eq!(judged(SQUARE, &[(-9e-3, -8e-3), (1e-3, 2e-3)], "Boxcar"), [Constant, NextPulse]);
    }

    #[test]
    fn tapers_belong_to_the_gate() {
        let gates = [(2e-5, 4e-5), (2e-3, 3e-3)];
        assert_eq!(judged(PULSE, &gates, "Boxcar"), [Constant, Constant]);
        assert_eq!(judged(PULSE, &gates, "LinearTaper"), [Changes, Constant]);
    }

    #[test]
    fn a_jump_at_the_end_of_the_half_period_is_a_change() {
        let jumps = "-4e-3 1\n0 1\n1e-5 0.5\n6e-3 0.5";
        assert_eq!(judged(jumps, &[(1e-3, 2e-3), (5e-3, 6.1e-3)], "Boxcar"), [Constant, NextPulse]);
    }

    #[test]
    fn the_time_shift_counts() {
        let text = with("1e-3 2e-3", "0 2e-3");
        assert_eq!(parse(&text).unwrap().current_in_gates(), [Constant, Constant]);
        let text = text.replace("NumberOfWindows", "TimeShift = -1e-4\nNumberOfWindows");
        assert_eq!(parse(&text).unwrap().current_in_gates(), [Changes, Constant]);
    }
}
