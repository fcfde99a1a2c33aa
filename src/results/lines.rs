//! Intervals of flight lines and fiducials, and messages about lines that results do not have.

use std::path::Path;
use std::str::FromStr;

use crate::error::Error;
use crate::survey::line_label;

/// A number, or all numbers from a first to a last one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The first number.
    pub first: f64,
    /// The last number.
    pub last: f64,
}

impl FromStr for Interval {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (first, last) = text.split_once(':').unwrap_or((text, text));
        let number = |text: &str| text.trim().parse().ok().filter(|number: &f64| number.is_finite());
        match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => Ok(Self { first, last }),
            _ => Err("expected a number, or FIRST:LAST in rising order".to_owned()),
        }
    }
}

impl std::fmt::Display for Interval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.first == self.last { write!(f, "{}", self.first) } else { write!(f, "{}:{}", self.first, self.last) }
    }
}

impl Interval {
    /// Returns whether `number` is in the interval.
    pub fn contains(self, number: f64) -> bool {
        (self.first..=self.last).contains(&number)
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_numbers_or_ranges() {
        let interval = |text: &str| text.parse::<Interval>();
        assert_eq!(interval("30010"), Ok(Interval { first: 30010.0, last: 30010.0 }));
        assert_eq!(interval("-1.5 : 2e3"), Ok(Interval { first: -1.5, last: 2000.0 }));
        for wrong in ["", "a", "1:", ":1", "2:1", "1:2:3", "nan", "inf:inf"] {
            assert!(interval(wrong).is_err(), "{wrong}");
        }
        assert_eq!(interval("1:2.5").unwrap().to_string(), "1:2.5");
    }
}
