//! Settings of a simulation.

use std::path::PathBuf;

use crate::config::Config;
use crate::error::{Error, Result};

/// Source of the models.
#[derive(Debug, Clone, PartialEq)]
pub enum Models {
    /// A table of models (CSV).
    Table(PathBuf),
    /// A line over a wedge with topography.
    Wedge {
        /// Soundings of a line.
        count: u32,
        /// One of [`EARTHS`](super::EARTHS) by name, or a file (TOML); a conductive layer that rises and thins when not given.
        earth: Option<String>,
    },
    /// This many draws from the configuration's prior on each line, with errors drawn from it and noise of these.
    PriorDraws(u32),
}

/// Settings of a simulation.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// The configuration that the survey is made for, and its file.
    pub config: Option<(Config, PathBuf)>,
    /// Without a configuration: instrument files.
    pub systems: Vec<PathBuf>,
    /// Without a configuration, time domain: components to write, all when empty.
    pub components: Vec<String>,
    /// Source of the models.
    pub models: Models,
    /// Parallel lines 200 m apart; not of a table.
    pub lines: u32,
    /// Distance between soundings in m; 10 when not given.
    pub spacing_m: Option<f64>,
    /// Amplitude of the ground's elevation along a line, in m; for a wedge 15 when not given.
    pub terrain_m: Option<f64>,
    /// Amplitude of the height along a line, in m; for a wedge without height 4 when not given.
    pub height_variation_m: Option<f64>,
    /// Height of the transmitter or bird in m; 30 when not given, of models that of the table.
    pub height_m: Option<f64>,
    /// Time domain: receiver ahead of, left of and above the transmitter in m, for all soundings.
    pub offset_m: Option<[f64; 3]>,
    /// Survey file to write; when not given the configuration's.
    pub output: Option<PathBuf>,
    /// Replace the configuration's survey file.
    pub replace: bool,
    /// File to which the models are written.
    pub truth: Option<PathBuf>,
    /// Standard deviation of the noise as a fraction of each datum, in time domain of its secondary field.
    pub noise_relative: f64,
    /// Standard deviation of the noise besides, in the data's unit; one, or one for each system. Of dB/dt in time domain the
    /// value at 1 ms, falling as 1/sqrt(time).
    pub noise_additive: Vec<f64>,
    /// Time domain: GA-AEM's own scheme, sampled waveform and coarse integrals.
    pub digitised: bool,
    /// Seed of the noise and the draws.
    pub seed: u64,
}

/// Largest distance in m between coils, from coils to the ground, and between soundings.
pub(super) const MAX_LENGTH_M: f64 = 10_000.0;
/// Largest number of soundings of all lines together.
const MAX_SOUNDINGS: u64 = 10_000_000;

impl Simulation {
    /// Refuses numbers that cannot be, and files that would replace each other; messages name the options of `geobipy simulate`.
    ///
    /// # Errors
    /// There is such a number or file.
    pub fn check(&self) -> Result<()> {
        let refuse = |name: &str, value: f64, expected: &str| {
            Err(Error::setting(name, format!("{name}: got {value}, expected {expected}")))
        };
        let relative = [("--noise-relative", self.noise_relative)];
        for (name, value) in relative.into_iter().chain(self.noise_additive.iter().map(|&a| ("--noise-additive", a))) {
            if !(value >= 0.0 && value.is_finite()) {
                return refuse(name, value, "a number that is not negative");
            }
        }
        let numbers = self.offset_m.iter().flatten().copied().chain(self.height_m);
        if let Some(value) = numbers.into_iter().find(|value| value.is_nan() || value.abs() > MAX_LENGTH_M) {
            return refuse("--offset, --height", value, &format!("at most {MAX_LENGTH_M} m"));
        }
        let lengths = [
            ("--spacing", self.spacing_m),
            ("--terrain", self.terrain_m),
            ("--height-variation", self.height_variation_m),
        ];
        for (name, value) in lengths {
            if let Some(value) = value.filter(|value| !(0.0..=MAX_LENGTH_M).contains(value)) {
                return refuse(name, value, &format!("a number from 0 to {MAX_LENGTH_M}"));
            }
        }
        let of_line = match self.models {
            Models::Table(_) => 1,
            Models::Wedge { count, .. } | Models::PriorDraws(count) => count,
        };
        let count = u64::from(self.lines) * u64::from(of_line);
        if count > MAX_SOUNDINGS {
            return refuse("--lines", self.lines.into(), &format!("at most {MAX_SOUNDINGS} soundings on all lines"));
        }
        match (&self.truth, &self.output) {
            (Some(truth), Some(output)) if truth == output => Err(Error::setting(
                "--truth",
                format!("--truth: got {}, expected another file than --output", truth.display()),
            )),
            _ => Ok(()),
        }
    }
}
