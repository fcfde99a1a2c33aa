//! Figure of data, predictions and residuals along a line.

use super::legend::{ColourScale, Legend, Uncertainty};
use std::path::Path;

use ndarray::Array2;

use super::axes::{Axis, Scale};
use super::canvas::{Align, Area, Canvas, Stroke, Text};

use super::colour_bar;
use super::data_scale::{DataScale, least_positive};
use super::heading::{self, MARGIN};
use super::key::{self, KeySymbol, Marker};
use super::options::FigureOptions;
use super::output;
use super::panel::{self, Panel};
use super::track::{Along, Places, SectionTrack};
use super::unit::with_unit;
use crate::error::{Error, Result};

/// Standard deviations at the end of the colours of residuals; larger residuals have the end colour.
const FARTHEST: f64 = 4.0;
/// Height of the residuals of a channel when there is enough space, points.
const ROW: f64 = 4.5;
/// Height of the panel of a group of channels, as a share of the section's page.
const PROFILE: f64 = 0.34;
/// Largest height of all residuals, as a share of the page.
const RESIDUALS: f64 = 0.6;
/// Factor by which the lines of observed data are wider than those of predictions; they are also paler.
const WIDER: f64 = 2.2;
const PALER: f64 = 0.5;

/// Data of a line. Vectors over soundings are in order along the line.
#[derive(Debug, Clone, Default)]
pub struct FitData {
    /// Name of the line.
    pub line_label: String,
    /// Second line of the heading.
    pub details: String,
    /// Easting, m.
    pub easting_m: Vec<f64>,
    /// Northing, m.
    pub northing_m: Vec<f64>,
    /// Unit of the data.
    pub unit: String,
    /// Groups of channels: in-phase, quadrature, a component of a system.
    pub groups: Vec<FitGroup>,
}

/// A group of channels. Arrays are (sounding, channel), NaN where there is no value.
#[derive(Debug, Clone, Default)]
pub struct FitGroup {
    /// Name: "in-phase", "system 1, Z".
    pub label: String,
    /// Names of the channels: "400 Hz", "0.12 ms".
    pub channels: Vec<String>,
    /// Observed data.
    pub observed: Array2<f64>,
    /// Standard deviations.
    pub std: Array2<f64>,
    /// Medians of the posterior predictions.
    pub predicted: Array2<f64>,
}

impl FitGroup {
    fn residual(&self, sounding: usize, channel: usize) -> f64 {
        let at = [sounding, channel];
        (self.observed[at] - self.predicted[at]) / self.std[at]
    }
}

/// Draws observed and predicted data of each group of channels along a line, and all normalised residuals as an image.
///
/// # Errors
/// No datum has a prediction, the page is too narrow, or the file cannot be written.
pub fn plot_fit(data: &FitData, along: Along, figure: &FigureOptions, path: &Path) -> Result<()> {
    let count = data.easting_m.len();
    for group in &data.groups {
        for array in [&group.observed, &group.std, &group.predicted] {
            if array.dim() != (count, group.channels.len()) || data.northing_m.len() != count {
                let message = format!("{}: got shape {:?} for {count} soundings", group.label, array.dim());
                return Err(Error::figure(path, message));
            }
        }
    }
    figure.style.check_width(path, "a figure of data")?;
    let legend = Legend {
        label: "residual / σ".to_owned(),
        limits: Some((-FARTHEST, FARTHEST)),
        scale: ColourScale::Signed,
        ..Legend::default()
    };
    let each = |group: &FitGroup| -> Vec<f64> {
        let channels = 0..group.channels.len();
        channels.flat_map(|channel| (0..count).map(move |i| group.residual(i, channel))).collect()
    };
    let residuals = data.groups.iter().flat_map(each);
    let shading = legend.shading(&figure.style, Uncertainty::Hidden, residuals, path).map_err(|_| {
        let line = heading::line_name(&data.line_label);
        Error::figure(path, format!("{line} has no predictions to compare with its data"))
    })?;
    let along = along.known([data.places()].into_iter());
    let unit_m = along.unit_m([data.places()].into_iter());
    let order = along.order(data.places());
    let (easting_m, northing_m): (Vec<f64>, Vec<f64>) =
        order.iter().map(|&i| (data.easting_m[i], data.northing_m[i])).unzip();
    let places = Places { easting_m: &easting_m, northing_m: &northing_m };
    let is_predicted =
        |&i: &usize| data.groups.iter().any(|group| group.predicted.row(i).iter().any(|p| p.is_finite()));
    let predicted: Vec<bool> = order.iter().map(is_predicted).collect();
    let fit = FitFigure {
        data,
        figure,
        track: SectionTrack::new(places, &vec![true; order.len()], along, unit_m),
        residual_track: SectionTrack::new(places, &predicted, along, unit_m),
        order,
        x_title: along.title(unit_m),
    };
    let height = fit.height_px();
    output::write(path, &figure.style, height, |canvas| fit.draw(canvas, &shading, &legend.label))
}

