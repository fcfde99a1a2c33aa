//! A survey inverted: the files that a configuration names become a plan, the plan a run, the run a directory of results.
//!
//! A [`Plan`] is everything that soundings share. A [`Run`] has a result file for each line before the first sounding is sampled; each
//! sounding is read from there, inverted, and written there. So the ranks of an MPI job hold no survey, and a run that was
//! interrupted goes on where it stopped.

mod existing;
mod inputs;
mod inverter;
mod journal;
mod observer;
mod output;
mod panics;
mod plan;
mod prior;
#[cfg(feature = "mpi")]
mod ranks;
mod rejected;
mod selection;
mod start;
mod status_counts;
mod suspects;
mod targets;
mod verdicts;

pub use self::existing::{Existing, Only};
pub use self::inputs::read_system;
pub(crate) use self::inputs::{choose_components, gate_limits_s, noise_model, open_survey, physics};
pub use self::journal::{Journal, RunState};
pub use self::observer::Observer;
pub use self::plan::{Plan, missing_crs, refuse_rejected_rows};
pub use self::prior::evenly;
pub(crate) use self::prior::{above_ground, expected_std, prior};
#[cfg(feature = "mpi")]
pub use self::ranks::{follow, share};
pub use self::rejected::Rejected;
pub use self::selection::Selection;
pub use self::start::{Finished, Run};
pub use self::status_counts::StatusCounts;
pub use self::suspects::{UndeclaredNull, undeclared_nulls};
pub use self::targets::Targets;
