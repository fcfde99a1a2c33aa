//! Time-domain data and predictions against time, and their residuals.
//!
//! Absolute values are drawn on a logarithmic axis, because a decay spans many decades and a symmetric axis would use
//! most of its length for the other sign. Negative values have open symbols and dotted lines.

use super::super::axes::{Axis, Scale};
use super::super::canvas::{Area, Canvas, Dash, Point, Stroke};
use super::super::colour::Rgb;
use super::super::data::Decay;
use super::super::key::{self, KeySymbol, Marker};
use super::super::panel::Panel;
use super::Sounding;

const MARKERS: [Marker; 4] = [Marker::Disc, Marker::Square, Marker::Triangle, Marker::Diamond];
/// Width of a datum's marker, points.
const SIZE: f64 = 3.4;
/// Width of the caps of error bars, points.
const CAP: f64 = 2.4;
/// Share of the strip of residuals in the total height.
const STRIP: f64 = 0.27;
/// Space between the panels, points.
const GAP: f64 = 4.0;
/// Absolute value of a datum in standard deviations below which it cannot be distinguished from zero; the axis need not
/// reach it.
const NEGLIGIBLE: f64 = 0.3;
/// Largest residual; larger ones are drawn at the edge.
const FARTHEST: f64 = 10.0;

impl Sounding<'_> {
    pub(super) fn draw_decays(&self, canvas: &mut Canvas, area: Area, decays: &[Decay], title_x: f64) {
        let style = &self.options.style;
        let split = area.bottom - STRIP * area.height();
        let x = time_axis(decays);
        let main =
            Panel { style, area: Area::new(area.left, area.top, area.right, split - GAP), x, y: size_axis(decays) };
        main.grid(canvas, 6, 5);
        for (i, decay) in decays.iter().enumerate() {
            self.draw_prediction(canvas, &main, decay, self.group_colour(i));
        }
        // The frame is drawn below the data, because data near zero are on its lower edge.
        main.frame(canvas);
        for (i, decay) in decays.iter().enumerate() {
            for (gate, at) in gates(decay) {
                draw_datum(canvas, &main, (at, decay.data.observed[gate]), decay.data.std[gate], self.symbol(i));
            }
        }
        let title = format!("|response| ({})", self.data_unit());
        main.left_axis(canvas, 5, false, title.trim_end_matches(" ()"), title_x);
        main.bottom_axis(canvas, 6, true, "");
        self.draw_residuals(canvas, Area::new(area.left, split, area.right, area.bottom), x, decays, title_x);
        self.draw_decay_key(canvas, area, decays);
    }

    /// Draws band, median and best model of one decay.
    fn draw_prediction(&self, canvas: &mut Canvas, panel: &Panel, decay: &Decay, colour: Rgb) {
        let (style, bottom) = (panel.style, panel.y.low());
        let data = &decay.data;
        let along = |values: &[f64]| -> Vec<(f64, [f64; 1])> {
            gates(decay).into_iter().map(|(gate, at)| (at, [values[gate]])).collect()
        };
        let bounds =
            gates(decay).into_iter().map(|(gate, at)| (at, [data.predicted_p05[gate], data.predicted_p95[gate]]));
        let (mut band, mut upper) = (Vec::new(), Vec::new());
        for (at, [low, high]) in refined(bounds.collect()) {
            // Where the sign changes, an absolute value may be arbitrarily small.
            let least = if low * high > 0.0 { low.abs().min(high.abs()).log10() } else { bottom };
            band.push((at, least));
            upper.push((at, low.abs().max(high.abs()).log10().max(bottom)));
        }
        band.extend(upper.into_iter().rev());
        panel.fill(canvas, &band, colour, 0.28);
        for (values, colour, dash) in
            [(&data.predicted_p50, colour, Dash::Solid), (&data.predicted_best, style.colour.best, Dash::Dashed)]
        {
            for (negative, run) in signed_runs(&refined(along(values)), bottom) {
                let dash = if negative { Dash::Dotted } else { dash };
                panel.line(canvas, run, Stroke { colour, width: style.line.thin, dash });
            }
        }
    }

    fn draw_residuals(&self, canvas: &mut Canvas, area: Area, x: Axis, decays: &[Decay], title_x: f64) {
        let style = &self.options.style;
        let residual = |decay: &Decay, gate: usize| {
            (decay.data.observed[gate] - decay.data.predicted_best[gate]) / decay.data.std[gate]
        };
        let all = decays.iter().flat_map(|decay| gates(decay).into_iter().map(|(gate, _)| residual(decay, gate).abs()));
        let end = (1.15 * all.filter(|r| r.is_finite()).fold(0.0, f64::max)).clamp(2.6, FARTHEST);
        let panel = Panel { style, area, x, y: Axis::new(Scale::Linear, -end, end) };
        for level in [-2.0, -1.0, 0.0, 1.0, 2.0] {
            let stroke = match level {
                0.0 => Stroke::solid(style.colour.frame, style.line.thin),
                _ => Stroke::dashed(style.colour.hatch, style.line.grid.max(0.7 * style.line.thin)),
            };
            panel.line(canvas, [(x.low(), level), (x.high(), level)], stroke);
        }
        for (i, decay) in decays.iter().enumerate() {
            for (gate, at) in gates(decay) {
                let value = residual(decay, gate);
                if value.is_finite() {
                    let (marker, colour) = self.symbol(i);
                    marker.draw(canvas, panel.at((at, value.clamp(-end, end))), 0.8 * SIZE, colour);
                }
            }
        }
        panel.frame(canvas);
        panel.left_axis(canvas, 4, false, "residual/σ", title_x);
        panel.bottom_axis(canvas, 6, false, "gate centre (ms)");
    }

    /// Draws two rows above the panel: the decays, and their symbols.
    fn draw_decay_key(&self, canvas: &mut Canvas, area: Area, decays: &[Decay]) {
        let style = &self.options.style;
        let baseline = area.top - 0.6 * style.text.note;
        let curves: Vec<_> = decays.iter().enumerate().map(|(i, d)| (self.sample(i), d.label.as_str())).collect();
        key::row(canvas, style, (area.left, baseline - self.decay_key_height()), area.width(), &curves);

        let ink = style.colour.prior;
        let shown = |of: fn(&Decay) -> &[f64]| {
            decays.iter().any(|decay| gates(decay).into_iter().any(|(gate, _)| of(decay)[gate] < 0.0))
        };
        let mut entries = vec![
            (KeySymbol::Band(ink, 0.35), "5–95 %"),
            (KeySymbol::Line(Stroke::dashed(style.colour.best, style.line.thin)), "best model"),
        ];
        let negative: [fn(&Decay) -> &[f64]; 3] =
            [|decay| &decay.data.observed, |decay| &decay.data.predicted_p50, |decay| &decay.data.predicted_best];
        if negative.into_iter().any(shown) {
            entries.push((KeySymbol::OpenMarker(Marker::Disc, Stroke::dotted(ink, style.line.thin)), "negative"));
        }
        let early = decays.iter().flat_map(|decay| &decay.time_s).filter(|t| **t <= 0.0).count();
        let remark = format!("{early} gate{} ≤ 0 s left out", if early == 1 { "" } else { "s" });
        if early > 0 {
            entries.push((KeySymbol::Nothing, &remark));
        }
        key::row(canvas, style, (area.left, baseline), area.width(), &entries);
    }

    /// Returns the height of the second row of the key of decays.
    pub(super) fn decay_key_height(&self) -> f64 {
        1.45 * self.options.style.text.note
    }

    fn symbol(&self, decay: usize) -> (Marker, Rgb) {
        (MARKERS[decay % MARKERS.len()], self.group_colour(decay))
    }

    fn sample(&self, decay: usize) -> KeySymbol {
        let (marker, colour) = self.symbol(decay);
        KeySymbol::Marker(marker, colour)
    }
}

