//! Maps: a quantity at several depths, with a dot for each sounding.

use std::path::Path;

use super::axes::{Axis, Scale};
use super::canvas::{Area, Canvas, Text};
use super::colour::Rgb;
use super::colour_bar;
use super::heading::{self, MARGIN};
use super::legend::{Legend, Shading, Uncertainty};
use super::map_frame;
use super::options::FigureOptions;
use super::output;
use super::panel::{self, Panel};
use crate::error::{Error, Result};
use crate::quantiles::nearest;

/// Radius of a dot when there is enough space, points.
const DOT: f64 = 2.6;
/// Least radius of a dot, points.
const LEAST_DOT: f64 = 0.9;
/// Radius of dots on a background of gridded values, points.
const ON_GROUND: f64 = 0.3;
/// Height of a page of maps in units of its width for most surveys.
const PAGE_SHAPE: f64 = 0.8;
/// Largest length of a colour bar with the text below it, points.
const LONGEST_BAR: f64 = 260.0;

/// A quantity of all soundings. Vectors have one element per sounding.
#[derive(Debug, Clone, Default)]
pub struct MapData {
    /// Heading; it begins with a capital letter.
    pub title: String,
    /// Second line of the heading.
    pub details: String,
    /// Meaning of the colours.
    pub legend: Legend,
    /// Easting, m.
    pub easting_m: Vec<f64>,
    /// Northing, m.
    pub northing_m: Vec<f64>,
    /// The maps.
    pub panels: Vec<MapPanel>,
}

/// A quantity at one depth.
#[derive(Debug, Clone, Default)]
pub struct MapPanel {
    /// Position in the earth, such as "10 m".
    pub label: String,
    /// Values on the scale of the colours, NaN where there is none.
    pub values: Vec<f64>,
    /// Widths of the credible intervals in decades; empty when colours do not fade.
    pub widths: Vec<f64>,
    /// Gridded values, drawn below the soundings.
    pub ground: Option<MapGround>,
}

/// Gridded values on square cells.
#[derive(Debug, Clone, Default)]
pub struct MapGround {
    /// Western edge, m.
    pub west_m: f64,
    /// Northern edge, m.
    pub north_m: f64,
    /// Edge of a cell, m.
    pub cell_m: f64,
    /// Number of cells from west to east.
    pub columns: usize,
    /// Values on the scale of the colours, row by row from the north-west; NaN where there is none.
    pub values: Vec<f32>,
    /// Widths of the credible intervals in decades; empty when colours do not fade.
    pub widths: Vec<f32>,
}

impl MapGround {
    /// Returns value and width.
    fn at(&self, easting_m: f64, northing_m: f64) -> Option<(f64, f64)> {
        let (column, row) = ((easting_m - self.west_m) / self.cell_m, (self.north_m - northing_m) / self.cell_m);
        if !(0.0..self.columns as f64).contains(&column) || row < 0.0 {
            return None;
        }
        let cell = row as usize * self.columns + column as usize;
        let value = self.values.get(cell).filter(|value| value.is_finite())?;
        Some((f64::from(*value), self.widths.get(cell).map_or(f64::NAN, |width| f64::from(*width))))
    }
}

/// Draws the maps of `data` as small multiples with the same colours.
///
/// # Errors
/// There is nothing to draw, or the file cannot be written.
pub fn plot_map(data: &MapData, uncertainty: Uncertainty, options: &FigureOptions, path: &Path) -> Result<()> {
    let places = data.easting_m.iter().zip(&data.northing_m);
    if !places.into_iter().any(|(x, y)| x.is_finite() && y.is_finite()) {
        return Err(Error::figure(path, "no sounding has coordinates"));
    }
    let values = data.panels.iter().flat_map(|panel| panel.values.iter().copied());
    let shading = data.legend.shading(&options.style, uncertainty, values, path)?;
    let page = &options.style.page;
    let grid = Grid::of(data);
    let height = f64::from(page.width_px) * grid.height_of_width().clamp(0.4, 1.4);
    output::write(path, &options.style, height.round() as u32, |canvas| draw(canvas, data, &shading, &grid, options))
}

/// Arrangement of the maps on the page.
struct Grid {
    columns: usize,
    rows: usize,
    /// Height of a map in units of its width.
    shape: f64,
}

