//! How rows are cut into cells: at the widths of the definition, or at blanks.

use std::fmt;

use super::format::FieldFormat;
use super::null::number;

/// Fewest characters of two words and a blank.
const TWO_WORDS: usize = 3;

/// Widths of a row's cells, and how the rows of the file use them.
#[derive(Debug, Clone)]
pub(in crate::survey) struct RowLayout {
    /// Formats of the columns, each of one column.
    formats: Vec<FieldFormat>,
    /// Number of characters of a row.
    total: usize,
    /// True when a cell may be a text of several words.
    has_text: bool,
    /// True when rows are cut at the widths.
    is_fixed: bool,
    /// What separates cells, other than blanks.
    separator: Option<char>,
    /// True when most rows have all characters.
    is_exact: bool,
    /// True when numbers are at the left end of their cells.
    is_left: bool,
    /// True when all rows have as many characters, although not those of the definition.
    is_constant: bool,
}

/// A row that is not cut in either way.
#[derive(Debug, PartialEq)]
pub(in crate::survey) struct UncutRow {
    words: usize,
    characters: usize,
}

impl fmt::Display for UncutRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} words in {} characters", self.words, self.characters)
    }
}

impl RowLayout {
    /// Finds how rows with cells of these formats are cut, from some rows of the file. Most rows that can be cut at the
    /// widths decide for the widths, because the format has fixed widths.
    /// `record` is the number of columns with the record's type, which is one word.
    pub(super) fn of_rows(formats: Vec<FieldFormat>, record: usize, rows: &[String]) -> Self {
        let total = formats.iter().map(|format| format.width).sum();
        let can_have_words = |format: &FieldFormat| format.is_text() && format.width >= TWO_WORDS;
        let has_text = formats[record..].iter().any(can_have_words);
        let mut layout = Self {
            formats,
            total,
            has_text,
            is_fixed: true,
            separator: None,
            is_exact: false,
            is_left: true,
            is_constant: false,
        };
        let most = |is: &dyn Fn(&String) -> bool| 2 * rows.iter().filter(|row| is(row)).count() > rows.len();
        layout.is_left = rows.iter().any(|row| layout.has_left_number(row));
        layout.is_exact = most(&|row| layout.is_cut_whole(row));
        layout.is_fixed = layout.is_exact || most(&|row| layout.is_cut(row));
        if !layout.is_fixed {
            // Fortran's programs may write a blank before each row.
            let after_blank = |is: &dyn Fn(&str) -> bool| most(&|row| row.strip_prefix(' ').is_some_and(is));
            let is_exact = after_blank(&|row| layout.is_cut_whole(row));
            let is_fixed = is_exact || after_blank(&|row| layout.is_cut(row));
            layout.formats[0].width += usize::from(is_fixed);
            layout.total += usize::from(is_fixed);
            (layout.is_exact, layout.is_fixed) = (is_exact, is_fixed);
        }
        let separates = |c: &char| most(&|row| row.split(*c).count() == layout.formats.len());
        let separator = ['\t', ','].into_iter().filter(|_| !layout.is_fixed).find(separates);
        layout.separator = separator;
        let mut lengths = rows.iter().map(|row| row.trim_end().chars().count());
        let first = lengths.next();
        layout.is_constant = !layout.is_fixed && rows.len() > 1 && lengths.all(|length| Some(length) == first);
        layout
    }

