//! Room for what sensitivities are computed from.

use super::mesh::LayerDerivatives;

/// Work space of sensitivities.
#[derive(Debug, Clone, Default)]
pub(super) struct SensitivityWorkspace {
    pub(super) layers: LayerDerivatives,
    pub(super) weights: Vec<f64>,
    /// Derivatives of all spectra by one parameter.
    pub(super) spectra: Vec<f64>,
    /// Derivatives of the rows by one parameter.
    pub(super) rows: Vec<f64>,
    pub(super) channels: Vec<f64>,
}
