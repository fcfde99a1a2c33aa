//! Checks of the positions of the coils.

use crate::quantiles::nearest;
use crate::run::Plan;
use crate::survey::Sounding;
use crate::system::{GeometryParameter, Normalisation};

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

/// Returns the offset for which data in ppm were normalised.
pub fn reference(plan: &Plan, parameter: GeometryParameter) -> Option<f64> {
    let system = plan.system.moments().iter().find(|system| system.normalisation != Normalisation::None)?;
    Some(system.reference_geometry.get(parameter))
}
