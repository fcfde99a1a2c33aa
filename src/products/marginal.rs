//! Statistics of the histogram of log10 conductivity at one depth.

use super::percentiles::percentile_of_total;

/// Posterior of log10 conductivity at one depth: numbers of samples by cell. Results are exact within the width of a
/// cell.
#[derive(Debug, Clone, Copy)]
pub struct Marginal<'a> {
    /// Bounds of the cells from the first to the last with a sample.
    bounds: &'a [f64],
    /// Samples in these cells.
    counts: &'a [u32],
    /// Number of empty cells before them.
    first: usize,
    total: f64,
}

impl<'a> Marginal<'a> {
    /// Makes a marginal of `counts` between ascending `bounds`, which have one element more, in log10(S/m); `None`
    /// without samples.
    pub fn new(bounds: &'a [f64], counts: &'a [u32]) -> Option<Self> {
        let first = counts.iter().position(|&count| count > 0)?;
        let last = counts.iter().rposition(|&count| count > 0)?;
        let (bounds, counts) = (&bounds[first..last + 2], &counts[first..=last]);
        let total: u64 = counts.iter().map(|&count| u64::from(count)).sum();
        Some(Self { bounds, counts, first, total: total as f64 })
    }

    /// Returns the log10 conductivity below which `fraction` of the samples lie, with counts uniform within a cell.
    pub fn percentile(&self, fraction: f64) -> f64 {
        percentile_of_total(self.bounds, self.counts, self.total, fraction)
    }

    /// Returns the mean of log10 conductivity.
    pub fn mean(&self) -> f64 {
        self.probabilities().zip(self.centers()).map(|(p, center)| p * center).sum()
    }

    /// Returns the centre of the cell with most samples; ties go to the lowest cell.
    pub fn mode(&self) -> f64 {
        let most = self.counts.iter().max();
        let cell = self.counts.iter().position(|count| Some(count) == most).unwrap_or(0);
        0.5 * (self.bounds[cell] + self.bounds[cell + 1])
    }

    /// Returns Shannon's entropy over the cells, in bits: 0 when all samples are in one cell.
    pub fn entropy_bits(&self) -> f64 {
        self.probabilities().filter(|&p| p > 0.0).map(|p| -p * p.log2()).sum()
    }

    /// Returns the Kullback-Leibler divergence from a prior with these probabilities by cell, sum p log2(p / prior), in
    /// bits, over groups of `joined` cells.
    ///
    /// Computed from samples it is too large; see [`information_bias_bits`]. With fewer cells the bias is smaller.
    pub fn information_gain_bits(&self, prior: &[f64], joined: usize) -> f64 {
        let prior = prior.chunks(joined).skip(self.first / joined).map(|cells| cells.iter().sum::<f64>());
        // The first of the joined cells may begin with empty cells.
        let (head, rest) = self.counts.split_at((joined - self.first % joined).min(self.counts.len()));
        let counts = std::iter::once(head).chain(rest.chunks(joined));
        let shares = counts.map(|cells| cells.iter().map(|&c| f64::from(c)).sum::<f64>() / self.total);
        shares.zip(prior).filter(|&(p, _)| p > 0.0).map(|(p, prior)| p * (p / prior).log2()).sum()
    }

    /// Returns the probability of a log10 conductivity from `low` to `high`.
    pub fn probability_between(&self, low: f64, high: f64) -> f64 {
        let cells = self.bounds.windows(2).zip(self.counts);
        let inside = cells.map(|(b, &count)| {
            let overlap = (high.min(b[1]) - low.max(b[0])).max(0.0);
            f64::from(count) * overlap / (b[1] - b[0])
        });
        inside.sum::<f64>() / self.total
    }

    fn probabilities(&self) -> impl Iterator<Item = f64> {
        self.counts.iter().map(|&count| f64::from(count) / self.total)
    }

    fn centers(&self) -> impl Iterator<Item = f64> {
        self.bounds.windows(2).map(|b| 0.5 * (b[0] + b[1]))
    }
}

