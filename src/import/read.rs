//! A configuration from its file, or from an options file of GeoBIPy.

use std::path::Path;

use super::options::{Translation, is_options_file, translate};
use crate::config::{Config, syntax_error};
use crate::error::{Error, Result};
use crate::text::read_text;

/// Reads the configuration in the file `path`, which may be an options file of GeoBIPy, with values of `sets` (`key=value`) instead
/// of those in the file. Messages for the user are added to `notes`.
///
/// # Errors
/// The file cannot be read, or has unknown keys or invalid values.
pub fn read_config(path: &Path, sets: &[String], notes: &mut Vec<String>) -> Result<Config> {
    let text = read_text(path)?;
    if !is_options_file(path, &text) {
        return Config::of_file(&text, path, sets);
    }
    let translated = translate(&text, path, path.parent().unwrap_or(Path::new("")));
    let translation = translated.map_err(|error| {
        let no_toml = toml::from_str::<toml::Table>(&text).err().map(|error| syntax_error(&text, path, &error));
        let no_toml = no_toml.map_or_else(String::new, |error| format!(" ({error})"));
        let why = format!("{}: read as an options file of GeoBIPy, since it is no TOML{no_toml}", path.display());
        Error::Many(vec![error, Error::Config(why)])
    })?;
    let name = path.display();
    notes.push(format!("{name}: an options file of GeoBIPy; geobipy init --from it shows what becomes of it"));
    notes.extend(translation.notes.iter().map(|note| format!("{name}: {note}")));
    Config::of_file(&translation.toml, path, sets)
}

/// Translates the options file of GeoBIPy at `path` to a configuration that will be in `folder`.
///
/// # Errors
/// The file cannot be read, or has options that are not understood.
pub fn config_from_options(path: &Path, folder: &Path) -> Result<Translation> {
    let text = read_text(path)?;
    translate(&text, path, folder)
}
