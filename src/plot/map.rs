//! Maps: a quantity at several depths, each sounding a dot.

use std::path::Path;

use super::axes::{Axis, Scale, ceil_to, floor_to};
use super::canvas::{Area, Canvas, Text};
use super::colour::Rgb;
use super::colour_bar::{self, Shading};
use super::heading::{self, MARGIN};
use super::map_frame;
use super::panel::{self, Panel};
use super::{FigureOptions, output};
use crate::error::{Error, Result};

/// Radius of a dot where there is room for it, points.
const DOT: f64 = 2.6;
/// Least radius of a dot, points.
const LEAST_DOT: f64 = 0.9;

/// A quantity of all soundings. Vectors have one element per sounding.
#[derive(Debug, Clone, Default)]
pub struct MapData {
    /// Heading.
    pub title: String,
    /// Second line of the heading.
    pub details: String,
    /// Name and unit of the quantity.
    pub label: String,
    /// Whether values are log10 of what the label says.
    pub logarithmic: bool,
    /// Easting, m.
    pub easting_m: Vec<f64>,
    /// Northing, m.
    pub northing_m: Vec<f64>,
    /// One map each.
    pub panels: Vec<MapPanel>,
    /// Width of the credible interval in decades that is all white; `None` for no fading.
    pub full_width: Option<f64>,
}

/// A quantity at one depth.
#[derive(Debug, Clone, Default)]
pub struct MapPanel {
    /// Where: "10 m".
    pub label: String,
    /// Values, NaN where there is none.
    pub values: Vec<f64>,
    /// Widths of the credible intervals in decades; empty where nothing fades.
    pub widths: Vec<f64>,
}

/// Draws the maps of `data`, coloured between `range`, or all but 2 % of the values at either end.
///
/// # Errors
/// There is nothing to draw, or the file cannot be written.
pub fn plot_map(data: &MapData, range: Option<(f64, f64)>, options: &FigureOptions, path: &Path) -> Result<()> {
    let places = data.easting_m.iter().zip(&data.northing_m);
    if !places.into_iter().any(|(x, y)| x.is_finite() && y.is_finite()) {
        return Err(Error::figure(path, "no sounding has coordinates"));
    }
    if !data.panels.iter().any(|panel| panel.values.iter().any(|value| value.is_finite())) {
        return Err(Error::figure(path, format!("{}: no sounding has a value", data.label)));
    }
    let (low, high) = match range {
        Some((low, high)) if low < high => (low, high),
        Some((low, high)) => {
            return Err(Error::figure(path, format!("range: got {low} to {high}, expected it rising")));
        }
        None => usual_range(data),
    };
    let axis =
        if data.logarithmic { Axis::log10_conductivity(low, high, false) } else { Axis::new(Scale::Linear, low, high) };
    let grid = Grid::new(data, options);
    output::write(path, &options.style.page, grid.height_px, |canvas| draw(canvas, data, axis, &grid, options))
}

/// Where the maps stand on the page.
struct Grid {
    columns: usize,
    rows: usize,
    height_px: u32,
}

impl Grid {
    /// As many columns as give maps of the survey's proportions the most room.
    fn new(data: &MapData, options: &FigureOptions) -> Grid {
        let (east, north) = (map_frame::extent(&data.easting_m), map_frame::extent(&data.northing_m));
        let proportion = ((north.1 - north.0).max(1.0) / (east.1 - east.0).max(1.0)).clamp(0.4, 1.8);
        let count = data.panels.len();
        let columns = match count {
            1 => 1,
            2..=4 => 2,
            _ if proportion > 1.0 => 4.min(count),
            _ => 3,
        };
        let rows = count.div_ceil(columns);
        let page = &options.style.page;
        let map_px = 0.72 * f64::from(page.width_px) / columns as f64 * proportion;
        let head_px = 0.11 * f64::from(page.width_px);
        Grid { columns, rows, height_px: (head_px + rows as f64 * (map_px + 0.02 * f64::from(page.width_px))) as u32 }
    }
}