/// Returns the mean bias in bits of the information gain when `effective_samples` samples come from a prior with these
/// probabilities by cell, over groups of `joined` cells: (cells - 1) / (2 ln 2) per effective sample (Miller 1955, Note
/// on the bias of information estimates).
///
/// The cells are those that the prior allows, where samples are when data have no information. With few samples, fewer
/// cells have samples, and their number would give too small a correction: of 20 samples of a normal prior 45 % would
/// still give half a bit, instead of 1 %.
pub fn information_bias_bits(prior: &[f64], joined: usize, effective_samples: f64) -> f64 {
    let allowed = prior.chunks(joined).filter(|cells| cells.iter().any(|&p| p > 0.0)).count();
    allowed.saturating_sub(1) as f64 / (2.0 * std::f64::consts::LN_2 * effective_samples)
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    const BOUNDS: [f64; 5] = [-2.0, -1.0, 0.0, 1.0, 2.0];

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12, "{a} {b}");
    }

    #[test]
    fn numbers_of_a_histogram() {
        let marginal = Marginal::new(&BOUNDS, &[1, 2, 1, 0]).unwrap();
        close(marginal.mean(), -0.5);
        close(marginal.mode(), -0.5);
        close(marginal.percentile(0.5), -0.5);
        close(marginal.entropy_bits(), 1.5);
        close(marginal.probability_between(-0.5, 0.5), 0.375);
        close(marginal.probability_between(f64::NEG_INFINITY, f64::INFINITY), 1.0);
        assert!(Marginal::new(&BOUNDS, &[0; 4]).is_none());
    }

    #[test]
    fn information_is_gained_over_the_prior() {
        let marginal = Marginal::new(&BOUNDS, &[5, 5, 5, 5]).unwrap();
        close(marginal.information_gain_bits(&[0.25; 4], 1), 0.0);
        let marginal = Marginal::new(&BOUNDS, &[0, 7, 0, 0]).unwrap();
        close(marginal.information_gain_bits(&[0.25; 4], 1), 2.0);
        close(marginal.information_gain_bits(&[0.25; 4], 2), 1.0);
        assert!(marginal.information_gain_bits(&[0.5, 0.0, 0.5, 0.0], 1).is_infinite());
        // Cells 1 to 3 of 4, joined by 2.
        let marginal = Marginal::new(&BOUNDS, &[0, 4, 2, 2]).unwrap();
        close(marginal.information_gain_bits(&[0.25, 0.0, 0.25, 0.5], 2), 0.5 + 0.5 * (0.5_f64 / 0.75).log2());
    }

    /// Returns the share of sets of `count` draws of `prior` that give half a bit, without and with the correction of
    /// the bias.
    fn shares_of_half_a_bit(prior: &[f64], count: usize) -> [f64; 2] {
        const SETS: usize = 2000;
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let bounds: Vec<f64> = (0..=prior.len()).map(|i| i as f64).collect();
        let mut passed = [0; 2];
        for _ in 0..SETS {
            let mut counts = vec![0; prior.len()];
            for _ in 0..count {
                let mut left: f64 = rng.random();
                let cell = prior.iter().position(|p| {
                    left -= p;
                    left < 0.0
                });
                counts[cell.unwrap_or(0)] += 1;
            }
            let bits = Marginal::new(&bounds, &counts).unwrap().information_gain_bits(prior, 1);
            let bias = information_bias_bits(prior, 1, count as f64);
            passed[0] += usize::from(bits >= 0.5);
            passed[1] += usize::from(bits - bias >= 0.5);
        }
        passed.map(|passed| passed as f64 / SETS as f64)
    }

    #[test]
    fn few_samples_of_the_prior_are_no_information() {
        let normal: Vec<f64> = (-15..15).map(|i| (-0.5 * ((f64::from(i) + 0.5) / 5.0).powi(2)).exp()).collect();
        let total: f64 = normal.iter().sum();
        let normal: Vec<f64> = normal.iter().map(|p| p / total).collect();
        let [raw, corrected] = shares_of_half_a_bit(&normal, 20);
        assert!(raw > 0.9 && corrected < 0.02, "normal: {raw} {corrected}");
        let [raw, corrected] = shares_of_half_a_bit(&[0.05; 20], 20);
        assert!(raw > 0.9 && corrected < 0.05, "uniform: {raw} {corrected}");
        assert_eq!(shares_of_half_a_bit(&normal, 400), [0.0, 0.0]);
    }

    #[test]
    fn the_bias_counts_the_cells_that_the_prior_allows() {
        close(information_bias_bits(&[0.25; 4], 1, 30.0), 0.05 / std::f64::consts::LN_2);
        close(information_bias_bits(&[0.0, 0.0, 0.25, 0.25, 0.25, 0.25], 2, 10.0), 0.05 / std::f64::consts::LN_2);
        assert!(information_bias_bits(&[0.25; 4], 1, f64::NAN).is_nan());
    }
}
