//! The colour bar: values increase upwards, and colours fade to the right with the width of the credible interval.

use super::axes::{Axis, Scale};
use super::canvas::{Align, Area, Canvas, Stroke, Text};
use super::font;
use super::legend::{Shading, Uncertainty};
use super::panel::{Panel, length, title_baseline};

/// Height of the arrows for values beyond the ends of the bar, points.
const ARROW: f64 = 5.0;

/// Widths of bars with and without fading, points.
const WIDE: f64 = 27.0;
const NARROW: f64 = 13.0;
/// Space between a bar and the panel to its left, points.
const SPACE: f64 = 13.0;

/// Returns the width of the column for a bar and its labels, points.
pub(super) fn column_width(shading: &Shading) -> f64 {
    let text = &shading.style.text;
    space(shading) + width(shading) + 4.4 * text.tick + 1.4 * text.label
}

fn is_faded(shading: &Shading) -> bool {
    shading.full_width.is_some() && shading.uncertainty == Uncertainty::Fade
}

fn width(shading: &Shading) -> f64 {
    if is_faded(shading) { WIDE } else { NARROW }
}

/// Returns the space at the left of a bar; the text below it may be wider than the bar.
fn space(shading: &Shading) -> f64 {
    let words =
        if is_faded(shading) { font::width(shading.fading.words()[0], shading.style.text.note, false) } else { 0.0 };
    SPACE.max(0.5 * (words - width(shading)) + 4.0)
}

/// Draws a bar into a column; labels are at its right and below it, arrows where values are beyond its ends.
pub(super) fn draw(canvas: &mut Canvas, shading: &Shading, column: Area, title: &str) {
    let left = column.left + space(shading);
    let area = Area::new(left, column.top, left + width(shading), column.bottom - height_below(shading));
    if !shading.classes.is_empty() {
        return draw_classes(canvas, shading, area, title);
    }
    let style = shading.style;
    let (colour, text) = (&style.colour, &style.text);
    let area = Area::new(area.left, area.top + ARROW, area.right, area.bottom - ARROW);
    let fades = shading.full_width.filter(|_| shading.uncertainty == Uncertainty::Fade);
    let widths = Axis::new(Scale::Linear, 0.0, fades.unwrap_or(1.0));
    let panel = Panel { style, area, x: widths, y: shading.axis };
    let fraction_up = |y: f64| (area.bottom - y) / area.height();
    canvas.image(area, |(x, y)| {
        let width = if fades.is_some() { widths.value((x - area.left) / area.width()) } else { 0.0 };
        shading.colour(shading.axis.value(fraction_up(y)), width, (x, y))
    });
    panel.frame(canvas);
    let stroke = Stroke::solid(colour.frame, style.line.frame);
    let middle = area.middle().0;
    let ends = [
        (shading.beyond.1, area.top, -ARROW, shading.axis.high()),
        (shading.beyond.0, area.bottom, ARROW, shading.axis.low()),
    ];
    for (_, edge, height, value) in ends.into_iter().filter(|end| end.0) {
        let arrow = [(area.left, edge), (middle, edge + height), (area.right, edge)];
        canvas.fill(&arrow, shading.pure(value), 1.0);
        canvas.line(&arrow, stroke);
    }

    let mut widest = 0.0f64;
    for tick in shading.axis.ticks(7) {
        let y = panel.py(tick.value);
        let end = area.right + length(&tick);
        canvas.line(&[(area.right, y), (end, y)], stroke);
        if let Some(label) = tick.label {
            let label = Text::new(label, (end + 1.4, y + 0.36 * text.tick), text.tick, colour.text);
            widest = widest.max(label.width());
            canvas.text(label);
        }
    }
    // The text below the bar is narrower than the labels at its right.
    let (top, bottom) = (area.top - ARROW, area.bottom + height_below(shading));
    let at = (area.right + 4.0 + widest + 3.0 + text.label, 0.5 * (top + bottom));
    let title = Text::new(title, at, text.label, colour.text).align(Align::Middle).upwards();
    canvas.text(title.fitted(bottom - top));

    if let Some(full) = fades {
        // Beside the arrow's tip.
        let bottom = area.bottom + if shading.beyond.0 { ARROW } else { 0.0 };
        let baseline = bottom + 2.7 + text.tick;
        for (x, label) in [(area.left, "0".to_owned()), (area.right, format!("{full:.1}"))] {
            canvas.line(&[(x, area.bottom), (x, area.bottom + 2.2)], stroke);
            canvas.text(Text::new(label, (x, baseline), text.tick, colour.text).align(Align::Middle));
        }
        let first = title_baseline(style, bottom);
        for (row, line) in shading.fading.words().into_iter().enumerate() {
            let at = (middle, first + row as f64 * 1.25 * text.note);
            canvas.text(Text::new(line, at, text.note, colour.text).align(Align::Middle));
        }
    }
}

/// Draws a box for each class, the first at the bottom.
fn draw_classes(canvas: &mut Canvas, shading: &Shading, area: Area, title: &str) {
    let style = shading.style;
    let (ink, size) = (style.colour.text, style.text.tick);
    let height = (2.2 * size).min(area.height() / shading.classes.len() as f64);
    let top = area.top + 1.6 * style.text.label;
    let heading = Text::new(title, (area.left, area.top + style.text.label), style.text.label, ink);
    canvas.text(heading.fitted(canvas.width - area.left - 2.0));
    for (row, (class, name)) in shading.classes.iter().enumerate().rev().enumerate() {
        let y = top + row as f64 * height;
        let patch = Area::new(area.left, y, area.left + 1.4 * size, y + 0.8 * height);
        canvas.fill(&patch.corners(), shading.pure(class as f64), 1.0);
        let at = (patch.right + 3.0, patch.middle().1 + 0.36 * size);
        canvas.text(Text::new(name.as_str(), at, size, ink).fitted(canvas.width - at.0 - 2.0));
    }
}

/// Returns the height of labels and text below a bar, points.
fn height_below(shading: &Shading) -> f64 {
    let style = shading.style;
    if is_faded(shading) { title_baseline(style, ARROW) + 1.6 * style.text.note } else { 0.5 * style.text.tick }
}
