//! The coordinate reference system in which soundings are exported.

use super::survey::{SurveySelection, metres};
use crate::error::{Error, Result};
use crate::gis::{axes, crs_wkt, transform};

impl SurveySelection {
    /// Transforms the places of soundings to `crs`. When the results have no coordinate reference system, `crs` is
    /// taken as theirs.
    ///
    /// # Errors
    /// `crs` is not known, a place has no coordinates in `crs`, or the results have no system and `crs` is not projected in metres.
    pub fn set_crs(&mut self, crs: &str) -> Result<()> {
        let axes = axes(crs)?;
        match self.crs.clone() {
            Some(own) if own == crs => return Ok(()),
            Some(own) => {
                (self.easting_m, self.northing_m) = transform(&own, crs, &self.places())?.into_iter().unzip();
                self.axes = axes.unwrap_or_else(metres);
            }
            None if axes.is_some_and(|axes| !axes.is_metric) => {
                let message = format!(
                    "has no coordinate reference system, so that its places cannot be transformed to {crs}; --crs then names \
                     the system of the results: expected a projected system in metres"
                );
                return Err(Error::results(self.name(), message));
            }
            None => drop(crs_wkt(crs)?),
        }
        self.crs = Some(crs.to_owned());
        Ok(())
    }

    /// Checks that coordinates are in metres, which `what` needs.
    ///
    /// # Errors
    /// The coordinates are not in metres; `instead` tells the user what to do.
    pub fn check_metres(&self, what: &str, instead: &str) -> Result<()> {
        if self.axes.is_metric {
            return Ok(());
        }
        let (crs, unit) = (self.crs.as_deref().unwrap_or_default(), &self.axes.unit);
        Err(Error::setting(
            "--crs",
            format!(
                "--crs: got {crs}, whose coordinates are in {unit}, expected a projected system in metres: {what}; {instead}"
            ),
        ))
    }

    /// Returns the names of the two coordinates.
    pub(crate) fn place_names(&self) -> [&'static str; 2] {
        if self.axes.is_geographic { ["longitude", "latitude"] } else { ["easting", "northing"] }
    }

    /// Returns the number of decimals that distinguishes places a centimetre apart.
    pub(crate) fn place_decimals(&self) -> usize {
        if self.axes.is_geographic { 7 } else { 2 }
    }
}
