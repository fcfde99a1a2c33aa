//! Rows of a table, split into cells when they are asked for.

use std::borrow::Cow;
use std::fmt;

use super::body::{Body, Header, Table, TextBody};
use super::lines::{Lines, Position};
use super::numbers::Numbers;
use crate::error::{Error, InputError, Result};
use crate::survey::gdf2::split_fixed;
use crate::survey::listed::shortened;

/// What a row holds, or everything that is wrong with it.
pub(in super::super) type RowResult<T> = std::result::Result<T, Vec<Error>>;

/// The rows of a table, from any of them on.
pub(in super::super) struct Rows<'a> {
    table: &'a Table,
    source: Source<'a>,
}

enum Source<'a> {
    Text(&'a TextBody, Lines),
    /// And the next row.
    Numbers(&'a Numbers, usize),
}

impl<'a> Rows<'a> {
    pub(super) fn new(table: &'a Table) -> Result<Self> {
        let source = match &table.body {
            Body::Text(body) => {
                let mut lines = body.content.lines(&table.path)?;
                lines.go_to(body.start)?;
                Source::Text(body, lines)
            }
            Body::Numbers(numbers) => Source::Numbers(numbers, 0),
        };
        Ok(Self { table, source })
    }

    /// The next row and where it is, or why it cannot be split as the header is.
    ///
    /// # Errors
    ///
    /// When the file cannot be read on.
    pub(in super::super) fn next(&mut self) -> Result<Option<(Position, Result<Row<'_>>)>> {
        match &mut self.source {
            Source::Text(body, lines) => {
                while let Some(at) = lines.advance()? {
                    if !body.is_other_record(lines.text()) {
                        return Ok(Some((at, split(self.table, body, at.line(), lines.text()))));
                    }
                }
                Ok(None)
            }
            Source::Numbers(numbers, next) => {
                let index = *next;
                if index == numbers.row_count() {
                    return Ok(None);
                }
                *next += 1;
                let at = Position { lines: index, bytes: index as u64 };
                Ok(Some((at, Ok(Row { table: self.table, line: at.line(), cells: Cells::Numbers(numbers, index) }))))
            }
        }
    }

    /// The row at a place where [`next`](Self::next) found one.
    ///
    /// # Errors
    ///
    /// When it is no longer there.
    pub(in super::super) fn at(&mut self, position: Position) -> Result<Row<'_>> {
        match &mut self.source {
            Source::Text(_, lines) => lines.go_to(position)?,
            Source::Numbers(_, next) => *next = position.lines,
        }
        let path = &self.table.path;
        match self.next()? {
            Some((_, row)) => row,
            None => {
                Err(InputError::line(path, position.line(), "the end of the file", "the row that was there before"))
            }
        }
    }
}

fn split<'a>(table: &'a Table, body: &'a TextBody, line: usize, text: &'a str) -> Result<Row<'a>> {
    if text.matches('"').count() % 2 == 1 && body.separator.quotes() {
        return Err(InputError::line(&table.path, line, "a quote that is not closed", "quotes in pairs"));
    }
    let mut cells = body.separator.split(text);
    if cells.len() != table.names.len()
        && let Some(fixed) = split_fixed(text, &body.widths)
    {
        cells = fixed.into_iter().map(Cow::Borrowed).collect();
    }
    if cells.len() != table.names.len() {
        let source = match &table.header {
            Header::Line(_) | Header::Schema => "as in the header".to_owned(),
            Header::None => "as in the first row".to_owned(),
            Header::Definition(path) => format!("as defined in {}", path.display()),
        };
        let expected = format!("{} {source}", table.names.len());
        return Err(InputError::line(&table.path, line, format_args!("{} cells", cells.len()), expected));
    }
    Ok(Row { table, line, cells: Cells::Text(body, cells) })
}

enum Cells<'a> {
    Text(&'a TextBody, Vec<Cow<'a, str>>),
    /// Of this row.
    Numbers(&'a Numbers, usize),
}

/// One row with as many cells as the header has names.
pub(in super::super) struct Row<'a> {
    table: &'a Table,
    /// Line of the file, counted from 1.
    pub(in super::super) line: usize,
    cells: Cells<'a>,
}

impl Row<'_> {
    /// The cell without blanks around it.
    pub(in super::super) fn text(&self, column: usize) -> Cow<'_, str> {
        match &self.cells {
            Cells::Text(_, cells) => Cow::Borrowed(&*cells[column]),
            Cells::Numbers(numbers, row) => Cow::Owned(numbers.value(*row, column).to_string()),
        }
    }

    /// The number in a cell; `None` when the cell is empty, NaN or what the file defines as null.
    ///
    /// # Errors
    ///
    /// When the cell is something else than a finite number.
    pub(in super::super) fn number(&self, column: usize) -> Result<Option<f64>> {
        let value = match &self.cells {
            Cells::Numbers(numbers, row) => Ok(numbers.value(*row, column)),
            Cells::Text(_, cells) if cells[column].is_empty() => return Ok(None),
            Cells::Text(body, cells) => {
                let value = cells[column].parse();
                if body.is_null(column, &cells[column], value.as_ref().ok()) {
                    return Ok(None);
                }
                value
            }
        };
        match value {
            Ok(value) if value.is_nan() => Ok(None),
            Ok(value) if value.is_finite() => Ok(Some(value)),
            Ok(_) => Err(self.error(column, "a finite number")),
            Err(_) => Err(self.error(column, "a number")),
        }
    }

    /// The error about a cell, which shows the cell.
    pub(in super::super) fn error(&self, column: usize, expected: impl fmt::Display) -> Error {
        self.error_got(column, format_args!("{:?}", shortened(&self.text(column))), expected)
    }

    /// The error about a cell, in other words than its own.
    pub(in super::super) fn error_got(
        &self,
        column: usize,
        got: impl fmt::Display,
        expected: impl fmt::Display,
    ) -> Error {
        InputError::cell(&self.table.path, self.line, &shortened(&self.table.names[column]), got, expected)
    }
}
