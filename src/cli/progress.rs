//! Shows the progress of a run in one line, and writes the journal beside its results.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use super::journal::{Journal, State};
use crate::parallel::{RunProgress, Slowest, Watch};

/// A progress bar on a terminal; elsewhere a plain line from time to time.
pub(super) struct Progress<'a> {
    bar: ProgressBar,
    /// Time of the last plain line; `None` on a terminal.
    plain: Option<Instant>,
    journal: Journal,
    directory: PathBuf,
    last_entry: Instant,
    /// Returns the name of a sounding from its number.
    name: &'a dyn Fn(u32) -> String,
}

/// Time between plain lines, and between entries in the journal.
const PLAIN_INTERVAL: Duration = Duration::from_secs(30);
const JOURNAL_INTERVAL: Duration = Duration::from_secs(2);

impl<'a> Progress<'a> {
    /// Begins the display for the run of `journal`, which is written below `directory`.
    pub(super) fn new(mut journal: Journal, directory: &Path, name: &'a dyn Fn(u32) -> String) -> Self {
        let bar = bar(journal.total);
        let plain = (!std::io::stderr().is_terminal()).then(Instant::now);
        if plain.is_none() {
            bar.enable_steady_tick(Duration::from_millis(500));
        }
        if journal.total > 0 {
            write(&mut journal, directory);
        }
        let directory = directory.to_path_buf();
        Self { bar, plain, journal, directory, last_entry: Instant::now(), name }
    }

    /// Removes the bar and writes the last entry.
    pub(super) fn finish(mut self, state: State) -> RunProgress {
        self.bar.finish_and_clear();
        self.journal.state = state;
        if self.journal.total > 0 {
            write(&mut self.journal, &self.directory);
        }
        RunProgress { total: self.journal.total, done: self.journal.done, failed: self.journal.failed }
    }

    /// Returns remarks such as `, 2 failed, slowest rank 3 (31 s at line 10, fiducial 7)`.
    fn remarks(&self) -> String {
        let failed = Some(self.journal.failed).filter(|&failed| failed > 0);
        let failed = failed.map_or_else(String::new, |failed| format!(", {failed} failed"));
        let slowest = self.journal.slowest.as_ref().map_or_else(String::new, |slowest| format!(", slowest {slowest}"));
        failed + &slowest
    }
}

impl Watch for Progress<'_> {
    fn update(&mut self, progress: RunProgress, slowest: Option<Slowest>) {
        self.journal.done = progress.done;
        self.journal.failed = progress.failed;
        self.bar.set_position(progress.done as u64);
        let entry = self.last_entry.elapsed() >= JOURNAL_INTERVAL;
        let line = self.plain.is_some_and(|last| last.elapsed() >= PLAIN_INTERVAL);
        if self.plain.is_none() || entry || line {
            // With one process there is nothing to compare.
            self.journal.slowest = slowest.filter(|_| self.journal.ranks > 1).map(|slowest| {
                format!("rank {} ({:.0} s at {})", slowest.rank, slowest.seconds, (self.name)(slowest.task))
            });
            self.bar.set_message(self.remarks());
        }
        if entry {
            self.last_entry = Instant::now();
            write(&mut self.journal, &self.directory);
        }
        if line {
            self.plain = Some(Instant::now());
            let rate = rate(progress.done, progress.total, self.bar.elapsed());
            eprintln!("{}/{} soundings{rate}{}", progress.done, progress.total, self.remarks());
        }
    }

    fn note(&mut self, rank: usize, text: &str) {
        let who = if self.journal.ranks > 1 { format!("rank {rank}: ") } else { String::new() };
        self.bar.suspend(|| eprintln!("geobipy: warning: {who}{text}"));
    }
}

/// Returns a bar of `total` soundings.
pub(super) fn bar(total: usize) -> ProgressBar {
    let template = "{bar:40} {pos}/{len} soundings, {per_sec}, {eta} left{msg}";
    ProgressBar::new(total as u64).with_style(ProgressStyle::with_template(template).expect("the template is valid"))
}

/// Returns a bar of another unit, whose total is not known yet; it is hidden without a terminal.
pub(super) fn steps(unit: &str) -> ProgressBar {
    let template = format!("{{bar:40}} {{pos}}/{{len}} {unit}, {{per_sec}}, {{eta}} left");
    let bar = ProgressBar::new(1).with_style(ProgressStyle::with_template(&template).expect("the template is valid"));
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
    }
    bar
}

/// Returns the rate and the time left, such as `, 4.10/s, 7 minutes left`; the text is empty until the first sounding
/// is done.
pub(super) fn rate(done: usize, total: usize, elapsed: Duration) -> String {
    if done == 0 || elapsed.is_zero() {
        return String::new();
    }
    let rate = done as f64 / elapsed.as_secs_f64();
    let left = Duration::from_secs_f64((total - done) as f64 / rate);
    format!(", {rate:.2}/s, {} left", HumanDuration(left))
}

/// Writes the journal; a failure to write it must not end the run.
fn write(journal: &mut Journal, directory: &Path) {
    if let Err(error) = journal.write(directory) {
        eprintln!("geobipy: warning: {error}");
    }
}
