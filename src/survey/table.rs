//! Text tables: rows of cells in columns that a header row or a definition file names, or that only have numbers.

use std::borrow::Cow;
use std::fmt;
use std::fs;
use std::ops::Range;
use std::path::Path;

use crate::error::{Error, InputError, Result};

use super::gdf2::{Definition, Null, split_fixed};

/// Names listed in one message; files of contractors have hundreds.
const MAX_LISTED: usize = 40;
/// Characters of a cell shown in one message.
const MAX_SHOWN: usize = 40;

/// The text of a file, which must be UTF-8 without NUL.
pub(super) fn read_text(path: &Path) -> Result<String> {
    let bytes = fs::read(path).map_err(Error::io(path))?;
    decode(bytes, path)
}

fn decode(bytes: Vec<u8>, path: &Path) -> Result<String> {
    let line_of = |bytes: &[u8]| 1 + bytes.iter().filter(|&&byte| byte == b'\n').count();
    let text = String::from_utf8(bytes).map_err(|error| {
        let (before, after) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
        InputError::line(path, line_of(before), format_args!("byte 0x{:02x}", after[0]), "text in UTF-8")
    })?;
    match text.find('\0') {
        Some(nul) => Err(InputError::line(path, line_of(&text.as_bytes()[..nul]), "a NUL byte", "text in UTF-8")),
        None => Ok(text),
    }
}

#[derive(Debug, Clone, Copy)]
enum Separator {
    Comma,
    Tab,
    Whitespace,
}

impl Separator {
    fn of_header(header: &str) -> Self {
        if header.contains(',') {
            Self::Comma
        } else if header.contains('\t') && header.split('\t').all(|name| name.split_whitespace().count() == 1) {
            // Unlike runs of blanks, single tabs leave room for empty cells.
            Self::Tab
        } else {
            Self::Whitespace
        }
    }

    fn split<'a>(self, row: &'a str) -> Vec<Cow<'a, str>> {
        let trimmed = |cell: &'a str| Cow::Borrowed(cell.trim());
        match self {
            Self::Comma if row.contains('"') => split_quoted(row),
            Self::Comma => row.split(',').map(trimmed).collect(),
            Self::Tab => row.split('\t').map(trimmed).collect(),
            Self::Whitespace => row.split_whitespace().map(Cow::Borrowed).collect(),
        }
    }
}

fn split_quoted<'a>(row: &str) -> Vec<Cow<'a, str>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        // The row ends where the line does, not at a carriage return within.
        .terminator(csv::Terminator::Any(b'\n'))
        .from_reader(row.as_bytes());
    let record = reader.records().next().and_then(|record| record.ok()).unwrap_or_default();
    record.iter().map(|cell| Cow::Owned(cell.to_owned())).collect()
}

/// Where the names of the columns stand.
#[derive(Debug, Clone, Copy)]
enum Header<'a> {
    /// In a row of the file, counted from 1.
    Line(usize),
    /// Nowhere; the first row of numbers is here.
    None(usize),
    /// In a definition file.
    Definition(&'a Path),
}

/// Neighbouring columns under one name; only definition files have fields of more than one column.
struct Field {
    name: String,
    columns: Range<usize>,
    /// Line of the file that names it.
    line: usize,
}

/// A table whose rows are split into cells when they are asked for.
pub(super) struct Table<'a> {
    pub(super) path: &'a Path,
    header: Header<'a>,
    /// Column names as the file writes them; numbers from 1 when it has none.
    pub(super) names: Vec<String>,
    fields: Vec<Field>,
    separator: Separator,
    /// Of each column; none when the file does not say.
    widths: Vec<usize>,
    /// Of each column; none when the file does not say.
    nulls: Vec<Option<&'a Null>>,
    rows: Vec<(usize, &'a str)>,
}

impl<'a> Table<'a> {
    /// Separated by comma when the header has one, else by tabs or blanks. Blank lines and a byte order mark are skipped.
    ///
    /// # Errors
    ///
    /// When there is no header or no row.
    pub(super) fn parse(text: &'a str, path: &'a Path) -> Result<Self> {
        let table = Self::parse_any(text, path)?;
        match table.header {
            Header::None(line) => Err(InputError::line(path, line, "a row of numbers", "a header row of column names")),
            _ => Ok(table),
        }
    }

