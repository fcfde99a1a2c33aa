//! `geobipy simulate`: computes a survey file from models.

use std::path::PathBuf;
use std::sync::{Once, OnceLock};
use std::time::Duration;

use clap::{ArgGroup, Args};
use indicatif::{ProgressBar, ProgressDrawTarget};

use super::notes::tell;
use super::progress;
use crate::error::Result;
use crate::import::read_config;
use crate::simulate::{Models, Simulation, simulate as simulated};

/// Make a synthetic survey, in the CSV that `invert` reads.
///
/// With a configuration the survey has its system, components, field and signs, so that `geobipy invert` can read it
/// with this configuration. Without one, --system gives the instrument.
///
/// Models come from a table, from the built-in wedge, or from the configuration's prior. A table has the columns
/// height_m, conductivity_S_per_m and thickness_m (`;` between layers, the halfspace last and without thickness), and
/// may have model_id, line_number, fiducial, easting_m, northing_m, elevation_m; for time-domain systems txrx_dx_m,
/// txrx_dy_m, txrx_dz_m and the angles tx_roll_deg, tx_pitch_deg, rx_roll_deg, rx_pitch_deg, rx_yaw_deg.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  \
    A wedge for a configuration, written where it looks for its survey:\n    \
    geobipy simulate examples/tdem/helicopter.toml --wedge 40 --offset -13 0 2 \\\n      \
    --noise-relative 0.03 --noise-additive 3e-14 --noise-additive 3e-15\n  \
    Another earth, three lines, a rougher flight:\n    \
    geobipy simulate --system examples/resolve/resolve.stm --wedge 60 --earth glacial --lines 3 \\\n      \
    --terrain 40 --height-variation 8 --noise-relative 0.05 --noise-additive 5 --output wedge.csv\n  \
    Models of one's own:\n    \
    geobipy simulate --system examples/resolve/resolve.stm --models models.csv --output survey.csv\n  \
    Draws from the prior and their truth, to test an inversion with (docs/simulate.md):\n    \
    geobipy simulate survey.toml --prior-draws 500 --truth truth.csv",
    group(ArgGroup::new("source").required(true).args(["models", "wedge", "prior_draws"]))
)]
pub(super) struct SimulateArgs {
    /// Configuration (TOML) for which the survey is made
    config: Option<PathBuf>,
    /// A value instead of the configuration's, as in model.maximum_layers=20; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", requires = "config")]
    sets: Vec<String>,
    /// Instrument file; may be repeated
    #[arg(long = "system", required_unless_present = "config", conflicts_with = "config", value_name = "FILE")]
    systems: Vec<PathBuf>,
    /// Table of models (CSV)
    #[arg(long, value_name = "FILE")]
    models: Option<PathBuf>,
    /// The built-in line over a wedge with topography, with this number of soundings
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    wedge: Option<u32>,
    /// This number of models from the configuration's prior, with errors (of quoted noise: its factor) drawn from the
    /// prior, and noise with these errors
    #[arg(long, value_name = "COUNT", conflicts_with = "systems", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    prior_draws: Option<u32>,
    /// Earth of the wedge: glacial, saline_clay, resistive_dolomites, resistive_basement, coastal_salt_water,
    /// ice_over_salt_water, or a file (TOML)
    #[arg(long, requires = "wedge", value_name = "NAME|FILE")]
    earth: Option<String>,
    /// Parallel lines 200 m apart, each with COUNT soundings
    #[arg(long, conflicts_with = "models", default_value_t = 1, value_name = "COUNT",
        value_parser = clap::value_parser!(u32).range(1..=10_000))]
    lines: u32,
    /// Distance between soundings in m; 10 if not given
    #[arg(long, conflicts_with = "models", value_name = "M")]
    spacing: Option<f64>,
    /// Amplitude of the ground's elevation along a line, in m; for a wedge 15 if not given
    #[arg(long, conflicts_with = "models", value_name = "M")]
    terrain: Option<f64>,
    /// Amplitude of the height along a line, in m; for a wedge without --height 4 if not given
    #[arg(long, conflicts_with = "models", value_name = "M")]
    height_variation: Option<f64>,
    /// Height of the transmitter or bird in m; if not given 30, or the height in the table of models
    #[arg(long, value_name = "M")]
    height: Option<f64>,
    /// Time domain: position of the receiver ahead of, left of and above the transmitter in m, for all soundings
    #[arg(long, num_args = 3, allow_negative_numbers = true, value_names = ["DX", "DY", "DZ"])]
    offset: Option<Vec<f64>>,
    /// Survey file to write; if not given the configuration's, unless it exists
    #[arg(long, short, required_unless_present = "config", value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the configuration's survey file
    #[arg(long, conflicts_with = "output")]
    force: bool,
    /// Write the models to this table, which --models reads
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// Standard deviation of the noise as a fraction of each datum, in time domain of its secondary field
    #[arg(long, conflicts_with = "prior_draws", default_value_t = 0.0, value_name = "FRACTION")]
    noise_relative: f64,
    /// Additive standard deviation of the noise, in the data's unit; once, or once for each system. For dB/dt in time
    /// domain it is the value at 1 ms, falling as 1/sqrt(time)
    #[arg(long, conflicts_with = "prior_draws", value_name = "NUMBER")]
    noise_additive: Vec<f64>,
    /// Time domain: a component to write, of those in the system files; may be repeated
    #[arg(long = "component", conflicts_with = "config", value_parser = ["x", "y", "z"])]
    components: Vec<String>,
    /// Time domain: use GA-AEM's own scheme, with sampled waveform and coarse integrals, to compare with its numbers
    #[arg(long)]
    digitised: bool,
    /// Seed of the noise and the draws
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(super) fn simulate(args: &SimulateArgs) -> Result<()> {
    let simulation = args.simulation()?;
    let wait: OnceLock<Wait> = OnceLock::new();
    let made = tell(|notes| simulated(&simulation, notes, &|total| wait.get_or_init(|| Wait::new(total)).step()))?;
    say!("{} soundings: {}", made.soundings, made.output.display());
    Ok(())
}

