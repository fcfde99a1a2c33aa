//! `--set key=value`: values on the command line that replace those of the file.

use std::path::Path;

use toml::{Table, Value};

use super::description::description;
use super::syntax::syntax_error;
use super::whole::Config;
use crate::error::{Error, Result};

/// Returns the configuration of `table` with the values of `sets`.
pub(super) fn apply(mut table: Table, sets: &[String]) -> Result<Config> {
    for set in sets {
        let key_of_set = set.split('=').next().unwrap_or_default().trim();
        let wrong = |expected: &str| Error::setting(key_of_set, format!("--set {set}: expected {expected}"));
        let (key, value) = set.split_once('=').ok_or_else(|| wrong("key=value, as in model.maximum_layers=20"))?;
        let keys: Vec<&str> = key.split('.').map(str::trim).collect();
        if keys.iter().any(|key| key.is_empty()) {
            return Err(wrong("key=value, as in model.maximum_layers=20"));
        }
        let path = vec![(keys, parse(value.trim()))];
        // A configuration with this value only shows whether the key exists and accepts the value.
        let alone = toml::to_string(&path.iter().fold(Table::new(), |mut table, (keys, value)| {
            insert(&mut table, keys, value.clone());
            table
        }));
        let alone = alone.map_err(|error| wrong(&error.to_string()))?;
        if let Err(error) = toml::from_str::<Config>(&alone) {
            let whole = if keys_of(set) == 1 { whole_keys(key.trim()) } else { Vec::new() };
            return Err(match syntax_error(&alone, Path::new(""), &error) {
                _ if !whole.is_empty() => wrong(&whole.join(" or ")),
                Error::Input(input) => {
                    let message = format!("--set {set}: got {}, expected {}", input.got, input.expected);
                    Error::setting(key_of_set, message)
                }
                error => error,
            });
        }
        for (keys, value) in path {
            insert(&mut table, &keys, value);
        }
    }
    // Each value fits its key, and the file was read before.
    table.try_into().map_err(|error| Error::Config(format!("--set: {error}")))
}

/// Returns the keys before the value.
fn keys_of(set: &str) -> usize {
    set.split('=').next().unwrap_or_default().split('.').count()
}

/// Returns the full keys that end in `key`.
fn whole_keys(key: &str) -> Vec<String> {
    let schema = description();
    let sections = schema.as_value()["properties"].as_object().into_iter().flatten();
    sections
        .filter(|(_, section)| section["properties"].get(key).is_some())
        .map(|(name, _)| format!("{name}.{key}"))
        .collect()
}

/// Parses a TOML value. Any other text becomes a string, so that file names need no quotes.
fn parse(value: &str) -> Value {
    let table: Option<Table> = toml::from_str(&format!("value = {value}")).ok();
    // More than one key means that the value contains further lines.
    let single = table.filter(|table| table.len() == 1).and_then(|mut table| table.remove("value"));
    single.unwrap_or_else(|| Value::String(value.to_owned()))
}

fn insert(table: &mut Table, keys: &[&str], value: Value) {
    match keys {
        [] => {}
        [last] => {
            table.insert((*last).to_owned(), value);
        }
        [first, rest @ ..] => {
            let inner = table.entry((*first).to_owned()).or_insert_with(|| Value::Table(Table::new()));
            if !inner.is_table() {
                *inner = Value::Table(Table::new());
            }
            if let Value::Table(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(sets: &[&str]) -> Result<Config> {
        let table =
            toml::from_str("[survey]\ndata = 'a.csv'\nsystem = 's.stm'\n[model]\nmaximum_layers = 5\n").unwrap();
        apply(table, &sets.iter().map(|&set| set.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn values_replace_those_of_the_file() {
        let config = set(&[
            "model.maximum_layers = 7",
            "survey.data=b.csv",
            "errors.additive_minimum=[1, 2]",
            "model.minimum_depth_m=2",
        ])
        .unwrap();
        assert_eq!((config.model.maximum_layers, config.model.minimum_depth_m), (7, 2.0));
        assert_eq!(config.survey.data, Path::new("b.csv"));
        assert_eq!(config.errors.additive_minimum.unwrap().list(), [1.0, 2.0]);
    }

    #[test]
    fn mistakes_are_told_as_on_the_command_line() {
        for (text, expected) in [
            (
                "model.maximum_layer=7",
                "--set model.maximum_layer=7: got unknown key maximum_layer, expected maximum_layers (did you mean that?)",
            ),
            ("model=7", "--set model=7: got integer `7`, expected a table of keys"),
            ("model.maximum_layers=x", "--set model.maximum_layers=x: got string \"x\", expected a whole number"),
            ("maximum_layers=7", "--set maximum_layers=7: expected model.maximum_layers"),
            ("x", "--set x: expected key=value, as in model.maximum_layers=20"),
            (".a=1", "--set .a=1: expected key=value, as in model.maximum_layers=20"),
        ] {
            assert_eq!(set(&[text]).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn a_value_cannot_bring_keys_with_it() {
        assert_eq!(parse("1\nother = 2"), Value::String("1\nother = 2".to_owned()));
        assert_eq!(parse("1e-3"), Value::Float(1e-3));
        assert_eq!(parse("../a b.csv"), Value::String("../a b.csv".to_owned()));
    }
}
