//! A small map with the positions of the lines.

use super::super::canvas::{Area, Canvas, Stroke};
use super::super::key::Marker;
use super::super::map_frame;
use super::super::panel::Panel;
use super::Section;

/// Share of the space that the map may have.
const SHARE: f64 = 0.28;
/// Factor of the range of axes, which leaves a margin.
const AIR: f64 = 1.3;
/// Height below which the colour bar needs all of the space, points.
const LEAST_ROOM: f64 = 120.0;
/// Largest number of soundings drawn; more soundings are thinned.
const MOST_DOTS: usize = 3000;

impl Section<'_> {
    /// Draws the map at the bottom of `room`, unless that is too low. Returns the lower end of the remaining space.
    pub(super) fn draw_inset(&self, canvas: &mut Canvas, room: Area) -> f64 {
        let style = self.style;
        let known = || self.options.survey_m.iter().filter(|(x, y)| x.is_finite() && y.is_finite());
        if known().nth(1).is_none() || room.height() < LEAST_ROOM {
            return room.bottom;
        }
        let (easting_m, northing_m): (Vec<f64>, Vec<f64>) = known().copied().unzip();
        let height = (SHARE * room.height()).min(1.1 * room.width());
        let area = Area::new(room.left + 9.0, room.bottom - height, room.right, room.bottom);
        let (x, y) = map_frame::axes_with_air(&easting_m, &northing_m, area, AIR);
        let panel = Panel { style, area, x, y };
        for (x, y) in easting_m.iter().zip(&northing_m).step_by(easting_m.len().div_ceil(MOST_DOTS)) {
            Marker::Square.draw(canvas, panel.at((x / 1e3, y / 1e3)), 0.9, style.colour.hatch);
        }
        for line in &self.lines {
            let places = line.data.easting_m.iter().zip(&line.data.northing_m);
            let places: Vec<(f64, f64)> = places.map(|(x, y)| (x / 1e3, y / 1e3)).collect();
            panel.line(canvas, places.iter().copied(), Stroke::solid(style.colour.warning, style.line.curve));
            if let Some(first) = places.first() {
                Marker::Disc.draw(canvas, panel.at(*first), 2.6, style.colour.warning);
            }
        }
        panel.frame(canvas);
        map_frame::draw_scale(canvas, &panel, area.bottom - 4.0);
        map_frame::draw_north(canvas, style, (area.left + 7.0, area.top + 15.5));
        area.top - 6.0
    }
}