    /// As [`parse`](Self::parse), but the first row may be one of numbers: the columns are then called 1, 2, ...
    ///
    /// # Errors
    ///
    /// When there is no row.
    pub(super) fn parse_any(text: &'a str, path: &'a Path) -> Result<Self> {
        let mut rows = rows_of(text);
        let Some(&(line, first)) = rows.first() else {
            return Err(InputError::file(path, "an empty file", "a header row of column names"));
        };
        let separator = Separator::of_header(first);
        let mut names: Vec<String> = separator.split(first).into_iter().map(Cow::into_owned).collect();
        let header = if are_numbers(&names) { Header::None(line) } else { Header::Line(line) };
        if let Header::None(_) = header {
            names = (1..=names.len()).map(|number| number.to_string()).collect();
        } else {
            rows.remove(0);
        }
        if rows.is_empty() {
            return Err(InputError::file(path, "a header and no rows", "at least one row"));
        }
        let field = |(column, name): (usize, &String)| Field { name: name.clone(), columns: column..column + 1, line };
        let fields = names.iter().enumerate().map(field).collect();
        Ok(Self { path, header, names, fields, separator, widths: Vec::new(), nulls: Vec::new(), rows })
    }

    /// Rows of cells between blanks or of fixed widths, which `definition` names.
    ///
    /// # Errors
    ///
    /// When there is no row.
    pub(super) fn defined(text: &'a str, path: &'a Path, definition: &'a Definition) -> Result<Self> {
        let mut rows = rows_of(text);
        rows.retain(|(_, row)| !definition.is_other_record(row));
        if rows.is_empty() {
            return Err(InputError::file(path, "no rows of data", "at least one row"));
        }
        let header = Header::Definition(&definition.path);
        let separator = Separator::Whitespace;
        let (names, fields, widths, nulls) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut table = Self { path, header, names, fields, separator, widths, nulls, rows };
        for field in &definition.fields {
            let first = table.names.len();
            let columns = first..first + field.count;
            let name = |i| if field.count == 1 { field.name.clone() } else { format!("{}[{i}]", field.name) };
            table.names.extend((1..=field.count).map(name));
            table.widths.extend(columns.clone().map(|_| field.width));
            table.nulls.extend(columns.clone().map(|_| field.null.as_ref()));
            table.fields.push(Field { name: field.name.clone(), columns, line: field.line });
        }
        Ok(table)
    }

    /// Whether columns have names and not only numbers.
    pub(super) fn has_names(&self) -> bool {
        !matches!(self.header, Header::None(_))
    }

    /// The rows with their line of the file, or why a row cannot be split as the header is.
    pub(super) fn rows(&self) -> impl Iterator<Item = (usize, Result<Row<'_>>)> {
        self.rows.iter().map(|&(line, row)| (line, self.row(line, row)))
    }

