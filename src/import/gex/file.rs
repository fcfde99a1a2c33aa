//! The sections and keys of a `.gex` file.

use std::fmt::Display;
use std::path::Path;

use crate::error::{Error, InputError, Result};

/// Largest number in the name of a key, as in `GateTime37`.
const MOST: usize = 10_000;

/// Number of names in a message.
const SHOWN: usize = 6;

/// A file that was read: sections in brackets with keys in each.
pub(super) struct GexFile<'a> {
    pub path: &'a Path,
    pub sections: Vec<GexSection<'a>>,
}

/// One section.
pub(super) struct GexSection<'a> {
    pub path: &'a Path,
    pub name: String,
    pub line: usize,
    keys: Vec<GexKey>,
}

/// `name=value`.
pub(super) struct GexKey {
    pub name: String,
    pub value: String,
    pub line: usize,
}

impl<'a> GexFile<'a> {
    /// Reads a text. Lines that begin with `/`, `#` or `;` are comments, as is what follows `#` in a line. Upper and lower case
    /// of names make no difference.
    pub fn parse(text: &str, path: &'a Path) -> Result<Self> {
        let mut sections: Vec<GexSection> = Vec::new();
        for (line, row) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
            let row = row.split('#').next().unwrap_or_default().trim();
            if row.is_empty() || row.starts_with(['/', ';']) {
                continue;
            }
            if let Some(rest) = row.strip_prefix('[') {
                let Some((name, _)) = rest.split_once(']') else {
                    return Err(InputError::line(
                        path,
                        line,
                        format_args!("`{}`", short(row)),
                        "`]` after the section's name",
                    ));
                };
                let name = name.trim().to_owned();
                if let Some(first) = sections.iter().find(|section| section.name.eq_ignore_ascii_case(&name)) {
                    let expected = format!("only the one in line {}", first.line);
                    return Err(InputError::line(path, line, format_args!("a second section [{name}]"), expected));
                }
                sections.push(GexSection { path, name, line, keys: Vec::new() });
                continue;
            }
            // Some files have a title before the first section.
            let Some(section) = sections.last_mut() else { continue };
            let Some((name, value)) = row.split_once('=') else {
                return Err(InputError::line(
                    path,
                    line,
                    format_args!("`{}`", short(row)),
                    "`[section]` or `key=value`",
                ));
            };
            let key = GexKey { name: name.trim().to_owned(), value: value.trim().to_owned(), line };
            match section.key(&key.name) {
                Some(first) if first.value != key.value => {
                    let got = format!("a second {} with another value in [{}]", key.name, section.name);
                    return Err(InputError::line(path, line, got, format_args!("only the one in line {}", first.line)));
                }
                Some(_) => {}
                None => section.keys.push(key),
            }
        }
        Ok(Self { path, sections })
    }

    /// Returns the section `[General]`, which is required.
    pub fn general(&self) -> Result<&GexSection<'a>> {
        let found = self.sections.iter().find(|section| section.name.eq_ignore_ascii_case("general"));
        found.ok_or_else(|| InputError::file(self.path, "no section [General]", "an Aarhus .gex file"))
    }

    /// Returns the sections `[Channel1]`, `[Channel2]` and so on, in order of their numbers.
    pub fn channels(&self) -> Result<Vec<&GexSection<'a>>> {
        let numbered =
            self.sections.iter().filter_map(|section| Some((number_after(&section.name, "channel")?, section)));
        let mut channels: Vec<_> = numbered.collect();
        channels.sort_by_key(|(number, _)| *number);
        if channels.is_empty() {
            return Err(InputError::file(self.path, "no section [Channel1]", "a section for each channel"));
        }
        Ok(channels.into_iter().map(|(_, section)| section).collect())
    }
}

impl GexFile<'_> {
    /// Returns a note with the names of keys in `[General]` and the channels that do not begin like those in `read`.
    pub fn unread(&self, read: &[&str]) -> Option<String> {
        let is_read = |key: &GexKey| read.iter().any(|start| key.name.to_lowercase().starts_with(start));
        let mut names: Vec<&str> = Vec::new();
        for key in self.sections.iter().flat_map(|section| &section.keys).filter(|key| !is_read(key)) {
            if !names.iter().any(|name| name.eq_ignore_ascii_case(&key.name)) {
                names.push(&key.name);
            }
        }
        let more = if names.len() > SHOWN { ", ..." } else { "" };
        let shown: Vec<String> = names.iter().take(SHOWN).map(|name| short(name)).collect();
        (!names.is_empty()).then(|| format!("keys that are not read: {}{more}", shown.join(", ")))
    }
}

