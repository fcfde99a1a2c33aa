//! The program `geobipy`.

use std::process::ExitCode;

fn main() -> ExitCode {
    geobipy::cli::run()
}
