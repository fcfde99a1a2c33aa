//! The rows of a survey that cannot be read, by cause: one message for each.

use std::fmt;

use crate::error::{Error, InputError};
use crate::survey::RejectedRow;
use crate::words::plural;

/// Largest number of causes in one message.
const SHOWN: usize = 5;
/// Largest number of columns in one cause.
const COLUMNS: usize = 6;

/// Why rows of a survey cannot be read.
#[derive(Debug)]
pub struct Rejected {
    causes: Vec<Cause>,
}

/// What is wrong with some rows.
#[derive(Debug)]
struct Cause {
    /// Columns and what was expected there, which rows of one cause have in common; the text of other errors.
    key: (Vec<String>, String),
    /// The message for the first row.
    first: String,
    rows: usize,
}

impl Rejected {
    /// Groups rows by their causes, in the order in which the causes occur.
    pub fn new(rows: &[RejectedRow]) -> Self {
        let mut causes: Vec<Cause> = Vec::new();
        for row in rows {
            for cause in causes_of(row) {
                match causes.iter_mut().find(|other| other.key == cause.key) {
                    Some(other) => other.rows += 1,
                    None => causes.push(cause),
                }
            }
        }
        Self { causes }
    }
}

/// Returns the causes of one row: columns with the same fault are one.
fn causes_of(row: &RejectedRow) -> Vec<Cause> {
    let mut causes: Vec<(Vec<String>, Option<&InputError>, &Error)> = Vec::new();
    for error in &row.errors {
        let Error::Input(input) = error else {
            causes.push((Vec::new(), None, error));
            continue;
        };
        let is_same = |other: &InputError| other.got == input.got && other.expected == input.expected;
        let column = input.column.clone();
        match causes.iter_mut().find(|(columns, other, _)| !columns.is_empty() && other.is_some_and(is_same)) {
            Some((columns, ..)) => columns.extend(column),
            None => causes.push((column.into_iter().collect(), Some(input), error)),
        }
    }
    let cause = |(columns, input, error): (Vec<String>, Option<&InputError>, &Error)| {
        let first = match input {
            Some(input) if columns.len() > 1 => {
                let more = columns.len().saturating_sub(COLUMNS);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                let named = columns[..columns.len().min(COLUMNS)].join(", ");
                let column = Some(format!("{named}{more}"));
                let text = InputError { column, ..input.clone() }.to_string();
                text.replacen(", column ", ", columns ", 1)
            }
            _ => error.to_string(),
        };
        let expected = input.map_or_else(|| error.to_string(), |input| input.expected.clone());
        Cause { key: (columns, expected), first, rows: 1 }
    };
    causes.into_iter().map(cause).collect()
}

/// One line for each of the first causes, with the number of rows.
impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, cause) in self.causes.iter().take(SHOWN).enumerate() {
            let separator = if number == 0 { "" } else { "\n" };
            let rows = if cause.rows > 1 {
                format!(" (and {} like it)", plural(cause.rows - 1, "row"))
            } else {
                String::new()
            };
            write!(f, "{separator}  {}{rows}", cause.first)?;
        }
        let more = self.causes.len().saturating_sub(SHOWN);
        if more > 0 { write!(f, "\n  ... and {}", plural(more, "other cause")) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn row(line: usize, cells: &[(&str, &str, &str)]) -> RejectedRow {
        let error = |&(column, got, expected): &(&str, &str, &str)| {
            InputError::cell(Path::new("a.csv"), line, column, got, expected)
        };
        RejectedRow { file_line: line, errors: cells.iter().map(error).collect() }
    }

    #[test]
    fn rows_are_grouped_by_cause() {
        let null =
            |line| row(line, &[("dx", "-9999", "a number"), ("dy", "-9999", "a number"), ("h", "0", "a height")]);
        let rows = [null(2), row(5, &[("h", "x", "a height")]), null(7)];
        let text = Rejected::new(&rows).to_string();
        assert_eq!(
            text,
            "  a.csv, line 2, columns dx, dy: got -9999, expected a number (and 1 row like it)\n  \
             a.csv, line 2, column h: got 0, expected a height (and 2 rows like it)"
        );
    }

    #[test]
    fn many_causes_are_counted() {
        let rows: Vec<RejectedRow> = (0..8).map(|line| row(line, &[("x", "1", &format!("not {line}"))])).collect();
        assert!(Rejected::new(&rows).to_string().ends_with("\n  ... and 3 other causes"));
    }
}
