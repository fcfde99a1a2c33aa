//! What is known of a table before its rows are read.

use std::ops::Range;
use std::path::PathBuf;

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
}

impl TextBody {
    pub(super) fn new(content: TextContent, start: Position, separator: Separator) -> Self {
        let (nulls, other_records) = (Vec::new(), Vec::new());
        Self { content, start, separator, layout: None, nulls, nulls_of_all: Vec::new(), other_records }
    }

    pub(super) fn is_null(&self, column: usize, cell: &str, value: Option<&f64>) -> bool {
        let of_column = self.nulls.get(column).and_then(Option::as_ref);
        of_column.into_iter().chain(&self.nulls_of_all).any(|null| null.is(cell, value))
    }

    pub(super) fn is_other_record(&self, row: &str) -> bool {
        !self.other_records.is_empty() && Definition::is_other_record(&self.other_records, row)
    }
}
