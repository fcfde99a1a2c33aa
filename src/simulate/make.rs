//! Models in, a survey file out.

use std::path::PathBuf;

use super::channels::Channels;
use super::draws::truth_columns;
use super::flight::Flight;
use super::proof::write_proved;
use super::responses::{ProgressCallback, fields, primary_fields};
use super::settings::Simulation;
use super::setup::Setup;
use crate::error::Result;
use crate::survey::{ModelRow, Sounding, write_models};
use crate::system::Geometry;

/// Result of a simulation.
#[derive(Debug)]
pub struct Simulated {
    /// Number of soundings.
    pub soundings: usize,
    /// The survey file.
    pub output: PathBuf,
}

/// Makes the survey of `simulation`, in the CSV that `invert` reads. Messages for the user are added to `notes`; `progress` is called for each
/// sounding, on several threads.
///
/// # Errors
/// A file cannot be read or written, or numbers do not go together.
pub fn simulate(simulation: &Simulation, notes: &mut Vec<String>, progress: &ProgressCallback) -> Result<Simulated> {
    simulation.check()?;
    let setup = Setup::new(simulation, notes)?;
    let flight = Flight::new(simulation, &setup, notes)?;
    let primary = primary_fields(&setup, &flight.models)?;
    let mut fields = fields(&setup, &flight.models, simulation.digitised, progress)?;

    let channels = Channels::new(&setup.system);
    let primary_of = |i: usize| primary.as_ref().map(|primary| &primary[i][..]).unwrap_or_default();
    for (i, (model, fields)) in flight.models.iter().zip(&mut fields).enumerate() {
        flight.noise.add((i, model), simulation.seed, (&channels, primary_of(i)), fields);
    }
    let places = || flight.models.iter().zip(&flight.measured);
    let soundings: Vec<Sounding> =
        places().zip(&fields).map(|(place, fields)| sounding(place, fields.clone())).collect();
    match &setup.config {
        None => setup.write(&setup.output, &soundings, primary.as_deref())?,
        Some((config, path)) => {
            let data =
                |(i, (place, fields)): (usize, (_, &Vec<f64>))| sounding(place, channels.data(fields, primary_of(i)));
            let expected = places().zip(&fields).enumerate().map(data).collect();
            write_proved(&setup, (config, path), expected, |path| setup.write(path, &soundings, primary.as_deref()))?;
        }
    }
    if let Some(truth) = &simulation.truth {
        write_models(truth, &flight.models, &truth_columns(&flight.models, &flight.noise, &setup))?;
    }
    Ok(Simulated { soundings: soundings.len(), output: setup.output })
}

/// Returns a sounding with the data `observed` over a model, at the measured geometry.
fn sounding((model, &geometry): (&ModelRow, &Geometry), observed: Vec<f64>) -> Sounding {
    Sounding {
        line_number: model.line_number,
        fiducial: model.fiducial,
        easting_m: model.easting_m,
        northing_m: model.northing_m,
        elevation_m: model.elevation_m,
        geometry,
        observed,
        std: None,
        file_line: 0,
    }
}
