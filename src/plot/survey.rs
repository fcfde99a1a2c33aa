//! Figure of a survey before inversion: a map of its soundings and the data along some of its lines.

use std::path::Path;

use super::axes::{Axis, Scale};
use super::canvas::{Area, Canvas, Stroke, Text};
use super::colour::Rgb;
use super::data_scale::DataScale;
use super::heading::{self, MARGIN};
use super::key::Marker;
use super::map_frame;
use super::options::FigureOptions;
use super::output;
use super::panel::{self, Panel};
use super::unit::printed_unit;
use crate::error::{Error, Result};
use crate::quantiles::nearest;

/// Largest number of soundings on the map; more soundings are thinned.
const MOST_DOTS: usize = 20_000;
/// Share of the map in the width.
const MAP: f64 = 0.36;

/// Data of a survey before inversion.
#[derive(Debug, Clone, Default)]
pub struct SurveyData {
    /// Heading.
    pub title: String,
    /// Second line of the heading.
    pub details: String,
    /// Eastings in m of all soundings.
    pub easting_m: Vec<f64>,
    /// Northings in m of all soundings.
    pub northing_m: Vec<f64>,
    /// Eastings, northings in m and log10 of S/m of best-fitting halfspaces.
    pub halfspaces: Vec<(f64, f64, f64)>,
    /// Data along lines.
    pub profiles: Vec<ProfileData>,
    /// Unit of the data.
    pub unit: String,
}

/// The data of one group of channels along a line.
#[derive(Debug, Clone, Default)]
pub struct ProfileData {
    /// Name of the group.
    pub label: String,
    /// Distance along the line of each sounding, m.
    pub distance_m: Vec<f64>,
    /// Data of each channel; NaN where they are missing.
    pub channels: Vec<Vec<f64>>,
}

/// Draws a map of a survey's soundings, with the halfspaces that fit some of them best, and data along lines.
pub fn plot_survey(data: &SurveyData, options: &FigureOptions, path: &Path) -> Result<()> {
    if data.easting_m.is_empty() || data.easting_m.len() != data.northing_m.len() {
        return Err(Error::figure(path, "there are no soundings to draw"));
    }
    let page = &options.style.page;
    let rows = data.profiles.len().max(3) as u32;
    let height = page.section_height_px.max(rows * page.section_height_px / 3);
    output::write(path, &options.style, height, |canvas| draw(canvas, data, options))
}

fn draw(canvas: &mut Canvas, data: &SurveyData, options: &FigureOptions) {
    let style = &options.style;
    let title = options.title.as_deref().unwrap_or(&data.title);
    let top = heading::draw(canvas, style, title, ("", style.colour.text), &data.details) + 8.0;
    let bottom = canvas.height - MARGIN - panel::bottom_margin(style);
    let title_x = MARGIN + 0.8 * style.text.label;
    let left = title_x + 4.6 * style.text.tick + 5.0;
    let map = Area::new(left, top, left + MAP * (canvas.width - left), bottom);
    draw_map(canvas, data, options, map, title_x);
    let profiles_left = map.right + 6.0 + 0.8 * style.text.label + 3.6 * style.text.tick + 12.0;
    draw_profiles(canvas, data, options, Area::new(profiles_left, top, canvas.width - MARGIN, bottom));
}

/// Draws the soundings in true proportion.
fn draw_map(canvas: &mut Canvas, data: &SurveyData, options: &FigureOptions, area: Area, title_x: f64) {
    let style = &options.style;
    let bar_height = if data.halfspaces.is_empty() { 0.0 } else { 24.0 };
    let room = Area::new(area.left, area.top, area.right, area.bottom - bar_height - 4.0);
    let (x, y) = map_frame::axes(&data.easting_m, &data.northing_m, room);
    let panel = Panel { style, area: room, x, y };
    panel.grid(canvas, 4, 5);
    let step = data.easting_m.len().div_ceil(MOST_DOTS);
    for (easting, northing) in data.easting_m.iter().zip(&data.northing_m).step_by(step) {
        Marker::Square.draw(canvas, panel.at((easting / 1e3, northing / 1e3)), 1.1, style.colour.hatch);
    }
    let conductivity = conductivity_axis(data);
    for (easting, northing, log10) in &data.halfspaces {
        let colour = style.conductivity.at(conductivity.fraction(*log10));
        Marker::Disc.draw(canvas, panel.at((easting / 1e3, northing / 1e3)), 3.2, colour);
    }
    panel.frame(canvas);
    panel.left_axis(canvas, 5, false, "northing (km)", title_x);
    panel.bottom_axis(canvas, 4, false, "easting (km)");
    map_frame::draw_scale(canvas, &panel, room.bottom - 6.0);
    map_frame::draw_north(canvas, style, (room.left + 10.0, room.top + 20.0));
    if !data.halfspaces.is_empty() {
        let bar = Area::new(area.left, area.bottom - 3.0, area.right, area.bottom + 2.0);
        draw_colour_bar(canvas, options, conductivity, bar);
    }
}

/// Returns labels and colours of the halfspaces.
fn conductivity_axis(data: &SurveyData) -> Axis {
    let mut values: Vec<f64> = data.halfspaces.iter().map(|(.., log10)| *log10).collect();
    values.sort_by(f64::total_cmp);
    // A few soundings without a fitting halfspace must not determine the colours of all.
    let at = |share| nearest(&values, share).unwrap_or(0.0);
    let (low, high) = (at(0.02), at(0.98));
    Axis::log10_conductivity((low * 2.0).floor() / 2.0, (high * 2.0).ceil() / 2.0, false)
}

