//! The command line: arguments and configuration to checked jobs to library calls.

mod census;
mod config;
#[cfg_attr(not(test), expect(dead_code))]
mod gspy;
mod inputs;
mod invert;
mod journal;
#[cfg_attr(not(test), expect(dead_code))]
mod options;
#[cfg(feature = "plot")]
mod plot;
#[cfg(feature = "plot")]
mod plot_data;
mod progress;
mod simulate;
mod status;

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
    Status(status::StatusArgs),
    Simulate(simulate::SimulateArgs),
    #[cfg(feature = "plot")]
    #[command(subcommand)]
    Plot(plot::PlotCommand),
    /// Print the documentation of result files (docs/result-schema.md).
    Schema,
}

const EXIT_FAILED_SOUNDINGS: u8 = 3;
const EXIT_INTERRUPTED: u8 = 4;

/// Parses the arguments of the process, runs, and reports.
///
/// Exit codes: 0 done; 1 an error, described on standard error; 2 wrong arguments; 3 done, but soundings failed;
/// 4 interrupted, to be continued by the same command.
pub fn run() -> ExitCode {
    match dispatch(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("geobipy: {}", brief(&error.to_string()));
            ExitCode::FAILURE
        }
    }
}

/// Lines that a message may have.
const LONGEST_MESSAGE: usize = 10;

/// Of many mistakes the first, and the last line, which may say what to do about them.
fn brief(message: &str) -> String {
    let lines: Vec<&str> = message.lines().collect();
    let Some((last, others)) = lines.split_last().filter(|_| lines.len() > LONGEST_MESSAGE) else {
        return message.to_owned();
    };
    let (first, more) = others.split_at(LONGEST_MESSAGE - 2);
    format!("{}\n... and {} more\n{last}", first.join("\n"), more.len())
}

fn dispatch(command: Command) -> Result<ExitCode> {
    match command {
        Command::Invert(args) => invert::invert(&args),
        Command::Simulate(args) => simulate::simulate(&args).map(|()| ExitCode::SUCCESS),
        Command::Status(args) => status::status(&args).map(|()| ExitCode::SUCCESS),
        #[cfg(feature = "plot")]
        Command::Plot(command) => plot::plot(&command).map(|()| ExitCode::SUCCESS),
        Command::Schema => {
            print!("{}", crate::schema::document());
            Ok(ExitCode::SUCCESS)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_messages_keep_both_ends() {
        let lines = |count: usize| (1..=count).map(|i| i.to_string()).collect::<Vec<_>>().join("\n");
        assert_eq!(brief(&lines(10)), lines(10));
        assert_eq!(brief(&lines(12)), "1\n2\n3\n4\n5\n6\n7\n8\n... and 3 more\n12");
    }
}
