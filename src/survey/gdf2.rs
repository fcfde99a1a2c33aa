//! ASEG-GDF2: the definition file that names the columns of a file of numbers.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, InputError, Result};

use super::listed::{listed, shortened};
use super::projection::epsg;

/// Largest number of columns, and of characters per column, in a definition; real files have hundreds and tens.
const MAX_COUNT: usize = 10_000;
/// Records that never contain data.
const COMMENT_RECORDS: [&str; 2] = ["COMM", "PROJ"];
/// Number of characters of a record type.
const RECORD_TYPE_WIDTH: usize = 4;

/// The contents of the rows of a data file.
#[derive(Debug)]
pub(super) struct Definition {
    /// The definition file.
    pub(super) path: PathBuf,
    /// Fields of a row of data, at least one.
    pub(super) fields: Vec<FieldDefinition>,
    /// Record types that are not data, as their rows begin.
    pub(super) other_records: Vec<String>,
}

/// One field.
#[derive(Debug, PartialEq)]
pub(super) struct FieldDefinition {
    pub(super) name: String,
    /// Columns, at least one.
    pub(super) count: usize,
    /// Characters per column, at least one.
    pub(super) width: usize,
    pub(super) null: Option<Null>,
    /// Coordinate reference system, when the field is a coordinate.
    pub(super) crs: Option<String>,
    /// Line of the definition file, counted from 1.
    pub(super) line: usize,
}

/// The mark of a missing value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Null {
    text: String,
    value: Option<f64>,
}

impl Null {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), value: text.parse().ok() }
    }

    /// Returns whether a cell, or the number in it, is this null.
    pub(super) fn is(&self, cell: &str, value: Option<&f64>) -> bool {
        cell == self.text || (value.is_some() && value == self.value.as_ref())
    }
}

impl Definition {
    /// Reads a definition file.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when the file cannot be read, [`Error::Many`] with every mistake in it.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).map_err(Error::io(path))?;
        // Descriptions are not used, so that a degree sign in any encoding does no harm.
        Self::parse(&String::from_utf8_lossy(&bytes), path)
    }

    /// Returns the definition file beside a data file: it has the same name with the extension `dfn` in upper or lower
    /// case.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when the folder cannot be listed.
    pub(super) fn beside(path: &Path) -> Result<Option<PathBuf>> {
        let exact = path.with_extension("dfn");
        if exact.is_file() {
            return Ok(Some(exact));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let is_dfn = |found: &PathBuf| {
            found.file_stem() == path.file_stem() && found.extension().is_some_and(|e| e.eq_ignore_ascii_case("dfn"))
        };
        let entries = fs::read_dir(folder).map_err(Error::io(folder))?;
        let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_dfn).collect();
        found.sort();
        Ok(found.into_iter().next())
    }

    pub(super) fn parse(text: &str, path: &Path) -> Result<Self> {
        let mut parser = Parser { path, records: Vec::new(), column_count: 0, errors: Vec::new() };
        let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines();
        for (line, text) in (1..).zip(lines) {
            if parser.line(line, text) {
                break;
            }
        }
        parser.finish()
    }

    /// Returns whether a row is one of `records`.
    pub(super) fn is_record_of(records: &[String], row: &str) -> bool {
        let first = row.split_whitespace().next().unwrap_or_default();
        let start = row.get(..RECORD_TYPE_WIDTH).unwrap_or_default().trim();
        records.iter().any(|record| record == first || record == start)
    }
}

struct Parser<'a> {
    path: &'a Path,
    /// Types of the records, each with its fields.
    records: Vec<(String, Vec<FieldDefinition>)>,
    column_count: usize,
    errors: Vec<Error>,
}

