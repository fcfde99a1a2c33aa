//! Rows of a table, which are split into cells on demand.

use std::borrow::Cow;
use std::fmt;

use super::body::{Body, Header, Table, TextBody};
use super::comments::{COMMENT, drop_last_if_empty, renames};
use super::line_rows::LineRow;
use super::lines::{Position, TextLines};
use super::netcdf::NetcdfBlock;
use super::numbers::Numbers;
use super::separator::Separator;
use crate::error::{Error, InputError, Result};
use crate::survey::gdf2::number;
use crate::survey::listed::shortened;

/// The contents of a row, or all errors in it.
pub(in super::super) type RowResult<T> = std::result::Result<T, Vec<Error>>;

/// The rows of a table, starting at any of them.
pub(in super::super) struct Rows<'a> {
    table: &'a Table,
    source: RowSource<'a>,
}

enum RowSource<'a> {
    Text(&'a TextBody, TextLines),
    /// Numbers, and the index of the next row.
    Numbers(&'a Numbers, usize),
    /// A block of rows, and the index of the next row.
    Netcdf(Box<NetcdfBlock<'a>>, usize),
}

impl<'a> Rows<'a> {
    pub(super) fn new(table: &'a Table) -> Result<Self> {
        let source = match &table.body {
            Body::Text(body) => {
                let mut lines = body.content.lines(&table.path)?;
                lines.go_to(body.start)?;
                RowSource::Text(body, lines)
            }
            Body::Numbers(numbers) => RowSource::Numbers(numbers, 0),
            Body::Netcdf(rows) => RowSource::Netcdf(Box::new(NetcdfBlock::open(&table.path, rows)?), 0),
        };
        Ok(Self { table, source })
    }

    /// Returns the next row and its position, or the error when it does not have the columns of the header.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub(in super::super) fn next(&mut self) -> Result<Option<(Position, Result<Row<'_>>)>> {
        match &mut self.source {
            RowSource::Text(body, lines) => {
                while let Some(at) = lines.advance()? {
                    if body.has_comments && lines.text().trim_start().starts_with(COMMENT) {
                        refuse_new_names(self.table, body, at, lines.text())?;
                    } else if !body.is_line_row(at) && !body.is_other_record(lines.text()) {
                        return Ok(Some((at, split(self.table, body, at, lines.text()))));
                    }
                }
                Ok(None)
            }
            RowSource::Numbers(numbers, next) => {
                let Some((at, index)) = next_row(next, numbers.row_count()) else { return Ok(None) };
                let cells = RowContent::Numbers(numbers, index);
                Ok(Some((at, Ok(Row { table: self.table, at, cells }))))
            }
            RowSource::Netcdf(block, next) => {
                let Body::Netcdf(rows) = &self.table.body else { return Ok(None) };
                let Some((at, index)) = next_row(next, rows.row_count()) else { return Ok(None) };
                block.go_to(index);
                let cells = RowContent::Block(block, index);
                Ok(Some((at, Ok(Row { table: self.table, at, cells }))))
            }
        }
    }

    /// Returns the row at a position from [`next`](Self::next).
    ///
    /// # Errors
    ///
    /// When it no longer exists.
    pub(in super::super) fn at(&mut self, position: Position) -> Result<Row<'_>> {
        match &mut self.source {
            RowSource::Text(_, lines) => lines.go_to(position)?,
            RowSource::Numbers(_, next) | RowSource::Netcdf(_, next) => *next = position.lines,
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

/// Returns the position and index of the next of `count` rows, and advances.
fn next_row(next: &mut usize, count: usize) -> Option<(Position, usize)> {
    let index = *next;
    *next += usize::from(index < count);
    (index < count).then_some((Position { lines: index, bytes: index as u64 }, index))
}

/// Refuses a comment between rows that names the columns in another way than the header.
fn refuse_new_names(table: &Table, body: &TextBody, at: Position, comment: &str) -> Result<()> {
    let Header::Line(header) = table.header else { return Ok(()) };
    if !renames(comment, &table.names, body.separator) {
        return Ok(());
    }
    let got = format!("other names of the columns than in line {header}");
    Err(InputError::line(&table.path, at.line(), got, "one order of columns in the file: divide it in two"))
}

fn split<'a>(table: &'a Table, body: &'a TextBody, at: Position, text: &'a str) -> Result<Row<'a>> {
    let line = at.line();
    if text.matches('"').count() % 2 == 1 && body.separator.quotes() {
        return Err(InputError::line(&table.path, line, "a quote that is not closed", "quotes in pairs"));
    }
    if let (Some(layout), Header::Definition(definition)) = (&body.layout, &table.header) {
        let cells = layout.cells(text).map_err(|row| {
            let expected = format!("{} as defined in {}", layout.expected(), definition.display());
            InputError::line(&table.path, line, row, expected)
        })?;
        return Ok(Row { table, at, cells: RowContent::Text(body, cells.into_iter().map(Cow::Borrowed).collect()) });
    }
    let mut cells = body.separator.split(text);
    if cells.len() == table.names.len() + 1 {
        drop_last_if_empty(&mut cells);
    }
    if cells.len() != table.names.len() {
        let source = match &table.header {
            Header::None => "as in the first row",
            _ => "as in the header",
        };
        let between = match body.separator {
            Separator::Comma if !text.contains([';', '\t']) => String::new(),
            separator => format!(", separated by {}", separator.words()),
        };
        let expected = format!("{} {source}{between}", table.names.len());
        return Err(InputError::line(&table.path, line, format_args!("{} cells", cells.len()), expected));
    }
    Ok(Row { table, at, cells: RowContent::Text(body, cells) })
}

enum RowContent<'a> {
    Text(&'a TextBody, Vec<Cow<'a, str>>),
    /// Numbers, and the index of this row.
    Numbers(&'a Numbers, usize),
    /// A block of rows, and the index of this row.
    Block(&'a NetcdfBlock<'a>, usize),
}

/// One row with as many cells as the header has names.
pub(in super::super) struct Row<'a> {
    table: &'a Table,
    at: Position,
    cells: RowContent<'a>,
}

