//! Estimates the cost of a run from a few soundings that are sampled for some seconds.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::bayes::{CALLBACK_EVERY, invert_sounding};
use crate::parallel::thread_count;
use crate::run::{Plan, Targets};
use crate::schema::{FIELDS, Layout};
use crate::survey::Sounding;

/// Largest number of soundings that are tried.
pub const TRIED: usize = 64;

/// Result of sampling one sounding for a limited time.
#[derive(Debug, Clone, Copy)]
struct Trial {
    /// CPU time so far.
    seconds: f64,
    /// Iterations of all chains together.
    iterations: usize,
    is_finished: bool,
}

/// Measured cost of sampling.
#[derive(Debug)]
pub struct Cost {
    trials: Vec<Trial>,
    /// CPU time of an iteration of one chain.
    seconds_per_iteration: f64,
    memory_mb: Option<f64>,
}

impl Cost {
    /// Samples `soundings`, one after another on every core, for `seconds`.
    pub fn measure(plan: &Plan, soundings: &[Sounding], seconds: f64) -> Self {
        let targets = Targets::new(&plan.config, &plan.system, plan.prior.clone());
        let deadline = Instant::now() + Duration::from_secs_f64(seconds.min(3600.0));
        let next = AtomicUsize::new(0);
        let work = || {
            let mut trials = Vec::new();
            while Instant::now() < deadline
                && let Some(sounding) = soundings.get(next.fetch_add(1, Ordering::Relaxed))
            {
                trials.extend(trial(plan, &targets, sounding, deadline));
            }
            trials
        };
        let threads = thread_count(0);
        let trials: Vec<Trial> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
        });
        let sum = |of: fn(&Trial) -> f64| trials.iter().map(of).sum::<f64>();
        let seconds_per_iteration = sum(|trial| trial.seconds) / sum(|trial| trial.iterations as f64);
        Self { trials, seconds_per_iteration, memory_mb: resident_mb() }
    }

    /// Estimates the cost of a run of `count` soundings of `plan`; `None` when no sounding could be sampled in time.
    pub fn estimate(&self, plan: &Plan, count: usize) -> Option<Estimate> {
        if !self.seconds_per_iteration.is_finite() {
            return None;
        }
        let sampler = &plan.config.sampler;
        let budget = (sampler.chains * (sampler.maximum_burn_in + sampler.maximum_iterations)) as f64;
        let longest = budget * self.seconds_per_iteration;
        // A sounding that was cut off takes at least the time so far, and at most the full budget.
        let least = |trial: &Trial| trial.seconds;
        let most = |trial: &Trial| if trial.is_finished { trial.seconds } else { longest.max(trial.seconds) };
        let mean = |of: &dyn Fn(&Trial) -> f64| self.trials.iter().map(of).sum::<f64>() / self.trials.len() as f64;
        let [least, most] = [mean(&least), mean(&most)].map(|seconds| seconds * count as f64 / 3600.0);
        Some(Estimate {
            seconds_per_iteration: self.seconds_per_iteration,
            tried: self.trials.len(),
            finished: self.trials.iter().filter(|trial| trial.is_finished).count(),
            cpu_hours: (least, most),
            longest_hours: longest / 3600.0,
            disk_bytes: bytes_per_sounding(plan) * count as u64,
            memory_mb: self.memory_mb,
        })
    }
}

/// Estimated cost of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// CPU time of an iteration of one chain.
    pub seconds_per_iteration: f64,
    /// Soundings tried.
    pub tried: usize,
    /// Number of tried soundings that were done in time.
    pub finished: usize,
    /// CPU time of the run: at least, and at most.
    pub cpu_hours: (f64, f64),
    /// CPU time of a sounding that takes its whole budget.
    pub longest_hours: f64,
    /// Size of the results.
    pub disk_bytes: u64,
    /// Returns the memory of this process, if the operating system reports it.
    pub memory_mb: Option<f64>,
}

impl Estimate {
    /// Returns the largest number of hours on this number of ranks or threads: no run ends before its longest sounding.
    pub fn wall_hours(&self, ranks: usize) -> f64 {
        (self.cpu_hours.1 / ranks as f64).max(self.longest_hours)
    }
}

fn trial(plan: &Plan, targets: &Targets, sounding: &Sounding, deadline: Instant) -> Option<Trial> {
    let (target, mut forward) = targets.of(sounding)?;
    let start = cpu_time::ThreadTime::now();
    let mut iterations = 0;
    let mut callback = || {
        iterations += CALLBACK_EVERY;
        if Instant::now() < deadline { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let key = (sounding.line_number, sounding.fiducial);
    let settings = plan.config.sampler.settings();
    let posterior = invert_sounding(&target, forward.as_mut(), &settings, &plan.grids, key.0, key.1, &mut callback);
    Some(Trial { seconds: start.elapsed().as_secs_f64(), iterations, is_finished: posterior.is_some() })
}

/// Returns the number of bytes that a sounding takes in a line file.
fn bytes_per_sounding(plan: &Plan) -> u64 {
    let layout = Layout::new(&plan.run, &plan.grids, 1);
    FIELDS.iter().filter_map(|field| Some(layout.row_len(field)? * field.kind.size())).sum::<usize>() as u64
}

/// Returns the memory of this process, if the operating system reports it.
fn resident_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok().map(|kilobytes: f64| kilobytes / 1024.0)
}
