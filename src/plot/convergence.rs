//! Figure of the convergence of a survey's chains.

use std::path::Path;

use super::axes::{Axis, Scale};
use super::canvas::{Align, Area, Canvas, Stroke, Text};
use super::heading::{self, MARGIN};
use super::key::{self, KeySymbol, Marker};
use super::map_frame;
use super::options::FigureOptions;
use super::output;
use super::panel::{self, Panel};
use crate::error::{Error, Result};
use crate::products::values_percentile;

/// Height of the figure in units of the section's.
const HEIGHT: f64 = 1.05;
/// Share of the map in the width.
const MAP: f64 = 0.36;
/// Number of bars of a histogram.
const BARS: usize = 36;
/// Largest number of soundings on the map. More soundings are thinned, but not those that did not converge.
const MOST_DOTS: usize = 20_000;

/// Result of the inversion of a sounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The chains agree and are long enough.
    Converged,
    /// Percentiles would be nearly the same with another seed.
    Usable,
    /// There is a result, but another seed may give another one.
    NotConverged,
    /// There is no result.
    WithoutResult,
}

/// Diagnostics of all soundings. Vectors have one element per sounding, NaN where there is no value.
#[derive(Debug, Clone, Default)]
pub struct ConvergenceData {
    /// Heading.
    pub title: String,
    /// Second line of the heading.
    pub details: String,
    /// Easting, m.
    pub easting_m: Vec<f64>,
    /// Northing, m.
    pub northing_m: Vec<f64>,
    /// Outcome of each sounding.
    pub outcomes: Vec<Outcome>,
    /// Largest R-hat.
    pub rhat: Vec<f64>,
    /// Least effective sample size.
    pub effective_samples: Vec<f64>,
    /// Processor time, s.
    pub cpu_seconds: Vec<f64>,
    /// Iterations of a chain, burn-in included.
    pub iterations: Vec<f64>,
    /// Targets of a converged sounding: largest R-hat and least effective sample size; NaN where they are not known.
    pub targets: (f64, f64),
    /// Kinds of moves, and the acceptance rate of each by sounding.
    pub acceptance: Vec<(String, Vec<f64>)>,
}

/// Draws a map of soundings that did not converge, the distributions of R-hat, effective samples, processor time and
/// iterations, and the acceptance rate of each kind of move.
///
/// # Errors
/// There is no sounding with a result, the page is too narrow, or the file cannot be written.
pub fn plot_convergence(data: &ConvergenceData, figure: &FigureOptions, path: &Path) -> Result<()> {
    if data.outcomes.iter().all(|outcome| *outcome == Outcome::WithoutResult) {
        return Err(Error::figure(path, "no sounding has a result"));
    }
    figure.style.check_width(path, "a figure of convergence")?;
    let page = &figure.style.page;
    let height = (HEIGHT * f64::from(page.section_height_px)).round() as u32;
    output::write(path, &figure.style, height, |canvas| draw(canvas, data, figure))
}

/// Returns R-hat minus 1, at least 0.0001 for a logarithmic axis; NaN for a sounding without R-hat.
fn above_one(rhat: f64) -> f64 {
    (rhat - 1.0).clamp(1e-4, f64::INFINITY)
}

