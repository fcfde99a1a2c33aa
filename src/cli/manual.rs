//! Completion scripts for shells, and manual pages.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Command};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::error::{Error, Result};

/// Print a script that lets a shell complete commands and options.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  geobipy completions bash > ~/.local/share/bash-completion/completions/geobipy\n  \
    geobipy completions zsh > ~/.zfunc/_geobipy"
)]
pub(super) struct CompletionArgs {
    /// Shell that the script is for
    #[arg(value_enum)]
    shell: Shell,
}

/// Write manual pages, one for each command.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy manual ~/.local/share/man/man1 && man geobipy-invert")]
pub(super) struct ManualArgs {
    /// Folder for the pages; it is created if necessary
    folder: PathBuf,
}

pub(super) fn completions(args: &CompletionArgs, mut command: Command) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "geobipy", &mut script);
    // A reader that closes the pipe, such as head, is not an error.
    let _ = std::io::stdout().write_all(&script);
    Ok(())
}

pub(super) fn manual(args: &ManualArgs, command: Command) -> Result<()> {
    std::fs::create_dir_all(&args.folder).map_err(Error::io(&args.folder))?;
    let mut count = 0;
    let mut pages = vec![("geobipy".to_owned(), command)];
    while let Some((name, command)) = pages.pop() {
        let inner = command.get_subcommands().filter(|inner| inner.get_name() != "help");
        pages.extend(inner.map(|inner| (format!("{name}-{}", inner.get_name()), inner.clone())));
        let path = args.folder.join(format!("{name}.1"));
        let mut page = Vec::new();
        let command = command.bin_name(name.replace('-', " ")).name(name);
        Man::new(command).render(&mut page).map_err(Error::io(&path))?;
        std::fs::write(&path, page).map_err(Error::io(&path))?;
        count += 1;
    }
    say!("{count} pages: {}", args.folder.display());
    Ok(())
}