impl SimulateArgs {
    /// Returns the settings of the simulation.
    fn simulation(&self) -> Result<Simulation> {
        let models = match (&self.models, self.wedge, self.prior_draws) {
            (Some(path), ..) => Models::Table(path.clone()),
            (None, _, Some(count)) => Models::PriorDraws(count),
            (None, wedge, None) => Models::Wedge { count: wedge.unwrap_or(1), earth: self.earth.clone() },
        };
        let simulation = Simulation {
            config: None,
            systems: self.systems.clone(),
            components: self.components.clone(),
            models,
            lines: self.lines,
            spacing_m: self.spacing,
            terrain_m: self.terrain,
            height_variation_m: self.height_variation,
            height_m: self.height,
            offset_m: self.offset.as_ref().map(|offset| [offset[0], offset[1], offset[2]]),
            output: self.output.clone(),
            replace: self.force,
            truth: self.truth.clone(),
            noise_relative: self.noise_relative,
            noise_additive: self.noise_additive.clone(),
            digitised: self.digitised,
            seed: self.seed,
        };
        // Errors in the arguments are reported before files are read.
        simulation.check()?;
        let read =
            |path: &PathBuf| -> Result<_> { Ok((tell(|notes| read_config(path, &self.sets, notes))?, path.clone())) };
        Ok(Simulation { config: self.config.as_ref().map(read).transpose()?, ..simulation })
    }
}

/// A progress bar for long computations on a terminal.
struct Wait {
    bar: ProgressBar,
    shown: Once,
}

/// Computations shorter than this have no bar.
const PATIENCE: Duration = Duration::from_secs(3);

impl Wait {
    fn new(total: usize) -> Self {
        let bar = progress::bar(total);
        bar.set_draw_target(ProgressDrawTarget::hidden());
        Self { bar, shown: Once::new() }
    }

    fn step(&self) {
        self.bar.inc(1);
        if !self.shown.is_completed() && self.bar.elapsed() > PATIENCE {
            self.shown.call_once(|| self.bar.set_draw_target(ProgressDrawTarget::stderr()));
        }
        if Some(self.bar.position()) == self.bar.length() {
            self.bar.finish_and_clear();
        }
    }
}
