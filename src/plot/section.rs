//! The section along a line.

use std::cmp::Ordering;
use std::path::Path;

use super::axes::{Axis, Scale, ceil_to, floor_to};
use super::canvas::{Align, Area, Canvas, Stroke, Text};
use super::colour::Rgb;
use super::colour_bar::{self, Shading};
use super::data::SectionData;
use super::heading::{self, MARGIN, short};
use super::key::{self, Sample};
use super::panel::{self, Panel};
use super::track::Track;
use super::{FigureOptions, Result};

/// Height of the bar below soundings that did not converge, and its least width, points.
const BAR: f64 = 3.2;
const LEAST_BAR: f64 = 1.2;

/// A section ready to be drawn.
pub(super) struct Section<'a> {
    data: &'a SectionData,
    options: &'a FigureOptions,
    track: Track,
    /// Elevation of the ground, all zero when it is unknown somewhere.
    ground_m: Vec<f64>,
    against_depth: bool,
    depth_m: f64,
    shading: Shading<'a>,
}

impl<'a> Section<'a> {
    pub(super) fn new(data: &'a SectionData, options: &'a FigureOptions, path: &Path) -> Result<Section<'a>> {
        let against_depth = !data.elevation_m.iter().all(|e| e.is_finite());
        let ground_m = if against_depth { vec![0.0; data.elevation_m.len()] } else { data.elevation_m.clone() };
        let (low, high) = options.log10_range(path)?.unwrap_or_else(|| colour_range(data));
        let full_width = Some(data.prior_log10_width).filter(|w| w.is_finite() && *w > 0.0);
        let axis = Axis::log10_conductivity(low, high, options.resistivity);
        Ok(Section {
            track: Track::new(data),
            ground_m,
            against_depth,
            depth_m: options.depth(path, data.depth_bounds_m[data.depth_bounds_m.len() - 1])?,
            shading: Shading { style: &options.style, axis, full_width },
            data,
            options,
        })
    }

    pub(super) fn draw(&self, canvas: &mut Canvas) {
        let style = &self.options.style;
        let note = style.text.note;
        let title_x = MARGIN + 0.8 * style.text.label;
        let left = title_x + 3.4 * style.text.tick + 5.0;
        let right = canvas.width - MARGIN - 6.2 * style.text.tick - style.text.label - 30.0;
        let top = MARGIN + style.text.title + style.text.label + 11.0;
        let bottom = canvas.height - MARGIN - 1.7 * note - panel::bottom_margin(style);
        let strip = 0.125 * (bottom - top);

        let x = self.track.axis();
        let y = self.vertical_axis();
        let misfit = Area::new(left, top, right, top + strip);
        let layers = Area::new(left, misfit.bottom + 6.0, right, misfit.bottom + 6.0 + strip);
        let main = Panel { style, area: Area::new(left, layers.bottom + 7.0, right, bottom), x, y };

        self.draw_heading(canvas, &main);
        self.draw_misfit(canvas, misfit, x, title_x);
        self.draw_layers(canvas, layers, x, title_x);
        self.draw_ground(canvas, &main, title_x);
        let bar = right + 13.0;
        let bar = Area::new(bar, main.area.top, bar + 27.0, bottom);
        colour_bar::draw(canvas, &self.shading, bar, self.options.conductivity_label());
        let sensor = if self.data.time_domain { "transmitter" } else { "sensor" };
        let mut entries = vec![(Sample::Line(self.sensor_stroke()), sensor)];
        if self.investigated().iter().any(|level| level.is_finite()) {
            entries.push((Sample::Line(self.investigation_stroke()), "depth of investigation"));
        }
        if !self.data.inverted.iter().all(|i| *i) {
            entries.push((Sample::Hatch(style.colour.hatch), "not inverted"));
        }
        if self.not_converged().next().is_some() {
            entries.push((Sample::Band(style.colour.warning, 1.0), "not converged"));
        }
        key::row(canvas, style, (left, canvas.height - MARGIN - 0.25 * note), right - left, &entries);
    }

    fn draw_heading(&self, canvas: &mut Canvas, main: &Panel) {
        let data = self.data;
        let (low, high) = range(data.fiducial.iter().copied());
        let fiducials = match low.partial_cmp(&high) {
            Some(Ordering::Less) => format!("fiducials {} to {}", short(low), short(high)),
            Some(Ordering::Equal) => format!("fiducial {}", short(low)),
            _ => "no fiducials".to_owned(),
        };
        let name = format!("{}, {fiducials}", heading::line_name(&data.line_label));
        let inverted = data.inverted.iter().filter(|i| **i).count();
        let mut details = format!("{inverted} of {} soundings inverted", data.inverted.len());
        match self.not_converged().count() {
            0 => {}
            count => details += &format!(", {count} not converged"),
        }
        if let Some(unit) = self.track.unit_m.filter(|_| self.track.cells.len() > 1) {
            let across = main.area.width() / ((main.x.high() - main.x.low()) * unit);
            let up = main.area.height() / (main.y.high() - main.y.low()).abs();
            details += &format!(" · vertical exaggeration {}", two_digits(up / across));
        }
        let title = match &self.options.title {
            Some(title) => {
                details = format!("{name} · {details}");
                title
            }
            None => &name,
        };
        heading::draw(canvas, &self.options.style, title, ("", Rgb::WHITE), &details);
    }

    fn draw_misfit(&self, canvas: &mut Canvas, area: Area, x: Axis, title_x: f64) {
        let style = &self.options.style;
        let values: Vec<f64> = self.inverted_only(&self.data.normalized_misfit);
        let (low, high) = range(values.iter().copied().filter(|v| *v > 0.0));
        let logarithmic = high > 5.0;
        let y = match logarithmic {
            true => Axis::new(Scale::Decades, low.log10().min(-0.2) - 0.1, high.log10() + 0.2),
            false => Axis::new(Scale::Linear, 0.0, 1.15 * high.max(1.4)),
        };
        let scaled = |v: f64| if logarithmic { v.log10() } else { v };
        let panel = Panel { style, area, x, y };
        let values: Vec<f64> = values.into_iter().map(scaled).collect();
        let one = [(x.low(), scaled(1.0)), (x.high(), scaled(1.0))];
        panel.line(canvas, one, Stroke::dashed(style.colour.frame, style.line.thin));
        for run in self.track.steps(&values) {
            panel.line(canvas, run, Stroke::solid(style.colour.posterior, self.dense(&panel, style.line.curve)));
        }
        panel.frame(canvas);
        panel.left_axis(canvas, 3, false, "misfit", title_x);
        panel.bottom_axis(canvas, 8, true, "");
        self.explain(canvas, area, ["χ² per channel", "of the median", "sample"]);
    }

    fn draw_layers(&self, canvas: &mut Canvas, area: Area, x: Axis, title_x: f64) {
        let style = &self.options.style;
        let data = self.data;
        let (_, high) = range(self.inverted_only(&data.layer_count_p95).into_iter());
        let y = Axis::new(Scale::Linear, 0.0, (high + 0.6).max(4.6));
        let panel = Panel { style, area, x, y };
        let low = self.inverted_only(&data.layer_count_p05);
        let high: Vec<f64> = self.inverted_only(&data.layer_count_p95);
        let both = |a: &[f64], b: &[f64]| -> Vec<f64> {
            a.iter().zip(b).map(|(a, b)| if b.is_finite() { *a } else { f64::NAN }).collect()
        };
        let (low, high) = (both(&low, &high), both(&high, &low));
        for (lower, mut upper) in self.track.steps(&low).into_iter().zip(self.track.steps(&high)) {
            upper.reverse();
            panel.fill(canvas, &[lower, upper].concat(), style.colour.posterior, 0.3);
        }
        for run in self.track.steps(&self.inverted_only(&data.layer_count_p50)) {
            panel.line(canvas, run, Stroke::solid(style.colour.posterior, self.dense(&panel, style.line.curve)));
        }
        panel.frame(canvas);
        panel.left_axis(canvas, 3, false, "layers", title_x);
        panel.bottom_axis(canvas, 8, true, "");
        self.explain(canvas, area, ["number of layers,", "median and", "5–95 % band"]);
    }

    /// What a strip shows, at its right.
    fn explain(&self, canvas: &mut Canvas, area: Area, lines: [&str; 3]) {
        let style = &self.options.style;
        let size = style.text.note;
        let first = area.middle().1 - 0.9 * size;
        for (row, line) in lines.into_iter().enumerate() {
            let at = (area.right + 5.0, first + row as f64 * 1.25 * size);
            canvas.text(Text::new(line, at, size, style.colour.text));
        }
    }

    fn draw_ground(&self, canvas: &mut Canvas, panel: &Panel, title_x: f64) {
        let (style, area) = (panel.style, panel.area);
        canvas.image(area, |(x, y)| {
            let along = panel.x.value((x - area.left) / area.width());
            let level = panel.y.value((area.bottom - y) / area.height());
            self.track.sounding(along).map_or(Rgb::WHITE, |sounding| self.colour(sounding, self.level(level), (x, y)))
        });
        let levels: Vec<f64> = self.ground_m.iter().map(|g| self.level(*g)).collect();
        for run in self.track.steps(&levels) {
            panel.line(canvas, run, Stroke::solid(style.colour.frame, self.dense(panel, style.line.thin)));
        }
        let bottoms: Vec<f64> = self.ground_m.iter().map(|g| self.level(g - self.depth_m)).collect();
        for run in self.track.steps(&bottoms) {
            panel.line(canvas, run, Stroke::solid(style.colour.hatch, style.line.grid));
        }
        let heights = self.ground_m.iter().zip(&self.data.height_m);
        let heights: Vec<f64> = heights.map(|(ground, height)| self.level(ground + height)).collect();
        for run in self.track.steps(&heights) {
            // A sounding alone has no neighbour to draw a line to.
            if run.len() == 2 {
                panel.line(canvas, run, self.sensor_stroke());
                continue;
            }
            let middles = run.chunks_exact(2).map(|ends| ((ends[0].0 + ends[1].0) / 2.0, ends[0].1));
            panel.line(canvas, middles, self.sensor_stroke());
        }
        // Without lines up and down, which would hide the section where neighbours differ.
        for run in self.track.steps(&self.investigated()) {
            for ends in run.chunks_exact(2) {
                panel.line(canvas, ends.iter().copied(), self.investigation_stroke());
            }
        }
        self.draw_not_converged(canvas, panel);
        panel.frame(canvas);
        panel.left_axis(canvas, 5, false, if self.against_depth { "depth (m)" } else { "elevation (m)" }, title_x);
        panel.bottom_axis(canvas, 8, false, self.track.title);
        if let Some((first, last)) = self.track.ends {
            let baseline = panel::title_baseline(style, area.bottom);
            for (text, x, align) in [(first, area.left, Align::Start), (last, area.right, Align::End)] {
                canvas.text(Text::new(text, (x, baseline), style.text.label, style.colour.text).bold().align(align));
            }
        }
    }

    /// A bar at the bottom below soundings that did not converge: it stays legible where there are hundreds of them.
    fn draw_not_converged(&self, canvas: &mut Canvas, panel: &Panel) {
        let mut runs: Vec<(f64, f64)> = Vec::new();
        for (left, right) in self.not_converged().map(|sounding| self.track.cells[sounding]) {
            match runs.last_mut() {
                Some(run) if run.1 == left => run.1 = right,
                _ => runs.push((left, right)),
            }
        }
        let (top, bottom) = (panel.area.bottom - BAR, panel.area.bottom);
        for (left, right) in runs {
            let (left, right) = (panel.px(left), panel.px(right));
            let widened = (LEAST_BAR - (right - left)).max(0.0) / 2.0;
            let bar = Area::new(left - widened, top, right + widened, bottom);
            canvas.fill(&bar.corners(), panel.style.colour.warning, 1.0);
        }
    }

    /// The colour of a sounding at an elevation; `place` is where it is drawn.
    fn colour(&self, sounding: usize, elevation: f64, place: (f64, f64)) -> Rgb {
        let data = self.data;
        let depth = self.ground_m[sounding] - elevation;
        if !(0.0..self.depth_m).contains(&depth) {
            return Rgb::WHITE;
        }
        if !data.inverted[sounding] {
            return key::hatch(place, self.options.style.colour.hatch);
        }
        let Some(cell) = data.depth_bounds_m.partition_point(|b| *b <= depth).checked_sub(1) else {
            return Rgb::WHITE;
        };
        let index = [sounding, cell];
        let median = data.log10_conductivity_p50[index];
        if !median.is_finite() {
            return Rgb::WHITE;
        }
        self.shading.colour(median, data.log10_conductivity_p95[index] - data.log10_conductivity_p05[index])
    }

    /// Elevations, or depths when these are unknown; the way back is the same.
    fn level(&self, elevation: f64) -> f64 {
        if self.against_depth { -elevation } else { elevation }
    }

    fn vertical_axis(&self) -> Axis {
        let tops = self.ground_m.iter().zip(&self.data.height_m);
        let (_, top) = range(tops.map(|(ground, height)| ground + if height.is_finite() { *height } else { 0.0 }));
        let (lowest, _) = range(self.ground_m.iter().copied());
        let (top, bottom) = if lowest.is_finite() { (top, lowest - self.depth_m) } else { (0.0, -self.depth_m) };
        // Room for the markers below, air above.
        let margin = 0.05 * (top - bottom);
        Axis::new(Scale::Linear, self.level(bottom - margin), self.level(top + margin))
    }

    fn not_converged(&self) -> impl Iterator<Item = usize> {
        (0..self.data.inverted.len()).filter(|i| self.data.inverted[*i] && !self.data.converged[*i])
    }

    fn inverted_only(&self, values: &[f64]) -> Vec<f64> {
        values.iter().zip(&self.data.inverted).map(|(v, inverted)| if *inverted { *v } else { f64::NAN }).collect()
    }

    /// A line width that leaves neighbouring soundings apart, but visible, on lines of thousands.
    fn dense(&self, panel: &Panel, width: f64) -> f64 {
        let cell = panel.area.width() / self.track.cells.len().max(1) as f64;
        width.min(cell.max(panel.style.line.grid))
    }

    /// Levels of the depth of investigation; NaN where it is not known or not drawn.
    fn investigated(&self) -> Vec<f64> {
        let places = self.ground_m.iter().zip(&self.data.depth_of_investigation_m);
        places
            .map(|(ground, &depth)| if depth < self.depth_m { self.level(ground - depth) } else { f64::NAN })
            .collect()
    }

    fn investigation_stroke(&self) -> Stroke {
        Stroke::solid(self.options.style.colour.text, self.options.style.line.curve)
    }

    fn sensor_stroke(&self) -> Stroke {
        Stroke::solid(self.options.style.colour.prior, 0.75 * self.options.style.line.thin)
    }
}

/// Least and greatest of the finite values; rising only if there are any.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let values = values.filter(|v| v.is_finite());
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
}

/// Second to 98th percentile of the medians, rounded out to half decades.
fn colour_range(data: &SectionData) -> (f64, f64) {
    let mut values: Vec<f64> = data.log10_conductivity_p50.iter().copied().filter(|v| v.is_finite()).collect();
    if values.is_empty() {
        return (-3.0, 0.0);
    }
    values.sort_by(f64::total_cmp);
    let at = |fraction: f64| values[(fraction * (values.len() - 1) as f64).round() as usize];
    let (low, high) = (floor_to(at(0.02), 0.5), ceil_to(at(0.98), 0.5));
    if low < high { (low, high) } else { (low - 0.5, high + 0.5) }
}

/// A number with about two digits.
fn two_digits(value: f64) -> String {
    if value >= 10.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}
