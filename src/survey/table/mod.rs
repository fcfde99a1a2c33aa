//! Tables of rows and columns. A header row, a definition file or a schema names the columns, or they have only
//! numbers.

mod aliases;
mod body;
mod comments;
mod foreign;
mod line_rows;
mod lines;
#[cfg(feature = "netcdf")]
mod netcdf;
#[cfg(not(feature = "netcdf"))]
#[path = "no_netcdf.rs"]
mod netcdf;
mod netcdf_rows;
mod numbers;
mod parquet;
mod row;
mod separator;
mod text;

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

use crate::error::{Error, InputError, Result};
use crate::gis::read_points;

use super::gdf2::{Definition, FileDefinition};
use super::listed::{listed, shortened};
use aliases::is_named;
use body::{Body, Header, MAX_COLUMNS, TableField, TextBody, column_names};
use lines::TextContent;
use separator::Separator;

pub(super) use aliases::{Aliases, alternatives};
pub(super) use body::Table;
pub(super) use lines::Position;
pub(super) use numbers::Numbers;
pub(super) use row::{Row, RowResult, Rows};

/// Number of rows that decide how the rows of a file with a definition are cut into cells.
const DECIDING_ROWS: usize = 1_000;
/// Largest number of bytes of these rows; the rows of real files have hundreds.
const DECIDING_BYTES: usize = 1 << 24;
/// Number of fields that a warning about nulls names.
const SHOWN_NULLS: usize = 5;
/// Shortest name whose misspellings are looked for.
const SHORTEST_WORD: usize = 4;

const PARQUET: [u8; 4] = *b"PAR1";
/// First bytes of a GeoPackage, which is an SQLite database.
const SQLITE: [u8; 4] = *b"SQLi";
/// First bytes of an HDF5 file, such as netCDF-4, and of older netCDF files.
const HDF5: [u8; 4] = *b"\x89HDF";
const OLDER_NETCDF: [u8; 3] = *b"CDF";

impl Table {
    /// Opens the table in a file like [`open`](Self::open), or the table in a netCDF file that has the variables `wanted`.
    ///
    /// # Errors
    ///
    /// The errors of [`open`](Self::open), and when a netCDF file has no such table, or several.
    pub(super) fn open_with(path: &Path, definition: Option<&Definition>, wanted: &[&str]) -> Result<Self> {
        let start = magic(path)?;
        match start == HDF5 || start.starts_with(&OLDER_NETCDF) {
            true => netcdf::open(path, wanted),
            false => Self::open(path, definition),
        }
    }

    /// Opens the table in a file: Parquet, GeoPackage, or text. A text has a definition, or commas when the header has
    /// a comma, or tabs or blanks. Its header is the first row, or the last comment line with as many words as the
    /// first row. When the first row has numbers there is no header, and columns are called 1, 2, ... Blank lines and a
    /// byte order mark are skipped.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or has no row.
    pub(super) fn open(path: &Path, definition: Option<&Definition>) -> Result<Self> {
        match magic(path)? {
            PARQUET => return Self::of_numbers(path, parquet::read(path)?),
            SQLITE => return Self::of_numbers(path, read_points(path)?.into()),
            _ => {}
        }
        foreign::refuse(path)?;
        let content = TextContent::File(path.to_path_buf());
        match definition {
            Some(definition) => Self::defined(content, path, definition),
            None => Self::of_content(content, path),
        }
    }

    /// Makes the table in a text like [`open`](Self::open) without a definition.
    #[cfg(test)]
    pub(super) fn of_text(text: &str, path: &Path) -> Result<Self> {
        Self::of_content(TextContent::Held(text.as_bytes().into()), path)
    }

    /// Makes the table in a text with a definition.
    #[cfg(test)]
    pub(super) fn of_text_defined(text: &str, path: &Path, definition: &Definition) -> Result<Self> {
        Self::defined(TextContent::Held(text.as_bytes().into()), path, definition)
    }

