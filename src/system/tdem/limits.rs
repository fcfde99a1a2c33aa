//! Times that separate gates.

/// Returns the middle of the two times, rounded to as few digits as keep it between them; `None` if there is no time between.
pub fn time_between(earlier_s: f64, later_s: f64) -> Option<f64> {
    let middle = 0.5 * (earlier_s + later_s);
    let rounded = (0..17).filter_map(|digits| format!("{middle:.digits$e}").parse().ok());
    rounded.chain([middle]).find(|time_s| earlier_s < *time_s && *time_s < later_s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_few_digits() {
        assert_eq!(time_between(1.15e-5, 1.5e-5), Some(1.3e-5));
        assert_eq!(time_between(1.0, 1.0 + 1e-12).map(|t| t > 1.0 && t < 1.0 + 1e-12), Some(true));
        assert_eq!(time_between(-1e-6, 1e-6), Some(0.0));
        for (earlier, later) in [(1.0, 1.0), (2.0, 1.0), (f64::NEG_INFINITY, 1.0), (f64::NAN, 1.0)] {
            assert_eq!(time_between(earlier, later), None, "{earlier} {later}");
        }
    }
}
