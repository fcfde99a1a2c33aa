//! One line that says how far a run is.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use crate::error::Error;
use crate::parallel::RunProgress;
use crate::run::Observer;

/// A progress bar on a terminal; elsewhere a plain line from time to time.
pub(super) struct Progress {
    bar: ProgressBar,
    /// Time of the last plain line; `None` on a terminal.
    plain: Option<Instant>,
    ranks: usize,
}

/// Time between plain lines.
const PLAIN_INTERVAL: Duration = Duration::from_secs(30);

impl Progress {
    /// Creates the progress bar of a run of `total` soundings on `ranks` ranks.
    pub(super) fn new(total: usize, ranks: usize) -> Self {
        let bar = bar(total);
        let plain = (!std::io::stderr().is_terminal()).then(Instant::now);
        if plain.is_none() {
            bar.enable_steady_tick(Duration::from_millis(500));
        }
        Self { bar, plain, ranks }
    }

    /// Removes the bar.
    pub(super) fn finish(self) {
        self.bar.finish_and_clear();
    }
}

/// Returns remarks such as `, 2 failed, slowest rank 3 (31 s at line 10, fiducial 7)`.
fn remarks(failed: usize, slowest: Option<String>) -> String {
    let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
    let slowest = slowest.map_or_else(String::new, |slowest| format!(", slowest {slowest}"));
    failed + &slowest
}

impl Observer for Progress {
    fn update(&mut self, progress: RunProgress, slowest: &dyn Fn() -> Option<String>) {
        let RunProgress { total, done, failed } = progress;
        self.bar.set_position(done as u64);
        match self.plain {
            None => self.bar.set_message(remarks(failed, slowest())),
            Some(last) if last.elapsed() >= PLAIN_INTERVAL => {
                self.plain = Some(Instant::now());
                let rate = rate(done, total, self.bar.elapsed());
                eprintln!("{done}/{total} soundings{rate}{}", remarks(failed, slowest()));
            }
            Some(_) => {}
        }
    }

    fn note(&mut self, rank: usize, text: &str) {
        let who = if self.ranks > 1 { format!("rank {rank}: ") } else { String::new() };
        self.bar.suspend(|| eprintln!("geobipy: warning: {who}{text}"));
    }

    fn warning(&mut self, error: &Error) {
        self.bar.suspend(|| eprintln!("geobipy: warning: {error}"));
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
