//! Percentiles of histograms and of samples.

use crate::quantiles::interpolated;

/// The value below which `fraction` of the counts lie, linear within a cell; NaN without counts.
///
/// `bounds` has one element more than `counts`.
pub fn histogram_percentile(bounds: &[f64], counts: &[u32], fraction: f64) -> f64 {
    let total: f64 = counts.iter().map(|&count| f64::from(count)).sum();
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

/// The value below which `fraction` of `values` lie, linear between neighbours; NaNs are left out, NaN without values.
pub fn values_percentile(values: &[f64], fraction: f64) -> f64 {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    interpolated(&sorted, fraction).unwrap_or(f64::NAN)
}

/// The smallest of rising `values` that at least `fraction` of the counts do not exceed; NaN without counts.
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
