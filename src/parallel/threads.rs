//! All cores of one machine.

use rayon::prelude::*;

use crate::error::{Error, Result};

/// Calls `work` for each of `items` on `threads` threads (0: one per core), handing them out one by one because they cost
/// unequal time. Stops handing out at the first error and returns it.
pub fn for_each_on_threads<T: Sync>(
    items: &[T],
    threads: usize,
    work: impl Fn(&T) -> Result<()> + Send + Sync,
) -> Result<()> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| Error::Config(format!("cannot start {threads} threads: {error}")))?;
    pool.install(|| items.par_iter().with_max_len(1).try_for_each(work))
}
