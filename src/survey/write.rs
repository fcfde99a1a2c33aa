//! Writes the survey file of any instrument.

use std::path::Path;

use super::options::Convention;
use super::sounding::Sounding;
use super::write_csv::write_csv;
use super::write_tdem_csv::write_tdem_csv;
use crate::error::Result;
use crate::system::System;

/// Writes `soundings` of `system` as CSV. Of time-domain data, secondary fields of single components, `primary` has the primary field of
/// each component, one list for each sounding, and `convention` says with which signs.
///
/// # Errors
///
/// The file cannot be written, or there are not as many values as the instrument has channels.
pub fn write_survey(
    path: &Path,
    system: &System,
    soundings: &[Sounding],
    primary: Option<&[Vec<f64>]>,
    convention: Convention,
) -> Result<()> {
    match system {
        System::Fdem(system) => write_csv(path, system, soundings),
        System::Tdem(instrument) => write_tdem_csv(path, instrument, soundings, primary, convention),
    }
}
