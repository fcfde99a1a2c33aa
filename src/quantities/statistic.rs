//! Statistics of samples that give quantities over intervals of depth.

use crate::products::values_percentile;

/// Statistic of the samples' mean conductivities that gives a quantity over an interval of depth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Statistic {
    /// The mean of the cells; the samples are not used.
    OfCells,
    /// A percentile of conductivity, in S/m.
    Percentile(f64),
    /// 1 over a percentile of conductivity.
    InversePercentile(f64),
    /// The geometric mean of conductivity, in S/m.
    Mean,
    /// 1 over the mean.
    InverseMean,
    /// Width of the 90 % interval in decades.
    Width,
    /// Share of the samples between two conductivities in S/m.
    Between(f64, f64),
}

impl Statistic {
    /// Computes the statistic from mean ln conductivities of the samples.
    pub(super) fn of(self, ln_conductivity: &[f64]) -> f64 {
        let percentile = |fraction| values_percentile(ln_conductivity, fraction);
        let mean = || ln_conductivity.iter().sum::<f64>() / ln_conductivity.len() as f64;
        match self {
            Statistic::OfCells => f64::NAN,
            Statistic::Percentile(fraction) => percentile(fraction).exp(),
            Statistic::InversePercentile(fraction) => (-percentile(fraction)).exp(),
            Statistic::Mean => mean().exp(),
            Statistic::InverseMean => (-mean()).exp(),
            Statistic::Width => (percentile(0.95) - percentile(0.05)) / std::f64::consts::LN_10,
            Statistic::Between(low, high) => {
                let is_within = |value: &&f64| (low.ln()..high.ln()).contains(*value);
                ln_conductivity.iter().filter(is_within).count() as f64 / ln_conductivity.len() as f64
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_of_the_samples() {
        let samples: Vec<f64> = (0..=100).map(|i| f64::from(i) / 100.0).collect();
        let close = |statistic: Statistic, expected: f64| {
            assert!((statistic.of(&samples) - expected).abs() < 1e-12, "{statistic:?}: {}", statistic.of(&samples));
        };
        close(Statistic::Percentile(0.05), 0.05_f64.exp());
        close(Statistic::InversePercentile(0.95), (-0.95_f64).exp());
        close(Statistic::Mean, 0.5_f64.exp());
        close(Statistic::Width, 0.9 / std::f64::consts::LN_10);
        close(Statistic::Between(0.255_f64.exp(), f64::INFINITY), 75.0 / 101.0);
        assert!(Statistic::Percentile(0.5).of(&[]).is_nan() && Statistic::Mean.of(&[]).is_nan());
        assert!(Statistic::Between(0.0, 1.0).of(&[]).is_nan());
    }
}
