//! Rows that give the line of the rows after them, as `Line 1200` in XYZ files of Geosoft.

use std::collections::HashMap;
use std::path::Path;

use super::lines::{Position, TextLines};
use crate::error::{InputError, Result};
use crate::survey::line_name::line_number;
use crate::survey::listed::shortened;

/// First words of such rows.
const KINDS: [&str; 9] = ["line", "tie", "base", "test", "trend", "special", "random", "normal", "user"];

/// A row that names a line.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::survey) struct LineRow {
    pub(super) position: Position,
    /// Number of the line.
    pub(in crate::survey) number: f64,
    /// The row as in the file.
    pub(in crate::survey) text: String,
}

impl LineRow {
    /// Returns the line of the file, counted from 1.
    pub(in crate::survey) fn line(&self) -> usize {
        self.position.line()
    }
}

/// Returns the words of a row whose first word is a kind of line.
fn words(text: &str) -> Option<Vec<&str>> {
    let (first, rest) = text.trim().split_once(|c: char| c.is_whitespace() || c == ':' || c == '=')?;
    let is_kind = KINDS.iter().any(|kind| first.eq_ignore_ascii_case(kind));
    is_kind.then(|| rest.split_whitespace().filter(|word| !matches!(*word, ":" | "=")).collect())
}

/// Returns whether the row names a line: a kind and a name with a number, and nothing else.
pub(super) fn is_line_row(text: &str) -> bool {
    words(text).is_some_and(|words| matches!(words[..], [name] if line_number(name).is_some()))
}

/// Reads all rows that name lines, from the current row of `lines` on, in order of the file.
///
/// # Errors
///
/// When such a row has no number, or when two rows of different names have the same number.
pub(super) fn line_rows(path: &Path, lines: &mut TextLines, first: Position) -> Result<Vec<LineRow>> {
    let mut all: Vec<LineRow> = Vec::new();
    let mut of_number: HashMap<u64, usize> = HashMap::new();
    let mut next = Some(first);
    while let Some(position) = next {
        let begins_with_letter = lines.text().trim_start().starts_with(|c: char| c.is_ascii_alphabetic());
        if begins_with_letter && let Some(words) = words(lines.text()) {
            let row = line_row(path, position, lines.text(), &words)?;
            let known = of_number.entry((row.number + 0.0).to_bits()).or_insert(all.len());
            if let Some(other) = all.get(*known).filter(|other| !is_same(&other.text, &row.text)) {
                let got = format!("{:?}, the number of {:?} in line {}", row.text, other.text, other.line());
                let expected = "lines with different numbers: rename one, or name a column as columns.line_number";
                return Err(InputError::line(path, row.line(), got, expected));
            }
            all.push(row);
        }
        next = lines.advance()?;
    }
    Ok(all)
}

fn line_row(path: &Path, position: Position, text: &str, words: &[&str]) -> Result<LineRow> {
    let text = shortened(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    match words {
        [name] if line_number(name).is_some() => {
            let number = line_number(name).unwrap_or(f64::NAN);
            Ok(LineRow { position, number, text })
        }
        _ => {
            let expected = "a row that names a line by one number, such as Line 1200, L1200:1 or Tie 9010";
            Err(InputError::line(path, position.line(), format_args!("{text:?}"), expected))
        }
    }
}

fn is_same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::table::Table;

    #[test]
    fn a_kind_and_a_name_with_a_number_make_a_line_row() {
        for text in ["Line 1200", "  TIE  9010 ", "Line: 1200", "line=L1200:1", "Random 0", "Test L3.1"] {
            assert!(is_line_row(text), "{text}");
        }
        for text in ["Line X Y", "Line", "Lines 5", "Line abc", "Line 1 2", "1 2", "Line,Fid", ""] {
            assert!(!is_line_row(text), "{text}");
        }
    }

    #[test]
    fn rows_belong_to_the_line_row_before_them() {
        let text = "/ exported\n/ Fid X\n/\nLine 1200\n1 *\n2 3\n/ Fid X\nTie T9010:2\n//Date 2019/03/02\n4 5\n";
        let table = Table::of_text(text, Path::new("s.xyz")).unwrap();
        assert_eq!(table.names, ["Fid", "X"]);
        let mut rows = table.rows().unwrap();
        let mut all = Vec::new();
        while let Some((at, row)) = rows.next().unwrap() {
            let row = row.unwrap();
            all.push((at, row.line_row().unwrap().number, row.number(0).unwrap(), row.number(1).unwrap()));
        }
        let found: Vec<_> = all.iter().map(|(at, line, a, b)| (at.line(), *line, *a, *b)).collect();
        assert_eq!(
            found,
            [(5, 1200.0, Some(1.0), None), (6, 1200.0, Some(2.0), Some(3.0)), (10, 9010.0, Some(4.0), Some(5.0))]
        );
        for (at, line, ..) in all.iter().rev() {
            assert_eq!(rows.at(*at).unwrap().line_row().unwrap().number, *line);
        }
    }

    #[test]
    fn a_line_has_one_number_and_a_number_one_line() {
        let message = |lines: &str| {
            let text = format!("/ Fid X\nLine 1200\n1 2\n{lines}\n3 4\n");
            Table::of_text(&text, Path::new("s.xyz")).err().map(|error| error.to_string())
        };
        let same = "lines with different numbers: rename one, or name a column as columns.line_number";
        assert_eq!(
            message("Tie 1200"),
            Some(format!("s.xyz, line 4: got \"Tie 1200\", the number of \"Line 1200\" in line 2, expected {same}"))
        );
        assert!(message("Line 1200:2").unwrap().contains("\"Line 1200:2\", the number of \"Line 1200\" in line 2"));
        assert_eq!(message("Line 1200"), None);
        assert_eq!(message("Line 1200.1"), None);
        for wrong in ["Line", "Line north", "Line 5 6"] {
            let message = message(wrong);
            match wrong {
                // A word alone is a row with too few cells.
                "Line" => assert_eq!(message, None),
                _ => assert!(message.unwrap().contains("expected a row that names a line by one number"), "{wrong}"),
            }
        }
    }
}
