//! The system of a simulated survey, and the configuration for which it is made.

use std::path::{Path, PathBuf};

use super::super::config::Config;
use super::super::inputs::{choose_components, read_config, read_system};
use super::args::SimulateArgs;
use crate::error::{Error, Result};
use crate::survey::{Convention, Sounding, write_csv, write_tdem_csv};
use crate::system::{GeometryParameter, MeasuredField, Output, System, TdemInstrument};

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
    /// Reads the configuration or the system files.
    pub(super) fn new(args: &SimulateArgs) -> Result<Self> {
        let (system, config) = match &args.config {
            Some(path) => {
                let mut config = read_config(path, &args.sets)?;
                let system = read_system(&config, path)?;
                config.resolve(&system, path)?;
                (system, Some((config, path.clone())))
            }
            None => {
                let mut system = System::read(&args.systems)?;
                if let System::Tdem(instrument) = &mut system {
                    choose_components(instrument, &args.components, "--component")?;
                }
                (system, None)
            }
        };
        let written = match &system {
            System::Fdem(_) => system.clone(),
            System::Tdem(instrument) => {
                let instrument =
                    TdemInstrument { field: MeasuredField::Secondary, vector_amplitude: false, ..instrument.clone() };
                System::Tdem(instrument)
            }
        };
        let output = match (&args.output, &config) {
            (Some(output), _) => output.clone(),
            (None, Some((config, _))) => own_survey(&config.survey.data, args.force)?,
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
        match (&self.system, &self.config) {
            (System::Fdem(_), _) => false,
            (System::Tdem(instrument), Some(_)) => instrument.field == MeasuredField::Total,
            (System::Tdem(instrument), None) => instrument.systems.iter().all(|system| system.output == Output::B),
        }
    }

    /// Writes the survey; `primary` has one list for each sounding.
    pub(super) fn write(&self, path: &Path, soundings: &[Sounding], primary: Option<&[Vec<f64>]>) -> Result<()> {
        let convention = self.config.as_ref().map_or(Convention::GeoBipy, |(config, _)| config.columns.convention());
        match &self.written {
            System::Fdem(system) => write_csv(path, system, soundings),
            System::Tdem(instrument) => write_tdem_csv(path, instrument, soundings, primary, convention),
        }
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