/// Returns the number at the end of `name` after `stem`, ignoring case.
fn number_after(name: &str, stem: &str) -> Option<usize> {
    let (start, digits) = (name.get(..stem.len())?, name.get(stem.len()..)?);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|number| is_number && *number <= MOST && start.eq_ignore_ascii_case(stem))
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

impl GexSection<'_> {
    /// Returns the key with this name.
    pub fn key(&self, name: &str) -> Option<&GexKey> {
        self.keys.iter().find(|key| key.name.eq_ignore_ascii_case(name))
    }

    /// Returns the text of a key, `None` if there is none or it is empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.key(name).map(|key| key.value.as_str()).filter(|value| !value.is_empty())
    }

    /// Returns all keys whose names are `stem` and a number, in order of the numbers, which must not have gaps.
    pub fn numbered(&self, stem: &str) -> Result<Vec<&GexKey>> {
        let mut found: Vec<_> =
            self.keys.iter().filter_map(|key| Some((number_after(&key.name, stem)?, key))).collect();
        found.sort_by_key(|(number, _)| *number);
        if let Some(pair) = found.windows(2).find(|pair| pair[1].0 != pair[0].0 + 1) {
            let got = format!("{} after {}", pair[1].1.name, pair[0].1.name);
            return Err(self.wrong_line(pair[1].1.line, got, "numbers without gaps, each once"));
        }
        Ok(found.into_iter().map(|(_, key)| key).collect())
    }

    /// Returns the numbers of a key, which must be `N`.
    pub fn row<const N: usize>(&self, key: &GexKey, expected: &str) -> Result<[f64; N]> {
        let numbers: Option<Vec<f64>> = numbers(&key.value);
        let row = numbers.and_then(|numbers| <[f64; N]>::try_from(numbers).ok());
        row.ok_or_else(|| self.wrong(key, expected))
    }

    /// Returns the numbers of a key, any number of them.
    pub fn numbers(&self, key: &GexKey, expected: &str) -> Result<Vec<f64>> {
        numbers(&key.value).filter(|all| !all.is_empty()).ok_or_else(|| self.wrong(key, expected))
    }

    /// Returns the number of a key, `None` if there is no such key.
    pub fn number(&self, name: &str) -> Result<Option<f64>> {
        let key = self.key(name).filter(|key| !key.value.is_empty());
        key.map(|key| self.row(key, "a number").map(|[number]| number)).transpose()
    }

    /// Returns the count of a key, `None` if there is no such key.
    pub fn count(&self, name: &str) -> Result<Option<usize>> {
        let Some(number) = self.number(name)? else { return Ok(None) };
        if number.fract() == 0.0 && (0.0..=MOST as f64).contains(&number) {
            return Ok(Some(number as usize));
        }
        let expected = format!("a whole number from 0 to {MOST}");
        Err(self.key(name).map_or_else(|| self.missing(name, &expected), |key| self.wrong(key, &expected)))
    }

    /// Returns the error about a key.
    pub fn wrong(&self, key: &GexKey, expected: impl Display) -> Error {
        self.wrong_line(key.line, format_args!("{}={}", key.name, short(&key.value)), expected)
    }

    /// Returns the error about a key that is not there.
    pub fn missing(&self, name: &str, expected: impl Display) -> Error {
        self.wrong_line(self.line, format_args!("no {name} in [{}]", self.name), expected)
    }

    pub fn wrong_line(&self, line: usize, got: impl Display, expected: impl Display) -> Error {
        InputError::line(self.path, line, got, expected)
    }
}

/// Returns the numbers of a value. What follows `/` or `;` is a comment.
fn numbers(value: &str) -> Option<Vec<f64>> {
    let value = value.split(['/', ';']).next().unwrap_or_default();
    let number = |word: &str| word.parse().ok().filter(|number: &f64| number.is_finite());
    value.split_whitespace().map(number).collect()
}
