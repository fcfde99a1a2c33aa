//! An instrument of any kind; the files say which kind it is.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::channel::Channel;
use super::fdem::FdemSystem;
use super::fdem_blocks;
use super::geometry::GeometryParameter;
use super::kind::Kind;
use super::tdem::{MeasuredField, Normalisation, Output, TdemInstrument, TdemSystem};
use crate::error::{InputError, Result};
use crate::text::read_text;

/// An instrument.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum System {
    /// Pairs of coils at several frequencies.
    Fdem(FdemSystem),
    /// Transients of one or more moments.
    Tdem(TdemInstrument),
}

impl System {
    /// Reads the files of one instrument: frequency-domain tables or block files of coil pairs, or block files of
    /// time-domain moments. Time-domain data are secondary fields of all components until the caller changes this.
    ///
    /// # Errors
    ///
    /// [`Error::Io`](crate::error::Error::Io) when a file cannot be read, [`Error::Input`](crate::error::Error::Input) when
    /// the files are of different kinds or need a conversion, and the errors of the readers.
    pub fn read(paths: &[PathBuf]) -> Result<Self> {
        let texts = paths.iter().map(|path| read_text(path)).collect::<Result<Vec<_>>>()?;
        let files = || paths.iter().zip(&texts);
        let kinds = files().map(|(path, text)| Kind::of(text, path)).collect::<Result<Vec<_>>>()?;
        let is_time_domain = |kind: &Kind| *kind == Kind::TimeDomainBlocks;
        let time_domain = kinds.first().is_some_and(is_time_domain);
        if let Some(other) = kinds.iter().position(|kind| is_time_domain(kind) != time_domain) {
            let expected = format!("{} like {}", kinds[0].words(), paths[0].display());
            return Err(InputError::file(&paths[other], kinds[other].words(), expected));
        }
        if time_domain {
            let systems = files().map(|(path, text)| TdemSystem::parse(text, path)).collect::<Result<Vec<_>>>()?;
            Ok(System::Tdem(TdemInstrument { systems, field: MeasuredField::Secondary, vector_amplitude: false }))
        } else {
            let read = |((path, text), kind): ((&PathBuf, &String), &Kind)| match kind {
                Kind::FrequencyDomainBlocks => fdem_blocks::parse(text, path),
                Kind::Table | Kind::TimeDomainBlocks => FdemSystem::parse(text, path),
            };
            let systems = files().zip(&kinds).map(read).collect::<Result<Vec<_>>>()?;
            Ok(System::Fdem(FdemSystem::join(systems)))
        }
    }

    /// Checks that none of the files is a description of another program that must be converted. Files that are not there or
    /// cannot be read are not checked.
    ///
    /// # Errors
    ///
    /// [`Error::Input`](crate::error::Error::Input), which names the kind of file and the command that converts it.
    pub fn check_kinds(paths: &[PathBuf]) -> Result<()> {
        let readable = paths.iter().filter_map(|path| Some((path, read_text(path).ok()?)));
        for (path, text) in readable {
            Kind::of(&text, path)?;
        }
        Ok(())
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

    /// Whether data are transients.
    pub fn is_time_domain(&self) -> bool {
        matches!(self, System::Tdem(_))
    }

    /// The moments of a time-domain instrument, none of another.
    pub fn moments(&self) -> &[TdemSystem] {
        match self {
            System::Fdem(_) => &[],
            System::Tdem(instrument) => &instrument.systems,
        }
    }

    /// Every channel in order of the data.
    pub fn channels(&self) -> Vec<Channel> {
        match self {
            System::Fdem(system) => {
                let parts = [false, true].into_iter();
                let of_part = |quadrature| system.coil_pairs.iter().map(move |pair| Channel::of_pair(pair, quadrature));
                parts.flat_map(of_part).collect()
            }
            System::Tdem(instrument) => instrument.channels().into_iter().map(Channel::from).collect(),
        }
    }

    /// The group of each channel, numbered as [`error_group_names`](Self::error_group_names).
    pub fn channel_error_groups(&self) -> Vec<usize> {
        match self {
            System::Fdem(system) => vec![0; system.channel_count()],
            System::Tdem(instrument) => instrument.channel_groups(),
        }
    }

    /// Whether the additive error of a channel falls with its time, as white noise averaged over gates does: of dB/dt in a unit of
    /// its own.
    pub fn additive_error_decays(&self) -> bool {
        let decays = |system: &TdemSystem| system.output == Output::DbDt && system.normalisation == Normalisation::None;
        self.is_time_domain() && self.moments().iter().all(decays)
    }

    /// Greatest depth of an interface that is looked for when nothing else is said, in m.
    pub fn usual_depth_m(&self) -> f64 {
        match self {
            System::Fdem(_) => 150.0,
            System::Tdem(_) => 400.0,
        }
    }

    /// Least and greatest additive error when nothing else is said, in the data's unit; of time-domain data, whose unit may be
    /// any, there is none.
    pub fn usual_additive_error(&self) -> Option<(f64, f64)> {
        match self {
            System::Fdem(_) => Some((0.5, 50.0)),
            System::Tdem(_) => None,
        }
    }

    /// The parameters of the geometry that data of this kind can tell something of.
    pub fn sampled_geometry(&self) -> &'static [GeometryParameter] {
        match self {
            System::Fdem(_) => &[GeometryParameter::Height],
            System::Tdem(_) => &GeometryParameter::ALL,
        }
    }

    /// Whether the primary field is part of the data.
    pub fn has_primary(&self) -> bool {
        matches!(self, System::Tdem(instrument) if instrument.field == MeasuredField::Total)
    }

    /// Whether data are the lengths of vectors.
    pub fn is_amplitude(&self) -> bool {
        matches!(self, System::Tdem(instrument) if instrument.vector_amplitude)
    }

    /// Time domain: says with or without the primary field data are, and whether they are the lengths of vectors.
    pub fn set_data(&mut self, field: MeasuredField, vector_amplitude: bool) {
        if let System::Tdem(instrument) = self {
            instrument.field = field;
            instrument.vector_amplitude = vector_amplitude;
        }
    }

    /// The moments of a time-domain instrument, to leave out components.
    pub fn moments_mut(&mut self) -> &mut [TdemSystem] {
        match self {
            System::Fdem(_) => &mut [],
            System::Tdem(instrument) => &mut instrument.systems,
        }
    }

    /// The instrument whose data are single components without the primary field, as survey files have them.
    pub fn of_components(&self) -> Self {
        let mut system = self.clone();
        system.set_data(MeasuredField::Secondary, false);
        system
    }

    /// For each channel the data of [`of_components`](Self::of_components) that it is made of: itself, or the components of a vector.
    pub fn channel_rows(&self) -> Vec<Vec<usize>> {
        match self {
            System::Fdem(system) => (0..system.channel_count()).map(|row| vec![row]).collect(),
            System::Tdem(instrument) => instrument.channel_rows(),
        }
    }

    /// Name, and what is measured with it, in words.
    pub fn description(&self) -> String {
        match self {
            System::Fdem(system) => format!("{}, {} coil pairs", system.name, system.coil_pairs.len()),
            System::Tdem(instrument) => {
                let of = |system: &TdemSystem| {
                    let components: Vec<String> = system.components().iter().map(ToString::to_string).collect();
                    format!("{} ({} gates of {})", system.name, system.gates.len(), components.join(", "))
                };
                instrument.systems.iter().map(of).collect::<Vec<_>>().join(", ")
            }
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
