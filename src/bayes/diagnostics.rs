//! Convergence of several chains: rank-normalised split R-hat, bulk and tail effective sample size (Vehtari, Gelman,
//! Simpson, Carpenter & Buerkner 2021, doi:10.1214/20-BA1221).

use std::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

use rustfft::FftPlanner;
use rustfft::num_complex::Complex64;

use crate::quantiles::{median, nearest};

/// R-hat and effective sample sizes of one quantity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Convergence {
    /// The larger of two rank-normalised R-hats: of the values, and of their distance from the median. 1 means
    /// converged.
    pub rhat: f64,
    /// Bulk effective sample size of all chains together, for the accuracy of the middle of the distribution.
    pub ess: f64,
    /// Tail effective sample size of all chains together: the smaller of the sizes for the 5 % and 95 % quantiles.
    pub ess_tail: f64,
}

/// Computes the convergence of one quantity from `chains` of equal length in order of iteration.
///
/// A quantity that never changes counts as converged, with every sample effective. Chains too short to split give an
/// infinite R-hat and no effective sample.
pub fn convergence(chains: &[Vec<f64>]) -> Convergence {
    let half = chains.iter().map(Vec::len).min().unwrap_or(0) / 2;
    if half < 4 {
        return Convergence { rhat: f64::INFINITY, ess: 0.0, ess_tail: 0.0 };
    }
    let split: Vec<&[f64]> = chains.iter().flat_map(|c| [&c[..half], &c[c.len() - half..]]).collect();
    let first = split[0][0];
    if split.iter().all(|c| c.iter().all(|&x| x == first)) {
        let count = (half * split.len()) as f64;
        return Convergence { rhat: 1.0, ess: count, ess_tail: count };
    }
    let all: Vec<f64> = split.concat();
    let ranked = normal_scores(&all);
    let mut sorted = all.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let median = median(&sorted).unwrap_or(f64::NAN);
    let folded: Vec<f64> = all.iter().map(|x| (x - median).abs()).collect();
    let folded = normal_scores(&folded);
    let ess_beyond = |fraction: f64| {
        let quantile = nearest(&sorted, fraction).unwrap_or(f64::NAN);
        let indicator: Vec<f64> = all.iter().map(|&x| f64::from(u8::from(x <= quantile))).collect();
        // All values of a discrete quantity may be on one side of the quantile.
        if indicator.contains(&0.0) { ess(&indicator, half) } else { f64::INFINITY }
    };
    let ess_bulk = ess(&ranked, half);
    let ess_tail = ess_beyond(0.05).min(ess_beyond(0.95));
    Convergence {
        rhat: rhat(&ranked, half).max(rhat(&folded, half)),
        ess: ess_bulk,
        ess_tail: if ess_tail.is_finite() { ess_tail } else { ess_bulk },
    }
}

/// Returns the classic R-hat of chains of length `n` stored one after the other.
fn rhat(values: &[f64], n: usize) -> f64 {
    let (within, between) = variances(values, n);
    if within == 0.0 {
        return if between == 0.0 { 1.0 } else { f64::INFINITY };
    }
    let n = n as f64;
    (((n - 1.0) / n * within + between / n) / within).sqrt()
}

/// Returns the mean variance within chains, and n times the variance of their means.
fn variances(values: &[f64], n: usize) -> (f64, f64) {
    let chains = values.chunks_exact(n);
    let count = chains.len() as f64;
    let means: Vec<f64> = chains.clone().map(|c| c.iter().sum::<f64>() / n as f64).collect();
    let grand_mean = means.iter().sum::<f64>() / count;
    let between = n as f64 * means.iter().map(|m| (m - grand_mean).powi(2)).sum::<f64>() / (count - 1.0);
    let squares: f64 = chains.zip(&means).map(|(c, m)| c.iter().map(|x| (x - m).powi(2)).sum::<f64>()).sum();
    (squares / count / (n as f64 - 1.0), between)
}

/// Returns the effective sample size. The autocorrelations of all chains are combined and summed in pairs while the
/// pairs are positive, and made monotone (Geyer 1992).
fn ess(values: &[f64], n: usize) -> f64 {
    let (within, between) = variances(values, n);
    let length = n as f64;
    let total_variance = (length - 1.0) / length * within + between / length;
    let autocovariance = mean_autocovariance(values, n);
    // rho_t = 1 - (W - mean autocovariance, both with n-1 in the denominator) / total variance
    let unbiased = length / (length - 1.0);
    let rho = |t: usize| 1.0 - (within - autocovariance[t] * unbiased) / total_variance;
    let mut sum = 0.0;
    let mut smallest_pair = f64::INFINITY;
    let mut t = 0;
    while t + 1 < n {
        let pair = if t == 0 { 1.0 + rho(1) } else { rho(t) + rho(t + 1) };
        if pair.is_nan() || pair < 0.0 {
            break;
        }
        smallest_pair = pair.min(smallest_pair);
        sum += smallest_pair;
        t += 2;
    }
    let count = values.len() as f64;
    let autocorrelation_time = (2.0 * sum - 1.0).max(1.0 / count.log10());
    count / autocorrelation_time
}

