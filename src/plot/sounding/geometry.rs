//! Distributions of the system's geometry.

use super::super::axes::{Axis, Scale};
use super::super::canvas::{Area, Canvas, Point};
use super::super::data::GeometryMarginal;
use super::super::key::{self, KeySymbol};
use super::super::panel::Panel;
use super::{Sounding, geometry_rows};

/// Space between two distributions.
const GAP: f64 = 13.0;
/// Number of standard deviations of a normal prior from its middle to a bound.
const BOUND_STDS: f64 = 4.0;

impl Sounding<'_> {
    /// Draws one row of distributions; the first row has the key.
    pub(super) fn draw_geometry(&self, canvas: &mut Canvas, area: Area, row: usize) {
        let (all, style) = (&self.data.geometry, &self.options.style);
        // Rows are as equal as possible: four distributions are two and two.
        let columns = all.len().div_ceil(geometry_rows(all.len()).max(1)).max(1);
        let width = (area.width() - GAP * (columns - 1) as f64) / columns as f64;
        for (column, marginal) in all.iter().skip(row * columns).take(columns).enumerate() {
            let left = area.left + column as f64 * (width + GAP);
            self.draw_deviation(canvas, Area::new(left, area.top, left + width, area.bottom), marginal);
        }
        if row == 0 {
            let entries = [
                (KeySymbol::Nothing, "deviation from the measured geometry"),
                (KeySymbol::Band(style.colour.posterior, 0.75), "posterior"),
                (KeySymbol::Line(self.prior_stroke()), "prior"),
            ];
            key::row(canvas, style, (area.left, area.top - 0.6 * style.text.note), area.width(), &entries);
        }
    }

    fn draw_deviation(&self, canvas: &mut Canvas, area: Area, marginal: &GeometryMarginal) {
        let style = &self.options.style;
        let bounds = &marginal.bounds;
        let prior = prior(marginal);
        let greatest = marginal.probability.iter().copied().chain(prior.iter().map(|p| p.1)).fold(0.0, f64::max);
        let x = Axis::new(Scale::Linear, bounds[0], bounds[bounds.len() - 1]);
        let y = Axis::new(Scale::Linear, 0.0, if greatest > 0.0 { 1.08 * greatest } else { 1.0 });
        let panel = Panel { style, area, x, y };
        for (bound, value) in bounds.windows(2).zip(&marginal.probability).filter(|(_, value)| **value > 0.0) {
            let bar = [(bound[0], 0.0), (bound[0], *value), (bound[1], *value), (bound[1], 0.0)];
            panel.fill(canvas, &bar, style.colour.posterior, 0.75);
        }
        panel.line(canvas, prior, self.prior_stroke());
        panel.frame(canvas);
        panel.bottom_axis(canvas, 4, false, &format!("Δ {} ({})", marginal.label, marginal.unit));
    }
}

/// Returns the prior probability of a bin around each bound.
fn prior(marginal: &GeometryMarginal) -> Vec<Point> {
    let bounds = &marginal.bounds;
    let (low, high) = (bounds[0], bounds[bounds.len() - 1]);
    let width = (high - low) / marginal.probability.len() as f64;
    let std = (high - low) / (2.0 * BOUND_STDS);
    let density = |deviation: f64| match marginal.normal_prior {
        true => {
            let z = (deviation - 0.5 * (low + high)) / std;
            (-0.5 * z * z).exp() / (std * std::f64::consts::TAU.sqrt())
        }
        false => 1.0 / (high - low),
    };
    bounds.iter().map(|bound| (*bound, width * density(*bound))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priors_have_unit_probability() {
        for normal_prior in [false, true] {
            let bounds = (0..=40).map(|i| f64::from(i) * 0.1 - 2.0).collect();
            let probability = vec![0.0; 40];
            let prior = prior(&GeometryMarginal { bounds, probability, normal_prior, ..GeometryMarginal::default() });
            let total: f64 = prior.windows(2).map(|pair| 0.5 * (pair[0].1 + pair[1].1)).sum();
            assert!((total - 1.0).abs() < 1e-3, "{total}");
        }
    }

    #[test]
    fn rows_hold_three() {
        assert_eq!([0, 1, 3, 4, 6, 10].map(geometry_rows), [0, 1, 1, 2, 2, 4]);
    }
}
