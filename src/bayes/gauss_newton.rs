//! Linearised information of the data on conductivity at each depth and on the sampled geometry, computed in burn-in.
//!
//! Moves need J^T C^{-1} J for the layers of the current model, at every iteration. A layer is made of depth cells and
//! parts of cells, so that its column of J is a difference of two cumulative sums over cells, with linear interpolation
//! inside a cell. All products of two columns then follow from one table, F(z, z') = (sum of columns above z)^T C^{-1}
//! (sum of columns above z').

use super::likelihood::Likelihood;
use super::model::Model;
use super::prior::{ErrorPrior, Prior};
use crate::earth::{DepthGrid, LayeredEarth};
use crate::forward::{ForwardModel, Sensitivity};
use crate::system::{Geometry, GeometryParameter};

/// Depth cells of the linearisation, without the halfspace below them.
const CELL_COUNT: usize = 30;
/// Depths to which columns are summed: the surface, the bottom of each cell, and infinity.
const SUM_COUNT: usize = CELL_COUNT + 2;

/// Sensitivity of every active channel to ln conductivity on a grid of depth cells, and to the sampled geometry.
#[derive(Debug, Clone)]
pub struct GaussNewton {
    /// Bounds of the cells in m.
    bounds_m: Vec<f64>,
    /// Sensitivity to each cell and to the halfspace, one value per active channel, data unit per ln(S/m).
    sensitivity: Vec<f64>,
    /// Sensitivity to each sampled parameter, one value per active channel, data unit per m or degree.
    geometry_sensitivity: Vec<f64>,
    /// F of the module's text, `SUM_COUNT` x `SUM_COUNT`.
    cumulative: Vec<f64>,
    /// (sum of columns above z)^T C^{-1} (column of a geometry parameter), `SUM_COUNT` x parameters.
    cumulative_by_geometry: Vec<f64>,
    /// (column of a geometry parameter)^T C^{-1} (column of another), parameters x parameters.
    by_geometry: Vec<f64>,
    /// Weight of the data: the inverse temperature of the chain.
    data_weight: f64,
    work: FactorWorkspace,
}

/// Work space that is kept between proposals for its allocations.
#[derive(Debug, Clone, Default)]
struct FactorWorkspace {
    factor: Cholesky,
    diagonal: Vec<f64>,
    beside: Vec<f64>,
    bottoms: Vec<CellPosition>,
    /// For each of two neighbouring layers: F at the bottom of the layer and at the bottoms of all layers above.
    rows: [Vec<f64>; 2],
    step: Vec<f64>,
}

/// Position of a depth among the bounds of cells: the bound above, and the fraction of the cell above the depth.
#[derive(Debug, Clone, Copy)]
struct CellPosition {
    bound: usize,
    part: f64,
}

impl CellPosition {
    const INFINITY: CellPosition = CellPosition { bound: SUM_COUNT - 1, part: 0.0 };

    fn interpolate(self, value: impl Fn(usize) -> f64) -> f64 {
        let above = value(self.bound);
        if self.part == 0.0 { above } else { above + self.part * (value(self.bound + 1) - above) }
    }
}

impl GaussNewton {
    /// Returns depths in m of the middle of each cell of the linearisation, and one in the halfspace, for a prior that
    /// reaches down to `maximum_depth_m`.
    pub fn cell_depths_m(maximum_depth_m: f64) -> Vec<f64> {
        let mut depths: Vec<f64> = Self::grid(maximum_depth_m).centers_m().collect();
        depths.push(1.1 * maximum_depth_m);
        depths
    }

    /// Linearises about a profile of ln conductivities, one per depth of [`cell_depths_m`](Self::cell_depths_m), and
    /// about `geometry`. The errors are the middles of their priors.
    pub fn new(
        profile: Vec<f64>,
        geometry: &Geometry,
        prior: &Prior,
        likelihood: &Likelihood,
        forward: &mut dyn ForwardModel,
    ) -> Self {
        let bounds_m = Self::grid(prior.interfaces.maximum_depth_m()).bounds_m().to_vec();
        let earth = LayeredEarth::new(bounds_m[1..].to_vec(), profile).expect("one value per cell and the halfspace");
        let mut sensitivity = Sensitivity::default();
        let mut predicted = vec![0.0; forward.channel_count()];
        forward.predict_with_sensitivity(&earth, geometry, &mut predicted, &mut sensitivity);
        let active = likelihood.active_channels();
        let by_cell = |cell: usize| active.iter().map(move |&c| (c, cell));
        let by_geometry = |&p: &GeometryParameter| active.iter().map(move |&c| (c, p));
        let middle = |priors: &[ErrorPrior]| priors.iter().map(ErrorPrior::ln_middle).collect::<Vec<_>>();
        Self {
            sensitivity: (0..=CELL_COUNT)
                .flat_map(by_cell)
                .map(|(c, cell)| sensitivity.by_ln_conductivity(c)[cell])
                .collect(),
            geometry_sensitivity: (prior.geometry.sampled().iter())
                .flat_map(by_geometry)
                .map(|(c, p)| sensitivity.by_geometry(c, p))
                .collect(),
            bounds_m,
            cumulative: Vec::new(),
            cumulative_by_geometry: Vec::new(),
            by_geometry: Vec::new(),
            data_weight: 1.0,
            work: FactorWorkspace::default(),
        }
        .with_errors(&middle(&prior.relative_error), &middle(&prior.additive_error), likelihood)
    }

