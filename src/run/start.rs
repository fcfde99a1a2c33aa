//! A run from its plan to its last sounding.

use std::path::Path;

use super::existing::{Existing, Only};
use super::inverter::{Inverter, RunDescription};
use super::journal::{Journal, RunState};
use super::observer::{Keeper, Observer};
use super::output::{Lines, Output};
use super::plan::Plan;
use crate::error::Result;
#[cfg(feature = "mpi")]
use crate::parallel::Ranks;
use crate::parallel::{Ending, RunProgress, Stop, Watch, run_on_threads};

/// A run whose line files exist; the directory is held against other runs while this lives.
pub struct Run {
    pub(super) description: RunDescription,
    output: Output,
    pending: Vec<u32>,
}

/// Outcome of a run.
#[derive(Debug)]
pub struct Finished {
    /// Number of soundings done and failed.
    pub progress: RunProgress,
    /// Whether the run is complete, or the error that stopped it. Finished soundings are on disk in any case.
    pub ending: Result<Ending>,
}

impl Run {
    /// Creates the missing result files in the directory `output`. `chosen` has, for each sounding of the survey,
    /// whether to invert it; those that are finished are inverted again only where a larger budget may change the result.
    /// Messages for the user are added to `notes`.
    ///
    /// # Errors
    /// The directory holds results that the run cannot continue, or another run is writing to it.
    pub fn new(
        plan: Plan,
        chosen: &[bool],
        output: &Path,
        existing: &Existing,
        notes: &mut Vec<String>,
    ) -> Result<Self> {
        let output = Output::open(output)?;
        output.prepare(&plan, existing, notes)?;
        let only: &[Only] = match existing {
            Existing::Continue(only) => only,
            Existing::Remove => &[],
        };
        let Lines { places, pending } = output.lines(&plan, chosen, only)?;
        let Plan { system, run, prior, .. } = plan;
        let ln_conductivity_center = prior.conductivity.mean;
        let description = RunDescription { system, run, ln_conductivity_center, lines: places };
        Ok(Self { description, output, pending })
    }

    /// Number of soundings that are not finished.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Inverts on `threads` threads until all is done or `stop` is set.
    ///
    /// # Errors
    /// The run cannot begin. What stops it later is in [`Finished::ending`].
    pub fn on_threads(self, threads: usize, stop: &Stop, observer: &mut dyn Observer) -> Result<Finished> {
        self.with(1, threads, observer, |pending, inverter, watch| {
            run_on_threads(pending, threads, stop, &|number, pulse| inverter.work(number, pulse), watch)
        })
    }

    /// Like [`Self::on_threads`], with the other ranks of an MPI job, to which the run was given by [`share`](super::share).
    ///
    /// # Errors
    /// The run cannot begin.
    #[cfg(feature = "mpi")]
    pub fn on_ranks(self, ranks: &Ranks, threads: usize, stop: &Stop, observer: &mut dyn Observer) -> Result<Finished> {
        self.with(ranks.size(), threads, observer, |pending, inverter, watch| {
            ranks.lead(pending, threads, stop, &|number, pulse| inverter.work(number, pulse), watch)
        })
    }

    /// Calls `compute` to invert the pending soundings.
    fn with(
        self,
        ranks: usize,
        threads: usize,
        observer: &mut dyn Observer,
        compute: impl FnOnce(Vec<u32>, &Inverter, &mut dyn Watch) -> Result<Ending>,
    ) -> Result<Finished> {
        let inverter = Inverter::new(self.description)?;
        let name = |number| inverter.name(number);
        let journal = Journal::begin(ranks, threads, self.pending.len());
        let mut keeper = Keeper::new(journal, self.output.directory(), &name, observer);
        let ending = compute(self.pending, &inverter, &mut keeper);
        let state = match &ending {
            Ok(Ending::Complete) => RunState::Complete,
            Ok(Ending::Interrupted) => RunState::Interrupted,
            Err(_) => RunState::Stopped,
        };
        Ok(Finished { progress: keeper.finish(state), ending })
    }
}
