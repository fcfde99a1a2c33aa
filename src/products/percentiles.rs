//! Percentiles of histograms and of samples.

use crate::quantiles::interpolated;

/// Returns the value below which `fraction` of the counts lie, linear within a cell; NaN without counts.
///
/// `bounds` has one element more than `counts`.
pub fn histogram_percentile(bounds: &[f64], counts: &[u32], fraction: f64) -> f64 {
    let total: u64 = counts.iter().map(|&count| u64::from(count)).sum();
    percentile_of_total(bounds, counts, total as f64, fraction)
}

/// [`histogram_percentile`] of counts whose sum is known.
pub(super) fn percentile_of_total(bounds: &[f64], counts: &[u32], total: f64, fraction: f64) -> f64 {
    let target = fraction * total;
    let mut below = 0.0;
    for (cell, count) in counts.iter().map(|&count| f64::from(count)).enumerate() {
        if count > 0.0 && below + count >= target {
            return bounds[cell] + (bounds[cell + 1] - bounds[cell]) * (target - below) / count;
        }
        below += count;
    }
    f64::NAN
}

/// Returns the value below which `fraction` of `values` lie, linear between neighbours. NaNs are left out; the result
/// is NaN without values.
pub fn values_percentile(values: &[f64], fraction: f64) -> f64 {
    values_percentiles(values, [fraction])[0]
}

/// [`values_percentile`] for several fractions: the values are sorted once.
pub fn values_percentiles<const COUNT: usize>(values: &[f64], fractions: [f64; COUNT]) -> [f64; COUNT] {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    fractions.map(|fraction| interpolated(&sorted, fraction).unwrap_or(f64::NAN))
}

/// Returns the smallest of rising `values` that at least `fraction` of the counts do not exceed; NaN without counts.
pub fn count_percentile(values: &[f64], counts: &[f64], fraction: f64) -> f64 {
    let target = fraction * counts.iter().sum::<f64>();
    let mut below = 0.0;
    let reached = counts.iter().position(|count| {
        below += count;
        below >= target
    });
    reached.map_or(f64::NAN, |i| values[i])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_of_a_histogram() {
        let bounds = [0.0, 1.0, 2.0, 3.0];
        assert_eq!(histogram_percentile(&bounds, &[0, 4, 0], 0.5), 1.5);
        assert_eq!(histogram_percentile(&bounds, &[1, 2, 1], 0.25), 1.0);
        assert_eq!(histogram_percentile(&bounds, &[1, 0, 1], 0.75), 2.5);
        assert!(histogram_percentile(&bounds, &[0; 3], 0.5).is_nan());
    }

    #[test]
    fn percentiles_of_values() {
        assert_eq!(values_percentile(&[3.0, f64::NAN, 1.0, 2.0], 0.5), 2.0);
        assert_eq!(values_percentile(&[0.0, 1.0], 0.25), 0.25);
        assert!(values_percentile(&[], 0.5).is_nan());
    }
}
