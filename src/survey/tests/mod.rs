//! Survey files of all kinds, read completely.

mod dialects;
pub(super) mod fdem;
mod fuzz;
mod leave_out;
pub(super) mod tdem;
mod undeclared;

use std::path::Path;

use super::gdf2::Definition;
use super::table::Table;
use super::*;
use crate::error::{Error, Result};
use crate::system::System;

/// The whole content of a survey file.
#[derive(Debug)]
pub(in crate::survey) struct Whole {
    pub(in crate::survey) soundings: Vec<Sounding>,
    pub(in crate::survey) rejected: Vec<RejectedRow>,
    pub(super) has_std: bool,
    pub(super) without_std: usize,
}

impl Whole {
    pub(in crate::survey) fn open(path: &Path, system: &System, options: &ReadOptions) -> Result<Self> {
        Self::of(SurveyFile::open(path, system, options)?)
    }

    fn of_text(text: &str, system: &System, options: &ReadOptions) -> Result<Self> {
        options::check_fixed_geometry(options)?;
        Self::of(SurveyFile::of_table(Table::of_text(text, Path::new("s.csv"))?, system, options)?)
    }

    fn of_text_defined(dfn: &str, text: &str, system: &System, options: &ReadOptions) -> Result<Self> {
        let definition = Definition::parse(dfn, Path::new("s.dfn"))?;
        let table = Table::of_text_defined(text, Path::new("s.dat"), &definition)?;
        Self::of(SurveyFile::of_table(table, system, options)?)
    }

    fn of(survey: SurveyFile) -> Result<Self> {
        let soundings = survey.read(survey.places())?;
        let (has_std, without_std) = (survey.has_std(), survey.without_std);
        Ok(Self { soundings, has_std, without_std, rejected: survey.rejected })
    }

    fn rejections(&self) -> Vec<String> {
        self.rejected.iter().flat_map(|row| row.errors.iter().map(Error::to_string)).collect()
    }
}

fn missing(values: &[f64]) -> Vec<bool> {
    values.iter().map(|value| value.is_nan()).collect()
}
