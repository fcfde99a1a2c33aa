//! ASEG-GDF2: the definition file that names the columns of a file of numbers.

mod beside;
mod format;
mod layout;
mod null;
mod statement;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, InputError, Result};

use super::listed::{listed, shortened};
use super::projection::{epsg, epsg_in};
use format::MAX_COUNT;
use statement::{Head, Statement, ends_in_sentence, is_end, statements};

pub use beside::definition_file;
pub(super) use beside::definitions_in_folder;
pub(super) use format::FieldFormat;
pub(super) use layout::RowLayout;
pub(super) use null::{Null, number};

/// Records that never contain data.
const COMMENT_RECORDS: [&str; 2] = ["COMM", "PROJ"];
/// Type of the record of data in files that give it a type; such files may leave it out later.
const DATA_RECORD: &str = "DATA";
/// Number of characters of a record type.
const RECORD_TYPE_WIDTH: usize = 4;
/// Name of the field of the record type.
const RECORD_TYPE: &str = "RT";

/// The contents of the rows of a data file.
#[derive(Debug)]
pub(super) struct Definition {
    /// The definition file.
    pub(super) path: PathBuf,
    /// Fields of a row of data, at least one.
    fields: Vec<FieldDefinition>,
    /// Type of the record of data; empty when it has none.
    record: String,
    /// Record types that are not data, as their rows begin.
    other_records: Vec<String>,
    /// Coordinate reference system that the definition gives for all its coordinates.
    crs: Option<String>,
    /// What the user should know.
    pub(super) warnings: Vec<String>,
}

/// One field.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FieldDefinition {
    pub(super) name: String,
    pub(super) format: FieldFormat,
    /// The format as the file has it.
    pub(super) format_text: String,
    pub(super) null: Option<Null>,
    /// Coordinate reference system, when the field is a coordinate.
    pub(super) crs: Option<String>,
    /// Line of the definition file, counted from 1.
    pub(super) line: usize,
}

impl FieldDefinition {
    /// Says which null the field cannot hold, and what is read as missing instead; `None` when it holds its null.
    pub(super) fn shortened_null(&self) -> Option<String> {
        let null = self.null.as_ref().filter(|null| !null.shortened.is_empty())?;
        let values = listed(null.shortened.iter().map(f64::to_string));
        let (name, text) = (shortened(&self.name), shortened(&null.text));
        Some(format!("{name} ({}, null {text}): {values}", shortened(&self.format_text)))
    }

    fn is_record_type(&self) -> bool {
        self.format.is_text() && self.format.count == 1 && self.name.eq_ignore_ascii_case(RECORD_TYPE)
    }
}

/// How the rows of one file follow a definition.
pub(super) struct FileDefinition {
    /// Fields of a row; that of the record type only when the rows have it.
    pub(super) fields: Vec<FieldDefinition>,
    pub(super) layout: RowLayout,
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

    pub(super) fn parse(text: &str, path: &Path) -> Result<Self> {
        let mut parser = Parser {
            path,
            records: Vec::new(),
            current: 0,
            has_data_type: false,
            projections: Vec::new(),
            remarks: Vec::new(),
            errors: Vec::new(),
        };
        for (line, text) in statements(text) {
            parser.statement(line, &text);
        }
        parser.finish()
    }

    /// Returns whether a row is a record without data.
    pub(super) fn is_other_record(records: &[String], row: &str) -> bool {
        let starts = record_starts(row);
        records.iter().any(|record| starts.iter().any(|start| record.eq_ignore_ascii_case(start)))
    }

    /// Returns the types of the records without data.
    pub(super) fn other_records(&self) -> &[String] {
        &self.other_records
    }

    /// Returns the coordinate reference system of a file, in which the definition or one of its `rows` without data names
    /// one.
    pub(super) fn crs_with(&self, rows: &[String]) -> Option<String> {
        let is_projection = |row: &&String| begins_with_record(row, "PROJ");
        let in_rows = || epsg_in(rows.iter().filter(is_projection)).or_else(|| epsg_in(rows));
        self.crs.clone().or_else(in_rows)
    }

