//! The text of an options file, with error messages for a position in it.

use std::fmt::Display;
use std::path::Path;

use ruff_text_size::TextRange;

use crate::error::{Error, InputError};

/// Description of valid content, for error messages.
pub(super) const UNDERSTOOD: &str = "an assignment of numbers, text, lists, earlier names, join(...) or NumPy's r_, array, \
                                     full, ones, log, log10";
/// Largest number of characters that an error message repeats.
const LONGEST_EXCERPT: usize = 50;

/// A text with its lines.
pub(super) struct Source<'a> {
    pub path: &'a Path,
    pub text: &'a str,
    /// Position of the end of each line, including the newline.
    line_ends: Vec<usize>,
}

impl<'a> Source<'a> {
    pub fn new(path: &'a Path, text: &'a str) -> Self {
        let newlines = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { path, text, line_ends: newlines.chain([text.len()]).collect() }
    }

    /// Returns the line, from 1, that contains the byte at `offset`.
    pub fn line_at(&self, offset: usize) -> usize {
        self.line_ends.partition_point(|&end| end <= offset).min(self.line_ends.len() - 1) + 1
    }

    /// Returns the first line, from 1, up to whose end the text satisfies `enough`.
    pub fn first_line(&self, enough: impl Fn(&str) -> bool) -> usize {
        self.line_ends.partition_point(|&end| !enough(&self.text[..end])).min(self.line_ends.len() - 1) + 1
    }

    /// Returns line `number` without surrounding blanks.
    pub fn line(&self, number: usize) -> &'a str {
        let start = if number < 2 { 0 } else { self.line_ends[number - 2] };
        self.text[start..self.line_ends[number - 1]].trim()
    }

    /// Returns the text at `range`, shortened.
    pub fn excerpt(&self, range: TextRange) -> String {
        shortened(self.text.get(range.start().to_usize()..range.end().to_usize()).unwrap_or_default())
    }

    /// Returns the error about the text at `range`.
    pub fn wrong(&self, range: TextRange, key: Option<&str>, expected: impl Display) -> Error {
        let (line, got) = (self.line_at(range.start().to_usize()), self.excerpt(range));
        match key {
            Some(key) => InputError::cell(self.path, line, key, got, expected),
            None => InputError::line(self.path, line, got, expected),
        }
    }
}

/// Returns the first line of `text`, shortened for a message.
pub(super) fn shortened(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    match line.char_indices().nth(LONGEST_EXCERPT) {
        Some((at, _)) => format!("{}...", &line[..at]),
        None if line.len() < text.trim().len() => format!("{line} ..."),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_excerpts() {
        let source = Source::new(Path::new("o"), "a\nbc\n\nd");
        for (offset, line) in [(0, 1), (1, 1), (2, 2), (4, 2), (5, 3), (6, 4), (7, 4), (99, 4)] {
            assert_eq!(source.line_at(offset), line, "{offset}");
        }
        assert_eq!((source.line(2), source.line(4)), ("bc", "d"));
        assert_eq!(source.first_line(|text| text.contains('c')), 2);
        assert_eq!(source.first_line(|_| false), 4);
        assert_eq!(shortened(&"é".repeat(60)), "é".repeat(50) + "...");
        assert_eq!(shortened("[1,\n2]"), "[1, ...");
    }
}
