//! An instrument of any kind; the files say which kind it is.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{FdemSystem, MeasuredField, TdemInstrument, TdemSystem};
use crate::error::{Error, InputError, Result};

/// An instrument.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum System {
    /// Pairs of coils at several frequencies.
    Fdem(FdemSystem),
    /// Transients of one or more moments.
    Tdem(TdemInstrument),
}

impl System {
    /// Reads the files of one instrument: tables of coil pairs, or block files of time-domain moments. Time-domain data
    /// are secondary fields of all components until the caller changes this.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when a file cannot be read, [`Error::Input`] when the files are of different kinds, and the errors
    /// of the two readers.
    pub fn read(paths: &[PathBuf]) -> Result<Self> {
        let mut kinds = Vec::new();
        for path in paths {
            let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
            kinds.push(is_time_domain(&text));
        }
        let time_domain = kinds.first().copied().unwrap_or(false);
        if let Some(other) = kinds.iter().position(|&kind| kind != time_domain) {
            let name = |kind| if kind { "a time-domain system" } else { "a table of frequency-domain coil pairs" };
            let expected = format!("{} like {}", name(time_domain), paths[0].display());
            return Err(InputError::file(&paths[other], name(kinds[other]), expected));
        }
        if time_domain {
            let systems = paths.iter().map(|path| TdemSystem::read(path)).collect::<Result<Vec<_>>>()?;
            Ok(System::Tdem(TdemInstrument { systems, field: MeasuredField::Secondary, vector_amplitude: false }))
        } else {
            let systems = paths.iter().map(|path| FdemSystem::read(path)).collect::<Result<Vec<_>>>()?;
            Ok(System::Fdem(FdemSystem::join(systems)))
        }
    }

    /// Returns the number of data per sounding.
    pub fn channel_count(&self) -> usize {
        match self {
            System::Fdem(system) => system.channel_count(),
            System::Tdem(instrument) => instrument.channels().len(),
        }
    }

    /// Returns the names of the channels in order of the data.
    pub fn channel_names(&self) -> Vec<String> {
        match self {
            System::Fdem(system) => system.channel_names(),
            System::Tdem(instrument) => instrument.channel_names(),
        }
    }

    /// Returns the names of the groups of channels that share their errors.
    pub fn error_group_names(&self) -> Vec<String> {
        match self {
            System::Fdem(_) => vec!["all".to_owned()],
            System::Tdem(instrument) => instrument.group_names(),
        }
    }

    /// Returns labels of the error groups for people to read.
    pub fn error_group_labels(&self) -> Vec<String> {
        match self {
            System::Fdem(_) => vec!["all channels".to_owned()],
            System::Tdem(instrument) => instrument.group_labels(),
        }
    }

    /// Returns the unit of the data.
    pub fn data_unit(&self) -> String {
        match self {
            System::Fdem(_) => "ppm".to_owned(),
            System::Tdem(instrument) => instrument.data_unit(),
        }
    }

    /// Returns the text of the files as they were read.
    pub fn source_text(&self) -> String {
        match self {
            System::Fdem(system) => system.source_text.clone(),
            System::Tdem(instrument) => instrument.source_text(),
        }
    }
}

/// Returns whether the text is a block file, which begins with `System Begin` after any comments.
fn is_time_domain(text: &str) -> bool {
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let first = lines.find(|line| !(line.is_empty() || line.starts_with("//")));
    first.is_some_and(|line| line.to_ascii_lowercase().starts_with("system"))
}
