//! `geobipy init`: writes a first configuration.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::notes::tell;
use super::output_file::{check_free, write_new};
use crate::config::{SurveyKind, document};
use crate::error::{Error, Result};
use crate::import::{
    LibraryEntry, MadeInstrument, Moment, config_from_options, seen_from, stm_from_gex, stm_from_gspy,
};
use crate::init::{SurveyFiles, fill_in, kind_of};
use crate::survey::Preset;
use crate::system::System;

/// Write a configuration with every key explained, for a survey.
///
/// Keys that matter for the kind of survey are set; all others are shown with their defaults, commented out. With --data and
/// an instrument the command looks at the survey file: it finds out whose names the columns have, the sign of the data,
/// the coordinate reference system and the receiver's position, and says what is missing.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    geobipy init helicopter --data survey.csv --system lm.stm --system hm.stm -o survey.toml\n  \
    geobipy init --system tempest --data survey.csv -o survey.toml\n  \
    geobipy init --gspy survey.yml --data survey.csv -o survey.toml\n  \
    geobipy init --gex survey.gex --data survey.xyz -o survey.toml\n  \
    geobipy init --from skytem_options -o skytem.toml")]
pub(super) struct InitArgs {
    /// Kind of survey; not needed with an instrument, except for a .stm file of loops towed over the ground
    #[arg(value_enum, required_unless_present_any = ["from", "systems", "gspy", "gex"], conflicts_with = "from")]
    kind: Option<SurveyKind>,
    /// An options file of GeoBIPy (Python); it is read, not executed
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data", "systems", "gspy", "gex", "preset", "crs"])]
    from: Option<PathBuf>,
    /// A survey's description in gspy's YAML; its system is written to .stm files beside the configuration
    #[arg(long, value_name = "FILE", requires = "output", conflicts_with = "systems")]
    gspy: Option<PathBuf>,
    /// An Aarhus .gex file (SkyTEM, tTEM); its system is written to .stm files beside the configuration
    #[arg(long, value_name = "FILE", requires = "output", conflicts_with_all = ["systems", "gspy"])]
    gex: Option<PathBuf>,
    /// The description of the data in gspy's YAML, if it has the gate times
    #[arg(long, value_name = "FILE", requires = "gspy")]
    gspy_data: Option<PathBuf>,
    /// Survey file
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Instrument file, once for each moment; or the name of an instrument that `geobipy systems` lists
    #[arg(long = "system", value_name = "FILE|NAME")]
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

impl InitArgs {
    /// Returns a first configuration as text.
    fn first(&self) -> Result<String> {
        let entry = self.library_entry()?;
        let made = match entry {
            Some(entry) => Some((entry.made()?, format!("the library's {}", entry.name()))),
            None => self.made()?,
        };
        let systems = match (&made, &self.output) {
            (Some((made, source)), Some(output)) => written(made, source, output, self.force)?,
            _ => self.systems.clone(),
        };
        System::check_kinds(&systems)?;
        let made = made.map(|(made, _)| made);
        let kind = match (self.kind.or(entry.map(LibraryEntry::kind)), &made) {
            (Some(kind), _) => kind,
            (None, Some(made)) if made.is_on_the_ground() => SurveyKind::Towed,
            (None, _) => kind_of(&systems)?,
        };
        let mut config = kind.config();
        config.survey.crs.clone_from(&self.crs);
        config.columns.preset = self.preset.unwrap_or_default();
        if let Some(made) = &made {
            made.apply(kind, &mut config);
        }
        if let Some(data) = self.data.as_ref().filter(|_| !systems.is_empty()) {
            config.survey.system.clone_from(&systems);
            let offset_m = made.as_ref().and_then(MadeInstrument::first_offset_m);
            let files = SurveyFiles { data, preset: self.preset, offset_m };
            tell(|notes| fill_in(&mut config, &files, notes))?;
        }
        config.survey.system = match systems.len() {
            // The user replaces these names.
            0 => kind.system_files(),
            _ => systems.iter().map(|system| self.seen_from_output(system)).collect(),
        };
        let data = self.data.as_deref().map(|data| self.seen_from_output(data));
        config.survey.data = data.unwrap_or_else(|| PathBuf::from("survey.csv"));
        Ok(document(&config, &format!("Configuration of `geobipy invert`: {}.", kind.words())))
    }

    /// Returns the instrument that a description of another program describes, and the file of the description.
    fn made(&self) -> Result<Option<(MadeInstrument, String)>> {
        let name = |path: &Path| path.display().to_string();
        match (&self.gspy, &self.gex) {
            (Some(survey), _) => Ok(Some((stm_from_gspy(survey, self.gspy_data.as_deref())?, name(survey)))),
            (None, Some(gex)) => Ok(Some((stm_from_gex(gex)?, name(gex)))),
            (None, None) => Ok(None),
        }
    }

    /// Returns the instrument of the library that --system names, if it names no files.
    fn library_entry(&self) -> Result<Option<&'static LibraryEntry>> {
        let refused = |message: String| Err(Error::setting("--system", message));
        let is_file = |path: &Path| path.exists() && !path.is_dir();
        let Some(name) = self.systems.iter().find(|system| !is_file(system)).map(|name| name.to_string_lossy()) else {
            return Ok(None);
        };
        let Some(entry) = LibraryEntry::find(&name) else { return Err(LibraryEntry::unknown(&name)) };
        if self.systems.len() > 1 {
            return refused(format!(
                "--system: got {name}, an instrument of the library, and other values; expected its name alone, or files"
            ));
        }
        if self.output.is_none() {
            return refused(format!(
                "--system: got {name}, an instrument of the library, without -o; expected -o FILE: its files are written beside that file"
            ));
        }
        match self.kind {
            Some(kind) if kind != entry.kind() => refused(format!(
                "--system: got {name}, which is for {}, with the kind of {}; expected no kind or that of the instrument",
                entry.kind().words(),
                kind.words()
            )),
            _ => Ok(Some(entry)),
        }
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

/// Writes the instrument from the description `source` as files beside `output`, and returns the paths of those that the
/// configuration has.
fn written(made: &MadeInstrument, source: &str, output: &Path, force: bool) -> Result<Vec<PathBuf>> {
    let folder = output.parent().unwrap_or(Path::new(""));
    let name = |moment: &Moment| PathBuf::from(format!("{}.stm", moment.name));
    let files = || made.moments.iter().chain(&made.others);
    // No file is written when one of them is there.
    files()
        .map(name)
        .chain([PathBuf::from(output.file_name().unwrap_or_default())])
        .try_for_each(|name| check_free(&folder.join(name), force))?;
    for moment in files() {
        let path = folder.join(name(moment));
        write_new(&path, &moment.stm, force)?;
        let place = moment.offset_m.map_or_else(String::new, |[dx, dy, dz]| {
            format!("; there the receiver is {dx} m ahead of, {dy} m left of and {dz} m above the transmitter")
        });
        say!("{}: made from {source}{place}", path.display());
    }
    for other in &made.others {
        let reason = "its component has other gates or filters, or another place of the receiver";
        say!("{}: is not in survey.system: {reason}", folder.join(name(other)).display());
    }
    made.notes.iter().for_each(|note| say!("note: {note}"));
    Ok(made.moments.iter().map(|moment| folder.join(name(moment))).collect())
}
