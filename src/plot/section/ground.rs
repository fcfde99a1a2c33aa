//! Drawing of the earth below the ground and of the flight path above it.

use super::super::canvas::{Area, Canvas, Stroke};
use super::super::colour::Rgb;
use super::super::key;
use super::super::panel::Panel;
use super::{Investigation, Line, Section, not_converged};

/// Height of the bar below soundings that did not converge, and its least width, points.
const BAR: f64 = 3.2;
const LEAST_BAR: f64 = 1.2;

impl Section<'_> {
    pub(super) fn draw_ground(&self, canvas: &mut Canvas, line: &Line, panel: &Panel, title_x: f64, is_last: bool) {
        let (style, area, paper) = (panel.style, panel.area, canvas.paper);
        canvas.image(area, |(x, y)| {
            let along = panel.x.value((x - area.left) / area.width());
            let level = self.level(panel.y.value((area.bottom - y) / area.height()));
            line.track
                .sounding(along)
                .and_then(|sounding| self.colour(line, sounding, (along, level), (x, y)))
                .unwrap_or(paper)
        });
        let levels: Vec<f64> = line.ground_m.iter().map(|g| self.level(*g)).collect();
        for run in line.track.steps(&levels) {
            panel.line(canvas, run, Stroke::solid(style.colour.frame, line.dense(panel, style.line.thin)));
        }
        let bottoms: Vec<f64> = line.ground_m.iter().map(|g| self.level(g - self.depth_m)).collect();
        for run in line.track.steps(&bottoms) {
            panel.line(canvas, run, Stroke::solid(style.colour.hatch, style.line.grid));
        }
        self.draw_sensor(canvas, line, panel);
        if self.options.investigation == Investigation::Line {
            self.draw_investigated(canvas, panel, line, &self.investigated(line), self.investigation_stroke());
            self.draw_investigated(canvas, panel, line, &self.investigated_below(line), self.below_stroke());
        }
        self.draw_not_converged(canvas, line, panel);
        panel.frame(canvas);
        let levels = if self.lines.len() > 1 { 4 } else { 5 };
        panel.left_axis(canvas, levels, false, if self.against_depth { "depth (m)" } else { "elevation (m)" }, title_x);
        panel.bottom_axis(canvas, 8, !is_last, if is_last { self.along.title(self.unit_m) } else { "" });
    }

    /// Draws the depth of investigation without vertical lines, which would cover the section where neighbours differ.
    fn draw_investigated(&self, canvas: &mut Canvas, panel: &Panel, line: &Line, levels: &[f64], stroke: Stroke) {
        for run in line.track.steps(levels) {
            for ends in run.chunks_exact(2) {
                panel.line(canvas, ends.iter().copied(), stroke);
            }
        }
    }

    fn draw_sensor(&self, canvas: &mut Canvas, line: &Line, panel: &Panel) {
        let heights = line.ground_m.iter().zip(&line.data.height_m);
        let heights: Vec<f64> = heights.map(|(ground, height)| self.level(ground + height)).collect();
        for run in line.track.steps(&heights) {
            // A single sounding has no neighbour to which a line could be drawn.
            if run.len() == 2 {
                panel.line(canvas, run, self.sensor_stroke());
                continue;
            }
            let middles = run.chunks_exact(2).map(|ends| ((ends[0].0 + ends[1].0) / 2.0, ends[0].1));
            panel.line(canvas, middles, self.sensor_stroke());
        }
    }

    /// Draws a bar at the bottom below soundings that did not converge; it is readable even with hundreds of them.
    fn draw_not_converged(&self, canvas: &mut Canvas, line: &Line, panel: &Panel) {
        let mut runs: Vec<(f64, f64)> = Vec::new();
        for (left, right) in not_converged(&line.data).map(|sounding| line.track.cells[sounding]) {
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

    /// Returns the colour at a position along the line and an elevation, in the cell of `sounding`; `at` is the
    /// position on the page. Returns `None` where there is nothing.
    fn colour(&self, line: &Line, sounding: usize, (along, elevation): (f64, f64), at: (f64, f64)) -> Option<Rgb> {
        let shading = &self.shadings[line.data.quantity];
        let interpolates = self.options.interpolate && shading.classes.is_empty();
        let neighbour = if interpolates { line.neighbour(sounding, along) } else { None };
        let (other, share) = neighbour.unwrap_or((sounding, 0.0));
        let mix = |a: f64, b: f64| if share > 0.0 { a + share * (b - a) } else { a };
        let depth = mix(line.ground_m[sounding], line.ground_m[other]) - elevation;
        if !(0.0..self.depth_m).contains(&depth) {
            return None;
        }
        if !line.data.inverted[sounding] {
            return Some(key::hatch(at, self.style.colour.hatch, self.style.colour.paper));
        }
        if self.options.investigation == Investigation::Mask && depth >= line.data.depth_of_investigation_m[sounding] {
            return None;
        }
        let of = |sounding: usize, values: &ndarray::Array2<f64>| line.at(sounding, depth, interpolates, values);
        let value = mix(of(sounding, &line.data.values), of(other, &line.data.values));
        let width = mix(of(sounding, &line.data.widths), of(other, &line.data.widths));
        value.is_finite().then(|| shading.colour(value, width, at))
    }

    /// Returns the levels of the depth of investigation; NaN where not known or below the section.
    pub(super) fn investigated(&self, line: &Line) -> Vec<f64> {
        let level =
            |(ground, &depth): (&f64, &f64)| if depth < self.depth_m { self.level(ground - depth) } else { f64::NAN };
        line.ground_m.iter().zip(&line.data.depth_of_investigation_m).map(level).collect()
    }

    /// Returns the levels of the section's bottom where the depth of investigation is deeper, NaN elsewhere.
    pub(super) fn investigated_below(&self, line: &Line) -> Vec<f64> {
        let level = |(ground, &depth): (&f64, &f64)| {
            if depth >= self.depth_m { self.level(ground - self.depth_m) } else { f64::NAN }
        };
        line.ground_m.iter().zip(&line.data.depth_of_investigation_m).map(level).collect()
    }

    pub(super) fn below_stroke(&self) -> Stroke {
        Stroke::dotted(self.style.colour.text, self.style.line.curve)
    }

    pub(super) fn investigation_stroke(&self) -> Stroke {
        Stroke::solid(self.style.colour.text, self.style.line.curve)
    }

    pub(super) fn sensor_stroke(&self) -> Stroke {
        Stroke::solid(self.style.colour.prior, 0.75 * self.style.line.thin)
    }
}

impl Line {
    /// Returns the neighbouring sounding on the side of a position, and the fraction of the way to it (0 to 1/2);
    /// `None` across a gap or when that sounding has no result.
    fn neighbour(&self, sounding: usize, along: f64) -> Option<(usize, f64)> {
        let middle = |i: usize| 0.5 * (self.track.cells[i].0 + self.track.cells[i].1);
        let is_right = along > middle(sounding);
        // Soundings without a cell are skipped.
        let has_cell = |i: &usize| self.track.cells[*i].0 < self.track.cells[*i].1;
        let mut others: Box<dyn Iterator<Item = usize>> =
            if is_right { Box::new(sounding + 1..self.track.cells.len()) } else { Box::new((0..sounding).rev()) };
        let other = others.find(has_cell)?;
        let (first, second) = if is_right { (sounding, other) } else { (other, sounding) };
        let touches = self.track.cells.get(second)?.0 <= self.track.cells[first].1;
        let distance = (middle(other) - middle(sounding)).abs();
        let is_usable = touches && self.data.inverted[other] && distance > 0.0;
        is_usable.then(|| (other, (along - middle(sounding)).abs() / distance))
    }

    /// Returns the value of a sounding at a depth, interpolated between the centres of cells when `evenly` is true.
    fn at(&self, sounding: usize, depth: f64, evenly: bool, values: &ndarray::Array2<f64>) -> f64 {
        let bounds = &self.data.depth_bounds_m;
        let Some(cell) = bounds.partition_point(|bound| *bound <= depth).checked_sub(1) else { return f64::NAN };
        let value = values[[sounding, cell]];
        if !evenly {
            return value;
        }
        let centre = |cell: usize| 0.5 * (bounds[cell] + bounds[cell + 1]);
        let other = if depth > centre(cell) { cell + 1 } else { cell.wrapping_sub(1) };
        match values.get([sounding, other]).filter(|other| other.is_finite()) {
            Some(next) => value + (next - value) * (depth - centre(cell)) / (centre(other) - centre(cell)),
            None => value,
        }
    }
}
