//! Recorded samples of a chain.

use super::state::State;
use crate::earth::LayeredEarth;
use crate::system::Geometry;

/// One recorded sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Layers.
    pub earth: LayeredEarth,
    /// Relative error of each error group, a fraction.
    pub relative_error: Vec<f64>,
    /// Additive error of each error group, in the data's unit.
    pub additive_error: Vec<f64>,
    /// Position and attitude of the coils.
    pub geometry: Geometry,
    /// Predicted data.
    pub predicted: Vec<f64>,
    /// Chi-square over the active channels.
    pub misfit: f64,
    /// ln of prior times likelihood.
    pub ln_posterior: f64,
}

impl From<&State> for Sample {
    fn from(state: &State) -> Self {
        Self {
            earth: state.model.earth.clone(),
            relative_error: state.model.ln_relative_error.iter().map(|e| e.exp()).collect(),
            additive_error: state.model.ln_additive_error.iter().map(|e| e.exp()).collect(),
            geometry: state.model.geometry,
            predicted: state.fit.predicted.clone(),
            misfit: state.fit.misfit,
            ln_posterior: state.ln_posterior(),
        }
    }
}

/// Returns about `count` samples evenly spaced over all `chains`, with the index of their chain.
pub(super) fn thinned(chains: &[Vec<Sample>], count: usize) -> Vec<(usize, &Sample)> {
    let per_chain = count / chains.len();
    let of_chain = |(chain, samples): (usize, &'_ Vec<Sample>)| {
        let len = samples.len();
        (0..per_chain).map(move |i| (chain, i * len / per_chain))
    };
    chains.iter().enumerate().flat_map(of_chain).map(|(chain, i)| (chain, &chains[chain][i])).collect()
}
