//! Frequency-domain data and predictions against frequency.

use super::super::axes::{Axis, Scale};
use super::super::canvas::{Area, Canvas, Point, Stroke};
use super::super::colour::Rgb;
use super::super::data::{ChannelData, Spectrum};
use super::super::key::{self, Marker, Sample};
use super::super::panel::Panel;
use super::Sounding;

/// Width of the caps of error bars and reach of the bands beyond the last frequency, decades.
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
        let response = Spread::new([in_phase, quadrature]);
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
            (Sample::Marker(Marker::Disc, colour.in_phase), "in-phase"),
            (Sample::Marker(Marker::Square, colour.quadrature), "quadrature"),
            (Sample::Band(colour.prior, 0.35), "5–95 %"),
            (Sample::Line(Stroke::dashed(colour.best, line.thin)), "best model"),
        ];
        key::row(canvas, style, (area.left, area.top - 0.6 * style.text.note), area.width(), &entries);
    }
}

/// A marker with an error bar of one standard deviation.
fn draw_datum(
    canvas: &mut Canvas,
    panel: &Panel,
    response: &Spread,
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
    // Down to the panel's edge where a logarithm has no value.
    let low = if low.is_finite() { low } else { panel.y.low() };
    if std.is_finite() {
        panel.line(canvas, [(x, low), (x, high)], stroke);
        for end in [low, high] {
            panel.line(canvas, [(x - REACH, end), (x + REACH, end)], stroke);
        }
    }
    marker.draw(canvas, place, 4.2, colour);
}

/// A little further at both ends.
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

/// How responses are spread: logarithmic when all are positive.
struct Spread {
    scale: Scale,
    low: f64,
    high: f64,
}

impl Spread {
    fn new(channels: [&ChannelData; 2]) -> Spread {
        let shown = |c: &ChannelData| [c.observed.clone(), c.predicted_p05.clone(), c.predicted_p95.clone()].concat();
        let values: Vec<f64> = channels.into_iter().flat_map(shown).filter(|v| v.is_finite()).collect();
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if values.is_empty() || low > 0.0 {
            return Spread { scale: Scale::Decades, low: low.log10() - 0.12, high: high.log10() + 0.12 };
        }
        let stds: Vec<f64> = channels.into_iter().flat_map(|c| &c.std).copied().filter(|s| *s > 0.0).collect();
        let least = stds.into_iter().fold(f64::INFINITY, f64::min);
        let greatest = low.abs().max(high.abs()).max(f64::MIN_POSITIVE);
        let threshold = least.clamp(1e-3 * greatest, greatest).log10().round();
        let margin = 0.12 * (high - low).min(greatest);
        Spread { scale: Scale::SymmetricLog(10f64.powf(threshold)), low: low * 1.3 - 0.02 * margin, high: high * 1.3 }
    }

    fn axis(&self) -> Axis {
        Axis::new(self.scale, self.low, self.high)
    }

    /// A response as its axis wants it, NaN when it cannot be shown.
    fn value(&self, response: f64) -> f64 {
        match self.scale {
            Scale::Decades if response > 0.0 => response.log10(),
            Scale::Decades => f64::NAN,
            _ => response,
        }
    }
}
