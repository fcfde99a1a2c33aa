//! `geobipy status`: shows the progress of a run from its directory.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use indicatif::HumanDuration;

use super::progress::rate;
use crate::error::{Error, Result};
use crate::results::Survey;
use crate::run::{Journal, RunState, StatusCounts};
use crate::schema::{Status, line_files};
use crate::words::plural;

/// Show the progress of a running, stopped or finished inversion.
///
/// The command reads the result files, so that it can run at any time and on any machine with access to the directory.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  geobipy status out/resolve")]
pub(super) struct StatusArgs {
    /// Directory of the result files
    output: PathBuf,
}

/// Time without an entry after which a run is regarded as stopped, if the file system has no locks.
const SILENCE: Duration = Duration::from_secs(120);

pub(super) fn status(args: &StatusArgs) -> Result<()> {
    let directory = &args.output;
    if line_files(directory)?.is_empty() {
        return Err(Error::results(directory, "has no results, and no run that has begun"));
    }
    let survey = Survey::open(std::slice::from_ref(directory), &[])?;
    let status_counts = StatusCounts::take(&survey)?;
    say!("{}", status_counts.shares());
    let asked_for = survey.asked_for();
    if asked_for < survey.len() {
        let finished = survey.statuses().iter().filter(|&&status| status != Status::NotRun).count();
        say!("the runs were asked for {}, of which {finished} are finished", plural(asked_for, "sounding"));
    }
    status_counts.verdicts().iter().for_each(|line| say!("{line}"));
    if let Some(cost) = status_counts.cost() {
        say!("{cost}");
    }
    let Some(journal) = Journal::read(directory) else { return Ok(()) };
    let running = journal.state == RunState::Running && is_held(directory).unwrap_or(journal.age() < SILENCE);
    say!("{}", story(&journal, running));
    if running {
        let rate = rate(journal.done, journal.total, journal.duration());
        say!("this run: {}/{} soundings{rate}, {} failed", journal.done, journal.total, journal.failed);
        if let Some(slowest) = &journal.slowest {
            say!("slowest: {slowest}");
        }
    } else if journal.state != RunState::Complete {
        say!("the command that began it continues it");
    }
    Ok(())
}

/// Returns whether a run has locked the directory; `None` if the file system has no locks.
fn is_held(directory: &Path) -> Option<bool> {
    match File::open(directory).ok()?.try_lock() {
        Ok(()) => Some(false),
        Err(TryLockError::WouldBlock) => Some(true),
        Err(TryLockError::Error(_)) => None,
    }
}

fn story(journal: &Journal, running: bool) -> String {
    let Journal { host, process, ranks, threads_per_rank, .. } = journal;
    let processes = format!("{} of {}", plural(*ranks, "rank"), plural(*threads_per_rank, "thread"));
    let place = format!("{processes}, first process {process} on {host}");
    let (took, age) = (HumanDuration(journal.duration()), HumanDuration(journal.age()));
    match journal.state {
        RunState::Running if running => {
            let since = HumanDuration(journal.duration() + journal.age());
            format!("running for {since} with {place}; last journal entry {age} ago")
        }
        RunState::Running => format!("killed or lost, after {took} or more; last journal entry {age} ago ({place})"),
        RunState::Complete => format!("complete after {took}, {age} ago ({place})"),
        RunState::Interrupted => format!("interrupted after {took}, {age} ago ({place})"),
        RunState::Stopped => format!("stopped by an error after {took}, {age} ago ({place})"),
    }
}
