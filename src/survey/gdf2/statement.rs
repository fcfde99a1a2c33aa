//! The statements of a definition file: `DEFN 5 ST=RECD,RT=;Height:F8.2:UNIT=m,NULL=-99.9`, in the spellings that
//! programs write.

/// Attributes whose value is a sentence, which may have any characters.
const SENTENCES: [&str; 7] = ["COMMENT", "COMMENTS", "DESC", "DESCRIPTION", "NAME", "LONGNAME", "REMARK"];
/// Names of the attribute that gives the null.
const NULLS: [&str; 5] = ["NULL", "NULLS", "NULLVALUE", "NULL_VALUE", "DUMMY"];

/// One line of a definition file, or several lines that belong together.
#[derive(Debug, PartialEq)]
pub(super) enum Statement<'a> {
    /// A `DEFN` statement.
    Definition(&'a str),
    /// `END DEFN` on a line of its own.
    End,
    /// The text of a record of comments or of the projection.
    Remark(&'a str),
    /// A line that is none of them.
    Unknown(&'a str),
}

impl<'a> Statement<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let bare = text.trim_matches(|c: char| c == ';' || c.is_whitespace());
        if is_end(bare) {
            return Self::End;
        }
        if let Some(definition) = without_keyword(bare, "DEFN").filter(|rest| !rest.starts_with(char::is_alphabetic)) {
            return Self::Definition(definition);
        }
        let is_remark = |keyword| without_keyword(text.trim_start(), keyword).is_some();
        if is_remark("COMM") || is_remark("PROJ") { Self::Remark(text) } else { Self::Unknown(text) }
    }
}

/// Joins lines to statements, each with the number of its first line. A line goes on where the line before it is not
/// finished: it ends with a separator or in a sentence, or the next line begins with a separator.
pub(super) fn statements(text: &str) -> Vec<(usize, String)> {
    let mut joined: Vec<(usize, String)> = Vec::new();
    let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines();
    for (number, line) in (1..).zip(lines).filter(|(_, line)| !line.trim().is_empty()) {
        let is_unknown = matches!(Statement::of(line), Statement::Unknown(_));
        match joined.last_mut().filter(|(_, before)| is_unknown && goes_on(before, line)) {
            Some((_, before)) => {
                before.truncate(before.trim_end().trim_end_matches('&').len());
                before.push(' ');
                before.push_str(line.trim());
            }
            None => joined.push((number, line.trim().to_owned())),
        }
    }
    joined
}

fn goes_on(before: &str, line: &str) -> bool {
    let is_definition = matches!(Statement::of(before), Statement::Definition(_));
    let is_open = before.ends_with([';', ':', ',', '=', '&']) || line.trim_start().starts_with([';', ':', ',']);
    is_definition && (is_open || (ends_in_sentence(before) && !line.contains(':')))
}

/// Returns whether the last attribute of a definition is a sentence.
pub(super) fn ends_in_sentence(text: &str) -> bool {
    let last = text.rsplit([';', ':']).next().unwrap_or_default();
    last.rsplit(',').any(|pair| {
        let key = pair.split_once('=').map_or("", |(key, _)| key.trim());
        SENTENCES.iter().any(|sentence| sentence.eq_ignore_ascii_case(key))
    })
}

/// Returns whether a text is `END DEFN`.
pub(super) fn is_end(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words[..] {
        [end, defn] => end.eq_ignore_ascii_case("END") && defn.eq_ignore_ascii_case("DEFN"),
        [end] => end.eq_ignore_ascii_case("END") || end.eq_ignore_ascii_case("ENDDEFN"),
        _ => false,
    }
}

/// What stands before the fields of a definition.
#[derive(Debug, PartialEq)]
pub(super) struct Head<'a> {
    /// Number after `DEFN`.
    pub(super) number: Option<u32>,
    /// Type of the record, which may be empty.
    pub(super) record: &'a str,
    /// The fields, separated by semicolons.
    pub(super) fields: &'a str,
}

impl<'a> Head<'a> {
    /// Reads the beginning of a definition without `DEFN`. `ST=RECD` and `RT=` may both be left out.
    pub(super) fn of(definition: &'a str) -> Self {
        // The value of a key also ends at a colon. A colon before the first field means that its name is missing.
        let separators = [',', ';', ' ', '\t'];
        let ends = |c: char| c == ':' || separators.contains(&c);
        let text = definition.trim_start_matches(separators);
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let mut rest = text[digits..].trim_start_matches(separators);
        let (mut record, number) = ("", text[..digits].parse().ok());
        loop {
            if let Some(value) = without_key(rest, "RT") {
                let end = value.find(ends).unwrap_or(value.len());
                (record, rest) = value.split_at(end);
            } else if let Some(value) = without_key(rest, "ST") {
                rest = value.trim_start_matches(|c: char| !ends(c));
            } else {
                return Self { number, record, fields: rest };
            }
            rest = rest.trim_start_matches(separators);
        }
    }
}

