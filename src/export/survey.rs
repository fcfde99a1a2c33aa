//! The soundings of results that are exported or drawn.

use std::ops::Range;
use std::path::Path;

use super::slice::Slice;
use crate::error::{Error, Result};
use crate::results::{self, Lines};
use crate::schema::{Field, Status, fields};

/// Soundings of a merged file, some of its lines perhaps.
#[derive(Debug)]
pub struct Survey {
    results: results::Survey,
    pub(super) line_number: Vec<f64>,
    pub(super) fiducial: Vec<f64>,
    pub(super) easting_m: Vec<f64>,
    pub(super) northing_m: Vec<f64>,
    pub(super) elevation_m: Vec<f64>,
    pub(super) status: Vec<Status>,
    /// Bounds of the depth cells, one more than cells.
    pub(super) depth_bounds_m: Vec<f64>,
}

impl Survey {
    /// Opens a merged file; of its lines those in any of `lines`, or all when there is none.
    ///
    /// # Errors
    /// It is not one, or has none of the lines.
    pub fn open(path: &Path, lines: &[Lines]) -> Result<Self> {
        Self::of(results::Survey::open(&[path.to_path_buf()], lines)?)
    }

    /// The soundings of merged results.
    ///
    /// # Errors
    /// They were not merged.
    pub fn of(results: results::Survey) -> Result<Self> {
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
            results,
        })
    }

    /// The results that the soundings are of.
    pub fn results(&self) -> &results::Survey {
        &self.results
    }

    /// Bottom of the deepest depth cell in m.
    pub fn deepest_m(&self) -> f64 {
        self.depth_bounds_m[self.depth_bounds_m.len() - 1]
    }

    /// What messages call the results.
    pub fn name(&self) -> &Path {
        self.results.name()
    }

    /// Easting and northing of each sounding in m.
    pub fn places(&self) -> Vec<(f64, f64)> {
        self.easting_m.iter().copied().zip(self.northing_m.iter().copied()).collect()
    }

    /// The soundings of each line.
    pub fn lines(&self) -> Vec<Range<usize>> {
        let mut start = 0;
        let each = self.line_number.chunk_by(|a, b| a == b).map(|line| {
            start += line.len();
            start - line.len()..start
        });
        each.collect()
    }

    /// Elevation of the ground at a sounding in m, 0 where it is not known.
    pub(super) fn ground_m(&self, sounding: usize) -> f64 {
        let elevation_m = self.elevation_m[sounding];
        if elevation_m.is_finite() { elevation_m } else { 0.0 }
    }

    /// Whether the depth cells can answer all of `slices`.
    ///
    /// # Errors
    /// One lies outside.
    pub fn check_slices(&self, slices: &[Slice]) -> Result<()> {
        let deepest_m = self.deepest_m();
        let Some(slice) = slices.iter().find(|slice| !slice.fits(deepest_m)) else { return Ok(()) };
        Err(Error::results(self.name(), format!("has no depth {slice}: its cells reach from 0 to {deepest_m} m")))
    }

    /// The flight lines, each once.
    pub fn line_numbers(&self) -> Vec<f64> {
        self.lines().into_iter().map(|line| self.line_number[line.start]).collect()
    }

    /// Line number and fiducial of a sounding.
    pub fn name_of(&self, sounding: usize) -> (f64, f64) {
        (self.line_number[sounding], self.fiducial[sounding])
    }

    /// What became of each sounding.
    pub fn statuses(&self) -> &[Status] {
        &self.status
    }

    /// The flight lines: `line 30010`, `lines 30010 to 30090`.
    pub fn lines_in_words(&self) -> String {
        self.results.lines_in_words()
    }

    /// Number of soundings.
    pub fn len(&self) -> usize {
        self.line_number.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.line_number.is_empty()
    }

    /// Coordinate reference system of the results as the user named it.
    pub fn crs(&self) -> Option<String> {
        self.results.crs()
    }

    /// Where the values come from: program, run and file, a name and a text each.
    pub fn provenance(&self) -> Result<Vec<(&'static str, String)>> {
        self.results.provenance()
    }

    /// Values of a variable, row by row of the soundings that are exported; those of soundings without posterior are NaN where
    /// the variable is a result.
    pub(super) fn read(&self, field: &Field) -> Result<Vec<f64>> {
        self.results.all_numbers(field)
    }

    /// The unit of a variable in these results.
    pub(super) fn unit(&self, field: &Field) -> Result<String> {
        self.results.unit(field)
    }

    /// Whether results have the variable.
    pub fn has(&self, field: &Field) -> bool {
        self.results.has(field).unwrap_or(false)
    }

    /// Bounds of cells, one more than cells.
    pub(super) fn bounds(&self, field: &Field) -> Result<Vec<f64>> {
        self.results.bounds(field)
    }

    /// Samples of some soundings by depth and log10 conductivity.
    pub(super) fn hitmaps(&self, soundings: Range<usize>) -> Result<Vec<u32>> {
        self.results.counts(&fields::HITMAP, soundings)
    }

    /// Names that stand in an attribute of a variable, separated by blanks.
    ///
    /// # Errors
    /// There is no such attribute.
    pub fn names(&self, field: &Field, attribute: &str) -> Result<Vec<String>> {
        self.results.names(field, attribute)
    }
}