    /// Returns this linearisation with other ln errors of each group, such as the mean of sampled models.
    pub fn with_errors(mut self, ln_relative: &[f64], ln_additive: &[f64], likelihood: &Likelihood) -> Self {
        let variances: Vec<f64> = likelihood.typical_variances(ln_relative, ln_additive).collect();
        let n = variances.len();
        let column = |values: &[f64], i: usize| -> Vec<f64> {
            values[i * n..][..n].iter().zip(&variances).map(|(j, variance)| j / variance.sqrt()).collect()
        };
        let parameters = self.geometry_sensitivity.len().checked_div(n).unwrap_or(0);
        let mut sums = vec![vec![0.0; n]];
        for cell in 0..=CELL_COUNT {
            let cell = column(&self.sensitivity, cell);
            sums.push(sums[sums.len() - 1].iter().zip(&cell).map(|(sum, j)| sum + j).collect());
        }
        let geometry: Vec<Vec<f64>> = (0..parameters).map(|p| column(&self.geometry_sensitivity, p)).collect();
        let products = |rows: &[Vec<f64>], columns: &[Vec<f64>]| -> Vec<f64> {
            rows.iter().flat_map(|row| columns.iter().map(|column| dot(row, column))).collect()
        };
        self.cumulative = products(&sums, &sums);
        self.cumulative_by_geometry = products(&sums, &geometry);
        self.by_geometry = products(&geometry, &geometry);
        self
    }

    /// Returns this linearisation with the data's weight multiplied by `data_weight`.
    pub fn with_data_weight(mut self, data_weight: f64) -> Self {
        self.data_weight = data_weight;
        self
    }

    /// Returns the Cholesky factor of J^T C^{-1} J + prior precision of ln conductivities and sampled geometry for the
    /// layers of `model`, and room for a step, values first. Returns `None` when rounding makes the matrix not positive
    /// definite.
    pub(super) fn factor(&mut self, model: &Model, prior: &Prior) -> Option<(&Cholesky, &mut [f64])> {
        let layers = model.earth.layer_count();
        let k = layers + prior.geometry.sampled().len();
        let mut work = std::mem::take(&mut self.work);
        let FactorWorkspace { factor, diagonal, beside, bottoms, rows: [above, row], step } = &mut work;
        prior.conductivity.precision(&model.earth, diagonal, beside);
        bottoms.clear();
        bottoms.extend(model.earth.interface_depth_m().iter().map(|&z| self.position(z)));
        bottoms.push(CellPosition::INFINITY);
        above.clear();
        above.resize(layers, 0.0);
        let matrix = factor.reset(k);
        for i in 0..layers {
            row.clear();
            row.extend(bottoms[..=i].iter().map(|&bottom| self.cumulative_at(bottoms[i], bottom)));
            // F is symmetric, so that `row` has the diagonal element that `above` lacks.
            let above_of = |j: usize| if j == i && i > 0 { row[i - 1] } else { above[j] };
            let mut before = 0.0;
            for j in 0..=i {
                let difference = row[j] - above_of(j);
                matrix[i * k + j] = self.data_weight * (difference - before);
                before = difference;
            }
            matrix[i * k + i] += diagonal[i];
            if i > 0 {
                matrix[i * k + i - 1] += beside[i - 1];
            }
            above[..=i].copy_from_slice(row);
        }
        let sampled = k - layers;
        for p in 0..sampled {
            let mut before = 0.0;
            for (i, bottom) in bottoms.iter().enumerate() {
                let at = bottom.interpolate(|bound| self.cumulative_by_geometry[bound * sampled + p]);
                matrix[(layers + p) * k + i] = self.data_weight * (at - before);
                before = at;
            }
        }
        self.add_geometry(matrix, layers, k, prior);
        step.resize(k, 0.0);
        self.work = work;
        let FactorWorkspace { factor, step, .. } = &mut self.work;
        factor.decompose().then_some((&*factor, step.as_mut_slice()))
    }