    fn row(&self, line: usize, row: &'a str) -> Result<Row<'_>> {
        if matches!(self.separator, Separator::Comma) && row.matches('"').count() % 2 == 1 {
            return Err(InputError::line(self.path, line, "a quote that is not closed", "quotes in pairs"));
        }
        let mut cells = self.separator.split(row);
        if cells.len() != self.names.len()
            && let Some(fixed) = split_fixed(row, &self.widths)
        {
            cells = fixed.into_iter().map(Cow::Borrowed).collect();
        }
        if cells.len() != self.names.len() {
            let source = match self.header {
                Header::Line(_) => "as in the header".to_owned(),
                Header::None(_) => "as in the first row".to_owned(),
                Header::Definition(path) => format!("as defined in {}", path.display()),
            };
            let expected = format!("{} {source}", self.names.len());
            return Err(InputError::line(self.path, line, format_args!("{} cells", cells.len()), expected));
        }
        Ok(Row { table: self, line, cells })
    }

    /// The column called by one of `aliases` in whatever case, `None` when there is none.
    ///
    /// # Errors
    ///
    /// When there are several, because which of them is meant is not for a program to guess.
    pub(super) fn find(&self, aliases: &[&str]) -> Result<Option<usize>> {
        let is_alias = |name: &str| aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name));
        let found: Vec<usize> = (0..self.names.len()).filter(|&column| is_alias(&self.names[column])).collect();
        if found.len() > 1 {
            let got = format!("columns {}", listed(found.iter().map(|&column| &self.names[column])));
            let expected = format!("one column named {}", alternatives(aliases));
            return Err(self.header_error(got, expected));
        }
        Ok(found.first().copied())
    }

    /// As [`find`](Self::find), for a column that must be there.
    pub(super) fn require(&self, aliases: &[&str]) -> Result<usize> {
        self.find(aliases)?.ok_or_else(|| {
            self.header_error(self.listed_names(), format_args!("a column named {}", alternatives(aliases)))
        })
    }

    /// The columns of the field called `name` in whatever case.
    ///
    /// # Errors
    ///
    /// When there is none or when there are several.
    pub(super) fn field(&self, name: &str) -> Result<Range<usize>> {
        let mut found: Vec<Range<usize>> =
            self.fields.iter().filter(|f| f.name.eq_ignore_ascii_case(name)).map(|f| f.columns.clone()).collect();
        if found.is_empty() {
            // One column of a field, as messages call it.
            let is_column = |&column: &usize| self.names[column].eq_ignore_ascii_case(name);
            found = (0..self.names.len()).filter(is_column).map(|column| column..column + 1).collect();
        }
        match &found[..] {
            [columns] => Ok(columns.clone()),
            [] => Err(self.header_error(self.listed_names(), format_args!("a column named {}", shortened(name)))),
            _ => {
                let numbers = listed(found.iter().map(|columns| (columns.start + 1).to_string()));
                let got = format!("columns {numbers} named {}", shortened(name));
                Err(self.header_error(got, "one column of that name, or the number of the column"))
            }
        }
    }

    fn listed_names(&self) -> String {
        match self.header {
            Header::None(_) => "columns without names".to_owned(),
            Header::Line(_) => format!("columns {}", listed(&self.names)),
            Header::Definition(_) => format!("columns {}", listed(self.fields.iter().map(|field| &field.name))),
        }
    }

    /// The error about the names of the columns as a whole.
    pub(super) fn header_error(&self, got: impl fmt::Display, expected: impl fmt::Display) -> Error {
        match self.header {
            Header::Line(line) => InputError::line(self.path, line, got, expected),
            Header::None(_) => InputError::file(self.path, got, expected),
            Header::Definition(path) => InputError::file(path, got, expected),
        }
    }

    /// The error about one name.
    pub(super) fn name_error(&self, column: usize, got: impl fmt::Display, expected: impl fmt::Display) -> Error {
        let path = match self.header {
            Header::Definition(path) => path,
            _ => self.path,
        };
        let line = self.fields.iter().find(|field| field.columns.contains(&column)).map_or(1, |field| field.line);
        InputError::cell(path, line, &shortened(&self.names[column]), got, expected)
    }
}

/// The rows that are not blank, with their lines counted from 1.
fn rows_of(text: &str) -> Vec<(usize, &str)> {
    let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines();
    (1..).zip(lines).filter(|(_, row)| !row.trim().is_empty()).collect()
}

/// Whether more than half of the cells that are not empty are numbers: such a row does not hold names.
fn are_numbers(cells: &[String]) -> bool {
    let filled = cells.iter().filter(|cell| !cell.is_empty());
    let (numbers, words): (Vec<&String>, Vec<&String>) = filled.partition(|cell| cell.parse::<f64>().is_ok());
    numbers.len() > words.len()
}

/// What a row holds, or everything that is wrong with it.
pub(super) type RowResult<T> = std::result::Result<T, Vec<Error>>;

/// One row with as many cells as the header has names.
pub(super) struct Row<'a> {
    table: &'a Table<'a>,
    /// Line of the file, counted from 1.
    pub(super) line: usize,
    cells: Vec<Cow<'a, str>>,
}

