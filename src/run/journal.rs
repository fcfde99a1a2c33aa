//! The journal of a run, beside its results, for `geobipy status`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::files::Whole;

/// State of a run at its last entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// The run continues, unless the process was killed.
    Running,
    /// Every sounding is finished.
    Complete,
    /// The run was stopped from outside.
    Interrupted,
    /// An error ended the run.
    Stopped,
}

/// The last entry of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Journal {
    /// State of the run.
    pub state: RunState,
    /// The machine of the first process.
    pub host: String,
    /// Number of the first process on its machine.
    pub process: u32,
    /// Number of processes.
    pub ranks: usize,
    /// Threads of each of them.
    pub threads_per_rank: usize,
    /// Time at which the run began, in s since 1970.
    pub started_unix_s: u64,
    /// Time of the last entry, in s since 1970.
    pub updated_unix_s: u64,
    /// Number of soundings that were not finished when the run began.
    pub total: usize,
    /// Number of soundings finished since then.
    pub done: usize,
    /// Number of soundings that failed since then.
    pub failed: usize,
    /// The rank that has been busy longest with one sounding, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slowest: Option<String>,
}

impl Journal {
    /// Returns the first entry of a run; `total` of the `chosen` soundings are not finished.
    pub fn begin(ranks: usize, threads_per_rank: usize, total: usize) -> Self {
        let now = unix_s();
        Self {
            state: RunState::Running,
            host: host(),
            process: std::process::id(),
            ranks,
            threads_per_rank,
            started_unix_s: now,
            updated_unix_s: now,
            total,
            done: 0,
            failed: 0,
            slowest: None,
        }
    }

    /// Writes the journal below `directory`; it replaces the last one in a single step.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&mut self, directory: &Path) -> Result<()> {
        self.updated_unix_s = unix_s();
        let path = path(directory);
        let whole = Whole::beside(&path);
        let text = toml::to_string(self).expect("a journal is valid TOML");
        // Synced every two seconds, it would slow a shared file system down.
        fs::write(whole.partial(), text).and_then(|()| whole.finish_unsynced()).map_err(Error::io(&path))
    }

    /// Reads the journal below `directory`, if there is a readable one.
    pub fn read(directory: &Path) -> Option<Self> {
        toml::from_str(&fs::read_to_string(path(directory)).ok()?).ok()
    }

    /// Returns the time from the start of the run to its last entry.
    pub fn duration(&self) -> Duration {
        Duration::from_secs(self.updated_unix_s.saturating_sub(self.started_unix_s))
    }

    /// Returns the time since the last entry.
    pub fn age(&self) -> Duration {
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
