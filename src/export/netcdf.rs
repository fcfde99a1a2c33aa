//! netCDF in the GS convention (USGS, version 1.0), which builds on CF 1.8: a survey with a group of models.
//!
//! `/survey` says where and by whom, `/survey/models/posterior` holds the models: `index` runs over soundings, `layer_depth` over
//! depth cells, `percentile` over percentiles of the posterior, and, when asked for, `log10_conductivity` over the cells of the
//! hitmap.

use std::path::Path;

use netcdf::{FileMut, GroupMut};

use super::quantity::Quantity;
use super::survey::Survey;
use crate::error::{Error, Result};
use crate::gis::{MappingValue, grid_mapping};

/// What stands for no value; the convention wants a number.
const NULL: f32 = -9999.0;
/// Level of compression.
const DEFLATE: i32 = 4;
/// Bytes of a chunk of the hitmap before compression.
const CHUNK_BYTES: usize = 1 << 20;

/// Percentiles of the posterior along their dimension, and the quantities that hold them.
const PERCENTILES: [(f32, &str); 5] = [
    (5.0, "conductivity_p05"),
    (10.0, "conductivity_p10"),
    (50.0, "conductivity_p50"),
    (90.0, "conductivity_p90"),
    (95.0, "conductivity_p95"),
];

/// Writes a netCDF-4 file at `path`: percentiles of conductivity, `quantities`, and the hitmap `with_hitmap`.
///
/// # Errors
/// The file cannot be written, or no coordinate reference system is known, which the convention demands.
pub fn write_netcdf(survey: &Survey, quantities: &[Quantity], with_hitmap: bool, path: &Path) -> Result<()> {
    let Some(crs) = survey.crs() else {
        let message = "has no coordinate reference system, which this format demands: name it, as in --crs EPSG:28354";
        return Err(Error::results(survey.name(), message));
    };
    let mapping = grid_mapping(&crs)?;
    let percentiles: Result<Vec<Quantity>> = PERCENTILES.iter().map(|(_, name)| Quantity::read(survey, name)).collect();
    let contents = Contents { survey, quantities, percentiles: percentiles?, with_hitmap, mapping };
    contents.write(path).map_err(|error| match error {
        Failure::Format(error) => Error::results(path, error),
        Failure::Reading(error) => error,
    })
}

/// Why a file was not written.
enum Failure {
    Format(netcdf::Error),
    Reading(Error),
}

impl From<netcdf::Error> for Failure {
    fn from(error: netcdf::Error) -> Self {
        Failure::Format(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Reading(error)
    }
}

struct Contents<'a> {
    survey: &'a Survey,
    quantities: &'a [Quantity],
    percentiles: Vec<Quantity>,
    with_hitmap: bool,
    mapping: Vec<(&'static str, MappingValue)>,
}

impl Contents<'_> {
    fn write(&self, path: &Path) -> std::result::Result<(), Failure> {
        let mut file = netcdf::create(path)?;
        self.write_survey(&mut file)?;
        let mut survey = file.group_mut("survey")?.ok_or_else(|| netcdf::Error::Str("no group survey".to_owned()))?;
        let mut models = survey.add_group("models")?;
        attributes(&mut models, &[("type", "container"), ("content", "models of the ground"), ("comment", "-")])?;
        self.write_mapping(&mut models)?;
        let mut posterior = models.add_group("posterior")?;
        self.write_posterior(&mut posterior)?;
        file.close()?;
        Ok(())
    }

    fn write_survey(&self, file: &mut FileMut) -> std::result::Result<(), Failure> {
        file.add_attribute("Conventions", "CF-1.8, GS-1.0.0")?;
        file.add_attribute("title", "Posterior of airborne electromagnetic soundings")?;
        let provenance = self.survey.provenance()?;
        let said =
            |name: &str| provenance.iter().find(|(other, _)| *other == name).map_or("-", |(_, text)| text.as_str());
        let history = format!("inverted and exported by {} (run {})", said("source"), said("fingerprint"));
        file.add_attribute("history", history.as_str())?;
        let mut survey = file.add_group("survey")?;
        let texts = [
            ("type", "survey"),
            ("title", "Airborne electromagnetic survey"),
            ("institution", "not_defined"),
            ("source", said("data_file")),
            ("history", &history),
            ("references", "not_defined"),
            ("comment", "Bayesian inversion, sounding by sounding; see the attributes of each variable"),
            ("content", "models"),
            ("conventions", "CF-1.8, GS-1.0.0"),
            ("created_by", said("source")),
        ];
        attributes(&mut survey, &texts)?;
        self.write_mapping(&mut survey)?;
        for name in ["survey_information", "survey_equipment", "flightline_information"] {
            let mut variable = survey.add_variable::<f64>(name, &[])?;
            variable.put_value(0.0, ())?;
            variable.put_attribute("data_sha256", said("data_sha256"))?;
        }
        Ok(())
    }

