//! What the data say about conductivity at each depth and about the sampled geometry, linearised in burn-in.

use super::likelihood::Likelihood;
use super::prior::Prior;
use super::state::Model;
use crate::earth::{DepthGrid, LayeredEarth};
use crate::forward::{ForwardModel, Sensitivity};
use crate::system::{Geometry, GeometryParameter};

/// Depth cells of the linearisation, the halfspace below them not counted.
const CELL_COUNT: usize = 30;

/// Sensitivity of every active channel to ln conductivity on a grid of depth cells, and to the sampled geometry.
#[derive(Debug, Clone)]
pub struct GaussNewton {
    /// Bottoms of the cells in m.
    cell_bottoms_m: Vec<f64>,
    /// Cell by cell and of the halfspace, one value per active channel, data unit per ln(S/m).
    sensitivity: Vec<f64>,
    /// By each sampled parameter, one value per active channel, data unit per m or degree.
    geometry_sensitivity: Vec<f64>,
    likelihood: Likelihood,
    /// Weight of the data: the inverse temperature of the chain.
    data_weight: f64,
    work: Workspace,
}

/// Kept between proposals for its allocations.
#[derive(Debug, Clone, Default)]
struct Workspace {
    factor: Cholesky,
    diagonal: Vec<f64>,
    beside: Vec<f64>,
    shares: Vec<(usize, usize, f64)>,
    /// By layer, one value per active channel.
    by_layer: Vec<f64>,
    /// Weight of each active channel.
    weights: Vec<f64>,
    weighted: Vec<f64>,
    step: Vec<f64>,
}

impl GaussNewton {
    /// Depths in m of the middle of each cell of the linearisation, and one in the halfspace, for a prior reaching down
    /// to `maximum_depth_m`.
    pub fn cell_depths_m(maximum_depth_m: f64) -> Vec<f64> {
        let mut depths: Vec<f64> = Self::grid(maximum_depth_m).centers_m().collect();
        depths.push(1.1 * maximum_depth_m);
        depths
    }

    /// Linearises about a profile of ln conductivities, one per depth of [`cell_depths_m`](Self::cell_depths_m), and
    /// `geometry`.
    pub fn new(
        profile: Vec<f64>,
        geometry: &Geometry,
        prior: &Prior,
        likelihood: &Likelihood,
        forward: &mut dyn ForwardModel,
    ) -> Self {
        let cell_bottoms_m = Self::grid(prior.interfaces.maximum_depth_m()).bounds_m()[1..].to_vec();
        let earth = LayeredEarth::new(cell_bottoms_m.clone(), profile).expect("one value per cell and the halfspace");
        let mut sensitivity = Sensitivity::default();
        let mut predicted = vec![0.0; forward.channel_count()];
        forward.predict_with_sensitivity(&earth, geometry, &mut predicted, &mut sensitivity);
        let active = likelihood.active_channels();
        let by_cell = |cell: usize| active.iter().map(move |&c| (c, cell));
        let by_geometry = |&p: &GeometryParameter| active.iter().map(move |&c| (c, p));
        Self {
            sensitivity: (0..=cell_bottoms_m.len())
                .flat_map(by_cell)
                .map(|(c, cell)| sensitivity.by_ln_conductivity(c)[cell])
                .collect(),
            geometry_sensitivity: (prior.geometry.sampled().iter())
                .flat_map(by_geometry)
                .map(|(c, p)| sensitivity.by_geometry(c, p))
                .collect(),
            cell_bottoms_m,
            likelihood: likelihood.clone(),
            data_weight: 1.0,
            work: Workspace::default(),
        }
    }

    /// The same with the data counting `data_weight` times as much.
    pub fn with_data_weight(mut self, data_weight: f64) -> Self {
        self.data_weight = data_weight;
        self
    }

