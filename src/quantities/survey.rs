//! The soundings of results that are exported or drawn.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::slice::Slice;
use crate::error::{Error, Result};
use crate::gis::Axes;
use crate::results;
use crate::schema::{Field, Status, Values, fields};

/// Returns the axes of results, which have eastings and northings in m.
pub(super) fn metres() -> Axes {
    Axes { is_geographic: false, is_metric: true, unit: "m".to_owned() }
}

/// The soundings of a merged file, or of some of its lines.
#[derive(Debug)]
pub struct SurveySelection {
    results: Arc<results::Survey>,
    /// Indices of these soundings in the results, followed by one value per sounding for each property.
    chosen: Vec<usize>,
    pub(crate) line_number: Vec<f64>,
    pub(crate) fiducial: Vec<f64>,
    pub(crate) easting_m: Vec<f64>,
    pub(crate) northing_m: Vec<f64>,
    pub(crate) elevation_m: Vec<f64>,
    pub(crate) status: Vec<Status>,
    /// Bounds of the depth cells, one more than cells.
    pub(crate) depth_bounds_m: Vec<f64>,
    pub(crate) crs: Option<String>,
    /// Kind of the coordinates.
    pub(crate) axes: Axes,
}

impl SurveySelection {
    /// Makes a survey of all soundings of merged results.
    ///
    /// # Errors
    /// The results are not merged.
    pub fn new(results: results::Survey) -> Result<Self> {
        if !results.is_merged()? {
            return Err(Error::results(results.name(), "has no products: merge it first"));
        }
        let each = |of: &dyn Fn(usize) -> f64| -> Vec<f64> { (0..results.len()).map(of).collect() };
        Ok(Self {
            line_number: each(&|sounding| results.key(sounding).0),
            fiducial: each(&|sounding| results.key(sounding).1),
            easting_m: each(&|sounding| results.place(sounding).0),
            northing_m: each(&|sounding| results.place(sounding).1),
            elevation_m: each(&|sounding| results.elevation_m(sounding)),
            status: results.statuses().to_vec(),
            depth_bounds_m: results.depth_bounds_m().to_vec(),
            crs: results.crs(),
            axes: metres(),
            chosen: (0..results.len()).collect(),
            results: Arc::new(results),
        })
    }

    /// Returns the complete results: all soundings, in their own coordinates.
    pub fn results(&self) -> &results::Survey {
        &self.results
    }

    /// Returns the bottom of the deepest depth cell in m.
    pub fn deepest_m(&self) -> f64 {
        self.depth_bounds_m[self.depth_bounds_m.len() - 1]
    }

    /// Returns the name of the results in messages.
    pub fn name(&self) -> &Path {
        self.results.name()
    }

    /// Returns easting and northing of each sounding in m.
    pub fn places(&self) -> Vec<(f64, f64)> {
        self.easting_m.iter().copied().zip(self.northing_m.iter().copied()).collect()
    }

    /// Returns the soundings of each line.
    pub fn lines(&self) -> Vec<Range<usize>> {
        let mut start = 0;
        let each = self.line_number.chunk_by(|a, b| a == b).map(|line| {
            start += line.len();
            start - line.len()..start
        });
        each.collect()
    }

    /// Returns the elevation of the ground at a sounding in m, 0 where it is not known.
    pub(crate) fn ground_m(&self, sounding: usize) -> f64 {
        let elevation_m = self.elevation_m[sounding];
        if elevation_m.is_finite() { elevation_m } else { 0.0 }
    }

    /// Checks that the depth cells contain all of `slices`.
    ///
    /// # Errors
    /// A slice lies outside.
    pub fn check_slices(&self, slices: &[Slice]) -> Result<()> {
        let deepest_m = self.deepest_m();
        let Some(slice) = slices.iter().find(|slice| !slice.fits(deepest_m)) else { return Ok(()) };
        Err(Error::results(self.name(), format!("has no depth {slice}: its cells reach from 0 to {deepest_m} m")))
    }

    /// Returns the line numbers, each once.
    pub fn line_numbers(&self) -> Vec<f64> {
        self.lines().into_iter().map(|line| self.line_number[line.start]).collect()
    }

