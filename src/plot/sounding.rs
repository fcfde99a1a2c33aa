//! Figure of one sounding in detail.

use std::path::Path;

use super::axes::{Axis, ceil_to, floor_to};
use super::canvas::{Area, Canvas, Stroke};
use super::colour::Rgb;
use super::data::{Response, SoundingData};
use super::heading::{self, MARGIN, short};
use super::options::{FigureOptions, drawn_depth};
use super::panel;
use super::unit::printed_unit;
use crate::error::{Error, Result};

mod decay;
mod geometry;
mod marginals;
mod profile;
mod spectrum;
mod traces;

/// Heights of the rows at the right, as shares of the height of a figure without additional rows.
const FIT: f64 = 0.44;
const DECAYS: f64 = 0.62;
const MARGINALS: f64 = 0.26;
const GEOMETRY: f64 = 0.22;
const TRACES: f64 = 0.30;
/// Heights that time-domain data and each row of geometry add to the page.
const DECAYS_PAGE: f64 = 0.14;
const GEOMETRY_PAGE: f64 = 0.22;

/// Most distributions of the geometry in a row.
const GEOMETRY_COLUMNS: usize = 3;

/// Rows that `count` distributions of the geometry need.
fn geometry_rows(count: usize) -> usize {
    count.div_ceil(GEOMETRY_COLUMNS)
}

/// Options of the figure of a sounding.
#[derive(Debug, Clone, Default)]
pub struct SoundingOptions {
    /// Lowest and highest conductivity, S/m; chosen from the data when `None`.
    pub conductivity_range: Option<(f64, f64)>,
    /// True for labels in resistivities, ohm m; the positions are the same.
    pub resistivity: bool,
    /// Largest depth drawn, m.
    pub maximum_depth_m: Option<f64>,
}

/// A sounding ready to be drawn.
pub(super) struct Sounding<'a> {
    data: &'a SoundingData,
    options: &'a FigureOptions,
    conductivity_label: &'static str,
    depth_m: f64,
    conductivity: Axis,
}