impl Row<'_> {
    /// The cell without blanks around it.
    pub(super) fn text(&self, column: usize) -> &str {
        &self.cells[column]
    }

    /// The number in a cell; `None` when the cell is empty, NaN or what the file defines as null.
    ///
    /// # Errors
    ///
    /// When the cell is something else than a finite number.
    pub(super) fn number(&self, column: usize) -> Result<Option<f64>> {
        let cell = self.text(column);
        if cell.is_empty() {
            return Ok(None);
        }
        let value = cell.parse::<f64>();
        if let Some(Some(null)) = self.table.nulls.get(column)
            && null.is(cell, value.as_ref().ok())
        {
            return Ok(None);
        }
        match value {
            Ok(value) if value.is_nan() => Ok(None),
            Ok(value) if value.is_finite() => Ok(Some(value)),
            Ok(_) => Err(self.error(column, "a finite number")),
            Err(_) => Err(self.error(column, "a number")),
        }
    }

    /// The error about a cell, which shows the cell.
    pub(super) fn error(&self, column: usize, expected: impl fmt::Display) -> Error {
        self.error_got(column, format_args!("{:?}", shortened(self.text(column))), expected)
    }

    /// The error about a cell, in other words than its own.
    pub(super) fn error_got(&self, column: usize, got: impl fmt::Display, expected: impl fmt::Display) -> Error {
        InputError::cell(self.table.path, self.line, &shortened(&self.table.names[column]), got, expected)
    }
}

/// `names` in a row, cut off after some.
pub(super) fn listed<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| shortened(name.as_ref())).collect();
    match names.len().checked_sub(MAX_LISTED) {
        Some(more) if more > 0 => format!("{} and {more} more", names[..MAX_LISTED].join(", ")),
        _ => names.join(", "),
    }
}

fn alternatives(names: &[&str]) -> String {
    match names {
        [others @ .., last] if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => names.concat(),
    }
}

pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path() -> &'static Path {
        Path::new("t.csv")
    }

    fn cells(text: &str) -> Vec<(usize, Vec<String>)> {
        let table = Table::parse(text, path()).unwrap();
        table
            .rows()
            .map(|(line, row)| (line, row.unwrap().cells.iter().map(|cell| cell.to_string()).collect()))
            .collect()
    }

    fn row_message(text: &str) -> String {
        let table = Table::parse(text, path()).unwrap();
        table.rows().find_map(|(_, row)| row.err()).unwrap().to_string()
    }

    fn owned(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|&cell| cell.to_owned()).collect()
    }

    #[test]
    fn separators_follow_the_header() {
        let row = |line, cells: &[&str]| (line, owned(cells));
        assert_eq!(cells("a,b , c\r\n1, 2,3\r\n\r\n4,,6"), [row(2, &["1", "2", "3"]), row(4, &["4", "", "6"])]);
        assert_eq!(cells("\u{feff}\na   b\t c\n 1 2\t\t3 \n"), [row(3, &["1", "2", "3"])]);
        assert_eq!(cells("a\tb\tc\n1\t\t3\n"), [row(2, &["1", "", "3"])]);
        assert_eq!(cells("a,b\n\"1\",2\r3\n"), [row(2, &["1", "2\r3"])]);
        assert_eq!(cells("\"a\",b\n\"1, or 2\",\"say \"\"3\"\"\"\n"), [row(2, &["1, or 2", "say \"3\""])]);
    }

    #[test]
    fn an_open_quote_spoils_its_own_row_only() {
        let table = Table::parse("a,b\n\"1,2\n3,4\n", path()).unwrap();
        let rows: Vec<_> = table.rows().map(|(_, row)| row).collect();
        let error = rows[0].as_ref().err().unwrap().to_string();
        assert_eq!(error, "t.csv, line 2: got a quote that is not closed, expected quotes in pairs");
        assert_eq!(rows[1].as_ref().unwrap().text(0), "3");
    }

    #[test]
    fn rows_have_as_many_cells_as_the_header() {
        assert_eq!(row_message("a,b\n1,2\n1,2,3\n"), "t.csv, line 3: got 3 cells, expected 2 as in the header");
        assert_eq!(row_message("a b\n1\n"), "t.csv, line 2: got 1 cells, expected 2 as in the header");
    }

    #[test]
    fn a_table_needs_a_header_and_a_row() {
        let message = |text| Table::parse(text, path()).err().unwrap().to_string();
        assert_eq!(message(" \n\n"), "t.csv: got an empty file, expected a header row of column names");
        assert_eq!(message("a,b\n\n"), "t.csv: got a header and no rows, expected at least one row");
        assert_eq!(
            message("\n1,2\n3,4\n"),
            "t.csv, line 2: got a row of numbers, expected a header row of column names"
        );
    }

    #[test]
    fn columns_without_names_have_numbers() {
        let table = Table::parse_any("1\tNaN 3\n4 5 6\n7 8\n", path()).unwrap();
        assert!(!table.has_names());
        assert_eq!(table.names, ["1", "2", "3"]);
        let rows: Vec<_> = table.rows().collect();
        assert_eq!(rows[0].1.as_ref().unwrap().number(2).unwrap(), Some(3.0));
        assert_eq!(
            rows[2].1.as_ref().err().unwrap().to_string(),
            "t.csv, line 3: got 2 cells, expected 3 as in the first row"
        );
        assert_eq!(
            table.require(&["x"]).unwrap_err().to_string(),
            "t.csv: got columns without names, expected a column named x"
        );
        assert!(!Table::parse_any("1,,2,*\n", path()).unwrap().has_names());
        assert!(Table::parse_any("line,1\n1,2\n", path()).unwrap().has_names());
    }

    #[test]
    fn bytes_that_are_not_text_are_refused() {
        let message = |bytes: &[u8]| decode(bytes.to_vec(), path()).unwrap_err().to_string();
        assert_eq!(message(b"a,b\n1,\xb0\n"), "t.csv, line 2: got byte 0xb0, expected text in UTF-8");
        assert_eq!(message(b"a,b\n\n1\0,2\n"), "t.csv, line 3: got a NUL byte, expected text in UTF-8");
        assert_eq!(message(b"\xff\xfea\0"), "t.csv, line 1: got byte 0xff, expected text in UTF-8");
    }

    #[test]
    fn numbers_are_finite_or_missing() {
        let table = Table::parse("a,b,c,d,e\n-1.5e3,,nan,inf,5 m\n", path()).unwrap();
        let row = table.rows().next().unwrap().1.unwrap();
        assert_eq!(row.number(0).unwrap(), Some(-1500.0));
        assert_eq!(row.number(1).unwrap(), None);
        assert_eq!(row.number(2).unwrap(), None);
        let message = |column| row.number(column).unwrap_err().to_string();
        assert_eq!(message(3), "t.csv, line 2, column d: got \"inf\", expected a finite number");
        assert_eq!(message(4), "t.csv, line 2, column e: got \"5 m\", expected a number");
    }

    #[test]
    fn messages_stay_short() {
        let long = "ü".repeat(100_000);
        let text = format!("a,{long}\n{long},1\n");
        let table = Table::parse(&text, path()).unwrap();
        let row = table.rows().next().unwrap().1.unwrap();
        let shown = format!("{}...", "ü".repeat(40));
        assert_eq!(
            row.number(0).unwrap_err().to_string(),
            format!("t.csv, line 2, column a: got \"{shown}\", expected a number")
        );
        assert_eq!(
            table.require(&["x", "y", "z"]).unwrap_err().to_string(),
            format!("t.csv, line 1: got columns a, {shown}, expected a column named x, y or z")
        );
        let names: Vec<String> = (0..42).map(|i| i.to_string()).collect();
        assert!(listed(&names).ends_with(", 38, 39 and 2 more"));
        assert!(listed(&names[..40]).ends_with(", 38, 39"));
    }

    #[test]
    fn a_name_must_be_the_only_one_of_its_kind() {
        let table = Table::parse("X,Easting,n\n1,2,3\n", path()).unwrap();
        assert_eq!(table.find(&["N"]).unwrap(), Some(2));
        assert_eq!(table.find(&["q"]).unwrap(), None);
        assert_eq!(
            table.find(&["x", "easting"]).unwrap_err().to_string(),
            "t.csv, line 1: got columns X, Easting, expected one column named x or easting"
        );
    }
}
