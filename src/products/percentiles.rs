//! Percentiles of histograms and of samples.

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
    if sorted.is_empty() {
        return [f64::NAN; COUNT];
    }
    sorted.sort_unstable_by(f64::total_cmp);
    fractions.map(|fraction| {
        let place = fraction * (sorted.len() - 1) as f64;
        let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
        below + (above - below) * place.fract()
    })
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
