//! The most probable depths of interfaces.

/// A depth near which samples have interfaces.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProbableInterface {
    /// Depth in m: the mean over its cells.
    pub depth_m: f64,
    /// Mean number of interfaces in these cells.
    pub expected: f64,
}

/// Returns up to `most` of the depths near which samples have most interfaces, shallowest first.
///
/// Interfaces per m, smoothed over three cells with weights 1, 2, 1, are cut at their minima; each piece is one such
/// depth. Pieces with no more interfaces than the prior has there have no information and are left out.
pub fn probable_interfaces(
    depth_bounds_m: &[f64],
    expected: &[f64],
    expected_a_priori: &[f64],
    most: usize,
) -> Vec<ProbableInterface> {
    let density = smoothed(depth_bounds_m, expected);
    let mut pieces = Vec::new();
    let mut first = 0;
    for end in 1..=density.len() {
        let is_minimum = end == density.len() || density[end] < density[end - 1] && rises_after(&density, end);
        if !is_minimum {
            continue;
        }
        // The cell at the minimum belongs to the piece below it.
        let cells = first..end;
        first = end;
        let total: f64 = expected[cells.clone()].iter().sum();
        if total > expected_a_priori[cells.clone()].iter().sum::<f64>() {
            let moment: f64 = cells.map(|i| expected[i] * 0.5 * (depth_bounds_m[i] + depth_bounds_m[i + 1])).sum();
            pieces.push(ProbableInterface { depth_m: moment / total, expected: total });
        }
    }
    pieces.sort_by(|a, b| b.expected.total_cmp(&a.expected));
    pieces.truncate(most);
    pieces.sort_by(|a, b| a.depth_m.total_cmp(&b.depth_m));
    pieces
}

/// Returns whether the values from `place` on rise before they fall again.
fn rises_after(values: &[f64], place: usize) -> bool {
    values[place..].windows(2).find(|pair| pair[0] != pair[1]).is_some_and(|pair| pair[1] > pair[0])
}

/// Returns interfaces per m, averaged with the neighbouring cells with weights 1, 2, 1.
fn smoothed(depth_bounds_m: &[f64], expected: &[f64]) -> Vec<f64> {
    let per_m: Vec<f64> = depth_bounds_m.windows(2).zip(expected).map(|(b, n)| n / (b[1] - b[0])).collect();
    let at = |i: usize, step: isize| per_m[i.saturating_add_signed(step).min(per_m.len() - 1)];
    (0..per_m.len()).map(|i| 0.25 * (at(i, -1) + 2.0 * at(i, 0) + at(i, 1))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_peaks_are_two_interfaces() {
        let bounds: Vec<f64> = (0..=20).map(f64::from).collect();
        let mut expected = vec![0.01; 20];
        (expected[4], expected[5], expected[6]) = (0.2, 0.4, 0.2);
        expected[15] = 0.5;
        let found = probable_interfaces(&bounds, &expected, &[0.02; 20], 5);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!((found[0].depth_m - 5.5).abs() < 0.5 && (found[0].expected - 0.85).abs() < 0.1, "{found:?}");
        assert!((found[1].depth_m - 15.5).abs() < 0.5 && (found[1].expected - 0.61).abs() < 0.05, "{found:?}");
        assert_eq!(probable_interfaces(&bounds, &expected, &[0.02; 20], 1), [found[0]]);
    }

    #[test]
    fn the_prior_alone_has_none() {
        let bounds: Vec<f64> = (0..=20).map(f64::from).collect();
        assert!(probable_interfaces(&bounds, &[0.1; 20], &[0.1; 20], 5).is_empty());
    }
}
