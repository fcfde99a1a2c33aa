//! Detects how this process was started, and receives the signals that end it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use super::exit::INTERRUPTED;
use crate::error::{Error, Result};

/// Environment variables of launchers: the number of processes, and the index of this one.
const LAUNCHERS: [[&str; 2]; 4] = [
    ["OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"],
    ["SLURM_STEP_NUM_TASKS", "SLURM_PROCID"],
    ["PMI_SIZE", "PMI_RANK"],
    ["MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK"],
];

/// One of several processes that a launcher started.
pub(super) struct Copy {
    pub(super) count: usize,
    pub(super) number: usize,
}

/// Returns the number of processes and the index of this one, if a launcher started several.
pub(super) fn copy(variable: impl Fn(&str) -> Option<String>) -> Option<Copy> {
    let number = |name: &str| variable(name).and_then(|text| text.trim().parse().ok());
    let copy = |[count, which]: [&str; 2]| Some(Copy { count: number(count)?, number: number(which).unwrap_or(0) });
    // The innermost launcher counts: mpirun may itself be a task of SLURM.
    LAUNCHERS.into_iter().find_map(copy).filter(|copy| copy.count > 1)
}

/// Returns a flag that SIGTERM and SIGINT set. A second SIGINT ends the process at once; finished soundings are already
/// on disk.
pub(super) fn catch_signals() -> Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let register = || {
        flag::register_conditional_shutdown(SIGINT, INTERRUPTED.into(), Arc::clone(&flag))?;
        flag::register(SIGINT, Arc::clone(&flag))?;
        flag::register(SIGTERM, Arc::clone(&flag))
    };
    register().map_err(|error| Error::Config(format!("cannot catch signals: {error}")))?;
    Ok(flag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn launchers_are_recognised_by_what_they_set() {
        let with = |set: &[(&str, &str)]| {
            let set: Vec<(String, String)> = set.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            copy(move |name| set.iter().find(|(set, _)| set == name).map(|(_, value)| value.clone()))
                .map(|copy| (copy.count, copy.number))
        };
        assert_eq!(with(&[("OMPI_COMM_WORLD_SIZE", "4"), ("OMPI_COMM_WORLD_RANK", "2")]), Some((4, 2)));
        assert_eq!(with(&[("SLURM_STEP_NUM_TASKS", "8"), ("SLURM_PROCID", "0")]), Some((8, 0)));
        assert_eq!(with(&[("OMPI_COMM_WORLD_SIZE", "1"), ("SLURM_STEP_NUM_TASKS", "2")]), None);
        // A single process needs no message, and a batch script has a rank but no step.
        assert_eq!(with(&[("OMPI_COMM_WORLD_SIZE", "1"), ("OMPI_COMM_WORLD_RANK", "0")]), None);
        assert_eq!(with(&[("SLURM_PROCID", "0"), ("SLURM_NTASKS", "4")]), None);
    }
}
