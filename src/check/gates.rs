//! Checks of the gates: whether they are open while the current of the transmitter changes.

use crate::run::{Plan, gate_limits_s};
use crate::system::{CurrentInGate, Gate, TdemSystem, time_between};

/// Gates of a system that are used although the current changes while they are open. Such data are hard to process, and
/// sensitive to every detail of the waveform.
#[derive(Debug, Clone, PartialEq)]
pub struct DoubtfulGates {
    /// Name of the system.
    pub system: String,
    /// Whether the next pulse begins while the gates are open or before.
    pub next_pulse: bool,
    /// The gates, with their numbers counted from 1.
    pub gates: Vec<(usize, Gate)>,
    /// The value of `survey.gates_from_s`, or for the next pulse of `survey.gates_to_s`, that leaves these gates out and keeps
    /// the others; `None` if no value does.
    pub limit_s: Option<f64>,
}

/// Returns the doubtful gates of all systems.
pub fn doubtful_gates(plan: &Plan) -> Vec<DoubtfulGates> {
    let limits = gate_limits_s(&plan.config, &plan.system);
    plan.system.moments().iter().zip(limits).flat_map(|(system, limits)| doubtful(system, limits)).collect()
}

/// Returns the doubtful gates of `system` that begin at `from_s` at the earliest and end at `to_s` at the latest.
fn doubtful(system: &TdemSystem, (from_s, to_s): (f64, f64)) -> Vec<DoubtfulGates> {
    let used = system.gates.iter().zip(system.current_in_gates()).enumerate();
    let used: Vec<(usize, Gate, CurrentInGate)> = used
        .filter(|(_, (gate, _))| gate.start_s >= from_s && gate.end_s <= to_s)
        .map(|(i, (gate, current))| (i + 1, *gate, current))
        .collect();
    let of_kind = |(kind, next_pulse): (CurrentInGate, bool)| {
        let gates: Vec<(usize, Gate)> =
            used.iter().filter(|gate| gate.2 == kind).map(|gate| (gate.0, gate.1)).collect();
        let others = || used.iter().filter(|gate| gate.2 == CurrentInGate::Constant).map(|gate| gate.1);
        let limit_s = if next_pulse {
            let latest = others().map(|gate| gate.end_s).fold(f64::NEG_INFINITY, f64::max);
            let earliest = gates.iter().map(|(_, gate)| gate.end_s).fold(f64::INFINITY, f64::min);
            time_between(latest, earliest)
        } else {
            let latest = gates.iter().map(|(_, gate)| gate.start_s).fold(f64::NEG_INFINITY, f64::max);
            time_between(latest, others().map(|gate| gate.start_s).fold(f64::INFINITY, f64::min))
        };
        (!gates.is_empty()).then(|| DoubtfulGates { system: system.name.clone(), next_pulse, gates, limit_s })
    };
    [(CurrentInGate::Changes, false), (CurrentInGate::NextPulse, true)].into_iter().filter_map(of_kind).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const SYSTEM: &str = "System Begin\nName = bird\nType = Time Domain\nTransmitter Begin\nNumberOfTurns = 1\n\
        PeakCurrent = 1\nLoopArea = 1\nBaseFrequency = 50\nWaveformCurrent Begin\n-4e-3 0\n-3.9e-3 1\n0 1\n1e-5 0\n6e-3 0\n\
        WaveformCurrent End\nTransmitter End\nReceiver Begin\nNumberOfWindows = 4\nWindowWeightingScheme = Boxcar\n\
        WindowTimes Begin\n5e-6 2e-5\n2e-5 4e-5\n1e-3 2e-3\n5e-3 6.2e-3\nWindowTimes End\nReceiver End\n\
        ForwardModelling Begin\nOutputType = dB/dt\nZOutputScaling = 1\nForwardModelling End\nSystem End\n";

    /// Would catch: an advice that leaves other gates out, or none.
    #[test]
    fn limits_leave_out_the_doubtful_gates_alone() {
        let system = TdemSystem::parse(SYSTEM, Path::new("b.stm")).unwrap();
        let all = doubtful(&system, (f64::NEG_INFINITY, f64::INFINITY));
        let numbers = |found: &DoubtfulGates| found.gates.iter().map(|gate| gate.0).collect::<Vec<_>>();
        let told: Vec<_> = all.iter().map(|found| (found.next_pulse, numbers(found))).collect();
        assert_eq!(told, [(false, vec![1]), (true, vec![4])]);
        let limits = (all[0].limit_s.unwrap(), all[1].limit_s.unwrap());
        assert_eq!(doubtful(&system, limits), []);
        let kept = system.gates.iter().filter(|gate| gate.start_s >= limits.0 && gate.end_s <= limits.1).count();
        assert_eq!(kept, 2);
    }
}
