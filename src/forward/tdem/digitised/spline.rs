//! Cubic splines through equally spaced knots, with slopes of zero at both ends.

/// The positions of the knots, and the matrix from values to second derivatives.
#[derive(Debug)]
pub(super) struct Spline {
    first: f64,
    step: f64,
    /// `[i][j]`: the second derivative at knot i when the value at knot j is 1 and all others are 0.
    second: Vec<Vec<f64>>,
}

impl Spline {
    /// Makes a spline with `count` knots, at least two, from `first` at distances of `step`.
    pub(super) fn new(first: f64, step: f64, count: usize) -> Self {
        let mut second = vec![vec![0.0; count]; count];
        let mut values = vec![0.0; count];
        for j in 0..count {
            values.fill(0.0);
            values[j] = 1.0;
            second_derivatives(&values, step).into_iter().enumerate().for_each(|(i, s)| second[i][j] = s);
        }
        Self { first, step, second }
    }

    /// Returns the positions of the knots.
    pub(super) fn knots(&self) -> impl Iterator<Item = f64> {
        (0..self.second.len()).map(|i| self.first + self.step * i as f64)
    }

    /// Returns the knot before `x`, and factors at this and the next knot: of the two values and of the two second
    /// derivatives.
    pub(super) fn factors(&self, x: f64) -> (usize, [f64; 2], [f64; 2]) {
        let position = (x - self.first) / self.step;
        let knot = (position as usize).min(self.second.len() - 2);
        let b = position - knot as f64;
        let a = 1.0 - b;
        let sixth = self.step * self.step / 6.0;
        (knot, [a, b], [sixth * a * (a * a - 1.0), sixth * b * (b * b - 1.0)])
    }

    /// Returns `[i][j]`: the second derivative at knot i when the value at knot j is 1 and all others are 0.
    pub(super) fn second(&self) -> &[Vec<f64>] {
        &self.second
    }
}

/// Returns the second derivatives at the knots for which slopes are continuous, and zero at the ends.
fn second_derivatives(values: &[f64], step: f64) -> Vec<f64> {
    let last = values.len() - 1;
    let rise = |i: usize| values[i + 1] - values[i];
    let right = |i: usize| match i {
        0 => rise(0),
        _ if i == last => -rise(last - 1),
        _ => rise(i) - rise(i - 1),
    };
    // Rows (1, 4, 1), at the ends (2, 1) and (1, 2), are eliminated downwards.
    let factor = 6.0 / (step * step);
    let (mut above, mut reduced) = (vec![0.0; last + 1], vec![0.0; last + 1]);
    for i in 0..=last {
        let diagonal = if i == 0 || i == last { 2.0 } else { 4.0 };
        let (above_before, before) = if i == 0 { (0.0, 0.0) } else { (above[i - 1], reduced[i - 1]) };
        let pivot = diagonal - above_before;
        above[i] = 1.0 / pivot;
        reduced[i] = (factor * right(i) - before) / pivot;
    }
    for i in (0..last).rev() {
        reduced[i] -= above[i] * reduced[i + 1];
    }
    reduced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cubic_with_level_ends_is_reproduced() {
        // 3 x^2 - 2 x^3 on [0, 1]
        let curve = |x: f64| x * x * (3.0 - 2.0 * x);
        let spline = Spline::new(0.0, 0.125, 9);
        let values: Vec<f64> = (0..9).map(|i| curve(0.125 * f64::from(i))).collect();
        let second: Vec<f64> =
            spline.second().iter().map(|row| row.iter().zip(&values).map(|(s, v)| s * v).sum()).collect();
        for x in [0.0, 0.03, 0.125, 0.4, 0.77, 1.0] {
            let (i, [a, b], [c, d]) = spline.factors(x);
            let value = a * values[i] + b * values[i + 1] + c * second[i] + d * second[i + 1];
            assert!((value - curve(x)).abs() < 1e-14, "{x}: {value}");
        }
    }
}
