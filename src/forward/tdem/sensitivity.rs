//! Derivatives of time-domain data by layers and geometry.
//!
//! Data are linear in spectra, and spectra are linear in weights and in reflection coefficients. Derivatives by layers
//! are therefore sums of the reflection coefficients' derivatives with the same weights, and derivatives by geometry
//! are sums of the same reflection coefficients with the weights' derivatives.

use super::coils::{Coils, Coupling};
use super::forward::TdemForward;
use super::mesh::add_products;
use super::operator::TdemOperator;
use super::placement::TdemPlacement;
use super::workspace::SensitivityWorkspace;
use crate::forward::Sensitivity;
use crate::system::{Axis, GeometryParameter};

impl TdemForward {
    /// Fills `sensitivity` for the current earth and geometry, and `self.rows` with the predicted rows.
    pub(super) fn differentiate(
        &mut self,
        reflection: &mut [f64],
        predicted: &mut [f64],
        sensitivity: &mut Sensitivity,
    ) {
        let mut work = std::mem::take(&mut self.work);
        let TdemPlacement { mesh, weights, .. } = self.placement();
        mesh.differentiate(&self.conductivity, &self.thickness_m, weights, reflection, &mut work.layers);
        self.record(reflection, predicted);
        let layer_count = self.conductivity.len();
        sensitivity.resize(predicted.len(), layer_count);
        self.by_layers(&mut work, predicted, sensitivity);
        self.by_geometry(&mut work, reflection, predicted, sensitivity);
        self.work = work;
    }

    fn by_layers(&self, work: &mut SensitivityWorkspace, predicted: &[f64], sensitivity: &mut Sensitivity) {
        let spectrum_len = self.placement().mesh.spectrum_len();
        let per_parameter = self.operator.spectra.len() * spectrum_len;
        for (layer, values) in work.layers.values.chunks_exact(2 * per_parameter).enumerate() {
            let (by_ln_conductivity, by_thickness) = values.split_at(per_parameter);
            self.spectra_to_channels(by_ln_conductivity, predicted, &mut work.rows, &mut work.channels);
            for (channel, value) in work.channels.iter().enumerate() {
                sensitivity.row_mut(channel).0[layer] = *value;
            }
            if layer < self.thickness_m.len() {
                self.spectra_to_channels(by_thickness, predicted, &mut work.rows, &mut work.channels);
                for (channel, value) in work.channels.iter().enumerate() {
                    // A deeper interface makes its layer thicker and the one below thinner.
                    let by_depth = sensitivity.row_mut(channel).1;
                    by_depth[layer] = *value;
                    if layer > 0 {
                        by_depth[layer - 1] -= *value;
                    }
                }
            }
        }
    }

    /// Computes the derivatives of rows from the derivatives of all spectra.
    fn spectra_to_rows(&self, spectra: &[f64], rows: &mut Vec<f64>) {
        rows.clear();
        rows.resize(self.operator.row_count, 0.0);
        let spectrum_len = self.placement().mesh.spectrum_len();
        let mut row = 0;
        for block in &self.operator.blocks {
            let spectrum = &spectra[block.spectrum * spectrum_len..][..spectrum_len];
            add_products(&block.matrix, spectrum, &mut rows[row..][..block.gate_count]);
            row += block.gate_count;
        }
    }

    fn spectra_to_channels(&self, spectra: &[f64], predicted: &[f64], rows: &mut Vec<f64>, channels: &mut Vec<f64>) {
        self.spectra_to_rows(spectra, rows);
        rows_to_channels(&self.operator, &self.rows, predicted, rows, channels);
    }

    fn by_geometry(
        &self,
        work: &mut SensitivityWorkspace,
        reflection: &[f64],
        predicted: &[f64],
        sensitivity: &mut Sensitivity,
    ) {
        let placement = self.placement();
        let coils = Coils::new(&placement.geometry);
        work.weights.resize(placement.mesh.wavenumber.len(), 0.0);
        let spectrum_len = placement.mesh.spectrum_len();
        for parameter in GeometryParameter::ALL {
            work.spectra.clear();
            work.spectra.resize(self.operator.spectra.len() * spectrum_len, 0.0);
            for (index, spectrum) in work.spectra.chunks_exact_mut(spectrum_len).enumerate() {
                if placement.derive(&self.operator, &coils, index, parameter, &mut work.weights) {
                    placement.mesh.sum(reflection, &work.weights, spectrum);
                }
            }
            self.spectra_to_rows(&work.spectra, &mut work.rows);
            if self.operator.adds_primary {
                let mut row = 0;
                for block in &self.operator.blocks {
                    let axis = self.operator.spectra[block.spectrum].1;
                    let primary = block.primary_scale * primary_by(&coils, axis, parameter);
                    work.rows[row..][..block.gate_count].iter_mut().for_each(|r| *r += primary);
                    row += block.gate_count;
                }
            }
            rows_to_channels(&self.operator, &self.rows, predicted, &work.rows, &mut work.channels);
            for (channel, value) in work.channels.iter().enumerate() {
                sensitivity.row_mut(channel).2[parameter.index()] = *value;
            }
        }
    }
}

fn primary_by(coils: &Coils, axis: Axis, parameter: GeometryParameter) -> f64 {
    let coupling = coils.coupling(axis);
    match parameter {
        GeometryParameter::Height => 0.0,
        GeometryParameter::TxRxDx => coupling.primary_by(0),
        GeometryParameter::TxRxDy => coupling.primary_by(1),
        GeometryParameter::TxRxDz => coupling.primary_by(2),
        angle => coils.coupling_by_angle(axis, angle).as_ref().map_or(0.0, Coupling::primary),
    }
}

/// Computes the derivatives of channels from the derivatives of `rows`. For vector amplitudes they are projected on the
/// vector.
fn rows_to_channels(
    operator: &TdemOperator,
    rows: &[f64],
    predicted: &[f64],
    row_derivatives: &[f64],
    channels: &mut Vec<f64>,
) {
    channels.clear();
    match &operator.lengths {
        None => channels.extend_from_slice(row_derivatives),
        Some(lengths) => channels.extend(lengths.parts.iter().zip(predicted).map(|(parts, length)| {
            let along: f64 = parts.iter().map(|&row| rows[row] * row_derivatives[row]).sum();
            if *length > 0.0 { along / length } else { 0.0 }
        })),
    }
}
