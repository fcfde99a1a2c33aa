//! Computes the evidence for a sounding's verdict from the recorded samples.

use super::chain::Target;
use super::grids::Grids;
use super::histograms::Histograms;
use super::monte_carlo_error::MonteCarloError;
use super::prior::{ConductivityPrior, Deviation, ErrorPrior};
use super::sample::Sample;
use super::verdict::{Evidence, Mixing};
use crate::quantiles::nearest;
use crate::system::GeometryParameter;

/// Number of cells of log10 conductivity that are near a bound: with 25 per decade a factor of 1.6.
const NEAR_CELLS: usize = 5;

impl Evidence {
    /// Computes the evidence of a sounding whose chains mixed like `mixing`.
    pub(super) fn new(
        mixing: Mixing,
        histograms: &Histograms,
        chains: &[Vec<Sample>],
        errors: &MonteCarloError,
        grids: &Grids,
        target: &Target,
    ) -> Self {
        Self {
            mixing,
            median_error: errors.of_median(),
            tail_error: errors.of_tails(),
            misfit: median_misfit(chains),
            channel_count: target.likelihood.active_channels().len(),
            share_at_bounds: share_at_bounds(&histograms.hitmap, grids, &target.prior.conductivity),
            error_share_at_bounds: error_share_at_bounds(chains, target),
            geometry_share_at_bounds: geometry_share_at_bounds(chains, target),
            median_conductivity: median_conductivity(&histograms.hitmap, grids),
        }
    }
}

/// Outer part of the range of a prior that is at its bound.
const OUTER: f64 = 0.02;
/// Standard deviations from its measured value at which a geometry parameter with a normal prior is at its bound.
const NORMAL_BOUND: f64 = 2.0;

/// The larger of the shares of samples for which `value` is at most `low`, and at least `high`.
fn share_outside(chains: &[Vec<Sample>], low: f64, high: f64, value: impl Fn(&Sample) -> f64) -> f64 {
    let (mut below, mut above, mut count) = (0_usize, 0_usize, 0_usize);
    for value in chains.iter().flatten().map(value) {
        below += usize::from(value <= low);
        above += usize::from(value >= high);
        count += 1;
    }
    below.max(above) as f64 / count as f64
}

/// The lower bound of a factor on given standard deviations does not count: it says that these are lower limits, and many
/// soundings need no more.
fn error_share_at_bounds(chains: &[Vec<Sample>], target: &Target) -> f64 {
    let has_lower_limit = target.likelihood.has_std();
    let share = |prior: &ErrorPrior, value: &dyn Fn(&Sample) -> f64| match *prior {
        ErrorPrior::Fixed { .. } => 0.0,
        ErrorPrior::LogUniform { ln_minimum, ln_maximum } => {
            let outer = OUTER * (ln_maximum - ln_minimum);
            let low = if has_lower_limit { f64::NEG_INFINITY } else { ln_minimum + outer };
            share_outside(chains, low, ln_maximum - outer, |sample| value(sample).ln())
        }
    };
    let prior = &target.prior;
    let relative = prior.relative_error.iter().enumerate().map(|(group, of)| share(of, &|s| s.relative_error[group]));
    let additive = prior.additive_error.iter().enumerate().map(|(group, of)| share(of, &|s| s.additive_error[group]));
    relative.chain(additive).fold(0.0, f64::max)
}

fn geometry_share_at_bounds(chains: &[Vec<Sample>], target: &Target) -> f64 {
    let prior = &target.prior.geometry;
    let share = |&parameter: &GeometryParameter| {
        let distance = match prior.deviation(parameter) {
            Deviation::Fixed => return 0.0,
            Deviation::Uniform { half_width } => (1.0 - 2.0 * OUTER) * half_width,
            Deviation::Normal { std } => NORMAL_BOUND * std,
        };
        let measured = prior.measured().get(parameter);
        share_outside(chains, -distance, distance, |sample| sample.geometry.get(parameter) - measured)
    };
    prior.sampled().iter().map(share).fold(0.0, f64::max)
}