fn draw(canvas: &mut Canvas, data: &MapData, axis: Axis, grid: &Grid, options: &FigureOptions) {
    let style = &options.style;
    let (text, gap) = (&style.text, 3.0 * style.text.tick);
    let title = options.title.as_deref().unwrap_or(&data.title);
    let top = heading::draw(canvas, style, title, ("", style.colour.text), &data.details) + 6.0;
    let bottom = canvas.height - MARGIN - panel::bottom_margin(style);
    let title_x = MARGIN + 0.8 * text.label;
    let left = title_x + 4.6 * text.tick + 5.0;
    let right = canvas.width - MARGIN - 6.2 * text.tick - text.label - 30.0;
    let shading = Shading { style, axis, full_width: data.full_width };
    let name = 1.8 * text.label;
    let width = (right - left - gap * (grid.columns - 1) as f64) / grid.columns as f64;
    let height = (bottom - top) / grid.rows as f64 - name;
    for (i, map) in data.panels.iter().enumerate() {
        let (column, row) = (i % grid.columns, i / grid.columns);
        let x = left + column as f64 * (width + gap);
        let y = top + row as f64 * (height + name) + name;
        let area = Area::new(x, y, x + width, y + height);
        let is_lowest = i + grid.columns >= data.panels.len();
        draw_map(canvas, data, map, &shading, area);
        let (east, north) = map_frame::axes(&data.easting_m, &data.northing_m, area);
        let panel = Panel { style, area, x: east, y: north };
        panel.frame(canvas);
        let middle = row == grid.rows / 2 && column == 0;
        panel.left_axis(canvas, 4, column > 0, if middle { "northing (km)" } else { "" }, title_x);
        let middle = is_lowest && column == (grid.columns - 1) / 2;
        panel.bottom_axis(canvas, 3, !is_lowest, if middle { "easting (km)" } else { "" });
        canvas.text(Text::new(&*map.label, (x, y - 2.5), text.label, style.colour.text).bold().fitted(width));
        if i == 0 {
            map_frame::draw_scale_and_north(canvas, &panel);
        }
    }
    let bar = Area::new(right + 13.0, top + name, right + 40.0, (bottom - 1.6 * text.note).min(top + name + 220.0));
    colour_bar::draw(canvas, &shading, bar, &data.label);
}

/// Dots as one picture, whatever their number.
fn draw_map(canvas: &mut Canvas, data: &MapData, map: &MapPanel, shading: &Shading, area: Area) {
    let style = shading.style;
    let (x, y) = map_frame::axes(&data.easting_m, &data.northing_m, area);
    let panel = Panel { style, area, x, y };
    let resolution = canvas.resolution;
    let pixels = |points: f64| (points * resolution).ceil().max(1.0) as usize;
    let (columns, rows) = (pixels(area.width()) + 1, pixels(area.height()) + 1);
    let mut colours: Vec<Rgb> = vec![Rgb::WHITE; columns * rows];
    let radius = radius(data, area) * resolution;
    // Those without value first, so that they hide nothing.
    let is_known = |i: &usize| map.values[*i].is_finite();
    let (known, unknown): (Vec<usize>, Vec<usize>) = (0..data.easting_m.len()).partition(is_known);
    for i in unknown.into_iter().chain(known) {
        let place = panel.at((data.easting_m[i] / 1e3, data.northing_m[i] / 1e3));
        if !(place.0.is_finite() && place.1.is_finite()) {
            continue;
        }
        let width = map.widths.get(i).copied().unwrap_or(0.0);
        let value = map.values[i];
        let (colour, radius) =
            if value.is_finite() { (shading.colour(value, width), radius) } else { (style.colour.hatch, 0.4 * radius) };
        stamp(
            &mut colours,
            columns,
            ((place.0 - area.left) * resolution, (place.1 - area.top) * resolution),
            radius,
            colour,
        );
    }
    canvas.image(area, |(x, y)| {
        let (column, row) = (((x - area.left) * resolution) as usize, ((y - area.top) * resolution) as usize);
        colours[row.min(rows - 1) * columns + column.min(columns - 1)]
    });
    panel.grid(canvas, 3, 4);
}

