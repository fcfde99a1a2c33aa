//! A run on the ranks of an MPI job.

use super::inverter::{Brief, Inverter};
use super::start::Run;
use crate::error::Result;
use crate::parallel::{Ranks, Stop};

/// What rank 0 tells the others: the run, or that there is none because it could not be made.
pub fn share(ranks: &Ranks, run: Option<&Run>) {
    ranks.share(run.map(|run| &run.brief));
}

/// What every other rank does, with `threads` threads; whether there was a run.
///
/// # Errors
/// The run cannot be understood.
pub fn follow(ranks: &Ranks, threads: usize, stop: &Stop) -> Result<bool> {
    let Some(brief) = ranks.shared::<Brief>()? else { return Ok(false) };
    let inverter = Inverter::new(brief)?;
    ranks.follow(threads, stop, &|number, pulse| inverter.work(number, pulse));
    Ok(true)
}