impl Grid {
    fn of(data: &MapData) -> Self {
        let count = data.panels.len().max(1);
        let (east, north) = (map_frame::extent(&data.easting_m), map_frame::extent(&data.northing_m));
        // Lines that are a few metres wide need space for their axes.
        let shape = ((north.1 - north.0).max(1.0) / (east.1 - east.0).max(1.0)).clamp(0.3, 3.0);
        let grid = |columns: usize| Self { columns, rows: count.div_ceil(columns), shape };
        // The best arrangement has a page nearly as high as wide, with few empty places.
        let unfit = |grid: &Self| {
            let empty = (grid.columns * grid.rows - count) as f64;
            (grid.height_of_width() / PAGE_SHAPE).ln().abs() + 0.25 * empty
        };
        let grids = (1..=count).map(grid);
        grids.min_by(|a, b| unfit(a).total_cmp(&unfit(b))).unwrap_or(Self { columns: 1, rows: count, shape })
    }

    fn height_of_width(&self) -> f64 {
        self.shape * self.rows as f64 / self.columns as f64 * 0.8 + 0.12
    }
}

fn draw(canvas: &mut Canvas, data: &MapData, shading: &Shading, grid: &Grid, options: &FigureOptions) {
    let (style, text) = (&options.style, &options.style.text);
    let title = options.title.clone().unwrap_or_else(|| heading::capitalised(&data.title));
    let top = heading::draw(canvas, style, &title, ("", style.colour.text), &data.details) + 4.0;
    let title_x = MARGIN + 0.8 * text.label;
    let (left, gap) = (title_x + 4.0 * text.tick + 5.0, 8.0);
    let bottom = canvas.height - MARGIN - panel::bottom_margin(style);
    let right = canvas.width - MARGIN - colour_bar::column_width(shading);
    let name = 1.8 * text.label;
    let width = (right - left - gap * (grid.columns - 1) as f64) / grid.columns as f64;
    let height = (bottom - top) / grid.rows as f64 - name;
    let mut scale = None;
    for (i, map) in data.panels.iter().enumerate() {
        let (column, row) = (i % grid.columns, i / grid.columns);
        let x = left + column as f64 * (width + gap);
        let y = top + row as f64 * (height + name) + name;
        let area = Area::new(x, y, x + width, y + height);
        let is_lowest = i + grid.columns >= data.panels.len();
        draw_map(canvas, data, map, shading, area);
        let (east, north) = map_frame::axes(&data.easting_m, &data.northing_m, area);
        let panel = Panel { style, area, x: east, y: north };
        panel.frame(canvas);
        let middle = row == grid.rows / 2 && column == 0;
        panel.left_axis(canvas, 4, column > 0, if middle { "northing (km)" } else { "" }, title_x);
        let middle = is_lowest && column == (grid.columns - 1) / 2;
        let title = if middle { "easting (km)" } else { "" };
        panel.bottom_axis_within(canvas, 3, !is_lowest, title, 0.4 * gap);
        canvas.text(Text::new(&*map.label, (x, y - 2.5), text.label, style.colour.text).bold().fitted(width));
        scale = Some(panel);
    }
    // All maps have the same scale bar. It is beside them, where it covers no data.
    let place = Area::new(right + 8.0, top, canvas.width - MARGIN, bottom);
    let mut lowest = bottom;
    if let Some(panel) = scale {
        let km_per_point = (panel.x.high() - panel.x.low()) / panel.area.width();
        let x = Axis::new(Scale::Linear, 0.0, km_per_point * place.width());
        map_frame::draw_scale(canvas, &Panel { area: place, x, ..panel }, bottom - 2.0);
        lowest -= 6.0 + 1.2 * text.tick;
        map_frame::draw_north(canvas, style, (place.middle().0, lowest - 4.0));
        lowest -= 22.0;
    }
    let top = top + name;
    let column = Area::new(right, top, canvas.width - MARGIN, lowest.min(top + LONGEST_BAR));
    colour_bar::draw(canvas, shading, column, &data.legend.label);
}

