//! Selection of lines and soundings of a survey.

use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::gis::Polygon;
use crate::results::Interval;
use crate::survey::{Place, SurveyFile, line_label};

/// Which soundings of a survey are wanted; all conditions must hold, and those that are not given always do.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Flight lines.
    pub lines: Vec<Interval>,
    /// Fiducials.
    pub fiducials: Vec<Interval>,
    /// Only every N-th sounding of each line, from the first on, of those that the other conditions leave.
    pub every: Option<u32>,
    /// Only soundings inside the polygons of this file.
    pub polygon: Option<PathBuf>,
}

impl Selection {
    /// Returns for each place of the survey whether it is chosen. `crs` is the coordinate reference system of the
    /// survey.
    ///
    /// # Errors
    ///
    /// An option selects nothing; the message lists the available values.
    pub fn choose(&self, survey: &SurveyFile, crs: Option<&str>) -> Result<Vec<bool>> {
        let places = survey.places();
        self.check_lines(places)?;
        self.check_fiducials(places)?;
        let polygon = self.polygon.as_deref().map(|path| Polygon::read(path, crs)).transpose()?;
        let mut chosen = Vec::with_capacity(places.len());
        for line in places.chunk_by(|a, b| a.line_number == b.line_number) {
            let mut count = 0;
            for place in line {
                let is_left = self.has_line(place)
                    && self.has_fiducial(place)
                    && polygon.as_ref().is_none_or(|area| area.contains(place.easting_m, place.northing_m));
                let is_next = is_left && count % self.every.unwrap_or(1) == 0;
                count += u32::from(is_left);
                chosen.push(is_next);
            }
        }
        if !chosen.contains(&true) {
            let (west, east, south, north) = extent(places);
            let polygons = match (&self.polygon, crs) {
                (Some(_), None) => "; without survey.crs polygons must be in the same coordinates",
                _ => "",
            };
            return Err(Error::Config(format!(
                "the selection leaves none of {} soundings (eastings {west} to {east}, northings {south} to {north}){polygons}",
                places.len()
            )));
        }
        Ok(chosen)
    }

    fn has_line(&self, place: &Place) -> bool {
        self.lines.is_empty() || self.lines.iter().any(|lines| lines.contains(place.line_number))
    }

    fn has_fiducial(&self, place: &Place) -> bool {
        self.fiducials.is_empty() || self.fiducials.iter().any(|fiducials| fiducials.contains(place.fiducial))
    }

    fn check_lines(&self, places: &[Place]) -> Result<()> {
        let known: Vec<f64> =
            places.chunk_by(|a, b| a.line_number == b.line_number).map(|line| line[0].line_number).collect();
        let missing = self.lines.iter().find(|lines| !known.iter().any(|&line| lines.contains(line)));
        missing.map_or(Ok(()), |missing| {
            let known: Vec<String> = known.iter().map(|&line| line_label(line)).collect();
            let shown = known[..known.len().min(MAX_SHOWN)].join(", ");
            let more = known.len().checked_sub(MAX_SHOWN).filter(|&more| more > 0);
            let more = more.map_or_else(String::new, |more| format!(" and {more} more"));
            Err(Error::setting("--line", format!("--line {missing}: the survey has no such line, only {shown}{more}")))
        })
    }

    fn check_fiducials(&self, places: &[Place]) -> Result<()> {
        let of_lines = || places.iter().filter(|place| self.has_line(place)).map(|place| place.fiducial);
        let missing = self.fiducials.iter().find(|fiducials| !of_lines().any(|fiducial| fiducials.contains(fiducial)));
        missing.map_or(Ok(()), |missing| {
            let distance = |fiducial: &f64| (fiducial - missing.first).abs();
            let nearest = of_lines().min_by(|a, b| distance(a).total_cmp(&distance(b)));
            let nearest = nearest.map_or_else(String::new, |nearest| format!("; the nearest is {nearest}"));
            Err(Error::setting(
                "--fiducial",
                format!("--fiducial {missing}: the lines asked for have no such fiducial{nearest}"),
            ))
        })
    }
}

/// Largest number of lines in one message.
const MAX_SHOWN: usize = 40;

/// Returns the limits in the order west, east, south, north.
fn extent(places: &[Place]) -> (f64, f64, f64, f64) {
    let all = (f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY);
    places.iter().fold(all, |(west, east, south, north), place| {
        let (x, y) = (place.easting_m, place.northing_m);
        (west.min(x), east.max(x), south.min(y), north.max(y))
    })
}
