//! The ways in which users name columns.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// A column by number (from 1) or name, with an optional change of sign: `16`, `-47`, `EMZ_NonHPRG`, `-Tx_Pitch`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnRef {
    /// True when the column's numbers have the opposite sign.
    pub negated: bool,
    /// The column's number or name.
    pub place: ColumnPlace,
}

/// The number or the name of a column in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnPlace {
    /// Number from 1; every column of an ASEG-GDF2 field is counted.
    Number(usize),
    /// Name in the header row, or of an ASEG-GDF2 field; upper and lower case make no difference.
    Name(String),
}

impl FromStr for ColumnRef {
    type Err = Error;

    /// Reads a column; a leading `-` changes the sign.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] when nothing follows the sign, for a second `-`, and for numbers below 1 or larger than any
    /// file's.
    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        let rest = text.strip_prefix('-');
        let (negated, place) = (rest.is_some(), rest.unwrap_or(text).trim());
        let wrong =
            || Error::Config(format!("got column {text:?}, expected a number from 1 or a name, perhaps after a -"));
        if place.is_empty() || place.starts_with('-') {
            return Err(wrong());
        }
        if !place.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self { negated, place: ColumnPlace::Name(place.to_owned()) });
        }
        let number = place.parse().ok().filter(|&number: &usize| number > 0).ok_or_else(wrong)?;
        Ok(Self { negated, place: ColumnPlace::Number(number) })
    }
}

impl fmt::Display for ColumnRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negated { "-" } else { "" };
        match &self.place {
            ColumnPlace::Number(number) => write!(f, "{sign}{number}"),
            ColumnPlace::Name(name) => write!(f, "{sign}{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn columns_are_numbers_or_names_with_a_sign() {
        let number = |negated, number| ColumnRef { negated, place: ColumnPlace::Number(number) };
        let name = |negated, name: &str| ColumnRef { negated, place: ColumnPlace::Name(name.to_owned()) };
        for (text, expected) in [
            ("16", number(false, 16)),
            ("-47", number(true, 47)),
            (" - 47 ", number(true, 47)),
            ("EMZ_NonHPRG", name(false, "EMZ_NonHPRG")),
            ("-Tx_Pitch", name(true, "Tx_Pitch")),
            ("1.5", name(false, "1.5")),
            ("a-b", name(false, "a-b")),
        ] {
            assert_eq!(text.parse::<ColumnRef>().unwrap(), expected, "{text}");
        }
        assert_eq!(name(true, "Tx_Pitch").to_string(), "-Tx_Pitch");
    }

    #[test]
    fn what_is_no_column_is_refused() {
        for text in ["", " ", "-", "--x", "0", "-0", "99999999999999999999999"] {
            let error = text.parse::<ColumnRef>().unwrap_err().to_string();
            let trimmed = text.trim();
            assert_eq!(error, format!("got column {trimmed:?}, expected a number from 1 or a name, perhaps after a -"));
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(text in any::<String>()) {
            if let Ok(column) = text.parse::<ColumnRef>() {
                prop_assert_eq!(column.to_string().parse::<ColumnRef>().unwrap(), column);
            }
        }
    }
}
