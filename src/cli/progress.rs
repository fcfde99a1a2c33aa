//! One line that says how far a run is.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

/// A bar on a terminal; elsewhere a plain line now and then.
pub(super) struct Progress {
    bar: ProgressBar,
    plain: Option<Mutex<Instant>>,
}

/// Time between plain lines.
const PLAIN_INTERVAL: Duration = Duration::from_secs(30);

impl Progress {
    pub(super) fn new(total: usize) -> Self {
        let bar = ProgressBar::new(total as u64);
        let template = "{bar:40} {pos}/{len} soundings, {per_sec}, {eta} left {msg}";
        bar.set_style(ProgressStyle::with_template(template).expect("the template is valid"));
        let plain = (!std::io::stderr().is_terminal()).then(|| Mutex::new(Instant::now()));
        if plain.is_none() {
            bar.enable_steady_tick(Duration::from_millis(500));
        }
        Self { bar, plain }
    }

    /// One sounding more is done.
    pub(super) fn step(&self) {
        self.bar.inc(1);
        let Some(last) = &self.plain else { return };
        let mut last = last.lock().expect("no thread panics while it holds this");
        if last.elapsed() >= PLAIN_INTERVAL {
            *last = Instant::now();
            let (done, total) = (self.bar.position(), self.bar.length().unwrap_or(0));
            let rate = done as f64 / self.bar.elapsed().as_secs_f64();
            let left = Duration::from_secs_f64((total - done) as f64 / rate);
            eprintln!("{done}/{total} soundings, {rate:.2}/s, {} left", HumanDuration(left));
        }
    }

    /// Removes the bar.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