fn draw_colour_bar(canvas: &mut Canvas, options: &FigureOptions, axis: Axis, area: Area) {
    let style = &options.style;
    let panel = Panel { style, area, x: axis, y: Axis::new(Scale::Linear, 0.0, 1.0) };
    canvas.image(area, |(x, _)| style.conductivity.at((x - area.left) / area.width()));
    panel.frame(canvas);
    panel.bottom_axis(canvas, 5, false, "best halfspace (S/m)");
}

fn draw_profiles(canvas: &mut Canvas, data: &SurveyData, options: &FigureOptions, area: Area) {
    let style = &options.style;
    let count = data.profiles.len();
    let gap = panel::bottom_margin(style) + 1.4 * style.text.label + 4.0;
    let height = (area.height() + gap) / count.max(1) as f64 - gap;
    let title_x = area.left - 3.6 * style.text.tick - 7.0;
    for (i, profile) in data.profiles.iter().enumerate() {
        let top = area.top + i as f64 * (height + gap) + style.text.label;
        let place = Area::new(area.left, top, area.right, area.top + i as f64 * (height + gap) + height);
        draw_profile(canvas, profile, options, place, (title_x, &data.unit));
    }
}

/// Draws one curve for each channel on a scale symmetric about zero, because late gates have both signs.
fn draw_profile(
    canvas: &mut Canvas,
    profile: &ProfileData,
    options: &FigureOptions,
    area: Area,
    (title_x, unit): (f64, &str),
) {
    let style = &options.style;
    let values = || profile.channels.iter().flatten().copied();
    let mut sizes: Vec<f64> = values().map(f64::abs).filter(|size| *size > 0.0).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    let Some(small) = sizes.get(sizes.len() / 20) else { return };
    let scale = DataScale::new(values(), *small);
    let is_long = profile.distance_m.last().is_some_and(|last| *last > 5000.0);
    let (unit_m, title) =
        if is_long { (1e3, "distance along the line (km)") } else { (1.0, "distance along the line (m)") };
    let end = profile.distance_m.last().copied().unwrap_or(1.0) / unit_m;
    let panel = Panel { style, area, x: Axis::new(Scale::Linear, 0.0, end), y: scale.axis() };
    panel.grid(canvas, 6, 5);
    for (i, channel) in profile.channels.iter().enumerate() {
        let fraction = i as f64 / profile.channels.len().max(2) as f64;
        let curve = profile.distance_m.iter().map(|d| d / unit_m).zip(channel.iter().map(|datum| scale.value(*datum)));
        panel.line(canvas, curve, Stroke::solid(shade(options, fraction), style.line.thin));
    }
    panel.frame(canvas);
    panel.left_axis(canvas, 5, false, &printed_unit(unit), title_x);
    panel.bottom_axis(canvas, 6, false, title);
    let at = (area.left, area.top - 3.0);
    canvas.text(Text::new(&*profile.label, at, style.text.label, style.colour.text).bold().fitted(area.width()));
}

/// Returns a colour from early to late.
fn shade(options: &FigureOptions, fraction: f64) -> Rgb {
    options.style.hits.at(0.95 - 0.6 * fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data() -> SurveyData {
        let easting_m: Vec<f64> = (0..100).map(|i| 5e5 + 30.0 * f64::from(i)).collect();
        let profile = ProfileData {
            label: "line 10, z".to_owned(),
            distance_m: (0..100).map(|i| 30.0 * f64::from(i)).collect(),
            channels: (0..5).map(|c| (0..100).map(|i| 10f64.powi(-c) * f64::from(i - 3)).collect()).collect(),
        };
        SurveyData {
            title: "A survey".to_owned(),
            northing_m: easting_m.iter().map(|x| 0.5 * x).collect(),
            halfspaces: vec![(5e5, 2.5e5, -2.0), (5.01e5, 2.505e5, -1.2)],
            easting_m,
            profiles: vec![profile; 3],
            unit: "V/(A m^4)".to_owned(),
            ..SurveyData::default()
        }
    }

    #[test]
    fn surveys_are_drawn_with_map_and_profiles() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("survey.svg");
        plot_survey(&data(), &FigureOptions::default(), &path).unwrap();
        let svg = std::fs::read_to_string(&path).unwrap();
        for text in
            ["A survey", "northing (km)", "best halfspace (S/m)", "line 10, z", "distance along the line (m)", "1 km"]
        {
            assert!(svg.contains(text), "{text}");
        }
    }

    #[test]
    fn odd_surveys_are_drawn_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("survey.png");
        let mut one = SurveyData { easting_m: vec![1.0], northing_m: vec![2.0], ..SurveyData::default() };
        plot_survey(&one, &FigureOptions::default(), &path).unwrap();
        one.profiles =
            vec![ProfileData { channels: vec![vec![f64::NAN]], distance_m: vec![0.0], ..ProfileData::default() }];
        plot_survey(&one, &FigureOptions::default(), &path).unwrap();
        assert!(plot_survey(&SurveyData::default(), &FigureOptions::default(), &path).is_err());
    }
}
