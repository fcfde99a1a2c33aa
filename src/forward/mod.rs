//! Physics: the response of a layered earth and its derivatives. No randomness, no files.
//!
//! Inputs are checked where they enter the program ([`LayeredEarth::new`], the system readers); nothing is checked
//! again here because a survey calls these functions billions of times.

mod bessel;
mod fdem;
mod halfspace;
mod lanes;
mod reflection;

pub use fdem::{Accuracy, FdemForward};
pub use halfspace::best_halfspace;

use crate::earth::LayeredEarth;

/// Earth and bird height to data.
pub trait ForwardModel {
    /// Number of data of one sounding.
    fn channel_count(&self) -> usize;

    /// Writes the data predicted for `earth` with the bird `height_m` above ground; one per channel, the system's unit.
    fn predict(&mut self, earth: &LayeredEarth, height_m: f64, predicted: &mut [f64]);

    /// As [`predict`](Self::predict), with the derivatives by every parameter of `earth` and by height.
    fn predict_with_sensitivity(
        &mut self,
        earth: &LayeredEarth,
        height_m: f64,
        predicted: &mut [f64],
        sensitivity: &mut Sensitivity,
    );
}

/// Derivatives of the predicted data, each matrix stored channel by channel.
#[derive(Debug, Clone, Default)]
pub struct Sensitivity {
    layer_count: usize,
    ln_conductivity: Vec<f64>,
    interface_depth: Vec<f64>,
    height: Vec<f64>,
}

impl Sensitivity {
    /// Makes room for `channel_count` channels and an earth of `layer_count` layers.
    pub fn resize(&mut self, channel_count: usize, layer_count: usize) {
        self.layer_count = layer_count;
        self.ln_conductivity.resize(channel_count * layer_count, 0.0);
        self.interface_depth.resize(channel_count * (layer_count - 1), 0.0);
        self.height.resize(channel_count, 0.0);
    }

    /// d `channel` / d ln conductivity of each layer, data unit per ln(S/m).
    pub fn by_ln_conductivity(&self, channel: usize) -> &[f64] {
        &self.ln_conductivity[channel * self.layer_count..][..self.layer_count]
    }

    /// d `channel` / d depth of each interface, data unit per m.
    pub fn by_interface_depth(&self, channel: usize) -> &[f64] {
        &self.interface_depth[channel * (self.layer_count - 1)..][..self.layer_count - 1]
    }

    /// d `channel` / d bird height, data unit per m.
    pub fn by_height(&self, channel: usize) -> f64 {
        self.height[channel]
    }

    /// The row of `channel` for writing: by ln conductivity, by interface depth, by height.
    pub fn row_mut(&mut self, channel: usize) -> (&mut [f64], &mut [f64], &mut f64) {
        let interface_count = self.layer_count - 1;
        (
            &mut self.ln_conductivity[channel * self.layer_count..][..self.layer_count],
            &mut self.interface_depth[channel * interface_count..][..interface_count],
            &mut self.height[channel],
        )
    }
}
