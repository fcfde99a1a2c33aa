//! Configurations from files of other programs.

use std::path::{Path, PathBuf};

use super::super::gspy::stm_from_gspy;
use super::super::options::translate;
use super::super::output_file::write_new;
use crate::error::{Error, Result};

/// Translates an options file of GeoBIPy to a configuration that will be at `output`, or beside the options file.
pub(super) fn options(path: &Path, output: Option<&Path>) -> Result<String> {
    let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
    let folder = output.unwrap_or(path).parent().unwrap_or(Path::new(""));
    let translation = translate(&text, path, folder)?;
    translation.notes.iter().for_each(|note| eprintln!("geobipy: {}: {note}", path.display()));
    Ok(translation.toml)
}

/// Writes the system in gspy's YAML as instrument files beside `output`, and returns their names.
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
