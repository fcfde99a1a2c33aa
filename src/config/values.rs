//! Values that a configuration may write in more than one way.

use std::fmt;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::survey::ColumnRef;

/// One number, or a list with one for each error group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum PerGroup {
    /// One value for all groups.
    One(f64),
    /// One value for each group.
    Each(Vec<f64>),
}

impl PerGroup {
    /// Returns the values as written.
    pub(super) fn list(&self) -> Vec<f64> {
        match self {
            PerGroup::One(value) => vec![*value],
            PerGroup::Each(values) if values.is_empty() => vec![f64::NAN],
            PerGroup::Each(values) => values.clone(),
        }
    }

    /// Returns one value for each of `count` groups; `None` if the list has another length.
    pub fn values(&self, count: usize) -> Option<Vec<f64>> {
        match self {
            PerGroup::One(value) => Some(vec![*value; count]),
            PerGroup::Each(values) => (values.len() == count).then(|| values.clone()),
        }
    }
}

/// A column as a configuration writes it: a number from 1 or a name, perhaps negative.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ColumnChoice {
    /// A column number; a negative number changes the sign.
    Number(i64),
    /// A column name.
    Name(String),
}

impl ColumnChoice {
    /// Returns the column in the form of the survey readers.
    pub fn to_ref(&self) -> crate::error::Result<ColumnRef> {
        match self {
            ColumnChoice::Number(number) => number.to_string().parse(),
            ColumnChoice::Name(name) => name.parse(),
        }
    }
}

/// A column, or a list with one for each system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Columns {
    /// The column of the only system.
    One(ColumnChoice),
    /// A column for each system.
    Each(Vec<ColumnChoice>),
}

impl Default for Columns {
    fn default() -> Self {
        Columns::Each(Vec::new())
    }
}

impl Columns {
    /// Returns whether no column is given.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the column in the form of the survey readers.
    pub fn to_refs(&self) -> crate::error::Result<Vec<ColumnRef>> {
        match self {
            Columns::One(column) => Ok(vec![column.to_ref()?]),
            Columns::Each(columns) => columns.iter().map(ColumnChoice::to_ref).collect(),
        }
    }
}

/// Reads a file name, or a list of file names.
pub(super) fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Vec<PathBuf>, D::Error> {
    struct Names;

    impl<'de> Visitor<'de> for Names {
        type Value = Vec<PathBuf>;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("a file name or a list of file names")
        }

        fn visit_str<E: de::Error>(self, name: &str) -> std::result::Result<Self::Value, E> {
            Ok(vec![PathBuf::from(name)])
        }

        fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> std::result::Result<Self::Value, A::Error> {
            let mut names = Vec::new();
            while let Some(name) = list.next_element()? {
                names.push(name);
            }
            Ok(names)
        }
    }

    deserializer.deserialize_any(Names)
}
