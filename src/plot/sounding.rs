//! Everything about one sounding.

use std::path::Path;

use super::axes::{Axis, ceil_to, floor_to};
use super::canvas::{Area, Canvas, Stroke};
use super::data::SoundingData;
use super::heading::{self, MARGIN, short};
use super::{FigureOptions, Result, panel};

mod fit;
mod marginals;
mod profile;
mod traces;

/// A sounding ready to be drawn.
pub(super) struct Sounding<'a> {
    data: &'a SoundingData,
    options: &'a FigureOptions,
    depth_m: f64,
    conductivity: Axis,
}

impl<'a> Sounding<'a> {
    pub(super) fn new(data: &'a SoundingData, options: &'a FigureOptions, path: &Path) -> Result<Sounding<'a>> {
        let depth_m = options.depth(path, data.depth_bounds_m[data.depth_bounds_m.len() - 1])?;
        let (low, high) = options.log10_range(path)?.unwrap_or_else(|| log10_range(data));
        let conductivity = Axis::log10_conductivity(low, high, options.resistivity);
        Ok(Sounding { data, options, depth_m, conductivity })
    }

    pub(super) fn draw(&self, canvas: &mut Canvas) {
        let style = &self.options.style;
        let text = &style.text;
        let (width, height) = (canvas.width, canvas.height);
        let top = self.draw_heading(canvas) + 3.5 + 1.6 * text.note;
        let below = panel::bottom_margin(style);

        // Left: posterior against depth, with a key of two rows below.
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
        let (left, right) = (title_x + 3.4 * text.tick + 5.0, width - MARGIN - 5.0);
        let between = below + 6.0 + 1.6 * text.note;
        let bottom = height - MARGIN - below;
        let room = bottom - top - 2.0 * between;
        let first = top + 0.44 * room;
        let second = first + between + 0.26 * room;
        self.draw_fit(canvas, Area::new(left, top, right, first), title_x);
        self.draw_marginals(canvas, Area::new(left, first + between, right, second), title_x);
        self.draw_traces(canvas, Area::new(left, second + between, right, bottom), title_x);
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
        part(data.height_m, format!("sensor {} m above", short(data.height_m)));
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

/// Where the hits and the prior are, rounded out to half decades.
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
