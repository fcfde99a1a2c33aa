//! `geobipy simulate`: computes a survey file from models.

mod args;
mod channels;
mod draws;
mod earths;
mod flight;
mod noise;
mod proof;
mod responses;
mod setup;

use self::channels::Channels;
use self::draws::truth_columns;
use self::flight::Flight;
use self::proof::write_proved;
use self::responses::{fields, primary_fields};
use self::setup::Setup;
use crate::error::Result;
use crate::survey::{ModelRow, Sounding, write_models};
use crate::system::Geometry;

pub(super) use self::args::SimulateArgs;

pub(super) fn simulate(args: &SimulateArgs) -> Result<()> {
    args.check()?;
    let setup = Setup::new(args)?;
    let flight = Flight::new(args, &setup)?;
    let primary = primary_fields(&setup, &flight.models)?;
    let mut fields = fields(&setup, &flight.models, args.digitised)?;

    let channels = Channels::new(&setup.system);
    let primary_of = |i: usize| primary.as_ref().map(|primary| &primary[i][..]).unwrap_or_default();
    for (i, (model, fields)) in flight.models.iter().zip(&mut fields).enumerate() {
        flight.noise.add((i, model), args.seed, (&channels, primary_of(i)), fields);
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
    if let Some(truth) = &args.truth {
        write_models(truth, &flight.models, &truth_columns(&flight, &setup))?;
    }
    say!("{} soundings: {}", soundings.len(), setup.output.display());
    Ok(())
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