fn draw(canvas: &mut Canvas, data: &ConvergenceData, figure: &FigureOptions) {
    let style = &figure.style;
    let text = &style.text;
    let title = figure.title.as_deref().unwrap_or(&data.title);
    let top = heading::draw(canvas, style, title, ("", style.colour.text), &data.details) + 6.0;
    let below = panel::bottom_margin(style);
    let title_x = MARGIN + 0.8 * text.label;
    let left = title_x + 4.0 * text.tick + 5.0;
    let bottom = canvas.height - MARGIN - 1.7 * text.note - below;
    let map = Area::new(left, top, left + MAP * (canvas.width - left), bottom);
    draw_map(canvas, data, figure, map, title_x);

    let (start, end) = (map.right + 12.0, canvas.width - MARGIN - 4.0);
    let between = 3.2 * text.tick + text.label + 8.0;
    let width = (end - start - 2.0 * between) / 2.0;
    let row = (bottom + below - top) / 3.0;
    let place = |column: usize, row_index: usize| {
        let x = start + between + column as f64 * (width + between);
        let y = top + row_index as f64 * row;
        Area::new(x, y, x + width, y + row - below - 4.0)
    };
    let (rhat, samples) = data.targets;
    let above_one: Vec<f64> = data.rhat.iter().map(|&rhat| above_one(rhat)).collect();
    draw_histogram(canvas, figure, place(0, 0), &above_one, Some(rhat - 1.0), "largest R-hat − 1");
    draw_histogram(canvas, figure, place(1, 0), &data.effective_samples, Some(samples), "least effective sample size");
    draw_histogram(canvas, figure, place(0, 1), &data.cpu_seconds, None, "CPU time of a sounding (s)");
    draw_histogram(canvas, figure, place(1, 1), &data.iterations, None, "iterations of a chain");
    let wide = place(0, 2);
    draw_acceptance(canvas, data, figure, Area::new(wide.left + 2.0 * text.tick, wide.top, end, wide.bottom));
    let entries = [
        (KeySymbol::Marker(Marker::Disc, style.colour.posterior), "converged"),
        (KeySymbol::Marker(Marker::Disc, style.colour.usable), "usable"),
        (KeySymbol::Marker(Marker::Disc, style.colour.warning), "not converged"),
        (KeySymbol::Marker(Marker::Disc, style.colour.hatch), "no result"),
        (KeySymbol::Line(Stroke::dashed(style.colour.warning, style.line.thin)), "target"),
        (
            KeySymbol::Line(Stroke::solid(style.colour.text, style.line.curve)),
            "median; boxes: half, lines: 90 % of soundings",
        ),
    ];
    key::row(canvas, style, (left, canvas.height - MARGIN - 0.25 * text.note), end - left, &entries);
}

/// Draws the map; soundings that did not converge are drawn last.
fn draw_map(canvas: &mut Canvas, data: &ConvergenceData, figure: &FigureOptions, area: Area, title_x: f64) {
    let style = &figure.style;
    let known = data.easting_m.iter().zip(&data.northing_m).any(|(x, y)| x.is_finite() && y.is_finite());
    let (x, y) = map_frame::axes(&data.easting_m, &data.northing_m, area);
    let panel = Panel { style, area, x, y };
    if known {
        panel.grid(canvas, 3, 5);
        let step = data.outcomes.len().div_ceil(MOST_DOTS);
        for (outcome, colour, step) in [
            (Outcome::WithoutResult, style.colour.hatch, step),
            (Outcome::Converged, style.colour.posterior, step),
            (Outcome::Usable, style.colour.usable, step),
            (Outcome::NotConverged, style.colour.warning, 1),
        ] {
            let of = (0..data.outcomes.len()).filter(|&i| data.outcomes[i] == outcome).step_by(step);
            for i in of {
                Marker::Square.draw(canvas, panel.at((data.easting_m[i] / 1e3, data.northing_m[i] / 1e3)), 1.6, colour);
            }
        }
    }
    panel.frame(canvas);
    panel.left_axis(canvas, 5, false, "northing (km)", title_x);
    panel.bottom_axis(canvas, 4, false, "easting (km)");
}

