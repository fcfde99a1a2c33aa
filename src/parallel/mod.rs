//! Distribution of soundings over the threads of one process or the ranks of an MPI job.
//!
//! Soundings are identified by their number in the survey. Their costs differ, so they are handed out one by one. Every
//! process runs the same loop; the first process, the leader, also has the [`WorkQueue`]. With MPI the other processes
//! ask the leader in messages of a few bytes, and the leader answers between its own iterations.

mod queue;
#[cfg(feature = "mpi")]
mod ranks;
mod schedule;
mod stop;
mod threads;
mod workers;

pub use queue::{RunProgress, Slowest, WorkQueue};
#[cfg(feature = "mpi")]
pub use ranks::Ranks;
pub use stop::Stop;
pub use threads::{run_on_threads, thread_count};
pub use workers::{Done, TaskCallback, Work};

/// An observer of a run's progress.
pub trait Watch {
    /// Receives the progress; called a few times a second.
    fn update(&mut self, progress: RunProgress, slowest: Option<Slowest>);

    /// Receives a message of `rank` about a sounding.
    fn note(&mut self, rank: usize, text: &str);
}

/// How a run without errors ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Every sounding is finished.
    Complete,
    /// The run was stopped from outside.
    Interrupted,
}
