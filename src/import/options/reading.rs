//! Reads options as values of the required type, and keeps track of the unused ones.

use std::collections::{BTreeMap, HashSet};

use super::keys;
use super::source::Source;
use super::syntax::{Assignment, Options};
use super::value::{DataKind, Value};
use crate::error::{Error, InputError};

/// The options during translation.
pub(super) struct Reading<'a> {
    source: &'a Source<'a>,
    options: &'a Options,
    taken: HashSet<&'a str>,
    pub errors: Vec<Error>,
    pub notes: Vec<String>,
}

impl<'a> Reading<'a> {
    pub fn new(source: &'a Source<'a>, options: &'a Options) -> Self {
        let mut reading =
            Self { source, options, taken: HashSet::new(), errors: Vec::new(), notes: options.warnings.clone() };
        reading.check_known();
        reading
    }

    /// Reports unknown names that no other assignment uses.
    fn check_known(&mut self) {
        let known: HashSet<String> = keys::all().into_iter().collect();
        for (name, assignment) in &self.options.assignments {
            if !known.contains(name) && !self.options.helpers.contains(name) {
                let expected = match keys::like(name) {
                    Some(like) => format!("{like} (did you mean that?)"),
                    None => "an option of GeoBIPy, or a name that a later assignment uses".to_owned(),
                };
                let got = format!("unknown option {name}");
                self.errors.push(InputError::line(self.source.path, assignment.line, got, expected));
            }
        }
    }

    /// Returns the assignment of `key`, unless its value is None.
    fn take(&mut self, key: &str) -> Option<&'a Assignment> {
        let (name, assignment) = self.options.assignments.get_key_value(key)?;
        self.taken.insert(name);
        (assignment.value != Value::None).then_some(assignment)
    }

    /// Returns the value of `key`, converted by `convert`; nothing if there is no such key. A value of another type is
    /// an error.
    fn get<T>(&mut self, key: &str, expected: &str, convert: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let assignment = self.take(key)?;
        let converted = convert(&assignment.value);
        if converted.is_none() {
            self.wrong(key, assignment.value.describe(), expected);
        }
        converted
    }

    /// Adds an error about the value of `key`, or about its absence.
    pub fn wrong(&mut self, key: &str, got: impl std::fmt::Display, expected: impl std::fmt::Display) {
        self.errors.push(match self.line(key) {
            Some(line) => InputError::cell(self.source.path, line, key, got, expected),
            None => InputError::file(self.source.path, format_args!("no {key}"), expected),
        });
    }

    /// Returns the line on which `key` is assigned.
    pub fn line(&self, key: &str) -> Option<usize> {
        self.options.assignments.get(key).map(|assignment| assignment.line)
    }

    /// Returns whether `key` is assigned and not None.
    pub fn has(&self, key: &str) -> bool {
        self.options.assignments.get(key).is_some_and(|assignment| assignment.value != Value::None)
    }

    /// Returns a Boolean option, false if it is absent.
    pub fn flag(&mut self, key: &str) -> bool {
        let flag = |value: &Value| if let Value::Bool(flag) = value { Some(*flag) } else { None };
        self.get(key, "True or False", flag).unwrap_or(false)
    }

    pub fn number(&mut self, key: &str) -> Option<f64> {
        self.get(key, "a number", Value::number)
    }

    /// Returns a whole number, which may be written with a decimal point.
    pub fn whole(&mut self, key: &str) -> Option<i64> {
        self.get(key, "a whole number", |value| {
            value.number().filter(|number| number.fract() == 0.0 && number.abs() < 1e15).map(|number| number as i64)
        })
    }

    /// Returns a number or a list of numbers.
    pub fn numbers(&mut self, key: &str) -> Option<Vec<f64>> {
        self.get(key, "a number or a list of numbers", |value| value.numbers().filter(|list| !list.is_empty()))
    }

    pub fn text(&mut self, key: &str) -> Option<String> {
        self.get(key, "text", text)
    }

    /// Returns a text or a list of texts.
    pub fn texts(&mut self, key: &str) -> Option<Vec<String>> {
        self.get(key, "a file name or a list of file names", |value| match value {
            Value::List(values) if !values.is_empty() => values.iter().map(text).collect(),
            _ => text(value).map(|one| vec![one]),
        })
    }

    pub fn kind(&mut self, key: &str) -> Option<DataKind> {
        let kind = |value: &Value| if let Value::Kind(kind) = value { Some(*kind) } else { None };
        self.get(key, "FdemData, TdemData or TempestData", kind)
    }

    /// Returns the remainder of a seed divided by 2^63; a text names a file that contains the seed.
    pub fn seed(&mut self, key: &str) -> Option<i64> {
        const LONGEST: i128 = 1 << 63;
        let seed = self.get(key, "an integer that is not negative", |value| match value {
            Value::Int(seed) if *seed >= 0 => Some(Some((seed % LONGEST) as i64)),
            Value::LongInt(seed) => Some(Some(*seed as i64)),
            Value::Text(_) => Some(None),
            _ => None,
        })?;
        if seed.is_none() {
            self.notes.push(format!("{key} names a file, which is not read: the seed is the default one"));
        }
        seed
    }

    /// Returns `get` of a required key.
    pub fn required<T>(&mut self, key: &str, expected: &str, get: impl Fn(&mut Self, &str) -> Option<T>) -> Option<T> {
        if !self.has(key) {
            self.wrong(key, "None", expected);
            return None;
        }
        get(self, key)
    }

    /// Returns the options without effect, by reason.
    pub fn idle(&self) -> BTreeMap<&'static str, Vec<&'a str>> {
        let known: HashSet<String> = keys::all().into_iter().collect();
        let mut by_reason: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for name in self.options.assignments.keys() {
            if known.contains(name) && !self.taken.contains(name.as_str()) {
                by_reason.entry(keys::reason(name)).or_default().push(name.as_str());
            }
        }
        by_reason
    }
}

fn text(value: &Value) -> Option<String> {
    if let Value::Text(text) = value { Some(text.clone()) } else { None }
}
