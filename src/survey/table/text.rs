//! Opens text tables: a header row, comment lines with the names, or only numbers.

use std::path::Path;

use super::body::{Body, Header, Table, TextBody};
use super::comments::{COMMENT, Comment, drop_last_if_empty, dummies, epsg, header};
use super::line_rows::{is_line_row, line_rows};
use super::lines::{Position, TextContent, TextLines};
use super::separator::{Separator, has_decimal_comma};
use super::{MAX_COLUMNS, single_fields};
use crate::error::{InputError, Result};
use crate::survey::gdf2::Null;
use crate::survey::listed::shortened;

/// Largest number of comment lines at the beginning of a file.
const MAX_COMMENTS: usize = 10_000;
/// Number of rows in which decimal commas are looked for.
const ROWS_FOR_COMMAS: usize = 1_000;

/// What stands before the first row of numbers or words.
struct Start {
    comments: Vec<Comment>,
    /// First row that names a line.
    line_row: Option<Position>,
    /// The first other row and its text.
    first: Position,
    text: String,
}

impl Table {
    /// Opens a text without a definition.
    ///
    /// # Errors
    ///
    /// When the text has no row, or when the names of the columns are not found.
    pub(super) fn of_content(content: TextContent, path: &Path) -> Result<Self> {
        let mut lines = content.lines(path)?;
        let Some(start) = Start::read(&mut lines, path, Vec::new(), None)? else {
            return Err(InputError::file(path, "an empty file", "a header row of column names"));
        };
        if start.comments.is_empty() && start.line_row.is_none() {
            Self::with_header_row(content, path, lines, start)
        } else {
            Self::commented(content, path, lines, start)
        }
    }

    /// Opens a file whose first row has the names, or numbers.
    fn with_header_row(content: TextContent, path: &Path, mut lines: TextLines, header: Start) -> Result<Self> {
        let Start { first, text, .. } = header;
        let rest = Start::read(&mut lines, path, Vec::new(), None)?;
        let row = rest.as_ref().map(|start| &start.text[..]);
        let numbers_separator = Separator::of_row(&text);
        let has_names = !are_numbers(&numbers_separator.split(&text));
        let separator = if has_names { Separator::of_header(&text, row) } else { numbers_separator };
        let mut names: Vec<String> = separator.split(&text).into_iter().map(Into::into).collect();
        if names.len() > MAX_COLUMNS {
            let got = format!("{} columns", names.len());
            return Err(InputError::line(path, first.line(), got, format_args!("at most {MAX_COLUMNS}")));
        }
        drop_last_if_empty(&mut names);
        let mut body = TextBody::new(content, first, separator);
        let mut table_header = Header::None;
        if has_names {
            let no_row = || InputError::file(path, "a header and no rows", "at least one row");
            let rest = rest.ok_or_else(no_row)?;
            refuse_other_separator(path, first, &names, separator, (rest.first, &rest.text))?;
            table_header = Header::Line(first.line());
            body.start = rest.line_row.unwrap_or(rest.first);
            if let Some(line_row) = rest.line_row {
                body.set_line_rows(path, line_row)?;
            }
            body.has_comments = !rest.comments.is_empty() || rest.line_row.is_some();
        } else {
            names = (1..=names.len()).map(|number| number.to_string()).collect();
        }
        body.nulls_of_all = vec![Null::new("*")];
        Self::of_text_body(path, table_header, names, first.line(), body)
    }

    /// Opens a file that begins with comment lines, one of which names the columns, or with a row that names a line.
    fn commented(content: TextContent, path: &Path, mut lines: TextLines, mut start: Start) -> Result<Self> {
        let mut separator = Separator::of_row(&start.text);
        let mut row_names = None;
        if start.line_row.is_none() && !are_numbers(&separator.split(&start.text)) {
            // The names may also stand in a row of their own below the comments.
            let own = (start.first.line(), start.text.clone());
            let comments = std::mem::take(&mut start.comments);
            if let Some(next) = Start::read(&mut lines, path, comments, None)? {
                let of_numbers = Separator::of_row(&next.text);
                if are_numbers(&of_numbers.split(&next.text)) {
                    separator = Separator::of_header(&own.1, Some(&next.text));
                    row_names = Some(own);
                    start = next;
                } else {
                    start = Start { comments: next.comments, ..start };
                }
            }
        }
        let mut cells = separator.split(&start.text);
        drop_last_if_empty(&mut cells);
        let count = cells.len();
        let (header_line, names) = match row_names {
            Some((line, text)) => {
                let mut names: Vec<String> = separator.split(&text).into_iter().map(Into::into).collect();
                drop_last_if_empty(&mut names);
                (Some(line), names)
            }
            None if start.comments.is_empty() => (None, (1..=count).map(|number| number.to_string()).collect()),
            None => {
                let (line, names) = header(&start.comments, count, separator, (start.first, &start.text), path)?;
                (Some(line), names)
            }
        };
        let mut body = TextBody::new(content, start.line_row.unwrap_or(start.first), separator);
        body.nulls_of_all = dummies(&start.comments);
        body.has_comments = true;
        if let Some(line_row) = start.line_row {
            body.set_line_rows(path, line_row)?;
        }
        let header = header_line.map_or(Header::None, Header::Line);
        let crs = epsg(&start.comments);
        let table = Self::of_text_body(path, header, names, header_line.unwrap_or(1), body)?;
        Ok(Self { comments_crs: crs, ..table })
    }