/// Draws how many soundings have which value, over decades, with the median and the target.
fn draw_histogram(
    canvas: &mut Canvas,
    figure: &FigureOptions,
    area: Area,
    values: &[f64],
    target: Option<f64>,
    title: &str,
) {
    let style = &figure.style;
    let logarithms: Vec<f64> = values.iter().filter(|value| **value > 0.0).map(|value| value.log10()).collect();
    let target = target.map(f64::log10).filter(|target| target.is_finite());
    let all = || logarithms.iter().copied().chain(target);
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    let x = Axis::new(Scale::Decades, low - 0.1, high + 0.1);
    let mut counts = [0u32; BARS];
    for value in &logarithms {
        counts[((x.fraction(*value) * BARS as f64) as usize).min(BARS - 1)] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let panel = Panel { style, area, x, y: Axis::new(Scale::Linear, 0.0, 1.08 * f64::from(most)) };
    let bound = |bar: usize| x.value(bar as f64 / BARS as f64);
    for (bar, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let height = f64::from(*count);
        let corners = [(bound(bar), 0.0), (bound(bar), height), (bound(bar + 1), height), (bound(bar + 1), 0.0)];
        panel.fill(canvas, &corners, style.colour.posterior, 0.75);
    }
    let mut upright = |value: f64, stroke: Stroke| {
        panel.line(canvas, [(value, panel.y.low()), (value, panel.y.high())], stroke);
    };
    upright(values_percentile(&logarithms, 0.5), Stroke::solid(style.colour.text, style.line.curve));
    if let Some(target) = target {
        upright(target, Stroke::dashed(style.colour.warning, style.line.thin));
    }
    panel.frame(canvas);
    panel.left_axis(canvas, 3, false, "soundings", area.left - 3.2 * style.text.tick - 3.0);
    panel.bottom_axis(canvas, 4, false, title);
}

/// Draws a box for each kind of move.
fn draw_acceptance(canvas: &mut Canvas, data: &ConvergenceData, figure: &FigureOptions, area: Area) {
    let style = &figure.style;
    let rows: Vec<(&str, [f64; 5])> = data
        .acceptance
        .iter()
        .map(|(name, shares)| {
            (name.as_str(), [0.05, 0.25, 0.5, 0.75, 0.95].map(|share| values_percentile(shares, share)))
        })
        // Moves that were never tried have no rate.
        .filter(|(_, shares)| shares[0].is_finite())
        .collect();
    let count = rows.len().max(1) as f64;
    let highest = rows.iter().map(|row| row.1[4]).fold(0.05, f64::max);
    let x = Axis::new(Scale::Linear, 0.0, 1.04 * highest);
    let panel = Panel { style, area, x, y: Axis::new(Scale::Linear, count, 0.0) };
    let size = style.text.tick.min(0.95 * area.height() / count);
    for (row, (name, [p05, p25, p50, p75, p95])) in rows.into_iter().enumerate() {
        let middle = row as f64 + 0.5;
        let stroke = Stroke::solid(style.colour.posterior, style.line.thin);
        panel.line(canvas, [(p05, middle), (p95, middle)], stroke);
        let corners = [(p25, middle - 0.3), (p75, middle - 0.3), (p75, middle + 0.3), (p25, middle + 0.3)];
        panel.fill(canvas, &corners, style.colour.posterior, 0.6);
        let median = Stroke::solid(style.colour.text, style.line.curve);
        panel.line(canvas, [(p50, middle - 0.36), (p50, middle + 0.36)], median);
        let at = (area.left - 3.0, panel.py(middle) + 0.36 * size);
        canvas.text(Text::new(name, at, size, style.colour.text).align(Align::End).fitted(8.0 * style.text.tick));
    }
    panel.frame(canvas);
    panel.bottom_axis(canvas, 6, false, "accepted share of each move's proposals");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(count: usize) -> ConvergenceData {
        let values = |scale: f64| (0..count).map(|i| scale * (1.0 + (i % 13) as f64)).collect::<Vec<f64>>();
        ConvergenceData {
            title: "Convergence".to_owned(),
            easting_m: (0..count).map(|i| 40.0 * i as f64).collect(),
            northing_m: vec![0.0; count],
            outcomes: (0..count)
                .map(|i| [Outcome::NotConverged, Outcome::Usable, Outcome::Converged][(i % 9).min(2)])
                .collect(),
            rhat: values(0.004).into_iter().map(|above| 1.0 + above).collect(),
            effective_samples: values(90.0),
            cpu_seconds: values(0.7),
            iterations: vec![20_000.0; count],
            targets: (1.05, 400.0),
            acceptance: vec![("birth".to_owned(), values(0.02)), ("geometry".to_owned(), vec![f64::NAN; count])],
            ..ConvergenceData::default()
        }
    }

    /// Would catch: soundings that were not run but are counted as the best.
    #[test]
    fn a_sounding_without_rhat_is_not_counted() {
        assert_eq!([above_one(1.5), above_one(1.0)], [0.5, 1e-4]);
        assert!(above_one(f64::NAN).is_nan());
    }

    #[test]
    fn every_diagnostic_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("convergence.svg");
        plot_convergence(&data(200), &FigureOptions::default(), &path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        for part in [
            "largest R-hat − 1",
            "least effective sample size",
            "CPU time of a sounding (s)",
            "birth",
            "usable",
            "not converged",
        ] {
            assert!(text.contains(part), "{part}");
        }
        assert!(!text.contains("geometry"), "a move that was never tried");
        plot_convergence(&data(1), &FigureOptions::default(), &path).unwrap();
        let mut nowhere = data(3);
        nowhere.easting_m.fill(f64::NAN);
        nowhere.rhat.fill(f64::NAN);
        plot_convergence(&nowhere, &FigureOptions::default(), &path).unwrap();
    }

    #[test]
    fn nothing_is_told() {
        let nothing = ConvergenceData { outcomes: vec![Outcome::WithoutResult; 3], ..data(3) };
        let error = plot_convergence(&nothing, &FigureOptions::default(), Path::new("/nowhere/a.png")).unwrap_err();
        assert!(error.to_string().contains("no sounding has a result"));
    }
}
