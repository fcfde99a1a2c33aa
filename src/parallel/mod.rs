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
mod watch;
mod workers;

pub use queue::{RunProgress, Slowest, WorkQueue};
#[cfg(feature = "mpi")]
pub use ranks::Ranks;
pub use stop::Stop;
pub use threads::{run_on_threads, thread_count};
pub use watch::{Ending, Watch};
pub use workers::{Done, TaskCallback, Work};