impl Parser<'_> {
    fn wrong(&mut self, line: usize, got: &str, expected: &str) {
        self.errors.push(InputError::line(self.path, line, format_args!("{:?}", shortened(got)), expected));
    }

    /// Reads one line; returns whether it is the last one.
    fn line(&mut self, line: usize, text: &str) -> bool {
        let text = text.trim();
        if is_end(text) {
            return true;
        }
        let Some(definition) = without_keyword(text, "DEFN") else {
            if !text.is_empty() && without_keyword(text, "COMM").is_none() {
                self.wrong(line, text, "DEFN or END DEFN");
            }
            return false;
        };
        let mut pieces = definition.split(';');
        let head = pieces.next().unwrap_or_default();
        let Some(record) = attribute(head, "RT") else {
            self.wrong(line, head, "ST=RECD,RT= and a record type or nothing");
            return false;
        };
        for piece in pieces {
            if is_end(piece) {
                return true;
            }
            self.field(line, record, piece);
        }
        false
    }

    /// Reads one field, such as `Name : 15f12.6 : UNIT=fT : NULL=-999.9`.
    fn field(&mut self, line: usize, record: &str, piece: &str) {
        let mut parts = piece.splitn(3, ':').map(str::trim);
        let (Some(name), Some(format)) = (parts.next(), parts.next()) else {
            // This is text after a semicolon in a description.
            return;
        };
        let Some((count, width)) = count_and_width(format) else {
            return self.wrong(line, format, "a format such as I10, F11.1, E15.6, A4 or 16F11.1");
        };
        if name.is_empty() {
            return self.wrong(line, piece, "the name of a field before :");
        }
        self.column_count += count;
        if self.column_count > MAX_COUNT {
            return self.wrong(line, format, &format!("at most {MAX_COUNT} columns in all"));
        }
        let attributes = parts.next().unwrap_or_default();
        let crs = epsg(attributes);
        let null = attribute(attributes, "NULL").filter(|null| !null.is_empty()).map(Null::new);
        let field = FieldDefinition { name: name.to_owned(), count, width, null, crs, line };
        match self.records.iter_mut().find(|(known, _)| known == record) {
            Some((_, fields)) => fields.push(field),
            None => self.records.push((record.to_owned(), vec![field])),
        }
    }

    /// Completes the definition. The data are in the record without a type, or in the only record that is not a
    /// comment.
    fn finish(mut self) -> Result<Definition> {
        let is_comment = |record: &str| COMMENT_RECORDS.iter().any(|comment| comment.eq_ignore_ascii_case(record));
        let candidates: Vec<usize> = match self.records.iter().position(|(record, _)| record.is_empty()) {
            Some(untyped) => vec![untyped],
            None => (0..self.records.len()).filter(|&i| !is_comment(&self.records[i].0)).collect(),
        };
        let &[data] = &candidates[..] else {
            let got = match candidates[..] {
                [] => "no field of data".to_owned(),
                _ => format!("records {}", listed(candidates.iter().map(|&i| &self.records[i].0))),
            };
            self.errors.push(InputError::file(self.path, got, "one record of data, DEFN 1 ST=RECD,RT=;NAME:FORMAT"));
            return Err(Error::Many(self.errors));
        };
        if !self.errors.is_empty() {
            return Err(Error::Many(self.errors));
        }
        let (_, fields) = self.records.swap_remove(data);
        let others = self.records.into_iter().map(|(record, _)| record).filter(|record| !record.is_empty());
        let other_records = others.chain(COMMENT_RECORDS.map(str::to_owned)).collect();
        Ok(Definition { path: self.path.to_path_buf(), fields, other_records })
    }
}

fn is_end(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let mut next_is = |word| words.next().is_some_and(|found: &str| found.eq_ignore_ascii_case(word));
    next_is("END") && next_is("DEFN")
}

fn without_keyword<'a>(text: &'a str, keyword: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(keyword.len())?;
    start.eq_ignore_ascii_case(keyword).then_some(rest)
}

/// Returns the value of `KEY=value` between the separators.
fn attribute<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.split([':', ',']).find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case(key).then_some(value.trim())
    })
}

/// Reads a format: `15f12.6` is 15 columns of 12 characters.
fn count_and_width(format: &str) -> Option<(usize, usize)> {
    let digits_end = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (count, rest) = format.split_at(digits_end(format));
    let letters_end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let (letters, rest) = rest.split_at(letters_end);
    let (width, rest) = rest.split_at(digits_end(rest));
    let is_known = ["I", "F", "E", "D", "G", "A", "ES", "EN"].iter().any(|known| known.eq_ignore_ascii_case(letters));
    let decimals = rest.strip_prefix('.').map(|decimals| decimals.split(['e', 'E']));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_whole = rest.is_empty() || decimals.is_some_and(|mut parts| parts.all(is_number));
    let limited = |text: &str| text.parse().ok().filter(|number| (1..=MAX_COUNT).contains(number));
    let count = if count.is_empty() { 1 } else { limited(count)? };
    let width = limited(width)?;
    (is_known && is_whole).then_some((count, width))
}