    /// Makes the table of a file that is not text.
    pub(super) fn of_numbers(path: &Path, mut numbers: Numbers) -> Result<Self> {
        if numbers.row_count() == 0 {
            return Err(InputError::file(path, "a table without rows", "at least one row"));
        }
        let names = std::mem::take(&mut numbers.names);
        Ok(Self {
            path: path.to_path_buf(),
            header: Header::Schema,
            fields: single_fields(&names, 1),
            names,
            comments_crs: None,
            body: Body::Numbers(numbers),
        })
    }

    /// Opens a file whose columns are named in `definition`.
    fn defined(content: TextContent, path: &Path, definition: &Definition) -> Result<Self> {
        let mut lines = content.lines(path)?;
        let (mut rows, mut others, mut bytes) = (Vec::new(), Vec::new(), 0);
        while rows.len() < DECIDING_ROWS && bytes < DECIDING_BYTES && lines.advance()?.is_some() {
            let is_other = Definition::is_other_record(definition.other_records(), lines.text());
            let list = if is_other { &mut others } else { &mut rows };
            if list.len() < DECIDING_ROWS {
                bytes += lines.text().len();
                list.push(lines.text().to_owned());
            }
        }
        if rows.is_empty() {
            return Err(InputError::file(path, "no rows of data", "at least one row"));
        }
        let FileDefinition { fields, layout } = definition.of_file(&rows);
        let crs = definition.crs_with(&others);
        let mut body = TextBody::new(content, Position::default(), Separator::Whitespace);
        body.other_records.extend_from_slice(definition.other_records());
        body.layout = Some(layout);
        let mut names = Vec::new();
        let named = fields.iter().map(|field| {
            let columns = names.len()..names.len() + field.format.count;
            names.extend(column_names(&field.name, field.format.count));
            body.nulls.extend(columns.clone().map(|_| field.null.clone()));
            TableField {
                name: field.name.clone(),
                path: None,
                columns,
                line: field.line,
                crs: field.crs.clone().or_else(|| crs.clone()),
                shortened_null: field.shortened_null(),
            }
        });
        let fields = named.collect();
        let header = Header::Definition(definition.path.clone());
        Ok(Self { path: path.to_path_buf(), header, names, fields, comments_crs: None, body: Body::Text(body) })
    }