    fn of_text_body(path: &Path, header: Header, names: Vec<String>, line: usize, mut body: TextBody) -> Result<Self> {
        body.decimal_comma = body.separator.allows_decimal_comma() && has_decimal_commas(path, &body)?;
        let fields = single_fields(&names, line);
        Ok(Self { path: path.to_path_buf(), header, names, fields, comments_crs: None, body: Body::Text(body) })
    }
}

impl TextBody {
    fn set_line_rows(&mut self, path: &Path, first: Position) -> Result<()> {
        let mut lines = self.content.lines(path)?;
        lines.go_to(first)?;
        if let Some(first) = lines.advance()? {
            self.line_rows = line_rows(path, &mut lines, first)?;
        }
        Ok(())
    }
}

impl Start {
    /// Reads up to the first row that is neither a comment nor names a line; `None` when there is no such row and there
    /// were no comments before the end.
    fn read(
        lines: &mut TextLines,
        path: &Path,
        mut comments: Vec<Comment>,
        mut line_row: Option<Position>,
    ) -> Result<Option<Self>> {
        while let Some(at) = lines.advance()? {
            let text = lines.text();
            if text.trim_start().starts_with(COMMENT) {
                if comments.len() == MAX_COMMENTS {
                    return Err(InputError::line(path, at.line(), format_args!("comment {MAX_COMMENTS}"), "a row"));
                }
                comments.push(Comment { line: at.line(), text: text.to_owned() });
            } else if is_line_row(text) {
                line_row.get_or_insert(at);
            } else {
                return Ok(Some(Self { comments, line_row, first: at, text: text.to_owned() }));
            }
        }
        match (comments.is_empty(), line_row) {
            (true, None) => Ok(None),
            (false, None) => Err(InputError::file(path, "comments and no rows", "at least one row")),
            (_, Some(_)) => Err(InputError::file(path, "names of lines and no rows", "at least one row")),
        }
    }
}

/// Refuses a header whose separator is not that of the first row, or none that is known.
fn refuse_other_separator(
    path: &Path,
    at: Position,
    names: &[String],
    separator: Separator,
    (row_at, row): (Position, &str),
) -> Result<()> {
    let expected = "names and numbers that are both separated by commas, by semicolons, by tabs or by blanks";
    if let [name] = names
        && let Some(unknown) = ['|', ':', '~', '!', '^'].into_iter().find(|&c| name.contains(c) && row.contains(c))
    {
        let got = format!("{:?}, one name with {unknown:?} in it", shortened(name));
        return Err(InputError::line(path, at.line(), got, expected));
    }
    let of_row = Separator::of_row(row);
    let (cells, by_header) = (of_row.split(row).len(), separator.split(row).len());
    let differs = of_row != separator && cells > 1 && (names.len() == 1 || by_header == 1);
    if !differs {
        return Ok(());
    }
    let header = match names {
        [name] => format!("one name, {:?}", shortened(name)),
        _ => format!("{} names separated by {}", names.len(), separator.words()),
    };
    let got = format!(
        "{header}, and {cells} cells separated by {} in the first row (line {})",
        of_row.words(),
        row_at.line()
    );
    Err(InputError::line(path, at.line(), got, expected))
}

/// Returns whether one of the first rows has a number with a decimal comma.
fn has_decimal_commas(path: &Path, body: &TextBody) -> Result<bool> {
    let mut lines = body.content.lines(path)?;
    lines.go_to(body.start)?;
    for _ in 0..ROWS_FOR_COMMAS {
        // A line that cannot be read is an error when the rows are read.
        let Ok(Some(at)) = lines.advance() else { break };
        let text = lines.text();
        let is_row = !body.is_line_row(at) && !text.trim_start().starts_with(COMMENT);
        if is_row && text.contains(',') && body.separator.split(text).iter().any(|cell| has_decimal_comma(cell)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns whether more than half of the cells that are not empty are numbers; such a row has no names.
fn are_numbers<S: AsRef<str>>(cells: &[S]) -> bool {
    let filled = cells.iter().map(AsRef::as_ref).filter(|cell| !cell.is_empty() && *cell != "*");
    let is_number = |cell: &&str| cell.parse::<f64>().is_ok() || has_decimal_comma(cell);
    let (numbers, words): (Vec<&str>, Vec<&str>) = filled.partition(is_number);
    numbers.len() > words.len()
}