/// Returns (gate, log10 of its centre in ms) of the gates that can be drawn, in order of time.
fn gates(decay: &Decay) -> Vec<(usize, f64)> {
    let times = decay.time_s.iter().enumerate().filter(|(_, t)| **t > 0.0);
    let mut gates: Vec<_> = times.map(|(gate, t)| (gate, (t * 1e3).log10())).collect();
    gates.sort_by(|a, b| a.1.total_cmp(&b.1));
    gates
}

fn time_axis(decays: &[Decay]) -> Axis {
    let times = || decays.iter().flat_map(gates).map(|(_, at)| at).filter(|at| at.is_finite());
    let low = times().fold(f64::INFINITY, f64::min) - 0.08;
    Axis::new(Scale::Decades, low, times().fold(f64::NEG_INFINITY, f64::max) + 0.08)
}

/// Returns an axis for the decades of the data and of the predictions, without their errors.
fn size_axis(decays: &[Decay]) -> Axis {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for decay in decays {
        for (gate, _) in gates(decay) {
            let data = &decay.data;
            let least = if data.std[gate] > 0.0 { NEGLIGIBLE * data.std[gate] } else { 0.0 };
            for value in [data.observed[gate], data.predicted_p50[gate], data.predicted_best[gate]] {
                let size = value.abs().max(least).log10();
                if value.is_finite() && size.is_finite() {
                    low = low.min(size);
                    high = high.max(size);
                }
            }
        }
    }
    let (low, high) = (low - 0.15, high + 0.2);
    // Written out, such numbers are too long for the margin.
    let scale = if low < -4.0 || high > 5.0 { Scale::Powers } else { Scale::Decades };
    Axis::new(scale, low, high)
}

