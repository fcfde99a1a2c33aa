//! Noise as keys of a configuration.

use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, Value};

use super::estimate::NoiseEstimate;
use super::separate::AdditiveNoise;
use crate::config::Config;
use crate::error::{Error, InputError, Result};
use crate::files::replace_file;
use crate::run::read_system;
use crate::system::System;

/// Bounds of noise relative to its estimate.
const BOUNDS: (f64, f64) = (0.5, 2.0);
/// Numbers in a row of a list.
const IN_A_ROW: usize = 6;

/// Keys of a configuration's `[errors]` and their values, written as TOML.
#[derive(Debug, Clone, PartialEq)]
pub struct NoiseKeys {
    keys: Vec<(&'static str, String)>,
    /// Channels without a datum; they have the noise of the nearest channel of their group.
    pub without_data: Vec<String>,
}

impl NoiseKeys {
    /// Makes the keys from an estimate.
    ///
    /// # Errors
    /// A channel that has data in the survey has no estimate, or an additive noise is 0.
    pub fn new(estimate: &NoiseEstimate, config: &Config, system: &System) -> Result<Self> {
        let channels = &estimate.channels;
        let mut missing = Vec::new();
        let mut without_data = Vec::new();
        let mut additive = Vec::new();
        let positive = |noise: Option<AdditiveNoise>| noise.map(AdditiveNoise::value).filter(|value| *value > 0.0);
        for (i, channel) in channels.iter().enumerate() {
            if let Some(value) = positive(channel.additive) {
                additive.push(value);
                continue;
            }
            let near = (0..channels.len())
                .filter(|&j| channels[j].group == channel.group)
                .filter_map(|j| Some((i.abs_diff(j), positive(channels[j].additive)?)))
                .min_by_key(|(distance, _)| *distance);
            match near {
                Some((_, value)) if channel.median.is_nan() => {
                    without_data.push(channel.name.clone());
                    additive.push(value);
                }
                _ => missing.push(channel.name.as_str()),
            }
        }
        if !missing.is_empty() {
            let shown = missing[..missing.len().min(5)].join(", ");
            let more = missing.len().checked_sub(5).filter(|more| *more > 0);
            let more = more.map_or_else(String::new, |more| format!(" and {more} more"));
            return Err(Error::Config(format!(
                "no keys for the configuration: {shown}{more} have no noise above 0 with enough values"
            )));
        }
        let numbers: Vec<String> = additive.iter().map(|value| short(*value)).collect();
        let rows: Vec<String> = numbers.chunks(IN_A_ROW).map(|row| format!("  {},\n", row.join(", "))).collect();
        let mut keys = vec![
            ("additive_per_channel", format!("[\n{}]", rows.concat())),
            ("additive_minimum", BOUNDS.0.to_string()),
            ("additive_maximum", BOUNDS.1.to_string()),
        ];
        if estimate.relative.iter().any(Option::is_some) {
            let count = system.error_group_names().len();
            for (key, factor, given) in [
                ("relative_minimum", BOUNDS.0, &config.errors.relative_minimum),
                ("relative_maximum", BOUNDS.1, &config.errors.relative_maximum),
            ] {
                // Groups without an estimate keep what the configuration says.
                let given = given.values(count).unwrap_or_default();
                let values: Vec<String> = estimate
                    .relative
                    .iter()
                    .zip(&given)
                    .map(|(relative, given)| relative.map_or(*given, |relative| factor * relative))
                    .map(short)
                    .collect();
                let list = values.join(", ");
                keys.push((key, if count == 1 { list } else { format!("[{list}]") }));
            }
        }
        Ok(Self { keys, without_data })
    }

    /// Returns the section `[errors]` with only these keys.
    pub fn to_toml(&self) -> String {
        let keys: Vec<String> = self.keys.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
        format!("[errors]\n{}", keys.concat())
    }

