//! Number of layers and data errors.

use super::super::axes::{Axis, Scale};
use super::super::canvas::{Area, Canvas};
use super::super::data::Distribution;
use super::super::key::{self, Marker, Sample};
use super::super::panel::Panel;
use super::Sounding;

/// Space between two distributions.
const GAP: f64 = 13.0;

impl Sounding<'_> {
    pub(super) fn draw_marginals(&self, canvas: &mut Canvas, area: Area, title_x: f64) {
        let errors: Vec<_> =
            [(&self.data.relative_error, "relative error"), (&self.data.additive_error, "additive (ppm)")]
                .into_iter()
                .filter_map(|(errors, title)| errors.as_ref().map(|errors| (errors, title)))
                .collect();
        // The number of layers is half as wide again as an error.
        let unit = (area.width() - GAP * errors.len() as f64) / (1.4 + errors.len() as f64);
        let layers = if errors.is_empty() { area.width() } else { 1.4 * unit };
        self.draw_layer_count(canvas, Area::new(area.left, area.top, area.left + layers, area.bottom), title_x);
        let mut left = area.left + layers + GAP;
        for (errors, title) in errors {
            self.draw_errors(canvas, Area::new(left, area.top, left + unit, area.bottom), errors, title);
            left += unit + GAP;
        }
    }

    fn draw_layer_count(&self, canvas: &mut Canvas, area: Area, title_x: f64) {
        let (data, style) = (self.data, &self.options.style);
        let (posterior, prior) = (&data.layer_count_probability, &data.prior_layer_count_probability);
        let greatest = posterior.iter().chain(prior).copied().fold(0.0, f64::max);
        // Without the counts that neither prior nor posterior reach.
        let reached = |p: &[f64]| p.iter().rposition(|v| *v > 1e-3).map_or(0, |last| last + 1);
        let count = reached(posterior).max(reached(prior)).max(4) as f64;
        let x = Axis::new(Scale::Linear, 0.4, count + 0.6);
        let y = Axis::new(Scale::Linear, 0.0, if greatest > 0.0 { 1.08 * greatest } else { 1.0 });
        let panel = Panel { style, area, x, y };
        for (i, value) in posterior.iter().enumerate().filter(|(i, v)| v.is_finite() && *i < count as usize) {
            let layers = (i + 1) as f64;
            let bar = [(layers - 0.4, 0.0), (layers - 0.4, *value), (layers + 0.4, *value), (layers + 0.4, 0.0)];
            panel.fill(canvas, &bar, style.colour.posterior, 0.75);
        }
        let size = (0.45 * area.width() / count).clamp(1.5, 3.0);
        for (i, value) in prior.iter().enumerate().filter(|(i, v)| v.is_finite() && *i < count as usize) {
            Marker::Disc.draw(canvas, panel.at(((i + 1) as f64, *value)), size, style.colour.prior);
        }
        panel.frame(canvas);
        panel.left_axis(canvas, 3, false, "probability", title_x);
        panel.bottom_axis(canvas, if count < 10.0 { count as usize } else { 6 }, false, "number of layers");
        let entries = [
            (Sample::Band(style.colour.posterior, 0.75), "posterior"),
            (Sample::Marker(Marker::Disc, style.colour.prior), "prior"),
        ];
        key::row(canvas, style, (area.left, area.top - 0.6 * style.text.note), 2.0 * area.width(), &entries);
    }

    fn draw_errors(&self, canvas: &mut Canvas, area: Area, errors: &Distribution, title: &str) {
        let style = &self.options.style;
        let bounds: Vec<f64> = errors.bounds.iter().map(|b| b.log10()).collect();
        let greatest = errors.probability.iter().copied().fold(0.0, f64::max);
        let x = Axis::new(Scale::Decades, bounds[0], bounds[bounds.len() - 1]);
        let y = Axis::new(Scale::Linear, 0.0, if greatest > 0.0 { 1.08 * greatest } else { 1.0 });
        let panel = Panel { style, area, x, y };
        for (bound, value) in bounds.windows(2).zip(&errors.probability).filter(|(_, value)| **value > 0.0) {
            let bar = [(bound[0], 0.0), (bound[0], *value), (bound[1], *value), (bound[1], 0.0)];
            panel.fill(canvas, &bar, style.colour.posterior, 0.75);
        }
        panel.frame(canvas);
        panel.bottom_axis(canvas, 4, false, title);
    }
}
