//! `geobipy invert`: reads a survey and writes one result file per line.

#[cfg(feature = "mpi")]
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;

use super::exit::{FAILED_SOUNDINGS, INTERRUPTED};
use super::launch;
use super::notes::tell;
use super::progress::Progress;
use super::selection::SelectionArgs;
use crate::error::{Error, Result};
use crate::import::read_config;
#[cfg(feature = "mpi")]
use crate::parallel::Ranks;
use crate::parallel::{Ending, RunProgress, Stop, thread_count};
use crate::results::Survey;
use crate::run::{Existing, Finished, Only, Plan, Run, StatusCounts, missing_crs};
#[cfg(feature = "mpi")]
use crate::run::{follow, share};

/// Sample the posterior of every sounding of a survey; one HDF5 (netCDF-4) file per flight line.
///
/// Every finished sounding is written to disk at once: the same command continues a run that was interrupted or killed.
/// Results do not depend on the number of threads or ranks, nor on interruptions.
///
/// With a larger budget (sampler.maximum_burn_in, sampler.maximum_iterations, sampler.ess_target, sampler.rhat_target) the
/// command continues in the same directory: it inverts again what the larger budget may change, and results are those of
/// a run that had the larger budget from the start. --only restricts this to soundings with some outcomes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  geobipy invert examples/resolve/resolve.toml out/resolve\n  \
    geobipy invert examples/tdem/helicopter.toml out/helicopter\n  geobipy invert survey.toml out --line 30010 --line 30020 --threads 8\n  \
    geobipy invert survey.toml out --only not-converged --set sampler.maximum_iterations=1000000\n  \
    srun geobipy invert survey.toml out --mpi\n\n\
    Exit codes: 0 done; 1 an error; 2 wrong arguments; 3 done, but soundings failed; 4 interrupted")]
pub(super) struct InvertArgs {
    /// Configuration file (TOML), or an options file of GeoBIPy
    config: PathBuf,
    /// Directory for the result files; it is created if necessary
    output: PathBuf,
    /// Share the work between the ranks of an MPI job (mpirun, srun)
    #[arg(long)]
    mpi: bool,
    /// Number of threads, of each rank with --mpi; 0 uses all cores. Default: 0 without --mpi, 1 with it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Remove the results of any run in OUTPUT, and start anew
    #[arg(long, conflicts_with = "only")]
    overwrite: bool,
    /// Only soundings of an earlier run with this outcome, with a larger budget; may be repeated or separated by commas
    #[arg(long, value_name = "OUTCOME", value_enum, value_delimiter = ',')]
    only: Vec<Only>,
    /// A value instead of the configuration's, as in model.maximum_layers=20; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Seed, instead of the configuration's
    #[arg(long)]
    seed: Option<u64>,
    #[command(flatten)]
    selection: SelectionArgs,
}

pub(super) fn invert(args: &InvertArgs) -> Result<ExitCode> {
    if args.mpi {
        return with_ranks(args).map(ExitCode::from);
    }
    if let Some(copy) = launch::copy(|name| std::env::var(name).ok()) {
        let message = format!("{} copies of this command were started: add --mpi, to share the work", copy.count);
        return one_speaks_for_all(copy.number, message).map(ExitCode::from);
    }
    let stop = Stop::new(launch::catch_signals()?);
    let threads = thread_count(args.threads.unwrap_or(0));
    let started = Instant::now();
    let run = prepared(args)?;
    let mut progress = Progress::new(run.pending(), 1);
    let finished = run.on_threads(threads, &stop, &mut progress)?;
    progress.finish();
    result(args, finished, started).map(ExitCode::from)
}

/// Reports the error that all processes have in common, from the first one only.
fn one_speaks_for_all(number: usize, message: String) -> Result<u8> {
    if number == 0 {
        return Err(Error::Parallel(message));
    }
    // Launchers end all processes when one has failed, so the first must print its message before.
    std::thread::sleep(Duration::from_secs(1));
    Ok(1)
}

#[cfg(not(feature = "mpi"))]
fn with_ranks(_: &InvertArgs) -> Result<u8> {
    let message = "--mpi: this geobipy was built without MPI; build it with the feature mpi, or leave --mpi out";
    Err(Error::Unavailable { feature: "mpi", message: message.into() })
}

