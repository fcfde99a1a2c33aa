//! Messages about lines that results have or do not have.

use std::path::Path;

use crate::error::Error;
use crate::survey::{Interval, line_label};

impl Interval {
    /// Returns the error that the interval has none of the lines `all` of the results at `path`.
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