    /// Returns the direction in which ln conductivities and sampled geometry of `model` change when the value below
    /// `interface` rises by one relative to the value above it and data and prior change least. Also returns the
    /// standard deviation that data and prior leave to this contrast.
    ///
    /// With H = J^T C^{-1} J + prior precision and a = e_below - e_above, x = H^{-1} a / (a^T H^{-1} a) minimises x^T H
    /// x among all x with a^T x = 1, and the standard deviation is (a^T H^{-1} a)^(1/2). Both depend only on the
    /// depths.
    pub fn contrast(&mut self, model: &Model, interface: usize, prior: &Prior) -> Option<(&mut [f64], f64)> {
        self.factor(model, prior)?;
        let FactorWorkspace { factor, step, .. } = &mut self.work;
        step.fill(0.0);
        step[interface] = -1.0;
        step[interface + 1] = 1.0;
        factor.solve_half(step);
        let variance: f64 = step.iter().map(|y| y * y).sum();
        factor.solve_transposed_half(step);
        step.iter_mut().for_each(|x| *x /= variance);
        Some((step, variance.sqrt()))
    }

    /// Returns the factor for the sampled geometry alone.
    pub(super) fn geometry_factor(&mut self, prior: &Prior) -> Option<&Cholesky> {
        let mut factor = std::mem::take(&mut self.work.factor);
        let k = prior.geometry.sampled().len();
        self.add_geometry(factor.reset(k), 0, k, prior);
        self.work.factor = factor;
        self.work.factor.decompose().then_some(&self.work.factor)
    }

    /// Fills the rows of `matrix`, of `k` columns, that belong to the sampled geometry, from row and column `first` on.
    fn add_geometry(&self, matrix: &mut [f64], first: usize, k: usize, prior: &Prior) {
        let sampled = prior.geometry.sampled();
        for (p, &parameter) in sampled.iter().enumerate() {
            for q in 0..=p {
                matrix[(first + p) * k + first + q] = self.data_weight * self.by_geometry[p * sampled.len() + q];
            }
            matrix[(first + p) * k + first + p] += prior.geometry.deviation(parameter).std().powi(-2);
        }
    }

    /// Returns F at two depths.
    fn cumulative_at(&self, one: CellPosition, other: CellPosition) -> f64 {
        one.interpolate(|i| other.interpolate(|j| self.cumulative[i * SUM_COUNT + j]))
    }

    fn position(&self, depth_m: f64) -> CellPosition {
        let above = self.bounds_m.partition_point(|&bound| bound <= depth_m);
        let bound = above.clamp(1, CELL_COUNT) - 1;
        let (top, bottom) = (self.bounds_m[bound], self.bounds_m[bound + 1]);
        CellPosition { bound, part: (depth_m - top) / (bottom - top) }
    }

    fn grid(maximum_depth_m: f64) -> DepthGrid {
        DepthGrid::new(CELL_COUNT, maximum_depth_m, 10.0)
    }
}

