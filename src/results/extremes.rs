//! The diagnostics that decide whether a sounding has converged.

use std::ops::Range;

use super::line::{Line, SoundingResults};
use super::survey::Survey;
use crate::error::Result;
use crate::schema::{Field, fields};

/// Variables whose largest is `rhat_maximum`.
const RHATS: [&Field; 3] = [&fields::RHAT_LAYER_COUNT, &fields::RHAT_MISFIT, &fields::RHAT_LOG10_CONDUCTIVITY];
/// Variables whose least is `ess_minimum`.
const EFFECTIVE_SAMPLES: [&Field; 6] = [
    &fields::ESS_LAYER_COUNT,
    &fields::ESS_MISFIT,
    &fields::ESS_LOG10_CONDUCTIVITY,
    &fields::ESS_TAIL_LAYER_COUNT,
    &fields::ESS_TAIL_MISFIT,
    &fields::ESS_TAIL_LOG10_CONDUCTIVITY,
];

impl Survey {
    /// Largest R-hat of some soundings, NaN where there is none.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn rhat_maximum(&self, soundings: Range<usize>) -> Result<Vec<f64>> {
        self.stored_or_extreme(&fields::RHAT_MAXIMUM, &RHATS, f64::max, soundings)
    }

    /// Least effective sample size, bulk or tail, of some soundings, NaN where there is none.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn ess_minimum(&self, soundings: Range<usize>) -> Result<Vec<f64>> {
        self.stored_or_extreme(&fields::ESS_MINIMUM, &EFFECTIVE_SAMPLES, f64::min, soundings)
    }

    /// The stored variable; files before schema 2.5 do not have it, so that it is made from those that are there.
    fn stored_or_extreme(
        &self,
        stored: &Field,
        parts: &[&Field],
        choose: fn(f64, f64) -> f64,
        soundings: Range<usize>,
    ) -> Result<Vec<f64>> {
        if self.has(stored)? {
            return self.numbers(stored, soundings);
        }
        let mut extremes = vec![f64::NAN; soundings.len()];
        for part in parts {
            if !self.has(part)? {
                continue;
            }
            let width = self.row_len(part)?.max(1);
            let values = self.numbers(part, soundings.clone())?;
            for (extreme, of_sounding) in extremes.iter_mut().zip(values.chunks_exact(width)) {
                *extreme = of_sounding.iter().copied().fold(*extreme, choose);
            }
        }
        Ok(extremes)
    }
}

impl Line<'_> {
    /// Largest R-hat of each sounding, NaN where there is none.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn rhat_maximum(&self) -> Result<Vec<f64>> {
        self.survey.rhat_maximum(self.soundings.clone())
    }
}

impl SoundingResults<'_> {
    /// Largest R-hat, NaN where there is none.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn rhat_maximum(&self) -> Result<f64> {
        Ok(self.survey.rhat_maximum(self.sounding..self.sounding + 1)?[0])
    }

    /// Least effective sample size, bulk or tail, NaN where there is none.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn ess_minimum(&self) -> Result<f64> {
        Ok(self.survey.ess_minimum(self.sounding..self.sounding + 1)?[0])
    }
}