    /// Returns the line number and fiducial of a sounding.
    pub fn name_of(&self, sounding: usize) -> (f64, f64) {
        (self.line_number[sounding], self.fiducial[sounding])
    }

    /// Returns the status of each sounding.
    pub fn statuses(&self) -> &[Status] {
        &self.status
    }

    /// Returns the flight lines in words: `line 30010`, `lines 30010 to 30090`.
    pub fn lines_in_words(&self) -> String {
        self.results.lines_in_words()
    }

    /// Returns the number of soundings.
    pub fn len(&self) -> usize {
        self.chosen.len()
    }

    /// Returns whether there are no soundings.
    pub fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// Returns the coordinate reference system of the places as the user named it.
    pub fn crs(&self) -> Option<String> {
        self.crs.clone()
    }

    /// Leaves out all soundings without a posterior. Returns how many were left out.
    pub fn keep_finished(&mut self) -> usize {
        let before = self.len();
        let keep: Vec<bool> = self.status.iter().map(|status| status.has_posterior()).collect();
        fn kept<T: Copy>(values: &mut Vec<T>, keep: &[bool]) {
            *values = values.iter().zip(keep).filter(|(_, keep)| **keep).map(|(value, _)| *value).collect();
        }
        kept(&mut self.chosen, &keep);
        kept(&mut self.status, &keep);
        for values in [
            &mut self.line_number,
            &mut self.fiducial,
            &mut self.easting_m,
            &mut self.northing_m,
            &mut self.elevation_m,
        ] {
            kept(values, &keep);
        }
        before - self.len()
    }

    /// Returns the origin of the values: program, run and file, a name and a text each.
    pub fn provenance(&self) -> Result<Vec<(&'static str, String)>> {
        self.results.provenance()
    }

    /// Reads the values of a variable, one sounding after the other; NaN where a sounding has none.
    pub(crate) fn read(&self, field: &Field) -> Result<Vec<f64>> {
        let mut numbers = Vec::new();
        for run in self.chosen.chunk_by(|a, b| a + 1 == *b) {
            numbers.append(&mut self.results.numbers(field, run[0]..run[0] + run.len())?);
        }
        Ok(numbers)
    }

    /// Returns a part of the soundings of the same file. Reading it needs memory only for this part.
    pub(crate) fn part(&self, soundings: Range<usize>) -> Self {
        Self {
            results: Arc::clone(&self.results),
            chosen: self.chosen[soundings.clone()].to_vec(),
            line_number: self.line_number[soundings.clone()].to_vec(),
            fiducial: self.fiducial[soundings.clone()].to_vec(),
            easting_m: self.easting_m[soundings.clone()].to_vec(),
            northing_m: self.northing_m[soundings.clone()].to_vec(),
            elevation_m: self.elevation_m[soundings.clone()].to_vec(),
            status: self.status[soundings].to_vec(),
            depth_bounds_m: self.depth_bounds_m.clone(),
            crs: self.crs.clone(),
            axes: self.axes.clone(),
        }
    }

    /// Returns the unit of a variable in these results.
    pub(crate) fn unit(&self, field: &Field) -> Result<String> {
        self.results.unit(field)
    }

    /// Returns whether the results have the variable.
    pub fn has(&self, field: &Field) -> bool {
        self.results.has(field).unwrap_or(false)
    }

    /// Reads the numbers of samples of some soundings by depth and log10 conductivity.
    pub(crate) fn hitmaps(&self, soundings: Range<usize>) -> Result<Vec<u32>> {
        let mut counts = Vec::new();
        for run in self.chosen[soundings].chunk_by(|a, b| a + 1 == *b) {
            counts.append(&mut self.results.counts(&fields::HITMAP, run[0]..run[0] + run.len())?);
        }
        Ok(counts)
    }

    /// Reads the values of a variable of some soundings in its own type.
    pub(crate) fn rows(&self, field: &Field, soundings: Range<usize>) -> Result<Values> {
        let mut values = Values::nothing(field.kind, 0);
        for run in self.chosen[soundings].chunk_by(|a, b| a + 1 == *b) {
            values.append(self.results.rows(field, run[0]..run[0] + run.len())?);
        }
        Ok(values)
    }
}
