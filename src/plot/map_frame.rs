//! Common elements of maps: true proportions, a scale bar, a north arrow.

use super::axes::{Axis, Scale, nice_step};
use super::canvas::{Align, Area, Canvas, Stroke, Text};
use super::panel::Panel;
use super::style::Style;

/// Factor of the range of axes, which leaves a margin.
const AIR: f64 = 1.08;

/// Returns axes in km for all of `easting_m` and `northing_m`, in true proportion in an area of the size of `room`.
pub(super) fn axes(easting_m: &[f64], northing_m: &[f64], room: Area) -> (Axis, Axis) {
    axes_with_air(easting_m, northing_m, room, AIR)
}

/// Returns such axes with the factor `air` of their range.
pub(super) fn axes_with_air(easting_m: &[f64], northing_m: &[f64], room: Area, air: f64) -> (Axis, Axis) {
    let (east, north) = (extent(easting_m), extent(northing_m));
    let scale = ((east.1 - east.0) / room.width()).max((north.1 - north.0) / room.height()).max(1e-3) * air;
    let about = |(low, high): (f64, f64), length: f64| {
        let middle = 0.5 * (low + high);
        let half = 0.5 * length * scale;
        Axis::new(Scale::Linear, (middle - half) / 1e3, (middle + half) / 1e3)
    };
    (about(east, room.width()), about(north, room.height()))
}

/// Returns the least and greatest of the finite values.
pub(super) fn extent(values: &[f64]) -> (f64, f64) {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max))
}

/// Draws a scale bar that ends at the right of the panel, at `y`.
pub(super) fn draw_scale(canvas: &mut Canvas, panel: &Panel, y: f64) {
    let (style, area) = (panel.style, panel.area);
    let km_per_point = (panel.x.high() - panel.x.low()) / area.width();
    let length_km = nice_step(0.5 * area.width() * km_per_point, 2);
    let right = area.right - 4.0;
    let left = right - length_km / km_per_point;
    // There may be soundings below the scale bar.
    let patch = Area::new(left - 2.0, y - 4.0 - style.text.tick, right + 2.0, y + 2.0);
    canvas.fill(&patch.corners(), style.colour.paper, 0.75);
    canvas.line(&[(left, y), (right, y)], Stroke::solid(style.colour.text, 1.4));
    let label = if length_km < 1.0 { format!("{:.0} m", 1e3 * length_km) } else { format!("{length_km:.0} km") };
    let at = (0.5 * (left + right), y - 3.0);
    canvas.text(Text::new(label, at, style.text.tick, style.colour.text).align(Align::Middle));
}

/// Draws a north arrow with its foot at a position.
pub(super) fn draw_north(canvas: &mut Canvas, style: &Style, (x, y): (f64, f64)) {
    let label = Text::new("N", (x + 5.0, y - 1.0), style.text.tick, style.colour.text);
    let patch = Area::new(x - 4.5, y - 13.0, x + 6.0 + label.width(), y + 1.0);
    canvas.fill(&patch.corners(), style.colour.paper, 0.75);
    let tip = [(x, y - 12.0), (x + 3.5, y), (x, y - 2.5), (x - 3.5, y)];
    canvas.fill(&tip, style.colour.text, 1.0);
    canvas.text(label);
}
