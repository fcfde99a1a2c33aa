//! The command line: arguments and configuration to checked jobs to library calls.

mod config;
mod inputs;
mod invert;
mod job;
mod plot;
mod plot_data;
mod progress;
mod simulate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::error::Result;

/// Bayesian inversion of airborne electromagnetic surveys.
#[derive(Debug, Parser)]
#[command(name = "geobipy", version, about, long_about = None, arg_required_else_help = true)]
#[command(after_help = "Example:\n  geobipy invert examples/resolve/resolve.toml out/resolve\n  \
    geobipy plot section out/resolve --line 30010 -o section.png")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Invert(invert::InvertArgs),
    Simulate(simulate::SimulateArgs),
    #[command(subcommand)]
    Plot(plot::PlotCommand),
    /// Print the documentation of result files (docs/result-schema.md).
    Schema,
}

/// Parses the arguments of the process, runs, and reports.
///
/// Exit codes: 0 done; 1 an error, described on standard error; 2 wrong arguments; 3 done, but soundings failed.
pub fn run() -> ExitCode {
    match dispatch(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("geobipy: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> Result<ExitCode> {
    match command {
        Command::Invert(args) => invert::invert(&args),
        Command::Simulate(args) => simulate::simulate(&args).map(|()| ExitCode::SUCCESS),
        Command::Plot(command) => plot::plot(&command).map(|()| ExitCode::SUCCESS),
        Command::Schema => {
            print!("{}", crate::schema::document());
            Ok(ExitCode::SUCCESS)
        }
    }
}