    /// Finds how the rows of a file follow this definition; `rows` are the first rows of data.
    pub(super) fn of_file(&self, rows: &[String]) -> FileDefinition {
        let mut fields = self.fields.clone();
        let has_field = fields[0].is_record_type();
        let begins = |row: &&String| begins_with_record(row, &self.record);
        let has_record = !self.record.is_empty() && 2 * rows.iter().filter(begins).count() > rows.len();
        if has_field && !has_record && fields.len() > 1 && !self.has_blank_record(rows) {
            fields.remove(0);
        } else if has_record && !has_field {
            let format = FieldFormat::text(RECORD_TYPE_WIDTH);
            let (name, line) = (RECORD_TYPE.to_owned(), fields[0].line);
            let record_type = FieldDefinition { name, format, format_text: String::new(), null: None, crs: None, line };
            fields.insert(0, record_type);
        }
        let columns = fields.iter().flat_map(|field| (0..field.format.count).map(|_| field.format));
        let record = usize::from(fields[0].is_record_type());
        let layout = RowLayout::of_rows(columns.collect(), record, rows);
        FileDefinition { fields, layout }
    }

    /// Returns whether rows have the characters of a record type, which are blank in records without one.
    fn has_blank_record(&self, rows: &[String]) -> bool {
        let total: usize = self.fields.iter().map(|field| field.format.count * field.format.width).sum();
        let is_blank = |row: &str| row.get(..self.fields[0].format.width).is_some_and(|start| start.trim().is_empty());
        2 * rows.iter().filter(|row| row.trim_end().len() == total && is_blank(row)).count() > rows.len()
    }
}

/// Returns whether a row begins with the type of a record, which may be followed by anything.
fn begins_with_record(row: &str, record: &str) -> bool {
    record_starts(row).iter().any(|start| record.eq_ignore_ascii_case(start))
}

/// Returns the first word of a row and its first characters, which may be the type of its record.
fn record_starts(row: &str) -> [&str; 2] {
    let first = row.split_whitespace().next().unwrap_or_default();
    [first, row.get(..RECORD_TYPE_WIDTH).unwrap_or_default().trim()]
}

/// The definition of one record.
#[derive(Debug, Default)]
struct Record {
    /// Type of the record; empty for data.
    name: String,
    /// Fields as text, with their lines.
    fields: Vec<(usize, String)>,
    /// Numbers of its definitions, in order.
    numbers: Vec<u32>,
    /// True after `END DEFN`.
    is_complete: bool,
}

struct Parser<'a> {
    path: &'a Path,
    records: Vec<Record>,
    /// Position of the record that is being defined.
    current: usize,
    /// True when the record of data is called `DATA` somewhere.
    has_data_type: bool,
    /// Texts about the projection, and other remarks.
    projections: Vec<String>,
    remarks: Vec<String>,
    errors: Vec<Error>,
}

