//! Options files of GeoBIPy: reads Python without executing it, and translates it to a configuration.

mod draft;
mod evaluate;
mod geometry;
mod guard;
mod keys;
mod reading;
mod source;
mod syntax;
#[cfg(test)]
mod tests;
mod translate;
mod value;

use std::path::Path;

use self::source::Source;
use crate::config::Config;
use crate::error::{Error, InputError, Result};

/// A configuration translated from an options file.
#[derive(Debug)]
pub struct Translation {
    /// The configuration, with a comment above each value.
    pub toml: String,
    /// Notes for the user.
    pub notes: Vec<String>,
}

/// Returns whether the file at `path` is an options file and not a configuration.
pub(super) fn is_options_file(path: &Path, text: &str) -> bool {
    let is = |extension: &str| path.extension().is_some_and(|given| given.eq_ignore_ascii_case(extension));
    !is("toml") && (is("py") || toml::from_str::<toml::Table>(text).is_err())
}

/// Translates the options file `text`, read from `path`, to a configuration that will be in `toml_folder`.
///
/// # Errors
///
/// [`Error::Input`] when the text is not Python, [`Error::Many`] with everything that is not understood, unknown or out
/// of range.
pub(super) fn translate(text: &str, path: &Path, toml_folder: &Path) -> Result<Translation> {
    let source = Source::new(path, text);
    let options = syntax::read(&source)?;
    let mut reading = reading::Reading::new(&source, &options);
    let draft = translate::translate(&mut reading, path, toml_folder);
    if reading.errors.is_empty() {
        match Config::parse(&draft.text, path) {
            Ok(_) => return Ok(Translation { toml: draft.text, notes: reading.notes }),
            Err(error) => reading.errors = in_terms_of_options(error, &draft, &reading, path),
        }
    }
    Err(Error::Many(reading.errors))
}

/// Restates the errors of a configuration in terms of the options from which its values come.
fn in_terms_of_options(error: Error, draft: &draft::Draft, reading: &reading::Reading, path: &Path) -> Vec<Error> {
    let one = |error: Error| match error {
        Error::Input(input) => {
            let key = input.column.as_deref().unwrap_or_default();
            let origin = draft.origins.iter().find(|(written, _)| written == key);
            let place = origin.and_then(|(_, option)| Some((reading.line(option)?, option)));
            match place {
                Some((line, option)) => InputError::cell(path, line, option, input.got, input.expected),
                None => InputError::file(path, format_args!("{key} {}", input.got), input.expected),
            }
        }
        other => other,
    };
    match error {
        Error::Many(errors) => errors.into_iter().map(one).collect(),
        error => vec![one(error)],
    }
}
