//! The files to merge, which must belong together.

use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::schema::{FIELDS, Field, LineReader, Role, SCHEMA_VERSION, Values, line_files};

/// Opens files, and all line files of directories.
///
/// # Errors
/// There is none, one is not ours, or they are not of the same run.
pub(super) fn open(paths: &[PathBuf]) -> Result<Vec<LineReader>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let lines = line_files(path)?;
            if lines.is_empty() {
                return Err(Error::results(path, "has no result file (line_*.h5)"));
            }
            for line in lines {
                files.push(LineReader::open(&line)?);
            }
        } else {
            files.push(LineReader::open(path)?);
        }
    }
    let Some((first, others)) = files.split_first() else {
        return Err(Error::Config("there is nothing to merge: name directories or files of results".to_owned()));
    };
    let version = first.attribute("schema_version")?;
    if !has_what_products_need(&version) {
        let message = format!("has schema version {version}, products need {OLDEST} to {SCHEMA_VERSION}: invert again");
        return Err(Error::results(first.path(), message));
    }
    let of_first = constants(first)?;
    others.iter().try_for_each(|other| same_run(first, &of_first, other))?;
    Ok(files)
}

/// The oldest schema version that has all that products are computed from.
const OLDEST: &str = "2.4";

fn has_what_products_need(version: &str) -> bool {
    let minor = |version: &str| version.split('.').nth(1).and_then(|minor| minor.parse::<u32>().ok());
    (minor(OLDEST)..=minor(SCHEMA_VERSION)).contains(&minor(version))
}

/// What must be the same, most telling first.
const SHARED: [(&str, &str); 5] = [
    ("schema_version", "schema version"),
    ("source", "program version"),
    ("data_sha256", "survey file"),
    ("seed", "seed"),
    ("fingerprint", "configuration or system files"),
];

fn same_run(first: &LineReader, of_first: &[(&Field, Values)], other: &LineReader) -> Result<()> {
    let differs = |what: &str, detail: &str| {
        let message = format!("is of another run than {}: another {what}{detail}", first.path().display());
        Err(Error::results(other.path(), message))
    };
    for (name, what) in SHARED {
        let (expected, got) = (first.attribute(name)?, other.attribute(name)?);
        if expected != got {
            return differs(what, &format!(" ({got}, expected {expected})"));
        }
    }
    let of_other = constants(other)?;
    match of_first.iter().zip(&of_other).find(|(a, b)| a.0.name != b.0.name || a.1 != b.1) {
        Some(((field, _), _)) => differs(field.name, ""),
        None if of_first.len() != of_other.len() => differs("set of variables", ""),
        None => Ok(()),
    }
}

/// What is the same for all soundings, but what merging makes anew.
fn constants(file: &LineReader) -> Result<Vec<(&'static Field, Values)>> {
    let made_anew = |field: &Field| matches!(field.name, "sounding" | "probable_interface" | "class" | "class_bounds");
    let wanted = |field: &&Field| field.role == Role::Constant && !made_anew(field) && file.has(field.name);
    FIELDS.iter().filter(wanted).map(|field| file.read_values(field).map(|values| (field, values))).collect()
}