    /// Cholesky factor of J^T C^{-1} J + prior precision of ln conductivities and sampled geometry for the layers and errors of
    /// `model`, and room for a step, values first; `None` when it is not positive definite to rounding.
    pub(super) fn factor(&mut self, model: &Model, prior: &Prior) -> Option<(&Cholesky, &mut [f64])> {
        let layers = model.earth.layer_count();
        let sampled = prior.geometry.sampled();
        let k = layers + sampled.len();
        self.weigh(model);
        let Workspace { factor, diagonal, beside, shares, by_layer, weights, weighted, step } = &mut self.work;
        prior.conductivity.precision(&model.earth, diagonal, beside);
        let matrix = factor.reset(k);
        for i in 0..layers {
            matrix[i * k + i] = diagonal[i];
            if i > 0 {
                matrix[i * k + i - 1] = beside[i - 1];
            }
        }
        for (i, &parameter) in (layers..).zip(sampled) {
            matrix[i * k + i] = prior.geometry.deviation(parameter).std().powi(-2);
        }
        fill_shares(&self.cell_bottoms_m, &model.earth, shares);
        let n = weights.len();
        by_layer.clear();
        by_layer.resize(layers * n, 0.0);
        for &(cell, layer, share) in shares.iter() {
            let cell = &self.sensitivity[cell * n..][..n];
            by_layer[layer * n..][..n].iter_mut().zip(cell).for_each(|(sum, j)| *sum += share * j);
        }
        by_layer.extend_from_slice(&self.geometry_sensitivity);
        add_normal_matrix(matrix, by_layer, weights, weighted);
        step.resize(k, 0.0);
        factor.decompose().then_some((&*factor, step.as_mut_slice()))
    }

    /// How ln conductivities and sampled geometry of `model` go along when the value below `interface` gains one on that above,
    /// such that data and prior notice least; and the standard deviation that they leave to this contrast.
    ///
    /// With H = J^T C^{-1} J + prior precision and a = e_below - e_above, x = H^{-1} a / (a^T H^{-1} a) minimises x^T H x among
    /// all x with a^T x = 1, and the standard deviation is (a^T H^{-1} a)^(1/2). Both depend on depths and errors alone.
    pub fn contrast(&mut self, model: &Model, interface: usize, prior: &Prior) -> Option<(&mut [f64], f64)> {
        self.factor(model, prior)?;
        let Workspace { factor, step, .. } = &mut self.work;
        step.fill(0.0);
        step[interface] = -1.0;
        step[interface + 1] = 1.0;
        factor.solve_half(step);
        let variance: f64 = step.iter().map(|y| y * y).sum();
        factor.solve_transposed_half(step);
        step.iter_mut().for_each(|x| *x /= variance);
        Some((step, variance.sqrt()))
    }

    /// The factor of the sampled geometry alone.
    pub(super) fn geometry_factor(&mut self, model: &Model, prior: &Prior) -> Option<&Cholesky> {
        self.weigh(model);
        let sampled = prior.geometry.sampled();
        let k = sampled.len();
        let Workspace { factor, weights, weighted, .. } = &mut self.work;
        let matrix = factor.reset(k);
        for (i, &parameter) in sampled.iter().enumerate() {
            matrix[i * k + i] = prior.geometry.deviation(parameter).std().powi(-2);
        }
        add_normal_matrix(matrix, &self.geometry_sensitivity, weights, weighted);
        factor.decompose().then_some(&*factor)
    }

    /// Weights of the active channels with the errors of `model`.
    fn weigh(&mut self, model: &Model) {
        self.work.weights.clear();
        self.work.weights.extend(self.likelihood.typical_variances(model).map(|variance| self.data_weight / variance));
    }

    fn grid(maximum_depth_m: f64) -> DepthGrid {
        DepthGrid::new(CELL_COUNT, maximum_depth_m, 10.0)
    }
}

