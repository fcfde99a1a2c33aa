//! Wavenumbers and weights of the Hankel integrals.
//!
//! With L the path up and down, the integrals run over x = lambda L by the trapezoid rule in t, where
//!
//! ```text
//! ln x + s x = t - c exp(-t)
//! ```
//!
//! The rule converges geometrically. The parameter c makes nodes sparser at small x, which the late gates need. The
//! parameter s makes steps of large x equal in x instead of in ln x, because Bessel functions may oscillate faster than
//! the exponential falls.

/// The rule for one sounding.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    first: f64,
    step: f64,
    count: usize,
    /// Parameter c of the module's text.
    thinning: f64,
    /// Parameter s of the module's text.
    linear: f64,
}

impl Rule {
    /// Makes a rule from x of `smallest` to `largest` in steps of t of at most `step`.
    pub(super) fn new(smallest: f64, largest: f64, thinning: f64, linear: f64, step: f64) -> Self {
        // t - c exp(-t) = ln x + s x of the smallest x, by Newton's method
        let y = smallest.ln() + linear * smallest;
        let mut first = -1.0_f64;
        for _ in 0..60 {
            let stretch = thinning * (-first).exp();
            first -= (first - stretch - y) / (1.0 + stretch);
        }
        let last = largest.ln() + linear * largest;
        let count = ((last - first) / step).ceil().max(2.0) as usize + 1;
        Self { first, step: (last - first) / (count - 1) as f64, count, thinning, linear }
    }

    /// Returns (x, dx) of all nodes.
    pub(super) fn nodes(&self) -> Vec<(f64, f64)> {
        (0..self.count)
            .map(|i| {
                let t = self.first + i as f64 * self.step;
                let stretch = self.thinning * (-t).exp();
                let x = self.solve(t - stretch);
                let end = if i == 0 || i + 1 == self.count { 0.5 } else { 1.0 };
                (x, end * self.step * (1.0 + stretch) * x / (1.0 + self.linear * x))
            })
            .collect()
    }

    /// Returns x with ln x + s x = `y`, by Newton's method in ln x, in which the function is convex.
    fn solve(&self, y: f64) -> f64 {
        let mut ln_x = y.min((y.max(1e-3) / self.linear.max(1e-12)).ln().max(0.0));
        for _ in 0..60 {
            let x = ln_x.exp();
            let step = (ln_x + self.linear * x - y) / (1.0 + self.linear * x);
            ln_x -= step;
            if step.abs() < 1e-15 * (1.0 + ln_x.abs()) {
                break;
            }
        }
        ln_x.exp()
    }
}