impl Parser<'_> {
    fn wrong(&mut self, line: usize, got: &str, expected: &str) {
        self.errors.push(InputError::line(self.path, line, format_args!("{:?}", shortened(got)), expected));
    }

    fn statement(&mut self, line: usize, text: &str) {
        match Statement::of(text) {
            Statement::Definition(definition) => self.definition(line, definition),
            Statement::End => self.complete(),
            Statement::Remark(text) if begins_with_record(text, "PROJ") => self.projections.push(text.to_owned()),
            Statement::Remark(text) => self.remarks.push(text.to_owned()),
            // What follows the end is not part of the definition.
            Statement::Unknown(_) if self.records.iter().any(|record| record.is_complete) => {}
            Statement::Unknown(text) => self.wrong(line, text, "DEFN or END DEFN"),
        }
    }

    fn complete(&mut self) {
        if let Some(record) = self.records.get_mut(self.current) {
            record.is_complete = true;
        }
    }

    fn definition(&mut self, line: usize, definition: &str) {
        if is_end(definition.trim()) {
            return self.complete();
        }
        let head = Head::of(definition);
        let is_data = head.record.eq_ignore_ascii_case(DATA_RECORD);
        self.has_data_type |= is_data;
        let name = if is_data { "" } else { head.record };
        let known = self.records.iter().position(|record| record.name.eq_ignore_ascii_case(name));
        self.current = known.unwrap_or_else(|| {
            self.records.push(Record { name: name.to_owned(), ..Record::default() });
            self.records.len() - 1
        });
        if self.records[self.current].is_complete {
            return self.wrong(line, definition.trim(), "no further field of this record after its END DEFN");
        }
        self.records[self.current].numbers.extend(head.number);
        let mut is_sentence = false;
        for piece in head.fields.split(';').map(str::trim).filter(|piece| !piece.is_empty()) {
            if is_end(piece) {
                self.complete();
            } else if piece.contains(':') {
                self.records[self.current].fields.push((line, piece.to_owned()));
                is_sentence = ends_in_sentence(piece);
            } else if !is_sentence {
                // After a sentence, it is the rest of the sentence after a semicolon in it.
                self.wrong(line, piece, "NAME:FORMAT");
            }
        }
    }

    /// Reads one field, such as `Name : 15f12.6 : UNIT=fT : NULL=-999.9`.
    fn field(&mut self, line: usize, piece: &str) -> Option<FieldDefinition> {
        let (name, rest) = piece.split_once(':').unwrap_or((piece, ""));
        let (format_text, attributes) = rest.split_once([':', ',']).unwrap_or((rest, ""));
        let (name, format_text) = (name.trim().trim_matches('"'), format_text.trim());
        let Some(format) = FieldFormat::parse(format_text) else {
            self.wrong(line, format_text, "a format such as I10, F11.1, E15.6, A4 or 16F11.1");
            return None;
        };
        if name.is_empty() {
            self.wrong(line, piece, "the name of a field before :");
            return None;
        }
        Some(FieldDefinition {
            name: name.to_owned(),
            format,
            format_text: format_text.to_owned(),
            null: statement::null(attributes).map(|null| Null::in_field(null, format)),
            crs: epsg(attributes),
            line,
        })
    }

    /// Completes the definition. The data are in the record without a type, or in the only record that is not a
    /// comment.
    fn finish(mut self) -> Result<Definition> {
        let is_comment = |record: &str| COMMENT_RECORDS.iter().any(|comment| comment.eq_ignore_ascii_case(record));
        let has_fields = |i: usize| !self.records[i].fields.is_empty();
        let candidates: Vec<usize> = match self.records.iter().position(|record| record.name.is_empty()) {
            Some(untyped) if has_fields(untyped) => vec![untyped],
            _ => (0..self.records.len()).filter(|&i| has_fields(i) && !is_comment(&self.records[i].name)).collect(),
        };
        let &[data] = &candidates[..] else {
            let got = match candidates[..] {
                [] => "no field of data".to_owned(),
                _ => format!("records {}", listed(candidates.iter().map(|&i| &self.records[i].name))),
            };
            self.errors.push(InputError::file(self.path, got, "one record of data, DEFN 1 ST=RECD,RT=;NAME:FORMAT"));
            return Err(Error::Many(self.errors));
        };
        let Record { name, fields: pieces, numbers, .. } = self.records.swap_remove(data);
        let fields = self.fields(&pieces);
        if !self.errors.is_empty() {
            return Err(Error::Many(self.errors));
        }
        let begins_with_text = fields[0].format.is_text();
        let others = self.records.iter().map(|record| record.name.clone()).filter(|record| !record.is_empty());
        // Rows whose first column is a number cannot begin with a word.
        let comments = COMMENT_RECORDS.iter().filter(|record| **record == "COMM" || !begins_with_text);
        let other_records = others.chain(comments.map(|&record| record.to_owned())).collect();
        let record = if name.is_empty() && self.has_data_type { DATA_RECORD.to_owned() } else { name };
        let projection = self.records.iter().filter(|record| record.name.eq_ignore_ascii_case("PROJ"));
        let projection = projection.flat_map(|record| record.fields.iter().map(|(_, text)| text));
        let crs = epsg_in(projection.chain(&self.projections)).or_else(|| epsg_in(&self.remarks));
        let warnings = out_of_order(self.path, &numbers).into_iter().collect();
        Ok(Definition { path: self.path.to_path_buf(), fields, record, other_records, crs, warnings })
    }

    fn fields(&mut self, pieces: &[(usize, String)]) -> Vec<FieldDefinition> {
        let mut column_count = 0;
        let mut fields = Vec::new();
        for (line, piece) in pieces {
            let Some(field) = self.field(*line, piece) else { continue };
            column_count += field.format.count;
            if column_count > MAX_COUNT {
                self.wrong(*line, &field.format_text, &format!("at most {MAX_COUNT} columns in all"));
                break;
            }
            fields.push(field);
        }
        fields
    }
}

/// Returns a warning when definitions are not in the order of their numbers. A number that is repeated or left out says
/// nothing about the order.
fn out_of_order(path: &Path, numbers: &[u32]) -> Option<String> {
    let (before, after) = numbers.windows(2).find(|pair| pair[0] > pair[1]).map(|pair| (pair[0], pair[1]))?;
    Some(format!(
        "{}: DEFN {after} follows DEFN {before}: columns are read in the order of the lines; put the lines in the order \
         of the numbers if the numbers are right",
        path.display()
    ))
}
