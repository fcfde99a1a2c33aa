//! Arguments of `geobipy simulate`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use crate::error::{Error, Result};

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
pub(in crate::cli) struct SimulateArgs {
    /// Configuration (TOML) for which the survey is made
    pub(super) config: Option<PathBuf>,
    /// A value instead of the configuration's, as in model.maximum_layers=20; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", requires = "config")]
    pub(super) sets: Vec<String>,
    /// Instrument file; may be repeated
    #[arg(long = "system", required_unless_present = "config", conflicts_with = "config", value_name = "FILE")]
    pub(super) systems: Vec<PathBuf>,
    /// Table of models (CSV)
    #[arg(long, value_name = "FILE")]
    pub(super) models: Option<PathBuf>,
    /// The built-in line over a wedge with topography, with this number of soundings
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(super) wedge: Option<u32>,
    /// This number of models from the configuration's prior, with errors (of quoted noise: its factor) drawn from the
    /// prior, and noise with these errors
    #[arg(long, value_name = "COUNT", conflicts_with = "systems", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(super) prior_draws: Option<u32>,
    /// Earth of the wedge: glacial, saline_clay, resistive_dolomites, resistive_basement, coastal_salt_water,
    /// ice_over_salt_water, or a file (TOML)
    #[arg(long, requires = "wedge", value_name = "NAME|FILE")]
    pub(super) earth: Option<String>,
    /// Parallel lines 200 m apart, each with COUNT soundings
    #[arg(long, conflicts_with = "models", default_value_t = 1, value_name = "COUNT",
        value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(super) lines: u32,
    /// Distance between soundings in m; 10 if not given
    #[arg(long, conflicts_with = "models", value_name = "M")]
    pub(super) spacing: Option<f64>,
    /// Amplitude of the ground's elevation along a line, in m; for a wedge 15 if not given
    #[arg(long, conflicts_with = "models", value_name = "M")]
    pub(super) terrain: Option<f64>,
    /// Amplitude of the height along a line, in m; for a wedge without --height 4 if not given
    #[arg(long, conflicts_with = "models", value_name = "M")]
    pub(super) height_variation: Option<f64>,
    /// Height of the transmitter or bird in m; if not given 30, or the height in the table of models
    #[arg(long, value_name = "M")]
    pub(super) height: Option<f64>,
    /// Time domain: position of the receiver ahead of, left of and above the transmitter in m, for all soundings
    #[arg(long, num_args = 3, allow_negative_numbers = true, value_names = ["DX", "DY", "DZ"])]
    pub(super) offset: Option<Vec<f64>>,
    /// Survey file to write; if not given the configuration's, unless it exists
    #[arg(long, short, required_unless_present = "config", value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Replace the configuration's survey file
    #[arg(long, conflicts_with = "output")]
    pub(super) force: bool,
    /// Write the models to this table, which --models reads
    #[arg(long, value_name = "FILE")]
    pub(super) truth: Option<PathBuf>,
    /// Standard deviation of the noise as a fraction of each datum, in time domain of its secondary field
    #[arg(long, conflicts_with = "prior_draws", default_value_t = 0.0, value_name = "FRACTION")]
    pub(super) noise_relative: f64,
    /// Additive standard deviation of the noise, in the data's unit; once, or once for each system. For dB/dt in time
    /// domain it is the value at 1 ms, falling as 1/sqrt(time)
    #[arg(long, conflicts_with = "prior_draws", value_name = "NUMBER")]
    pub(super) noise_additive: Vec<f64>,
    /// Time domain: a component to write, of those in the system files; may be repeated
    #[arg(long = "component", conflicts_with = "config", value_parser = ["x", "y", "z"])]
    pub(super) components: Vec<String>,
    /// Time domain: use GA-AEM's own scheme, with sampled waveform and coarse integrals, to compare with its numbers
    #[arg(long)]
    pub(super) digitised: bool,
    /// Seed of the noise and the draws
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
}

/// Largest distance in m between coils, from coils to the ground, and between soundings.
pub(super) const MAX_LENGTH_M: f64 = 10_000.0;
/// Largest number of soundings of all lines together.
const MAX_SOUNDINGS: u64 = 10_000_000;

impl SimulateArgs {
    /// Refuses impossible numbers, and files that would replace each other.
    pub(super) fn check(&self) -> Result<()> {
        let refuse = |name: &str, value: f64, expected: &str| {
            Err(Error::Config(format!("{name}: got {value}, expected {expected}")))
        };
        let relative = [("--noise-relative", self.noise_relative)];
        for (name, value) in relative.into_iter().chain(self.noise_additive.iter().map(|&a| ("--noise-additive", a))) {
            if !(value >= 0.0 && value.is_finite()) {
                return refuse(name, value, "a number that is not negative");
            }
        }
        let numbers = self.offset.iter().flatten().copied().chain(self.height);
        if let Some(value) = numbers.into_iter().find(|value| value.is_nan() || value.abs() > MAX_LENGTH_M) {
            return refuse("--offset, --height", value, &format!("at most {MAX_LENGTH_M} m"));
        }
        let lengths =
            [("--spacing", self.spacing), ("--terrain", self.terrain), ("--height-variation", self.height_variation)];
        for (name, value) in lengths {
            if let Some(value) = value.filter(|value| !(0.0..=MAX_LENGTH_M).contains(value)) {
                return refuse(name, value, &format!("a number from 0 to {MAX_LENGTH_M}"));
            }
        }
        let count = u64::from(self.lines) * u64::from(self.wedge.or(self.prior_draws).unwrap_or(1));
        if count > MAX_SOUNDINGS {
            return refuse("--lines", self.lines.into(), &format!("at most {MAX_SOUNDINGS} soundings on all lines"));
        }
        match (&self.truth, &self.output) {
            (Some(truth), Some(output)) if truth == output => {
                Err(Error::Config(format!("--truth: got {}, expected another file than --output", truth.display())))
            }
            _ => Ok(()),
        }
    }
}
