//! The grids of the posterior's histograms, common to a survey.

use rand::Rng;

use super::prior::{Deviation, ErrorPrior, Prior};
use crate::earth::{DepthGrid, LayeredEarth, Log10ConductivityGrid};
use crate::system::GeometryParameter;

/// The grids of a survey's histograms.
#[derive(Debug, Clone)]
pub struct Grids {
    /// Depth cells.
    pub depth: DepthGrid,
    /// Cells of log10 conductivity.
    pub log10_conductivity: Log10ConductivityGrid,
    /// Largest number of layers.
    pub maximum_layer_count: usize,
    /// Bounds of relative error cells, equal in ln, the same for all error groups; `None` when no relative error is
    /// sampled.
    pub relative_error: Option<Vec<f64>>,
    /// Bounds of additive error cells, equal in ln, the same for all error groups; `None` when no additive error is
    /// sampled.
    pub additive_error: Option<Vec<f64>>,
    /// Each sampled geometry parameter with the bounds of cells of its deviation from the measured value, m or degrees.
    pub geometry_deviation: Vec<(GeometryParameter, Vec<f64>)>,
    /// Depths in m at which convergence of log10 conductivity is judged.
    pub diagnostic_depths_m: Vec<f64>,
}

const DEPTH_CELLS: usize = 100;
const CONDUCTIVITY_CELLS_PER_DECADE: f64 = 25.0;
/// Minimum number of error cells, and cells per decade.
const ERROR_CELLS: usize = 60;
const ERROR_CELLS_PER_DECADE: f64 = 20.0;
const GEOMETRY_CELLS: usize = 60;
/// Depth cells are uniform in ln(z + 10 m).
const DEPTH_OFFSET_M: f64 = 10.0;

impl Grids {
    /// Makes the grids that cover `prior`.
    pub fn new(prior: &Prior) -> Self {
        let depth = DepthGrid::new(DEPTH_CELLS, prior.interfaces.maximum_depth_m(), DEPTH_OFFSET_M);
        let (low, high) = prior.conductivity.bounds;
        let (low, high) = (low / std::f64::consts::LN_10, high / std::f64::consts::LN_10);
        let cells = ((high - low) * CONDUCTIVITY_CELLS_PER_DECADE).round().max(1.0) as usize;
        let geometry_bounds = |&parameter: &GeometryParameter| {
            let range = match prior.geometry.deviation(parameter) {
                Deviation::Uniform { half_width } => half_width,
                deviation => 4.0 * deviation.std(),
            };
            (parameter, even_bounds(-range, range, GEOMETRY_CELLS))
        };
        let bounds_m = depth.bounds_m();
        let diagnostic_depths_m =
            [0.2, 0.4, 0.6, 0.8, 0.95].map(|f| bounds_m[(f * DEPTH_CELLS as f64) as usize]).to_vec();
        Self {
            log10_conductivity: Log10ConductivityGrid::new(cells, low, high),
            maximum_layer_count: prior.layer_count.maximum(),
            relative_error: error_bounds(&prior.relative_error),
            additive_error: error_bounds(&prior.additive_error),
            geometry_deviation: prior.geometry.sampled().iter().map(geometry_bounds).collect(),
            diagnostic_depths_m,
            depth,
        }
    }

    /// Adds `earth` to counts of log10 conductivity at the centre of each depth cell, row by row of depth.
    pub(super) fn count_conductivity(&self, earth: &LayeredEarth, counts: &mut [u32]) {
        let rows = counts.chunks_exact_mut(self.log10_conductivity.cell_count());
        let mut layer = 0;
        let mut column = self.column(earth, layer);
        for (row, z) in rows.zip(self.depth.centers_m()) {
            while earth.interface_depth_m().get(layer).is_some_and(|&interface| interface <= z) {
                layer += 1;
                column = self.column(earth, layer);
            }
            row[column] += 1;
        }
    }

    fn column(&self, earth: &LayeredEarth, layer: usize) -> usize {
        self.log10_conductivity.cell_of(earth.ln_conductivity()[layer] / std::f64::consts::LN_10)
    }

    /// Adds the interfaces of `earth` to counts in each depth cell.
    pub(super) fn count_interfaces(&self, earth: &LayeredEarth, counts: &mut [u32]) {
        for cell in earth.interface_depth_m().iter().filter_map(|&z| self.depth.cell_of(z)) {
            counts[cell] += 1;
        }
    }
}

/// Returns bounds of cells that cover the priors of all groups, fixed ones included; `None` when no error is sampled.
fn error_bounds(priors: &[ErrorPrior]) -> Option<Vec<f64>> {
    if !priors.iter().any(ErrorPrior::is_sampled) {
        return None;
    }
    let bounds = |prior: &ErrorPrior| match *prior {
        ErrorPrior::LogUniform { ln_minimum, ln_maximum } => (ln_minimum, ln_maximum),
        ErrorPrior::Fixed { ln_value } => (ln_value, ln_value),
    };
    let (low, high) = priors.iter().map(bounds).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
    let decades = (high - low) / std::f64::consts::LN_10;
    let cells = ERROR_CELLS.max((decades * ERROR_CELLS_PER_DECADE).ceil() as usize);
    Some(even_bounds(low, high, cells).into_iter().map(f64::exp).collect())
}

fn even_bounds(first: f64, last: f64, cells: usize) -> Vec<f64> {
    (0..=cells).map(|i| first + (last - first) * i as f64 / cells as f64).collect()
}

/// Returns the prior mean number of interfaces per depth cell, from `draws` draws. Interface histograms show it as a
/// reference.
pub fn prior_interface_counts(prior: &Prior, grids: &Grids, draws: usize, rng: &mut impl Rng) -> Vec<f64> {
    let mut counts = vec![0; grids.depth.cell_count()];
    (0..draws).for_each(|_| grids.count_interfaces(&prior.draw_earth(rng), &mut counts));
    counts.into_iter().map(|count| f64::from(count) / draws as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_cells_cover_sampled_and_fixed_groups() {
        let sampled = ErrorPrior::LogUniform { ln_minimum: 0.01_f64.ln(), ln_maximum: 0.1_f64.ln() };
        let fixed = ErrorPrior::Fixed { ln_value: 0.5_f64.ln() };
        let bounds = error_bounds(&[sampled, fixed]).unwrap();
        assert!((bounds[0] - 0.01).abs() < 1e-12 && (bounds[bounds.len() - 1] - 0.5).abs() < 1e-12);
        assert_eq!(error_bounds(&[fixed]), None);
    }
}
