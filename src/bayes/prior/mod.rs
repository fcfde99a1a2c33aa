//! What is believed before the data: proper, normalised densities that can be drawn from and tested.

mod conductivity;
mod errors;
mod height;
mod interfaces;
mod layer_count;

pub use conductivity::{ConductivityPrior, Correlation};
pub use errors::ErrorPrior;
pub use height::HeightPrior;
pub use interfaces::{DepthScale, InterfacePrior};
pub use layer_count::{LayerCountLaw, LayerCountPrior};

use rand::Rng;

use super::state::Model;
use crate::earth::LayeredEarth;

/// The joint prior of everything that is sampled.
#[derive(Debug, Clone)]
pub struct Prior {
    /// Of the number of layers.
    pub layer_count: LayerCountPrior,
    /// Of the interface depths, given their number.
    pub interfaces: InterfacePrior,
    /// Of the layers' ln conductivities, given the depths.
    pub conductivity: ConductivityPrior,
    /// Of the relative error, a fraction.
    pub relative_error: ErrorPrior,
    /// Of the additive error, in the data's unit.
    pub additive_error: ErrorPrior,
    /// Of the bird's height above ground.
    pub height: HeightPrior,
}

impl Prior {
    /// ln density of the earth: layer count, depths and ln conductivities. Minus infinity outside the support.
    pub fn ln_density_earth(&self, earth: &LayeredEarth) -> f64 {
        let structure = self.layer_count.ln_probability(earth.layer_count())
            + self.interfaces.ln_density(earth.interface_depth_m());
        if structure == f64::NEG_INFINITY { structure } else { structure + self.conductivity.ln_density(earth) }
    }

    /// ln density of errors and height, by ln error and by metre. Minus infinity outside the support.
    pub fn ln_density_rest(&self, model: &Model) -> f64 {
        self.relative_error.ln_density(model.ln_relative_error)
            + self.additive_error.ln_density(model.ln_additive_error)
            + self.height.ln_density(model.height_m)
    }

    /// ln density of `model`.
    pub fn ln_density(&self, model: &Model) -> f64 {
        self.ln_density_earth(&model.earth) + self.ln_density_rest(model)
    }

    /// An independent draw.
    pub fn draw(&self, rng: &mut impl Rng) -> Model {
        let layer_count = self.layer_count.draw(rng);
        let depths = self.interfaces.draw(layer_count - 1, rng);
        let values = self.conductivity.draw(&depths, rng);
        let earth = LayeredEarth::new(depths, values).expect("the prior draws valid layers");
        Model {
            earth,
            ln_relative_error: self.relative_error.draw(rng),
            ln_additive_error: self.additive_error.draw(rng),
            height_m: self.height.draw(rng),
        }
    }
}
