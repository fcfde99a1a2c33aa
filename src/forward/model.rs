//! What a forward model does, and what it leaves behind.

use crate::earth::LayeredEarth;
use crate::system::{Geometry, GeometryParameter};

/// A model that predicts data from earth and geometry.
pub trait ForwardModel {
    /// Returns the number of data of one sounding.
    fn channel_count(&self) -> usize;

    /// Writes the data predicted for `earth` at `geometry`, one per channel in the system's unit, and stores in
    /// `response` the part of the computation that depends only on the earth.
    fn predict(
        &mut self,
        earth: &LayeredEarth,
        geometry: &Geometry,
        response: &mut EarthResponse,
        predicted: &mut [f64],
    );

    /// Predicts for another geometry over the earth for which `response` was filled. Where the physics allows it, this
    /// is much cheaper than [`predict`](Self::predict).
    fn predict_moved(
        &mut self,
        earth: &LayeredEarth,
        geometry: &Geometry,
        response: &EarthResponse,
        predicted: &mut [f64],
    );

    /// Returns whether [`predict_moved`](Self::predict_moved) costs little compared with [`predict`](Self::predict).
    fn moves_cheaply(&self) -> bool {
        false
    }

    /// Predicts like [`predict`](Self::predict), with the derivatives by every parameter of `earth` and of the
    /// geometry.
    fn predict_with_sensitivity(
        &mut self,
        earth: &LayeredEarth,
        geometry: &Geometry,
        predicted: &mut [f64],
        sensitivity: &mut Sensitivity,
    );

    /// Returns a cheaper and less accurate model of the same instrument, if there is one. The sampler screens proposals
    /// and runs hot copies of its chains with the cheaper model; recorded samples always follow the exact model.
    fn coarse(&mut self) -> Option<&mut dyn ForwardModel> {
        None
    }
}

/// The part of a prediction that depends only on the earth. Only the forward model that filled it can use it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EarthResponse {
    /// Placement of the nodes at which the values are.
    pub(super) steps: [i32; 2],
    pub(super) values: Vec<f64>,
}

/// Derivatives of the predicted data, each matrix stored channel by channel.
#[derive(Debug, Clone, Default)]
pub struct Sensitivity {
    layer_count: usize,
    ln_conductivity: Vec<f64>,
    interface_depth: Vec<f64>,
    geometry: Vec<f64>,
}

const GEOMETRY_LEN: usize = GeometryParameter::ALL.len();

impl Sensitivity {
    /// Makes room for `channel_count` channels and an earth of `layer_count` layers.
    pub fn resize(&mut self, channel_count: usize, layer_count: usize) {
        self.layer_count = layer_count;
        self.ln_conductivity.resize(channel_count * layer_count, 0.0);
        self.interface_depth.resize(channel_count * (layer_count - 1), 0.0);
        self.geometry.resize(channel_count * GEOMETRY_LEN, 0.0);
    }

    /// Returns d `channel` / d ln conductivity of each layer, data unit per ln(S/m).
    pub fn by_ln_conductivity(&self, channel: usize) -> &[f64] {
        &self.ln_conductivity[channel * self.layer_count..][..self.layer_count]
    }

    /// Returns d `channel` / d depth of each interface, data unit per m.
    pub fn by_interface_depth(&self, channel: usize) -> &[f64] {
        &self.interface_depth[channel * (self.layer_count - 1)..][..self.layer_count - 1]
    }

    /// Returns d `channel` / d `parameter`, data unit per m or degree. Frequency-domain systems have only the height.
    pub fn by_geometry(&self, channel: usize, parameter: GeometryParameter) -> f64 {
        self.geometry[channel * GEOMETRY_LEN + parameter.index()]
    }

    /// Returns the row of `channel` for writing: by ln conductivity, by interface depth, by geometry.
    pub fn row_mut(&mut self, channel: usize) -> (&mut [f64], &mut [f64], &mut [f64]) {
        let interface_count = self.layer_count - 1;
        (
            &mut self.ln_conductivity[channel * self.layer_count..][..self.layer_count],
            &mut self.interface_depth[channel * interface_count..][..interface_count],
            &mut self.geometry[channel * GEOMETRY_LEN..][..GEOMETRY_LEN],
        )
    }
}
