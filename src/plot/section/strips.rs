//! Narrow plots above a section.

use super::super::axes::{Axis, Scale};
use super::super::canvas::{Area, Canvas, Stroke, Text};
use super::super::panel::Panel;
use super::{Line, Section, Strip, range};

/// Height of a strip above the section of a single line, and above one of several lines, as shares of the space for
/// each line.
const ALONE: f64 = 0.125;
const SEVERAL: f64 = 0.16;
/// Space below a strip, points.
const GAP: f64 = 6.0;

impl Section<'_> {
    /// Draws the strips at the top of a line's area; returns the top of the section.
    pub(super) fn draw_strips(&self, canvas: &mut Canvas, line: &Line, area: Area, x: Axis, title_x: f64) -> f64 {
        let height = if self.lines.len() > 1 { SEVERAL } else { ALONE } * area.height();
        let mut top = area.top;
        for strip in &self.options.strips {
            let place = Area::new(area.left, top, area.right, top + height);
            match strip {
                Strip::Misfit => self.draw_misfit(canvas, line, place, x, title_x),
                Strip::Layers => self.draw_layers(canvas, line, place, x, title_x),
                Strip::Convergence => self.draw_convergence(canvas, line, place, x, title_x),
            }
            top += height + GAP;
        }
        top
    }

    fn draw_misfit(&self, canvas: &mut Canvas, line: &Line, area: Area, x: Axis, title_x: f64) {
        let style = self.style;
        let values = inverted_only(line, &line.data.normalized_misfit);
        let (low, high) = range(values.iter().copied().filter(|v| *v > 0.0));
        let logarithmic = high > 5.0;
        let y = match logarithmic {
            true => Axis::new(Scale::Decades, low.log10().min(-0.2) - 0.1, high.log10() + 0.2),
            false => Axis::new(Scale::Linear, 0.0, 1.15 * high.max(1.4)),
        };
        let scaled = |v: f64| if logarithmic { v.log10() } else { v };
        let panel = Panel { style, area, x, y };
        let one = [(x.low(), scaled(1.0)), (x.high(), scaled(1.0))];
        panel.line(canvas, one, Stroke::dashed(style.colour.frame, style.line.thin));
        self.draw_steps(canvas, line, &panel, &values.into_iter().map(scaled).collect::<Vec<_>>());
        self.finish(canvas, &panel, "misfit", title_x, ["χ² per channel", "of the median", "sample"]);
    }

    fn draw_layers(&self, canvas: &mut Canvas, line: &Line, area: Area, x: Axis, title_x: f64) {
        let (style, data) = (self.style, &line.data);
        let (low, high) = (inverted_only(line, &data.layer_count_p05), inverted_only(line, &data.layer_count_p95));
        let y = Axis::new(Scale::Linear, 0.0, (range(high.iter().copied()).1 + 0.6).max(4.6));
        let panel = Panel { style, area, x, y };
        let both = |a: &[f64], b: &[f64]| -> Vec<f64> {
            a.iter().zip(b).map(|(a, b)| if b.is_finite() { *a } else { f64::NAN }).collect()
        };
        let (low, high) = (both(&low, &high), both(&high, &low));
        for (lower, mut upper) in line.track.steps(&low).into_iter().zip(line.track.steps(&high)) {
            upper.reverse();
            panel.fill(canvas, &[lower, upper].concat(), style.colour.posterior, 0.3);
        }
        self.draw_steps(canvas, line, &panel, &inverted_only(line, &data.layer_count_p50));
        self.finish(canvas, &panel, "layers", title_x, ["number of layers,", "median and", "5–95 % band"]);
    }

    fn draw_convergence(&self, canvas: &mut Canvas, line: &Line, area: Area, x: Axis, title_x: f64) {
        let style = self.style;
        // The logarithm of R-hat - 1 distinguishes 1.01 from 1.05 as well as 1.5 from 5.
        let scaled = |rhat: f64| (rhat - 1.0).max(1e-3).log10();
        let values: Vec<f64> = inverted_only(line, &line.data.rhat_maximum).into_iter().map(scaled).collect();
        let (low, high) = range(values.iter().copied().chain([scaled(self.options.rhat_target)]));
        let panel = Panel { style, area, x, y: Axis::new(Scale::Decades, low - 0.15, high + 0.15) };
        let target = scaled(self.options.rhat_target);
        let target = [(x.low(), target), (x.high(), target)];
        panel.line(canvas, target, Stroke::dashed(style.colour.frame, style.line.thin));
        self.draw_steps(canvas, line, &panel, &values);
        self.finish(canvas, &panel, "R-hat − 1", title_x, ["largest R-hat", "less 1; dashed:", "the target"]);
    }

    fn draw_steps(&self, canvas: &mut Canvas, line: &Line, panel: &Panel, values: &[f64]) {
        let stroke = Stroke::solid(self.style.colour.posterior, line.dense(panel, self.style.line.curve));
        for run in line.track.steps(values) {
            panel.line(canvas, run, stroke);
        }
    }

    /// Draws frame and axes, and the name of the strip at its right.
    fn finish(&self, canvas: &mut Canvas, panel: &Panel, title: &str, title_x: f64, words: [&str; 3]) {
        let (style, area) = (self.style, panel.area);
        panel.frame(canvas);
        panel.left_axis(canvas, 3, false, title, title_x);
        panel.bottom_axis(canvas, 8, true, "");
        // The colour bar is beside the strips of all lines but the first.
        if self.lines.len() > 1 {
            return;
        }
        let size = style.text.note.min(area.height() / 3.4);
        let first = area.middle().1 - 0.9 * size;
        for (row, words) in words.into_iter().enumerate() {
            let at = (area.right + 5.0, first + row as f64 * 1.25 * size);
            canvas.text(Text::new(words, at, size, style.colour.text).fitted(canvas.width - at.0 - 1.0));
        }
    }
}

impl Line {
    /// Returns a line width at which thousands of neighbouring soundings stay separate but visible.
    pub(super) fn dense(&self, panel: &Panel, width: f64) -> f64 {
        let cell = panel.area.width() / self.track.cells.len().max(1) as f64;
        width.min(cell.max(panel.style.line.grid))
    }
}

fn inverted_only(line: &Line, values: &[f64]) -> Vec<f64> {
    values.iter().zip(&line.data.inverted).map(|(v, inverted)| if *inverted { *v } else { f64::NAN }).collect()
}