    fn write_mapping(&self, group: &mut GroupMut<'_>) -> std::result::Result<(), Failure> {
        let mut variable = group.add_variable::<f64>("spatial_ref", &[])?;
        variable.put_value(0.0, ())?;
        for (name, value) in &self.mapping {
            match value {
                MappingValue::Text(text) => variable.put_attribute(name, text.as_str())?,
                MappingValue::Numbers(values) if values.len() == 1 => variable.put_attribute(name, values[0])?,
                MappingValue::Numbers(values) => variable.put_attribute(name, values.clone())?,
            };
        }
        Ok(())
    }

    fn write_posterior(&self, group: &mut GroupMut<'_>) -> std::result::Result<(), Failure> {
        let survey = self.survey;
        let cells = survey.depth_bounds_m.len() - 1;
        let texts = [
            ("type", "model"),
            ("structure", "tabular"),
            ("mode", "airborne"),
            ("method", "electromagnetic"),
            ("property", "electrical conductivity"),
            ("content", "posterior of layered earths, by depth"),
            ("comment", "Each sounding by itself; percentiles and all else are of the posterior at each depth."),
        ];
        attributes(group, &texts)?;
        for (name, text) in survey.provenance()? {
            group.add_attribute(&format!("inversion_{name}"), text)?;
        }
        self.write_mapping(group)?;
        let dimensions =
            [("index", survey.len()), ("layer_depth", cells), ("nv", 2), ("percentile", PERCENTILES.len())];
        for (name, len) in dimensions {
            group.add_dimension(name, len)?;
        }
        let index: Vec<i32> = (0..survey.len() as i32).collect();
        coordinate(
            group,
            "index",
            &index,
            &[("standard_name", "index"), ("long_name", "index of the sounding"), ("units", "1")],
        )?;
        coordinate(
            group,
            "nv",
            &[0, 1],
            &[("standard_name", "number_of_vertices"), ("long_name", "bound"), ("units", "1")],
        )?;
        let percentiles = PERCENTILES.map(|(percentile, _)| percentile);
        let texts =
            [("standard_name", "percentile"), ("long_name", "percentile of the posterior"), ("units", "percent")];
        coordinate(group, "percentile", &percentiles, &texts)?;
        self.write_depths(group)?;
        self.write_places(group)?;
        for quantity in self.quantities {
            let dimensions: &[&str] = if quantity.is_by_depth() { &["index", "layer_depth"] } else { &["index"] };
            variable(group, quantity, &quantity.name, dimensions, &quantity.values)?;
        }
        self.write_percentiles(group)?;
        if self.with_hitmap {
            self.write_hitmap(group)?;
        }
        Ok(())
    }

    fn write_depths(&self, group: &mut GroupMut<'_>) -> std::result::Result<(), Failure> {
        let bounds = &self.survey.depth_bounds_m;
        let centers: Vec<f64> = bounds.windows(2).map(|b| 0.5 * (b[0] + b[1])).collect();
        let texts = [
            ("standard_name", "depth"),
            ("long_name", "depth below ground"),
            ("units", "meters"),
            ("positive", "down"),
            ("axis", "Z"),
            ("bounds", "layer_depth_bnds"),
        ];
        coordinate(group, "layer_depth", &centers, &texts)?;
        let pairs: Vec<f64> = bounds.windows(2).flatten().copied().collect();
        let mut variable = group.add_variable::<f64>("layer_depth_bnds", &["layer_depth", "nv"])?;
        variable.put_values(&pairs, ..)?;
        variable.put_attribute("standard_name", "layer_depth_bounds")?;
        variable.put_attribute("long_name", "top and bottom of the depth cell")?;
        variable.put_attribute("units", "meters")?;
        Ok(())
    }

    /// Coordinates and names of the soundings.
    fn write_places(&self, group: &mut GroupMut<'_>) -> std::result::Result<(), Failure> {
        let survey = self.survey;
        let columns = [
            ("x", "projection_x_coordinate", "easting", "m", Some("X"), &survey.easting_m),
            ("y", "projection_y_coordinate", "northing", "m", Some("Y"), &survey.northing_m),
            ("elevation", "surface_altitude", "ground elevation", "m", None, &survey.elevation_m),
            ("line", "line", "flight line", "1", None, &survey.line_number),
            ("fiducial", "fiducial", "position counter on the line", "1", None, &survey.fiducial),
        ];
        for (name, standard_name, long_name, units, axis, values) in columns {
            let mut variable = group.add_variable::<f64>(name, &["index"])?;
            variable.set_fill_value(f64::from(NULL))?;
            let stored: Vec<f64> = values.iter().map(|v| if v.is_nan() { f64::from(NULL) } else { *v }).collect();
            variable.put_values(&stored, ..)?;
            for (attribute, text) in [("standard_name", standard_name), ("long_name", long_name), ("units", units)] {
                variable.put_attribute(attribute, text)?;
            }
            if let Some(axis) = axis {
                variable.put_attribute("axis", axis)?;
            }
            variable.put_attribute("grid_mapping", "spatial_ref")?;
            variable.put_attribute("null_value", f64::from(NULL))?;
            variable.put_attribute("valid_range", range(values.iter().copied()).map(f64::from).to_vec())?;
        }
        let mut variable = group.add_variable::<i8>("status", &["index"])?;
        let codes: Vec<i8> = survey.status.iter().map(|&status| status as i8).collect();
        variable.put_values(&codes, ..)?;
        let all = crate::schema::Status::ALL;
        variable.put_attribute("standard_name", "status_flag")?;
        variable.put_attribute("long_name", "what became of the sounding")?;
        variable.put_attribute("flag_values", all.iter().map(|&status| status as i8).collect::<Vec<_>>())?;
        variable.put_attribute("flag_meanings", all.iter().map(|s| s.name()).collect::<Vec<_>>().join(" "))?;
        Ok(())
    }

