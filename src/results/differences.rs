//! Finds differences between a run and existing results in its output directory.

use std::fmt;

use crate::error::Result;
use crate::schema::{LineReader, RunInfo, SCHEMA_VERSION, program_version};

/// Differences that are named; more are counted.
const NAMED: usize = 4;

/// Kind of a key of a configuration, by what the key changes in results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// The posterior of every sounding. Results with different values never belong together.
    Posterior,
    /// The length of sampling. A larger budget samples some soundings longer.
    Budget,
    /// The description of results, which results take over.
    Description,
    /// The place of a file, which changes nothing.
    Place,
}

impl KeyKind {
    /// Returns the kind of a key such as `sampler.seed`.
    pub fn of(key: &str) -> Self {
        match key {
            "sampler.maximum_burn_in" | "sampler.maximum_iterations" | "sampler.rhat_target" | "sampler.ess_target" => {
                Self::Budget
            }
            "survey.crs" => Self::Description,
            "survey.data" | "survey.system" | "survey.definition" | "leave_out.polygons" => Self::Place,
            _ => Self::Posterior,
        }
    }
}

/// A key that has different values in two configurations, as TOML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedKey {
    /// Dotted name of the key.
    pub key: String,
    /// Value in the first configuration; `None` when the key is not given.
    pub then: Option<String>,
    /// Value in the second configuration.
    pub now: Option<String>,
}

impl ChangedKey {
    /// Returns the kind of the key.
    pub fn kind(&self) -> KeyKind {
        KeyKind::of(&self.key)
    }
}

impl fmt::Display for ChangedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [then, now] = [&self.then, &self.now].map(|value| value.as_deref().unwrap_or("not given"));
        write!(f, "{} = {then}, now {now}", self.key)
    }
}

/// Returns what makes the results in `line` those of another posterior than `run` samples; `None` if they belong together.
///
/// # Errors
/// The file cannot be read.
pub fn differences(line: &LineReader, run: &RunInfo) -> Result<Option<String>> {
    let mut found = Vec::new();
    if line.schema_version() != SCHEMA_VERSION {
        found.push(format!("result files of schema {}, now {SCHEMA_VERSION}", line.schema_version()));
    }
    let version = line.attribute("source")?;
    if version != program_version() {
        found.push(format!("{version}, now {}", program_version()));
    }
    let then = line.configuration()?;
    let changed = changed_keys(&then, &run.configuration);
    found.extend(changed.iter().filter(|key| key.kind() == KeyKind::Posterior).map(ChangedKey::to_string));
    found.extend(changed_line(&line.system_files()?, &run.system_files));
    // Absent before schema 2.1.
    if line.attribute("data_sha256").ok().as_deref() != Some(&run.data_sha256) {
        let has_polygons = [&then, &run.configuration].into_iter().any(|text| has_key(text, "leave_out.polygons"));
        let polygons = if has_polygons { ", or the soundings inside leave_out.polygons" } else { "" };
        found.push(format!("the content of the survey file, {}{polygons}", run.data_file));
    }
    if found.len() > NAMED {
        let more = found.len() - NAMED;
        found.truncate(NAMED);
        found.push(format!("{more} more"));
    }
    Ok((!found.is_empty()).then(|| found.join("; ")))
}

/// Returns the keys that have different values in two configurations, sorted, without places of files.
pub fn changed_keys(then: &str, now: &str) -> Vec<ChangedKey> {
    let [then, now] = [then, now].map(|text| flat(&text.parse().unwrap_or_default()));
    let value = |all: &[(String, String)], key: &str| {
        all.iter().find(|(other, _)| other == key).map(|(_, value)| value.clone())
    };
    let mut keys: Vec<&String> = then.iter().chain(&now).map(|(key, _)| key).collect();
    keys.sort();
    keys.dedup();
    keys.into_iter()
        .map(|key| ChangedKey { key: key.clone(), then: value(&then, key), now: value(&now, key) })
        .filter(|changed| changed.kind() != KeyKind::Place && changed.then != changed.now)
        .collect()
}

/// Returns whether a configuration gives a value to `key`.
fn has_key(text: &str, key: &str) -> bool {
    flat(&text.parse().unwrap_or_default()).iter().any(|(other, _)| other == key)
}

/// Dotted keys and their values as TOML.
fn flat(table: &toml::Table) -> Vec<(String, String)> {
    let of = |(key, value): (&String, &toml::Value)| match value {
        toml::Value::Table(inner) => flat(inner).into_iter().map(|(k, v)| (format!("{key}.{k}"), v)).collect(),
        value => vec![(key.clone(), value.to_string())],
    };
    table.iter().flat_map(of).collect()
}

/// The first line in which two texts of instrument files differ.
fn changed_line(then: &str, now: &str) -> Option<String> {
    let mut lines = (then.lines().map(Some).chain(std::iter::repeat(None)))
        .zip(now.lines().map(Some).chain(std::iter::repeat(None)));
    let pair = lines.by_ref().take(then.lines().count().max(now.lines().count())).find(|(then, now)| then != now)?;
    let quoted = |line: Option<&str>| line.map_or_else(|| "nothing".to_owned(), |line| format!("{:?}", line.trim()));
    Some(format!("an instrument file: {}, now {}", quoted(pair.0), quoted(pair.1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_keys_and_lines_are_named() {
        let then = "[sampler]\nseed = 1\nchains = 4\n[survey]\ndata = 'a'\n";
        let now = "[sampler]\nchains = 4\nseed = 2\n[survey]\ndata = 'b'\nfield = 'total'\n";
        let changed: Vec<String> = changed_keys(then, now).iter().map(ChangedKey::to_string).collect();
        assert_eq!(changed, ["sampler.seed = 1, now 2", "survey.field = not given, now \"total\""]);
        assert_eq!(changed_line("a\nb", "a\nb"), None);
        assert_eq!(changed_line("a\n b", "a").unwrap(), "an instrument file: \"b\", now nothing");
    }
}
