//! A run on the ranks of an MPI job.

use super::inverter::{Inverter, RunDescription};
use super::start::Run;
use crate::error::Result;
use crate::parallel::{Ranks, Stop};

/// Sends the run from rank 0 to the other ranks, or `None` if it could not be prepared.
pub fn share(ranks: &Ranks, run: Option<&Run>) {
    ranks.share(run.map(|run| &run.description));
}

/// Runs a rank other than 0 with `threads` threads; returns whether there was a run.
///
/// # Errors
/// The run cannot be understood.
pub fn follow(ranks: &Ranks, threads: usize, stop: &Stop) -> Result<bool> {
    let Some(description) = ranks.shared::<RunDescription>()? else { return Ok(false) };
    let inverter = Inverter::new(description)?;
    ranks.follow(threads, stop, &|number, pulse| inverter.work(number, pulse));
    Ok(true)
}
