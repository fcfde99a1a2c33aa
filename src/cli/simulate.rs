//! `geobipy simulate`: models in, a survey file out.

use std::path::PathBuf;

use clap::Args;
use rand_distr::{Distribution, StandardNormal};

use crate::bayes::chain_rng;
use crate::error::{Error, Result};
use crate::forward::{Accuracy, FdemForward, ForwardModel};
use crate::survey::{ModelRow, Sounding, read_models, wedge, write_csv};
use crate::system::FdemSystem;

/// Make a synthetic survey from layered models, in the CSV that `invert` reads.
///
/// A model table has the columns height_m, conductivity_S_per_m and thickness_m (`;` between layers, the halfspace last
/// and without thickness), and may have model_id, line_number, fiducial, easting_m, northing_m, elevation_m.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy simulate --system examples/resolve/resolve.stm --wedge 60 \\\n    \
    --noise-relative 0.05 --noise-additive 5 --output wedge.csv")]
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
    /// Standard deviation of the noise besides, in the data's unit
    #[arg(long, default_value_t = 0.0, value_name = "PPM")]
    noise_additive: f64,
    /// Seed of the noise
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(super) fn simulate(args: &SimulateArgs) -> Result<()> {
    for (name, value) in [("--noise-relative", args.noise_relative), ("--noise-additive", args.noise_additive)] {
        if !(value >= 0.0 && value.is_finite()) {
            return Err(Error::Config(format!("{name}: got {value}, expected a number that is not negative")));
        }
    }
    let systems = args.systems.iter().map(|path| FdemSystem::read(path)).collect::<Result<Vec<_>>>()?;
    let system = FdemSystem::join(systems);
    let models = match (&args.models, args.wedge) {
        (Some(path), _) => read_models(path)?,
        (None, count) => wedge(count.unwrap_or(1) as usize),
    };
    let soundings: Vec<Sounding> = models.iter().map(|model| simulate_one(model, &system, args)).collect();
    write_csv(&args.output, &system, &soundings)?;
    println!("{} soundings: {}", soundings.len(), args.output.display());
    Ok(())
}

fn simulate_one(model: &ModelRow, system: &FdemSystem, args: &SimulateArgs) -> Sounding {
    let mut forward = FdemForward::new(system, model.geometry.height_m(), Accuracy::High);
    let mut observed = vec![0.0; forward.channel_count()];
    forward.predict(&model.earth, model.geometry.height_m(), &mut observed);
    let mut rng = chain_rng(args.seed, model.line_number, model.fiducial, 0);
    for datum in &mut observed {
        let normal: f64 = StandardNormal.sample(&mut rng);
        *datum += normal * (args.noise_relative * *datum).hypot(args.noise_additive);
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
