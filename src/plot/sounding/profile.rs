//! Conductivity and interfaces against depth.

use super::super::axes::{Axis, Scale};
use super::super::canvas::{Align, Area, Canvas, Point, Stroke, Text};
use super::super::key::{self, KeySymbol};
use super::super::panel::Panel;
use super::Sounding;

/// Opacity of the band of the depth of investigation.
const BAND: f64 = 0.1;

impl Sounding<'_> {
    pub(super) fn draw_hitmap(&self, canvas: &mut Canvas, area: Area, title_x: f64, key: Area) {
        let (data, style) = (self.data, &self.options.style);
        let (colour, line) = (&style.colour, &style.line);
        let panel = Panel { style, area, x: self.conductivity, y: self.depth_axis() };
        let greatest: Vec<f64> =
            data.hitmap.rows().into_iter().map(|r| r.iter().copied().fold(0.0, f64::max)).collect();
        canvas.image(area, |(x, y)| {
            let log10_conductivity = panel.x.value((x - area.left) / area.width());
            let depth = panel.y.value((area.bottom - y) / area.height());
            match (cell(&data.depth_bounds_m, depth), cell(&data.log10_conductivity_bounds, log10_conductivity)) {
                (Some(row), Some(column)) if greatest[row] > 0.0 => {
                    style.hits.at(data.hitmap[[row, column]] / greatest[row])
                }
                _ => colour.paper,
            }
        });

        let depths = [0.0, self.depth_m];
        let priors =
            [data.prior_log10_conductivity_p05, data.prior_log10_conductivity_p50, data.prior_log10_conductivity_p95];
        for prior in priors {
            panel.line(canvas, depths.map(|depth| (prior, depth)), self.prior_stroke());
        }
        let bound = Stroke::solid(colour.median, line.thin);
        let median = Stroke::solid(colour.median, 1.2 * line.curve);
        let best = Stroke::solid(colour.best, line.curve);
        panel.line(canvas, self.by_depth(&data.log10_conductivity_p05), bound);
        panel.line(canvas, self.by_depth(&data.log10_conductivity_p95), bound);
        panel.line(canvas, self.by_depth(&data.log10_conductivity_p50), median);
        panel.line(canvas, self.steps(&data.best_interface_depth_m, &data.best_log10_conductivity), best);
        if let Some(truth) = &data.truth {
            panel.line(canvas, self.steps(&truth.interface_depth_m, &truth.log10_conductivity), self.truth_stroke());
        }
        self.draw_investigated(canvas, &panel);
        panel.frame(canvas);
        panel.left_axis(canvas, 8, false, "depth (m)", title_x);
        panel.bottom_axis(canvas, 6, false, self.conductivity_label);

        let at = (area.left, area.top - 0.6 * style.text.note);
        canvas.text(Text::new("posterior of conductivity", at, style.text.note, colour.text));
        let mut entries = vec![
            (KeySymbol::Line(median), "median"),
            (KeySymbol::Line(bound), "5 and 95 %"),
            (KeySymbol::Line(best), "best model"),
            (KeySymbol::Line(self.prior_stroke()), "prior"),
        ];
        if data.truth.is_some() {
            entries.push((KeySymbol::Line(self.truth_stroke()), "truth"));
        }
        key::row(canvas, style, (key.left, key.top), key.width(), &entries);
        self.draw_hit_key(canvas, (key.left, key.top + 1.7 * style.text.note));
    }

    /// Draws a line at the depth of investigation in the band of its 90 % interval; the line is dotted at the bottom of
    /// the panel when the depth is greater.
    fn draw_investigated(&self, canvas: &mut Canvas, panel: &Panel) {
        let Some([low, median, high]) = self.data.depth_of_investigation_m else { return };
        let (colour, line, size) =
            (self.options.style.colour.text, &self.options.style.line, self.options.style.text.note);
        let across = [panel.x.low(), panel.x.high()];
        let [left, right] = across;
        panel.fill(canvas, &[(left, low), (right, low), (right, high), (left, high)], colour, BAND);
        let depth = median.min(self.depth_m);
        let is_below = median >= self.depth_m;
        let stroke = if is_below { Stroke::dotted(colour, line.curve) } else { Stroke::solid(colour, line.curve) };
        panel.line(canvas, across.map(|x| (x, depth)), stroke);
        let text = if is_below { "depth of investigation: deeper" } else { "depth of investigation" };
        let at = (panel.area.right - 2.0, panel.py(depth) - 0.3 * size);
        canvas.text(Text::new(text, at, size, colour).align(Align::End));
    }

    /// Draws the colours of the hitmap in a row.
    fn draw_hit_key(&self, canvas: &mut Canvas, (x, baseline): Point) {
        let style = &self.options.style;
        let (size, ink) = (style.text.note, style.colour.text);
        let area = Area::new(x, baseline - 0.76 * size, x + 42.0, baseline + 0.04 * size);
        canvas.image(area, |(x, _)| style.hits.at((x - area.left) / area.width()));
        let [a, b, c, d] = area.corners();
        canvas.line(&[a, b, c, d, a, b], Stroke::solid(style.colour.frame, style.line.grid));
        let text = "probability, 0 to the greatest at each depth";
        canvas.text(Text::new(text, (area.right + 3.0, baseline), size, ink));
    }

    pub(super) fn draw_interfaces(&self, canvas: &mut Canvas, area: Area) {
        let (data, style) = (self.data, &self.options.style);
        let (posterior, prior) = (&data.interface_density_per_m, &data.prior_interface_density_per_m);
        let greatest = self.shown(posterior).chain(self.shown(prior)).fold(0.0, f64::max);
        let x = Axis::new(Scale::Linear, 0.0, if greatest > 0.0 { 1.08 * greatest } else { 1.0 });
        let panel = Panel { style, area, x, y: self.depth_axis() };
        let values: Vec<f64> = posterior.iter().map(|v| if v.is_finite() { *v } else { 0.0 }).collect();
        let mut outline = vec![(0.0, data.depth_bounds_m[0])];
        outline.extend(self.by_depth(&values));
        outline.push((0.0, self.depth_m));
        panel.fill(canvas, &outline, style.colour.posterior, 0.75);
        panel.line(canvas, self.by_depth(prior), self.prior_stroke());
        for depth in data.truth.iter().flat_map(|truth| &truth.interface_depth_m) {
            panel.line(canvas, [(x.low(), *depth), (x.high(), *depth)], self.truth_stroke());
        }
        panel.frame(canvas);
        panel.left_axis(canvas, 8, true, "", 0.0);
        panel.bottom_axis(canvas, 2, false, "interfaces per m");
        let at = (area.middle().0, area.top - 0.6 * style.text.note);
        let text = Text::new("interfaces per m", at, style.text.note, style.colour.text).align(Align::Middle);
        canvas.text(text.fitted(area.width() + 10.0));
    }

    fn depth_axis(&self) -> Axis {
        Axis::new(Scale::Linear, self.depth_m, 0.0)
    }

    /// Returns steps (value, depth) through the cells down to the greatest depth drawn.
    fn by_depth(&self, values: &[f64]) -> Vec<Point> {
        let bounds = self.data.depth_bounds_m.windows(2);
        let cells = values.iter().zip(bounds).filter(|(_, bound)| bound[0] < self.depth_m);
        cells.flat_map(|(value, bound)| [(*value, bound[0]), (*value, bound[1].min(self.depth_m))]).collect()
    }

    /// Returns the finite values of the depth cells that are drawn.
    fn shown<'v>(&self, values: &'v [f64]) -> impl Iterator<Item = f64> + use<'v> {
        let count = self.data.depth_bounds_m.partition_point(|bound| *bound < self.depth_m);
        values.iter().copied().take(count).filter(|v| v.is_finite())
    }

    /// Returns a model of layers as steps (value, depth).
    fn steps(&self, interface_depth_m: &[f64], values: &[f64]) -> Vec<Point> {
        let tops = [0.0].into_iter().chain(interface_depth_m.iter().copied());
        let bottoms = interface_depth_m.iter().copied().chain([self.depth_m.max(f64::MIN_POSITIVE)]);
        let layers = tops.zip(bottoms).zip(values);
        layers
            .filter(|((top, _), _)| *top < self.depth_m)
            .flat_map(|((top, bottom), value)| [(*value, top), (*value, bottom.min(self.depth_m))])
            .collect()
    }

    fn truth_stroke(&self) -> Stroke {
        Stroke::dashed(self.options.style.colour.truth, 1.1 * self.options.style.line.curve)
    }
}

/// Returns the cell between rising bounds that contains `value`.
fn cell(bounds: &[f64], value: f64) -> Option<usize> {
    let index = bounds.partition_point(|bound| *bound <= value).checked_sub(1)?;
    (index + 1 < bounds.len()).then_some(index)
}
