//! The chains' misfit along the iterations.

use super::super::axes::{Axis, Scale};
use super::super::canvas::{Area, Canvas, Point, Stroke};
use super::super::key::{self, KeySymbol};
use super::super::panel::Panel;
use super::Sounding;

/// Number of pairs of points to which a trace is thinned, more than the figure can show.
const PAIRS: usize = 500;
/// Number of iterations above which the axis counts thousands.
const MANY: f64 = 20_000.0;

impl Sounding<'_> {
    pub(super) fn draw_traces(&self, canvas: &mut Canvas, area: Area, title_x: f64) {
        let (data, style) = (self.data, &self.options.style);
        let colour = &style.colour;
        let longest = data.misfit_trace.iter().map(Vec::len).max().unwrap_or(0);
        let iterations = (longest as f64 * data.trace_iteration_step).max(1.0);
        let unit = if iterations >= MANY { 1000.0 } else { 1.0 };
        let step = data.trace_iteration_step / unit;

        let expected = (data.channel_count as f64).log10();
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        let traces: Vec<Vec<Point>> = data.misfit_trace.iter().map(|trace| thinned(trace, step)).collect();
        for value in traces.iter().flatten().map(|p| p.1).chain([expected]).filter(|v| v.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        let x = Axis::new(Scale::Linear, 0.0, iterations / unit);
        // Longer numbers would reach the title.
        let scale = if high < 5.0 { Scale::Decades } else { Scale::Powers };
        let panel = Panel { style, area, x, y: Axis::new(scale, low - 0.12, high + 0.12) };

        let burn_in = data.burn_in_iterations.iter().copied().filter(|b| b.is_finite()).fold(0.0, f64::max) / unit;
        let (bottom, top) = (panel.y.low(), panel.y.high());
        if burn_in > 0.0 {
            let burnt = [(0.0, bottom), (0.0, top), (burn_in, top), (burn_in, bottom)];
            panel.fill(canvas, &burnt, colour.shade, 1.0);
        }
        for (i, trace) in traces.into_iter().enumerate() {
            let width = 0.75 * style.line.thin;
            panel.line(canvas, trace, Stroke::solid(colour.chains[i % colour.chains.len()], width));
        }
        let target = Stroke::dashed(colour.median, style.line.thin);
        panel.line(canvas, [(x.low(), expected), (x.high(), expected)], target);
        panel.frame(canvas);
        panel.left_axis(canvas, 4, false, "misfit χ²", title_x);
        panel.bottom_axis(canvas, 6, false, if unit > 1.0 { "iteration (thousands)" } else { "iteration" });

        let chains = match data.misfit_trace.len() {
            0 => "no traces".to_owned(),
            1 => "1 chain".to_owned(),
            count => format!("{count} chains"),
        };
        let channels = format!("{} channels", data.channel_count);
        let agreement = format!("R-hat {:.3}, ESS {:.0} of χ²", data.rhat_misfit, data.ess_misfit);
        let mut entries = vec![
            (KeySymbol::Line(Stroke::solid(colour.chains[0], style.line.thin)), chains.as_str()),
            (KeySymbol::Line(target), channels.as_str()),
        ];
        if burn_in > 0.0 {
            entries.push((KeySymbol::Band(colour.shade, 1.0), "burn-in"));
        }
        if data.rhat_misfit.is_finite() && data.ess_misfit.is_finite() {
            entries.push((KeySymbol::Nothing, &agreement));
        }
        key::row(canvas, style, (area.left, area.top - 0.6 * style.text.note), area.width(), &entries);
    }
}

/// Returns (iteration, log10 of the misfit); long traces have the least and greatest value of each piece.
fn thinned(trace: &[f64], step: f64) -> Vec<Point> {
    let point = |i: usize| (i as f64 * step, if trace[i] > 0.0 { trace[i].log10() } else { f64::NAN });
    if trace.len() <= 2 * PAIRS {
        return (0..trace.len()).map(point).collect();
    }
    let size = trace.len().div_ceil(PAIRS);
    let mut points = Vec::with_capacity(2 * PAIRS);
    for start in (0..trace.len()).step_by(size) {
        let piece = start..trace.len().min(start + size);
        let least = piece.clone().min_by(|a, b| trace[*a].total_cmp(&trace[*b])).unwrap_or(start);
        let greatest = piece.max_by(|a, b| trace[*a].total_cmp(&trace[*b])).unwrap_or(start);
        points.push(point(least.min(greatest)));
        if least != greatest {
            points.push(point(least.max(greatest)));
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_extremes_and_order() {
        let mut trace = vec![1.0; 100_000];
        trace[777] = 1000.0;
        let points = thinned(&trace, 2.0);
        assert!(points.len() <= 2 * PAIRS);
        assert!(points.contains(&(1554.0, 3.0)));
        assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
