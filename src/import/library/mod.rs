//! A library of instruments by name. The instrument files are data; the comment at the head of each says its source and which of
//! its numbers are nominal.

#[cfg(test)]
mod tests;

use std::path::Path;

use super::made::{MadeInstrument, Moment};
use crate::config::SurveyKind;
use crate::error::{Error, Result};
use crate::system::{CoilPair, FdemSystem, TdemSystem};

/// An instrument of the library.
#[derive(Debug)]
pub struct LibraryEntry {
    name: &'static str,
    kind: SurveyKind,
    /// Names without ending and texts of the instrument files, in order of the data.
    files: &'static [(&'static str, &'static str)],
    /// Position of the receiver relative to the transmitter in m, ahead, left and up; `None` in frequency domain.
    offset_m: Option<[f64; 3]>,
}

/// Writes the files of an entry as pairs of name and text.
macro_rules! files {
    ($($name:literal),+) => { &[$(($name, include_str!(concat!($name, ".stm")))),+] };
}

/// All instruments.
const ENTRIES: &[LibraryEntry] = &[
    LibraryEntry { name: "resolve", kind: SurveyKind::Frequency, files: files!("resolve"), offset_m: None },
    LibraryEntry { name: "dighem", kind: SurveyKind::Frequency, files: files!("dighem"), offset_m: None },
    LibraryEntry {
        name: "skytem-304m",
        kind: SurveyKind::Helicopter,
        files: files!("skytem-304m-lm", "skytem-304m-hm"),
        offset_m: Some([-13.25, 0.0, 2.0]),
    },
    LibraryEntry {
        name: "skytem-312",
        kind: SurveyKind::Helicopter,
        files: files!("skytem-312-lm", "skytem-312-hm"),
        offset_m: Some([-13.3, 0.0, 2.0]),
    },
    LibraryEntry { name: "vtem", kind: SurveyKind::Helicopter, files: files!("vtem"), offset_m: Some([0.0, 0.0, 0.0]) },
    LibraryEntry {
        name: "helitem",
        kind: SurveyKind::Helicopter,
        files: files!("helitem"),
        offset_m: Some([12.5, 0.0, 26.0]),
    },
    LibraryEntry {
        name: "tempest",
        kind: SurveyKind::FixedWing,
        files: files!("tempest"),
        offset_m: Some([-120.0, 0.0, -40.0]),
    },
    LibraryEntry {
        name: "geotem",
        kind: SurveyKind::FixedWingPpm,
        files: files!("geotem"),
        offset_m: Some([-120.0, 0.0, -45.0]),
    },
    LibraryEntry {
        name: "spectrem",
        kind: SurveyKind::FixedWingPpm,
        files: files!("spectrem"),
        offset_m: Some([-120.0, 0.0, -40.0]),
    },
];

impl LibraryEntry {
    /// Returns all instruments of the library.
    pub fn all() -> &'static [Self] {
        ENTRIES
    }

    /// Returns the instrument with a name. Upper and lower case, blanks, hyphens and underscores make no difference.
    pub fn find(name: &str) -> Option<&'static Self> {
        let name = plain(name);
        ENTRIES.iter().find(|entry| plain(entry.name) == name)
    }

    /// Returns the names of all instruments, with commas between.
    pub fn names() -> String {
        ENTRIES.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", ")
    }

    /// Returns the name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the kind of survey that the instrument is flown in.
    pub fn kind(&self) -> SurveyKind {
        self.kind
    }

    /// Returns the names and texts of the instrument files, in order of the data.
    pub fn files(&self) -> impl Iterator<Item = (String, &'static str)> {
        self.files.iter().map(|(stem, text)| (format!("{stem}.stm"), *text))
    }

    /// Returns the report or paper that describes the instrument, without its title.
    pub fn source(&self) -> String {
        let source = self.said("Source");
        source.split_once(": ").map_or(source.clone(), |(place, _)| place.to_owned())
    }

    /// Returns what differs from survey to survey and must be replaced.
    pub fn nominal(&self) -> String {
        self.said("Nominal")
    }

    /// Returns the paragraph of the first file's head that begins with `label`.
    fn said(&self, label: &str) -> String {
        let begins = format!("// {label}: ");
        let lines = self.files[0].1.lines().skip_while(|line| !line.starts_with(&begins));
        let paragraph = lines.take_while(|line| *line != "//").map(|line| line.trim_start_matches("// "));
        paragraph.collect::<Vec<_>>().join(" ").split_off(label.len() + ": ".len())
    }

    /// Returns for each instrument file its frequencies with the axes of the coils, or its moment with the gates.
    ///
    /// # Errors
    /// An instrument file is wrong.
    pub fn measures(&self) -> Result<Vec<String>> {
        self.files.iter().map(|(stem, text)| self.measured(stem, text)).collect()
    }

    fn measured(&self, stem: &str, text: &str) -> Result<String> {
        let path = Path::new(stem);
        if self.kind == SurveyKind::Frequency {
            let pairs = FdemSystem::parse(text, path)?.coil_pairs;
            let pair = |pair: &CoilPair| format!("{} {}{}", pair.frequency_hz, pair.tx_axis, pair.rx_axis);
            return Ok(format!("{} Hz", pairs.iter().map(pair).collect::<Vec<_>>().join(", ")));
        }
        let system = TdemSystem::parse(text, path)?;
        let ms = |time_s: f64| format!("{:.3}", time_s * 1e3);
        let (first_s, last_s) =
            (system.gates.first().map(|gate| gate.start_s), system.gates.last().map(|gate| gate.end_s));
        let times = format!("{} to {} ms", ms(first_s.unwrap_or_default()), ms(last_s.unwrap_or_default()));
        Ok(format!("{}: {} Hz, {} gates, {times}", system.name, system.base_frequency_hz, system.gates.len()))
    }

    /// Returns the instrument files and settings.
    ///
    /// # Errors
    /// An instrument file is wrong.
    pub fn made(&self) -> Result<MadeInstrument> {
        let mut made = MadeInstrument { offset_m: self.offset_m, ..MadeInstrument::default() };
        for (stem, text) in self.files {
            let scaling = match self.kind {
                SurveyKind::Frequency => [0.0; 3],
                _ => TdemSystem::parse(text, Path::new(stem))?.output_scaling,
            };
            let moment = Moment { name: (*stem).to_owned(), stm: (*text).to_owned(), offset_m: self.offset_m };
            made.push(moment, scaling);
        }
        made.notes.push(format!(
            "{}: nominal, to be replaced by the contractor's numbers: {}",
            self.name,
            self.nominal()
        ));
        Ok(made)
    }

    /// Returns the error for a name that is neither a file nor an instrument.
    pub fn unknown(name: &str) -> Error {
        Error::setting(
            "--system",
            format!(
                "--system: got {name}, which is no file and no instrument of the library, expected a file or one of {}",
                Self::names()
            ),
        )
    }
}

/// Returns the letters and digits of a name, in lower case.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).flat_map(char::to_lowercase).collect()
}
