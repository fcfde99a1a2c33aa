//! Observed and predicted data for Aarhus Workbench: a pair of files, `_dat.xyz` and `_syn.xyz`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::data::Data;
use super::xyz::{DUMMY, number, push, single_precision};
use crate::error::Result;
use crate::files::replace_file;
use crate::files::write_together;
use crate::quantities::SurveySelection;
use crate::schema::fields;
use crate::survey::line_label;

/// Number of soundings in memory at a time.
const SOUNDINGS: usize = 4096;

/// Returns the names of the pair for a name that the user gave: `survey_dat.xyz` and `survey_syn.xyz` for `survey.xyz`.
pub fn data_xyz_paths(path: &Path) -> [PathBuf; 2] {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let stem = name.strip_suffix(".xyz").unwrap_or(&name);
    let stem = stem.strip_suffix("_dat").or_else(|| stem.strip_suffix("_syn")).unwrap_or(stem);
    ["dat", "syn"].map(|kind| path.with_file_name(format!("{stem}_{kind}.xyz")))
}

/// Writes the pair `paths`. The first file has observed data as DATA_I and their relative standard deviations as
/// DATASTD_I, the second the medians of the predictions as DATA_I. RESDATA is the square root of the misfit per datum.
///
/// # Errors
/// A file cannot be written.
pub fn write_data_xyz(survey: &SurveySelection, paths: &[PathBuf; 2]) -> Result<()> {
    write_together(&paths[0], |partial| {
        write_one(survey, partial, true)?;
        write_one(survey, &partial.with_file_name(paths[1].file_name().unwrap_or_default()), false)
    })
}

fn write_one(survey: &SurveySelection, path: &Path, is_observed: bool) -> Result<()> {
    let crs = survey.crs().unwrap_or_else(|| "unknown".to_owned()).replace('\n', " ");
    let [x, y] = if survey.axes.is_geographic { ["LON", "LAT"] } else { ["UTMX", "UTMY"] };
    let provenance = survey.provenance()?;
    let head = Data::read(&survey.part(0..1))?;
    replace_file(path, |out| {
        for (name, text) in &provenance {
            writeln!(out, "/{}\n/{text}", name.to_uppercase())?;
        }
        writeln!(out, "/NODE NAME\n/geobipy\n/COORDINATE SYSTEM\n/{crs}\n/DUMMY\n/{DUMMY}")?;
        writeln!(out, "/DATA UNIT\n/{}\n/CHANNELS\n/{}", head.unit, head.channels.join(" "))?;
        let mut names = format!("/ LINE_NO {x} {y} FID RECORD ELEVATION ALT RESDATA");
        for property in if is_observed { &["DATA", "DATASTD"][..] } else { &["DATA"] } {
            names.extend((1..=head.channels.len()).map(|channel| format!(" {property}_{channel}")));
        }
        writeln!(out, "{names}")?;
        for first in (0..survey.len()).step_by(SOUNDINGS) {
            let part = survey.part(first..(first + SOUNDINGS).min(survey.len()));
            write_rows(&part, first, is_observed, out)?;
        }
        Ok(())
    })
}

fn write_rows(survey: &SurveySelection, first: usize, is_observed: bool, out: &mut impl Write) -> io::Result<()> {
    let data = Data::read(survey).map_err(io::Error::other)?;
    let heights = survey.read(&fields::HEIGHT).map_err(io::Error::other)?;
    let misfits = survey.read(&fields::MISFIT_P50).map_err(io::Error::other)?;
    let (count, decimals) = (data.channels.len(), survey.place_decimals());
    let mut row = String::new();
    for i in 0..survey.len() {
        let of_sounding = |values: &[f64]| values[i * count..(i + 1) * count].to_vec();
        row.clear();
        push(&mut row, &line_label(survey.line_number[i]));
        push(&mut row, &number(survey.easting_m[i], decimals));
        push(&mut row, &number(survey.northing_m[i], decimals));
        push(&mut row, &number(survey.fiducial[i], 3));
        push(&mut row, &(first + i + 1).to_string());
        push(&mut row, &number(survey.elevation_m[i], 2));
        push(&mut row, &number(heights[i], 2));
        push(&mut row, &single_precision(misfits[i].sqrt()));
        let values = of_sounding(if is_observed { &data.observed } else { &data.predicted });
        values.iter().for_each(|&value| push(&mut row, &single_precision(value)));
        if is_observed {
            let relative = of_sounding(&data.std).into_iter().zip(&values).map(|(std, value)| std / value.abs());
            relative.for_each(|std| push(&mut row, &single_precision(std)));
        }
        writeln!(out, "{}", row.trim_start())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pair_has_the_names_of_workbench() {
        for name in ["a/b", "a/b.xyz", "a/b_dat.xyz", "a/b_syn.xyz"] {
            assert_eq!(data_xyz_paths(Path::new(name)), ["a/b_dat.xyz", "a/b_syn.xyz"].map(PathBuf::from), "{name}");
        }
    }
}
