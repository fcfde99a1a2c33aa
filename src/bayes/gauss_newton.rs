//! What the data say about conductivity at each depth, linearised once in burn-in.

use super::likelihood::Likelihood;
use super::prior::Prior;
use super::state::Model;
use crate::earth::{DepthGrid, LayeredEarth};
use crate::forward::{ForwardModel, Sensitivity};

/// Depth cells of the linearisation, the halfspace below them not counted.
const CELL_COUNT: usize = 30;

/// Sensitivity of every active channel to ln conductivity on a grid of depth cells.
#[derive(Debug, Clone)]
pub struct GaussNewton {
    /// Bottoms of the cells in m.
    cell_bottoms_m: Vec<f64>,
    /// Channel by channel, one value per cell and one for the halfspace, per data unit.
    sensitivity: Vec<Vec<f64>>,
    likelihood: Likelihood,
    /// Weight of the data, 1 but for tests that want large steps.
    data_weight: f64,
}

impl GaussNewton {
    /// Depths in m of the middle of each cell of the linearisation, and one in the halfspace, for a prior reaching down
    /// to `maximum_depth_m`.
    pub fn cell_depths_m(maximum_depth_m: f64) -> Vec<f64> {
        let mut depths = Self::grid(maximum_depth_m).centers_m();
        depths.push(1.1 * maximum_depth_m);
        depths
    }

    /// Linearises about a profile of ln conductivities, one per depth of [`cell_depths_m`](Self::cell_depths_m).
    pub fn new(
        profile: Vec<f64>,
        height_m: f64,
        prior: &Prior,
        likelihood: &Likelihood,
        forward: &mut dyn ForwardModel,
    ) -> Self {
        let cell_bottoms_m = Self::grid(prior.interfaces.maximum_depth_m()).bounds_m()[1..].to_vec();
        let earth = LayeredEarth::new(cell_bottoms_m.clone(), profile).expect("one value per cell and the halfspace");
        let mut sensitivity = Sensitivity::default();
        let mut predicted = vec![0.0; forward.channel_count()];
        forward.predict_with_sensitivity(&earth, height_m, &mut predicted, &mut sensitivity);
        let rows = likelihood.active_channels().iter().map(|&c| sensitivity.by_ln_conductivity(c).to_vec());
        Self { cell_bottoms_m, sensitivity: rows.collect(), likelihood: likelihood.clone(), data_weight: 1.0 }
    }

    /// The same with the data counting `data_weight` times as much.
    pub fn with_data_weight(mut self, data_weight: f64) -> Self {
        self.data_weight = data_weight;
        self
    }

    /// Cholesky factor of J^T C^{-1} J + prior precision for the layers and errors of `model`; `None` when it is not
    /// positive definite to rounding.
    pub(super) fn factor(&self, model: &Model, prior: &Prior) -> Option<Cholesky> {
        let k = model.earth.layer_count();
        let (mut diagonal, mut beside) = (Vec::with_capacity(k), Vec::with_capacity(k));
        prior.conductivity.precision(&model.earth, &mut diagonal, &mut beside);
        let mut matrix = vec![0.0; k * k];
        for i in 0..k {
            matrix[i * k + i] = diagonal[i];
            if i > 0 {
                matrix[i * k + i - 1] = beside[i - 1];
            }
        }
        let shares = self.shares(&model.earth);
        let std = self.likelihood.std(model.ln_relative_error, model.ln_additive_error);
        let mut row = vec![0.0; k];
        for (cells, std) in self.sensitivity.iter().zip(std) {
            row.fill(0.0);
            for &(cell, layer, share) in &shares {
                row[layer] += share * cells[cell];
            }
            let weight = self.data_weight / (std * std);
            for i in 0..k {
                let scaled = weight * row[i];
                for j in 0..=i {
                    matrix[i * k + j] += scaled * row[j];
                }
            }
        }
        Cholesky::new(matrix, k)
    }

    /// (cell, layer, share of the cell that lies in the layer), for all that overlap.
    fn shares(&self, earth: &LayeredEarth) -> Vec<(usize, usize, f64)> {
        let mut shares = Vec::with_capacity(self.cell_bottoms_m.len() + earth.layer_count());
        let (mut layer, mut top) = (0, 0.0);
        for (cell, &bottom) in self.cell_bottoms_m.iter().enumerate() {
            let cell_top = top;
            while let Some(&interface) = earth.interface_depth_m().get(layer).filter(|&&z| z < bottom) {
                shares.push((cell, layer, (interface - top) / (bottom - cell_top)));
                top = interface;
                layer += 1;
            }
            shares.push((cell, layer, (bottom - top) / (bottom - cell_top)));
            top = bottom;
        }
        shares.push((self.cell_bottoms_m.len(), earth.layer_count() - 1, 1.0));
        shares
    }

    fn grid(maximum_depth_m: f64) -> DepthGrid {
        DepthGrid::new(CELL_COUNT, maximum_depth_m, 10.0)
    }
}

/// Lower triangular L with L L^T = a symmetric positive definite matrix, row by row.
#[derive(Debug)]
pub(super) struct Cholesky {
    lower: Vec<f64>,
    len: usize,
}

impl Cholesky {
    /// Factors the lower triangle of a `len` x `len` matrix.
    fn new(mut matrix: Vec<f64>, len: usize) -> Option<Self> {
        for i in 0..len {
            for j in 0..=i {
                let dot: f64 = (0..j).map(|l| matrix[i * len + l] * matrix[j * len + l]).sum();
                let rest = matrix[i * len + j] - dot;
                if i == j {
                    if rest.is_nan() || rest <= 0.0 {
                        return None;
                    }
                    matrix[i * len + i] = rest.sqrt();
                } else {
                    matrix[i * len + j] = rest / matrix[j * len + j];
                }
            }
        }
        Some(Self { lower: matrix, len })
    }

    /// x <- L^{-T} x
    pub(super) fn solve_transposed_half(&self, x: &mut [f64]) {
        for i in (0..self.len).rev() {
            let carried: f64 = (i + 1..self.len).map(|j| self.lower[j * self.len + i] * x[j]).sum();
            x[i] = (x[i] - carried) / self.lower[i * self.len + i];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cholesky_solves() {
        let matrix = vec![4.0, 0.0, 0.0, 2.0, 5.0, 0.0, 0.4, 1.0, 3.0];
        let factor = Cholesky::new(matrix, 3).unwrap();
        let mut x = vec![1.0, -2.0, 0.5];
        let b = x.clone();
        factor.solve_transposed_half(&mut x);
        // L^T x = b
        for (i, b) in b.iter().enumerate() {
            let back: f64 = (i..3).map(|j| factor.lower[j * 3 + i] * x[j]).sum();
            assert!((back - b).abs() < 1e-14);
        }
        assert!(Cholesky::new(vec![1.0, 0.0, 2.0, 1.0], 2).is_none());
    }
}
