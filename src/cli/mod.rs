//! The command line: turns arguments and configuration into checked jobs and calls of the library.

/// Prints a line to standard output; a reader that closes the pipe, such as `head`, is not an error.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stdout(), $($words)*);
    }};
}

mod check;
mod exit;
mod export;
mod init;
mod invert;
mod launch;
mod manual;
mod merge;
mod noise;
mod notes;
mod output_file;
#[cfg(feature = "plot")]
mod plot;
mod progress;
mod selection;
mod simulate;
mod source;
mod status;
mod systems;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::error::Result;

/// Bayesian inversion of airborne electromagnetic surveys.
#[derive(Debug, Parser)]
#[command(name = "geobipy", version, about, long_about = None, arg_required_else_help = true)]
#[command(after_help = "From a survey to a picture:\n  geobipy init helicopter --data survey.csv -o survey.toml\n  \
    geobipy check survey.toml\n  geobipy invert survey.toml results\n  \
    geobipy plot section results --line 30010 -o section.png")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::InitArgs),
    Check(check::CheckArgs),
    Noise(noise::NoiseArgs),
    Invert(invert::InvertArgs),
    Status(status::StatusArgs),
    Merge(merge::MergeArgs),
    #[command(subcommand)]
    Export(export::ExportCommand),
    Simulate(simulate::SimulateArgs),
    Systems(systems::SystemsArgs),
    #[cfg(feature = "plot")]
    #[command(subcommand)]
    Plot(plot::PlotCommand),
    /// Print the documentation of result files (docs/result-schema.md).
    Schema,
    Completions(manual::CompletionArgs),
    Manual(manual::ManualArgs),
}

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

/// Largest number of lines in a message.
const LONGEST_MESSAGE: usize = 10;

/// Shortens a message with many errors to the first ones and the last line, which may give advice.
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
        Command::Check(args) => check::check(&args),
        Command::Noise(args) => noise::noise(&args).map(|()| ExitCode::SUCCESS),
        Command::Init(args) => init::init(&args).map(|()| ExitCode::SUCCESS),
        Command::Invert(args) => invert::invert(&args),
        Command::Export(command) => export::export(&command).map(|()| ExitCode::SUCCESS),
        Command::Merge(args) => merge::merge(&args).map(|()| ExitCode::SUCCESS),
        Command::Simulate(args) => simulate::simulate(&args).map(|()| ExitCode::SUCCESS),
        Command::Systems(args) => systems::systems(&args).map(|()| ExitCode::SUCCESS),
        Command::Status(args) => status::status(&args).map(|()| ExitCode::SUCCESS),
        #[cfg(feature = "plot")]
        Command::Plot(command) => plot::plot(&command).map(|()| ExitCode::SUCCESS),
        Command::Completions(args) => manual::completions(&args, Cli::command()).map(|()| ExitCode::SUCCESS),
        Command::Manual(args) => manual::manual(&args, Cli::command()).map(|()| ExitCode::SUCCESS),
        Command::Schema => {
            let _ = write!(std::io::stdout(), "{}", crate::schema::document());
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
