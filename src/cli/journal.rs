//! The journal of a run, beside its results, for `geobipy status`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// State of a run at its last entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Running,
    Complete,
    Interrupted,
    /// An error ended the run.
    Stopped,
}

/// The last entry of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Journal {
    pub(super) state: State,
    pub(super) host: String,
    pub(super) process: u32,
    pub(super) ranks: usize,
    pub(super) threads_per_rank: usize,
    pub(super) started_unix_s: u64,
    pub(super) updated_unix_s: u64,
    /// Number of chosen soundings, including those finished before; 0 in journals of older versions.
    #[serde(default)]
    pub(super) chosen: usize,
    /// Number of soundings that were not finished when the run began.
    pub(super) total: usize,
    pub(super) done: usize,
    pub(super) failed: usize,
    /// The rank that has been busy longest with one sounding, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) slowest: Option<String>,
}

impl Journal {
    /// Returns the first entry of a run; `total` of the `chosen` soundings are not finished.
    pub(super) fn begin(ranks: usize, threads_per_rank: usize, chosen: usize, total: usize) -> Self {
        let now = unix_s();
        Self {
            state: State::Running,
            host: host(),
            process: std::process::id(),
            ranks,
            threads_per_rank,
            chosen,
            started_unix_s: now,
            updated_unix_s: now,
            total,
            done: 0,
            failed: 0,
            slowest: None,
        }
    }

    /// Writes the journal below `directory`; it replaces the last one in a single step.
    pub(super) fn write(&mut self, directory: &Path) -> Result<()> {
        self.updated_unix_s = unix_s();
        let path = path(directory);
        let partial = path.with_extension("toml.partial");
        let text = toml::to_string(self).expect("a journal is valid TOML");
        fs::write(&partial, text).map_err(Error::io(&partial))?;
        fs::rename(&partial, &path).map_err(Error::io(&path))
    }

    /// Reads the journal below `directory`, if there is a readable one.
    pub(super) fn read(directory: &Path) -> Option<Self> {
        toml::from_str(&fs::read_to_string(path(directory)).ok()?).ok()
    }

    /// Returns the time from the start of the run to its last entry.
    pub(super) fn duration(&self) -> Duration {
        Duration::from_secs(self.updated_unix_s.saturating_sub(self.started_unix_s))
    }

    /// Returns the time since the last entry.
    pub(super) fn age(&self) -> Duration {
        Duration::from_secs(unix_s().saturating_sub(self.updated_unix_s))
    }
}

fn path(directory: &Path) -> PathBuf {
    directory.join("run.toml")
}

fn unix_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn host() -> String {
    let kernel = fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = kernel.or_else(|| std::env::var("HOSTNAME").ok()).unwrap_or_default();
    if name.trim().is_empty() { "unknown".to_owned() } else { name.trim().to_owned() }
}