/// Splits a row into cells by their widths; `None` when the row does not end within the last one.
pub(super) fn split_fixed<'a>(row: &'a str, widths: &[usize]) -> Option<Vec<&'a str>> {
    let row = row.trim_end();
    let total: usize = widths.iter().sum();
    let last = *widths.last()?;
    if row.len() > total || row.len() <= total - last {
        return None;
    }
    let mut start = 0;
    let mut cells = Vec::with_capacity(widths.len());
    for &width in widths {
        let end = (start + width).min(row.len());
        cells.push(row.get(start..end)?.trim());
        start = end;
    }
    Some(cells)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::table::Table;
    use super::*;

    const DFN: &str = "DEFN   ST=RECD,RT=COMM;RT:A4;COMMENTS:A76\n\
                       DEFN 1 ST=RECD,RT=;Line:I4:NULL=-99,NAME=a: b\n\
                       DEFN 2 ST=RECD,RT=; Tx_Roll : F6.1 : UNIT=deg : NULL=-99.9\n\
                       DEFN 3 ST=RECD,RT=; EM : 2e8.1 : NULL=*;END DEFN\n\
                       anything\n";

    fn definition(text: &str) -> Result<Definition> {
        Definition::parse(text, Path::new("t.dfn"))
    }

    fn message(text: &str) -> String {
        definition(text).unwrap_err().to_string()
    }

    /// Returns the numbers of each row, or its error.
    fn rows(dfn: &str, text: &str) -> Vec<std::result::Result<Vec<Option<f64>>, String>> {
        let definition = definition(dfn).unwrap();
        let table = Table::of_text_defined(text, Path::new("t.dat"), &definition).unwrap();
        let numbers = |row: Result<super::super::table::Row>| {
            let row = row.map_err(|error| error.to_string())?;
            (0..table.names.len()).map(|column| row.number(column).map_err(|error| error.to_string())).collect()
        };
        let mut rows = table.rows().unwrap();
        let mut all = Vec::new();
        while let Some((_, row)) = rows.next().unwrap() {
            all.push(numbers(row));
        }
        all
    }

    #[test]
    fn fields_have_names_columns_and_nulls() {
        let definition = definition(DFN).unwrap();
        let field = |name: &str, count, width, null, line| FieldDefinition {
            name: name.to_owned(),
            count,
            width,
            null: Some(Null::new(null)),
            crs: None,
            line,
        };
        let expected = [field("Line", 1, 4, "-99", 2), field("Tx_Roll", 1, 6, "-99.9", 3), field("EM", 2, 8, "*", 4)];
        assert_eq!(definition.fields, expected);
    }

    #[test]
    fn rows_are_split_at_blanks_else_at_widths() {
        let text = "  10   1.5    1e-3     4.0\n\
                    COMM a remark\n\
                    \x2010 -99.901.00E-03\n\
                    \x20-99             *     4.0\n\
                    1 2 3\n\
                    10 1 2 x\n";
        let cells = "t.dat, line 5: got 3 cells, expected 4 as defined in t.dfn";
        let number = "t.dat, line 6, column EM[2]: got \"x\", expected a number";
        assert_eq!(
            rows(DFN, text),
            [
                Ok(vec![Some(10.0), Some(1.5), Some(1e-3), Some(4.0)]),
                Err("t.dat, line 3: got 2 cells, expected 4 as defined in t.dfn".to_owned()),
                Ok(vec![None, None, None, Some(4.0)]),
                Err(cells.to_owned()),
                Err(number.to_owned()),
            ]
        );
        assert_eq!(
            rows(DFN, "1000-999.9-1.0E-03-2.0E-03\n1000 -99.9-1.0E-03  -2\n"),
            [
                Ok(vec![Some(1000.0), Some(-999.9), Some(-1e-3), Some(-2e-3)]),
                Ok(vec![Some(1000.0), None, Some(-1e-3), Some(-2.0)]),
            ]
        );
    }

    #[test]
    fn fixed_widths_need_a_row_of_their_length() {
        assert_eq!(split_fixed("12345", &[2, 3]), Some(vec!["12", "345"]));
        assert_eq!(split_fixed("123  ", &[2, 3]), Some(vec!["12", "3"]));
        assert_eq!(split_fixed("12", &[2, 3]), None);
        assert_eq!(split_fixed("123456", &[2, 3]), None);
        assert_eq!(split_fixed("1é3", &[2, 3]), None);
        assert_eq!(split_fixed("1", &[]), None);
    }

    #[test]
    fn a_record_type_may_stand_before_the_data() {
        let dfn = "DEFN 1 ST=RECD,RT=DATA;RT:A4;X:F5.1\nDEFN ST=RECD,RT=PROJ;RT:A4;P:A9\nDEFN ST=RECD,RT=COMM;RT:A4\n";
        let definition = definition(dfn).unwrap();
        let table = Table::of_text_defined("DATA  1.5\nPROJ x y\nCOMMents\n", Path::new("t.dat"), &definition).unwrap();
        let mut rows = table.rows().unwrap();
        assert!(rows.next().unwrap().is_some() && rows.next().unwrap().is_none());
        assert_eq!(table.names, ["RT", "X"]);
    }

    #[test]
    fn names_are_looked_up_as_fields() {
        let definition = definition(&format!("DEFN 0 ST=RECD,RT=;tx_ROLL:F6.1\n{DFN}")).unwrap();
        let table = Table::of_text_defined("1\n", Path::new("t.dat"), &definition).unwrap();
        assert_eq!(table.field("em").unwrap(), 3..5);
        assert_eq!(table.field("EM[2]").unwrap(), 4..5);
        assert_eq!(
            table.field("Tx_Roll").unwrap_err().to_string(),
            "t.dfn: got columns 1, 3 named Tx_Roll, expected one column of that name, or the number of the column"
        );
        assert_eq!(
            table.field("x").unwrap_err().to_string(),
            "t.dfn: got columns tx_ROLL, Line, Tx_Roll, EM, expected a column named x"
        );
        assert!(
            table.field("Tx_Rol").unwrap_err().to_string().ends_with("a column named Tx_Rol (did you mean Tx_Roll?)")
        );
        let error = table.name_error(4, "a", "b").to_string();
        assert_eq!(error, "t.dfn, line 5, column EM[2]: got a, expected b");
    }

    #[test]
    fn formats_are_those_of_fortran() {
        for (format, expected) in [
            ("I10", Some((1, 10))),
            ("15f12.6", Some((15, 12))),
            ("18E16.5", Some((18, 16))),
            ("E16.5E3", Some((1, 16))),
            ("A4", Some((1, 4))),
            ("ES12.3", Some((1, 12))),
            ("10", None),
            ("F", None),
            ("F0.1", None),
            ("0F5.1", None),
            ("F5.", None),
            ("Q5", None),
            ("F5.1x", None),
            ("99999999999999999999F5.1", None),
        ] {
            assert_eq!(count_and_width(format), expected, "{format}");
        }
    }

    #[test]
    fn every_mistake_is_reported() {
        let format = "expected a format such as I10, F11.1, E15.6, A4 or 16F11.1";
        assert_eq!(
            message(
                "DEFN 1 ST=RECD,RT=;a:b\nhello\nDEFN 2 a:I4\nDEFN 3 ST=RECD,RT=;:I4\nDEFN ST=RECD,RT=;x:9999I4;y:9I4\n"
            ),
            [
                &format!("t.dfn, line 1: got \"b\", {format}"),
                "t.dfn, line 2: got \"hello\", expected DEFN or END DEFN",
                "t.dfn, line 3: got \" 2 a:I4\", expected ST=RECD,RT= and a record type or nothing",
                "t.dfn, line 4: got \":I4\", expected the name of a field before :",
                "t.dfn, line 5: got \"9I4\", expected at most 10000 columns in all",
            ]
            .join("\n")
        );
        let expected = "expected one record of data, DEFN 1 ST=RECD,RT=;NAME:FORMAT";
        assert_eq!(message(""), format!("t.dfn: got no field of data, {expected}"));
        assert_eq!(
            message("DEFN ST=RECD,RT=A;x:I4\nDEFN ST=RECD,RT=B;x:I4\n"),
            format!("t.dfn: got records A, B, {expected}")
        );
    }

    #[test]
    fn the_definition_beside_a_file_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("a.dat");
        assert_eq!(Definition::beside(&data).unwrap(), None);
        fs::write(folder.path().join("b.dfn"), "").unwrap();
        fs::write(folder.path().join("a.DFN"), "").unwrap();
        assert_eq!(Definition::beside(&data).unwrap(), Some(folder.path().join("a.DFN")));
        fs::write(folder.path().join("a.dfn"), b"DEFN ST=RECD,RT=;x:I4:DESC=\xb0\n").unwrap();
        let path = Definition::beside(&data).unwrap().unwrap();
        assert_eq!(path, folder.path().join("a.dfn"));
        assert_eq!(Definition::read(&path).unwrap().fields.len(), 1);
    }

    proptest! {
        #[test]
        fn arbitrary_definitions_and_rows_never_panic(
            text in any::<String>(),
            dfn in "(DEFN|END|ST=RECD|RT=|COMM|NULL=|[-0-9A-Fa-f:;,. \n=é]){0,60}",
            fields in "(DEFN 1 ST=RECD,RT=;[a-c]:[1-3]?[AFIE][0-9]{1,2}(\\.1)?(:NULL=[-0-9*é])?\n){1,4}",
            body in "[-0-9.eE*aé \n]{0,80}",
        ) {
            for dfn in [&text, &dfn, &fields] {
                if let Ok(definition) = definition(dfn)
                    && let Ok(table) = Table::of_text_defined(&body, Path::new("t.dat"), &definition)
                {
                    let mut rows = table.rows().unwrap();
                    while let Some((_, row)) = rows.next().unwrap() {
                        if let Ok(row) = row {
                            (0..table.names.len()).for_each(|column| drop(row.number(column)));
                        }
                    }
                }
            }
        }
    }
}
