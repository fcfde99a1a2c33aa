//! Changes the description of existing results, and asks again for soundings.

use std::fs;
use std::path::Path;

use hdf5_metno::File;

use super::attributes::Labels;
use super::text::write_text;
use crate::error::{Error, Result};
use crate::files::Whole;
use crate::schema::fields::{self, Field};
use crate::schema::layout::RunInfo;

/// Value of `asked_for` for a sounding that a run asked for.
pub(super) const ASKED: i8 = 1;
/// Value of `asked_for` for a sounding that has results of a smaller budget.
pub const ASKED_AGAIN: i8 = 2;

/// Replaces configuration, targets and coordinate reference system of a line file by those of `run`, and asks again for
/// the soundings of `again`, which has one value for each sounding. Results stay as they are. A new file replaces the old
/// one when it is whole.
///
/// # Errors
/// The file cannot be read or written; it is then unchanged.
pub fn update_line(path: &Path, run: &RunInfo, again: &[bool]) -> Result<()> {
    let whole = Whole::beside(path);
    fs::copy(path, whole.partial()).map_err(Error::io(path))?;
    update(whole.partial(), run, again).map_err(|error| Error::results(path, error))?;
    whole.finish().map_err(Error::io(path))
}

fn update(path: &Path, run: &RunInfo, again: &[bool]) -> hdf5_metno::Result<()> {
    let file = File::open_rw(path)?;
    let labels = Labels::of_run(run);
    file.delete_attr("fingerprint")?;
    write_text(&file, "fingerprint", &run.fingerprint)?;
    for name in ["configuration", "system_files", "crs"] {
        // A coordinate reference system that the run does not name stays.
        if file.link_exists(name) && (name != "crs" || run.crs.is_some()) {
            file.unlink(name)?;
        }
    }
    labels.write_texts(&file)?;
    if run.crs.is_some() {
        for field in fields::FIELDS.iter().copied().filter(|field| file.link_exists(field.name)) {
            let dataset = file.dataset(field.name)?;
            if Labels::is_at_places(field) && dataset.attr("grid_mapping").is_err() {
                write_text(&dataset, "grid_mapping", "crs")?;
            }
        }
    }
    let set = |field: &Field, value: f64| file.dataset(field.name)?.write_scalar(&value);
    set(&fields::RHAT_TARGET, run.rhat_target)?;
    set(&fields::ESS_TARGET, run.ess_target)?;
    if again.contains(&true) {
        let dataset = file.dataset(fields::ASKED_FOR.name)?;
        let mut asked_for: Vec<i8> = dataset.read_raw()?;
        asked_for.iter_mut().zip(again).filter(|(_, again)| **again).for_each(|(asked, _)| *asked = ASKED_AGAIN);
        dataset.write_raw(&asked_for)?;
    }
    file.close()
}
