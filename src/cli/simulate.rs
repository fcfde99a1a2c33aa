//! `geobipy simulate`: models in, a survey file out.

use std::path::PathBuf;

use clap::Args;
use rand_distr::{Distribution, StandardNormal};

use super::inputs::{choose_components, decay};
use crate::bayes::chain_rng;
use crate::error::{Error, Result};
use crate::forward::{Accuracy, DigitisedTdem, EarthResponse, Physics};
use crate::survey::{ModelRow, Sounding, read_models, wedge, write_csv, write_tdem_csv};
use crate::system::{Field, GeometryParameter, Output, System, TdemInstrument};

/// Make a synthetic survey from layered models, in the CSV that `invert` reads.
///
/// A model table has the columns height_m, conductivity_S_per_m and thickness_m (`;` between layers, the halfspace last
/// and without thickness), and may have model_id, line_number, fiducial, easting_m, northing_m, elevation_m; for time-domain
/// systems txrx_dx_m, txrx_dy_m, txrx_dz_m and the angles tx_roll_deg, tx_pitch_deg, rx_roll_deg, rx_pitch_deg, rx_yaw_deg.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  geobipy simulate --system examples/resolve/resolve.stm --wedge 60 \\\n    \
    --noise-relative 0.05 --noise-additive 5 --output wedge.csv\n  \
    geobipy simulate --system examples/tdem/helicopter_lm.stm \\\n    \
    --system examples/tdem/helicopter_hm.stm --wedge 60 --offset -13 0 2 \\\n    \
    --noise-relative 0.03 --noise-additive 3e-14 --noise-additive 3e-15 \\\n    --output helicopter.csv")]
