//! The system of a simulated survey, and the configuration for which it is made.

use std::path::{Path, PathBuf};

use super::settings::Simulation;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::run::{choose_components, read_system};
use crate::survey::{Convention, Sounding, write_survey};
use crate::system::{GeometryParameter, Output, System};

/// A system, and the configuration for which its survey is made.
pub(super) struct Setup {
    /// The system, with data as they will be inverted.
    pub(super) system: System,
    /// The system with the data of a survey file: secondary fields of single components.
    pub(super) written: System,
    /// The configuration with all defaults, and its file.
    pub(super) config: Option<(Config, PathBuf)>,
    /// The survey file.
    pub(super) output: PathBuf,
}

impl Setup {
    /// Reads the system files.
    pub(super) fn new(simulation: &Simulation, notes: &mut Vec<String>) -> Result<Self> {
        let (system, config) = match &simulation.config {
            Some((config, path)) => {
                let mut config = config.clone();
                let system = read_system(&config, path, notes)?;
                config.resolve(&system, path)?;
                (system, Some((config, path.clone())))
            }
            None => {
                let mut system = System::read(&simulation.systems)?;
                choose_components(&mut system, &simulation.components, "--component")?;
                (system, None)
            }
        };
        let written = system.of_components();
        let output = match (&simulation.output, &config) {
            (Some(output), _) => output.clone(),
            (None, Some((config, _))) => own_survey(&config.survey.data, simulation.replace)?,
            (None, None) => PathBuf::new(),
        };
        Ok(Self { system, written, config, output })
    }

    /// Returns the geometry that the configuration fixes, in the order of [`GeometryParameter::ALL`].
    pub(super) fn known_geometry(&self) -> [Option<f64>; GeometryParameter::ALL.len()] {
        self.config.as_ref().map_or_else(Default::default, |(config, _)| config.geometry.values())
    }

    /// Returns whether the survey file contains primary fields: if they are part of the data, or without a
    /// configuration if they may be, which is so for B.
    pub(super) fn writes_primary(&self) -> bool {
        match &self.config {
            Some(_) => self.system.has_primary(),
            None => {
                self.system.is_time_domain() && self.system.moments().iter().all(|moment| moment.output == Output::B)
            }
        }
    }

    /// Writes the survey; `primary` has one list for each sounding.
    pub(super) fn write(&self, path: &Path, soundings: &[Sounding], primary: Option<&[Vec<f64>]>) -> Result<()> {
        let convention = self.config.as_ref().map_or(Convention::GeoBipy, |(config, _)| config.columns.convention());
        write_survey(path, &self.written, soundings, primary, convention)
    }
}

/// Returns the survey file of the configuration; an existing one is replaced only with `force`.
fn own_survey(data: &Path, force: bool) -> Result<PathBuf> {
    if data.exists() && !force {
        let message =
            format!("{}: got a survey that is there already, expected --force or another --output", data.display());
        return Err(Error::Config(message));
    }
    Ok(data.to_path_buf())
}
