//! netCDF with CF 1.8 and the GS convention (2.0), which is based on CF. The root group holds the posterior, so that
//! programs that do not read groups find it. `/survey` has the origin of the survey, and `/survey/models/posterior` has
//! the same variables under second names, stored once.
//!
//! `index` runs over soundings, `layer_depth` over depth cells, `percentile` over percentiles of the posterior, and,
//! when the hitmap is exported, `log10_conductivity` over its cells. Values are read and written some soundings at a
//! time.

mod groups;
mod posterior;
mod values;
mod writing;

use std::path::Path;

use groups::SurveyGroups;
use posterior::PosteriorGroup;
use writing::Failure;

use crate::error::{Error, Result};
use crate::files::write_whole;
use crate::gis::grid_mapping;
use crate::quantities::SurveySelection;
use crate::schema::link_variables;

/// Writes a netCDF-4 file at `path`: percentiles of conductivity, the quantities of these names, and with `with_hitmap`
/// the hitmap.
///
/// # Errors
/// The file cannot be written, a quantity does not exist, or the coordinate reference system is not known, which the convention requires.
pub fn write_netcdf(survey: &SurveySelection, quantities: &[String], with_hitmap: bool, path: &Path) -> Result<()> {
    write_whole(path, |partial| write_partial(survey, quantities, with_hitmap, partial))
}

fn write_partial(survey: &SurveySelection, quantities: &[String], with_hitmap: bool, path: &Path) -> Result<()> {
    if survey.is_empty() {
        return Err(Error::results(survey.name(), "has no sounding to write"));
    }
    let Some(crs) = survey.crs() else {
        let message = "has no coordinate reference system, which this format needs: add it, as in --crs EPSG:28354";
        return Err(Error::results(survey.name(), message));
    };
    let mapping = grid_mapping(&crs)?;
    let write = || -> std::result::Result<Vec<String>, Failure> {
        let mut file = netcdf::create(path)?;
        let posterior = PosteriorGroup { survey, quantities, with_hitmap };
        let mut root = file.root_mut().ok_or_else(|| netcdf::Error::Str("no root group".to_owned()))?;
        groups::write_mapping(&mut root, &mapping)?;
        let linked = posterior.write(&mut root)?;
        SurveyGroups { survey }.write(&mut root)?;
        file.close()?;
        Ok(linked)
    };
    let mut linked = write().map_err(|error| match error {
        Failure::Format(error) => Error::results(path, error),
        Failure::Reading(error) => error,
    })?;
    let mapping = "spatial_ref".to_owned();
    link_variables(path, "survey", std::slice::from_ref(&mapping))?;
    link_variables(path, "survey/models", std::slice::from_ref(&mapping))?;
    linked.push(mapping);
    link_variables(path, "survey/models/posterior", &linked)
}
