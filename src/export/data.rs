//! Data of soundings: observed data, predictions of the posterior, and residuals.

use super::column::{Column, ColumnValues};
use crate::error::Result;
use crate::quantities::SurveySelection;
use crate::schema::fields;

/// Data of some soundings, one sounding after the other; NaN where a datum is missing.
pub(super) struct Data {
    /// Names of the channels.
    pub(super) channels: Vec<String>,
    /// Unit of the data.
    pub(super) unit: String,
    pub(super) observed: Vec<f64>,
    /// Medians of the posterior's predictions.
    pub(super) predicted: Vec<f64>,
    /// Standard deviations from the errors of the best model.
    pub(super) std: Vec<f64>,
}

impl Data {
    pub(super) fn read(survey: &SurveySelection) -> Result<Self> {
        Ok(Self {
            channels: survey.results().names(&fields::CHANNEL, "channel_names")?,
            unit: survey.results().data_unit()?,
            observed: survey.read(&fields::DATA_OBSERVED)?,
            predicted: survey.read(&fields::DATA_PREDICTED_P50)?,
            std: survey.read(&fields::DATA_STD)?,
        })
    }

    /// Returns observed minus predicted data, divided by the standard deviation.
    pub(super) fn residual(&self) -> Vec<f64> {
        let each = self.observed.iter().zip(&self.predicted).zip(&self.std);
        each.map(|((observed, predicted), std)| (observed - predicted) / std).collect()
    }
}

/// Returns the height, and for each channel the observed datum, the prediction, the standard deviation and the
/// residual.
pub(super) fn data_columns(survey: &SurveySelection) -> Result<Vec<Column>> {
    let data = Data::read(survey)?;
    let column = |name: String, unit: &str, meaning: String, values: Vec<f64>| Column {
        long_name: name.replace('_', " "),
        name,
        unit: unit.to_owned(),
        meaning,
        cells: ColumnValues::Numbers(values, None),
        is_logarithmic: false,
    };
    let height = column(
        fields::HEIGHT.name.to_owned(),
        fields::HEIGHT.unit,
        fields::HEIGHT.full_meaning(),
        survey.read(&fields::HEIGHT)?,
    );
    let residual = data.residual();
    let kinds = [
        ("observed", data.unit.as_str(), "Observed datum", &data.observed),
        ("predicted", &data.unit, "Median of the predictions of the posterior, without noise", &data.predicted),
        ("std", &data.unit, "Standard deviation of the datum under the errors of the best model", &data.std),
        ("residual", "1", "Observed minus predicted datum, divided by the standard deviation", &residual),
    ];
    let count = data.channels.len();
    let of_channel = |(kind, unit, meaning, values): (&str, &str, &str, &Vec<f64>)| {
        let of = |(channel, name): (usize, &String)| {
            let name = format!("{kind}_{}", name.replace(|c: char| !c.is_ascii_alphanumeric(), "_"));
            column(name, unit, format!("{meaning}."), values.iter().skip(channel).step_by(count).copied().collect())
        };
        data.channels.iter().enumerate().map(of).collect::<Vec<_>>()
    };
    Ok(std::iter::once(height).chain(kinds.into_iter().flat_map(of_channel)).collect())
}
