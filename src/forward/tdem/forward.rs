//! Time-domain forward model of one sounding.

use std::sync::Arc;

use super::mesh;
use super::operator::{Lengths, TdemOperator};
use super::path::path_m;
use super::placement::TdemPlacement;
use super::workspace::SensitivityWorkspace;
use crate::earth::LayeredEarth;
use crate::forward::{EarthResponse, ForwardModel, Sensitivity};
use crate::system::Geometry;

/// Forward model of a time-domain instrument at one sounding.
#[derive(Debug, Clone)]
pub struct TdemForward {
    pub(super) operator: Arc<TdemOperator>,
    first_path_m: f64,
    first_width: f64,
    /// Nodes for the first path times powers of [`PATH_STEP`] and the first width times powers of [`WIDTH_STEP`], for
    /// all geometries that were used.
    placements: Vec<TdemPlacement>,
    current: usize,
    /// Primary field of each row.
    primary: Vec<f64>,
    pub(super) conductivity: Vec<f64>,
    pub(super) thickness_m: Vec<f64>,
    spectrum: Vec<f64>,
    pub(super) rows: Vec<f64>,
    pub(super) work: SensitivityWorkspace,
    /// Work space for geometries far from the geometry of a response.
    spare: EarthResponse,
}

/// Ratio of paths between two placements of nodes; each placement serves paths within 12 %.
const PATH_STEP: f64 = 1.25;
/// Ratio of widths between two placements of nodes; widths below [`NARROW`] make no difference.
const WIDTH_STEP: f64 = 1.4;
const NARROW: f64 = 0.5;

impl TdemForward {
    /// Makes a model for soundings mostly near `geometry`. Geometries with another path up and down need the
    /// computation of new nodes.
    pub fn new(operator: Arc<TdemOperator>, geometry: &Geometry) -> Self {
        let (first_path_m, first_width) = (path_m(geometry), operator.width(geometry));
        let mut forward = Self {
            first_path_m,
            first_width,
            placements: vec![TdemPlacement::new(&operator, [0, 0], first_path_m, first_width, geometry)],
            current: 0,
            primary: vec![0.0; operator.row_count],
            conductivity: Vec::new(),
            thickness_m: Vec::new(),
            spectrum: vec![0.0; 2 * operator.angular_mu.len()],
            rows: vec![0.0; operator.row_count],
            work: SensitivityWorkspace::default(),
            spare: EarthResponse::default(),
            operator,
        };
        forward.place(geometry);
        forward
    }

    /// Returns the number of frequencies times wavenumbers of a prediction, to which its time is proportional.
    pub fn point_count(&self) -> usize {
        self.operator.angular_mu.len() * self.placement().mesh.wavenumber.len()
    }

    /// Returns nodes and weights of the current geometry.
    pub(super) fn placement(&self) -> &TdemPlacement {
        &self.placements[self.current]
    }

    /// Does nothing when the geometry is unchanged, as after moves of the earth.
    fn set_geometry(&mut self, geometry: &Geometry) {
        if self.placement().geometry != *geometry {
            self.place(geometry);
        }
    }

    /// Puts `geometry` into the weights. Nodes depend only on the first geometry and the steps, so that a response
    /// always has the same meaning.
    fn place(&mut self, geometry: &Geometry) {
        let steps = self.steps(geometry);
        if self.placement().steps != steps {
            self.current = self.placements.iter().position(|p| p.steps == steps).unwrap_or_else(|| {
                let path_m = self.first_path_m * PATH_STEP.powi(steps[0]);
                let width = match steps[1] {
                    0 => self.first_width,
                    step => self.first_width.max(NARROW) * WIDTH_STEP.powi(step),
                };
                self.placements.push(TdemPlacement::new(&self.operator, steps, path_m, width, geometry));
                self.placements.len() - 1
            });
        }
        self.placements[self.current].set_geometry(&self.operator, geometry);
        if self.operator.adds_primary {
            let mut row = 0;
            for (block, primary) in self.operator.blocks.iter().zip(self.operator.primary_fields(geometry)) {
                self.primary[row..][..block.gate_count].fill(primary);
                row += block.gate_count;
            }
        }
    }

    fn steps(&self, geometry: &Geometry) -> [i32; 2] {
        let steps = |ratio: f64, step: f64| (ratio.ln() / step.ln()).round() as i32;
        let width = self.operator.width(geometry).max(NARROW) / self.first_width.max(NARROW);
        [steps(path_m(geometry) / self.first_path_m, PATH_STEP), steps(width, WIDTH_STEP)]
    }

    fn set_earth(&mut self, earth: &LayeredEarth) {
        self.conductivity.clear();
        self.conductivity.extend(earth.ln_conductivity().iter().map(|m| m.exp()));
        self.thickness_m.clear();
        self.thickness_m.extend((0..earth.layer_count() - 1).map(|layer| earth.thickness_m(layer)));
    }

    /// Computes the reflection coefficients of the current earth.
    fn reflect(&self, response: &mut EarthResponse) {
        let placement = self.placement();
        response.steps = placement.steps;
        response.values.resize(placement.mesh.reflection_len(), 0.0);
        placement.mesh.reflect(&self.conductivity, &self.thickness_m, &mut response.values);
    }

    /// Computes data from reflection coefficients, for the current geometry.
    pub(super) fn record(&mut self, reflection: &[f64], predicted: &mut [f64]) {
        let TdemPlacement { mesh, weights, .. } = &self.placements[self.current];
        self.rows.copy_from_slice(&self.primary);
        let mut row = 0;
        let mut current = usize::MAX;
        for block in &self.operator.blocks {
            if block.spectrum != current {
                current = block.spectrum;
                mesh.sum(reflection, &weights[current], &mut self.spectrum);
            }
            mesh::add_products(&block.matrix, &self.spectrum, &mut self.rows[row..][..block.gate_count]);
            row += block.gate_count;
        }
        match &self.operator.lengths {
            None => predicted.copy_from_slice(&self.rows),
            Some(lengths) => lengths.of(&self.rows, predicted),
        }
    }
}

impl ForwardModel for TdemForward {
    fn channel_count(&self) -> usize {
        self.operator.lengths.as_ref().map_or(self.operator.row_count, Lengths::count)
    }

    fn predict(
        &mut self,
        earth: &LayeredEarth,
        geometry: &Geometry,
        response: &mut EarthResponse,
        predicted: &mut [f64],
    ) {
        self.set_geometry(geometry);
        self.set_earth(earth);
        self.reflect(response);
        self.record(&response.values, predicted);
    }

    fn predict_moved(
        &mut self,
        earth: &LayeredEarth,
        geometry: &Geometry,
        response: &EarthResponse,
        predicted: &mut [f64],
    ) {
        self.set_geometry(geometry);
        if response.steps == self.placement().steps {
            self.record(&response.values, predicted);
        } else {
            let mut spare = std::mem::take(&mut self.spare);
            self.set_earth(earth);
            self.reflect(&mut spare);
            self.record(&spare.values, predicted);
            self.spare = spare;
        }
    }

    fn moves_cheaply(&self) -> bool {
        true
    }

    fn predict_with_sensitivity(
        &mut self,
        earth: &LayeredEarth,
        geometry: &Geometry,
        predicted: &mut [f64],
        sensitivity: &mut Sensitivity,
    ) {
        self.set_geometry(geometry);
        self.set_earth(earth);
        let mut spare = std::mem::take(&mut self.spare);
        spare.values.resize(self.placement().mesh.reflection_len(), 0.0);
        self.differentiate(&mut spare.values, predicted, sensitivity);
        self.spare = spare;
    }
}
