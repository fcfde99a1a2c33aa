//! A forward model together with a cheaper model of the same instrument.

use super::{EarthResponse, ForwardModel, Sensitivity};
use crate::earth::LayeredEarth;
use crate::system::Geometry;

/// A forward model that predicts with `exact` and gives `coarse` to the sampler; see [`ForwardModel::coarse`].
pub struct TwoLevels {
    exact: Box<dyn ForwardModel>,
    coarse: Box<dyn ForwardModel>,
}

impl TwoLevels {
    /// Combines two models. Both must be of the same instrument and have the same channels.
    pub fn new(exact: Box<dyn ForwardModel>, coarse: Box<dyn ForwardModel>) -> Self {
        debug_assert_eq!(exact.channel_count(), coarse.channel_count());
        Self { exact, coarse }
    }
}

impl ForwardModel for TwoLevels {
    fn channel_count(&self) -> usize {
        self.exact.channel_count()
    }

    fn predict(
        &mut self,
        earth: &LayeredEarth,
        geometry: &Geometry,
        response: &mut EarthResponse,
        predicted: &mut [f64],
    ) {
        self.exact.predict(earth, geometry, response, predicted);
    }

    fn predict_moved(
        &mut self,
        earth: &LayeredEarth,
        geometry: &Geometry,
        response: &EarthResponse,
        predicted: &mut [f64],
    ) {
        self.exact.predict_moved(earth, geometry, response, predicted);
    }

    fn moves_cheaply(&self) -> bool {
        self.exact.moves_cheaply()
    }

    fn predict_with_sensitivity(
        &mut self,
        earth: &LayeredEarth,
        geometry: &Geometry,
        predicted: &mut [f64],
        sensitivity: &mut Sensitivity,
    ) {
        self.exact.predict_with_sensitivity(earth, geometry, predicted, sensitivity);
    }

    fn coarse(&mut self) -> Option<&mut dyn ForwardModel> {
        Some(self.coarse.as_mut())
    }
}