/// Draws all dots as one image, whatever their number.
fn draw_map(canvas: &mut Canvas, data: &MapData, map: &MapPanel, shading: &Shading, area: Area) {
    let style = shading.style;
    let (x, y) = map_frame::axes(&data.easting_m, &data.northing_m, area);
    let panel = Panel { style, area, x, y };
    let resolution = canvas.resolution;
    let pixels = |points: f64| (points * resolution).ceil().max(1.0) as usize;
    let (columns, rows) = (pixels(area.width()) + 1, pixels(area.height()) + 1);
    let mut colours: Vec<Rgb> = vec![canvas.paper; columns * rows];
    let radius = radius(data, &panel) * resolution;
    draw_grid(&panel, &mut colours, (columns, rows), resolution);
    if let Some(ground) = &map.ground {
        for (i, colour) in colours.iter_mut().enumerate() {
            let place = ((i % columns) as f64 + 0.5, (i / columns) as f64 + 0.5);
            let easting_km = panel.x.value(place.0 / (area.width() * resolution));
            let northing_km = panel.y.value(1.0 - place.1 / (area.height() * resolution));
            if let Some((value, width)) = ground.at(1e3 * easting_km, 1e3 * northing_km) {
                *colour = shading.colour(value, width, (place.0 / resolution, place.1 / resolution));
            }
        }
    }
    // Soundings without value are drawn first, so that they cover no others.
    let is_known = |i: &usize| map.values[*i].is_finite();
    let (known, unknown): (Vec<usize>, Vec<usize>) = (0..data.easting_m.len()).partition(is_known);
    for i in unknown.into_iter().chain(known) {
        let place = panel.at((data.easting_m[i] / 1e3, data.northing_m[i] / 1e3));
        if !(place.0.is_finite() && place.1.is_finite()) {
            continue;
        }
        let width = map.widths.get(i).copied().unwrap_or(0.0);
        let value = map.values[i];
        let middle = ((place.0 - area.left) * resolution, (place.1 - area.top) * resolution);
        if !value.is_finite() {
            stamp(&mut colours, columns, middle, 0.4 * radius, |_| style.colour.hatch);
            continue;
        }
        if map.ground.is_some() {
            stamp(&mut colours, columns, middle, ON_GROUND * resolution, |_| style.colour.text);
            continue;
        }
        let at = |(x, y): (f64, f64)| (x / resolution, y / resolution);
        stamp(&mut colours, columns, middle, radius, |place| shading.colour(value, width, at(place)));
    }
    canvas.image(area, |(x, y)| {
        let (column, row) = (((x - area.left) * resolution) as usize, ((y - area.top) * resolution) as usize);
        colours[row.min(rows - 1) * columns + column.min(columns - 1)]
    });
}

/// Draws lines at the labels of both axes, below everything else.
fn draw_grid(panel: &Panel, colours: &mut [Rgb], (columns, rows): (usize, usize), resolution: f64) {
    let (style, area) = (panel.style, panel.area);
    let thick = (style.line.grid * resolution).round().max(1.0) as usize;
    let pixels = |place: f64, most: usize| {
        let first = (place * resolution).max(0.0) as usize;
        first.min(most)..(first + thick).min(most)
    };
    for tick in panel.x.ticks(3) {
        for column in pixels(panel.px(tick.value) - area.left, columns) {
            colours.iter_mut().skip(column).step_by(columns).for_each(|colour| *colour = style.colour.grid);
        }
    }
    for tick in panel.y.ticks(4) {
        for row in pixels(panel.py(tick.value) - area.top, rows) {
            colours[row * columns..(row + 1) * columns].fill(style.colour.grid);
        }
    }
}

/// Draws a disc about `middle` with the colour of each position, in pixels.
fn stamp(colours: &mut [Rgb], columns: usize, middle: (f64, f64), radius: f64, colour: impl Fn((f64, f64)) -> Rgb) {
    let rows = colours.len() / columns;
    let from = |middle: f64| (middle - radius).floor().max(0.0) as usize;
    let to = |middle: f64, most: usize| ((middle + radius).ceil().max(0.0) as usize).min(most);
    for row in from(middle.1)..to(middle.1, rows) {
        for column in from(middle.0)..to(middle.0, columns) {
            let (x, y) = (column as f64 + 0.5, row as f64 + 0.5);
            if (x - middle.0).hypot(y - middle.1) <= radius {
                colours[row * columns + column] = colour((x, y));
            }
        }
    }
}

