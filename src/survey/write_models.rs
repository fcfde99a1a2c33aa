//! Writes tables of models that [`read_models`](super::read_models()) reads back.

use std::io::{self, Write};
use std::path::Path;

use super::models::ModelRow;
use crate::error::Result;
use crate::files::replace_file;
use crate::system::GeometryParameter;

/// Writes `models` as a table with all the columns that [`read_models`](super::read_models()) knows, followed by the
/// columns `more`, each with a name and one value per model. `model_id` is left out unless all models have one.
///
/// Numbers have the fewest digits that read back exactly; interface depths and ln conductivities read back except for
/// the last digit. A file at `path` is replaced when the new one is complete.
///
/// # Errors
///
/// [`Error::Io`](crate::error::Error::Io) when the file cannot be written; an older file is then unchanged.
pub fn write_models(path: &Path, models: &[ModelRow], more: &[(String, Vec<f64>)]) -> Result<()> {
    let has_id = models.iter().all(|model| model.model_id.is_some());
    replace_file(path, |out| {
        write_header(out, has_id, more)?;
        for (i, model) in models.iter().enumerate() {
            if let Some(id) = model.model_id.filter(|_| has_id) {
                write!(out, "{id},")?;
            }
            write_model(out, model)?;
            more.iter().try_for_each(|(_, values)| write!(out, ",{}", values[i]))?;
            writeln!(out)?;
        }
        Ok(())
    })
}

fn write_header(out: &mut impl Write, has_id: bool, more: &[(String, Vec<f64>)]) -> io::Result<()> {
    write!(out, "{}line_number,fiducial,easting_m,northing_m,elevation_m", if has_id { "model_id," } else { "" })?;
    for parameter in GeometryParameter::ALL {
        write!(out, ",{}_{}", parameter.name(), parameter.unit())?;
    }
    write!(out, ",conductivity_S_per_m,thickness_m")?;
    more.iter().try_for_each(|(name, _)| write!(out, ",{name}"))?;
    writeln!(out)
}

fn write_model(out: &mut impl Write, model: &ModelRow) -> io::Result<()> {
    let ModelRow { line_number, fiducial, easting_m, northing_m, elevation_m, geometry, earth, .. } = model;
    write!(out, "{line_number},{fiducial},{easting_m},{northing_m},{elevation_m}")?;
    GeometryParameter::ALL.into_iter().try_for_each(|parameter| write!(out, ",{}", geometry.get(parameter)))?;
    write_list(out, earth.ln_conductivity().iter().map(|ln_conductivity| ln_conductivity.exp()))?;
    write_list(out, (0..earth.interface_depth_m().len()).map(|layer| earth.thickness_m(layer)))
}

/// Writes a cell with several numbers.
fn write_list(out: &mut impl Write, values: impl Iterator<Item = f64>) -> io::Result<()> {
    let mut separator = ',';
    for value in values {
        write!(out, "{separator}{value}")?;
        separator = ';';
    }
    // A list without numbers is an empty cell.
    if separator == ',' { write!(out, ",") } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::super::read_models;
    use super::*;
    use crate::earth::LayeredEarth;
    use crate::system::Geometry;

    fn model(model_id: Option<f64>, earth: LayeredEarth) -> ModelRow {
        let geometry = Geometry::level(30.1).with(GeometryParameter::RxPitch, -1.5);
        ModelRow {
            model_id,
            earth,
            geometry,
            line_number: 30010.0,
            fiducial: 0.1,
            easting_m: 5e5,
            northing_m: -2.0,
            elevation_m: 1e-7,
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.csv");
        let layers = LayeredEarth::from_thicknesses(&[0.013, 2.0, 1e-5], &[7.3, 0.1]).unwrap();
        let models = [model(Some(3.0), layers), model(Some(4.0), LayeredEarth::halfspace(-4.0))];
        write_models(&path, &models, &[("layer_count".to_owned(), vec![3.0, 1.0])]).unwrap();
        let again = read_models(&path).unwrap();
        for (again, model) in again.iter().zip(&models) {
            assert_eq!(ModelRow { earth: model.earth.clone(), ..again.clone() }, *model);
            let pairs = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-14 * b.abs());
            assert!(pairs(again.earth.ln_conductivity(), model.earth.ln_conductivity()));
            assert!(pairs(again.earth.interface_depth_m(), model.earth.interface_depth_m()));
        }
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.lines().nth(1).unwrap().ends_with(",3"), "{text}");

        write_models(&path, &[model(None, LayeredEarth::halfspace(0.0))], &[]).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("line_number,") && text.ends_with(",0,1,\n"), "{text}");
    }
}
