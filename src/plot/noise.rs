//! Figure of the noise of a survey beside its data.

use std::path::Path;

use super::axes::{Axis, Scale};
use super::canvas::{Area, Canvas, Stroke, Text};
use super::heading::{self, MARGIN};
use super::key::{self, KeySymbol, Marker};
use super::options::FigureOptions;
use super::output;
use super::panel::{self, Panel};
use super::unit::printed_unit;
use crate::error::{Error, Result};

/// Noise and data of a survey, for each group of channels.
#[derive(Debug, Clone, Default)]
pub struct NoiseFigure {
    /// Heading.
    pub title: String,
    /// Second line of the heading.
    pub details: String,
    /// Name of the horizontal axis with its unit.
    pub axis: String,
    /// Unit of the data.
    pub unit: String,
    /// Groups of channels, each in a panel.
    pub groups: Vec<NoiseCurves>,
}

/// Noise and data of a group of channels. Vectors have one value for each channel, NaN where it is unknown.
#[derive(Debug, Clone, Default)]
pub struct NoiseCurves {
    /// Name of the group.
    pub label: String,
    /// Times or frequencies, in rising order.
    pub at: Vec<f64>,
    /// Medians of |datum|.
    pub median: Vec<f64>,
    /// Additive noise.
    pub noise: Vec<f64>,
    /// Whether the noise is an upper limit or is not white noise; it then has an open marker.
    pub is_uncertain: Vec<bool>,
    /// Noise that somebody gave.
    pub given: Vec<f64>,
}

/// Draws median data, noise and given noise of each group against time or frequency.
///
/// # Errors
/// Nothing is to be drawn, or the file cannot be written.
pub fn plot_noise(data: &NoiseFigure, options: &FigureOptions, path: &Path) -> Result<()> {
    if !data.groups.iter().any(|group| group.noise.iter().any(|noise| *noise > 0.0)) {
        return Err(Error::figure(path, "there is no noise to draw"));
    }
    output::write(path, &options.style, options.style.page.section_height_px, |canvas| draw(canvas, data, options))
}

fn draw(canvas: &mut Canvas, data: &NoiseFigure, options: &FigureOptions) {
    let style = &options.style;
    let (data_line, noise_line, given_line) = (
        Stroke::solid(style.colour.hatch, style.line.curve),
        Stroke::solid(style.colour.posterior, style.line.thin),
        Stroke::dashed(style.colour.truth, style.line.curve),
    );
    let title = options.title.as_deref().unwrap_or(&data.title);
    let top = heading::draw(canvas, style, title, ("", style.colour.text), &data.details) + 8.0;
    let entries = [
        (KeySymbol::Line(data_line), "median |datum|"),
        (KeySymbol::Marker(Marker::Disc, noise_line.colour), "additive noise"),
        (KeySymbol::OpenMarker(Marker::Disc, noise_line), "upper limit (<), or not white noise (?)"),
        (KeySymbol::Line(given_line), "noise of the configuration"),
    ];
    key::row(canvas, style, (MARGIN, top + style.text.note), canvas.width - 2.0 * MARGIN, &entries);
    let top = top + 3.0 * style.text.label;
    let bottom = canvas.height - MARGIN - panel::bottom_margin(style);
    let margin = 0.8 * style.text.label + 4.6 * style.text.tick + 5.0;
    let width = (canvas.width - 2.0 * MARGIN) / data.groups.len() as f64;
    for (i, group) in data.groups.iter().enumerate() {
        let left = MARGIN + i as f64 * width;
        let area = Area::new(left + margin, top, left + width - 6.0, bottom);
        let values = || group.median.iter().chain(&group.noise).chain(&group.given);
        let panel = Panel { style, area, x: decades(group.at.iter()), y: decades(values()) };
        panel.grid(canvas, 4, 5);
        let points = |values: &[f64]| -> Vec<(f64, f64)> {
            group.at.iter().zip(values).map(|(at, value)| (at.log10(), value.log10())).collect()
        };
        panel.line(canvas, points(&group.median), data_line);
        panel.line(canvas, points(&group.given), given_line);
        let noise = points(&group.noise);
        panel.line(canvas, noise.iter().copied(), noise_line);
        for (point, is_uncertain) in noise.iter().zip(&group.is_uncertain).filter(|(point, _)| point.1.is_finite()) {
            if *is_uncertain {
                Marker::Disc.draw_open(canvas, panel.at(*point), 3.4, noise_line);
            } else {
                Marker::Disc.draw(canvas, panel.at(*point), 3.2, noise_line.colour);
            }
        }
        panel.frame(canvas);
        panel.left_axis(canvas, 5, false, &printed_unit(&data.unit), left + 0.8 * style.text.label);
        panel.bottom_axis(canvas, 4, false, &data.axis);
        let at = (area.left, area.top - 3.0);
        canvas.text(Text::new(&*group.label, at, style.text.label, style.colour.text).bold().fitted(area.width()));
    }
}

/// Returns a logarithmic axis for the positive ones of `values`.
fn decades<'a>(values: impl Iterator<Item = &'a f64>) -> Axis {
    let (low, high) = values
        .filter(|value| value.is_finite() && **value > 0.0)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
    Axis::new(Scale::Powers, low.log10() - 0.1, high.log10() + 0.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_drawn_where_it_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("noise.svg");
        let group = NoiseCurves {
            label: "high moment, z".to_owned(),
            at: vec![1e-5, 1e-4, 1e-3],
            median: vec![1e-9, 1e-10, f64::NAN],
            noise: vec![1e-12, 0.0, 1e-14],
            is_uncertain: vec![true, false, false],
            given: vec![f64::NAN; 3],
        };
        let mut data = NoiseFigure { unit: "V/(A m^4)".to_owned(), groups: vec![group; 2], ..NoiseFigure::default() };
        plot_noise(&data, &FigureOptions::default(), &path).unwrap();
        let svg = std::fs::read_to_string(&path).unwrap();
        assert!(svg.contains("high moment, z") && svg.contains("additive noise"));
        data.groups.clear();
        assert!(plot_noise(&data, &FigureOptions::default(), &path).is_err());
    }
}
