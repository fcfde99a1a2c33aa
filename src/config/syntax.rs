//! Errors in the syntax of a configuration.

use std::path::Path;

use crate::error::{Error, InputError};

/// Describes an error of the TOML reader with its place and, for a misspelt key, the correct one.
pub(crate) fn syntax_error(text: &str, path: &Path, error: &toml::de::Error) -> Error {
    let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
    let message = error.message();
    let mut quoted = message.split('`').skip(1).step_by(2);
    if message.starts_with("unknown field") || message.starts_with("unknown variant") {
        let what = if message.starts_with("unknown field") { "key" } else { "value" };
        let got = quoted.next().unwrap_or_default();
        let known: Vec<&str> = quoted.collect();
        let near = known.iter().max_by(|a, b| strsim::jaro_winkler(a, got).total_cmp(&strsim::jaro_winkler(b, got)));
        let expected = match near {
            Some(near) if strsim::jaro_winkler(near, got) > 0.8 => format!("{near} (did you mean that?)"),
            _ => format!("one of {}", known.join(", ")),
        };
        return InputError::line(path, line, format!("unknown {what} {got}"), expected);
    }
    let invalid = message.strip_prefix("invalid type: ").or(message.strip_prefix("invalid value: "));
    if let Some((got, expected)) = invalid.and_then(|message| message.split_once(", expected ")) {
        let key = text.lines().nth(line - 1).unwrap_or_default().split('=').next().unwrap_or_default().trim();
        let expected = match expected {
            "usize" | "u64" if message.starts_with("invalid value") => "a whole number that is not negative",
            "usize" | "u64" => "a whole number",
            "f64" => "a number",
            "a boolean" => "true or false",
            _ if expected.starts_with("struct") => "a table of keys",
            _ => expected,
        };
        return InputError::cell(path, line, key, got, expected);
    }
    InputError::line(path, line, message.trim(), "a valid configuration (TOML)")
}