/// Lowest and highest median conductivity of a depth cell in S/m, to half a cell of conductivity.
fn median_conductivity(hitmap: &[u32], grids: &Grids) -> (f64, f64) {
    let bounds = grids.log10_conductivity.bounds();
    let median_cell = |row: &[u32]| {
        let half = row.iter().sum::<u32>().div_ceil(2);
        let mut below = 0;
        row.iter().position(|count| {
            below += count;
            below >= half
        })
    };
    let cells = hitmap.chunks_exact(bounds.len() - 1).filter_map(median_cell);
    let (lowest, highest) = cells.fold((usize::MAX, 0), |(low, high), cell| (low.min(cell), high.max(cell)));
    if lowest > highest {
        return (f64::NAN, f64::NAN);
    }
    let center = |cell: usize| 10_f64.powf(0.5 * (bounds[cell] + bounds[cell + 1]));
    (center(lowest), center(highest))
}

/// Returns the median misfit, NaN when any misfit is NaN.
fn median_misfit(chains: &[Vec<Sample>]) -> f64 {
    let mut misfits: Vec<f64> = chains.iter().flatten().map(|sample| sample.misfit).collect();
    if misfits.iter().any(|misfit| misfit.is_nan()) {
        return f64::NAN;
    }
    misfits.sort_unstable_by(f64::total_cmp);
    nearest(&misfits, 0.5).unwrap_or(f64::NAN)
}

/// Returns the samples' share near a bound minus the prior's share there, at the depth and the bound where it is
/// largest.
fn share_at_bounds(hitmap: &[u32], grids: &Grids, prior: &ConductivityPrior) -> f64 {
    let bounds = grids.log10_conductivity.bounds();
    let cells = bounds.len() - 1;
    let near = NEAR_CELLS.min(cells);
    let expected = |first: usize| {
        let [low, high] = [first, first + near].map(|bound| bounds[bound] * std::f64::consts::LN_10);
        prior.marginal_probability(low, high)
    };
    let (low, high) = (expected(0), expected(cells - near));
    let excess = |row: &[u32]| {
        let share = |cells: &[u32]| cells.iter().sum::<u32>() as f64 / row.iter().sum::<u32>() as f64;
        (share(&row[..near]) - low).max(share(&row[cells - near..]) - high)
    };
    hitmap.chunks_exact(cells).map(excess).fold(f64::NEG_INFINITY, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bayes::prior::Correlation;
    use crate::bayes::state::tests::state;
    use crate::earth::{DepthGrid, Log10ConductivityGrid};

    #[test]
    fn samples_near_a_bound_count_beyond_the_prior() {
        let ln_bounds = (-3.0 * std::f64::consts::LN_10, std::f64::consts::LN_10);
        let prior = ConductivityPrior {
            mean: -std::f64::consts::LN_10,
            std: 1e3,
            correlation: Correlation::Independent,
            bounds: ln_bounds,
        };
        // Four decades of 25 cells, a prior that is uniform over them: 5 % is within 0.2 decades of either bound.
        let grids = Grids {
            depth: DepthGrid::new(2, 100.0, 10.0),
            log10_conductivity: Log10ConductivityGrid::new(100, -3.0, 1.0),
            maximum_layer_count: 2,
            relative_error: None,
            additive_error: None,
            geometry_deviation: vec![],
            diagnostic_depths_m: vec![],
        };
        let mut hitmap = vec![0; 200];
        (hitmap[50], hitmap[150]) = (100, 60);
        assert!((share_at_bounds(&hitmap, &grids, &prior) + 0.05).abs() < 1e-6);
        hitmap[197] = 40;
        assert!((share_at_bounds(&hitmap, &grids, &prior) - 0.35).abs() < 1e-6);
        // The two bounds are counted separately.
        (hitmap[100], hitmap[150]) = (50, 10);
        assert!((share_at_bounds(&hitmap, &grids, &prior) - 0.45).abs() < 1e-6);
    }

    #[test]
    fn the_misfit_is_the_median_of_all_chains() {
        let chain = |misfits: &[f64]| {
            let sample = |&misfit: &f64| Sample { misfit, ..Sample::from(&state(&[0.0])) };
            misfits.iter().map(sample).collect::<Vec<_>>()
        };
        assert_eq!(median_misfit(&[chain(&[9.0, 1.0]), chain(&[3.0])]), 3.0);
        assert!(median_misfit(&[chain(&[1.0, f64::NAN, 2.0])]).is_nan());
    }
}
