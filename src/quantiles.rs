//! Quantiles by the two rules that the program needs, and the median.

/// Returns the value of `sorted` at the nearest rank. For a fraction of 0.5 and an even number of values this is the larger of
/// the two in the middle. `None` without values.
pub(crate) fn nearest(sorted: &[f64], fraction: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    sorted.get((fraction * last as f64).round() as usize).copied()
}

/// Returns the value of `sorted` at a rank, linear between neighbours; `None` without values.
pub(crate) fn interpolated(sorted: &[f64], fraction: f64) -> Option<f64> {
    let place = fraction * sorted.len().checked_sub(1)? as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    Some(below + (above - below) * place.fract())
}

/// Returns the middle value of `sorted`, for an even number the mean of the two in the middle; `None` without values.
pub(crate) fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    Some(if sorted.len() % 2 == 1 { upper } else { 0.5 * (sorted[middle - 1] + upper) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_differ_between_values() {
        let sorted = [0.0, 1.0, 5.0, 6.0];
        assert_eq!(
            (nearest(&sorted, 0.5), interpolated(&sorted, 0.5), median(&sorted)),
            (Some(5.0), Some(3.0), Some(3.0))
        );
        assert_eq!((nearest(&sorted, 0.3), interpolated(&sorted, 0.25)), (Some(1.0), Some(0.75)));
        assert_eq!((nearest(&[], 0.5), interpolated(&[], 0.5), median(&[])), (None, None, None));
        assert_eq!([0.0, 0.5, 1.0].map(|share| nearest(&[2.0], share)), [Some(2.0); 3]);
    }

    /// Would catch: a middle that is not the one of halves.
    #[test]
    fn the_nearest_of_half_is_in_the_middle() {
        for count in 1..50 {
            let sorted: Vec<f64> = (0..count).map(f64::from).collect();
            assert_eq!(nearest(&sorted, 0.5), Some(sorted[sorted.len() / 2]), "{count}");
        }
    }
}