    /// Writes the keys into the configuration file `path`, which keeps its comments and the order of its keys.
    ///
    /// # Errors
    /// The file is no TOML, or the new configuration would not be valid; the file is then unchanged.
    pub fn write_into(&self, path: &Path) -> Result<()> {
        let old = std::fs::read_to_string(path).map_err(Error::io(path))?;
        let new = self.edit(&old, path)?;
        let mut config = Config::of_file(&new, path, &[])?;
        let system = read_system(&config, path, &mut Vec::new())?;
        config.resolve(&system, path)?;
        replace_file(path, |out| std::io::Write::write_all(out, new.as_bytes()))
    }

    fn edit(&self, old: &str, path: &Path) -> Result<String> {
        let mut document: DocumentMut = old.parse().map_err(|_| {
            InputError::file(path, "another kind of file", "TOML; geobipy init --from makes it from an options file")
        })?;
        let errors = document.entry("errors").or_insert_with(|| Item::Table(Table::new()));
        let table = errors
            .as_table_like_mut()
            .ok_or_else(|| InputError::file(path, "errors that is no table", "a section [errors]"))?;
        for (key, text) in &self.keys {
            let mut value: Value =
                text.parse().map_err(|error: toml_edit::TomlError| Error::Internal(error.to_string()))?;
            match table.get_mut(key).and_then(Item::as_value_mut) {
                Some(old) => {
                    // A comment behind the value stays.
                    *value.decor_mut() = old.decor().clone();
                    *old = value;
                }
                None => {
                    table.insert(key, Item::Value(value));
                }
            }
        }
        let new = document.to_string();
        Ok(if old.contains("\r\n") { new.replace("\r\n", "\n").replace('\n', "\r\n") } else { new })
    }
}

/// Formats a number with three digits, as TOML.
fn short(value: f64) -> String {
    let rounded: f64 = format!("{value:.2e}").parse().unwrap_or(value);
    let text = if (1e-3..1e4).contains(&rounded) { format!("{rounded}") } else { format!("{rounded:e}") };
    if text.contains(['.', 'e']) { text } else { text + ".0" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> NoiseKeys {
        let list = "[\n  1e-12, 2.5,\n]".to_owned();
        NoiseKeys {
            keys: vec![("additive_per_channel", list), ("additive_minimum", "0.5".into())],
            without_data: vec![],
        }
    }

    /// Would catch: a configuration that loses comments, its order, or other keys of the section.
    #[test]
    fn comments_and_order_stay() {
        let path = Path::new("survey.toml");
        let old =
            "# mine\n[errors] # noise\nadditive_minimum = 7.0 # ppm\nrelative_minimum = 0.02\n\n[model] # layers\n";
        let new = keys().edit(old, path).unwrap();
        assert!(
            new.starts_with("# mine\n[errors] # noise\nadditive_minimum = 0.5 # ppm\nrelative_minimum = 0.02\n"),
            "{new}"
        );
        assert!(
            new.ends_with("\n[model] # layers\n") && new.contains("additive_per_channel = [\n  1e-12, 2.5,\n]\n"),
            "{new}"
        );
        // Other spellings of the same section.
        for old in
            ["", "a = 1\n[b]\nc = 2\n", "errors.relative_minimum = 0.1\n[b]\n", "errors = { relative_minimum = 0.1 }\n"]
        {
            let new: toml::Table = keys().edit(old, path).unwrap().parse().unwrap();
            assert_eq!(new["errors"]["additive_per_channel"][1].as_float(), Some(2.5), "{old}");
            let old: toml::Table = old.parse().unwrap();
            assert!(old.iter().filter(|(key, _)| *key != "errors").all(|(key, value)| new.get(key) == Some(value)));
        }
        let new = keys().edit("[errors]\r\nadditive_minimum = 1.0\r\n", path).unwrap();
        assert_eq!(new.matches("\r\n").count(), new.matches('\n').count());
        assert!(keys().edit("x = [1", path).is_err() && keys().edit("errors = 3", path).is_err());
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([1.23456e-15, 0.0251, 3.0, 123456.0].map(short), ["1.23e-15", "0.0251", "3.0", "1.23e5"]);
    }
}