pub(super) struct SimulateArgs {
    /// Instrument file; may be repeated
    #[arg(long = "system", required = true, value_name = "FILE")]
    systems: Vec<PathBuf>,
    /// Table of models (CSV)
    #[arg(long, required_unless_present = "wedge", conflicts_with = "wedge", value_name = "FILE")]
    models: Option<PathBuf>,
    /// The built-in line over a wedge with topography, of this many soundings
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    wedge: Option<u32>,
    /// Survey file to write
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Standard deviation of the noise as a fraction of each datum
    #[arg(long, default_value_t = 0.0, value_name = "FRACTION")]
    noise_relative: f64,
    /// Standard deviation of the noise besides, in the data's unit; once, or once for each system. Of dB/dt in time domain
    /// the value at 1 ms, falling as 1/sqrt(time)
    #[arg(long, value_name = "NUMBER")]
    noise_additive: Vec<f64>,
    /// Time domain: receiver ahead of, left of and above the transmitter in m, for all soundings
    #[arg(long, num_args = 3, allow_negative_numbers = true, value_names = ["DX", "DY", "DZ"])]
    offset: Option<Vec<f64>>,
    /// Time domain: height of the transmitter in m, for all soundings
    #[arg(long, value_name = "M")]
    height: Option<f64>,
    /// Time domain: a component to write, of those the system files scale; may be repeated
    #[arg(long = "component", value_parser = ["x", "y", "z"])]
    components: Vec<String>,
    /// Time domain: GA-AEM's own scheme, sampled waveform and coarse integrals, to compare with its numbers
    #[arg(long)]
    digitised: bool,
    /// Seed of the noise
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Coils are within this of each other and of the ground.
const MAX_LENGTH_M: f64 = 10_000.0;

pub(super) fn simulate(args: &SimulateArgs) -> Result<()> {
    let given = [("--noise-relative", args.noise_relative)];
    for (name, value) in given.into_iter().chain(args.noise_additive.iter().map(|&a| ("--noise-additive", a))) {
        if !(value >= 0.0 && value.is_finite()) {
            return Err(Error::Config(format!("{name}: got {value}, expected a number that is not negative")));
        }
    }
    let numbers = args.offset.iter().flatten().copied().chain(args.height);
    if let Some(value) = numbers.into_iter().find(|value| value.is_nan() || value.abs() > MAX_LENGTH_M) {
        return Err(Error::Config(format!("--offset, --height: got {value}, expected at most {MAX_LENGTH_M} m")));
    }
    let mut system = System::read(&args.systems)?;
    if let System::Tdem(instrument) = &mut system {
        choose_components(instrument, &args.components, "--component")?;
    }
    let additive = additive_noise(&system, &args.noise_additive)?;
    let mut models = match (&args.models, args.wedge) {
        (Some(path), _) => read_models(path)?,
        (None, count) => wedge(count.unwrap_or(1) as usize),
    };
    models.iter_mut().for_each(|model| place_coils(model, args));
    check_heights(&models)?;
    let responses = responses(&system, &models, args.digitised)?;
    let soundings: Vec<Sounding> =
        models.iter().zip(responses).map(|(model, response)| add_noise(model, response, &additive, args)).collect();
    match &system {
        System::Fdem(system) => write_csv(&args.output, system, &soundings)?,
        System::Tdem(instrument) => {
            let primary = primary_fields(instrument, &models);
            if primary.iter().flatten().flatten().any(|field| !field.is_finite()) {
                let message = "got a receiver at the transmitter, expected --offset or txrx_dx_m, txrx_dy_m, txrx_dz_m in \
                               --models: the primary field is infinite there";
                return Err(Error::Config(message.into()));
            }
            write_tdem_csv(&args.output, instrument, &soundings, primary.as_deref())?;
        }
    }
    println!("{} soundings: {}", soundings.len(), args.output.display());
    Ok(())
}

/// Standard deviation of the additive noise of each channel.
fn additive_noise(system: &System, given: &[f64]) -> Result<Vec<f64>> {
    let System::Tdem(instrument) = system else {
        let value = given.first().copied().unwrap_or(0.0);
        return if given.len() > 1 {
            Err(Error::Config("--noise-additive: got several values, expected one for frequency-domain data".into()))
        } else {
            Ok(vec![value; system.channel_count()])
        };
    };
    let count = instrument.systems.len();
    if given.len() > 1 && given.len() != count {
        return Err(Error::Config(format!("--noise-additive: got {} values, expected 1 or {count}", given.len())));
    }
    let channels = instrument.channels();
    let std = channels.iter().map(|channel| {
        let value = given.get(channel.system).or(given.first()).copied().unwrap_or(0.0);
        match instrument.systems[channel.system].output {
            Output::DbDt => value * decay(channel.gate.center_s()),
            Output::B => value,
        }
    });
    Ok(std.collect())
}

fn place_coils(model: &mut ModelRow, args: &SimulateArgs) {
    if let Some(offset) = &args.offset {
        let parameters = [GeometryParameter::TxRxDx, GeometryParameter::TxRxDy, GeometryParameter::TxRxDz];
        parameters.into_iter().zip(offset).for_each(|(parameter, &value)| model.geometry.set(parameter, value));
    }
    if let Some(height_m) = args.height {
        model.geometry.set(GeometryParameter::Height, height_m);
    }
}

fn check_heights(models: &[ModelRow]) -> Result<()> {
    let on_ground = |model: &&ModelRow| {
        let height_m = model.geometry.height_m();
        !(height_m > 0.0 && height_m + model.geometry.get(GeometryParameter::TxRxDz) > 0.0)
    };
    match models.iter().find(on_ground) {
        None => Ok(()),
        Some(model) => Err(Error::Config(format!(
            "fiducial {}: got a transmitter {} m and a receiver {} m above ground, expected both above it",
            model.fiducial,
            model.geometry.height_m(),
            model.geometry.height_m() + model.geometry.get(GeometryParameter::TxRxDz)
        ))),
    }
}

/// The primary field of every component, of fixed-wing systems, whose data may be total fields.
fn primary_fields(instrument: &TdemInstrument, models: &[ModelRow]) -> Option<Vec<Vec<f64>>> {
    let mut total = instrument.clone();
    total.field = Field::Total;
    if instrument.systems.iter().any(|system| system.output != Output::B) {
        return None;
    }
    let Physics::Tdem(operator) = Physics::new(&System::Tdem(total), Accuracy::Standard) else { return None };
    Some(models.iter().map(|model| operator.primary_fields(&model.geometry).collect()).collect())
}

/// Data without noise, one list for each model.
fn responses(system: &System, models: &[ModelRow], digitised: bool) -> Result<Vec<Vec<f64>>> {
    let mut data = vec![vec![0.0; system.channel_count()]; models.len()];
    match system {
        System::Tdem(instrument) if digitised => {
            let scheme = DigitisedTdem::new(instrument)?;
            models.iter().zip(&mut data).for_each(|(m, data)| scheme.predict(&m.earth, &m.geometry, data));
        }
        System::Fdem(_) if digitised => {
            let message =
                "--digitised: got a frequency-domain system, expected time domain: only its waveforms are sampled";
            return Err(Error::Config(message.into()));
        }
        _ => {
            let physics = Physics::new(system, Accuracy::High);
            let mut response = EarthResponse::default();
            for (model, data) in models.iter().zip(&mut data) {
                let mut forward = physics.forward(&model.geometry);
                forward.predict(&model.earth, &model.geometry, &mut response, data);
            }
        }
    }
    Ok(data)
}

fn add_noise(model: &ModelRow, mut observed: Vec<f64>, additive: &[f64], args: &SimulateArgs) -> Sounding {
    let mut rng = chain_rng(args.seed, model.line_number, model.fiducial, 0);
    for (datum, additive) in observed.iter_mut().zip(additive) {
        let normal: f64 = StandardNormal.sample(&mut rng);
        *datum += normal * (args.noise_relative * *datum).hypot(*additive);
    }
    Sounding {
        line_number: model.line_number,
        fiducial: model.fiducial,
        easting_m: model.easting_m,
        northing_m: model.northing_m,
        elevation_m: model.elevation_m,
        geometry: model.geometry,
        observed,
        std: None,
        file_line: 0,
    }
}
