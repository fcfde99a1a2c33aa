//! Reads the values of keys in a system file, and records errors and keys that have no effect.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::Path;

use super::block::{Block, Key, NumberRow, is_same};
use super::grammar::Known;
use crate::error::{Error, InputError};

/// Least similarity (Jaro-Winkler) of an unknown name and a known one for which the known one is suggested.
const ALIKE: f64 = 0.85;

/// A file that is being read.
pub(super) struct Reading<'a> {
    pub path: &'a Path,
    pub errors: Vec<Error>,
    pub warnings: Vec<String>,
}

impl Reading<'_> {
    pub fn wrong(&mut self, line: usize, got: impl Display, expected: impl Display) {
        self.errors.push(InputError::line(self.path, line, got, expected));
    }

    pub fn warn(&mut self, line: usize, message: impl Display) {
        self.warnings.push(format!("{}, line {line}: {message}", self.path.display()));
    }

    /// Warns of every key and block in `block` that is not `known`. Rows of numbers in a block that has none are an
    /// error.
    pub fn check_known(&mut self, block: &Block, known: &Known) {
        for key in &block.keys {
            if !known.keys.iter().any(|name| is_same(name, &key.name)) {
                let hint = suggestion(&key.name, known.keys);
                self.warn(key.line, format_args!("unknown key `{}` has no effect{hint}", key.name));
            }
        }
        if let (false, Some(row)) = (known.has_rows, block.rows.iter().find(|row| row.numbers.is_some())) {
            self.wrong(row.line, format_args!("a row of numbers in {}", known.name), "`key = value` or a block");
        }
        for inner in &block.blocks {
            if let Some(known) = known.blocks.iter().find(|known| is_same(known.name, &inner.name)) {
                self.check_known(inner, known);
            } else {
                let names: Vec<&str> = known.blocks.iter().map(|known| known.name).collect();
                let hint = suggestion(&inner.name, &names);
                self.warn(inner.line, format_args!("unknown block `{}` has no effect{hint}", inner.name));
            }
        }
    }

    /// Returns the block `name` in `parent`; its absence is an error.
    pub fn block<'b>(&mut self, parent: &'b Block, name: &str) -> Option<&'b Block> {
        let found = parent.block(name);
        if found.is_none() {
            self.wrong(parent.line, format_args!("no block {name} in {}", parent.name), format_args!("`{name} Begin`"));
        }
        found
    }

    /// Returns the number of a key, NaN when it is wrong. A missing key without default is an error.
    pub fn number(
        &mut self,
        block: &Block,
        name: &str,
        default: Option<f64>,
        expected: &str,
        valid: impl Fn(f64) -> bool,
    ) -> f64 {
        let Some(key) = self.key(block, name, default.is_none(), expected) else { return default.unwrap_or(f64::NAN) };
        match key.value.parse() {
            Ok(value) if f64::is_finite(value) && valid(value) => value,
            _ => {
                self.wrong_value(key, expected);
                f64::NAN
            }
        }
    }

    /// Returns a number greater than 0; its absence is an error.
    pub fn positive(&mut self, block: &Block, name: &str) -> f64 {
        self.number(block, name, None, "a number more than 0", |value| value > 0.0)
    }

    /// Returns the whole number of a key, the least of `range` when it is wrong. A missing key without default is an
    /// error.
    pub fn whole(&mut self, block: &Block, name: &str, default: Option<u32>, range: RangeInclusive<u32>) -> usize {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        let valid = |value: f64| is_whole_in(value, &range);
        let value = self.number(block, name, default.map(f64::from), &expected, valid);
        if value.is_nan() { *range.start() as usize } else { value as usize }
    }

    /// Returns the numbers of a key, `None` when they are wrong; its absence is an error.
    pub fn numbers(&mut self, block: &Block, name: &str, expected: &str, valid: fn(f64) -> bool) -> Option<Vec<f64>> {
        let key = self.key(block, name, true, expected)?;
        let numbers = super::block::numbers(&key.value);
        let numbers = numbers.filter(|all| !all.is_empty() && all.iter().all(|&x| x.is_finite() && valid(x)));
        if numbers.is_none() {
            self.wrong_value(key, expected);
        }
        numbers
    }

    /// Returns the choice that a key's word stands for. A missing key without default is an error.
    pub fn choice<T: Copy>(&mut self, block: &Block, name: &str, default: Option<T>, choices: &[(&str, T)]) -> T {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let expected = if names.len() == 1 { names[0].to_owned() } else { format!("one of {}", names.join(", ")) };
        let placeholder = default.unwrap_or(choices[0].1);
        let Some(key) = self.key(block, name, default.is_none(), &expected) else { return placeholder };
        if let Some((_, chosen)) = choices.iter().find(|(name, _)| name.eq_ignore_ascii_case(&key.value)) {
            return *chosen;
        }
        self.wrong_value(key, expected);
        placeholder
    }

    fn key<'b>(&mut self, block: &'b Block, name: &str, is_required: bool, expected: &str) -> Option<&'b Key> {
        let found = block.key(name);
        if found.is_none() && is_required {
            self.wrong(block.line, format_args!("no {name} in {}", block.name), expected);
        }
        found
    }

    pub fn wrong_value(&mut self, key: &Key, expected: impl Display) {
        self.wrong(key.line, format_args!("{} = {:?}", key.name, key.value), expected);
    }
}

/// Returns the two finite numbers of a row. A row with anything else gives `None` and an error.
pub(super) fn pair(row: &NumberRow, expected: &str, path: &Path, errors: &mut Vec<Error>) -> Option<[f64; 2]> {
    let numbers = row.numbers.as_deref()?;
    if let &[a, b] = numbers
        && a.is_finite()
        && b.is_finite()
    {
        return Some([a, b]);
    }
    let got = numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(" ");
    errors.push(InputError::line(path, row.line, format_args!("`{got}`"), expected));
    None
}

/// Returns whether `value` is a whole number in `range`.
pub(super) fn is_whole_in(value: f64, range: &RangeInclusive<u32>) -> bool {
    value.fract() == 0.0 && (f64::from(*range.start())..=f64::from(*range.end())).contains(&value)
}

/// Returns a hint with the known name that is similar to `name`, if there is one.
fn suggestion(name: &str, known: &[&str]) -> String {
    let likeness = |known: &&str| strsim::jaro_winkler(&known.to_lowercase(), &name.to_lowercase());
    let nearest = known.iter().copied().map(|known| (likeness(&known), known)).max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((likeness, known)) if likeness > ALIKE => format!("; did you mean `{known}`?"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_names_are_suggested() {
        let known = ["ModellingLoopRadius", "OutputType"];
        assert_eq!(suggestion("ModelingLoopRadius", &known), "; did you mean `ModellingLoopRadius`?");
        assert_eq!(suggestion("outputtyp", &known), "; did you mean `OutputType`?");
        assert_eq!(suggestion("Colour", &known), "");
        assert_eq!(suggestion("Colour", &[]), "");
    }

    #[test]
    fn whole_numbers_lie_in_their_range() {
        let is_order = |value| is_whole_in(value, &(1..=8));
        assert!(is_order(1.0) && is_order(8.0));
        assert!(!is_order(0.0) && !is_order(9.0) && !is_order(1.5) && !is_order(f64::NAN));
    }
}
