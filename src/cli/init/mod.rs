//! `geobipy init`: writes a first configuration.

mod document;
mod imported;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use self::document::document;
use super::config::{Config, DecayChoice, FieldChoice, PerGroup, PresetChoice};
use super::output_file::write_new;
use super::paths::seen_from;
use crate::error::Result;

/// Write a configuration with every key explained, for a kind of survey.
///
/// Keys that matter for the kind of survey are set; all others are shown with their defaults, commented out.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    geobipy init helicopter --data survey.csv --system lm.stm --system hm.stm -o survey.toml\n  \
    geobipy init helicopter --gspy survey.yml --data survey.csv --preset skytem -o survey.toml\n  \
    geobipy init --from skytem_options -o skytem.toml")]
pub(super) struct InitArgs {
    /// Kind of survey
    #[arg(value_enum, required_unless_present = "from", conflicts_with = "from")]
    kind: Option<Kind>,
    /// An options file of GeoBIPy (Python); it is read, not executed
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data", "systems", "gspy", "preset", "crs"])]
    from: Option<PathBuf>,
    /// A survey's description in gspy's YAML; its system is written to .stm files beside the configuration
    #[arg(long, value_name = "FILE", requires = "output", conflicts_with = "systems")]
    gspy: Option<PathBuf>,
    /// The description of the data in gspy's YAML, if it has the gate times
    #[arg(long, value_name = "FILE", requires = "gspy")]
    gspy_data: Option<PathBuf>,
    /// Survey file
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Instrument file; once for each moment
    #[arg(long = "system", value_name = "FILE")]
    systems: Vec<PathBuf>,
    /// Names of the columns of the survey file
    #[arg(long, value_enum)]
    preset: Option<PresetChoice>,
    /// Coordinate reference system: EPSG code or WKT
    #[arg(long)]
    crs: Option<String>,
    /// Configuration to write; printed if not given
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace an existing file
    #[arg(long)]
    force: bool,
}

/// Kinds of surveys.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// Helicopter, frequency domain (RESOLVE, DIGHEM)
    Frequency,
    /// Helicopter, time domain (SkyTEM, VTEM, HELITEM)
    Helicopter,
    /// Fixed wing, time domain, with a towed bird, fields in fT (Tempest)
    FixedWing,
    /// Fixed wing, time domain, with a towed bird, secondary fields in ppm of the primary field (GEOTEM, MEGATEM)
    FixedWingPpm,
    /// Loops towed over the ground, time domain
    Towed,
}

pub(super) fn init(args: &InitArgs) -> Result<()> {
    let text = match (&args.from, args.kind) {
        (Some(options), _) => imported::options(options, args.output.as_deref())?,
        (None, kind) => {
            let kind = kind.unwrap_or(Kind::Frequency);
            let systems = args.systems(kind)?;
            let title = format!("Configuration of `geobipy invert`: {}.", kind.words());
            document(&args.config(kind, systems), &title)
        }
    };
    match &args.output {
        Some(path) => {
            write_new(path, &text, args.force)?;
            say!("{}: see whether it is right, then: geobipy check {}", path.display(), path.display());
        }
        // A reader that closes the pipe, such as head, is not an error.
        None => drop(std::io::stdout().write_all(text.as_bytes())),
    }
    Ok(())
}

impl Kind {
    fn words(self) -> &'static str {
        match self {
            Self::Frequency => "a frequency-domain helicopter survey",
            Self::Helicopter => "a time-domain helicopter survey",
            Self::FixedWing => "a fixed-wing survey with a towed bird",
            Self::FixedWingPpm => "a fixed-wing survey with a towed bird, data in ppm of the primary field",
            Self::Towed => "a survey with loops towed over the ground",
        }
    }
}

impl InitArgs {
    /// Returns the instrument files: those given, those made from a description, or a name to be replaced by the user.
    fn systems(&self, kind: Kind) -> Result<Vec<PathBuf>> {
        if let (Some(survey), Some(output)) = (&self.gspy, &self.output) {
            return imported::systems(survey, self.gspy_data.as_deref(), output, self.force);
        }
        let names: &[&str] = match kind {
            Kind::Frequency => &["bird.stm"],
            Kind::Helicopter => &["lm.stm", "hm.stm"],
            Kind::FixedWing | Kind::FixedWingPpm | Kind::Towed => &["system.stm"],
        };
        if self.systems.is_empty() {
            return Ok(names.iter().map(PathBuf::from).collect());
        }
        Ok(self.systems.iter().map(|system| self.seen_from_output(system)).collect())
    }

    /// Returns the name of a file relative to the configuration.
    fn seen_from_output(&self, file: &Path) -> PathBuf {
        let Some(output) = &self.output else { return file.to_path_buf() };
        seen_from(output.parent().unwrap_or(Path::new("")), Path::new(""), "", &file.to_string_lossy()).into()
    }

    /// Returns sensible values for the kind of survey.
    fn config(&self, kind: Kind, systems: Vec<PathBuf>) -> Config {
        let mut config = Config::default();
        let one = |value| Some(PerGroup::One(value));
        let data = self.data.as_deref().map(|data| self.seen_from_output(data));
        config.survey.data = data.unwrap_or_else(|| PathBuf::from("survey.csv"));
        config.survey.system = systems;
        config.survey.crs.clone_from(&self.crs);
        config.columns.preset = self.preset.unwrap_or_default();
        match kind {
            Kind::Frequency => {
                config.model.maximum_depth_m = Some(150.0);
                config.errors.relative_minimum = PerGroup::One(0.01);
                config.errors.additive_minimum = one(0.5);
                config.errors.additive_maximum = one(50.0);
            }
            Kind::Helicopter => {
                config.model.maximum_depth_m = Some(400.0);
                config.errors.relative_minimum = PerGroup::One(0.01);
                config.errors.relative_maximum = PerGroup::One(0.3);
                config.errors.additive_minimum = one(1e-16);
                config.errors.additive_maximum = one(1e-12);
                config.errors.additive_decay = Some(DecayChoice::InverseSqrtTime);
                config.geometry.free_height();
            }
            Kind::FixedWing => {
                config.model.maximum_depth_m = Some(600.0);
                config.survey.components = vec!["x".into(), "z".into()];
                config.survey.field = FieldChoice::Total;
                config.survey.vector_amplitude = true;
                config.errors.quoted_relative = Some(0.03);
                config.errors.quoted_additive = one(0.005);
                config.geometry.free_bird();
            }
            Kind::FixedWingPpm => {
                config.model.maximum_depth_m = Some(400.0);
                config.survey.components = vec!["x".into(), "z".into()];
                config.survey.vector_amplitude = true;
                config.errors.quoted_relative = Some(0.036);
                config.errors.quoted_additive = one(10.0);
                config.geometry.usual_bird();
                config.geometry.free_bird();
            }
            Kind::Towed => {
                config.model.maximum_depth_m = Some(100.0);
                config.errors.relative_minimum = PerGroup::One(0.01);
                config.errors.relative_maximum = PerGroup::One(0.3);
                config.errors.additive_minimum = one(1e-14);
                config.errors.additive_maximum = one(1e-11);
                config.forward.accuracy = super::config::AccuracyChoice::High;
            }
        }
        config
    }
}
