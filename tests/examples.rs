//! The examples of the library run.

#[expect(dead_code, reason = "its main writes beside the code")]
#[path = "../examples/one_line.rs"]
mod one_line;
#[path = "../examples/one_sounding.rs"]
mod one_sounding;

use geobipy::schema::{LineReader, Status, line_path};

/// Would catch: a library that can no longer invert a sounding as its front page says.
#[test]
fn one_sounding_is_inverted() {
    one_sounding::main().unwrap();
}

/// Would catch: a run that needs the command line.
#[test]
fn one_line_is_inverted() {
    let folder = tempfile::tempdir().unwrap();
    one_line::invert(folder.path()).unwrap();
    let line = LineReader::open(&line_path(folder.path(), 30010.0)).unwrap();
    let statuses = line.statuses().unwrap();
    let finished = statuses.iter().filter(|status| **status != Status::NotRun).count();
    assert_eq!(finished, statuses.len().div_ceil(20));
}