    fn write_percentiles(&self, group: &mut GroupMut<'_>) -> std::result::Result<(), Failure> {
        let cells = self.survey.depth_bounds_m.len() - 1;
        let places = 0..self.survey.len() * cells;
        let values: Vec<f64> = places.flat_map(|place| self.percentiles.iter().map(move |q| q.values[place])).collect();
        let dimensions = ["index", "layer_depth", "percentile"];
        variable(group, &self.percentiles[2], "conductivity_percentile", &dimensions, &values)
    }

    fn write_hitmap(&self, group: &mut GroupMut<'_>) -> std::result::Result<(), Failure> {
        let bounds = self.survey.bounds("log10_conductivity_bounds")?;
        let centers: Vec<f64> = bounds.windows(2).map(|b| 0.5 * (b[0] + b[1])).collect();
        group.add_dimension("log10_conductivity", centers.len())?;
        let texts =
            [("long_name", "log10 of conductivity in S/m"), ("units", "1"), ("bounds", "log10_conductivity_bnds")];
        coordinate(group, "log10_conductivity", &centers, &texts)?;
        let mut pairs = group.add_variable::<f64>("log10_conductivity_bnds", &["log10_conductivity", "nv"])?;
        pairs.put_values(&bounds.windows(2).flatten().copied().collect::<Vec<f64>>(), ..)?;
        let mut hitmap = group.add_variable::<u32>("hitmap", &["index", "layer_depth", "log10_conductivity"])?;
        // Whole soundings, written chunk by chunk: the library's own chunks hold parts of thousands of them.
        let (cells, columns) = (self.survey.depth_bounds_m.len() - 1, centers.len());
        let rows = (CHUNK_BYTES / (cells * columns * size_of::<u32>())).clamp(1, self.survey.len());
        hitmap.set_chunking(&[rows, cells, columns])?;
        hitmap.set_compression(DEFLATE, true)?;
        hitmap.put_attribute("long_name", "posterior counts")?;
        hitmap.put_attribute("comment", "samples by log10 conductivity at the centre of the depth cell")?;
        hitmap.put_attribute("units", "1")?;
        hitmap.put_attribute("grid_mapping", "spatial_ref")?;
        for first in (0..self.survey.len()).step_by(rows) {
            let soundings = first..(first + rows).min(self.survey.len());
            hitmap.put_values(&self.survey.hitmaps(soundings.clone())?, (soundings, .., ..))?;
        }
        Ok(())
    }
}

fn attributes(group: &mut GroupMut<'_>, texts: &[(&str, &str)]) -> netcdf::Result<()> {
    texts.iter().try_for_each(|(name, text)| group.add_attribute(name, *text).map(drop))
}

fn coordinate<T: netcdf::NcTypeDescriptor>(
    group: &mut GroupMut<'_>,
    name: &str,
    values: &[T],
    texts: &[(&str, &str)],
) -> netcdf::Result<()> {
    let mut variable = group.add_variable::<T>(name, &[name])?;
    variable.put_values(values, ..)?;
    texts.iter().try_for_each(|(name, text)| variable.put_attribute(name, *text).map(drop))
}

/// Writes values in single precision.
fn variable(
    group: &mut GroupMut<'_>,
    quantity: &Quantity,
    name: &str,
    dimensions: &[&str],
    values: &[f64],
) -> std::result::Result<(), Failure> {
    let mut variable = group.add_variable::<f32>(name, dimensions)?;
    variable.set_compression(DEFLATE, true)?;
    variable.set_fill_value(NULL)?;
    let stored: Vec<f32> = values.iter().map(|&value| if value.is_nan() { NULL } else { value as f32 }).collect();
    variable.put_values(&stored, ..)?;
    variable.put_attribute("standard_name", name)?;
    variable.put_attribute("long_name", quantity.long_name.as_str())?;
    variable.put_attribute("comment", quantity.meaning.as_str())?;
    variable.put_attribute("units", quantity.unit.as_str())?;
    variable.put_attribute("null_value", NULL)?;
    variable.put_attribute("valid_range", range(values.iter().copied()).to_vec())?;
    variable.put_attribute("grid_mapping", "spatial_ref")?;
    variable.put_attribute("coordinates", "x y")?;
    Ok(())
}

/// Least and largest value; of none both are [`NULL`].
fn range(values: impl Iterator<Item = f64> + Clone) -> [f32; 2] {
    let finite = || values.clone().filter(|value| value.is_finite());
    let (least, most) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    if least > most { [NULL, NULL] } else { [least as f32, most as f32] }
}
