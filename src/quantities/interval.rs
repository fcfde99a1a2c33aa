//! Quantities at depths and over intervals of depth. Intervals use the samples, which are read block by block of
//! soundings.

use super::quantity::Quantity;
use super::slice::Slice;
use super::survey::SurveySelection;
use crate::error::Result;
use crate::products::SampledEarths;
use crate::schema::{Number, Values, fields};

/// Number of soundings whose samples are in memory at a time.
const BLOCK: usize = 64;

impl Quantity {
    /// Returns values of all soundings at `slice`: over an interval of depth from the samples, or the mean of the
    /// cells.
    ///
    /// # Errors
    /// The samples cannot be read.
    pub fn at(&self, survey: &SurveySelection, slice: &Slice) -> Result<Vec<f64>> {
        Ok(at_slices(survey, &[self], &[*slice])?.remove(0).remove(0))
    }
}

/// Returns values of every sounding, by quantity and slice. Samples are read once for all of them.
///
/// # Errors
/// The samples cannot be read.
pub(crate) fn at_slices(
    survey: &SurveySelection,
    quantities: &[&Quantity],
    slices: &[Slice],
) -> Result<Vec<Vec<Vec<f64>>>> {
    let sampled = |quantity: &Quantity, slice: &Slice| quantity.is_sampled(slice);
    let of_cells = |quantity: &Quantity, slice: &Slice| {
        if sampled(quantity, slice) { Vec::new() } else { quantity.of_cells(survey, slice) }
    };
    let each = quantities.iter().map(|quantity| slices.iter().map(|slice| of_cells(quantity, slice)).collect());
    let mut values: Vec<Vec<Vec<f64>>> = each.collect();
    for (at, slice) in slices.iter().enumerate() {
        let wanted: Vec<usize> = (0..quantities.len()).filter(|&i| sampled(quantities[i], slice)).collect();
        let Slice::Interval(top_m, bottom_m) = *slice else { continue };
        if wanted.is_empty() {
            continue;
        }
        for first in (0..survey.len()).step_by(BLOCK) {
            for means in sample_means(survey, first..(first + BLOCK).min(survey.len()), (top_m, bottom_m))? {
                wanted.iter().for_each(|&i| values[i][at].push(quantities[i].statistic.of(&means)));
            }
        }
    }
    Ok(values)
}

/// Returns mean ln conductivities of the samples of some soundings over an interval; no values for soundings without
/// posterior.
fn sample_means(
    survey: &SurveySelection,
    soundings: std::ops::Range<usize>,
    (top_m, bottom_m): (f64, f64),
) -> Result<Vec<Vec<f64>>> {
    let [counts, depths, values] =
        [&fields::SAMPLE_LAYER_COUNT, &fields::SAMPLE_INTERFACE_DEPTH, &fields::SAMPLE_LN_CONDUCTIVITY]
            .map(|field| survey.rows(field, soundings.clone()));
    let (counts, depths, values) = (counts?, depths?, values?);
    let of = |sounding: usize| {
        if !survey.status[soundings.start + sounding].has_posterior() {
            return Vec::new();
        }
        let (samples, places) =
            (of_row(&counts, sounding, soundings.len()), of_row(&depths, sounding, soundings.len()));
        SampledEarths::new(samples, places, of_row(&values, sounding, soundings.len()))
            .mean_ln_conductivity(top_m, bottom_m)
    };
    Ok((0..soundings.len()).map(of).collect())
}

fn of_row<T: Number>(values: &Values, row: usize, rows: usize) -> &[T] {
    let values = T::slice(values).unwrap_or_default();
    let width = values.len() / rows;
    &values[row * width..][..width]
}
