//! Test of derivatives by order of convergence: the error of a central difference falls to a quarter when its step is
//! halved, unless the derivative is wrong.

/// Accepted ratios of errors; terms of fourth order change the ratio of 4. A derivative that is wrong by half the error
/// leaves this range.
const QUARTERING: std::ops::RangeInclusive<f64> = 3.0..=5.0;
/// Rounding of a datum relative to the size of its function.
const ROUNDING: f64 = 1e-15;
/// Factor by which an error must be larger than rounding.
const RESOLVED: f64 = 50.0;

/// Returns whether `derivative` of a function of size `size` could be judged by central differences, (step,
/// difference), with steps that are halved; panics when it is wrong.
///
/// A difference is exact to `ROUNDING * size / step`. The errors of the two smallest steps that are `RESOLVED` times as
/// large are compared: they must fall as the square of the step. A derivative without two such errors is at rounding
/// level and is not judged for order, but its best difference must agree to `RESOLVED` times the rounding of the
/// largest step.
pub fn judged(derivative: f64, differences: &[(f64, f64)], size: f64, what: &str) -> bool {
    let errors: Vec<f64> = differences.iter().map(|&(_, difference)| (difference - derivative).abs()).collect();
    let resolved = |i: usize| errors[i] > RESOLVED * ROUNDING * size / differences[i].0;
    let Some(fine) = (1..errors.len()).rev().find(|&i| resolved(i) && resolved(i - 1)) else {
        let smallest = errors.iter().copied().fold(f64::INFINITY, f64::min);
        let allowed = RESOLVED * ROUNDING * size / differences[0].0;
        assert!(smallest <= allowed, "{what}: derivative {derivative:e}, errors {errors:?}, allowed {allowed:e}");
        return false;
    };
    let ratio = errors[fine - 1] / errors[fine];
    assert!(
        QUARTERING.contains(&ratio),
        "{what}: the error falls by {ratio}, not 4, at step {}: derivative {derivative:e}, errors {errors:?}",
        differences[fine].0
    );
    true
}