#[cfg(feature = "mpi")]
fn with_ranks(args: &InvertArgs) -> Result<u8> {
    let stop = Stop::new(launch::catch_signals()?);
    let ranks = Ranks::join()?;
    if let Some(launch::Copy { count, number }) = launch::copy(|name| std::env::var(name).ok())
        && ranks.size() == 1
    {
        // Without MPI each process would do all the work.
        let message = format!(
            "{count} processes were started, but MPI does not connect them: this geobipy was built for another MPI than the \
             launcher's, or the launcher needs to be told (srun --mpi=pmix)"
        );
        return one_speaks_for_all(number, message);
    }
    // Catch panics: a rank that ends unexpectedly would leave the others waiting.
    let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| {
        if ranks.rank() == 0 { lead(args, &ranks, &stop) } else { help(args, &ranks, &stop) }
    }));
    let outcome = outcome.unwrap_or_else(|_| Err(Error::Internal("internal error".into())));
    if ranks.is_waited_for() || ranks.rank() > 0 && outcome.is_err() {
        let code = outcome.unwrap_or_else(|error| {
            eprintln!("geobipy: rank {}: {error}", ranks.rank());
            1
        });
        ranks.abort(code.into());
    }
    outcome
}

/// Runs rank 0.
#[cfg(feature = "mpi")]
fn lead(args: &InvertArgs, ranks: &Ranks, stop: &Stop) -> Result<u8> {
    let started = Instant::now();
    let run = prepared(args);
    share(ranks, run.as_ref().ok());
    let run = run?;
    let mut progress = Progress::new(run.pending(), ranks.size());
    let finished = run.on_ranks(ranks, thread_count(args.threads.unwrap_or(1)), stop, &mut progress)?;
    progress.finish();
    result(args, finished, started)
}

/// Runs every other rank.
#[cfg(feature = "mpi")]
fn help(args: &InvertArgs, ranks: &Ranks, stop: &Stop) -> Result<u8> {
    // If there is nothing to do, rank 0 has given the reason.
    let was_run = follow(ranks, thread_count(args.threads.unwrap_or(1)), stop)?;
    Ok(u8::from(!was_run))
}

/// Reads the configuration and its files, and creates missing line files.
fn prepared(args: &InvertArgs) -> Result<Run> {
    let mut config = tell(|notes| read_config(&args.config, &args.sets, notes))?;
    if let Some(seed) = args.seed {
        config.sampler.seed = seed;
    }
    let plan = tell(|notes| Plan::read(&config, &args.config, notes))?;
    if plan.config.survey.crs.is_none() {
        eprintln!("geobipy: {}", missing_crs(&plan.survey));
    }
    let chosen = args.selection.selection().choose(&plan.survey, plan.config.survey.crs.as_deref())?;
    let existing = if args.overwrite { Existing::Remove } else { Existing::Continue(args.only.clone()) };
    let run = tell(|notes| Run::new(plan, &chosen, &args.output, &existing, notes))?;
    if !args.only.is_empty() && run.pending() == 0 {
        eprintln!(
            "geobipy: no sounding with such an outcome would have another result: give a larger budget, as in \
             --set sampler.maximum_iterations={}",
            2 * config.sampler.maximum_iterations
        );
    }
    Ok(run)
}

/// Prints the outcome of a run and returns the exit code.
fn result(args: &InvertArgs, finished: Finished, started: Instant) -> Result<u8> {
    let Finished { progress: RunProgress { total, done, failed }, ending } = finished;
    if !matches!(ending, Ok(Ending::Complete)) {
        eprintln!(
            "geobipy: {}: {done} of {total} soundings were inverted and are safe; the same command continues",
            if ending.is_ok() { "interrupted" } else { "stopped by an error" },
        );
    }
    if ending? == Ending::Interrupted {
        return Ok(INTERRUPTED);
    }
    let status_counts = StatusCounts::take(&Survey::open(std::slice::from_ref(&args.output), &[])?)?;
    say!("{}", status_counts.shares());
    status_counts.verdicts().iter().for_each(|line| say!("{line}"));
    say!("{done} inverted now in {:.1} s", started.elapsed().as_secs_f64());
    if let Some(cost) = status_counts.cost() {
        say!("{cost}");
    }
    say!("results: {}", args.output.display());
    Ok(if failed == 0 { 0 } else { FAILED_SOUNDINGS })
}
