//! Observed and predicted data along a line, from its results.

use ndarray::Array2;

use super::sounding::{mostly_negative, turned_label};
use crate::error::{Error, Result};
use crate::plot::fit::{FitData, FitGroup};
use crate::results::Line;
use crate::schema::{Field, fields};
use crate::survey::line_label;
use crate::words::plural;

/// Data and predictions of a line, channel by channel.
///
/// # Errors
/// A file cannot be read.
pub fn fit_data(line: &Line<'_>) -> Result<FitData> {
    let easting_m = line.numbers(&fields::EASTING)?;
    let inverted = line.statuses().iter().filter(|status| status.has_posterior()).count();
    Ok(FitData {
        line_label: line_label(line.number()),
        details: format!("{}, {inverted} inverted", plural(easting_m.len(), "sounding")),
        northing_m: line.numbers(&fields::NORTHING)?,
        unit: line.survey().data_unit()?,
        groups: groups(line, easting_m.len())?,
        easting_m,
    })
}

/// Returns the groups of channels: in-phase and quadrature, or each component of each system.
fn groups(line: &Line<'_>, soundings: usize) -> Result<Vec<FitGroup>> {
    let survey = line.survey();
    let (names, members, labels) = if survey.is_time_domain()? {
        let times = survey.constant(&fields::CHANNEL_TIME)?;
        let names: Vec<String> = times.into_iter().map(milliseconds).collect();
        (names, survey.constant(&fields::CHANNEL_ERROR_GROUP)?, survey.error_group_labels()?)
    } else {
        let names = survey.constant(&fields::CHANNEL_FREQUENCY)?.into_iter().map(hertz).collect();
        let labels = vec!["in-phase".to_owned(), "quadrature".to_owned()];
        (names, survey.constant(&fields::CHANNEL_QUADRATURE)?, labels)
    };
    let array = |field: &Field| {
        Array2::from_shape_vec((soundings, names.len()), line.numbers(field)?)
            .map_err(|error| Error::results(survey.name(), format!("{}: {error}", field.name)))
    };
    let (observed, std) = (array(&fields::DATA_OBSERVED)?, array(&fields::DATA_STD)?);
    let predicted = array(&fields::DATA_PREDICTED_P50)?;
    let group = |(group, label): (usize, String)| {
        let channels: Vec<usize> = (0..names.len()).filter(|&channel| members[channel] == group as f64).collect();
        let of = |all: &Array2<f64>| all.select(ndarray::Axis(1), &channels);
        let (mut observed, mut predicted) = (of(&observed), of(&predicted));
        let is_turned = mostly_negative(observed.iter());
        if is_turned {
            observed.mapv_inplace(|datum| -datum);
            predicted.mapv_inplace(|datum| -datum);
        }
        FitGroup {
            label: if is_turned { turned_label(&label) } else { label },
            std: of(&std),
            observed,
            predicted,
            channels: channels.iter().map(|&channel| names[channel].clone()).collect(),
        }
    };
    Ok(labels.into_iter().enumerate().map(group).collect())
}

fn milliseconds(seconds: f64) -> String {
    format!("{} ms", three_digits(1e3 * seconds))
}

fn hertz(frequency: f64) -> String {
    if frequency < 1e4 {
        format!("{} Hz", three_digits(frequency))
    } else {
        format!("{} kHz", three_digits(frequency / 1e3))
    }
}

/// Formats a number with about three digits, without zeros at its end.
fn three_digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let decimals = (2.0 - value.abs().log10().floor()).max(0.0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_have_short_names() {
        assert_eq!([400.0, 1798.6, 39470.0, 129_550.0].map(hertz), ["400 Hz", "1799 Hz", "39.5 kHz", "130 kHz"]);
        assert_eq!([1.2134e-5, 2.5e-4, 0.01].map(milliseconds), ["0.0121 ms", "0.25 ms", "10 ms"]);
    }
}
