//! `geobipy systems`: shows the library of instruments.

use clap::{Args, ValueEnum};

use crate::error::{Error, Result};
use crate::import::LibraryEntry;

/// List the instruments that `init --system NAME` knows, or print the files of one.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  geobipy systems\n  geobipy systems tempest\n  \
    geobipy init --system tempest --data survey.csv -o survey.toml")]
pub(super) struct SystemsArgs {
    /// Instrument whose files are printed
    name: Option<String>,
}

pub(super) fn systems(args: &SystemsArgs) -> Result<()> {
    let Some(name) = &args.name else { return list() };
    let Some(entry) = LibraryEntry::find(name) else {
        let known = LibraryEntry::names();
        return Err(Error::setting(
            "NAME",
            format!("got {name}, which is no instrument of the library; it has {known}"),
        ));
    };
    for (file, text) in entry.files() {
        say!("// {file}");
        say!("{}", text.trim_end());
    }
    Ok(())
}

fn list() -> Result<()> {
    for entry in LibraryEntry::all() {
        let kind = entry.kind().to_possible_value().map(|kind| kind.get_name().to_owned()).unwrap_or_default();
        say!("{:<12} {kind}", entry.name());
        for moment in entry.measures()? {
            say!("{:<12} {moment}", "");
        }
        say!("{:<12} source: {}", "", entry.source());
    }
    Ok(())
}
