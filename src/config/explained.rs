//! Writes a configuration in which every key is explained by a comment.

use serde_json::Value as Json;
use toml::{Table, Value};

use super::description::description as keys;
use super::ranges::Range;
use super::whole::Config;
use super::wrap::wrap;

/// Returns `config` as TOML. Values that differ from the default are set, all others are commented out.
pub fn document(config: &Config, title: &str) -> String {
    let table = |config: &Config| config.to_toml().parse::<Table>().unwrap_or_default();
    let mut writer = Writer { text: String::new(), told: Vec::new() };
    writer.comment(&format!("{title} Lines that begin with \"# \" and a key show the default."));
    writer.section(&[], keys().as_value(), &table(config), &table(&Config::default()));
    writer.text
}

struct Writer {
    text: String,
    /// Descriptions that were written before and are not to be repeated.
    told: Vec<String>,
}

impl Writer {
    fn section(&mut self, path: &[&str], schema: &Json, values: &Table, defaults: &Table) {
        let Some(properties) = schema["properties"].as_object() else { return };
        let empty = Table::new();
        let inner = |table: &'_ Table, name: &str| -> Table {
            table.get(name).and_then(Value::as_table).unwrap_or(&empty).clone()
        };
        let (tables, keys): (Vec<_>, Vec<_>) = properties.iter().partition(|(_, key)| key["properties"].is_object());
        let differs = |name: &str| values.get(name).is_some() && values.get(name) != defaults.get(name);
        if !path.is_empty() {
            let is_needed = keys.iter().any(|(name, _)| differs(name));
            self.text.push('\n');
            self.comment(description(schema));
            // If all keys of a section have their defaults, its header is commented out as well.
            let mark = if is_needed || path.len() == 1 { "" } else { "# " };
            self.text += &format!("{mark}[{}]\n", path.join("."));
        }
        for (name, key) in keys {
            let known = format!(
                "{}.{name}: {}",
                path.split_last().map_or(String::new(), |(_, outer)| outer.join(".")),
                meaning(key)
            );
            if !self.told.contains(&known) {
                self.comment(&meaning(key));
                self.told.push(known);
            }
            match values.get(name.as_str()) {
                Some(value) if differs(name) => self.text += &format!("{name} = {value}\n"),
                value => {
                    let example = value.map(Value::to_string).or_else(|| example(key));
                    self.text += &format!("# {name} = {}\n", example.unwrap_or_else(|| "...".to_owned()));
                }
            }
        }
        for (name, table) in tables {
            let path: Vec<&str> = path.iter().copied().chain([name.as_str()]).collect();
            self.section(&path, table, &inner(values, name), &inner(defaults, name));
        }
    }

    /// Writes lines of comment; an empty text gives no line.
    fn comment(&mut self, text: &str) {
        if !text.is_empty() {
            self.text += &wrap(text, "# ");
        }
    }
}

fn description(schema: &Json) -> &str {
    schema["description"].as_str().unwrap_or_default()
}

/// Returns the meaning of a key, and its possible values.
fn meaning(key: &Json) -> String {
    let mut text = description(key).to_owned();
    let choices = choices(key);
    if !choices.is_empty() {
        text += &format!(": {}", choices.join("; "));
    } else if let Some(range) = Range::of(key) {
        text += &format!("; {range}");
    }
    text
}

/// Returns the possible values of a key that has few of them, with their meaning.
fn choices(key: &Json) -> Vec<String> {
    let of = |key: &Json| -> Vec<String> {
        let choice = |choice: &Json| Some(format!("\"{}\" {}", choice["const"].as_str()?, description(choice)));
        key["oneOf"].as_array().into_iter().flatten().filter_map(choice).collect()
    };
    let direct = of(key);
    if direct.is_empty() { key["anyOf"].as_array().into_iter().flatten().flat_map(of).collect() } else { direct }
}

fn example(key: &Json) -> Option<String> {
    match &key["example"] {
        Json::Null => None,
        list @ (Json::Array(_) | Json::Object(_)) => Value::try_from(list).ok().map(|value| value.to_string()),
        Json::String(text) => Some(Value::String(text.clone()).to_string()),
        number => Some(number.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::wrap::WIDTH;
    use super::*;

    fn config() -> Config {
        let mut config = Config::default();
        config.survey.data = "survey.csv".into();
        config.survey.system = vec!["bird.stm".into()];
        config
    }

    fn is_key(line: &str) -> bool {
        line.strip_prefix("# ").is_some_and(|rest| {
            let word = rest.split([' ', ']']).next().unwrap_or_default();
            rest.starts_with('[') && rest.ends_with(']')
                || rest.strip_prefix(word).is_some_and(|rest| rest.starts_with(" = "))
        })
    }

    #[test]
    fn what_is_written_is_the_configuration() {
        let text = document(&config(), "Title.");
        let read = Config::parse(&text, Path::new("c.toml")).unwrap();
        assert_eq!(read.to_toml(), config().to_toml(), "{text}");
    }

    #[test]
    fn what_is_commented_out_is_the_default() {
        let text = document(&config(), "Title.");
        // Widths depend on the prior, and optional keys show an example value.
        let is_default = |line: &&str| {
            !["half_width", "std_m =", "std_deg", "std_kind", "value_"].iter().any(|key| line.contains(key))
        };
        let told: Vec<&str> = text.lines().filter(|line| is_key(line)).collect();
        assert!(told.len() > 60, "{text}");
        let uncommented: Vec<String> = text
            .lines()
            .filter(|line| !is_key(line) || is_default(line) && !line.contains(" = ..."))
            .map(|line| if is_key(line) { line[2..].to_owned() } else { line.to_owned() })
            .collect();
        let read: Table = uncommented.join("\n").parse().unwrap();
        let flat = |table: &Table| table.to_string();
        let defaults: Table = config().to_toml().parse().unwrap();
        for (section, values) in &defaults {
            for (key, value) in values.as_table().unwrap().iter().filter(|(_, value)| !value.is_table()) {
                assert_eq!(read[section].get(key), Some(value), "{section}.{key} in {}", flat(&read));
            }
        }
    }

    #[test]
    fn every_key_is_explained() {
        fn visit(schema: &Json, path: &str) {
            for (name, key) in schema["properties"].as_object().into_iter().flatten() {
                let path = format!("{path}.{name}");
                assert!(!description(key).is_empty(), "{path} has no description");
                visit(key, &path);
            }
        }
        visit(keys().as_value(), "");
        let text = document(&config(), "Title.");
        let words = text.replace("\n# ", " ");
        assert!(words.contains("\"geometric\" each further layer is `layer_count_ratio` times as probable"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
    }
}
