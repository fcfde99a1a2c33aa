//! `geobipy invert`: reads a survey and writes one result file per line.

mod caught;
mod inverter;
mod launch;
mod output;

#[cfg(feature = "mpi")]
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;

use self::inverter::{Brief, Inverter};
use self::output::{Lines, Output};

use super::census::Census;
use super::inputs::read_config;
use super::journal::{Journal, State};
use super::plan::{Plan, missing_crs};
use super::progress::Progress;
use super::selection::Selection;
use super::{EXIT_FAILED_SOUNDINGS, EXIT_INTERRUPTED};
use crate::error::{Error, Result};
#[cfg(feature = "mpi")]
use crate::parallel::Ranks;
use crate::parallel::{Ending, RunProgress, Stop, Watch, run_on_threads, thread_count};
use crate::results::Survey;

/// Sample the posterior of every sounding of a survey; one HDF5 (netCDF-4) file per flight line.
///
/// Every finished sounding is written to disk at once: the same command continues a run that was interrupted or killed.
/// Results do not depend on the number of threads or ranks, nor on interruptions.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  geobipy invert examples/resolve/resolve.toml out/resolve\n  \
    geobipy invert examples/tdem/helicopter.toml out/helicopter\n  geobipy invert survey.toml out --line 30010 --line 30020 --threads 8\n  \
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
    #[arg(long)]
    overwrite: bool,
    /// A value instead of the configuration's, as in model.maximum_layers=20; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Seed, instead of the configuration's
    #[arg(long)]
    seed: Option<u64>,
    #[command(flatten)]
    selection: Selection,
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
    let code = Prepared::new(args)?.run(args, 1, threads, |pending, inverter, progress| {
        run_on_threads(pending, threads, &stop, &|number, callback| inverter.work(number, callback), progress)
    })?;
    Ok(ExitCode::from(code))
}

/// Reports the error that all processes have in common, from the first one only.
fn one_speaks_for_all(number: usize, message: String) -> Result<u8> {
    if number == 0 {
        return Err(Error::Config(message));
    }
    // Launchers end all processes when one has failed, so the first must print its message before.
    std::thread::sleep(Duration::from_secs(1));
    Ok(1)
}

#[cfg(not(feature = "mpi"))]
fn with_ranks(_: &InvertArgs) -> Result<u8> {
    let message = "--mpi: this geobipy was built without MPI; build it with the feature mpi, or leave --mpi out";
    Err(Error::Config(message.into()))
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
        if ranks.rank() == 0 { lead(args, &ranks, &stop) } else { follow(args, &ranks, &stop) }
    }));
    let outcome = outcome.unwrap_or_else(|_| Err(Error::Config("internal error".into())));
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
    let prepared = Prepared::new(args);
    ranks.share(prepared.as_ref().ok().map(|prepared| &prepared.brief));
    let threads = thread_count(args.threads.unwrap_or(1));
    prepared?.run(args, ranks.size(), threads, |pending, inverter, progress| {
        ranks.lead(pending, threads, stop, &|number, callback| inverter.work(number, callback), progress)
    })
}

/// Runs every other rank.
#[cfg(feature = "mpi")]
fn follow(args: &InvertArgs, ranks: &Ranks, stop: &Stop) -> Result<u8> {
    // If there is nothing to do, rank 0 has given the reason.
    let Some(brief) = ranks.shared::<Brief>()? else { return Ok(1) };
    let inverter = Inverter::new(brief)?;
    ranks.follow(thread_count(args.threads.unwrap_or(1)), stop, &|number, callback| inverter.work(number, callback));
    Ok(0)
}

/// A run whose line files exist.
struct Prepared {
    brief: Brief,
    /// Number of chosen soundings.
    chosen: usize,
    pending: Vec<u32>,
    /// The lock of the directory, held until the run has ended.
    _output: Output,
    started: Instant,
}

impl Prepared {
    /// Reads the configuration and its files, and creates missing line files.
    fn new(args: &InvertArgs) -> Result<Self> {
        let started = Instant::now();
        let mut config = read_config(&args.config, &args.sets)?;
        if let Some(seed) = args.seed {
            config.sampler.seed = seed;
        }
        let plan = Plan::read(&config, &args.config)?;
        if config.survey.crs.is_none() {
            eprintln!("geobipy: {}", missing_crs(&plan.survey));
        }
        let chosen = args.selection.choose(&plan.survey, config.survey.crs.as_deref())?;
        let output = Output::open(&args.output)?;
        output.prepare(&plan, args.overwrite)?;
        let Lines { places, pending } = output.lines(&plan, &chosen)?;
        let Plan { system, run, prior, .. } = plan;
        let ln_conductivity_center = prior.conductivity.mean;
        let brief = Brief { system, run, ln_conductivity_center, lines: places };
        let chosen = chosen.iter().filter(|&&is_chosen| is_chosen).count();
        Ok(Self { brief, chosen, pending, _output: output, started })
    }

    /// Inverts the pending soundings with `compute`, and reports progress and outcome.
    fn run(
        self,
        args: &InvertArgs,
        ranks: usize,
        threads: usize,
        compute: impl FnOnce(Vec<u32>, &Inverter, &mut dyn Watch) -> Result<Ending>,
    ) -> Result<u8> {
        let inverter = Inverter::new(self.brief)?;
        let name = |number| inverter.name(number);
        let journal = Journal::begin(ranks, threads, self.chosen, self.pending.len());
        let mut progress = Progress::new(journal, &args.output, &name);
        let ending = compute(self.pending, &inverter, &mut progress);
        let state = match &ending {
            Ok(Ending::Complete) => State::Complete,
            Ok(Ending::Interrupted) => State::Interrupted,
            Err(_) => State::Stopped,
        };
        let RunProgress { total, done, failed } = progress.finish(state);
        if state != State::Complete {
            eprintln!(
                "geobipy: {}: {done} of {total} soundings were inverted and are safe; the same command continues",
                if state == State::Interrupted { "interrupted" } else { "stopped by an error" },
            );
        }
        if ending? == Ending::Interrupted {
            return Ok(EXIT_INTERRUPTED);
        }
        let census = Census::take(&Survey::open(std::slice::from_ref(&args.output), &[])?)?;
        say!("{}", census.shares());
        census.verdicts().iter().for_each(|line| say!("{line}"));
        say!("{done} inverted now in {:.1} s", self.started.elapsed().as_secs_f64());
        if let Some(cost) = census.cost() {
            say!("{cost}");
        }
        say!("results: {}", args.output.display());
        Ok(if failed == 0 { 0 } else { EXIT_FAILED_SOUNDINGS })
    }
}
