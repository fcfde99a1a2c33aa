//! Checks that result files belong together.

use super::differences::{KeyKind, changed_keys};
use crate::error::{Error, Result};
use crate::schema::{FIELDS, Field, LineReader, Role, Values, fields};

/// Properties that must be equal in all files of a survey.
#[derive(Debug)]
pub(super) struct Run {
    /// File that the others are compared with.
    path: std::path::PathBuf,
    data_sha256: String,
    schema_version: String,
    crs: Option<String>,
    configuration: String,
    system_files: String,
    constants: Vec<(&'static Field, Values)>,
}

impl Run {
    /// Reads the properties of a file.
    pub(super) fn of(file: &LineReader) -> Result<Self> {
        Ok(Self {
            path: file.path().to_path_buf(),
            // Absent before schema 2.1.
            data_sha256: file.attribute("data_sha256").unwrap_or_default(),
            schema_version: file.schema_version().to_owned(),
            crs: file.crs(),
            configuration: file.configuration()?,
            system_files: file.system_files()?,
            constants: constants(file)?,
        })
    }

    /// # Errors
    /// `other` is of another run: another survey, configuration, instrument or prior. What only one of two versions has is no
    /// difference.
    pub(super) fn check(&self, other: &LineReader) -> Result<()> {
        let differs = |what: String| {
            let message = format!("is of another run than {}: {what}", self.path.display());
            Err(Error::results(other.path(), message))
        };
        let theirs = Self::of(other)?;
        let differ = |mine: &str, their: &str| !mine.is_empty() && !their.is_empty() && mine != their;
        if differ(&self.data_sha256, &theirs.data_sha256) {
            return differs("the survey files have different contents".to_owned());
        }
        if let (Some(mine), Some(their)) = (&self.crs, &theirs.crs)
            && mine != their
        {
            return differs(format!("survey.crs = {mine}, there {their}"));
        }
        let mut keys = changed_keys(&self.configuration, &theirs.configuration);
        // Lines without a coordinate reference system may be merged with others.
        keys.retain(|changed| changed.kind() != KeyKind::Description);
        if self.schema_version != theirs.schema_version {
            // Versions of the program add keys.
            keys.retain(|changed| changed.then.is_some() && changed.now.is_some());
        }
        if let Some(key) = keys.first() {
            let more =
                if keys.len() > 1 { format!(", and {} more keys differ", keys.len() - 1) } else { String::new() };
            return differs(format!("{key}{more}"));
        }
        if self.system_files != theirs.system_files {
            return differs("the instrument files differ".to_owned());
        }
        for (field, values) in &self.constants {
            let their = theirs.constants.iter().find(|(other, _)| other == field);
            if their.is_some_and(|(_, their)| their != values) {
                return differs(format!("{} differs", field.name));
            }
        }
        Ok(())
    }
}

/// Returns the constants that all soundings share, without those that merging computes and without kinds of moves, which versions may add.
fn constants(file: &LineReader) -> Result<Vec<(&'static Field, Values)>> {
    let is_compared = |field: &Field| {
        let made_anew =
            [&fields::SOUNDING, &fields::PROBABLE_INTERFACE, &fields::CLASS, &fields::CLASS_BOUNDS, &fields::MOVE];
        field.role == Role::Constant && !made_anew.contains(&field) && file.has(field)
    };
    let there = FIELDS.iter().copied().filter(|field| is_compared(field));
    there.map(|field| file.read_values(field).map(|values| (field, values))).collect()
}
