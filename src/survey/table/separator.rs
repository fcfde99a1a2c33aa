//! Splits rows into cells.

use std::borrow::Cow;

#[derive(Debug, Clone, Copy)]
pub(super) enum Separator {
    Comma,
    Tab,
    Whitespace,
}

impl Separator {
    /// Returns the separator of the header or the first row.
    pub(super) fn of_header(header: &str) -> Self {
        if header.contains(',') {
            Self::Comma
        } else if header.contains('\t') && header.split('\t').all(|name| name.split_whitespace().count() == 1) {
            // In contrast to runs of blanks, single tabs allow empty cells.
            Self::Tab
        } else {
            Self::Whitespace
        }
    }

    /// Returns whether cells may be in quotes.
    pub(super) fn quotes(self) -> bool {
        matches!(self, Self::Comma)
    }

    /// Returns the cells, without blanks around them.
    pub(super) fn split<'a>(self, row: &'a str) -> Vec<Cow<'a, str>> {
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
        // The row ends where the line ends, not at a carriage return within it.
        .terminator(csv::Terminator::Any(b'\n'))
        .from_reader(row.as_bytes());
    let record = reader.records().next().and_then(|record| record.ok()).unwrap_or_default();
    record.iter().map(|cell| Cow::Owned(cell.to_owned())).collect()
}