/// Returns a radius at which dots cover little of their neighbours on the line.
fn radius(data: &MapData, panel: &Panel) -> f64 {
    let place = |i: usize| panel.at((data.easting_m[i] / 1e3, data.northing_m[i] / 1e3));
    let step = |i: usize| {
        let (a, b) = (place(i - 1), place(i));
        (a.0 - b.0).hypot(a.1 - b.1)
    };
    let mut steps: Vec<f64> = (1..data.easting_m.len()).map(step).filter(|step| *step > 0.0).collect();
    steps.sort_unstable_by(f64::total_cmp);
    nearest(&steps, 0.5).map_or(DOT, |step| (0.6 * step).clamp(LEAST_DOT, DOT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::legend::ColourScale;

    fn data() -> MapData {
        let easting_m: Vec<f64> = (0..200).map(|i| 5e5 + 40.0 * f64::from(i)).collect();
        let panel = |depth: f64| MapPanel {
            label: format!("{depth} m"),
            values: (0..200).map(|i| if i == 7 { f64::NAN } else { -2.0 + depth * f64::from(i) / 4e3 }).collect(),
            widths: vec![0.4; 200],
            ground: None,
        };
        let label = "conductivity (S/m)".to_owned();
        MapData {
            title: "Conductivity".to_owned(),
            legend: Legend { label, scale: ColourScale::Conductivity, full_width: Some(3.0), ..Legend::default() },
            northing_m: easting_m.iter().map(|x| 6e6 + 0.3 * x).collect(),
            easting_m,
            panels: [5.0, 10.0, 20.0, 40.0, 80.0].map(panel).to_vec(),
            ..MapData::default()
        }
    }

    fn svg(data: &MapData) -> Result<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.svg");
        plot_map(data, Uncertainty::Fade, &FigureOptions::default(), &path)?;
        Ok(std::fs::read_to_string(&path).unwrap())
    }

    #[test]
    fn every_depth_has_its_map() {
        let text = svg(&data()).unwrap();
        for part in ["5 m", "80 m", "northing (km)", "easting (km)", "conductivity (S/m)", "5–95 % width", "500 m"] {
            assert!(text.contains(part), "{part}");
        }
        assert_eq!(text.matches("<image").count(), 6, "a picture for each map and the bar");
    }

    #[test]
    fn what_cannot_be_drawn_is_told() {
        let told = |data: &MapData| svg(data).unwrap_err().to_string();
        let mut nothing = data();
        nothing.panels.truncate(1);
        nothing.panels[0].values.fill(f64::NAN);
        assert!(told(&nothing).contains("no value of conductivity (S/m)"));
        let nowhere = MapData { easting_m: vec![f64::NAN; 200], ..data() };
        assert!(told(&nowhere).contains("no sounding has coordinates"));
        let mut alike = data();
        alike.panels.iter_mut().for_each(|panel| panel.values.fill(1.0));
        assert!(svg(&alike).is_ok());
        let one = MapData {
            easting_m: vec![1.0],
            northing_m: vec![2.0],
            panels: vec![MapPanel { values: vec![0.1], ..MapPanel::default() }],
            ..data()
        };
        assert!(svg(&one).is_ok());
    }

    #[test]
    fn values_between_soundings_lie_where_they_belong() {
        let ground = MapGround {
            west_m: 100.0,
            north_m: 50.0,
            cell_m: 10.0,
            columns: 2,
            values: vec![1.0, 2.0, 3.0, f32::NAN],
            widths: vec![0.5; 4],
        };
        assert_eq!(
            [(101.0, 49.0), (119.0, 49.0), (101.0, 31.0)].map(|(x, y)| ground.at(x, y)),
            [1.0, 2.0, 3.0].map(|value| Some((value, 0.5)))
        );
        for (x, y) in [(119.0, 31.0), (99.0, 49.0), (121.0, 49.0), (101.0, 51.0), (101.0, 29.0)] {
            assert_eq!(ground.at(x, y), None);
        }
    }

    #[test]
    fn discs_stay_on_their_map() {
        let (paper, ink) = (Rgb([255; 3]), Rgb([1, 2, 3]));
        let mut colours = vec![paper; 25];
        stamp(&mut colours, 5, (0.0, 2.5), 1.6, |_| ink);
        let inked: Vec<usize> = (0..25).filter(|&i| colours[i] == ink).collect();
        assert_eq!(inked, [5, 10, 11, 15]);
        stamp(&mut colours, 5, (-9.0, 80.0), 1.6, |_| ink);
    }
}
