//! What is known of a table before its rows are read.

use std::ops::Range;
use std::path::PathBuf;

use super::line_rows::LineRow;
use super::lines::{Position, TextContent};
use super::netcdf_rows::NetcdfRows;
use super::numbers::Numbers;
use super::separator::Separator;
use crate::survey::gdf2::{Definition, Null, RowLayout};

/// Largest number of columns of a table; real tables have hundreds.
pub(super) const MAX_COLUMNS: usize = 100_000;

/// Where the names of the columns are.
#[derive(Debug, Clone)]
pub(super) enum Header {
    /// In a row of the file, counted from 1.
    Line(usize),
    /// Columns have no names.
    None,
    /// In a definition file.
    Definition(PathBuf),
    /// In a file that is not text.
    Schema,
}

/// Neighbouring columns with one name; only definition files have fields of more than one column.
#[derive(Debug, Clone)]
pub(super) struct TableField {
    pub(super) name: String,
    /// In files with groups: its groups and its name, with `/` between them.
    pub(super) path: Option<String>,
    pub(super) columns: Range<usize>,
    /// Line of the file with the name.
    pub(super) line: usize,
    /// Coordinate reference system, when a definition gives it.
    pub(super) crs: Option<String>,
    /// What is said of a null that the field cannot hold.
    pub(super) shortened_null: Option<String>,
}

impl TableField {
    /// Returns whether `name` is the field's name or the end of its path; upper and lower case make no difference.
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name) || self.path.as_ref().is_some_and(|path| is_path_of(path, name))
    }
}

/// Returns whether `name` is `path` or its end after a `/`.
pub(super) fn is_path_of(path: &str, name: &str) -> bool {
    let name = name.trim_matches('/');
    let start = path.len().checked_sub(name.len()).filter(|&start| path.is_char_boundary(start));
    let is_whole = |start: usize| start == 0 || path[..start].ends_with('/');
    start.is_some_and(|start| is_whole(start) && path[start..].eq_ignore_ascii_case(name))
}

/// Returns the names of the columns of a field: its own for one column, else with numbers from 1.
pub(super) fn column_names(field: &str, count: usize) -> impl Iterator<Item = String> {
    (1..=count).map(move |i| if count == 1 { field.to_owned() } else { format!("{field}[{i}]") })
}

/// A table whose rows are read and split into cells on demand.
#[derive(Debug, Clone)]
pub(in crate::survey) struct Table {
    pub(in crate::survey) path: PathBuf,
    pub(super) header: Header,
    /// Column names as in the file; numbers from 1 when it has none.
    pub(in crate::survey) names: Vec<String>,
    pub(super) fields: Vec<TableField>,
    /// Coordinate reference system that comments at the beginning of the file name.
    pub(super) comments_crs: Option<String>,
    pub(super) body: Body,
}

#[derive(Debug, Clone)]
pub(super) enum Body {
    Text(TextBody),
    Numbers(Numbers),
    #[cfg_attr(not(feature = "netcdf"), expect(dead_code, reason = "such files cannot be opened"))]
    Netcdf(NetcdfRows),
}

/// How to read the rows of a text.
#[derive(Debug, Clone)]
pub(super) struct TextBody {
    pub(super) content: TextContent,
    /// Position of the first row.
    pub(super) start: Position,
    pub(super) separator: Separator,
    /// How rows are cut into cells, when a definition says it.
    pub(super) layout: Option<RowLayout>,
    /// Nulls of the columns; empty when the file does not give them.
    pub(super) nulls: Vec<Option<Null>>,
    /// Nulls of all columns.
    pub(super) nulls_of_all: Vec<Null>,
    /// Types of the records without data, as their rows begin.
    pub(super) other_records: Vec<String>,
    /// Rows that give the line of the rows after them, in order of the file.
    pub(super) line_rows: Vec<LineRow>,
    /// True when comment lines may stand between rows.
    pub(super) has_comments: bool,
    /// True when numbers have a decimal comma.
    pub(super) decimal_comma: bool,
}

impl TextBody {
    pub(super) fn new(content: TextContent, start: Position, separator: Separator) -> Self {
        Self {
            content,
            start,
            separator,
            layout: None,
            nulls: Vec::new(),
            nulls_of_all: Vec::new(),
            other_records: Vec::new(),
            line_rows: Vec::new(),
            has_comments: false,
            decimal_comma: false,
        }
    }

    pub(super) fn is_null(&self, column: usize, cell: &str, value: Option<&f64>) -> bool {
        let of_column = self.nulls.get(column).and_then(Option::as_ref);
        of_column.into_iter().chain(&self.nulls_of_all).any(|null| null.is(cell, value))
    }

    /// Returns the row that gives the line of the row at `position`.
    pub(super) fn line_row(&self, position: Position) -> Option<&LineRow> {
        let before = self.line_rows.partition_point(|row| row.position < position);
        before.checked_sub(1).map(|index| &self.line_rows[index])
    }

    /// Returns whether the row at `position` is one that names a line.
    pub(super) fn is_line_row(&self, position: Position) -> bool {
        self.line_rows.binary_search_by(|row| row.position.cmp(&position)).is_ok()
    }

    /// Returns the number in a cell. A number with a decimal point is none in a file of decimal commas.
    pub(super) fn parse(&self, cell: &str) -> Option<f64> {
        match self.decimal_comma {
            true if cell.contains('.') || cell.matches(',').count() > 1 => None,
            true => cell.replace(',', ".").parse().ok(),
            false => cell.parse().ok(),
        }
    }

    pub(super) fn is_other_record(&self, row: &str) -> bool {
        !self.other_records.is_empty() && Definition::is_other_record(&self.other_records, row)
    }
}