/// Draws a marker with an error bar of one standard deviation, open when negative.
fn draw_datum(canvas: &mut Canvas, panel: &Panel, (x, observed): Point, std: f64, (marker, colour): (Marker, Rgb)) {
    let log10_size = observed.abs().log10().max(panel.y.low());
    if !observed.is_finite() || !log10_size.is_finite() {
        return;
    }
    let stroke = Stroke::solid(colour, panel.style.line.thin);
    if std > 0.0 {
        let high = (observed.abs() + std).log10();
        // When zero is within the error bar, the bar goes down to the edge without a cap, because a cap would look like
        // its end.
        let low = observed.abs() - std;
        let ends = [if low > 0.0 { low.log10() } else { f64::NEG_INFINITY }, high];
        panel.line(canvas, [(x, ends[0].max(panel.y.low())), (x, high)], stroke);
        for end in ends.into_iter().filter(|end| (panel.y.low()..=panel.y.high()).contains(end)) {
            let (middle, y) = panel.at((x, end));
            canvas.line(&[(middle - CAP / 2.0, y), (middle + CAP / 2.0, y)], stroke);
        }
    }
    let at = panel.at((x, log10_size));
    if observed < 0.0 {
        marker.draw_open(canvas, at, SIZE, stroke);
    } else {
        marker.draw(canvas, at, SIZE, colour);
    }
}

/// Returns the finite values, with more points between them where signs change, because absolute values are not
/// straight lines there.
fn refined<const N: usize>(points: Vec<(f64, [f64; N])>) -> Vec<(f64, [f64; N])> {
    const PIECES: u32 = 24;
    let mut fine: Vec<(f64, [f64; N])> = Vec::new();
    for (x, values) in points.into_iter().filter(|(_, values)| values.iter().all(|v| v.is_finite())) {
        if let Some(&(x0, from)) = fine.last() {
            let mut both = from.iter().chain(&values);
            let pieces = if both.clone().all(|v| *v > 0.0) || both.all(|v| *v < 0.0) { 1 } else { PIECES };
            for part in (1..pieces).map(|piece| f64::from(piece) / f64::from(pieces)) {
                let value = |i: usize| from[i] + part * (values[i] - from[i]);
                fine.push((x0 + part * (x - x0), std::array::from_fn(value)));
            }
        }
        fine.push((x, values));
    }
    fine
}

/// Returns pieces of one sign as (x, log10 of the absolute value), with true for negative ones. They end at `bottom`
/// where the sign changes.
fn signed_runs(points: &[(f64, [f64; 1])], bottom: f64) -> Vec<(bool, Vec<Point>)> {
    let mut runs: Vec<(bool, Vec<Point>)> = Vec::new();
    let mut last: Option<Point> = None;
    for &(x, [value]) in points {
        let negative = value < 0.0;
        let crossing = last.filter(|l| (l.1 < 0.0) != negative);
        let zero = crossing.map(|(x0, v0)| (x0 + (x - x0) * v0.abs() / (v0.abs() + value.abs()), bottom));
        if let (Some(zero), Some((_, run))) = (zero, runs.last_mut()) {
            run.push(zero);
        }
        if zero.is_some() || runs.is_empty() {
            runs.push((negative, zero.into_iter().collect()));
        }
        if let Some((_, run)) = runs.last_mut() {
            run.push((x, value.abs().log10().max(bottom)));
        }
        last = Some((x, value));
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::super::super::data::ChannelData;
    use super::*;

    #[test]
    fn lines_are_cut_where_the_sign_changes() {
        let runs = signed_runs(
            &[100.0, 10.0, -10.0, -0.0, 1.0]
                .map(|v| [v])
                .into_iter()
                .enumerate()
                .map(|(i, v)| (i as f64, v))
                .collect::<Vec<_>>(),
            -3.0,
        );
        assert_eq!(runs[0], (false, vec![(0.0, 2.0), (1.0, 1.0), (1.5, -3.0)]));
        assert_eq!(runs[1], (true, vec![(1.5, -3.0), (2.0, 1.0), (3.0, -3.0)]));
        assert_eq!(runs[2], (false, vec![(3.0, -3.0), (3.0, -3.0), (4.0, 0.0)]));
        assert!(signed_runs(&[], 0.0).is_empty());
    }

    #[test]
    fn there_are_more_points_only_where_signs_change() {
        let fine = refined(vec![(0.0, [4.0]), (1.0, [2.0]), (2.0, [f64::NAN]), (3.0, [-2.0])]);
        assert_eq!(fine[..2], [(0.0, [4.0]), (1.0, [2.0])]);
        assert!(fine.len() > 10 && fine.contains(&(2.0, [0.0])) && fine.last() == Some(&(3.0, [-2.0])));
    }

    #[test]
    fn the_axis_is_not_drawn_down_by_data_near_zero_or_their_errors() {
        let gates = |observed: [f64; 3]| ChannelData {
            observed: observed.to_vec(),
            std: vec![1.0, 1.0, 500.0],
            predicted_p50: vec![f64::NAN; 3],
            predicted_best: vec![f64::NAN; 3],
            ..ChannelData::default()
        };
        let decay = Decay { time_s: vec![1e-3, 2e-3, -1.0], data: gates([100.0, 1e-9, 1e9]), ..Decay::default() };
        let axis = size_axis(&[decay]);
        assert!(axis.low() > -1.0 && axis.high() < 2.5, "{axis:?}");
    }
}
