//! The soundings of a flight line, and one of them.

use std::ops::Range;

use super::survey::Survey;
use crate::error::{Error, Result};
use crate::schema::{Field, Status};

/// The soundings of a flight line, numbered from 0, whatever files they are in.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    pub(super) survey: &'a Survey,
    pub(super) soundings: Range<usize>,
}

impl Survey {
    /// A flight line; an error lists the lines that there are.
    ///
    /// # Errors
    /// There is no such line.
    pub fn line(&self, number: f64) -> Result<Line<'_>> {
        Ok(Line { survey: self, soundings: self.soundings_of(number)? })
    }
}

impl<'a> Line<'a> {
    /// Line number.
    pub fn number(&self) -> f64 {
        self.survey.key(self.soundings.start).0
    }

    /// Number of soundings.
    pub fn len(&self) -> usize {
        self.soundings.len()
    }

    /// Returns whether there is no sounding.
    pub fn is_empty(&self) -> bool {
        self.soundings.is_empty()
    }

    /// Returns the status of each sounding.
    pub fn statuses(&self) -> &'a [Status] {
        &self.survey.statuses()[self.soundings.clone()]
    }

    /// The survey.
    pub fn survey(&self) -> &'a Survey {
        self.survey
    }

    /// Values of all soundings, one after the other; NaN where there is none.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn numbers(&self, field: &Field) -> Result<Vec<f64>> {
        self.survey.numbers(field, self.soundings.clone())
    }

    /// A sounding by its place on the line.
    pub fn sounding(&self, place: usize) -> SoundingResults<'a> {
        SoundingResults { survey: self.survey, sounding: self.soundings.start + place }
    }

    /// The sounding of `fiducial`, compared exactly; an error names the nearest.
    ///
    /// # Errors
    /// There is none of this fiducial.
    pub fn find(&self, fiducial: f64) -> Result<SoundingResults<'a>> {
        let fiducials = || self.soundings.clone().map(|sounding| self.survey.key(sounding).1);
        let place = fiducials().position(|other| other == fiducial).ok_or_else(|| {
            let nearest = fiducials().min_by(|a, b| (a - fiducial).abs().total_cmp(&(b - fiducial).abs()));
            let nearest = nearest.map_or_else(String::new, |f| format!("; the nearest is {f}"));
            Error::results(self.survey.name(), format!("has no fiducial {fiducial}{nearest}"))
        })?;
        Ok(self.sounding(place))
    }
}

/// One sounding of a survey.
#[derive(Debug, Clone, Copy)]
pub struct SoundingResults<'a> {
    pub(super) survey: &'a Survey,
    pub(super) sounding: usize,
}

impl<'a> SoundingResults<'a> {
    /// The survey.
    pub fn survey(&self) -> &'a Survey {
        self.survey
    }

    /// Returns the status of the sounding.
    pub fn status(&self) -> Status {
        self.survey.statuses()[self.sounding]
    }

    /// Returns the sounding's values of a variable; NaN where there is none.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn numbers(&self, field: &Field) -> Result<Vec<f64>> {
        self.survey.numbers(field, self.sounding..self.sounding + 1)
    }

    /// Returns the sounding's value of a variable that has one value per sounding.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn number(&self, field: &Field) -> Result<f64> {
        Ok(self.numbers(field)?.first().copied().unwrap_or(f64::NAN))
    }

    /// Returns the sounding's counts of a histogram.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn counts(&self, field: &Field) -> Result<Vec<u32>> {
        self.survey.counts(field, self.sounding..self.sounding + 1)
    }
}
