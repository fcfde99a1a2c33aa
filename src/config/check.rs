//! Finds values that are out of range, and their line in the configuration file.

use std::path::Path;

use crate::error::{Error, InputError};

/// A value out of range.
pub(super) struct WrongValue {
    pub(super) key: String,
    pub(super) got: String,
    pub(super) expected: String,
}

impl WrongValue {
    /// Returns the error, with the line of the key if the file has it, or the matching element of `sets` from the
    /// command line.
    pub(super) fn at(&self, text: &str, path: &Path, sets: &[String]) -> Error {
        let is_this = |set: &&String| set.split_once('=').is_some_and(|(key, _)| key.trim() == self.key);
        if let Some(set) = sets.iter().find(is_this) {
            let message = format!("--set {set}: got {}, expected {}", self.got, self.expected);
            return Error::setting(&self.key, message);
        }
        match line_of(&self.key, text) {
            Some(line) => InputError::cell(path, line, &self.key, &self.got, &self.expected),
            None => InputError::file(path, format!("{} = {}", self.key, self.got), &self.expected),
        }
    }
}

/// Returns the line, from 1, that gives `key` its value: as a dotted key, below the header of its table, or in an
/// inline table.
fn line_of(key: &str, text: &str) -> Option<usize> {
    let mut table = String::new();
    let mut inline = None;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            table = header.split(']').next().unwrap_or_default().trim().to_owned() + ".";
        } else if let Some((name, _)) = line.split_once('=') {
            let name = name.trim();
            let here = if table.is_empty() { name.to_owned() } else { format!("{table}{name}") };
            if here == key {
                return Some(number);
            }
            if key.strip_prefix(&here).is_some_and(|rest| rest.starts_with('.')) {
                inline = Some(number);
            }
        }
    }
    inline
}

/// Collects values that are out of range.
#[derive(Default)]
pub(super) struct Checker {
    pub(super) wrong: Vec<WrongValue>,
}

impl Checker {
    pub(super) fn require(&mut self, key: &str, fine: bool, got: impl ToString, expected: impl ToString) {
        if !fine {
            self.wrong.push(WrongValue { key: key.to_owned(), got: got.to_string(), expected: expected.to_string() });
        }
    }

    pub(super) fn range(&mut self, key: &str, got: f64, low: f64, high: f64) {
        self.require(key, (low..=high).contains(&got), got, format!("a number from {low} to {high}"));
    }

    pub(super) fn above(&mut self, key: &str, got: f64, bound: f64, name: &str) {
        self.require(key, got > bound && got.is_finite(), got, format!("more than {name} ({bound})"));
    }

    pub(super) fn at_least(&mut self, key: &str, got: f64, bound: f64, name: &str) {
        self.require(key, got >= bound && got.is_finite(), got, format!("at least {name} ({bound})"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_their_own_table() {
        let text = "a.x = 1\n[b]\nx = 2 # [c]\n[b.c]\nx = 3\nd = { x = 4 }\n";
        for (key, line) in [("a.x", Some(1)), ("b.x", Some(3)), ("b.c.x", Some(5)), ("b.c.d.x", Some(6)), ("c.x", None)]
        {
            assert_eq!(line_of(key, text), line, "{key}");
        }
    }
}