    /// Returns the rows, from the first on.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened again.
    pub(super) fn rows(&self) -> Result<Rows<'_>> {
        Rows::new(self)
    }

    /// Returns the text in the first row, `None` when the first row has other columns.
    pub(super) fn first_cell(&self, column: usize) -> Option<String> {
        let mut rows = self.rows().ok()?;
        let (_, row) = rows.next().ok()??;
        row.ok().map(|row| row.text(column).into_owned())
    }

    /// Returns whether columns have names and not only numbers.
    pub(super) fn has_names(&self) -> bool {
        !matches!(self.header, Header::None)
    }

    /// Returns the column with one of the names `aliases`, `None` when there is none.
    ///
    /// # Errors
    ///
    /// When there are several, because the program must not guess which one is meant.
    pub(super) fn find(&self, aliases: Aliases) -> Result<Option<usize>> {
        for names in aliases.groups() {
            if let Some(column) = self.find_named(names)? {
                return Ok(Some(column));
            }
        }
        Ok(None)
    }

    /// Returns a column like [`find`](Self::find), with any of `names`.
    pub(super) fn find_named(&self, names: &[&str]) -> Result<Option<usize>> {
        let is_alias = |name: &str| names.iter().any(|alias| is_named(name, alias));
        let found: Vec<usize> = (0..self.names.len()).filter(|&column| is_alias(&self.names[column])).collect();
        if found.len() > 1 {
            let got = format!("columns {}", listed(found.iter().map(|&column| &self.names[column])));
            return Err(self.header_error(got, format!("one column named {}", alternatives(names))));
        }
        Ok(found.first().copied())
    }

    /// Returns a column like [`find_named`](Self::find_named); a missing column is an error.
    pub(super) fn require_named(&self, names: &[&str]) -> Result<usize> {
        self.find_named(names)?.ok_or_else(|| self.missing(names))
    }

    fn missing(&self, names: &[&str]) -> Error {
        self.header_error(self.listed_names(), format_args!("a column named {}", alternatives(names)))
    }

    /// Returns the columns of the field called `name` in upper or lower case.
    ///
    /// # Errors
    ///
    /// When there is none or when there are several.
    pub(super) fn field(&self, name: &str) -> Result<Range<usize>> {
        let mut found: Vec<Range<usize>> =
            self.fields.iter().filter(|f| f.is_called(name)).map(|f| f.columns.clone()).collect();
        if found.is_empty() {
            // `name` may be one column of a field, as messages write it.
            let is_column = |&column: &usize| self.names[column].eq_ignore_ascii_case(name);
            found = (0..self.names.len()).filter(is_column).map(|column| column..column + 1).collect();
        }
        match &found[..] {
            [columns] => Ok(columns.clone()),
            [] => {
                let near = self.nearest(&[name]).map_or_else(String::new, |near| format!(" (did you mean {near}?)"));
                Err(self.header_error(self.listed_names(), format_args!("a column named {}{near}", shortened(name))))
            }
            _ => {
                let numbers = listed(found.iter().map(|columns| (columns.start + 1).to_string()));
                let got = format!("columns {numbers} named {}", shortened(name));
                Err(self.header_error(got, "one column of that name, or the number of the column"))
            }
        }
    }

    /// Returns whether there is a field or a column called `name`.
    pub(super) fn has_field(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.is_called(name))
            || self.names.iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// Returns the name of a field that may be a misspelling of one of `names`.
    pub(super) fn nearest(&self, names: &[&str]) -> Option<&str> {
        let likeness = |field: &&TableField| {
            let lower = field.name.to_ascii_lowercase();
            let words = names.iter().filter(|name| name.len() >= SHORTEST_WORD && !name.ends_with('*'));
            words.map(|name| strsim::jaro_winkler(&lower, &name.to_ascii_lowercase())).fold(0.0, f64::max)
        };
        let near = self.fields.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
        (likeness(&near) > 0.85).then_some(&near.name)
    }

    /// Returns the coordinate reference system of a column, when a definition gives it.
    pub(super) fn crs(&self, column: usize) -> Option<&str> {
        self.fields.iter().find(|field| field.columns.contains(&column))?.crs.as_deref()
    }

    /// Returns a warning when a definition has nulls that their fields cannot hold, for fields with a column in `used`.
    pub(super) fn shortened_nulls(&self, used: &[usize]) -> Option<String> {
        let Header::Definition(path) = &self.header else { return None };
        let is_used = |field: &&TableField| used.iter().any(|column| field.columns.contains(column));
        let nulls: Vec<&String> =
            self.fields.iter().filter(is_used).filter_map(|f| f.shortened_null.as_ref()).collect();
        let text = "fields that cannot hold their nulls; these shortened nulls are read as missing, too";
        let shown: Vec<&str> = nulls.iter().take(SHOWN_NULLS).map(|null| null.as_str()).collect();
        let more = match nulls.len().saturating_sub(SHOWN_NULLS) {
            0 => String::new(),
            count => format!("; and {count} more"),
        };
        (!nulls.is_empty()).then(|| format!("{}: {text}: {}{more}", path.display(), shown.join("; ")))
    }

    /// Returns the coordinate reference system that the comments of the file name.
    pub(super) fn comments_crs(&self) -> Option<&str> {
        self.comments_crs.as_deref()
    }

    /// Returns whether rows such as `Line 1200` give the line numbers.
    pub(super) fn has_line_rows(&self) -> bool {
        matches!(&self.body, Body::Text(body) if !body.line_rows.is_empty())
    }

    /// Returns the names of the columns, or of the fields of a definition.
    pub(super) fn field_names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| &field.name[..])
    }

    fn listed_names(&self) -> String {
        match &self.header {
            Header::None => "columns without names".to_owned(),
            _ => format!("columns {}", listed(self.fields.iter().map(|field| &field.name))),
        }
    }

    /// Makes an error about the names of the columns as a whole.
    pub(super) fn header_error(&self, got: impl fmt::Display, expected: impl fmt::Display) -> Error {
        match &self.header {
            Header::Line(line) => InputError::line(&self.path, *line, got, expected),
            Header::None | Header::Schema => InputError::file(&self.path, got, expected),
            Header::Definition(path) => InputError::file(path, got, expected),
        }
    }

    /// Makes an error about one name.
    pub(super) fn name_error(&self, column: usize, got: impl fmt::Display, expected: impl fmt::Display) -> Error {
        let path = match &self.header {
            Header::Definition(path) => path,
            _ => &self.path,
        };
        let line = self.fields.iter().find(|field| field.columns.contains(&column)).map_or(1, |field| field.line);
        InputError::cell(path, line, &shortened(&self.names[column]), got, expected)
    }
}