impl FitData {
    fn places(&self) -> Places<'_> {
        Places { easting_m: &self.easting_m, northing_m: &self.northing_m }
    }
}

struct FitFigure<'a> {
    data: &'a FitData,
    figure: &'a FigureOptions,
    track: SectionTrack,
    /// Track in which the cells of soundings with predictions touch each other.
    residual_track: SectionTrack,
    /// Soundings in order along the axis.
    order: Vec<usize>,
    x_title: &'static str,
}

impl FitFigure<'_> {
    fn channel_count(&self) -> usize {
        self.data.groups.iter().map(|group| group.channels.len()).sum()
    }

    /// Returns the height of the residuals, points.
    fn residual_height(&self) -> f64 {
        let page = &self.figure.style.page;
        let whole = f64::from(page.section_height_px) / page.pixels_per_point();
        (ROW.max(self.figure.style.text.tick * 1.05) * self.channel_count() as f64).min(RESIDUALS * whole)
    }

    fn height_px(&self) -> u32 {
        let (style, page) = (&self.figure.style, &self.figure.style.page);
        let scale = page.pixels_per_point();
        let profiles = PROFILE * f64::from(page.section_height_px) * self.data.groups.len() as f64;
        let fixed = 40.0 + 3.0 * style.text.label + 2.5 * style.text.note + panel::bottom_margin(style);
        (profiles + (fixed + self.residual_height()) * scale).round() as u32
    }

    fn draw(&self, canvas: &mut Canvas, shading: &super::legend::Shading, label: &str) {
        let (data, style) = (self.data, &self.figure.style);
        let text = &style.text;
        let name = heading::line_name(&data.line_label);
        let (title, details) = match &self.figure.title {
            Some(title) => (title.as_str(), format!("{name} · {}", data.details)),
            None => (name.as_str(), data.details.clone()),
        };
        let top = heading::draw(canvas, style, title, ("", style.colour.text), &details) + 1.9 * text.note;
        let title_x = MARGIN + 0.8 * text.label;
        let left = title_x + 5.0 * text.tick + 5.0;
        let right = canvas.width - MARGIN - colour_bar::column_width(shading);
        let bottom = canvas.height - MARGIN - panel::bottom_margin(style);
        let (low, high) = self.track.extent();
        let x = Axis::new(Scale::Linear, low, high);
        let residuals = Area::new(left, bottom - self.residual_height(), right, bottom);
        let gap = 7.0;
        let each = (residuals.top - gap - top) / data.groups.len().max(1) as f64;
        for (i, group) in data.groups.iter().enumerate() {
            let top = top + i as f64 * each;
            self.draw_profiles(canvas, group, Area::new(left, top, right, top + each - gap), x, title_x);
        }
        self.draw_residuals(canvas, shading, residuals, x, title_x);
        let column = Area::new(right, residuals.top, canvas.width - MARGIN, bottom);
        colour_bar::draw(canvas, shading, column, label);
        let (wide, thin) = self.strokes(0.3);
        let entries = [
            (KeySymbol::Line(wide), "observed"),
            (KeySymbol::Line(thin), "predicted: median of the posterior"),
            (KeySymbol::Nothing, "darker: first channels"),
            (KeySymbol::Nothing, "residual: observed − predicted"),
        ];
        key::row(canvas, style, (left, top - 0.6 * text.note), right - left, &entries);
    }

    /// Returns the lines of observed and predicted data of a channel; `place` is 0 for the first channel and 1 for the
    /// last.
    fn strokes(&self, place: f64) -> (Stroke, Stroke) {
        let style = &self.figure.style;
        let colour = style.hits.at(1.0 - 0.55 * place);
        let pale = colour.faded(PALER, style.colour.paper);
        (Stroke::solid(pale, WIDER * style.line.curve), Stroke::solid(colour, style.line.thin))
    }

    fn draw_profiles(&self, canvas: &mut Canvas, group: &FitGroup, area: Area, x: Axis, title_x: f64) {
        let style = &self.figure.style;
        let all = group.observed.iter().chain(&group.predicted).copied();
        let scale = DataScale::new(all, least_positive(group.std.iter().copied()));
        let panel = Panel { style, area, x, y: scale.axis() };
        panel.grid(canvas, 8, 5);
        let count = group.channels.len();
        let place = |channel: usize| channel as f64 / count.max(2) as f64;
        for channel in 0..count {
            let wide = self.strokes(place(channel)).0;
            self.draw_curve(canvas, &panel, &scale, (&group.observed, channel), wide);
        }
        for channel in 0..count {
            let thin = self.strokes(place(channel)).1;
            self.draw_curve(canvas, &panel, &scale, (&group.predicted, channel), thin);
        }
        panel.frame(canvas);
        panel.left_axis(canvas, 5, false, &with_unit(&group.label, &self.data.unit), title_x);
        panel.bottom_axis(canvas, 8, true, "");
    }

    /// Draws a curve through the middles of neighbours with a value, and a dot where there is no neighbour.
    fn draw_curve(
        &self,
        canvas: &mut Canvas,
        panel: &Panel,
        scale: &DataScale,
        (values, channel): (&Array2<f64>, usize),
        stroke: Stroke,
    ) {
        let values: Vec<f64> = self.order.iter().map(|&i| scale.value(values[[i, channel]])).collect();
        for run in self.track.steps(&values) {
            let middles: Vec<(f64, f64)> =
                run.chunks_exact(2).map(|ends| (0.5 * (ends[0].0 + ends[1].0), ends[0].1)).collect();
            match middles[..] {
                [alone] => Marker::Square.draw(canvas, panel.at(alone), 2.0 * stroke.width, stroke.colour),
                _ => panel.line(canvas, middles, stroke),
            }
        }
    }

    /// Draws a row for each channel, the first at the top.
    fn draw_residuals(&self, canvas: &mut Canvas, shading: &super::legend::Shading, area: Area, x: Axis, title_x: f64) {
        let style = &self.figure.style;
        let rows: Vec<(&FitGroup, usize)> =
            self.data.groups.iter().flat_map(|group| (0..group.channels.len()).map(move |i| (group, i))).collect();
        let count = rows.len().max(1);
        let y = Axis::new(Scale::Linear, count as f64, 0.0);
        let panel = Panel { style, area, x, y };
        let paper = canvas.paper;
        canvas.image(area, |(px, py)| {
            let along = panel.x.value((px - area.left) / area.width());
            let row = ((py - area.top) / area.height() * count as f64) as usize;
            let Some(sounding) = self.residual_track.sounding(along) else { return paper };
            let (group, channel) = rows[row.min(count - 1)];
            let value = group.residual(self.order[sounding], channel);
            if value.is_finite() { shading.pure(value) } else { key::hatch((px, py), style.colour.hatch, paper) }
        });
        let row_height = area.height() / count as f64;
        let every = (0.95 * style.text.tick / row_height).ceil().max(1.0) as usize;
        let (mut first, mut taken) = (0, f64::NEG_INFINITY);
        for group in &self.data.groups {
            for channel in (0..group.channels.len()).step_by(every) {
                let at = (area.left - 3.5, panel.py((first + channel) as f64 + 0.5) + 0.36 * style.text.tick);
                if at.1 < taken + 0.95 * style.text.tick {
                    continue;
                }
                taken = at.1;
                let name = Text::new(&*group.channels[channel], at, style.text.tick, style.colour.text);
                canvas.text(name.align(Align::End).fitted(4.6 * style.text.tick));
            }
            let end = first + group.channels.len();
            let y = panel.py(end as f64);
            canvas.line(&[(area.left, y), (area.right, y)], Stroke::solid(style.colour.frame, style.line.frame));
            let middle = panel.py(0.5 * (first + end) as f64);
            let title = Text::new(&*group.label, (title_x, middle), style.text.label, style.colour.text);
            canvas.text(title.align(Align::Middle).upwards().fitted(row_height * group.channels.len() as f64));
            first = end;
        }
        panel.frame(canvas);
        panel.bottom_axis(canvas, 8, false, self.x_title);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data() -> FitData {
        let group = |label: &str| FitGroup {
            label: label.to_owned(),
            channels: (0..6).map(|i| format!("{} Hz", 400 << i)).collect(),
            observed: Array2::from_shape_fn((50, 6), |(i, c)| 100.0 / (c + 1) as f64 + i as f64 - 30.0),
            std: Array2::from_elem((50, 6), 3.0),
            predicted: Array2::from_shape_fn((50, 6), |(i, c)| {
                if i == 9 { f64::NAN } else { 100.0 / (c + 1) as f64 + i as f64 - 29.0 }
            }),
        };
        FitData {
            line_label: "30010".to_owned(),
            details: "50 soundings".to_owned(),
            easting_m: (0..50).map(|i| 30.0 * f64::from(i)).collect(),
            northing_m: vec![0.0; 50],
            unit: "ppm".to_owned(),
            groups: vec![group("in-phase"), group("quadrature")],
        }
    }

    #[test]
    fn every_channel_has_its_row() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fit.svg");
        plot_fit(&data(), Along::Distance, &FigureOptions::default(), &path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        for part in ["Line 30010", "in-phase (ppm)", "quadrature (ppm)", "400 Hz", "12800 Hz", "residual / σ"] {
            assert!(text.contains(part), "{part}");
        }
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let told = |data: &FitData| {
            let path = Path::new("/nowhere/fit.png");
            plot_fit(data, Along::Distance, &FigureOptions::default(), path).unwrap_err().to_string()
        };
        let mut nothing = data();
        nothing.groups.iter_mut().for_each(|group| group.predicted.fill(f64::NAN));
        assert!(told(&nothing).contains("Line 30010 has no predictions"));
        let short = FitData { easting_m: vec![1.0], northing_m: vec![1.0], ..data() };
        assert!(told(&short).contains("got shape (50, 6) for 1 soundings"));
    }
}
