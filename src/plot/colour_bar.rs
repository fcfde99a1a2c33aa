//! The colour bar of a section: conductivity upwards, fading with the width of the credible interval to the right.

use super::axes::{Axis, Scale};
use super::canvas::{Align, Area, Canvas, Stroke, Text};
use super::panel::{Panel, length, title_baseline};
use super::style::Style;

/// Colours for conductivities and their uncertainty.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shading<'a> {
    pub(super) style: &'a Style,
    /// log10 conductivity over the colour table.
    pub(super) axis: Axis,
    /// Width of the credible interval, decades, that fades to white; `None` for no fading.
    pub(super) full_width: Option<f64>,
}

impl Shading<'_> {
    /// The colour of a median with a credible interval `width` decades wide.
    pub(super) fn colour(&self, log10_conductivity: f64, width: f64) -> super::colour::Rgb {
        let pure = self.style.conductivity.at(self.axis.fraction(log10_conductivity));
        match self.full_width {
            Some(full) if width.is_finite() => pure.faded(width / full),
            _ => pure,
        }
    }
}

/// Draws the bar into `area`; numbers stand at its right and below it.
pub(super) fn draw(canvas: &mut Canvas, shading: &Shading, area: Area, title: &str) {
    let style = shading.style;
    let (colour, text) = (&style.colour, &style.text);
    let widths = Axis::new(Scale::Linear, 0.0, shading.full_width.unwrap_or(1.0));
    let panel = Panel { style, area, x: widths, y: shading.axis };
    let fraction_up = |y: f64| (area.bottom - y) / area.height();
    canvas.image(area, |(x, y)| {
        shading.colour(shading.axis.value(fraction_up(y)), widths.value((x - area.left) / area.width()))
    });
    panel.frame(canvas);

    let stroke = Stroke::solid(colour.frame, style.line.frame);
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
    let at = (area.right + 4.0 + widest + 3.0 + text.label, area.middle().1);
    canvas.text(Text::new(title, at, text.label, colour.text).align(Align::Middle).upwards());

    if let Some(full) = shading.full_width {
        let baseline = area.bottom + 2.7 + text.tick;
        for (x, label) in [(area.left, "0".to_owned()), (area.right, format!("{full:.1}"))] {
            canvas.line(&[(x, area.bottom), (x, area.bottom + 2.2)], stroke);
            canvas.text(Text::new(label, (x, baseline), text.tick, colour.text).align(Align::Middle));
        }
        let first = title_baseline(style, area.bottom);
        for (row, line) in ["5–95 % width", "(decades)"].into_iter().enumerate() {
            let at = (area.middle().0, first + row as f64 * 1.25 * text.note);
            canvas.text(Text::new(line, at, text.note, colour.text).align(Align::Middle));
        }
    }
}