impl<'a> Sounding<'a> {
    pub(super) fn new(
        data: &'a SoundingData,
        options: &SoundingOptions,
        figure: &'a FigureOptions,
        path: &Path,
    ) -> Result<Sounding<'a>> {
        let deepest_m = data.depth_bounds_m[data.depth_bounds_m.len() - 1];
        let depth_m = drawn_depth(path, deepest_m, options.maximum_depth_m)?;
        let (low, high) = match options.conductivity_range {
            None => log10_range(data),
            Some((low, high)) if 0.0 < low && low < high && high.is_finite() => (low.log10(), high.log10()),
            Some((low, high)) => {
                let message = format!("limits: got {low} to {high} S/m, expected two rising positive numbers");
                return Err(Error::figure(path, message));
            }
        };
        let conductivity = Axis::log10_conductivity(low, high, options.resistivity);
        let conductivity_label = if options.resistivity { "resistivity (Ω·m)" } else { "conductivity (S/m)" };
        Ok(Sounding { data, options: figure, conductivity_label, depth_m, conductivity })
    }

    /// Returns the height of the figure, pixels.
    pub(super) fn height_px(&self) -> u32 {
        let time = if self.is_time_domain() { DECAYS_PAGE } else { 0.0 };
        let added = time + GEOMETRY_PAGE * geometry_rows(self.data.geometry.len()) as f64;
        (f64::from(self.options.style.page.sounding_height_px) * (1.0 + added)).round() as u32
    }

    pub(super) fn draw(&self, canvas: &mut Canvas) {
        let style = &self.options.style;
        let text = &style.text;
        let (width, height) = (canvas.width, canvas.height);
        let top = self.draw_heading(canvas) + 3.5 + 1.6 * text.note;
        let below = panel::bottom_margin(style);

        // Left: posterior against depth, with a key of two rows below it.
        let title_x = MARGIN + 0.8 * text.label;
        let left = title_x + 2.6 * text.tick + 5.0;
        let bottom = height - MARGIN - 3.4 * text.note - below;
        let middle = 0.50 * width;
        let split = left + 0.70 * (middle - left);
        let key = Area::new(left, bottom + below + 1.5 * text.note, middle, height);
        self.draw_hitmap(canvas, Area::new(left, top, split - 7.0, bottom), title_x, key);
        self.draw_interfaces(canvas, Area::new(split + 7.0, top, middle, bottom));

        // Right: data, marginal distributions, traces.
        let title_x = middle + 12.0 + text.label;
        let (left, right) = (title_x + 3.4 * text.tick + 5.0, width - MARGIN - text.tick);
        let top = if self.is_time_domain() { top + self.decay_key_height() } else { top };
        let area = Area::new(left, top, right, height - MARGIN - below);
        self.draw_rows(canvas, area, below + 6.0 + 1.6 * text.note, title_x);
    }

    /// Draws data, marginal distributions and traces below each other, `between` points apart.
    fn draw_rows(&self, canvas: &mut Canvas, area: Area, between: f64, title_x: f64) {
        let geometry_rows = geometry_rows(self.data.geometry.len());
        let fit = if self.is_time_domain() { DECAYS } else { FIT };
        let parts = fit + MARGINALS + GEOMETRY * geometry_rows as f64 + TRACES;
        let room = area.height() - (2 + geometry_rows) as f64 * between;
        let mut top = area.top;
        let mut row = |part: f64| {
            let row = Area::new(area.left, top, area.right, top + part / parts * room);
            top = row.bottom + between;
            row
        };
        self.draw_fit(canvas, row(fit), title_x);
        self.draw_marginals(canvas, row(MARGINALS), title_x);
        for index in 0..geometry_rows {
            self.draw_geometry(canvas, row(GEOMETRY), index);
        }
        self.draw_traces(canvas, row(TRACES), title_x);
    }

    fn draw_fit(&self, canvas: &mut Canvas, area: Area, title_x: f64) {
        match &self.data.response {
            Response::Frequency(spectrum) => self.draw_spectrum(canvas, area, spectrum, title_x),
            Response::Time(decays) => self.draw_decays(canvas, area, decays, title_x),
        }
    }

    fn is_time_domain(&self) -> bool {
        matches!(self.data.response, Response::Time(_))
    }

    /// Returns the colour of a decay and of its group of errors.
    fn group_colour(&self, group: usize) -> Rgb {
        let colours = &self.options.style.colour.groups;
        colours[group % colours.len()]
    }

    /// Returns the printed unit of the data.
    fn data_unit(&self) -> String {
        printed_unit(&self.data.data_unit)
    }

    fn draw_heading(&self, canvas: &mut Canvas) -> f64 {
        let (data, colour) = (self.data, &self.options.style.colour);
        let mut parts = Vec::new();
        let mut part = |value: f64, text: String| {
            if value.is_finite() {
                parts.push(text);
            }
        };
        part(data.rhat_maximum, format!("maximum R-hat {:.3}", data.rhat_maximum));
        part(data.ess_minimum, format!("minimum ESS {:.0}", data.ess_minimum));
        part(data.easting_m, format!("easting {:.0} m", data.easting_m));
        part(data.northing_m, format!("northing {:.0} m", data.northing_m));
        part(data.elevation_m, format!("ground at {:.0} m", data.elevation_m));
        let sensor = if self.is_time_domain() { "transmitter" } else { "sensor" };
        part(data.height_m, format!("{sensor} {} m above", short(data.height_m)));
        let name = format!("{}, fiducial {}", heading::line_name(&data.line_label), short(data.fiducial));
        let title = match &self.options.title {
            Some(title) => {
                parts.insert(0, name);
                title
            }
            None => &name,
        };
        let good = data.status.eq_ignore_ascii_case("converged");
        let status = (data.status.as_str(), if good { colour.text } else { colour.warning });
        heading::draw(canvas, &self.options.style, title, status, &parts.join(" · "))
    }

    fn prior_stroke(&self) -> Stroke {
        Stroke::dotted(self.options.style.colour.prior, 1.15 * self.options.style.line.thin)
    }
}

/// Returns the range of the hits and the prior, rounded outwards to half decades.
fn log10_range(data: &SoundingData) -> (f64, f64) {
    let bounds = &data.log10_conductivity_bounds;
    let (first, last) = (bounds[0], bounds[bounds.len() - 1]);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut include = |from: f64, to: f64| {
        low = low.min(from);
        high = high.max(to);
    };
    for row in data.hitmap.rows() {
        let least = 0.005 * row.iter().copied().fold(0.0, f64::max);
        for (cell, _) in row.iter().enumerate().filter(|(_, count)| **count > least) {
            include(bounds[cell], bounds[cell + 1]);
        }
    }
    for prior in [data.prior_log10_conductivity_p05, data.prior_log10_conductivity_p95] {
        include(prior - 0.1, prior + 0.1);
    }
    let (low, high) = (floor_to(low, 0.5).max(first), ceil_to(high, 0.5).min(last));
    if low < high { (low, high) } else { (first, last) }
}
