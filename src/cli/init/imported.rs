//! What others have described before.

use std::path::{Path, PathBuf};

use super::super::gspy::stm_from_gspy;
use super::super::options::translate;
use super::super::output_file::write_new;
use crate::error::{Error, Result};

/// An options file of GeoBIPy as a configuration that lies at `output`, or beside it.
pub(super) fn options(path: &Path, output: Option<&Path>) -> Result<String> {
    let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
    let folder = output.unwrap_or(path).parent().unwrap_or(Path::new(""));
    let translation = translate(&text, path, folder)?;
    translation.notes.iter().for_each(|note| eprintln!("geobipy: {}: {note}", path.display()));
    Ok(translation.toml)
}

/// The system of a survey that gspy's YAML describes as instrument files beside `output`; their names.
pub(super) fn systems(survey: &Path, data: Option<&Path>, output: &Path, force: bool) -> Result<Vec<PathBuf>> {
    let moments = stm_from_gspy(survey, data)?;
    let names: Vec<PathBuf> = moments.iter().map(|moment| PathBuf::from(format!("{}.stm", moment.name))).collect();
    let folder = output.parent().unwrap_or(Path::new(""));
    for (moment, name) in moments.iter().zip(&names) {
        let path = folder.join(name);
        write_new(&path, &moment.stm, force)?;
        let [dx, dy, dz] = moment.offset_m;
        say!(
            "{}: made from {}; there the receiver is {dx} m ahead of, {dy} m left of and {dz} m above the transmitter",
            path.display(),
            survey.display()
        );
    }
    Ok(names)
}