    /// Returns the cells of a row without the blanks around them.
    ///
    /// # Errors
    ///
    /// When the row has another length and another number of words.
    pub(in crate::survey) fn cells<'a>(&self, row: &'a str) -> Result<Vec<&'a str>, UncutRow> {
        if self.is_fixed && row.is_ascii() && self.is_whole(row) && !row.contains('\t') {
            return Ok(self.cut_ascii(row));
        }
        let cells = if self.is_fixed {
            // A row is longer where a number is wider than its field. When there is no text, as many words as columns are
            // the cells; a text may have several words.
            let free = || Some(self.words(row)).filter(|_| !self.has_text);
            let cut = self.cut(row);
            if self.is_whole(row) { cut } else { self.numbers(cut) }.or_else(free)
        } else if let Some(separator) = self.separator {
            Some(row.split(separator).map(str::trim).collect())
        } else {
            let words = self.words(row);
            let cut = || self.numbers(self.cut(row)).filter(|_| self.is_whole(row));
            if words.len() == self.formats.len() && self.are_cells(&words) { Some(words) } else { cut() }
        };
        cells.filter(|cells| cells.len() == self.formats.len()).ok_or_else(|| UncutRow {
            words: row.split_whitespace().count(),
            characters: row.trim_end().chars().count(),
        })
    }

    /// Says what a row must have.
    pub(in crate::survey) fn expected(&self) -> String {
        let (words, total) = (self.formats.len(), self.total);
        match (self.is_fixed, self.separator) {
            (true, _) if self.has_text => {
                format!("{total} characters (texts may have blanks, so that words do not count)")
            }
            (true, _) => format!("{total} characters, or {words} words"),
            (false, Some('\t')) => format!("{words} cells between tabs"),
            (false, Some(_)) => format!("{words} cells between commas"),
            (false, None) if self.has_text => format!("{words} words that fit their fields, or {total} characters"),
            (false, None) => format!("{words} words, or {total} characters"),
        }
    }

    /// Returns whether a row that may end early shows that the file has fixed widths: it has all numbers, or no cells
    /// between blanks.
    fn is_cut(&self, row: &str) -> bool {
        let texts = self.formats.iter().rev().take_while(|format| format.is_text());
        let without_texts = self.total - texts.map(|format| format.width).sum::<usize>();
        let last_number = self.formats.iter().rev().find(|format| !format.is_text()).map_or(0, |format| format.width);
        let has_numbers = row.trim_end().chars().count() + last_number > without_texts;
        self.numbers(self.cut(row)).is_some() && (has_numbers || self.words(row).len() != self.formats.len())
    }

    fn is_cut_whole(&self, row: &str) -> bool {
        self.is_whole(row) && self.numbers(self.cut(row)).is_some()
    }

    /// Returns whether words, as many as there are columns, can be the cells. A text may have several words, and two
    /// numbers that touch are one, so that words of a row with texts may only be as many by chance: then a word is no
    /// number, a whole number has decimals, or, in a file that looks as if it had widths, a word is wider than its field.
    fn are_cells(&self, words: &[&str]) -> bool {
        let can_be = |(word, format): (&&str, &FieldFormat)| {
            let has_decimals = |value: f64| value.is_finite() && value.fract() != 0.0;
            let is_whole = !format.is_integer() || !number(word).is_some_and(has_decimals);
            let is_number = format.is_text() || number(word).is_some() || is_mark(word);
            is_number && is_whole && !(self.is_constant && word.chars().count() > format.width)
        };
        !self.has_text || words.iter().zip(&self.formats).all(can_be)
    }

    fn words<'a>(&self, row: &'a str) -> Vec<&'a str> {
        row.split_whitespace().collect()
    }

    /// Returns whether a row has all characters of the definition; blanks may follow.
    fn is_whole(&self, row: &str) -> bool {
        let is_total = |length: usize, trimmed: usize| length >= self.total && trimmed <= self.total;
        let trimmed = row.trim_end();
        is_total(row.len(), trimmed.len())
            || (!row.is_ascii() && is_total(row.chars().count(), trimmed.chars().count()))
    }

    /// Cuts a row at the widths. A row may end early where only blanks are missing: at the end of a cell, within a text,
    /// or, in a file whose rows often end early, within a number at the left end of its cell.
    fn cut<'a>(&self, row: &'a str) -> Option<Vec<&'a str>> {
        let mut cells = self.cut_untrimmed(row)?;
        cells.iter_mut().for_each(|cell| *cell = cell.trim());
        Some(cells)
    }

    /// Cuts a row with one byte for each character, and all of them. Most rows of most files are so.
    fn cut_ascii<'a>(&self, row: &'a str) -> Vec<&'a str> {
        let mut start = 0;
        let cell = |format: &FieldFormat| {
            let cell = &row[start..start + format.width];
            start += format.width;
            cell.trim_ascii()
        };
        self.formats.iter().map(cell).collect()
    }

    /// Returns whether a row has a number with blanks after it in its cell.
    fn has_left_number(&self, row: &str) -> bool {
        let cells = self.cut_untrimmed(row).unwrap_or_default();
        let is_left = |(cell, format): (&&str, &FieldFormat)| {
            !format.is_text() && !cell.trim().is_empty() && !cell.starts_with(' ') && cell.ends_with(' ')
        };
        cells.iter().zip(&self.formats).any(is_left)
    }

    fn cut_untrimmed<'a>(&self, row: &'a str) -> Option<Vec<&'a str>> {
        if row.contains('\t') {
            return None;
        }
        // Writers count characters or bytes. The one that is as many as the definition has is meant.
        let counts_bytes = row.is_ascii() || (row.len() == self.total && row.chars().count() != self.total);
        let offset = |count: usize| match counts_bytes {
            true => row.is_char_boundary(count.min(row.len())).then_some(count.min(row.len())),
            false => Some(row.char_indices().nth(count).map_or(row.len(), |(at, _)| at)),
        };
        let end = row.trim_end().len();
        if offset(self.total)? < end {
            return None;
        }
        let is_whole = self.is_whole(row);
        let (mut characters, mut start) = (0, 0);
        let mut cells = Vec::with_capacity(self.formats.len());
        for format in &self.formats {
            characters += format.width;
            let stop = if counts_bytes { offset(characters)? } else { start + offset_in(&row[start..], format.width) };
            let cell = &row[start..stop];
            let ends_early = !is_whole && (start + 1..stop + 1).contains(&end) && cell.chars().count() < format.width;
            if ends_early && !format.is_text() && (self.is_exact || !self.is_left || cell.starts_with(' ')) {
                return None;
            }
            cells.push(cell);
            start = stop;
        }
        Some(cells)
    }

    /// Returns cells again when those of numbers have numbers, or one word that may be a null, or nothing.
    fn numbers<'a>(&self, cells: Option<Vec<&'a str>>) -> Option<Vec<&'a str>> {
        let is_one = |(cell, format): (&&str, &FieldFormat)| {
            format.is_text() || !cell.contains(char::is_whitespace) && (number(cell).is_some() || is_mark(cell))
        };
        cells.filter(|cells| cells.iter().zip(&self.formats).all(is_one))
    }
}

/// Returns whether a cell can be the mark of a missing number: nothing, or a word without digits.
fn is_mark(cell: &str) -> bool {
    !cell.bytes().any(|byte| byte.is_ascii_digit())
}

/// Returns the number of bytes of the first `count` characters.
fn offset_in(text: &str, count: usize) -> usize {
    text.char_indices().nth(count).map_or(text.len(), |(at, _)| at)
}
