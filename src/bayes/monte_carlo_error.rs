//! Monte Carlo errors of percentiles by depth, in probability, from the disagreement of chains.
//!
//! Another seed would give other percentiles. Their difference in conductivity says little where the posterior has gaps
//! between modes, because percentiles jump across gaps. The difference in probability is meaningful: it is computed
//! from the share of each half of a chain below the percentile of all halves. A standard error of 0.04 of the share
//! below p05 means that the computed 5th percentile is somewhere between the 1st and the 9th.

use super::sample::Sample;

/// Standard errors of the probabilities below percentiles of log10 conductivity, by depth; NaN where chains are too short.
#[derive(Debug, Clone, PartialEq)]
pub struct MonteCarloError {
    /// Standard error at the 5th percentile.
    pub p05: Vec<f64>,
    /// Standard error at the median.
    pub p50: Vec<f64>,
    /// Standard error at the 95th percentile.
    pub p95: Vec<f64>,
}

/// Least number of samples in a half of a chain: 5 % of 20 samples are one.
const LEAST_SAMPLES: usize = 20;
/// Share of depths at which the error does not exceed a summary.
const DEPTHS: f64 = 0.95;

impl MonteCarloError {
    /// Computes the errors from evenly spaced samples of each chain, at `depths_m`. The two halves of every chain are
    /// used as two chains.
    pub(super) fn new(chains: &[Vec<Sample>], depths_m: impl Iterator<Item = f64>) -> Self {
        let mut errors = Self { p05: Vec::new(), p50: Vec::new(), p95: Vec::new() };
        let mut values: Vec<Vec<f64>> = vec![Vec::new(); chains.len()];
        for depth_m in depths_m {
            for (values, chain) in values.iter_mut().zip(chains) {
                values.clear();
                values.extend(chain.iter().map(|sample| sample.earth.ln_conductivity_at(depth_m)));
            }
            let [p05, p50, p95] = standard_errors(&values, [0.05, 0.5, 0.95]);
            errors.p05.push(p05);
            errors.p50.push(p50);
            errors.p95.push(p95);
        }
        errors
    }

    /// Returns the error of the median that 95 % of depths do not exceed; NaN when any error is NaN.
    pub(super) fn of_median(&self) -> f64 {
        exceeded_by_few(self.p50.clone())
    }

    /// Returns the error of the tails that 95 % of depths do not exceed, with the larger of the two tails at each
    /// depth; NaN when any error is NaN.
    pub(super) fn of_tails(&self) -> f64 {
        // The result is NaN when one of the two is NaN.
        let larger = |(&low, &high): (&f64, &f64)| if low.is_nan() || low > high { low } else { high };
        exceeded_by_few(self.p05.iter().zip(&self.p95).map(larger).collect())
    }
}

/// Returns the standard error of the share below each percentile of all values, over halves of `chains`.
fn standard_errors<const N: usize>(chains: &[Vec<f64>], percentiles: [f64; N]) -> [f64; N] {
    let halves: Vec<&[f64]> =
        chains.iter().flat_map(|chain| <[&[f64]; 2]>::from(chain.split_at(chain.len() / 2))).collect();
    if halves.iter().any(|half| half.len() < LEAST_SAMPLES) {
        return [f64::NAN; N];
    }
    let mut all = chains.concat();
    percentiles.map(|percentile| {
        let rank = (percentile * (all.len() - 1) as f64).round() as usize;
        let limit = *all.select_nth_unstable_by(rank, f64::total_cmp).1;
        let share = |half: &&[f64]| half.iter().filter(|&&value| value < limit).count() as f64 / half.len() as f64;
        standard_error(&halves.iter().map(share).collect::<Vec<_>>())
    })
}

/// Returns the standard error of the mean of independent `values`.
fn standard_error(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    (squares / (count - 1.0) / count).sqrt()
}

