//! Makes a first configuration from what the files of a survey say, so that it need not be typed.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::config::{Config, PerGroup, SurveyKind};
use crate::error::Result;
use crate::run::read_system;
use crate::survey::{Preset, Recognised, recognise};
use crate::system::{GeometryParameter, System};

/// Files of a survey, as seen from the working directory.
#[derive(Debug)]
pub struct SurveyFiles<'a> {
    /// The survey file.
    pub data: &'a Path,
    /// Whose names the survey file has, if the user says so.
    pub preset: Option<Preset>,
    /// Position of the receiver in m relative to the transmitter, ahead, left and up, where another file says it.
    pub offset_m: Option<[f64; 3]>,
}

/// Fills in what the survey file and the instrument files of `config` say: preset, signs, coordinate reference system and
/// a receiver position that has no column. File names in `config` are as seen from the working directory. What was found and
/// what is missing is added to `notes`.
///
/// # Errors
/// A file cannot be read.
pub fn fill_in(config: &mut Config, files: &SurveyFiles, notes: &mut Vec<String>) -> Result<()> {
    if !files.data.exists() {
        notes.push(format!("{}: there is no such file yet, so that its columns are not known", files.data.display()));
        return Ok(());
    }
    let system = read_system(config, Path::new("init"), notes)?;
    let found = recognise(files.data, config.survey.definition.as_deref(), &system, files.preset)?;
    config.columns.preset = found.preset;
    config.columns.convention = found.convention;
    let data = files.data.display();
    let preset = word(found.preset);
    notes.push(match found.missing.len() {
        0 => format!("{data}: columns.preset = {preset} finds all columns"),
        _ => {
            format!("{data}: columns.preset = {preset} finds most, but not all columns; give the others in [columns]:")
        }
    });
    notes.extend(found.missing.iter().map(ToString::to_string));
    if let Some(convention) = found.convention {
        notes.push(format!("{data}: Z data have the signs of columns.convention = {}", word(convention)));
    }
    if let (None, Some(crs)) = (&config.survey.crs, &found.crs) {
        notes.push(format!("{data}: survey.crs = \"{crs}\""));
        config.survey.crs = Some(crs.clone());
    }
    if found.has_std {
        notes.push(format!("{data}: has standard deviations, from which errors are taken"));
        config.errors.quoted_relative = None;
        config.errors.quoted_additive = None;
    }
    fill_errors(config, &found, notes);
    fill_geometry(config, &system, &found.without_column, files, notes);
    Ok(())
}

/// Least and greatest additive error at 1 ms, relative to the size of late data, of which noise is a large part.
const ADDITIVE_RANGE: (f64, f64) = (1e-3, 10.0);

/// Gives bounds of additive errors the unit and the size of the data, one for each group.
fn fill_errors(config: &mut Config, found: &Recognised, notes: &mut Vec<String>) {
    let errors = &mut config.errors;
    let is_known = !found.late_size.is_empty() && found.late_size.iter().all(|size| *size > 0.0);
    if errors.additive_minimum.is_none() || !is_known {
        return;
    }
    let bounds = |factor: f64| {
        let each: Vec<f64> = found.late_size.iter().map(|size| one_digit(factor * size)).collect();
        let is_one = each.iter().all(|bound| *bound == each[0]);
        Some(if is_one { PerGroup::One(each[0]) } else { PerGroup::Each(each) })
    };
    errors.additive_minimum = bounds(ADDITIVE_RANGE.0);
    errors.additive_maximum = bounds(ADDITIVE_RANGE.1);
    notes.push("errors.additive_minimum and additive_maximum are wide bounds about the late data".to_owned());
}

/// Rounds a positive number to one digit.
fn one_digit(value: f64) -> f64 {
    format!("{value:.0e}").parse().expect("a number that was just written")
}

/// Gives the receiver's position, where it has no column, the value of another file: its offset, or the reference geometry of
/// the system.
fn fill_geometry(
    config: &mut Config,
    system: &System,
    without_column: &[GeometryParameter],
    files: &SurveyFiles,
    notes: &mut Vec<String>,
) {
    let reference = system.moments().first().map(|moment| moment.reference_geometry.offset_m());
    let offset_m = files.offset_m.or(reference.filter(|offset_m| *offset_m != [0.0; 3]));
    let data = files.data.display();
    for parameter in [GeometryParameter::TxRxDx, GeometryParameter::TxRxDy, GeometryParameter::TxRxDz] {
        // A value would replace the column.
        if !without_column.contains(&parameter)
            && let Some((_, length)) = config.geometry.offset_mut(parameter)
        {
            length.value_m = None;
        }
    }
    let mut missing = Vec::new();
    for &parameter in without_column {
        let key = format!("geometry.{}.value_{}", parameter.name(), parameter.unit());
        let value = match config.geometry.offset_mut(parameter) {
            Some((place, length)) => {
                length.value_m = offset_m.map(|offset_m| offset_m[place]).or(length.value_m);
                length.value_m
            }
            None => config.geometry.values()[parameter.index()],
        };
        match value {
            Some(value) => notes.push(format!("{data}: has no column of {}: {key} = {value}", parameter.name())),
            None => missing.push(key),
        }
    }
    if !missing.is_empty() {
        notes.push(format!("{data}: has no column for these keys; give their values: {}", missing.join(", ")));
    }
}

/// Returns a value as it stands in a configuration.
fn word(value: impl Serialize) -> String {
    toml::Value::try_from(value).map_or_else(|_| String::new(), |value| value.to_string())
}

/// Returns the kind of survey of the instrument files.
///
/// # Errors
/// A file cannot be read.
pub fn kind_of(systems: &[PathBuf]) -> Result<SurveyKind> {
    Ok(SurveyKind::of(&System::read(systems)?))
}