/// (cell, layer, share of the cell that lies in the layer), for all that overlap.
fn fill_shares(cell_bottoms_m: &[f64], earth: &LayeredEarth, shares: &mut Vec<(usize, usize, f64)>) {
    shares.clear();
    let (mut layer, mut top) = (0, 0.0);
    for (cell, &bottom) in cell_bottoms_m.iter().enumerate() {
        let cell_top = top;
        while let Some(&interface) = earth.interface_depth_m().get(layer).filter(|&&z| z < bottom) {
            shares.push((cell, layer, (interface - top) / (bottom - cell_top)));
            top = interface;
            layer += 1;
        }
        shares.push((cell, layer, (bottom - top) / (bottom - cell_top)));
        top = bottom;
    }
    shares.push((cell_bottoms_m.len(), earth.layer_count() - 1, 1.0));
}

/// The lower triangle of `matrix` plus J W J^T, `j` row by row with a value per weight.
fn add_normal_matrix(matrix: &mut [f64], j: &[f64], weights: &[f64], weighted: &mut Vec<f64>) {
    let n = weights.len();
    if n == 0 {
        return;
    }
    let k = j.len() / n;
    for (row, values) in j.chunks_exact(n).enumerate() {
        weighted.clear();
        weighted.extend(values.iter().zip(weights).map(|(j, w)| j * w));
        for (column, other) in j.chunks_exact(n).take(row + 1).enumerate() {
            matrix[row * k + column] += dot(weighted, other);
        }
    }
}

/// Four sums side by side, which the compiler makes vectors of.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (fours, others) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = fours.remainder().iter().zip(others.remainder()).map(|(x, y)| x * y).sum();
    let mut sums = [0.0; 4];
    for (x, y) in fours.zip(others) {
        for i in 0..4 {
            sums[i] += x[i] * y[i];
        }
    }
    rest + (sums[0] + sums[1]) + (sums[2] + sums[3])
}

/// Lower triangular L with L L^T = a symmetric positive definite matrix, row by row.
#[derive(Debug, Clone, Default)]
pub(super) struct Cholesky {
    lower: Vec<f64>,
    len: usize,
}

impl Cholesky {
    /// A `len` x `len` matrix of zeros to put a lower triangle into, before [`decompose`](Self::decompose).
    fn reset(&mut self, len: usize) -> &mut [f64] {
        self.len = len;
        self.lower.clear();
        self.lower.resize(len * len, 0.0);
        &mut self.lower
    }

    /// Factors in place; false when the matrix is not positive definite.
    fn decompose(&mut self) -> bool {
        let (len, matrix) = (self.len, &mut self.lower);
        for i in 0..len {
            for j in 0..=i {
                let dot: f64 = (0..j).map(|l| matrix[i * len + l] * matrix[j * len + l]).sum();
                let rest = matrix[i * len + j] - dot;
                if i == j {
                    if rest.is_nan() || rest <= 0.0 {
                        return false;
                    }
                    matrix[i * len + i] = rest.sqrt();
                } else {
                    matrix[i * len + j] = rest / matrix[j * len + j];
                }
            }
        }
        true
    }

    /// x <- L^{-1} x
    fn solve_half(&self, x: &mut [f64]) {
        for i in 0..self.len {
            let carried: f64 = (0..i).map(|j| self.lower[i * self.len + j] * x[j]).sum();
            x[i] = (x[i] - carried) / self.lower[i * self.len + i];
        }
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
        let mut factor = Cholesky { lower: matrix, len: 3 };
        assert!(factor.decompose());
        let mut x = vec![1.0, -2.0, 0.5];
        let b = x.clone();
        factor.solve_transposed_half(&mut x);
        // L^T x = b
        for (i, b) in b.iter().enumerate() {
            let back: f64 = (i..3).map(|j| factor.lower[j * 3 + i] * x[j]).sum();
            assert!((back - b).abs() < 1e-14);
        }
        assert!(!Cholesky { lower: vec![1.0, 0.0, 2.0, 1.0], len: 2 }.decompose());
    }
}
