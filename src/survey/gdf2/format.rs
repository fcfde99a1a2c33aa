//! Formats of fields: Fortran's, with a number of columns before them.

/// Largest number of columns, and of characters per column, in a definition; real files have hundreds and tens.
pub(super) const MAX_COUNT: usize = 10_000;

/// The format of a field: `15f12.6` is 15 columns of 12 characters with 6 decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::survey) struct FieldFormat {
    /// Columns, at least one.
    pub(in crate::survey) count: usize,
    /// Characters per column, at least one.
    pub(in crate::survey) width: usize,
    /// Digits after the decimal point.
    pub(super) decimals: usize,
    pub(super) kind: FormatKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FormatKind {
    /// `A`: any characters.
    Text,
    /// `I`: whole numbers.
    Integer,
    /// `F`: numbers without exponent.
    Plain,
    /// `E`, `D` and their kin: numbers with exponent.
    Exponent,
    /// `G`: either.
    General,
}

impl FieldFormat {
    /// Reads a format; `None` when it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits_end = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (count, rest) = text.split_at(digits_end(text));
        let rest = rest.trim();
        let rest = rest.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(rest).trim();
        let letters_end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let (letters, rest) = rest.split_at(letters_end);
        let rest = rest.trim_start();
        let (width, rest) = rest.split_at(digits_end(rest));
        let kind = match letters.to_ascii_uppercase().as_str() {
            "A" => FormatKind::Text,
            "I" => FormatKind::Integer,
            "F" => FormatKind::Plain,
            "E" | "D" | "ES" | "EN" => FormatKind::Exponent,
            "G" => FormatKind::General,
            _ => return None,
        };
        let limited = |text: &str| text.parse().ok().filter(|number| (1..=MAX_COUNT).contains(number));
        let count = if count.is_empty() { 1 } else { limited(count)? };
        let width = limited(width)?;
        let decimals = match rest.strip_prefix('.') {
            None if rest.is_empty() => 0,
            None => return None,
            Some(decimals) => {
                let mut parts = decimals.split(['e', 'E']);
                let number = |digits: &str| digits.parse::<u16>().ok().filter(|_| !digits.starts_with('+'));
                let decimals = parts.next().and_then(number)?;
                parts.all(|digits| number(digits).is_some()).then_some(decimals)?
            }
        };
        // The digits after the point of an integer are its smallest number of digits.
        let decimals = if kind == FormatKind::Integer { 0 } else { usize::from(decimals) };
        Some(Self { count, width, decimals, kind })
    }

    /// Makes the format of one text.
    pub(super) fn text(width: usize) -> Self {
        Self { count: 1, width, decimals: 0, kind: FormatKind::Text }
    }

    pub(super) fn is_integer(self) -> bool {
        self.kind == FormatKind::Integer
    }

    pub(super) fn is_text(self) -> bool {
        self.kind == FormatKind::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_those_of_fortran() {
        for (format, expected) in [
            ("I10", Some((1, 10, 0))),
            ("I8.8", Some((1, 8, 0))),
            ("15f12.6", Some((15, 12, 6))),
            ("18E16.5", Some((18, 16, 5))),
            ("3(E16.5)", Some((3, 16, 5))),
            ("4 F 9.2", Some((4, 9, 2))),
            ("E16.5E3", Some((1, 16, 5))),
            ("A4", Some((1, 4, 0))),
            ("ES12.3", Some((1, 12, 3))),
            ("10", None),
            ("F", None),
            ("F0.1", None),
            ("A0", None),
            ("0F5.1", None),
            ("F5.", None),
            ("F5.+1", None),
            ("Q5", None),
            ("F5.1x", None),
            ("99999999999999999999F5.1", None),
            ("F5.99999999999999999999", None),
        ] {
            let found = FieldFormat::parse(format).map(|format| (format.count, format.width, format.decimals));
            assert_eq!(found, expected, "{format}");
        }
    }
}
