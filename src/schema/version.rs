//! Versions of result files and of the program.

/// Version of the layout of result files.
pub const SCHEMA_VERSION: &str = "2.7";

/// The program, as results name it.
pub fn program_version() -> &'static str {
    concat!("geobipy ", env!("CARGO_PKG_VERSION"))
}
