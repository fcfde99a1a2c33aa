//! Values in range, and where in the file one is not.

use std::path::Path;

use crate::error::{Error, InputError};

/// A value out of range.
pub(super) struct WrongValue {
    pub(super) key: String,
    pub(super) got: String,
    pub(super) expected: String,
}

impl WrongValue {
    /// The error, with the line of the key where the file has it.
    pub(super) fn at(&self, text: &str, path: &Path) -> Error {
        // Below its table's header, or dotted.
        let names = [self.key.as_str(), self.key.rsplit('.').next().unwrap_or(&self.key)];
        let stands_here = |line: &str| {
            let after = names.iter().find_map(|name| line.trim_start().strip_prefix(name));
            after.is_some_and(|rest| rest.trim_start().starts_with('='))
        };
        match text.lines().position(stands_here) {
            Some(line) => InputError::cell(path, line + 1, &self.key, &self.got, &self.expected),
            None => InputError::file(path, format!("{} = {}", self.key, self.got), &self.expected),
        }
    }
}

/// Collects what is out of range.
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

    pub(super) fn positive(&mut self, key: &str, got: f64) {
        self.require(key, got > 0.0 && got.is_finite(), got, "a positive number");
    }

    pub(super) fn above(&mut self, key: &str, got: f64, bound: f64, name: &str) {
        self.require(key, got > bound && got.is_finite(), got, format!("more than {name} ({bound})"));
    }

    pub(super) fn at_least(&mut self, key: &str, got: f64, bound: f64, name: &str) {
        self.require(key, got >= bound && got.is_finite(), got, format!("at least {name} ({bound})"));
    }
}
