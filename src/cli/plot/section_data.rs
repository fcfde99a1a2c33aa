//! What sections show, from the results of a survey.

use std::path::PathBuf;

use ndarray::Array2;

use super::convergence::outcome;
use super::line::Line;
use super::shown::scaled_value;
use crate::cli::source::result_files;
use crate::error::{Error, Result};
use crate::export::{Quantity, Survey};
use crate::plot::SectionData;
use crate::schema::LineReader;
use crate::survey::line_label;

/// A line of `survey` with the values of `quantity`, which fade by the variable `fading`.
pub(super) fn section_data(
    survey: &Survey,
    number: f64,
    quantity: &Quantity,
    fading: Option<&str>,
) -> Result<SectionData> {
    let line = Line::find(survey.path(), number)?;
    let statuses = line.statuses()?;
    let values = values_by_depth(survey, number, quantity)?;
    let widths = match fading {
        Some(name) => Array2::from_shape_vec(values.dim(), line.values(name)?)
            .map_err(|error| Error::results(survey.name(), format!("{name}: {error}")))?,
        None => Array2::from_elem(values.dim(), f64::NAN),
    };
    let layer_counts = line.constant("layer_count")?;
    let histograms = line.values("layer_count_histogram")?;
    let layers = |fraction: f64| -> Vec<f64> {
        let of = |counts: &[f64]| count_percentile(&layer_counts, counts, fraction);
        histograms.chunks_exact(layer_counts.len()).map(of).collect()
    };
    Ok(SectionData {
        line_label: line_label(number),
        easting_m: line.values("easting")?,
        northing_m: line.values("northing")?,
        fiducial: line.values("fiducial")?,
        elevation_m: line.values("elevation")?,
        height_m: line.values("height")?,
        time_domain: line.has("channel_time"),
        inverted: statuses.iter().map(|status| status.has_posterior()).collect(),
        outcomes: statuses.iter().map(|&status| outcome(status)).collect(),
        depth_bounds_m: line.bounds("depth_bounds")?,
        shown: 0,
        values,
        widths,
        depth_of_investigation_m: line.results_or_unknown("depth_of_investigation_p50")?,
        normalized_misfit: line.values("misfit_p50")?,
        layer_count_p05: layers(0.05),
        layer_count_p50: layers(0.5),
        layer_count_p95: layers(0.95),
        rhat_maximum: rhat(&line)?,
    })
}

/// `quantity` of a line on the scale of its colours, (sounding, depth).
pub(super) fn values_by_depth(survey: &Survey, number: f64, quantity: &Quantity) -> Result<Array2<f64>> {
    let rows = survey.lines().into_iter().find(|rows| survey.name_of(rows.start).0 == number);
    let rows = rows.ok_or_else(|| Error::results(survey.name(), format!("has no line {}", line_label(number))))?;
    let cells = quantity.width;
    let values = &quantity.values[rows.start * cells..rows.end * cells];
    let values = values.iter().map(|&value| scaled_value(quantity, value)).collect();
    Array2::from_shape_vec((rows.len(), cells), values)
        .map_err(|error| Error::results(survey.name(), format!("{}: {error}", quantity.name)))
}

/// Easting and northing in m of all soundings of results, drawn or not.
pub(super) fn places(results: &[PathBuf]) -> Result<Vec<(f64, f64)>> {
    let mut places = Vec::new();
    for path in result_files(results)? {
        let file = LineReader::open(&path)?;
        places.extend(file.read::<f64>("easting")?.into_iter().zip(file.read::<f64>("northing")?));
    }
    Ok(places)
}

/// The smallest number of layers that at least `fraction` of the samples do not exceed.
fn count_percentile(layer_counts: &[f64], counts: &[f64], fraction: f64) -> f64 {
    let target = fraction * counts.iter().sum::<f64>();
    let mut below = 0.0;
    let reached = counts.iter().position(|count| {
        below += count;
        below >= target
    });
    reached.map_or(f64::NAN, |i| layer_counts[i])
}

/// Largest R-hat of each sounding, NaN where it was not computed.
pub(super) fn rhat(line: &Line) -> Result<Vec<f64>> {
    if line.has("rhat_maximum") {
        return line.values("rhat_maximum");
    }
    // Files before schema 2.5.
    extreme(line, ["rhat_layer_count", "rhat_misfit", "rhat_log10_conductivity"], f64::max)
}

/// Least effective sample size of each sounding, NaN where it was not computed.
pub(super) fn effective_samples(line: &Line) -> Result<Vec<f64>> {
    if line.has("ess_minimum") {
        return line.values("ess_minimum");
    }
    extreme(line, ["ess_layer_count", "ess_misfit", "ess_log10_conductivity"], f64::min)
}

/// The largest, or smallest, of some variables for each sounding.
fn extreme(line: &Line, names: [&str; 3], choose: fn(f64, f64) -> f64) -> Result<Vec<f64>> {
    let count = line.statuses()?.len();
    let mut extremes = vec![f64::NAN; count];
    for name in names {
        let values = line.values(name)?;
        let width = values.len() / count;
        for (extreme, of_sounding) in extremes.iter_mut().zip(values.chunks_exact(width.max(1))) {
            *extreme = of_sounding.iter().copied().fold(*extreme, choose);
        }
    }
    Ok(extremes)
}

/// R-hat and effective sample size that were asked for, NaN where the configuration does not say.
pub(super) fn targets(survey: &Survey) -> Result<(f64, f64)> {
    let configuration: toml::Table = survey.text("configuration")?.parse().unwrap_or_default();
    let sampler = configuration.get("sampler");
    let target = |name: &str| sampler.and_then(|sampler| sampler.get(name)).and_then(number).unwrap_or(f64::NAN);
    Ok((target("rhat_target"), target("ess_target")))
}

/// A number of the configuration, whole or not.
pub(super) fn number(value: &toml::Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64))
}

pub(super) fn rhat_target(survey: &Survey) -> Result<f64> {
    targets(survey).map(|targets| targets.0)
}
