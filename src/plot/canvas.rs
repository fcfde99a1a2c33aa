//! The elements of a figure before it becomes PNG or SVG, in printed points from the upper left corner.

use super::colour::Rgb;
use super::font;

/// Coordinates to the right and downwards.
pub(super) type Point = (f64, f64);

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    pub(super) fn new(left: f64, top: f64, right: f64, bottom: f64) -> Area {
        Area { left, top, right, bottom }
    }

    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(super) fn middle(&self) -> Point {
        ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }

    pub(super) fn corners(&self) -> [Point; 4] {
        [(self.left, self.top), (self.right, self.top), (self.right, self.bottom), (self.left, self.bottom)]
    }

    /// Returns the part of a segment inside the area (Liang and Barsky).
    pub(super) fn clip(&self, a: Point, b: Point) -> Option<(Point, Point)> {
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let (mut from, mut to) = (0.0f64, 1.0f64);
        for (p, q) in [(-dx, a.0 - self.left), (dx, self.right - a.0), (-dy, a.1 - self.top), (dy, self.bottom - a.1)] {
            if p == 0.0 {
                if q < 0.0 {
                    return None;
                }
            } else if p < 0.0 {
                from = from.max(q / p);
            } else {
                to = to.min(q / p);
            }
        }
        let at = |t: f64| (a.0 + t * dx, a.1 + t * dy);
        (from <= to).then(|| (at(from), at(to)))
    }
}

/// Dash pattern of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dash {
    Solid,
    Dashed,
    Dotted,
}

/// Appearance of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stroke {
    pub(super) colour: Rgb,
    pub(super) width: f64,
    pub(super) dash: Dash,
}

impl Stroke {
    pub(super) fn solid(colour: Rgb, width: f64) -> Stroke {
        Stroke { colour, width, dash: Dash::Solid }
    }

    pub(super) fn dashed(colour: Rgb, width: f64) -> Stroke {
        Stroke { colour, width, dash: Dash::Dashed }
    }

    pub(super) fn dotted(colour: Rgb, width: f64) -> Stroke {
        Stroke { colour, width, dash: Dash::Dotted }
    }
}

/// Horizontal alignment of a text to its point, along the direction of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Start,
    Middle,
    End,
}

/// A line of text; `at` is on its baseline.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) at: Point,
    pub(super) size: f64,
    pub(super) colour: Rgb,
    pub(super) align: Align,
    pub(super) bold: bool,
    /// True for text that is written upwards.
    pub(super) upwards: bool,
}

impl Text {
    pub(super) fn new(text: impl Into<String>, at: Point, size: f64, colour: Rgb) -> Text {
        Text { text: text.into(), at, size, colour, align: Align::Start, bold: false, upwards: false }
    }

    pub(super) fn align(self, align: Align) -> Text {
        Text { align, ..self }
    }

    pub(super) fn bold(self) -> Text {
        Text { bold: true, ..self }
    }

    pub(super) fn upwards(self) -> Text {
        Text { upwards: true, ..self }
    }

    pub(super) fn width(&self) -> f64 {
        font::width(&self.text, self.size, self.bold)
    }

    /// Returns the text in a smaller size, and shortened if necessary, so that it is no wider than `width`.
    pub(super) fn fitted(mut self, width: f64) -> Text {
        self.size *= (width / self.width()).clamp(0.75, 1.0);
        let mut kept = self.text.trim_end().to_owned();
        // The tolerance keeps a text that fits exactly from being shortened by rounding.
        while self.width() > width * (1.0 + 1e-9) && kept.pop().is_some() {
            self.text = format!("{}…", kept.trim_end());
        }
        self
    }
}

/// One element of a figure.
#[derive(Debug)]
pub(super) enum Mark {
    /// An open line of two or more points.
    Line { points: Vec<Point>, colour: Rgb, width: f64 },
    /// A filled polygon.
    Fill { points: Vec<Point>, colour: Rgb, opacity: f64 },
    /// A text.
    Text(Text),
    /// Device pixels, row by row from the upper left one at (`column`, `row`).
    Image { column: u32, row: u32, width: u32, height: u32, rgb: Vec<u8> },
}

/// All elements of a figure, in the order of drawing.
#[derive(Debug)]
pub(super) struct Canvas {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Device pixels per point.
    pub(super) resolution: f64,
    /// Colour of the paper.
    pub(super) paper: Rgb,
    pub(super) marks: Vec<Mark>,
}

