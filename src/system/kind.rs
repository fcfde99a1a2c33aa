//! The kind of an instrument file, from its text.

use std::path::Path;

use crate::error::{InputError, Result};

/// What an instrument file describes, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A table of frequency-domain coil pairs.
    Table,
    /// GA-AEM's blocks of a frequency-domain system.
    FrequencyDomainBlocks,
    /// GA-AEM's blocks of a time-domain system.
    TimeDomainBlocks,
}

impl Kind {
    /// Returns the kind of the file `path` with this text.
    ///
    /// # Errors
    ///
    /// [`Error::Input`](crate::error::Error::Input) for files of other programs that `geobipy init` converts.
    pub(super) fn of(text: &str, path: &Path) -> Result<Self> {
        if let Some((what, kind, option)) = convertible(text, path) {
            let name = path.display();
            let expected = format!(
                "a .stm file or a table of coil pairs; `geobipy init {kind} --{option} {name} --data SURVEY -o survey.toml` (or init \
                 with another kind of survey) makes them from this file"
            );
            return Err(InputError::file(path, what, expected));
        }
        let first = lines(text).next().unwrap_or_default().to_ascii_lowercase();
        if !first.starts_with("system") {
            return Ok(Self::Table);
        }
        let is_frequency = is_frequency_domain(text);
        Ok(if is_frequency { Self::FrequencyDomainBlocks } else { Self::TimeDomainBlocks })
    }

    /// The kind in words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Table => "a table of frequency-domain coil pairs",
            Self::FrequencyDomainBlocks => "a frequency-domain system",
            Self::TimeDomainBlocks => "a time-domain system",
        }
    }
}

/// Returns whether a text of blocks says that it is a frequency-domain system.
pub(super) fn is_frequency_domain(text: &str) -> bool {
    let value = lines(text).filter_map(|line| line.split_once('=')).find_map(|(key, value)| {
        let value = value.split("//").next().unwrap_or_default();
        key.trim().eq_ignore_ascii_case("type").then_some(value)
    });
    let letters = |value: &str| value.chars().filter(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
    value.is_some_and(|value| letters(value) == "frequencydomain")
}

/// The lines of a text without blank lines and lines of comments.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    lines.filter(|line| !(line.is_empty() || line.starts_with("//")))
}

/// Returns the kind of a file of another program, and the kind of survey and the option with which `geobipy init` converts it.
fn convertible(text: &str, path: &Path) -> Option<(&'static str, &'static str, &'static str)> {
    let is_named = |endings: &[&str]| {
        path.extension().is_some_and(|ending| endings.iter().any(|known| ending.eq_ignore_ascii_case(known)))
    };
    let mut sections = text.trim_start_matches('\u{feff}').lines().map(|line| line.trim().to_ascii_lowercase());
    if is_named(&["gex"]) || sections.any(|line| line.starts_with("[general]")) {
        return Some(("an Aarhus .gex file", "helicopter", "gex"));
    }
    let is_yaml = || lines(text).any(|line| line.starts_with("transmitter:") || line.starts_with("submethod:"));
    (is_named(&["yml", "yaml"]) || is_yaml()).then_some((
        "a description in gspy's YAML",
        if text.to_lowercase().contains("frequency domain") { "frequency" } else { "helicopter" },
        "gspy",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str, name: &str) -> std::result::Result<Kind, String> {
        Kind::of(text, Path::new(name)).map_err(|error| error.to_string())
    }

    #[test]
    fn kinds_are_found_in_the_text() {
        assert_eq!(kind("// x\n\nfreq, tor\n", "a.stm"), Ok(Kind::Table));
        assert_eq!(kind("// x\nSYSTEM begin\nType = time domain\n", "a.stm"), Ok(Kind::TimeDomainBlocks));
        assert_eq!(kind("System Begin\n type = FREQUENCY  DOMAIN // x\n", "a.stm"), Ok(Kind::FrequencyDomainBlocks));
        assert_eq!(kind("", "a.stm"), Ok(Kind::Table));
    }

    #[test]
    fn files_of_other_programs_are_named_with_the_command_that_converts_them() {
        for (text, name, what, option) in [
            ("/ made by x\n[General]\n", "a.stm", "an Aarhus .gex file", "--gex a.stm"),
            ("", "A.GEX", "an Aarhus .gex file", "--gex A.GEX"),
            ("s:\n  submethod: time domain\n", "a", "a description in gspy's YAML", "--gspy a"),
            ("s:\n", "a.yml", "a description in gspy's YAML", "--gspy a.yml"),
        ] {
            let message = kind(text, name).unwrap_err();
            assert!(message.contains(what) && message.contains(option) && message.lines().count() == 1, "{message}");
        }
    }
}