/// Returns a dot product. It has four sums, so that the compiler uses vectors.
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
    /// Returns a `len` x `len` matrix of zeros in which the caller stores a lower triangle, before
    /// [`decompose`](Self::decompose).
    fn reset(&mut self, len: usize) -> &mut [f64] {
        self.len = len;
        self.lower.clear();
        self.lower.resize(len * len, 0.0);
        &mut self.lower
    }

    /// Factors in place; returns false when the matrix is not positive definite.
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
    use rand::RngExt;

    use super::*;
    use crate::bayes::ladder::tests::target;
    use crate::bayes::likelihood::NoiseModel;
    use crate::bayes::prior::{Correlation, Deviation, GeometryPrior};
    use crate::bayes::rng::chain_rng;
    use crate::bayes::state::tests::state;
    use crate::forward::EarthResponse;

    /// A forward model with arbitrary derivatives.
    struct Arbitrary;

    const CHANNELS: usize = 7;

    impl Arbitrary {
        fn by(channel: usize, column: usize) -> f64 {
            chain_rng(channel as u64, column as f64, 0.0, 0).random_range(-1.0..1.0)
        }
    }

    impl ForwardModel for Arbitrary {
        fn channel_count(&self) -> usize {
            CHANNELS
        }

        fn predict(&mut self, _: &LayeredEarth, _: &Geometry, _: &mut EarthResponse, predicted: &mut [f64]) {
            predicted.fill(0.0);
        }

        fn predict_moved(&mut self, _: &LayeredEarth, _: &Geometry, _: &EarthResponse, _: &mut [f64]) {}

        fn predict_with_sensitivity(
            &mut self,
            earth: &LayeredEarth,
            _: &Geometry,
            _: &mut [f64],
            sensitivity: &mut Sensitivity,
        ) {
            sensitivity.resize(CHANNELS, earth.layer_count());
            for channel in 0..CHANNELS {
                let (by_layer, _, by_geometry) = sensitivity.row_mut(channel);
                by_layer.iter_mut().enumerate().for_each(|(cell, by)| *by = Self::by(channel, cell));
                by_geometry.iter_mut().enumerate().for_each(|(p, by)| *by = Self::by(channel, 100 + p));
            }
        }
    }

    /// The factor equals that of J^T C^{-1} J + prior precision with J summed over parts of cells, for interfaces at
    /// any place: inside cells, at bounds, several in a cell, at the bottom of the grid.
    #[test]
    fn factors_are_those_of_the_definition() {
        let mut prior = target(6).prior;
        prior.conductivity.correlation = Correlation::ByDistance { length_m: 8.0 };
        let mut deviations = [Deviation::Fixed; GeometryParameter::ALL.len()];
        deviations[GeometryParameter::Height.index()] = Deviation::Uniform { half_width: 2.0 };
        deviations[GeometryParameter::Height.index() + 1] = Deviation::Normal { std: 0.7 };
        prior.geometry = GeometryPrior::new(Geometry::level(35.0), deviations);
        let std: Vec<f64> = (0..CHANNELS).map(|c| 0.05 + 0.1 * c as f64).collect();
        let mut observed = [1.0; CHANNELS];
        observed[3] = f64::NAN;
        let likelihood = Likelihood::new(&observed, Some(&std), &NoiseModel::uniform(CHANNELS));
        let maximum_m = prior.interfaces.maximum_depth_m();
        let profile = vec![-4.0; GaussNewton::cell_depths_m(maximum_m).len()];
        let mut bounds = GaussNewton::grid(maximum_m).bounds_m().to_vec();
        *bounds.last_mut().unwrap() = maximum_m;
        let inside = |cell: usize, part: f64| bounds[cell] + part * (bounds[cell + 1] - bounds[cell]);
        let cases = [
            vec![],
            vec![inside(0, 0.3)],
            vec![bounds[7]],
            vec![maximum_m],
            vec![inside(CELL_COUNT - 1, 0.4)],
            vec![inside(12, 0.2), inside(12, 0.9)],
            vec![inside(12, 0.1), inside(12, 0.5), inside(12, 0.8), bounds[13], inside(13, 0.5)],
            vec![bounds[1], inside(3, 0.6), bounds[9], inside(20, 0.01), inside(29, 0.99)],
        ];
        for weight in [1.0, 0.3] {
            let mut linearised =
                GaussNewton::new(profile.clone(), &Geometry::level(35.0), &prior, &likelihood, &mut Arbitrary)
                    .with_data_weight(weight);
            for depths in &cases {
                let mut model = state(&[-4.0]).model;
                model.earth = LayeredEarth::new(depths.clone(), vec![-4.0; depths.len() + 1]).unwrap();
                let layers = depths.len() + 1;
                let sampled = prior.geometry.sampled();
                let k = layers + sampled.len();
                let share = |cell: usize, layer: usize| {
                    let top = if layer == 0 { 0.0 } else { depths[layer - 1] };
                    let bottom = depths.get(layer).copied().unwrap_or(f64::INFINITY);
                    if cell == CELL_COUNT {
                        return f64::from(u8::from(layer == layers - 1));
                    }
                    let overlap = bottom.min(bounds[cell + 1]) - top.max(bounds[cell]);
                    overlap.max(0.0) / (bounds[cell + 1] - bounds[cell])
                };
                let column = |i: usize, channel: usize| -> f64 {
                    match i.checked_sub(layers) {
                        None => (0..=CELL_COUNT).map(|cell| share(cell, i) * Arbitrary::by(channel, cell)).sum(),
                        Some(p) => Arbitrary::by(channel, 100 + sampled[p].index()),
                    }
                };
                let (mut diagonal, mut beside) = (Vec::new(), Vec::new());
                prior.conductivity.precision(&model.earth, &mut diagonal, &mut beside);
                let (factor, step) = linearised.factor(&model, &prior).unwrap();
                assert_eq!((factor.len, step.len()), (k, k));
                for i in 0..k {
                    for j in 0..=i {
                        let precision = match (i, j) {
                            (i, j) if i < layers && i == j => diagonal[i],
                            (i, j) if i < layers && i == j + 1 => beside[j],
                            (i, j) if i == j => prior.geometry.deviation(sampled[i - layers]).std().powi(-2),
                            _ => 0.0,
                        };
                        let data = |c: &usize| column(i, *c) * column(j, *c) / std[*c].powi(2);
                        let active = [0, 1, 2, 4, 5, 6];
                        let expected = weight * active.iter().map(data).sum::<f64>() + precision;
                        let got: f64 = (0..=j).map(|l| factor.lower[i * k + l] * factor.lower[j * k + l]).sum();
                        let scale = 1.0 + expected.abs();
                        assert!((got - expected).abs() < 1e-9 * scale, "{depths:?} {i} {j}: {got} against {expected}");
                    }
                }
            }
        }
    }

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
