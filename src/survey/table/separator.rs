//! Splits rows into cells.

use std::borrow::Cow;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    Comma,
    Semicolon,
    Tab,
    Whitespace,
}

/// The separators, in the order in which a line of names is tried.
pub(super) const SEPARATORS: [Separator; 4] =
    [Separator::Comma, Separator::Semicolon, Separator::Tab, Separator::Whitespace];

impl Separator {
    /// Returns the separator of a line of names, with the row after it when there is one. A comma decides, then a
    /// semicolon. Tabs need as many cells in the row as in the names.
    pub(super) fn of_header(header: &str, row: Option<&str>) -> Self {
        let plain = without_quoted(header);
        if plain.contains(',') {
            return Self::Comma;
        }
        if plain.contains(';') {
            return Self::Semicolon;
        }
        if !plain.contains('\t') {
            return Self::Whitespace;
        }
        let is_word = |name: &str| name.split_whitespace().count() == 1;
        let is_cell = |cell: &str| cell.split_whitespace().count() <= 1;
        let same_count =
            |row: &str| row.split('\t').count() == header.split('\t').count() && row.split('\t').all(is_cell);
        // In contrast to runs of blanks, single tabs allow empty cells and names with blanks.
        if header.split('\t').all(is_word) || row.is_some_and(same_count) { Self::Tab } else { Self::Whitespace }
    }

    /// Returns the separator of a row of numbers. Commas between semicolons, tabs or blanks are decimal commas.
    pub(super) fn of_row(row: &str) -> Self {
        let plain = without_quoted(row);
        if plain.contains(';') && plain.split(';').all(|cell| cell.matches(',').count() <= 1) {
            return Self::Semicolon;
        }
        if plain.contains('\t') && plain.contains(',') && plain.split('\t').all(is_decimal_or_other) {
            return Self::Tab;
        }
        let has_blanks = |cell: &str| cell.trim().contains(char::is_whitespace);
        if plain.contains(',') && plain.split(',').any(has_blanks) && plain.split_whitespace().all(is_decimal_or_other)
        {
            return Self::Whitespace;
        }
        Self::of_header(row, None)
    }

    /// Returns whether cells may be in quotes.
    pub(super) fn quotes(self) -> bool {
        !matches!(self, Self::Whitespace)
    }

    /// Returns whether numbers may have a decimal comma.
    pub(super) fn allows_decimal_comma(self) -> bool {
        !matches!(self, Self::Comma)
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Comma => "commas",
            Self::Semicolon => "semicolons",
            Self::Tab => "tabs",
            Self::Whitespace => "blanks",
        }
    }

    /// Returns the cells, without blanks around them.
    pub(super) fn split<'a>(self, row: &'a str) -> Vec<Cow<'a, str>> {
        let between = |separator: char| row.split(separator).map(|cell| Cow::Borrowed(cell.trim())).collect();
        match self {
            Self::Comma if row.contains('"') => split_quoted(row, b','),
            Self::Comma => between(','),
            Self::Semicolon if row.contains('"') => split_quoted(row, b';'),
            Self::Semicolon => between(';'),
            Self::Tab if row.contains('"') => split_quoted(row, b'\t'),
            Self::Tab => between('\t'),
            Self::Whitespace => row.split_whitespace().map(Cow::Borrowed).collect(),
        }
    }
}

/// Returns whether a number is written with a decimal comma.
pub(super) fn has_decimal_comma(cell: &str) -> bool {
    match cell.split_once(',') {
        Some((whole, decimals)) => {
            decimals.starts_with(|c: char| c.is_ascii_digit())
                && !decimals.contains(',')
                && !cell.contains('.')
                && format!("{whole}.{decimals}").parse::<f64>().is_ok()
        }
        None => false,
    }
}

fn is_decimal_or_other(cell: &str) -> bool {
    !cell.contains(',') || has_decimal_comma(cell.trim())
}

/// Returns a line without the parts in quotes.
fn without_quoted(line: &str) -> Cow<'_, str> {
    if line.contains('"') { Cow::Owned(line.split('"').step_by(2).collect()) } else { Cow::Borrowed(line) }
}

fn split_quoted<'a>(row: &str, separator: u8) -> Vec<Cow<'a, str>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(separator)
        .trim(csv::Trim::All)
        // The row ends where the line ends, not at a carriage return within it.
        .terminator(csv::Terminator::Any(b'\n'))
        .from_reader(row.as_bytes());
    let record = reader.records().next().and_then(|record| record.ok()).unwrap_or_default();
    record.iter().map(|cell| Cow::Owned(cell.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_decides_and_then_the_row() {
        for (header, row, expected) in [
            ("a,b;c", None, Separator::Comma),
            ("a;b", None, Separator::Semicolon),
            ("\"a, m\";b", None, Separator::Semicolon),
            ("a\tb", None, Separator::Tab),
            ("line no\tx", Some("1\t2"), Separator::Tab),
            ("line no\tx", Some("1 2 3"), Separator::Whitespace),
            ("line no\tx", None, Separator::Whitespace),
            ("a b", Some("1\t2"), Separator::Whitespace),
        ] {
            assert_eq!(Separator::of_header(header, row), expected, "{header}");
        }
    }

    #[test]
    fn commas_between_semicolons_and_tabs_are_decimal() {
        for (row, expected) in [
            ("1;2,5;3", Separator::Semicolon),
            ("1\t2,5\t3", Separator::Tab),
            ("1,2,3", Separator::Comma),
            ("1,\t2,\t3", Separator::Comma),
            ("1, 2", Separator::Comma),
            ("1,5 2 3,5", Separator::Whitespace),
            ("2018/05/01 10:20:03, 1, 2", Separator::Comma),
            ("1 2", Separator::Whitespace),
        ] {
            assert_eq!(Separator::of_row(row), expected, "{row}");
        }
        for (cell, expected) in [
            ("1,5", true),
            ("-1,5e-3", true),
            ("1,", false),
            ("1.5", false),
            ("1,234.5", false),
            ("1,2,3", false),
            ("a,b", false),
        ] {
            assert_eq!(has_decimal_comma(cell), expected, "{cell}");
        }
    }
}
