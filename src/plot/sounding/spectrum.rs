//! Frequency-domain data and predictions against frequency.

use super::super::axes::{Axis, Scale};
use super::super::canvas::{Area, Canvas, Point, Stroke};
use super::super::colour::Rgb;
use super::super::data::Spectrum;
use super::super::data_scale::{DataScale, least_positive};
use super::super::key::{self, KeySymbol, Marker};
use super::super::panel::Panel;
use super::Sounding;

/// Width of the caps of error bars, and length of the bands beyond the last frequency, decades.
const REACH: f64 = 0.04;

impl Sounding<'_> {
    pub(super) fn draw_spectrum(&self, canvas: &mut Canvas, area: Area, spectrum: &Spectrum, title_x: f64) {
        let Spectrum { frequency_hz, in_phase, quadrature } = spectrum;
        let style = &self.options.style;
        let (colour, line) = (&style.colour, &style.line);
        let log10_frequency: Vec<f64> = frequency_hz.iter().map(|f| f.log10()).collect();
        let finite = || log10_frequency.iter().copied().filter(|f| f.is_finite());
        let x = Axis::new(
            Scale::Decades,
            finite().fold(f64::INFINITY, f64::min) - 0.18,
            finite().fold(f64::NEG_INFINITY, f64::max) + 0.18,
        );
        let both = [in_phase, quadrature];
        let shown = both.into_iter().flat_map(|c| [&c.observed, &c.predicted_p05, &c.predicted_p95]).flatten().copied();
        let stds = both.into_iter().flat_map(|c| &c.std).copied();
        let response = DataScale::new(shown, least_positive(stds));
        let panel = Panel { style, area, x, y: response.axis() };
        panel.grid(canvas, 6, 5);
        let channels = [(in_phase, Marker::Disc, colour.in_phase), (quadrature, Marker::Square, colour.quadrature)];
        let mut order: Vec<usize> = (0..log10_frequency.len()).filter(|i| log10_frequency[*i].is_finite()).collect();
        order.sort_by(|a, b| log10_frequency[*a].total_cmp(&log10_frequency[*b]));
        let along = |values: &[f64]| -> Vec<Point> {
            let points = order.iter().map(|i| (log10_frequency[*i], response.value(values[*i])));
            points.filter(|p| p.1.is_finite()).collect()
        };
        for (channel, _, colour) in channels {
            let mut band = widened(along(&channel.predicted_p05));
            let mut upper = widened(along(&channel.predicted_p95));
            upper.reverse();
            band.append(&mut upper);
            panel.fill(canvas, &band, colour, 0.28);
            panel.line(canvas, widened(along(&channel.predicted_p50)), Stroke::solid(colour, line.thin));
            panel.line(canvas, widened(along(&channel.predicted_best)), Stroke::dashed(style.colour.best, line.thin));
        }
        for (channel, marker, colour) in channels {
            for i in &order {
                let at = (log10_frequency[*i], channel.observed[*i]);
                draw_datum(canvas, &panel, &response, at, channel.std[*i], (marker, colour));
            }
        }
        panel.frame(canvas);
        let title = format!("response ({})", self.data_unit());
        panel.left_axis(canvas, 5, false, title.trim_end_matches(" ()"), title_x);
        panel.bottom_axis(canvas, 6, false, "frequency (Hz)");
        let entries = [
            (KeySymbol::Marker(Marker::Disc, colour.in_phase), "in-phase"),
            (KeySymbol::Marker(Marker::Square, colour.quadrature), "quadrature"),
            (KeySymbol::Band(colour.prior, 0.35), "5–95 %"),
            (KeySymbol::Line(Stroke::dashed(colour.best, line.thin)), "best model"),
        ];
        key::row(canvas, style, (area.left, area.top - 0.6 * style.text.note), area.width(), &entries);
    }
}

/// Draws a marker with an error bar of one standard deviation.
fn draw_datum(
    canvas: &mut Canvas,
    panel: &Panel,
    response: &DataScale,
    (x, observed): Point,
    std: f64,
    (marker, colour): (Marker, Rgb),
) {
    let place = panel.at((x, response.value(observed)));
    if !(place.0.is_finite() && place.1.is_finite()) {
        return;
    }
    let stroke = Stroke::solid(colour, panel.style.line.thin);
    let high = response.value(observed + std);
    let low = response.value(observed - std);
    // A bound without a logarithm is drawn at the panel's edge.
    let low = if low.is_finite() { low } else { panel.y.low() };
    if std.is_finite() {
        panel.line(canvas, [(x, low), (x, high)], stroke);
        for end in [low, high] {
            panel.line(canvas, [(x - REACH, end), (x + REACH, end)], stroke);
        }
    }
    marker.draw(canvas, place, 4.2, colour);
}

/// Returns points that reach a little further at both ends.
fn widened(points: Vec<Point>) -> Vec<Point> {
    match (points.first().copied(), points.last().copied()) {
        (Some(first), Some(last)) => {
            let mut wide = vec![(first.0 - REACH, first.1)];
            wide.extend(points);
            wide.push((last.0 + REACH, last.1));
            wide
        }
        _ => points,
    }
}
