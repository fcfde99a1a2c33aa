//! Checks of the positions of the coils, and of gates that are open while the current changes.

use crate::quantiles::nearest;
use crate::run::Plan;
use crate::survey::Sounding;
use crate::system::{Gate, GeometryParameter, Normalisation, Waveform, WaveformKind};

/// Values of all geometry parameters of a survey.
#[derive(Debug, Default)]
pub struct Geometries {
    values: [Vec<f64>; GeometryParameter::ALL.len()],
}

/// Values of one geometry parameter, in rising order.
#[derive(Debug, Clone, Copy)]
pub struct GeometryValues<'a> {
    /// The parameter.
    pub parameter: GeometryParameter,
    /// Values in the unit of the parameter; at least one.
    pub sorted: &'a [f64],
}

impl GeometryValues<'_> {
    /// Returns the value in the middle.
    pub fn middle(&self) -> f64 {
        nearest(self.sorted, 0.5).unwrap_or(f64::NAN)
    }

    /// Returns the least and the greatest value.
    pub fn ends(&self) -> (f64, f64) {
        (self.sorted[0], self.sorted[self.sorted.len() - 1])
    }

    /// Returns the number of values that are farther than `limit` from the middle one.
    pub fn far(&self, limit: f64) -> usize {
        let middle = self.middle();
        self.sorted.iter().filter(|value| (*value - middle).abs() > limit).count()
    }

    /// Returns whether the parameter is an offset of the receiver.
    pub fn is_offset(&self) -> bool {
        [GeometryParameter::TxRxDx, GeometryParameter::TxRxDy, GeometryParameter::TxRxDz].contains(&self.parameter)
    }
}

impl Geometries {
    /// Adds the geometry of a sounding.
    pub fn add(&mut self, sounding: &Sounding) {
        for (values, parameter) in self.values.iter_mut().zip(GeometryParameter::ALL) {
            values.push(sounding.geometry.get(parameter));
        }
    }

    /// Returns the parameters that are not 0 at all soundings.
    pub fn values(&mut self) -> Vec<GeometryValues<'_>> {
        self.values.iter_mut().for_each(|values| values.sort_by(f64::total_cmp));
        let values = self.values.iter().zip(GeometryParameter::ALL);
        let values = values.map(|(sorted, parameter)| GeometryValues { parameter, sorted });
        values.filter(|values| values.ends() != (0.0, 0.0)).collect()
    }

    /// Returns whether a receiver is at a transmitter whose loop has no radius.
    pub fn is_receiver_in_transmitter(&self, plan: &Plan) -> bool {
        let is_apart = self.values[4..7].iter().any(|values| values.iter().any(|value| *value != 0.0));
        !is_apart && plan.system.moments().iter().any(|system| system.loop_radius_m == 0.0)
    }
}

/// Gates of a system that begin while the current still flows, and are open while it changes: such data are hard to process
/// and sensitive to every detail of the waveform.
#[derive(Debug, Clone, PartialEq)]
pub struct EarlyGates {
    /// Name of the system.
    pub system: String,
    /// Number of such gates.
    pub count: usize,
    /// Time at which the current is off, in s.
    pub off_s: f64,
}

/// Returns the systems that use early gates.
pub fn early_gates(plan: &Plan) -> Vec<EarlyGates> {
    let moments = plan.system.moments();
    let from = plan.config.survey.gates_from_s.as_ref().and_then(|times| times.values(moments.len()));
    let mut found = Vec::new();
    for (i, system) in moments.iter().enumerate() {
        let Some(off_s) = current_off_s(&system.waveform) else { continue };
        let from_s = from.as_ref().map_or(f64::NEG_INFINITY, |from| from[i]);
        let is_early =
            |gate: &&Gate| gate.start_s < off_s && gate.start_s >= from_s && current_changes(&system.waveform, gate);
        let count = system.gates.iter().filter(is_early).count();
        if count > 0 {
            found.push(EarlyGates { system: system.name.clone(), count, off_s });
        }
    }
    found
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
pub fn reference(plan: &Plan, parameter: GeometryParameter) -> Option<f64> {
    let system = plan.system.moments().iter().find(|system| system.normalisation != Normalisation::None)?;
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
