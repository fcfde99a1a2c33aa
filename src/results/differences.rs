//! Finds differences between a run and existing results in its output directory.

use crate::error::Result;
use crate::schema::{LineReader, RunInfo, SCHEMA_VERSION, program_version};

/// Stands for the value of a key that one of two configurations does not have.
pub(super) const NOT_GIVEN: &str = "not given";
/// Differences that are named; more are counted.
const NAMED: usize = 4;

/// Returns the difference between the results in `line` and those of `run`; `None` if they belong together.
///
/// # Errors
/// The file cannot be read.
pub fn differences(line: &LineReader, run: &RunInfo) -> Result<Option<String>> {
    let is_of_this_schema = line.schema_version() == SCHEMA_VERSION;
    if is_of_this_schema && line.attribute("fingerprint")? == run.fingerprint {
        return Ok(None);
    }
    let mut found = Vec::new();
    if !is_of_this_schema {
        found.push(format!("result files of schema {}, now {SCHEMA_VERSION}", line.schema_version()));
    }
    let version = line.attribute("source")?;
    if version != program_version() {
        found.push(format!("{version}, now {}", program_version()));
    }
    found.extend(changed_keys(&line.configuration()?, &run.configuration));
    found.extend(changed_line(&line.system_files()?, &run.system_files));
    // Absent before schema 2.1.
    if line.attribute("data_sha256").ok().as_deref() != Some(&run.data_sha256) {
        found.push(format!("the content of the survey file, {}", run.data_file));
    }
    if found.len() > NAMED {
        let more = found.len() - NAMED;
        found.truncate(NAMED);
        found.push(format!("{more} more"));
    }
    Ok(Some(found.join("; ")))
}

/// Keys of two configurations with different values, each with both. Where files lie is not compared.
pub fn changed_keys(then: &str, now: &str) -> Vec<String> {
    let [then, now] = [then, now].map(|text| flat(&text.parse().unwrap_or_default()));
    let value = |all: &[(String, String)], key: &str| {
        all.iter().find(|(k, _)| k == key).map_or_else(|| NOT_GIVEN.to_owned(), |(_, value)| value.clone())
    };
    let mut keys: Vec<&String> = then.iter().chain(&now).map(|(key, _)| key).collect();
    keys.sort();
    keys.dedup();
    keys.retain(|key| !matches!(key.as_str(), "survey.data" | "survey.system" | "survey.definition" | "survey.crs"));
    keys.into_iter()
        .map(|key| (key, value(&then, key), value(&now, key)))
        .filter(|(_, then, now)| then != now)
        .map(|(key, then, now)| format!("{key} = {then}, now {now}"))
        .collect()
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
        assert_eq!(changed_keys(then, now), ["sampler.seed = 1, now 2", "survey.field = not given, now \"total\""]);
        assert_eq!(changed_line("a\nb", "a\nb"), None);
        assert_eq!(changed_line("a\n b", "a").unwrap(), "an instrument file: \"b\", now nothing");
    }
}
