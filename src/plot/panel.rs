//! A panel: a rectangle with two axes and the elements in it.

use super::axes::{Axis, Tick};
use super::canvas::{Align, Area, Canvas, Point, Stroke, Text};
use super::colour::Rgb;
use super::style::Style;

/// Two axes of an area; `y.low()` is at the bottom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Panel<'a> {
    pub(super) style: &'a Style,
    pub(super) area: Area,
    pub(super) x: Axis,
    pub(super) y: Axis,
}

/// Length of ticks in points.
const TICK: f64 = 2.2;

impl Panel<'_> {
    pub(super) fn px(&self, x: f64) -> f64 {
        self.area.left + self.x.fraction(x) * self.area.width()
    }

    pub(super) fn py(&self, y: f64) -> f64 {
        self.area.bottom - self.y.fraction(y) * self.area.height()
    }

    pub(super) fn at(&self, (x, y): Point) -> Point {
        (self.px(x), self.py(y))
    }

    /// Draws a line through values. It ends at the panel's edges and where values are not finite.
    pub(super) fn line(&self, canvas: &mut Canvas, values: impl IntoIterator<Item = Point>, stroke: Stroke) {
        let mut run: Vec<Point> = Vec::new();
        let mut last: Option<Point> = None;
        for value in values {
            let place = self.at(value);
            let place = (place.0.is_finite() && place.1.is_finite()).then_some(place);
            let inside = last.zip(place).and_then(|(a, b)| self.area.clip(a, b));
            match inside {
                Some((from, to)) if run.last() == Some(&from) => run.push(to),
                Some((from, to)) => {
                    canvas.line(&run, stroke);
                    run = vec![from, to];
                }
                None => canvas.line(&std::mem::take(&mut run), stroke),
            }
            last = place;
        }
        canvas.line(&run, stroke);
    }

    /// Draws a polygon of values; points outside the panel are moved to its edge.
    pub(super) fn fill(&self, canvas: &mut Canvas, values: &[Point], colour: Rgb, opacity: f64) {
        let squeeze = |p: Point| {
            let p = self.at(p);
            (p.0.clamp(self.area.left, self.area.right), p.1.clamp(self.area.top, self.area.bottom))
        };
        let points: Vec<_> = values.iter().map(|p| squeeze(*p)).collect();
        canvas.fill(&points, colour, opacity);
    }

    /// Draws lines behind the data at the labelled ticks of both axes.
    pub(super) fn grid(&self, canvas: &mut Canvas, x_count: usize, y_count: usize) {
        let stroke = Stroke::solid(self.style.colour.grid, self.style.line.grid);
        for tick in self.x.ticks(x_count).iter().filter(|tick| tick.label.is_some()) {
            let x = self.px(tick.value);
            canvas.line(&[(x, self.area.top), (x, self.area.bottom)], stroke);
        }
        for tick in self.y.ticks(y_count).iter().filter(|tick| tick.label.is_some()) {
            let y = self.py(tick.value);
            canvas.line(&[(self.area.left, y), (self.area.right, y)], stroke);
        }
    }

    pub(super) fn frame(&self, canvas: &mut Canvas) {
        let [a, b, c, d] = self.area.corners();
        canvas.line(&[a, b, c, d, a, b], Stroke::solid(self.style.colour.frame, self.style.line.frame));
    }

    /// Draws ticks, labels (unless `bare`) and title below the panel. Labels that would touch are left out.
    pub(super) fn bottom_axis(&self, canvas: &mut Canvas, count: usize, bare: bool, title: &str) {
        self.bottom_axis_within(canvas, count, bare, title, f64::INFINITY);
    }

    /// Draws a bottom axis without labels that reach more than `room` points beyond the panel.
    pub(super) fn bottom_axis_within(&self, canvas: &mut Canvas, count: usize, bare: bool, title: &str, room: f64) {
        let (colour, text) = (&self.style.colour, &self.style.text);
        let stroke = Stroke::solid(colour.frame, self.style.line.frame);
        let baseline = self.area.bottom + TICK + 0.5 + text.tick;
        let mut taken = f64::NEG_INFINITY;
        let mut ticks = self.x.ticks(count);
        ticks.sort_by(|a, b| self.x.fraction(a.value).total_cmp(&self.x.fraction(b.value)));
        for tick in ticks {
            let x = self.px(tick.value);
            canvas.line(&[(x, self.area.bottom), (x, self.area.bottom + length(&tick))], stroke);
            let Some(label) = tick.label.filter(|_| !bare) else { continue };
            let label = Text::new(label, (x, baseline), text.tick, colour.text).align(Align::Middle);
            let half = label.width() / 2.0;
            let fits = x - half > self.area.left - room && x + half < self.area.right + room;
            if fits && x - half > taken {
                taken = x + half + 0.45 * text.tick;
                canvas.text(label);
            }
        }
        if !title.is_empty() {
            let at = (self.area.middle().0, title_baseline(self.style, self.area.bottom));
            let title = Text::new(title, at, text.label, colour.text).align(Align::Middle);
            canvas.text(title.fitted(self.area.width() + 10.0));
        }
    }

    /// Draws ticks, labels (unless `bare`) and title left of the panel; the title's baseline is at `title_x`.
    pub(super) fn left_axis(&self, canvas: &mut Canvas, count: usize, bare: bool, title: &str, title_x: f64) {
        let (colour, text) = (&self.style.colour, &self.style.text);
        let stroke = Stroke::solid(colour.frame, self.style.line.frame);
        let mut taken = f64::INFINITY;
        let mut ticks = self.y.ticks(count);
        ticks.sort_by(|a, b| self.y.fraction(a.value).total_cmp(&self.y.fraction(b.value)));
        for tick in ticks {
            let y = self.py(tick.value);
            canvas.line(&[(self.area.left - length(&tick), y), (self.area.left, y)], stroke);
            let Some(label) = tick.label.filter(|_| !bare) else { continue };
            let baseline = y + 0.36 * text.tick;
            if baseline < taken {
                taken = baseline - 1.05 * text.tick;
                let at = (self.area.left - TICK - 1.4, baseline);
                canvas.text(Text::new(label, at, text.tick, colour.text).align(Align::End));
            }
        }
        if !title.is_empty() {
            let at = (title_x, self.area.middle().1);
            let title = Text::new(title, at, text.label, colour.text).align(Align::Middle).upwards();
            canvas.text(title.fitted(self.area.height() + 4.0));
        }
    }
}

/// Returns the baseline of the title of a bottom axis below a panel that ends at `bottom`.
pub(super) fn title_baseline(style: &Style, bottom: f64) -> f64 {
    bottom + TICK + 0.5 + style.text.tick + 2.2 + style.text.label
}

/// Returns the height of labels and title of a bottom axis.
pub(super) fn bottom_margin(style: &Style) -> f64 {
    title_baseline(style, 0.0) + 0.25 * style.text.label
}

/// Returns the length of a tick; minor ticks are shorter.
pub(super) fn length(tick: &Tick) -> f64 {
    if tick.label.is_some() { TICK } else { 0.6 * TICK }
}
