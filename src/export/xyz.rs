//! Models for Aarhus Workbench (`_inv.xyz`): a row per sounding, a column per layer and property.

use std::io::Write;
use std::path::Path;

use crate::error::Result;
use crate::files::replace_file;
use crate::quantities::{Quantity, SurveySelection};
use crate::schema::fields;
use crate::survey::line_label;

/// Number that marks a missing value.
pub(super) const DUMMY: f64 = 9999.0;
/// Number of standard deviations from the 5th to the 95th percentile of a normal distribution.
const WIDTH: f64 = 3.289_707_253_902_944_6;

/// Writes median resistivities of the depth cells as RHO_I and their standard deviation factors as RHO_I_STD, with
/// depths, misfit per datum and depth of investigation. The factor is 10 to the standard deviation of log10 resistivity
/// of a normal distribution with the same 90 % interval.
///
/// # Errors
/// The file cannot be written.
pub fn write_xyz(survey: &SurveySelection, path: &Path) -> Result<()> {
    let resistivity = Quantity::read(survey, "resistivity_p50")?;
    let width = Quantity::read(survey, fields::CREDIBLE_WIDTH.name)?;
    let misfit = Quantity::read(survey, fields::MISFIT_P50.name)?;
    let investigated = survey.read(&fields::DEPTH_OF_INVESTIGATION_P50)?;
    let bounds = &survey.depth_bounds_m;
    let cells = bounds.len() - 1;
    let crs = survey.crs().unwrap_or_else(|| "unknown".to_owned()).replace('\n', " ");
    let decimals = survey.place_decimals();
    let [x, y] = if survey.axes.is_geographic { ["LON", "LAT"] } else { ["UTMX", "UTMY"] };
    let provenance = survey.provenance()?;

    replace_file(path, |out| {
        for (name, text) in &provenance {
            writeln!(out, "/{}", name.to_uppercase())?;
            writeln!(out, "/{text}")?;
        }
        writeln!(out, "/NODE NAME\n/geobipy\n/COORDINATE SYSTEM\n/{crs}\n/DUMMY\n/{DUMMY}")?;
        let mut names = format!("/ LINE_NO {x} {y} FID RECORD ELEVATION RESDATA DOI_STANDARD");
        for property in ["RHO_I", "RHO_I_STD", "DEP_TOP", "DEP_BOT"] {
            names.extend((1..=cells).map(|layer| format!(" {property}_{layer}")));
        }
        writeln!(out, "{names}")?;
        let mut row = String::new();
        for (i, &investigated_m) in investigated.iter().enumerate() {
            let values = |quantity: &Quantity| quantity.values[i * quantity.width..][..quantity.width].to_vec();
            row.clear();
            push(&mut row, &line_label(survey.line_number[i]));
            push(&mut row, &number(survey.easting_m[i], decimals));
            push(&mut row, &number(survey.northing_m[i], decimals));
            push(&mut row, &number(survey.fiducial[i], 3));
            push(&mut row, &(i + 1).to_string());
            push(&mut row, &number(survey.elevation_m[i], 2));
            push(&mut row, &single_precision(values(&misfit)[0].sqrt()));
            push(&mut row, &single_precision(investigated_m));
            values(&resistivity).iter().for_each(|&value| push(&mut row, &single_precision(value)));
            values(&width).iter().for_each(|&width| push(&mut row, &single_precision(10_f64.powf(width / WIDTH))));
            bounds[..cells].iter().for_each(|&top| push(&mut row, &number(top, 3)));
            bounds[1..].iter().for_each(|&bottom| push(&mut row, &number(bottom, 3)));
            writeln!(out, "{}", row.trim_start())?;
        }
        Ok(())
    })
}

pub(super) fn push(row: &mut String, text: &str) {
    row.push(' ');
    row.push_str(text);
}

pub(super) fn number(value: f64, decimals: usize) -> String {
    if value.is_nan() { DUMMY.to_string() } else { format!("{value:.decimals$}") }
}

/// Returns the shortest text that is read as the same single-precision number.
pub(super) fn single_precision(value: f64) -> String {
    if value.is_nan() { DUMMY.to_string() } else { format!("{}", value as f32) }
}
