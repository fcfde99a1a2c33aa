//! Coordinates, names and places of the soundings, and quantities at each depth.

use netcdf::GroupMut;

use super::values::{Column, write_blocks, write_hitmap};
use super::writing::{NULL, Written, coordinate};
use crate::quantities::{Quantity, SurveySelection};
use crate::schema::{Status, fields};

/// Percentiles of the posterior along their dimension, and the names of their quantities.
pub(super) static PERCENTILES: [(f32, &str); 5] = [
    (5.0, fields::CONDUCTIVITY_P05.name),
    (10.0, fields::CONDUCTIVITY_P10.name),
    (50.0, fields::CONDUCTIVITY_P50.name),
    (90.0, fields::CONDUCTIVITY_P90.name),
    (95.0, fields::CONDUCTIVITY_P95.name),
];

/// The contents of the root group.
pub(super) struct PosteriorGroup<'a> {
    pub(super) survey: &'a SurveySelection,
    pub(super) quantities: &'a [String],
    pub(super) with_hitmap: bool,
}

impl PosteriorGroup<'_> {
    /// Writes the group. Returns the names of the variables that are not coordinates of a dimension.
    pub(super) fn write(&self, group: &mut GroupMut<'_>) -> Written<Vec<String>> {
        let survey = self.survey;
        let cells = survey.depth_bounds_m.len() - 1;
        let dimensions =
            [("index", survey.len()), ("layer_depth", cells), ("nv", 2), ("percentile", PERCENTILES.len())];
        for (name, len) in dimensions {
            group.add_dimension(name, len)?;
        }
        let index: Vec<i32> = (0..survey.len() as i32).collect();
        coordinate(group, "index", &index, &[("long_name", "index of the sounding"), ("units", "1")])?;
        coordinate(group, "nv", &[0, 1], &[("long_name", "bound"), ("units", "1")])?;
        let percentiles = PERCENTILES.map(|(percentile, _)| percentile);
        let texts = [("long_name", "percentile of the posterior"), ("units", "percent")];
        coordinate(group, "percentile", &percentiles, &texts)?;
        self.write_depths(group)?;
        let mut names = vec!["layer_depth_bnds".to_owned()];
        names.extend(self.write_places(group)?);
        names.extend(self.write_quantities(group)?);
        if self.with_hitmap {
            write_hitmap(group, survey)?;
            names.extend(["log10_conductivity_bnds", "hitmap"].map(str::to_owned));
        }
        Ok(names)
    }

    fn write_depths(&self, group: &mut GroupMut<'_>) -> Written<()> {
        let bounds = &self.survey.depth_bounds_m;
        let centers: Vec<f64> = bounds.windows(2).map(|b| 0.5 * (b[0] + b[1])).collect();
        let texts = [
            ("standard_name", "depth"),
            ("long_name", "depth below ground"),
            ("units", "m"),
            ("positive", "down"),
            ("axis", "Z"),
            ("bounds", "layer_depth_bnds"),
        ];
        coordinate(group, "layer_depth", &centers, &texts)?;
        let pairs: Vec<f64> = bounds.windows(2).flatten().copied().collect();
        let mut variable = group.add_variable::<f64>("layer_depth_bnds", &["layer_depth", "nv"])?;
        // Unit and meaning are those of the depths.
        variable.put_values(&pairs, ..)?;
        Ok(())
    }

    /// Writes coordinates and names of the soundings. Returns the names of the variables.
    fn write_places(&self, group: &mut GroupMut<'_>) -> Written<Vec<String>> {
        let survey = self.survey;
        let [x, y] = survey.place_names();
        let unit = survey.axes.unit.as_str();
        let [x_name, y_name, x_unit, y_unit] = if survey.axes.is_geographic {
            ["longitude", "latitude", "degrees_east", "degrees_north"]
        } else {
            ["projection_x_coordinate", "projection_y_coordinate", unit, unit]
        };
        let columns = [
            ("x", Some(x_name), x, x_unit, &survey.easting_m),
            ("y", Some(y_name), y, y_unit, &survey.northing_m),
            ("elevation", Some("surface_altitude"), "ground elevation", "m", &survey.elevation_m),
            ("line", None, "flight line", "1", &survey.line_number),
            ("fiducial", None, "position counter on the line", "1", &survey.fiducial),
        ];
        let mut names = Vec::new();
        for (name, standard_name, long_name, units, values) in columns {
            let mut variable = group.add_variable::<f64>(name, &["index"])?;
            variable.set_fill_value(f64::from(NULL))?;
            let stored: Vec<f64> = values.iter().map(|v| if v.is_nan() { f64::from(NULL) } else { *v }).collect();
            variable.put_values(&stored, ..)?;
            let standard_name = standard_name.map(|standard_name| ("standard_name", standard_name));
            for (attribute, text) in standard_name.into_iter().chain([("long_name", long_name), ("units", units)]) {
                variable.put_attribute(attribute, text)?;
            }
            if ["x", "y"].contains(&name) {
                variable.put_attribute("axis", name.to_uppercase())?;
            }
            variable.put_attribute("grid_mapping", "spatial_ref")?;
            variable.put_attribute("null_value", f64::from(NULL))?;
            names.push(name.to_owned());
        }
        let mut variable = group.add_variable::<i8>("status", &["index"])?;
        let codes: Vec<i8> = survey.status.iter().map(|&status| status as i8).collect();
        variable.put_values(&codes, ..)?;
        variable.put_attribute("standard_name", "status_flag")?;
        variable.put_attribute("long_name", "status of the sounding")?;
        variable.put_attribute("flag_values", Status::ALL.iter().map(|&status| status as i8).collect::<Vec<_>>())?;
        let meanings: Vec<&str> = Status::ALL.iter().map(|status| status.name()).collect();
        variable.put_attribute("flag_meanings", meanings.join(" "))?;
        names.push("status".to_owned());
        Ok(names)
    }

    /// Writes the quantities. Returns the names of the variables.
    fn write_quantities(&self, group: &mut GroupMut<'_>) -> Written<Vec<String>> {
        let first = self.survey.part(0..1);
        let mut columns = vec![Column::of_percentiles(&first, &PERCENTILES.map(|(_, name)| name))?];
        for name in self.quantities {
            columns.push(Column::of(&Quantity::read(&first, name)?));
        }
        let mut there = std::collections::BTreeSet::new();
        columns.retain(|column| there.insert(column.name.clone()));
        columns.iter().try_for_each(|column| column.declare(group, self.survey))?;
        write_blocks(group, self.survey, &mut columns)?;
        Ok(columns.into_iter().map(|column| column.name).collect())
    }
}
