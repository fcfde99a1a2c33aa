//! Keys: explanations of the lines, fills and markers of a panel.

use super::canvas::{Area, Canvas, Point, Stroke, Text};
use super::colour::Rgb;
use super::font;
use super::style::Style;

/// A marker for one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    Disc,
    Square,
    Triangle,
    Diamond,
}

impl Marker {
    /// Draws the marker, `size` points wide.
    pub(super) fn draw(self, canvas: &mut Canvas, at: Point, size: f64, colour: Rgb) {
        canvas.fill(&self.outline(at, size), colour, 1.0);
    }

    /// Draws the marker's outline, filled with the colour of the paper.
    pub(super) fn draw_open(self, canvas: &mut Canvas, at: Point, size: f64, stroke: Stroke) {
        let mut points = self.outline(at, size - stroke.width);
        canvas.fill(&points, canvas.paper, 1.0);
        points.extend_from_within(..2);
        canvas.line(&points, stroke);
    }

    fn outline(self, (x, y): Point, size: f64) -> Vec<Point> {
        let r = size / 2.0;
        let points: Vec<Point> = match self {
            Marker::Disc => (0..24).map(|i| (f64::from(i) / 24.0 * std::f64::consts::TAU).sin_cos()).collect(),
            Marker::Square => vec![(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)],
            Marker::Triangle => vec![(0.0, -1.0), (0.95, 0.75), (-0.95, 0.75)],
            Marker::Diamond => vec![(0.0, -1.1), (1.0, 0.0), (0.0, 1.1), (-1.0, 0.0)],
        };
        points.into_iter().map(|(dx, dy)| (x + r * dx, y + r * dy)).collect()
    }
}

/// The symbol before an explanation.
#[derive(Debug, Clone, Copy)]
pub(super) enum KeySymbol {
    Line(Stroke),
    Band(Rgb, f64),
    Marker(Marker, Rgb),
    /// A line through an open marker.
    OpenMarker(Marker, Stroke),
    Hatch(Rgb),
    /// No symbol, for a remark.
    Nothing,
}

const SAMPLE: f64 = 11.0;
const GAP: f64 = 2.5;
const BETWEEN: f64 = 8.0;

/// Returns the factor by which explanations in one row must be smaller to fit in `room`.
pub(super) fn shrink(style: &Style, room: f64, entries: &[(KeySymbol, &str)]) -> f64 {
    let full: f64 =
        entries.iter().map(|(_, text)| SAMPLE + GAP + BETWEEN + font::width(text, style.text.note, false)).sum();
    (room / (full - BETWEEN)).clamp(0.5, 1.0)
}

/// Draws explanations in one row from a point on, smaller when the row would be wider than `room`.
pub(super) fn row(canvas: &mut Canvas, style: &Style, at: Point, room: f64, entries: &[(KeySymbol, &str)]) {
    let shrink = shrink(style, room, entries);
    let size = shrink * style.text.note;
    let (mut x, baseline) = at;
    let middle = baseline - 0.36 * size;
    for (sample, text) in entries {
        let mut end = x + shrink * SAMPLE;
        let patch = Area::new(x, middle - 0.4 * size, end, middle + 0.4 * size);
        match *sample {
            KeySymbol::Line(stroke) => canvas.line(&[(x, middle), (end, middle)], stroke),
            KeySymbol::Band(colour, opacity) => canvas.fill(&patch.corners(), colour, opacity),
            KeySymbol::Marker(marker, colour) => {
                end = x + 0.8 * size;
                marker.draw(canvas, (x + 0.4 * size, middle), 0.7 * size, colour);
            }
            KeySymbol::OpenMarker(marker, stroke) => {
                canvas.line(&[(x, middle), (end, middle)], stroke);
                let outline = Stroke::solid(stroke.colour, stroke.width);
                marker.draw_open(canvas, patch.middle(), 0.6 * size, outline);
            }
            KeySymbol::Nothing => end = x - GAP,
            KeySymbol::Hatch(colour) => canvas.image(patch, |place| hatch(place, colour, style.colour.paper)),
        }
        let text = Text::new(*text, (end + GAP, baseline), size, style.colour.text);
        x = end + GAP + text.width() + shrink * BETWEEN;
        canvas.text(text);
    }
}

/// Returns the colour at a position of a hatched area.
pub(super) fn hatch((x, y): Point, colour: Rgb, paper: Rgb) -> Rgb {
    if (x + y).rem_euclid(2.8) < 0.5 { colour } else { paper }
}
