//! The joint prior of everything that is sampled.

use rand::Rng;

use super::conductivity::ConductivityPrior;
use super::errors::ErrorPrior;
use super::geometry::GeometryPrior;
use super::interfaces::InterfacePrior;
use super::layer_count::LayerCountPrior;
use crate::bayes::model::Model;
use crate::earth::LayeredEarth;

/// The joint prior of everything that is sampled.
#[derive(Debug, Clone)]
pub struct Prior {
    /// Prior of the number of layers.
    pub layer_count: LayerCountPrior,
    /// Prior of the interface depths, given their number.
    pub interfaces: InterfacePrior,
    /// Prior of the layers' ln conductivities, given the depths.
    pub conductivity: ConductivityPrior,
    /// Prior of the relative error of each error group, a fraction.
    pub relative_error: Vec<ErrorPrior>,
    /// Prior of the additive error of each error group, in the data's unit.
    pub additive_error: Vec<ErrorPrior>,
    /// Prior of the geometry.
    pub geometry: GeometryPrior,
}

impl Prior {
    /// Returns ln density of the earth: layer count, depths and ln conductivities. It is minus infinity outside the
    /// support.
    pub fn ln_density_earth(&self, earth: &LayeredEarth) -> f64 {
        let structure = self.layer_count.ln_probability(earth.layer_count())
            + self.interfaces.ln_density(earth.interface_depth_m());
        if structure == f64::NEG_INFINITY { structure } else { structure + self.conductivity.ln_density(earth) }
    }

    /// Returns ln density of errors and geometry, by ln error, metre and degree. It is minus infinity outside the
    /// support.
    pub fn ln_density_rest(&self, model: &Model) -> f64 {
        let errors = |priors: &[ErrorPrior], values: &[f64]| -> f64 {
            priors.iter().zip(values).map(|(prior, &value)| prior.ln_density(value)).sum()
        };
        errors(&self.relative_error, &model.ln_relative_error)
            + errors(&self.additive_error, &model.ln_additive_error)
            + self.geometry.ln_density(&model.geometry)
    }

    /// Returns ln density of `model`.
    pub fn ln_density(&self, model: &Model) -> f64 {
        self.ln_density_earth(&model.earth) + self.ln_density_rest(model)
    }

    /// Draws an earth.
    pub fn draw_earth(&self, rng: &mut (impl Rng + ?Sized)) -> LayeredEarth {
        let layer_count = self.layer_count.draw(rng);
        let depths = self.interfaces.draw(layer_count - 1, rng);
        let values = self.conductivity.draw(&depths, rng);
        LayeredEarth::new(depths, values).expect("the prior draws valid layers")
    }

    /// Draws a model.
    pub fn draw(&self, rng: &mut (impl Rng + ?Sized)) -> Model {
        Model {
            earth: self.draw_earth(rng),
            ln_relative_error: self.relative_error.iter().map(|prior| prior.draw(rng)).collect(),
            ln_additive_error: self.additive_error.iter().map(|prior| prior.draw(rng)).collect(),
            geometry: self.geometry.draw(rng),
        }
    }
}
