//! `geobipy invert`: survey in, one result file per line out.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Instant;

use clap::Args;

use super::config::Config;
use super::job::Job;
use super::progress::Progress;
use crate::error::{Error, Result};
use crate::parallel::for_each_on_threads;
use crate::schema::{Layout, LineReader, LineWriter, Status, create_line, line_path};
use crate::survey::{Sounding, line_label};

/// Sample the posterior of every sounding of a survey; one HDF5 (netCDF-4) file per flight line.
///
/// Finished soundings are on disk at once: the same command continues an interrupted run. Results do not depend on the
/// number of threads.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  geobipy invert examples/resolve/resolve.toml out/resolve\n  \
    geobipy invert examples/tdem/helicopter.toml out/helicopter\n  geobipy invert survey.toml out --line 30010 --line 30020 --threads 8")]
pub(super) struct InvertArgs {
    /// Configuration file (TOML)
    config: PathBuf,
    /// Directory for the result files; made if need be
    output: PathBuf,
    /// Threads; 0 uses all cores
    #[arg(long, default_value_t = 0, value_name = "N")]
    threads: usize,
    /// Seed, instead of the configuration's
    #[arg(long)]
    seed: Option<u64>,
    /// Only this line; may be repeated
    #[arg(long = "line", value_name = "NUMBER")]
    lines: Vec<f64>,
    /// Only this fiducial; may be repeated
    #[arg(long = "fiducial", value_name = "NUMBER")]
    fiducials: Vec<f64>,
}

/// One line and where its results go.
struct Line<'a> {
    soundings: &'a [Sounding],
    layout: Layout,
    writer: LineWriter,
}

pub(super) fn invert(args: &InvertArgs) -> Result<ExitCode> {
    let started = Instant::now();
    let mut config = Config::read(&args.config)?;
    if let Some(seed) = args.seed {
        config.sampler.seed = seed;
    }
    let job = Job::prepare(&config, &args.config)?;
    let chosen = chosen_lines(&job, args)?;
    let lines = open_lines(&job, &chosen, &args.output)?;
    let pending = pending(&lines, &args.fiducials);

    let progress = Progress::new(pending.len());
    let failed = Mutex::new(Vec::new());
    let inverted = for_each_on_threads(&pending, args.threads, |&(line, index)| {
        let line: &Line = &lines[line];
        let sounding = &line.soundings[index];
        let record = job.invert(sounding, &line.layout);
        line.writer.write(index, &record)?;
        if record.status() == Status::Failed {
            failed.lock().expect("nobody panics while holding this").push(sounding);
        }
        progress.step();
        Ok(())
    });
    progress.finish();
    inverted?;

    summarise(&lines, pending.len(), started, args)?;
    let failed = failed.into_inner().expect("nobody panics while holding this");
    for sounding in &failed {
        eprintln!("failed: line {}, fiducial {}", line_label(sounding.line_number), sounding.fiducial);
    }
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

/// The soundings of the lines asked for, line by line.
fn chosen_lines<'a>(job: &'a Job, args: &InvertArgs) -> Result<Vec<&'a [Sounding]>> {
    let known = job.survey.lines();
    if let Some(missing) = args.lines.iter().find(|line| !known.contains(line)) {
        let known: Vec<String> = known.iter().map(|&line| line_label(line)).collect();
        let message =
            format!("--line {}: the survey has no such line, only {}", line_label(*missing), known.join(", "));
        return Err(Error::Config(message));
    }
    let chosen: Vec<&[Sounding]> = job
        .survey
        .soundings
        .chunk_by(|a, b| a.line_number == b.line_number)
        .filter(|soundings| args.lines.is_empty() || args.lines.contains(&soundings[0].line_number))
        .collect();
    let fiducials: Vec<f64> = chosen.iter().flat_map(|soundings| soundings.iter().map(|s| s.fiducial)).collect();
    if let Some(missing) = args.fiducials.iter().find(|fiducial| !fiducials.contains(fiducial)) {
        let nearest = fiducials.iter().min_by(|a, b| (*a - missing).abs().total_cmp(&(*b - missing).abs()));
        let nearest = nearest.map_or_else(String::new, |f| format!("; the nearest is {f}"));
        let message = format!("--fiducial {missing}: the lines asked for have no such fiducial{nearest}");
        return Err(Error::Config(message));
    }
    Ok(chosen)
}

