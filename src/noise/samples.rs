//! Values of a channel that have the standard deviation of its noise.

/// Factor from the median absolute deviation to the standard deviation of a normal distribution.
const MAD: f64 = 1.4826;

/// Values of one channel with zero mean and the standard deviation of the noise; NaN where a run of soundings ends.
#[derive(Debug, Clone, Default)]
pub(super) struct Samples {
    /// Size of the datum that each value belongs to.
    pub(super) level: Vec<f64>,
    /// The values.
    pub(super) value: Vec<f64>,
}

impl Samples {
    pub(super) fn push(&mut self, level: f64, value: f64) {
        self.level.push(level);
        self.value.push(value);
    }

    /// Separates two runs of soundings.
    pub(super) fn end_run(&mut self) {
        self.push(f64::NAN, f64::NAN);
    }

    /// The pairs of level and value that are known.
    pub(super) fn known(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.level.iter().copied().zip(self.value.iter().copied()).filter(|(_, value)| value.is_finite())
    }

    /// Number of known values.
    pub(super) fn count(&self) -> usize {
        self.known().count()
    }
}

/// Returns the median of values in any order; `None` without values.
pub(super) fn median_of(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    crate::quantiles::median(&values)
}

/// Returns the robust standard deviation of values about zero; 0 without values.
pub(super) fn robust_std(values: impl Iterator<Item = f64>) -> f64 {
    MAD * median_of(values.map(f64::abs).collect()).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Would catch: outliers that determine the standard deviation.
    #[test]
    fn outliers_do_not_count() {
        let values = (0..99).map(|i| f64::from(i - 49)).chain([1e9]);
        assert!((robust_std(values) - MAD * 25.0).abs() < MAD);
        assert_eq!(robust_std(std::iter::empty()), 0.0);
    }
}