/// Returns what follows `KEY=`, with blanks around `=`; blanks before a value stay only where there is no value.
fn without_key<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let value = without_keyword(text, key)?.trim_start().strip_prefix('=')?;
    let trimmed = value.trim_start();
    let word = &trimmed[..trimmed.find([',', ';', ':', '=', ' ']).unwrap_or(trimmed.len())];
    let is_value = value.len() == trimmed.len() || !trimmed[word.len()..].trim_start().starts_with([':', '=']);
    Some(if is_value { trimmed } else { value })
}

pub(super) fn without_keyword<'a>(text: &'a str, keyword: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(keyword.len())?;
    start.eq_ignore_ascii_case(keyword).then_some(rest)
}

/// Returns the null among a field's attributes, as `NULL=-99` or as `NULL:-99`.
pub(super) fn null(attributes: &str) -> Option<&str> {
    let is_null = |key: &str| NULLS.iter().any(|null| null.eq_ignore_ascii_case(key.trim()));
    let mut parts = attributes.split([':', ',']);
    while let Some(part) = parts.next() {
        let value = match part.split_once('=') {
            Some((key, value)) if is_null(key) => value,
            None if is_null(part) => parts.next().unwrap_or_default(),
            _ => continue,
        };
        let value = value.trim().trim_matches(['"', '\'']).trim();
        if !value.is_empty() {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_in_every_spelling() {
        for (text, number, record, fields) in [
            ("  1 ST=RECD,RT=COMM;RT:A4", Some(1), "COMM", "RT:A4"),
            (" ST=RECD,RT=;Line:I4", None, "", "Line:I4"),
            (" 1 st = recd , rt = data ; Line : I4", Some(1), "data", "Line : I4"),
            (" 1 ST=RECD,RT= ; Line:I4", Some(1), "", "Line:I4"),
            (" 1 ST=RECD,RT= Line : I4", Some(1), "", "Line : I4"),
            (" 1 ST=RECD;RT=DATA;Line:I4", Some(1), "DATA", "Line:I4"),
            (" 1 ST=RECD RT=DATA,Line:I4", Some(1), "DATA", "Line:I4"),
            (" 1 RT=DATA,ST=RECD;Line:I4", Some(1), "DATA", "Line:I4"),
            (" 2 RT=;Line:I4", Some(2), "", "Line:I4"),
            (" 2 Line:I4", Some(2), "", "Line:I4"),
            ("2;Line:I4;END DEFN", Some(2), "", "Line:I4;END DEFN"),
            (" 2 RT:A4;Line:I4", Some(2), "", "RT:A4;Line:I4"),
            (" ST=RECD,RT=", None, "", ""),
            ("", None, "", ""),
            (" RT", None, "", "RT"),
        ] {
            assert_eq!(Head::of(text), Head { number, record, fields }, "{text}");
        }
    }

    #[test]
    fn lines_that_are_not_finished_go_on() {
        let joined = |text: &str| statements(text).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        assert_eq!(joined("DEFN 1 RT=;\na:I4\n:NULL=-9\nDEFN 2"), ["DEFN 1 RT=; a:I4 :NULL=-9", "DEFN 2"]);
        assert_eq!(joined("DEFN 1 RT=;a:I4:&\nNULL=-9"), ["DEFN 1 RT=;a:I4: NULL=-9"]);
        assert_eq!(
            joined("DEFN 1 RT=;a:I4:DESC=one\nof two\n;END DEFN"),
            ["DEFN 1 RT=;a:I4:DESC=one of two", ";END DEFN"]
        );
        assert_eq!(joined("DEFN 1 RT=;a:I4\nhello"), ["DEFN 1 RT=;a:I4", "hello"]);
        assert_eq!(statements("\n\nDEFN 1\n\nCOMM")[1], (5, "COMM".to_owned()));
    }

    #[test]
    fn a_null_is_an_attribute_in_either_syntax() {
        for (attributes, expected) in [
            ("UNIT=m:NULL=-99.9,NAME=a: b", Some("-99.9")),
            (" unit : m : null : -99 ", Some("-99")),
            ("UNITS=m, NULL = \"-99\" ", Some("-99")),
            ("NullValue=*", Some("*")),
            ("NULL=,NULL=-9", Some("-9")),
            ("NULL=", None),
            ("DESC=null of the day", None),
            ("NULL", None),
        ] {
            assert_eq!(null(attributes), expected, "{attributes}");
        }
    }
}