/// Each line with an open file: made now, or left by an earlier run of the same configuration.
///
/// All existing files are looked at before the first new one is made, so that a refusal leaves no trace.
fn open_lines<'a>(job: &Job, chosen: &[&'a [Sounding]], output: &Path) -> Result<Vec<Line<'a>>> {
    std::fs::create_dir_all(output).map_err(Error::io(output))?;
    refuse_strangers(job, output)?;
    chosen
        .iter()
        .map(|&soundings| {
            let layout = Layout::new(&job.run, &job.grids, soundings.len());
            let path = line_path(output, soundings[0].line_number);
            if !path.exists() {
                create_line(&path, &job.run, &layout, soundings)?;
            }
            let writer = LineWriter::open(&path, &layout, &job.run.fingerprint)?;
            Ok(Line { soundings, layout, writer })
        })
        .collect()
}

/// Every result file already in the directory must be of this run.
fn refuse_strangers(job: &Job, output: &Path) -> Result<()> {
    for path in crate::schema::line_files(output)? {
        if LineReader::open(&path)?.attribute("fingerprint")? != job.run.fingerprint {
            return Err(Error::results(
                &path,
                "holds results of another configuration, survey, system file or program version; nothing was changed: \
                 give another output directory, or remove this one",
            ));
        }
    }
    Ok(())
}

/// (line, sounding) of everything asked for that is not finished.
fn pending(lines: &[Line], fiducials: &[f64]) -> Vec<(usize, usize)> {
    let mut pending = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        for (index, sounding) in line.soundings.iter().enumerate() {
            let wanted = fiducials.is_empty() || fiducials.contains(&sounding.fiducial);
            if wanted && !line.writer.finished()[index] {
                pending.push((i, index));
            }
        }
    }
    pending
}

/// Says what came out of the run and of the directory as a whole.
fn summarise(lines: &[Line], done_now: usize, started: Instant, args: &InvertArgs) -> Result<()> {
    let mut counts = [0; Status::ALL.len()];
    let (mut cpu_seconds, mut iterations, mut sampled) = (0.0, 0.0, 0.0);
    for line in lines {
        let reader = LineReader::open(&line_path(&args.output, line.soundings[0].line_number))?;
        let (cpu, after) = (reader.read::<f64>("cpu_seconds")?, reader.read::<i64>("iterations")?);
        let (before, chains) = (reader.read::<i64>("burn_in")?, reader.read::<i32>("chain")?.len());
        for (i, status) in reader.statuses()?.into_iter().enumerate() {
            counts[status as usize] += 1;
            if status.has_posterior() {
                cpu_seconds += cpu[i];
                iterations += ((before[i] + after[i]) * chains as i64) as f64;
                sampled += 1.0;
            }
        }
    }
    let share = |status: Status| {
        let count = counts[status as usize];
        (count > 0).then(|| format!("{count} {}", status.name().replace('_', " ")))
    };
    let total: usize = counts.iter().sum();
    let shares: Vec<String> = Status::ALL.into_iter().rev().filter_map(share).collect();
    println!("{total} soundings on {} lines: {}", lines.len(), shares.join(", "));
    println!("{done_now} inverted now in {:.1} s", started.elapsed().as_secs_f64());
    if sampled > 0.0 {
        println!(
            "{:.2} CPU seconds and {:.0} thousand iterations per sounding, {:.0} thousand iterations per CPU second",
            cpu_seconds / sampled,
            iterations / sampled / 1e3,
            iterations / cpu_seconds / 1e3
        );
    }
    println!("results: {}", args.output.display());
    Ok(())
}