/// Returns the autocovariance (denominator n) averaged over chains, by fast Fourier transform.
fn mean_autocovariance(values: &[f64], n: usize) -> Vec<f64> {
    let padded = (2 * n).next_power_of_two();
    let mut planner = FftPlanner::new();
    let (forward, inverse) = (planner.plan_fft_forward(padded), planner.plan_fft_inverse(padded));
    let mut mean = vec![0.0; n];
    let chains = values.chunks_exact(n);
    let scale = 1.0 / (padded as f64 * n as f64 * chains.len() as f64);
    for chain in chains {
        let average = chain.iter().sum::<f64>() / n as f64;
        let mut buffer: Vec<Complex64> = chain.iter().map(|x| (x - average).into()).collect();
        buffer.resize(padded, Complex64::default());
        forward.process(&mut buffer);
        buffer.iter_mut().for_each(|z| *z = z.norm_sqr().into());
        inverse.process(&mut buffer);
        mean.iter_mut().zip(&buffer).for_each(|(m, z)| *m += z.re * scale);
    }
    mean
}

/// Returns ranks as quantiles of the standard normal, Phi^-1((rank - 3/8) / (S + 1/4)); ties share their mean rank.
fn normal_scores(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut scores = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let mut end = start + 1;
        while end < order.len() && values[order[end]] == values[order[start]] {
            end += 1;
        }
        let mean_rank = 0.5 * (start + 1 + end) as f64;
        let score = normal_quantile((mean_rank - 0.375) / (values.len() as f64 + 0.25));
        order[start..end].iter().for_each(|&i| scores[i] = score);
        start = end;
    }
    scores
}

/// Returns the inverse of the standard normal distribution function: Winitzki's approximation, then four steps of
/// Newton's method.
fn normal_quantile(p: f64) -> f64 {
    let y = 2.0 * p - 1.0;
    let ln = (1.0 - y * y).ln();
    let a = 2.0 / (PI * 0.147) + 0.5 * ln;
    let mut x = SQRT_2 * y.signum() * ((a * a - ln / 0.147).sqrt() - a).sqrt();
    for _ in 0..4 {
        let density = (-0.5 * x * x).exp() / (2.0 * PI).sqrt();
        x -= (0.5 * libm::erfc(-x * FRAC_1_SQRT_2) - p) / density;
    }
    x
}

#[cfg(test)]
mod tests {
    use rand::RngExt;
    use rand_distr::{Distribution, StandardNormal};

    use super::*;
    use crate::bayes::rng::chain_rng;

    /// Returns an autoregressive chain of lag-one correlation `phi` around `mean`.
    fn autoregressive(phi: f64, mean: f64, len: usize, seed: u64) -> Vec<f64> {
        let mut rng = chain_rng(seed, 0.0, 0.0, 0);
        let mut x: f64 = StandardNormal.sample(&mut rng);
        (0..len)
            .map(|_| {
                let noise: f64 = StandardNormal.sample(&mut rng);
                x = phi * x + (1.0 - phi * phi).sqrt() * noise;
                mean + x
            })
            .collect()
    }

    #[test]
    fn quantiles_invert_the_distribution_function() {
        for (p, x) in [(0.5, 0.0), (0.975, 1.959963984540054), (0.001, -3.090232306167813), (1e-6, -4.753424308822899)]
        {
            assert!((normal_quantile(p) - x).abs() < 1e-9, "{p}");
        }
    }

    #[test]
    fn effective_sample_size_of_autoregressive_chains() {
        // (1 - phi) / (1 + phi) of the samples are effective; the estimate scatters by about 5 %.
        for phi in [0.0, 0.5, 0.9] {
            let chains: Vec<_> = (0..4).map(|seed| autoregressive(phi, 0.0, 20_000, seed)).collect();
            let expected = 80_000.0 * (1.0 - phi) / (1.0 + phi);
            let got = convergence(&chains);
            assert!((got.ess / expected - 1.0).abs() < 0.2, "phi {phi}: {} against {expected}", got.ess);
            assert!(got.rhat < 1.01);
        }
    }

    #[test]
    fn chains_that_disagree_in_place_or_spread_are_caught() {
        let mut chains: Vec<_> = (0..4).map(|seed| autoregressive(0.3, 0.0, 1000, seed)).collect();
        chains[3].iter_mut().for_each(|x| *x += 1.0);
        assert!(convergence(&chains).rhat > 1.1);
        chains[3].iter_mut().for_each(|x| *x = 4.0 * (*x - 1.0));
        assert!(convergence(&chains).rhat > 1.1);
    }

    #[test]
    fn constant_and_short_chains() {
        assert_eq!(
            convergence(&[vec![2.0; 100], vec![2.0; 100]]),
            Convergence { rhat: 1.0, ess: 200.0, ess_tail: 200.0 }
        );
        assert!(convergence(&[vec![1.0; 100], vec![2.0; 100]]).rhat > 100.0);
        assert_eq!(convergence(&[vec![1.0, 2.0]]).ess, 0.0);
    }

    #[test]
    fn integers_with_many_ties_are_fine() {
        let mut rng = chain_rng(5, 0.0, 0.0, 0);
        let chains: Vec<Vec<f64>> =
            (0..4).map(|_| (0..2000).map(|_| f64::from(rng.random_range(1..4))).collect()).collect();
        let got = convergence(&chains);
        assert!(got.rhat < 1.01 && (got.ess / 8000.0 - 1.0).abs() < 0.2, "{got:?}");
    }
}