fn exceeded_by_few(mut errors: Vec<f64>) -> f64 {
    // NaN would be sorted last, but one NaN must be enough.
    if errors.is_empty() || errors.iter().any(|error| error.is_nan()) {
        return f64::NAN;
    }
    let rank = (DEPTHS * errors.len() as f64).ceil() as usize - 1;
    *errors.select_nth_unstable_by(rank, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::bayes::rng::chain_rng;
    use crate::bayes::state::tests::state;

    /// Returns 100 values from `low` up, with distance 1, in an order that gives both halves the same spread.
    fn ladder(low: f64) -> Vec<f64> {
        (0..100).map(|i| low + f64::from(2 * (i % 50) + i / 50)).collect()
    }

    #[test]
    fn chains_that_are_alike_have_no_error() {
        let [low, middle, high] = standard_errors(&[ladder(0.0), ladder(0.0)], [0.05, 0.5, 0.95]);
        // Halves of 50 share the values evenly except for one value.
        assert!([low, middle, high].iter().all(|error| *error <= 0.01), "{low} {middle} {high}");
    }

    #[test]
    fn known_shares_give_the_error_in_closed_form() {
        // For two separate chains the shares below the median are 1, 1, 0, 0, apart from the median itself.
        let [middle] = standard_errors(&[ladder(0.0), ladder(1000.0)], [0.5]);
        let expected = (4.0 * 0.25 / 3.0 / 4.0_f64).sqrt();
        assert!((middle - expected).abs() < 0.006, "{middle} {expected}");
        // The 5th percentile of all is the 10th percentile of the lower chain: the shares are 0.1, 0.1, 0, 0.
        let [low] = standard_errors(&[ladder(0.0), ladder(1000.0)], [0.05]);
        let expected = 0.05 / 3.0_f64.sqrt();
        assert!((low - expected).abs() < 0.006, "{low} {expected}");
        assert!((standard_error(&[0.1, 0.3]) - 0.1).abs() < 1e-15);
        assert!((standard_error(&[1.0, 1.0, 0.0, 0.0]) - 3.0_f64.sqrt().recip() / 2.0).abs() < 1e-15);
    }

    #[test]
    fn a_chain_that_moves_from_one_mode_to_another_disagrees_with_itself() {
        let moved = |first: f64, second: f64| [vec![first; 50], vec![second; 50]].concat();
        let [middle] = standard_errors(&[moved(0.0, 1.0), moved(0.0, 1.0)], [0.51]);
        assert!((middle - 3.0_f64.sqrt().recip() / 2.0).abs() < 1e-12, "{middle}");
    }

    #[test]
    fn independent_samples_have_the_binomial_error() {
        let mut rng = chain_rng(5, 0.0, 0.0, 0);
        let mut chain = || (0..1000).map(|_| rng.random::<f64>()).collect::<Vec<_>>();
        let count = 400;
        let mut mean_square = [0.0; 3];
        for _ in 0..count {
            let errors = standard_errors(&[chain(), chain(), chain(), chain()], [0.05, 0.5, 0.95]);
            mean_square.iter_mut().zip(errors).for_each(|(mean, error)| *mean += error * error / f64::from(count));
        }
        // The error is that of 4000 samples, whose square is known to 1 / sqrt(2 x 7 x 400 / 4) = 3 %.
        for (got, p) in mean_square.into_iter().zip([0.05, 0.5, 0.95]) {
            let expected = p * (1.0 - p) / 4000.0;
            assert!((got / expected - 1.0).abs() < 0.15, "{p}: {got} {expected}");
        }
    }

    #[test]
    fn errors_are_by_depth_and_short_chains_have_none() {
        // The upper layer is the same in both chains, the lower layer is not; the interface is at 10 m.
        let chain = |below: f64| (0..40).map(|_| Sample::from(&state(&[0.0, below]))).collect::<Vec<_>>();
        let errors = MonteCarloError::new(&[chain(1.0), chain(2.0)], [5.0, 15.0].into_iter());
        assert_eq!((errors.p50[0], errors.p05.len(), errors.p95.len()), (0.0, 2, 2));
        assert!(errors.p95[1] > 0.2, "{errors:?}");
        assert_eq!(errors.of_tails(), errors.p95[1]);
        let short = MonteCarloError::new(&[chain(1.0)[..39].to_vec(), chain(1.0)], [5.0].into_iter());
        assert!(short.of_median().is_nan() && short.of_tails().is_nan());
    }

    #[test]
    fn one_depth_in_twenty_may_be_worse_and_nan_may_not() {
        let errors = |worse: usize| {
            let p50: Vec<f64> = (0..100).map(|i| if i < worse { 0.4 } else { 0.01 }).collect();
            MonteCarloError { p05: p50.clone(), p95: vec![0.02; 100], p50 }
        };
        assert_eq!((errors(5).of_median(), errors(6).of_median()), (0.01, 0.4));
        assert_eq!((errors(5).of_tails(), errors(6).of_tails()), (0.02, 0.4));
        let mut with_nan = errors(0);
        with_nan.p95[7] = f64::NAN;
        assert!(with_nan.of_tails().is_nan() && !with_nan.of_median().is_nan());
    }
}
