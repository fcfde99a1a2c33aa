//! `geobipy init`: writes a first configuration.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::notes::tell;
use super::output_file::write_new;
use crate::config::{SurveyKind, document};
use crate::error::Result;
use crate::import::{SurveyFiles, config_from_options, fill_in, kind_of, seen_from, stm_from_gspy};
use crate::survey::Preset;

/// Write a configuration with every key explained, for a survey.
///
/// Keys that matter for the kind of survey are set; all others are shown with their defaults, commented out. With --data and
/// an instrument the command looks at the survey file: it finds out whose names the columns have, the sign of the data,
/// the coordinate reference system and the receiver's position, and says what is missing.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    geobipy init helicopter --data survey.csv --system lm.stm --system hm.stm -o survey.toml\n  \
    geobipy init --gspy survey.yml --data survey.csv -o survey.toml\n  \
    geobipy init --from skytem_options -o skytem.toml")]
pub(super) struct InitArgs {
    /// Kind of survey; not needed with an instrument, except for loops towed over the ground
    #[arg(value_enum, required_unless_present_any = ["from", "systems", "gspy"], conflicts_with = "from")]
    kind: Option<SurveyKind>,
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
    /// Names of the columns of the survey file; found in the file if not given
    #[arg(long, value_enum)]
    preset: Option<Preset>,
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

pub(super) fn init(args: &InitArgs) -> Result<()> {
    let text = match &args.from {
        Some(options) => translated(options, args.output.as_deref())?,
        None => args.first()?,
    };
    match &args.output {
        Some(path) => {
            write_new(path, &text, args.force)?;
            say!("{}: review this file, then run: geobipy check {}", path.display(), path.display());
        }
        // A reader that closes the pipe, such as head, is not an error.
        None => drop(std::io::stdout().write_all(text.as_bytes())),
    }
    Ok(())
}

/// Instrument files as seen from the working directory.
struct Instrument {
    files: Vec<PathBuf>,
    /// Position of the receiver in m relative to the transmitter: ahead, left, up.
    offset_m: Option<[f64; 3]>,
}

impl InitArgs {
    /// Returns a first configuration as text.
    fn first(&self) -> Result<String> {
        let instrument = self.instrument()?;
        let kind = match (self.kind, &instrument) {
            (Some(kind), _) => kind,
            (None, Some(instrument)) => kind_of(&instrument.files)?,
            (None, None) => SurveyKind::Frequency,
        };
        let mut config = kind.config();
        config.survey.crs.clone_from(&self.crs);
        config.columns.preset = self.preset.unwrap_or_default();
        match instrument {
            Some(Instrument { files, offset_m }) => {
                config.survey.system = files;
                if let Some(data) = &self.data {
                    let files = SurveyFiles { data, preset: self.preset, offset_m };
                    tell(|notes| fill_in(&mut config, &files, notes))?;
                }
                config.survey.system = config.survey.system.iter().map(|file| self.seen_from_output(file)).collect();
            }
            // The user replaces these names.
            None => config.survey.system = kind.system_files(),
        }
        let data = self.data.as_deref().map(|data| self.seen_from_output(data));
        config.survey.data = data.unwrap_or_else(|| PathBuf::from("survey.csv"));
        Ok(document(&config, &format!("Configuration of `geobipy invert`: {}.", kind.words())))
    }

    /// Returns the instrument: the files that are given, or those made from a description.
    fn instrument(&self) -> Result<Option<Instrument>> {
        if let (Some(survey), Some(output)) = (&self.gspy, &self.output) {
            return made_instrument(survey, self.gspy_data.as_deref(), output, self.force).map(Some);
        }
        let given = || Instrument { files: self.systems.clone(), offset_m: None };
        Ok((!self.systems.is_empty()).then(given))
    }

    /// Returns the name of a file relative to the configuration.
    fn seen_from_output(&self, file: &Path) -> PathBuf {
        let Some(output) = &self.output else { return file.to_path_buf() };
        seen_from(output.parent().unwrap_or(Path::new("")), Path::new(""), "", &file.to_string_lossy()).into()
    }
}

/// Translates an options file of GeoBIPy to a configuration that will be at `output`, or beside the options file.
fn translated(path: &Path, output: Option<&Path>) -> Result<String> {
    let folder = output.unwrap_or(path).parent().unwrap_or(Path::new(""));
    let translation = config_from_options(path, folder)?;
    translation.notes.iter().for_each(|note| eprintln!("geobipy: {}: {note}", path.display()));
    Ok(translation.toml)
}

/// Writes the system in gspy's YAML as instrument files beside `output`.
fn made_instrument(survey: &Path, data: Option<&Path>, output: &Path, force: bool) -> Result<Instrument> {
    let moments = stm_from_gspy(survey, data)?;
    let folder = output.parent().unwrap_or(Path::new(""));
    let mut files = Vec::new();
    for moment in &moments {
        let path = folder.join(format!("{}.stm", moment.name));
        write_new(&path, &moment.stm, force)?;
        let [dx, dy, dz] = moment.offset_m;
        say!(
            "{}: made from {}; there the receiver is {dx} m ahead of, {dy} m left of and {dz} m above the transmitter",
            path.display(),
            survey.display()
        );
        files.push(path);
    }
    Ok(Instrument { files, offset_m: moments.first().map(|moment| moment.offset_m) })
}
