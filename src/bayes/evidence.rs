//! What the verdict on a sounding rests on, from what was recorded.

use super::chain::Target;
use super::grids::Grids;
use super::histograms::Histograms;
use super::monte_carlo_error::MonteCarloError;
use super::prior::ConductivityPrior;
use super::sample::Sample;
use super::verdict::{Evidence, Mixing};
use crate::quantiles::nearest;

/// Cells of log10 conductivity that are near a bound: with 25 per decade a factor of 1.6.
const NEAR_CELLS: usize = 5;

impl Evidence {
    /// Of a sounding whose chains mixed like `mixing`.
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
        }
    }
}

/// NaN where a misfit is.
fn median_misfit(chains: &[Vec<Sample>]) -> f64 {
    let mut misfits: Vec<f64> = chains.iter().flatten().map(|sample| sample.misfit).collect();
    if misfits.iter().any(|misfit| misfit.is_nan()) {
        return f64::NAN;
    }
    misfits.sort_unstable_by(f64::total_cmp);
    nearest(&misfits, 0.5).unwrap_or(f64::NAN)
}

/// Share of the samples near a bound less the prior's share there, at the depth and the bound where it is largest.
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
        // Both bounds count, each for itself.
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
