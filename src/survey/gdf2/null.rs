//! Marks of missing values, also those that their fields cannot hold.

use super::format::{FieldFormat, FormatKind};

/// Fewest digits of a shortened null with its sign, and without: shorter ones look like data.
const FEWEST_DIGITS: [usize; 2] = [2, 4];

/// The mark of a missing value.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::survey) struct Null {
    pub(super) text: String,
    value: Option<f64>,
    /// What writers make of a null that the field cannot hold: cut to its width, or rounded or cut to its decimals.
    pub(super) shortened: Vec<f64>,
}

impl Null {
    pub(in crate::survey) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), value: number(text), shortened: Vec::new() }
    }

    /// Makes the null of a field.
    pub(super) fn in_field(text: &str, format: FieldFormat) -> Self {
        let mut null = Self::new(text);
        if let Some(value) = null.value.filter(|value| value.is_finite() && !format.is_text()) {
            null.shortened = shortened(text, value, format);
        }
        null
    }

    /// Returns whether a cell, or the number in it, is this null.
    pub(in crate::survey) fn is(&self, cell: &str, value: Option<&f64>) -> bool {
        cell == self.text
            || value.is_some_and(|value| self.value.as_ref() == Some(value) || self.shortened.contains(value))
    }
}

/// Reads a number as Fortran writes it: the exponent may begin with `D`, and one of three digits with its sign.
pub(in crate::survey) fn number(text: &str) -> Option<f64> {
    if let Ok(value) = text.parse() {
        return Some(value);
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.dD".contains(&byte)) {
        return None;
    }
    match text.find(['d', 'D']) {
        Some(at) => format!("{}e{}", &text[..at], &text[at + 1..]).parse().ok(),
        None => {
            let (mantissa, power) = text.split_at_checked(text.len().checked_sub(4)?)?;
            let is_power = power.starts_with(['+', '-']) && mantissa.contains('.');
            is_power.then(|| format!("{mantissa}e{power}").parse().ok())?
        }
    }
}

/// Returns the values that a field may have for the null `text`; empty when the field can hold it.
fn shortened(text: &str, value: f64, format: FieldFormat) -> Vec<f64> {
    let FieldFormat { width, decimals, kind, .. } = format;
    let same = |other: &str| other.parse() == Ok(value);
    let plain = format!("{value:.decimals$}");
    let exponent = format!("{value:.decimals$e}");
    // The sign and the digits of an exponent need two or more characters that Rust does not write.
    let holds = match kind {
        FormatKind::Exponent => same(&exponent),
        FormatKind::General => text.len() <= width || same(&exponent),
        _ => same(&plain) && text.len().min(plain.len()) <= width,
    };
    if holds {
        return Vec::new();
    }
    let mut forms = Vec::new();
    if matches!(kind, FormatKind::Exponent | FormatKind::General) {
        let full = format!("{value:e}");
        let (mantissa, power) = full.split_once('e').unwrap_or((&full, "0"));
        forms.push(exponent);
        forms.push(format!("{}e{power}", cut_decimals(mantissa, decimals)));
    }
    if kind != FormatKind::Exponent && !text.contains(['e', 'E', 'd', 'D']) {
        forms.extend(Some(plain).filter(|plain| plain.len() <= width));
        forms.extend(cut_to(&cut_decimals(text, decimals), width));
    }
    let mut values: Vec<f64> =
        forms.iter().filter_map(|form| form.parse().ok()).filter(|form| *form != value).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

/// Returns a number's text with at most so many decimals.
fn cut_decimals(text: &str, decimals: usize) -> String {
    match text.split_once('.') {
        Some((whole, _)) if decimals == 0 => whole.to_owned(),
        Some((whole, fraction)) => format!("{whole}.{}", fraction.get(..decimals).unwrap_or(fraction)),
        None => text.to_owned(),
    }
}

/// Returns what is left of a number's text in a field of `width` characters: all of it, its beginning, or its end. The
/// end can only be recognised when all digits are equal, as in -9999.99.
fn cut_to(text: &str, width: usize) -> Vec<String> {
    if text.len() <= width {
        return vec![text.to_owned()];
    }
    let digits = text.trim_start_matches(['+', '-']);
    let sign = &text[..text.len() - digits.len()];
    let mut cut = vec![text[..width].to_owned()];
    let mut figures = digits.bytes().filter(u8::is_ascii_digit);
    let first = figures.next();
    if figures.all(|figure| Some(figure) == first) {
        let end = |count: usize| &digits[digits.len().saturating_sub(count)..];
        cut.push(format!("{sign}{}", end(width.saturating_sub(sign.len()))));
        cut.push(end(width).to_owned());
    }
    let is_long = |form: &String| {
        let fewest = FEWEST_DIGITS[usize::from(!sign.is_empty() && !form.starts_with(sign))];
        form.bytes().filter(u8::is_ascii_digit).count() >= fewest
    };
    cut.retain(is_long);
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(text: &str, format: &str) -> Vec<f64> {
        Null::in_field(text, FieldFormat::parse(format).unwrap()).shortened
    }

    #[test]
    fn a_null_may_be_too_long_for_its_field() {
        assert_eq!(read_as("-99999999.99", "F9.2"), [-99_999_999.0, -99_999.99, 999_999.99]);
        assert_eq!(read_as("-9999.99", "F8.1"), [-10_000.0, -9999.9]);
        assert_eq!(read_as("-9999.99", "I5"), [-9999.0]);
        assert_eq!(read_as("-9999", "I3"), [-99.0]);
        assert_eq!(read_as("-9999", "I2"), [] as [f64; 0]);
        assert_eq!(read_as("-9999.99", "E10.3"), [-10_000.0, -9999.0]);
        assert_eq!(read_as("-1234567", "I5"), [-1234.0]);
    }

    #[test]
    fn a_null_that_fits_is_only_itself() {
        for (text, format) in [
            ("-9999.99", "F8.2"),
            ("-9999999", "F9.2"),
            ("-9999", "E10.3"),
            ("-1.0E+32", "E10.3"),
            ("-1e32", "F9.2"),
            ("*", "F9.2"),
            ("-9999.99", "A4"),
            ("-9999.99", "G8.3"),
            ("1e999", "F9.2"),
        ] {
            assert_eq!(read_as(text, format), [] as [f64; 0], "{text} {format}");
        }
    }

    #[test]
    fn zero_is_never_a_null_by_cutting() {
        assert_eq!(read_as("-99999999.99", "I9"), [-99_999_999.0]);
        assert!(!read_as("-100000.01", "F5.1").contains(&0.0));
    }

    #[test]
    fn numbers_are_those_of_fortran() {
        for (text, expected) in [
            ("1.5D-03", Some(1.5e-3)),
            ("-1d2", Some(-100.0)),
            ("1.234-103", Some(1.234e-103)),
            ("-1.5+102", Some(-1.5e102)),
            ("-1.5+2", None),
            ("1e-3", Some(1e-3)),
            ("-", None),
            ("12-", None),
            ("1.2.3", None),
            ("1d2d3", None),
            ("2020-01-02", None),
            ("2020-001", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }
}
