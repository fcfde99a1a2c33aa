//! Who computes which sounding: the threads of one process, or the ranks of an MPI job.
//!
//! Soundings are known by their number in the survey and cost unequal time, so they are handed out one by one. Every
//! process works through the same loop; the first also keeps the book, a [`Handout`]. With MPI the others ask it, in messages
//! of a few bytes, and it answers between its own iterations.

mod crew;
mod handout;
#[cfg(feature = "mpi")]
mod ranks;
mod schedule;
mod stop;
mod threads;
mod watch;

pub use crew::{Done, Pulse, Work};
pub use handout::{Handout, Slowest, Standing};
#[cfg(feature = "mpi")]
pub use ranks::Ranks;
pub use stop::Stop;
pub use threads::{run_on_threads, thread_count};
pub use watch::{Ending, Watch};