impl Row<'_> {
    /// Returns the line of the file, counted from 1.
    pub(in super::super) fn line(&self) -> usize {
        self.at.line()
    }

    /// Returns the row before this one that names its line, in files that have such rows.
    pub(in super::super) fn line_row(&self) -> Option<&LineRow> {
        match &self.cells {
            RowContent::Text(body, _) => body.line_row(self.at),
            RowContent::Numbers(..) | RowContent::Block(..) => None,
        }
    }

    /// Returns the cell without blanks around it.
    pub(in super::super) fn text(&self, column: usize) -> Cow<'_, str> {
        match &self.cells {
            RowContent::Text(_, cells) => Cow::Borrowed(&*cells[column]),
            RowContent::Numbers(numbers, row) => Cow::Owned(numbers.value(*row, column).to_string()),
            RowContent::Block(block, row) => {
                Cow::Owned(block.value(*row, column).map(|value| value.to_string()).unwrap_or_default())
            }
        }
    }

    /// Returns the number in a cell; `None` when the cell is empty, NaN or a null of the file.
    ///
    /// # Errors
    ///
    /// When the cell is not a finite number.
    pub(in super::super) fn number(&self, column: usize) -> Result<Option<f64>> {
        let value = match &self.cells {
            RowContent::Numbers(numbers, row) => Some(numbers.value(*row, column)),
            RowContent::Block(block, row) => Some(block.value(*row, column)?),
            RowContent::Text(_, cells) if cells[column].is_empty() => return Ok(None),
            RowContent::Text(body, cells) => {
                let value = match body.layout {
                    Some(_) => number(&cells[column]),
                    None => body.parse(&cells[column]),
                };
                if body.is_null(column, &cells[column], value.as_ref()) {
                    return Ok(None);
                }
                value
            }
        };
        match value {
            Some(value) if value.is_nan() => Ok(None),
            Some(value) if value.is_finite() => Ok(Some(value)),
            Some(_) => Err(self.error(column, "a finite number")),
            None => Err(self.error(column, self.number_words())),
        }
    }

    /// Says what a number is in this file.
    fn number_words(&self) -> &'static str {
        match &self.cells {
            RowContent::Text(body, _) if body.decimal_comma => "a number with a decimal comma, as others of the file",
            _ => "a number",
        }
    }

    /// Makes an error about a cell that shows its content.
    pub(in super::super) fn error(&self, column: usize, expected: impl fmt::Display) -> Error {
        self.error_got(column, format_args!("{:?}", shortened(&self.text(column))), expected)
    }

    /// Makes an error about a cell with another text instead of its content.
    pub(in super::super) fn error_got(
        &self,
        column: usize,
        got: impl fmt::Display,
        expected: impl fmt::Display,
    ) -> Error {
        InputError::cell(&self.table.path, self.line(), &shortened(&self.table.names[column]), got, expected)
    }
}