/// A disc about `middle`; all in pixels.
fn stamp(colours: &mut [Rgb], columns: usize, middle: (f64, f64), radius: f64, colour: Rgb) {
    let rows = colours.len() / columns;
    let from = |middle: f64| (middle - radius).floor().max(0.0) as usize;
    let to = |middle: f64, most: usize| ((middle + radius).ceil().max(0.0) as usize).min(most);
    for row in from(middle.1)..to(middle.1, rows) {
        for column in from(middle.0)..to(middle.0, columns) {
            let (x, y) = (column as f64 + 0.5 - middle.0, row as f64 + 0.5 - middle.1);
            if x.hypot(y) <= radius {
                colours[row * columns + column] = colour;
            }
        }
    }
}

/// Of dots that leave each other some room where soundings are few.
fn radius(data: &MapData, area: Area) -> f64 {
    let each = area.width() * area.height() / data.easting_m.len().max(1) as f64;
    (0.35 * each.sqrt()).clamp(LEAST_DOT, DOT)
}

/// All but 2 % of the values at either end; logarithms rounded out to half decades.
fn usual_range(data: &MapData) -> (f64, f64) {
    let all = data.panels.iter().flat_map(|panel| &panel.values);
    let mut values: Vec<f64> = all.copied().filter(|value| value.is_finite()).collect();
    values.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
    let (mut low, mut high) = (at(0.02), at(0.98));
    if data.logarithmic {
        (low, high) = (floor_to(low, 0.5), ceil_to(high, 0.5));
    }
    if low < high { (low, high) } else { (low - 0.5, high + 0.5) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data() -> MapData {
        let easting_m: Vec<f64> = (0..200).map(|i| 5e5 + 40.0 * f64::from(i)).collect();
        let panel = |depth: f64| MapPanel {
            label: format!("{depth} m"),
            values: (0..200).map(|i| if i == 7 { f64::NAN } else { -2.0 + depth * f64::from(i) / 4e3 }).collect(),
            widths: vec![0.4; 200],
        };
        MapData {
            title: "Conductivity".to_owned(),
            label: "conductivity (S/m)".to_owned(),
            logarithmic: true,
            northing_m: easting_m.iter().map(|x| 6e6 + 0.3 * x).collect(),
            easting_m,
            panels: [5.0, 10.0, 20.0, 40.0, 80.0].map(panel).to_vec(),
            full_width: Some(3.0),
            ..MapData::default()
        }
    }

    fn svg(data: &MapData, range: Option<(f64, f64)>) -> Result<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.svg");
        plot_map(data, range, &FigureOptions::default(), &path)?;
        Ok(std::fs::read_to_string(&path).unwrap())
    }

    #[test]
    fn every_depth_has_its_map() {
        let text = svg(&data(), None).unwrap();
        for part in ["5 m", "80 m", "northing (km)", "easting (km)", "conductivity (S/m)", "5–95 % width", "2 km"] {
            assert!(text.contains(part), "{part}");
        }
        assert_eq!(text.matches("<image").count(), 6, "a picture for each map and the bar");
    }

    #[test]
    fn what_cannot_be_drawn_is_told() {
        let told = |data: &MapData, range| svg(data, range).unwrap_err().to_string();
        assert!(told(&data(), Some((2.0, 1.0))).contains("got 2 to 1"));
        let mut nothing = data();
        nothing.panels.truncate(1);
        nothing.panels[0].values.fill(f64::NAN);
        assert!(told(&nothing, None).contains("no sounding has a value"));
        let nowhere = MapData { easting_m: vec![f64::NAN; 200], ..data() };
        assert!(told(&nowhere, None).contains("no sounding has coordinates"));
        let mut alike = data();
        alike.panels.iter_mut().for_each(|panel| panel.values.fill(1.0));
        assert!(svg(&alike, None).is_ok());
        let one = MapData {
            easting_m: vec![1.0],
            northing_m: vec![2.0],
            panels: vec![MapPanel { values: vec![0.1], ..MapPanel::default() }],
            ..data()
        };
        assert!(svg(&one, None).is_ok());
    }

    #[test]
    fn discs_stay_on_their_map() {
        let mut colours = vec![Rgb::WHITE; 25];
        stamp(&mut colours, 5, (0.0, 2.5), 1.6, Rgb([1, 2, 3]));
        assert_eq!(colours.iter().filter(|colour| **colour != Rgb::WHITE).count(), 5, "{colours:?}");
        stamp(&mut colours, 5, (-9.0, 80.0), 1.6, Rgb([1, 2, 3]));
    }
}
