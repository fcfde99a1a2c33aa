//! Verifies that a configuration reads the same values from a simulated survey as were written.

use std::path::Path;

use super::setup::Setup;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::run::open_survey;
use crate::survey::{Sounding, SurveyFile, definition_file};
use crate::system::{GeometryParameter, System};

/// Writes a file beside `output` with `write`, and renames it if the configuration reads `expected` from it.
pub(super) fn write_proved(
    setup: &Setup,
    (config, config_path): (&Config, &Path),
    expected: Vec<Sounding>,
    write: impl FnOnce(&Path) -> Result<()>,
) -> Result<()> {
    let output = &setup.output;
    let refuse = |reason: &str| {
        let message = format!(
            "{}: does not read a survey as simulate writes it, a table with GeoBIPy's names of columns; settings like [columns] are \
             for another file\n{reason}",
            config_path.display()
        );
        Err(Error::Config(message))
    };
    if setup.system.is_time_domain()
        && let Some(definition) = definition_file(output, config.survey.definition.as_deref())?
    {
        return refuse(&format!("{}: got an ASEG-GDF2 definition, expected none", definition.display()));
    }
    let Some(name) = output.file_name() else { return write(output) };
    let trial = output.with_file_name(format!(".{}.{}.csv", name.display(), std::process::id()));
    let proved = write(&trial).and_then(|()| {
        let mut config = config.clone();
        config.survey.data.clone_from(&trial);
        config.survey.definition = None;
        // The file has all gates, whichever are used.
        (config.survey.gates_from_s, config.survey.gates_to_s) = (None, None);
        // The file has every sounding; runs leave some out.
        config.leave_out = Default::default();
        let read = open_survey(&config, &setup.system);
        let difference = match read.and_then(|survey| difference(&survey, expected, &setup.system)) {
            Ok(difference) => difference,
            Err(error) => Some(error.to_string()),
        };
        match difference {
            Some(reason) => refuse(reason.lines().next().unwrap_or_default()),
            None => std::fs::rename(&trial, output).map_err(Error::io(output)),
        }
    });
    proved.map_err(|error| {
        // Report the first error, even if the removal fails as well.
        let _ = std::fs::remove_file(&trial);
        // The user does not know the temporary name of the file.
        match error {
            Error::Io { source, .. } => Error::Io { path: output.clone(), source },
            other => Error::Config(other.to_string().replace(&*trial.to_string_lossy(), &output.to_string_lossy())),
        }
    })
}

/// Relative difference that may be due to rounding.
const ROUNDING: f64 = 1e-9;

/// Describes the first difference between `read` and `expected`.
fn difference(read: &SurveyFile, mut expected: Vec<Sounding>, system: &System) -> Result<Option<String>> {
    if let Some(error) = read.rejected.iter().flat_map(|row| &row.errors).next() {
        return Ok(Some(error.to_string()));
    }
    expected.sort_by(|a, b| a.line_number.total_cmp(&b.line_number).then(a.fiducial.total_cmp(&b.fiducial)));
    let places = ["line number", "fiducial", "easting", "northing", "elevation"];
    let geometry = GeometryParameter::ALL.map(GeometryParameter::name);
    let channels = system.channel_names();
    let names: Vec<&str> = places.into_iter().chain(geometry).chain(channels.iter().map(String::as_str)).collect();
    let mut expected = expected.iter();
    let mut first = None;
    read.each(read.places(), |got| {
        let Some(expected) = expected.next() else { return Ok(()) };
        let numbers = names.iter().zip(values(&got)).zip(values(expected));
        let differs = |((_, got), expected): &((&&str, f64), f64)| {
            let is_same = (got - expected).abs() <= ROUNDING * expected.abs();
            !is_same
        };
        if let (None, Some(((name, got), expected))) = (&first, numbers.into_iter().find(differs)) {
            first = Some(format!("{name} of the first row that differs: got {got}, expected {expected}"));
        }
        Ok(())
    })?;
    Ok(first)
}

/// Returns all numbers of a sounding.
fn values(sounding: &Sounding) -> Vec<f64> {
    let Sounding { line_number, fiducial, easting_m, northing_m, elevation_m, geometry, observed, .. } = sounding;
    let place = [*line_number, *fiducial, *easting_m, *northing_m, *elevation_m];
    let geometry = GeometryParameter::ALL.map(|parameter| geometry.get(parameter));
    place.into_iter().chain(geometry).chain(observed.iter().copied()).collect()
}
