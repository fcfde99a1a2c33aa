//! The one message about quantities that have no column.

use std::fmt::Write;

use super::SurveyColumns;
use crate::error::{Error, InputError};
use crate::survey::listed::{listed_few, shortened};
use crate::survey::options::{Preset, ReadOptions};
use crate::survey::table::{Aliases, Table};
use crate::system::System;

/// Likeness from which a name may be a misspelling.
const NEAR: f64 = 0.85;
/// Shortest name that can be misspelt.
const SHORTEST: usize = 4;

/// A quantity without a column.
#[derive(Debug)]
pub(super) struct Missing {
    /// Keys of the configuration that can give it.
    pub(super) keys: String,
    /// The names under which it was looked for.
    pub(super) names: String,
    /// A column that may be meant.
    near: Option<String>,
}

impl Missing {
    /// A quantity with the names `aliases`.
    pub(super) fn new(table: &Table, keys: impl Into<String>, aliases: Aliases) -> Self {
        Self {
            near: near(table, aliases.names()),
            ..Self::described(keys, format!("a column named {}", aliases.words()))
        }
    }

    /// A quantity whose column the user has named.
    pub(super) fn named(table: &Table, key: &str, name: &str) -> Self {
        let names = format!("a column named {}", shortened(name));
        Self { near: table.nearest(name).map(shortened), ..Self::described(key, names) }
    }

    /// A quantity whose names follow a rule.
    pub(super) fn described(keys: impl Into<String>, names: impl Into<String>) -> Self {
        Self { keys: keys.into(), names: names.into(), near: None }
    }
}

/// Returns the column whose name is most like one of `names`.
fn near(table: &Table, names: &[&str]) -> Option<String> {
    let likeness = |column: &String| {
        let lower = column.to_ascii_lowercase();
        let words = names.iter().filter(|name| name.len() >= SHORTEST && !name.ends_with('*'));
        words.map(|name| strsim::jaro_winkler(&lower, name)).fold(0.0, f64::max)
    };
    let best = table.names.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(best) > NEAR).then(|| best.clone())
}

/// Makes the message about all quantities that are missing.
pub(super) fn message(table: &Table, system: &System, options: &ReadOptions, missing: &[Missing]) -> Error {
    if !table.has_names() {
        let keys: Vec<&str> = missing.iter().map(|quantity| &quantity.keys[..]).collect();
        let expected = format!(
            "numbers of columns, from 1, in the configuration: {}; or an ASEG-GDF2 definition, a .dfn beside the file or \
             survey.definition",
            keys.join(", ")
        );
        return InputError::file(&table.path, format_args!("{} columns without names", table.names.len()), expected);
    }
    let described = |quantity: &Missing| match &quantity.near {
        Some(near) => format!("{} (did you mean {near}?)", quantity.names),
        None => quantity.names.clone(),
    };
    let better = better_preset(table, system, options, missing.len());
    let expected = match missing {
        [quantity] => format!("{}, or {} in the configuration{better}", described(quantity), quantity.keys),
        _ => {
            let mut list = "columns for these quantities, or these keys in the configuration:".to_owned();
            for quantity in missing {
                let _ = write!(list, "\n  {}: {}", quantity.keys, described(quantity));
            }
            list + &better
        }
    };
    table.header_error(format_args!("columns {}", listed_few(table.field_names())), expected)
}

/// Says which preset finds most of the columns, if another one finds more.
fn better_preset(table: &Table, system: &System, options: &ReadOptions, missing: usize) -> String {
    let others = Preset::ALL.into_iter().filter(|(preset, _)| *preset != options.preset);
    let count = |(preset, word): (Preset, &'static str)| {
        let options = ReadOptions { preset, ..options.clone() };
        (SurveyColumns::missing_count(table, system, &options), word)
    };
    let counts: Vec<(usize, &str)> = others.map(count).collect();
    let fewest = counts.iter().map(|(count, _)| *count).min().unwrap_or(missing);
    let quoted = |word: &str| format!("{word:?}");
    let best: Vec<String> = counts.iter().filter(|(count, _)| *count == fewest).map(|(_, word)| quoted(word)).collect();
    let presets = best.join(" or ");
    match fewest {
        0 => format!("\n  columns.preset = {presets} finds all of them"),
        _ if fewest < missing => format!("\n  columns.preset = {presets} finds all but {fewest}"),
        _ => String::new(),
    }
}
