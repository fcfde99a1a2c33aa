//! The data of sections, from the results of a survey.

use ndarray::Array2;

use super::details::outcome;
use super::shown::scaled_value;
use crate::error::{Error, Result};
use crate::plot::data::SectionData;
use crate::products::count_percentile;
use crate::quantities::{Quantity, SurveySelection};
use crate::schema::{Field, fields};
use crate::survey::line_label;

/// Returns a line of `survey` with the values of `quantity`, which fade with the variable `fading`.
///
/// # Errors
/// There is no such line, or a file cannot be read.
pub fn section_data(
    survey: &SurveySelection,
    number: f64,
    quantity: &Quantity,
    fading: Option<&'static Field>,
) -> Result<SectionData> {
    let results = survey.results();
    let line = results.line(number)?;
    let statuses = line.statuses();
    let values = values_by_depth(survey, number, quantity)?;
    let widths = match fading {
        Some(field) => Array2::from_shape_vec(values.dim(), line.numbers(field)?)
            .map_err(|error| Error::results(survey.name(), format!("{}: {error}", field.name)))?,
        None => Array2::from_elem(values.dim(), f64::NAN),
    };
    let layer_counts = results.constant(&fields::LAYER_COUNT)?;
    let histograms = line.numbers(&fields::LAYER_COUNT_HISTOGRAM)?;
    let layers = |fraction: f64| -> Vec<f64> {
        let of = |counts: &[f64]| count_percentile(&layer_counts, counts, fraction);
        histograms.chunks_exact(layer_counts.len()).map(of).collect()
    };
    Ok(SectionData {
        line_label: line_label(number),
        easting_m: line.numbers(&fields::EASTING)?,
        northing_m: line.numbers(&fields::NORTHING)?,
        fiducial: line.numbers(&fields::FIDUCIAL)?,
        elevation_m: line.numbers(&fields::ELEVATION)?,
        height_m: line.numbers(&fields::HEIGHT)?,
        time_domain: results.is_time_domain()?,
        inverted: statuses.iter().map(|status| status.has_posterior()).collect(),
        outcomes: statuses.iter().map(|&status| outcome(status)).collect(),
        depth_bounds_m: results.depth_bounds_m().to_vec(),
        quantity: 0,
        values,
        widths,
        depth_of_investigation_m: line.numbers(&fields::DEPTH_OF_INVESTIGATION_P50)?,
        normalized_misfit: line.numbers(&fields::MISFIT_P50)?,
        layer_count_p05: layers(0.05),
        layer_count_p50: layers(0.5),
        layer_count_p95: layers(0.95),
        rhat_maximum: line.rhat_maximum()?,
    })
}

/// Returns `quantity` of a line on the scale of its colours, (sounding, depth).
pub(super) fn values_by_depth(survey: &SurveySelection, number: f64, quantity: &Quantity) -> Result<Array2<f64>> {
    let rows = survey.lines().into_iter().find(|rows| survey.name_of(rows.start).0 == number);
    let rows = rows.ok_or_else(|| Error::results(survey.name(), format!("has no line {}", line_label(number))))?;
    let cells = quantity.width;
    let values = &quantity.values[rows.start * cells..rows.end * cells];
    let values = values.iter().map(|&value| scaled_value(quantity, value)).collect();
    Array2::from_shape_vec((rows.len(), cells), values)
        .map_err(|error| Error::results(survey.name(), format!("{}: {error}", quantity.name)))
}