impl Canvas {
    pub(super) fn new(width: f64, height: f64, resolution: f64, paper: Rgb) -> Canvas {
        Canvas { width, height, resolution, paper, marks: Vec::new() }
    }

    /// Draws a line; it is interrupted at points that are not finite.
    pub(super) fn line(&mut self, points: &[Point], stroke: Stroke) {
        for run in points.split(|p| !(p.0.is_finite() && p.1.is_finite())).filter(|run| run.len() > 1) {
            let mut add = |points| self.marks.push(Mark::Line { points, colour: stroke.colour, width: stroke.width });
            match stroke.dash {
                Dash::Solid => add(run.to_vec()),
                Dash::Dashed => dashes(run, 3.6, 2.0).into_iter().for_each(add),
                Dash::Dotted => dashes(run, stroke.width * 1.2, stroke.width * 1.8).into_iter().for_each(add),
            }
        }
    }

    pub(super) fn fill(&mut self, points: &[Point], colour: Rgb, opacity: f64) {
        if points.len() > 2 && points.iter().all(|p| p.0.is_finite() && p.1.is_finite()) {
            self.marks.push(Mark::Fill { points: points.to_vec(), colour, opacity });
        }
    }

    pub(super) fn text(&mut self, text: Text) {
        if !text.text.is_empty() && text.at.0.is_finite() && text.at.1.is_finite() {
            self.marks.push(Mark::Text(text));
        }
    }

    /// Fills `area` with the colour of each position.
    pub(super) fn image(&mut self, area: Area, colour: impl Fn(Point) -> Rgb) {
        let device = |v: f64| (v * self.resolution).round().max(0.0) as u32;
        let (column, row) = (device(area.left), device(area.top));
        let width = device(area.right).saturating_sub(column);
        let height = device(area.bottom).saturating_sub(row);
        let place = |v: u32| (f64::from(v) + 0.5) / self.resolution;
        let mut rgb = Vec::with_capacity(3 * width as usize * height as usize);
        for y in row..row + height {
            for x in column..column + width {
                rgb.extend_from_slice(&colour((place(x), place(y))).0);
            }
        }
        if !rgb.is_empty() {
            self.marks.push(Mark::Image { column, row, width, height, rgb });
        }
    }
}

/// Cuts a line into dashes.
fn dashes(points: &[Point], dash: f64, gap: f64) -> Vec<Vec<Point>> {
    let (mut pieces, mut piece) = (Vec::new(), vec![points[0]]);
    let (mut drawing, mut left) = (true, dash);
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let length = (b.0 - a.0).hypot(b.1 - a.1);
        let mut done = 0.0;
        while length - done > left {
            done += left;
            let at = (a.0 + (b.0 - a.0) * done / length, a.1 + (b.1 - a.1) * done / length);
            piece.push(at);
            if drawing {
                pieces.push(std::mem::take(&mut piece));
            }
            piece = vec![at];
            drawing = !drawing;
            left = if drawing { dash } else { gap };
        }
        left -= length - done;
        piece.push(b);
    }
    if drawing && piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_cover_their_share() {
        let pieces = dashes(&[(0.0, 0.0), (6.0, 0.0), (6.0, 4.0)], 1.0, 1.0);
        assert_eq!(pieces.len(), 5);
        assert_eq!(pieces[3], [(6.0, 0.0), (6.0, 1.0)]);
    }

    #[test]
    fn segments_are_clipped() {
        let area = Area::new(0.0, 0.0, 10.0, 10.0);
        assert_eq!(area.clip((-5.0, 5.0), (15.0, 5.0)), Some(((0.0, 5.0), (10.0, 5.0))));
        assert_eq!(area.clip((-5.0, -5.0), (-5.0, 15.0)), None);
    }

    #[test]
    fn lines_break_where_values_are_missing() {
        let mut canvas = Canvas::new(10.0, 10.0, 1.0, Rgb([255; 3]));
        let points = [(0.0, 0.0), (1.0, 1.0), (2.0, f64::NAN), (3.0, 3.0), (4.0, 4.0), (f64::NAN, 0.0), (5.0, 5.0)];
        canvas.line(&points, Stroke::solid(Rgb([0; 3]), 1.0));
        assert_eq!(canvas.marks.len(), 2);
    }

    #[test]
    fn long_texts_are_shortened() {
        let text = Text::new("a very long title indeed ".repeat(9), (0.0, 0.0), 10.0, Rgb([0; 3])).fitted(150.0);
        assert!(text.width() <= 150.0 && text.text.ends_with('…'), "{}", text.text);
    }
}
