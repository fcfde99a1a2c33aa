//! Checks of the positions and angles of the coils.

use super::super::plan::Plan;
use super::report::Report;
use crate::survey::Sounding;
use crate::system::{Gate, GeometryParameter, Normalisation, System, Waveform, WaveformKind};

/// Height above which airborne data contain little information, m.
const HIGH_M: f64 = 200.0;
/// Distance of an offset from the median of the survey at which it becomes doubtful, m.
const FAR_M: f64 = 10.0;

/// Values of all geometry parameters of a survey.
#[derive(Debug, Default)]
pub(super) struct Geometries {
    values: [Vec<f64>; GeometryParameter::ALL.len()],
}

impl Geometries {
    pub(super) fn add(&mut self, sounding: &Sounding) {
        for (values, parameter) in self.values.iter_mut().zip(GeometryParameter::ALL) {
            values.push(sounding.geometry.get(parameter));
        }
    }

    pub(super) fn tell(&mut self, plan: &Plan, report: &mut Report) {
        report.heading("geometry (least, middle, greatest)");
        for (values, parameter) in self.values.iter_mut().zip(GeometryParameter::ALL) {
            values.sort_by(f64::total_cmp);
            let (least, greatest) = (values[0], values[values.len() - 1]);
            if least == 0.0 && greatest == 0.0 {
                continue;
            }
            let middle = values[values.len() / 2];
            let unit = parameter.unit();
            report.line(&format!("  {:9} {least:9.2} {middle:9.2} {greatest:9.2} {unit}", parameter.name()));
            let far = |limit: f64| values.iter().filter(|value| (*value - middle).abs() > limit).count();
            let is_offset =
                [GeometryParameter::TxRxDx, GeometryParameter::TxRxDy, GeometryParameter::TxRxDz].contains(&parameter);
            let high = values.iter().filter(|value| **value > HIGH_M).count();
            if parameter == GeometryParameter::Height && high > 0 {
                report
                    .warning(&format!("{high} soundings are higher than {HIGH_M} m: they will hardly see the ground"));
            } else if is_offset && far(FAR_M) > 0 {
                report.warning(&format!("{} soundings are more than {FAR_M} m from the middle", far(FAR_M)));
            }
            if let Some(reference) = reference(plan, parameter)
                && is_offset
                && (reference - middle).abs() > FAR_M
            {
                report.warning(&format!("the system file's ReferenceGeometry has {reference} {unit}"));
            }
        }
        tell_ramps(plan, report);
        let is_apart = self.values[4..7].iter().any(|values| values.iter().any(|value| *value != 0.0));
        if let System::Tdem(instrument) = &plan.system
            && !is_apart
            && instrument.systems.iter().any(|system| system.loop_radius_m == 0.0)
        {
            report.warning("the receiver is at the transmitter, whose loop has no radius (ModellingLoopRadius)");
        }
    }
}

/// Reports gates that begin before the current is off, and gates that are open while the current changes. Such data are
/// hard to process and sensitive to every detail of the waveform.
fn tell_ramps(plan: &Plan, report: &mut Report) {
    let System::Tdem(instrument) = &plan.system else { return };
    let from = plan.config.survey.gates_from_s.as_ref().and_then(|times| times.values(instrument.systems.len()));
    for (i, system) in instrument.systems.iter().enumerate() {
        let Some(off_s) = current_off_s(&system.waveform) else { continue };
        let from_s = from.as_ref().map_or(f64::NEG_INFINITY, |from| from[i]);
        let is_early =
            |gate: &&Gate| gate.start_s < off_s && gate.start_s >= from_s && current_changes(&system.waveform, gate);
        let early = system.gates.iter().filter(is_early).count();
        if early > 0 {
            report.warning(&format!(
                "{early} gates of {} begin before its current is off at {off_s:.2e} s; survey.gates_from_s leaves gates out",
                system.name
            ));
        }
    }
}

/// Returns the time at which the current is off, if there is one.
fn current_off_s(waveform: &Waveform) -> Option<f64> {
    if waveform.kind != WaveformKind::Current {
        return None;
    }
    let largest = waveform.value.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let last = waveform.value.iter().rposition(|value| value.abs() > 1e-3 * largest)?;
    waveform.time_s.get(last + 1).copied()
}

/// Returns whether the current changes while `gate` is open. The current of a square wave with a duty cycle of 100 % is
/// constant.
fn current_changes(waveform: &Waveform, gate: &Gate) -> bool {
    let points = || waveform.time_s.iter().zip(&waveform.value);
    let segments = points().zip(points().skip(1));
    let during = segments.filter(|((begin, _), (end, _))| **begin < gate.end_s && **end > gate.start_s);
    let largest = waveform.value.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let change: f64 = during.map(|((_, before), (_, after))| (after - before).abs()).sum();
    change > 1e-3 * largest
}

/// Returns the offset for which data in ppm were normalised.
fn reference(plan: &Plan, parameter: GeometryParameter) -> Option<f64> {
    let System::Tdem(instrument) = &plan.system else { return None };
    let system = instrument.systems.iter().find(|system| system.normalisation != Normalisation::None)?;
    Some(system.reference_geometry.get(parameter))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Would catch: a warning about every gate of a square wave that is never off.
    #[test]
    fn currents_that_stand_still_do_not_change() {
        let waveform = Waveform {
            kind: WaveformKind::Current,
            time_s: vec![-0.02, -0.019, -0.001, 0.0, 0.001, 0.019, 0.02],
            value: vec![0.0, 1.0, 1.0, 0.0, -1.0, -1.0, 0.0],
        };
        let changes = |start_s, end_s| current_changes(&waveform, &Gate { start_s, end_s });
        assert!(!changes(0.001, 0.002) && !changes(0.01, 0.019));
        assert!(changes(0.0005, 0.002) && changes(0.01, 0.0195));
    }
}
