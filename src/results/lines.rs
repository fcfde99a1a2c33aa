//! Ranges of flight lines, and messages about lines that are not there.

use std::path::Path;

use crate::error::Error;
use crate::survey::line_label;

/// A range of flight lines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lines {
    /// The first.
    pub first: f64,
    /// The last.
    pub last: f64,
}

impl Lines {
    /// Returns whether a flight line is in the range.
    pub fn contains(&self, line_number: f64) -> bool {
        (self.first..=self.last).contains(&line_number)
    }

    /// The error that the range has none of the lines `all` of the results at `path`.
    pub fn absent_from(&self, path: &Path, all: &[f64]) -> Error {
        let mut there: Vec<f64> = all.to_vec();
        there.sort_by(f64::total_cmp);
        there.dedup();
        let there: Vec<String> = there.into_iter().map(line_label).collect();
        let (first, last) = (line_label(self.first), line_label(self.last));
        let wanted = if first == last { format!("line {first}") } else { format!("line from {first} to {last}") };
        let there = if there.is_empty() { "no line at all".to_owned() } else { format!("only {}", shortened(&there)) };
        Error::results(path, format!("has no {wanted}, {there}"))
    }
}

/// `line 30010`, `lines 30010 to 30090`: sorted line numbers in words.
pub(super) fn lines_in_words(sorted: &[f64]) -> String {
    let label = |number: Option<&f64>| number.map_or_else(String::new, |&number| line_label(number));
    let (first, last) = (label(sorted.first()), label(sorted.last()));
    if first == last { format!("line {first}") } else { format!("lines {first} to {last}") }
}

/// The first few of many.
fn shortened(names: &[String]) -> String {
    const MOST: usize = 12;
    let more = names.len().saturating_sub(MOST);
    let list = names[..names.len() - more].join(", ");
    if more > 0 { format!("{list} and {more} more") } else { list }
}