/// Returns the first bytes of a file.
fn magic(path: &Path) -> Result<[u8; 4]> {
    let mut start = [0; 4];
    let mut file = File::open(path).map_err(Error::io(path))?;
    let mut filled = 0;
    while filled < start.len() {
        match file.read(&mut start[filled..]).map_err(Error::io(path))? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(start)
}

/// Makes columns that each have a name of their own.
fn single_fields(names: &[String], line: usize) -> Vec<TableField> {
    let field = |(column, name): (usize, &String)| TableField {
        name: name.clone(),
        path: None,
        columns: column..column + 1,
        line,
        crs: None,
        shortened_null: None,
    };
    names.iter().enumerate().map(field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path() -> &'static Path {
        Path::new("t.csv")
    }

    fn cells(text: &str) -> Vec<(usize, Vec<String>)> {
        let table = Table::of_text(text, path()).unwrap();
        let cells = |row: &Row| (0..table.names.len()).map(|column| row.text(column).into_owned()).collect();
        each(&table, |row| cells(&row.unwrap()))
    }

    /// Applies `of` to each row, and returns the results with their lines.
    fn each<T>(table: &Table, of: impl Fn(Result<Row>) -> T) -> Vec<(usize, T)> {
        let mut rows = table.rows().unwrap();
        let mut all = Vec::new();
        while let Some((at, row)) = rows.next().unwrap() {
            all.push((at.line(), of(row)));
        }
        all
    }

    /// Returns the first cell of each row, or its error.
    fn firsts(table: &Table) -> Vec<String> {
        let first = |row: Result<Row>| row.map_or_else(|error| error.to_string(), |row| row.text(0).into_owned());
        each(table, first).into_iter().map(|(_, first)| first).collect()
    }

    fn row_message(text: &str) -> String {
        firsts(&Table::of_text(text, path()).unwrap()).pop().unwrap()
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
        let table = Table::of_text("a,b\n\"1,2\n3,4\n", path()).unwrap();
        assert_eq!(firsts(&table), ["t.csv, line 2: got a quote that is not closed, expected quotes in pairs", "3"]);
    }

    #[test]
    fn rows_have_as_many_cells_as_the_header() {
        assert_eq!(row_message("a,b\n1,2\n1,2,3\n"), "t.csv, line 3: got 3 cells, expected 2 as in the header");
        assert_eq!(
            row_message("a b\n1\n"),
            "t.csv, line 2: got 1 cells, expected 2 as in the header, separated by blanks"
        );
    }

    #[test]
    fn a_table_needs_a_header_and_a_row() {
        let message = |text| Table::of_text(text, path()).err().unwrap().to_string();
        assert_eq!(message(" \n\n"), "t.csv: got an empty file, expected a header row of column names");
        assert_eq!(message("a,b\n\n"), "t.csv: got a header and no rows, expected at least one row");
        let wide = format!("{}\n1\n", "a,".repeat(MAX_COLUMNS));
        assert_eq!(message(&wide), "t.csv, line 1: got 100001 columns, expected at most 100000");
    }

    #[test]
    fn columns_without_names_have_numbers() {
        let table = Table::of_text("1\tNaN 3\n4 5 6\n7 8\n", path()).unwrap();
        assert!(!table.has_names());
        assert_eq!(table.names, ["1", "2", "3"]);
        assert_eq!(
            firsts(&table),
            ["1", "4", "t.csv, line 3: got 2 cells, expected 3 as in the first row, separated by blanks"]
        );
        assert_eq!(
            table.require_named(&["x"]).unwrap_err().to_string(),
            "t.csv: got columns without names, expected a column named x"
        );
        assert!(!Table::of_text("1,,2,*\n", path()).unwrap().has_names());
        assert!(Table::of_text("line,1\n1,2\n", path()).unwrap().has_names());
    }

    #[test]
    fn comments_name_the_columns_and_the_dummy() {
        let text = "/ exported\n/DUMMY\n/ 9999\n/ LINE_NO X DATA_1\n/ note\n10 -1.5 *\n10 9999 9999.0\n";
        let table = Table::of_text(text, path()).unwrap();
        assert_eq!(table.names, ["LINE_NO", "X", "DATA_1"]);
        let numbers = each(&table, |row| [1, 2].map(|column| row.as_ref().unwrap().number(column).unwrap()));
        assert_eq!(numbers, [(6, [Some(-1.5), None]), (7, [None, None])]);
        let message = |text| Table::of_text(text, path()).unwrap_err().to_string();
        assert_eq!(
            message("/ a b\n1 2 3\n"),
            "t.csv, line 2: got comments without it, expected a comment line with the names of the 3 columns of the first row"
        );
        assert_eq!(message("/ a b\n"), "t.csv: got comments and no rows, expected at least one row");
    }

    #[test]
    fn numbers_are_finite_or_missing() {
        let table = Table::of_text("a,b,c,d,e\n-1.5e3,,nan,inf,5 m\n", path()).unwrap();
        let mut rows = table.rows().unwrap();
        let row = rows.next().unwrap().unwrap().1.unwrap();
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
        let table = Table::of_text(&text, path()).unwrap();
        let mut rows = table.rows().unwrap();
        let row = rows.next().unwrap().unwrap().1.unwrap();
        let shown = format!("{}...", "ü".repeat(40));
        assert_eq!(
            row.number(0).unwrap_err().to_string(),
            format!("t.csv, line 2, column a: got \"{shown}\", expected a number")
        );
        assert_eq!(
            table.require_named(&["x", "y", "z"]).unwrap_err().to_string(),
            format!("t.csv, line 1: got columns a, {shown}, expected a column named x, y or z")
        );
        let names: Vec<String> = (0..42).map(|i| i.to_string()).collect();
        assert!(listed(&names).ends_with(", 38, 39 and 2 more"));
        assert!(listed(&names[..40]).ends_with(", 38, 39"));
    }

    #[test]
    fn a_name_must_be_the_only_one_of_its_kind() {
        let table = Table::of_text("X,Easting,n\n1,2,3\n", path()).unwrap();
        assert_eq!(table.find_named(&["N"]).unwrap(), Some(2));
        assert_eq!(table.find_named(&["q"]).unwrap(), None);
        assert_eq!(
            table.find_named(&["x", "easting"]).unwrap_err().to_string(),
            "t.csv, line 1: got columns X, Easting, expected one column named x or easting"
        );
    }

    #[test]
    fn the_first_name_that_there_is_counts() {
        let table = Table::of_text("E_UTM,x,E_2\n1,2,3\n", path()).unwrap();
        let find = |names| table.find(Aliases::First(names)).map_err(|error| error.to_string());
        assert_eq!(find(&["e", "x", "e_*"]), Ok(Some(1)));
        assert_eq!(find(&["e_u*", "x"]), Ok(Some(0)));
        assert_eq!(find(&["n"]), Ok(None));
        assert_eq!(find(&["e_*"]).unwrap_err(), "t.csv, line 1: got columns E_UTM, E_2, expected one column named e_*");
    }
}
