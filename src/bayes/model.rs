//! What is sampled.

use crate::earth::LayeredEarth;
use crate::system::Geometry;

/// All sampled parameters.
#[derive(Debug, PartialEq)]
pub struct Model {
    /// Layers.
    pub earth: LayeredEarth,
    /// ln of the relative error of each error group, a fraction.
    pub ln_relative_error: Vec<f64>,
    /// ln of the additive error of each error group, in the data's unit (times the channels' shape).
    pub ln_additive_error: Vec<f64>,
    /// Position and attitude of the coils.
    pub geometry: Geometry,
}

impl Clone for Model {
    fn clone(&self) -> Self {
        Self {
            earth: self.earth.clone(),
            ln_relative_error: self.ln_relative_error.clone(),
            ln_additive_error: self.ln_additive_error.clone(),
            geometry: self.geometry,
        }
    }

    /// Copies without new allocations, because the sampler copies models all the time.
    fn clone_from(&mut self, source: &Self) {
        self.earth.clone_from(&source.earth);
        self.ln_relative_error.clone_from(&source.ln_relative_error);
        self.ln_additive_error.clone_from(&source.ln_additive_error);
        self.geometry = source.geometry;
    }
}
