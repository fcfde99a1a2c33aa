//! Quantities at depths and over intervals of depth. Intervals use the samples, which are read block by block of
//! soundings.

use super::quantity::Quantity;
use super::slice::Slice;
use super::survey::Survey;
use crate::error::Result;
use crate::products::{SampledEarths, values_percentile};
use crate::schema::{Number, Values, fields};

/// Number of soundings whose samples are in memory at a time.
const BLOCK: usize = 64;

/// Statistic of the samples' mean conductivities that gives a quantity over an interval of depth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Statistic {
    /// The mean of the cells; the samples are not used.
    OfCells,
    /// A percentile of conductivity, in S/m.
    Percentile(f64),
    /// 1 over a percentile of conductivity.
    InversePercentile(f64),
    /// The geometric mean of conductivity, in S/m.
    Mean,
    /// 1 over the mean.
    InverseMean,
    /// Width of the 90 % interval in decades.
    Width,
    /// Share of the samples between two conductivities in S/m.
    Between(f64, f64),
}

impl Statistic {
    /// Computes the statistic from mean ln conductivities of the samples.
    fn of(self, ln_conductivity: &[f64]) -> f64 {
        let percentile = |fraction| values_percentile(ln_conductivity, fraction);
        let mean = || ln_conductivity.iter().sum::<f64>() / ln_conductivity.len() as f64;
        match self {
            Statistic::OfCells => f64::NAN,
            Statistic::Percentile(fraction) => percentile(fraction).exp(),
            Statistic::InversePercentile(fraction) => (-percentile(fraction)).exp(),
            Statistic::Mean => mean().exp(),
            Statistic::InverseMean => (-mean()).exp(),
            Statistic::Width => (percentile(0.95) - percentile(0.05)) / std::f64::consts::LN_10,
            Statistic::Between(low, high) => {
                let is_within = |value: &&f64| (low.ln()..high.ln()).contains(*value);
                ln_conductivity.iter().filter(is_within).count() as f64 / ln_conductivity.len() as f64
            }
        }
    }
}

/// Returns values of every sounding, by quantity and slice. Samples are read once for all of them.
///
/// # Errors
/// The samples cannot be read.
pub(super) fn at_slices(survey: &Survey, quantities: &[&Quantity], slices: &[Slice]) -> Result<Vec<Vec<Vec<f64>>>> {
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
    survey: &Survey,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_of_the_samples() {
        let samples: Vec<f64> = (0..=100).map(|i| f64::from(i) / 100.0).collect();
        let close = |statistic: Statistic, expected: f64| {
            assert!((statistic.of(&samples) - expected).abs() < 1e-12, "{statistic:?}: {}", statistic.of(&samples));
        };
        close(Statistic::Percentile(0.05), 0.05_f64.exp());
        close(Statistic::InversePercentile(0.95), (-0.95_f64).exp());
        close(Statistic::Mean, 0.5_f64.exp());
        close(Statistic::Width, 0.9 / std::f64::consts::LN_10);
        close(Statistic::Between(0.255_f64.exp(), f64::INFINITY), 75.0 / 101.0);
        assert!(Statistic::Percentile(0.5).of(&[]).is_nan() && Statistic::Mean.of(&[]).is_nan());
        assert!(Statistic::Between(0.0, 1.0).of(&[]).is_nan());
    }
}
