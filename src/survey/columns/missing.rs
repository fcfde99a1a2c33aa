//! The one message about quantities that have no column.

use std::fmt::Write;

use crate::error::{Error, InputError};
use crate::survey::gdf2::definitions_in_folder;
use crate::survey::listed::{listed_few, shortened};
use crate::survey::table::{Aliases, Table};

/// Largest number of quantities in the message.
const SHOWN: usize = 7;

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
            near: table.nearest(aliases.names()).map(shortened),
            ..Self::described(keys, format!("a column named {}", aliases.words()))
        }
    }

    /// A quantity whose column the user has named.
    pub(super) fn named(table: &Table, key: &str, name: &str) -> Self {
        let names = format!("a column named {}", shortened(name));
        Self { near: table.nearest(&[name]).map(shortened), ..Self::described(key, names) }
    }

    /// A quantity whose names follow a rule.
    pub(super) fn described(keys: impl Into<String>, names: impl Into<String>) -> Self {
        Self { keys: keys.into(), names: names.into(), near: None }
    }
}

/// Makes the message about all quantities that are missing; `better` says which preset finds more of them.
pub(super) fn message(table: &Table, missing: &[Missing], better: &str) -> Error {
    if !table.has_names() {
        let keys: Vec<&str> = missing.iter().map(|quantity| &quantity.keys[..]).collect();
        let others = definitions_in_folder(&table.path);
        let hint = if others.is_empty() { String::new() } else { format!("; the folder has {}", listed_few(others)) };
        let expected = format!(
            "numbers of columns, from 1, in the configuration: {}; or an ASEG-GDF2 definition, a .dfn beside the file or \
             survey.definition{hint}",
            keys.join(", ")
        );
        return InputError::file(&table.path, format_args!("{} columns without names", table.names.len()), expected);
    }
    let described = |quantity: &Missing| match &quantity.near {
        Some(near) => format!("{} (did you mean {near}?)", quantity.names),
        None => quantity.names.clone(),
    };
    let expected = match missing {
        [quantity] => format!("{}, or {} in the configuration{better}", described(quantity), quantity.keys),
        _ => {
            let mut list = "columns for these quantities, or these keys in the configuration:".to_owned();
            for quantity in missing.iter().take(SHOWN) {
                let _ = write!(list, "\n  {}: {}", quantity.keys, described(quantity));
            }
            if let Some(more) = missing.len().checked_sub(SHOWN).filter(|&more| more > 0) {
                let _ = write!(list, "\n  and {more} more");
            }
            list + better
        }
    };
    table.header_error(format_args!("columns {}", listed_few(table.field_names())), expected)
}
