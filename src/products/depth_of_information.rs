//! Depths down to which the data have information. They depend on the prior or on the line.

/// Bits of information that data must add to the prior; halving the standard deviation of a normal distribution adds
/// 0.46.
pub const INFORMATION_BITS: f64 = 0.5;

/// Opacity that GeoBIPy's rule requires.
const OPACITY: f64 = 0.67;

/// Returns the bottom in m of the deepest cell where the data add at least [`INFORMATION_BITS`] bits to the prior
/// beyond `bias_bits`, the apparent gain of samples of the prior. Returns 0 when there is no such cell; a cell with a
/// NaN does not count.
///
/// This is where the posterior differs from the prior. A prior that correlates depths makes it deeper than the depth of
/// investigation of the data.
pub fn depth_of_information(depth_bounds_m: &[f64], information_gain_bits: &[f64], bias_bits: f64) -> f64 {
    deepest(depth_bounds_m, information_gain_bits, |&bits| bits - bias_bits >= INFORMATION_BITS)
}

/// Returns depths by GeoBIPy's rule, for comparison: from the bottom up, the first depth where one minus the width of
/// the 90 % interval is at least 0.67, with widths scaled to 0 to 1 between the narrowest and widest of the line. It is
/// NaN without widths. The depths are relative to the line: another sounding can change them.
pub fn relative_depths_of_investigation(depth_bounds_m: &[f64], widths_of_line: &[&[f32]]) -> Vec<f64> {
    let all = || widths_of_line.iter().flat_map(|widths| widths.iter().copied()).filter(|width| width.is_finite());
    let (narrowest, widest) = (all().fold(f32::INFINITY, f32::min), all().fold(f32::NEG_INFINITY, f32::max));
    let opacity = |width: &f32| 1.0 - f64::from(width - narrowest) / f64::from(widest - narrowest);
    let of = |widths: &&[f32]| {
        let is_known = widths.iter().any(|width| width.is_finite());
        if is_known { deepest(depth_bounds_m, widths, |width| opacity(width) >= OPACITY) } else { f64::NAN }
    };
    widths_of_line.iter().map(of).collect()
}

/// Returns the bottom of the deepest cell that is `seen`, 0 when there is none.
fn deepest<T>(depth_bounds_m: &[f64], values: &[T], seen: impl Fn(&T) -> bool) -> f64 {
    values.iter().rposition(seen).map_or(0.0, |cell| depth_bounds_m[cell + 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: [f64; 4] = [0.0, 5.0, 20.0, 60.0];

    #[test]
    fn an_unseen_top_does_not_end_it() {
        assert_eq!(depth_of_information(&BOUNDS, &[0.1, 1.0, 0.4], 0.0), 20.0);
        assert_eq!(depth_of_information(&BOUNDS, &[0.1, 0.2, 0.4], 0.0), 0.0);
        assert_eq!(depth_of_information(&BOUNDS, &[f64::NAN; 3], 0.0), 0.0);
    }

    #[test]
    fn the_bias_is_no_information() {
        assert_eq!(depth_of_information(&BOUNDS, &[0.9, 1.2, 0.9], 0.6), 20.0);
        assert_eq!(depth_of_information(&BOUNDS, &[0.9, 1.2, 0.9], f64::NAN), 0.0);
    }

    #[test]
    fn the_relative_rule_depends_on_the_line() {
        let (narrow, wide) = ([0.1_f32, 0.5, 1.0], [0.1_f32, 2.0, 3.0]);
        assert_eq!(relative_depths_of_investigation(&BOUNDS, &[&narrow]), [5.0]);
        assert_eq!(relative_depths_of_investigation(&BOUNDS, &[&narrow, &wide]), [60.0, 5.0]);
        assert!(relative_depths_of_investigation(&BOUNDS, &[&narrow, &[f32::NAN; 3]])[1].is_nan());
    }
}
