//! Redraws the values of one to six neighbouring layers around their prior given the layers beside them.
//!
//! With c and P the mean and precision of that conditional Gaussian, m' = c + sqrt(1 - b^2) (m - c) + b P^{-1/2} xi
//! (Crank-Nicolson; Cotter et al. 2013) leaves it unchanged, so that q(m' -> m) / q(m -> m') = N(m | c, P) / N(m' | c, P).

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::definition::{Context, MoveDefinition, MoveWorkspace, Proposal};
use crate::bayes::model::Model;

const LONGEST_BLOCK: usize = 6;
/// Step sizes: small steps for blocks that the data determine, a fresh draw for blocks that they do not.
const STEPS: [f64; 4] = [0.1, 0.3, 0.6, 1.0];

pub(super) const MOVE: MoveDefinition = MoveDefinition::new("conductivity_block", 0.10, propose);

fn propose(candidate: &mut Model, context: &mut Context, rng: &mut dyn Rng) -> Proposal {
    let layer_count = candidate.earth.layer_count();
    let len = rng.random_range(1..=LONGEST_BLOCK.min(layer_count));
    let start = rng.random_range(0..=layer_count - len);
    let step = STEPS[rng.random_range(0..STEPS.len())];

    let MoveWorkspace { diagonal, beside } = &mut *context.work;
    context.prior.conductivity.precision(&candidate.earth, diagonal, beside);
    let prior_mean = context.prior.conductivity.mean;
    let (_, values) = candidate.earth.parts_mut();

    // P (c - mean) = -(precision towards the layers beside) (their deviation)
    let mut center = [0.0; LONGEST_BLOCK];
    if start > 0 {
        center[0] -= beside[start - 1] * (values[start - 1] - prior_mean);
    }
    if start + len < layer_count {
        center[len - 1] -= beside[start + len - 1] * (values[start + len] - prior_mean);
    }
    let precision = Tridiagonal::new(&diagonal[start..][..len], &beside[start..][..len - 1]);
    precision.solve(&mut center[..len]);
    center[..len].iter_mut().for_each(|c| *c += prior_mean);

    let mut noise = [0.0; LONGEST_BLOCK];
    noise[..len].iter_mut().for_each(|xi| *xi = StandardNormal.sample(rng));
    precision.solve_transposed_half(&mut noise[..len]);

    let block = &mut values[start..][..len];
    let deviations = |block: &[f64]| {
        let mut deviation = [0.0; LONGEST_BLOCK];
        for (d, (value, c)) in deviation.iter_mut().zip(block.iter().zip(&center)) {
            *d = value - c;
        }
        deviation
    };
    let before = precision.quadratic_form(&deviations(block)[..len]);
    let keep = (1.0 - step * step).sqrt();
    for (value, (c, xi)) in block.iter_mut().zip(center.iter().zip(&noise)) {
        *value = c + keep * (*value - c) + step * xi;
    }
    let after = precision.quadratic_form(&deviations(block)[..len]);
    Ok(0.5 * (after - before))
}

/// Cholesky factor L of a symmetric tridiagonal matrix: its diagonal and the elements below it.
struct Tridiagonal {
    len: usize,
    diagonal: [f64; LONGEST_BLOCK],
    below: [f64; LONGEST_BLOCK],
}

impl Tridiagonal {
    fn new(diagonal: &[f64], beside: &[f64]) -> Self {
        let mut factor = Self { len: diagonal.len(), diagonal: [0.0; LONGEST_BLOCK], below: [0.0; LONGEST_BLOCK] };
        for i in 0..diagonal.len() {
            let carried = if i == 0 { 0.0 } else { factor.below[i - 1] };
            factor.diagonal[i] = (diagonal[i] - carried * carried).sqrt();
            if i < beside.len() {
                factor.below[i] = beside[i] / factor.diagonal[i];
            }
        }
        factor
    }

    /// x <- (L L^T)^{-1} x
    fn solve(&self, x: &mut [f64]) {
        for i in 0..self.len {
            let carried = if i == 0 { 0.0 } else { self.below[i - 1] * x[i - 1] };
            x[i] = (x[i] - carried) / self.diagonal[i];
        }
        self.solve_transposed_half(x);
    }

    /// x <- L^{-T} x
    fn solve_transposed_half(&self, x: &mut [f64]) {
        for i in (0..self.len).rev() {
            let carried = if i + 1 == self.len { 0.0 } else { self.below[i] * x[i + 1] };
            x[i] = (x[i] - carried) / self.diagonal[i];
        }
    }

    /// Returns x^T L L^T x
    fn quadratic_form(&self, x: &[f64]) -> f64 {
        (0..self.len)
            .map(|i| {
                let carried = if i + 1 == self.len { 0.0 } else { self.below[i] * x[i + 1] };
                (self.diagonal[i] * x[i] + carried).powi(2)
            })
            .sum()
    }
}
