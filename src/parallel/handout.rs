//! Rank 0's book: who computes what, and what everyone gets next.

use super::schedule::Schedule;

/// Which rank holds which soundings. Knows neither clocks nor messages, so that a simulation can drive it.
#[derive(Debug)]
pub struct Handout {
    schedule: Schedule,
    ranks: Vec<Rank>,
    threads: usize,
    held: usize,
    standing: Standing,
    seconds: f64,
    longest_s: f64,
}

/// What one rank holds.
#[derive(Debug, Clone, Default)]
struct Rank {
    tasks: Vec<u32>,
    /// When it began with the first of them, as far as is known.
    since_s: f64,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Standing {
    /// Soundings to compute in this run.
    pub total: usize,
    /// Of these finished.
    pub done: usize,
    /// Of these failed.
    pub failed: usize,
}

/// The rank that has been busy longest with one sounding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slowest {
    /// The rank.
    pub rank: usize,
    /// The sounding.
    pub task: u32,
    /// How long, in seconds.
    pub seconds: f64,
}

/// Work that every rank holds beside what it computes, in seconds: more than rank 0 takes to answer when it judges convergence.
const AHEAD_S: f64 = 0.25;
/// Soundings that a rank is given at once, at most.
const LARGEST_BATCH: usize = 256;

impl Handout {
    /// Of the soundings numbered `tasks`, in ascending order, to `ranks` ranks of `threads` threads.
    pub fn new(tasks: Vec<u32>, ranks: usize, threads: usize) -> Self {
        let standing = Standing { total: tasks.len(), ..Standing::default() };
        let ranks = vec![Rank::default(); ranks];
        Self { schedule: Schedule::new(tasks), ranks, threads, held: 0, standing, seconds: 0.0, longest_s: 0.0 }
    }

    /// One sounding for a thread of `rank`, at `now_s` seconds after the start.
    pub fn take(&mut self, rank: usize, now_s: f64) -> Option<u32> {
        let task = self.schedule.take()?;
        let book = &mut self.ranks[rank];
        if book.tasks.is_empty() {
            book.since_s = now_s;
        }
        book.tasks.push(task);
        self.held += 1;
        Some(task)
    }

    /// What `rank` is to be sent now, so that its threads are busy until the next time.
    pub fn refill(&mut self, rank: usize, now_s: f64) -> Vec<u32> {
        let missing = self.wanted().saturating_sub(self.ranks[rank].tasks.len());
        (0..missing).map_while(|_| self.take(rank, now_s)).collect()
    }

    /// Notes that `rank` finished `task` in `seconds`.
    pub fn finish(&mut self, rank: usize, task: u32, seconds: f64, failed: bool, now_s: f64) {
        let book = &mut self.ranks[rank];
        let Some(place) = book.tasks.iter().position(|&held| held == task) else { return };
        book.tasks.remove(place);
        book.since_s = now_s;
        self.held -= 1;
        self.standing.done += 1;
        self.standing.failed += usize::from(failed);
        self.seconds += seconds;
        self.longest_s = self.longest_s.max(seconds);
        self.schedule.learn(task, seconds);
    }

    /// Whether nothing waits and nobody holds anything.
    pub fn is_over(&self) -> bool {
        self.held == 0 && self.schedule.waiting() == 0
    }

    /// Whether nothing waits.
    pub fn is_exhausted(&self) -> bool {
        self.schedule.waiting() == 0
    }

    /// How far the run is.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// Who has been busy longest with one sounding.
    pub fn slowest(&self, now_s: f64) -> Option<Slowest> {
        let busy = self.ranks.iter().enumerate().filter_map(|(rank, book)| {
            book.tasks.first().map(|&task| Slowest { rank, task, seconds: now_s - book.since_s })
        });
        busy.max_by(|a, b| a.seconds.total_cmp(&b.seconds))
    }

    /// Soundings a rank should hold: one per thread, and ahead of need what the mean cost so far says. Towards the end
    /// nobody sits on work that another could begin: what is held behind a long sounding begins late, so that first
    /// single soundings are held no more, then none.
    fn wanted(&self) -> usize {
        let all_threads = self.ranks.len() * self.threads;
        let waiting = self.schedule.waiting();
        if waiting < 2 * all_threads || self.standing.done == 0 {
            return self.threads;
        }
        let mean_s = (self.seconds / self.standing.done as f64).max(1e-9);
        let left_s = waiting as f64 * mean_s / all_threads as f64;
        let ahead = self.threads as f64 * AHEAD_S / mean_s;
        let ahead = if left_s > 2.0 * self.longest_s { ahead.ceil() } else { ahead.floor() };
        self.threads + (ahead as usize).min(LARGEST_BATCH.saturating_sub(self.threads))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_hold_one_ahead_until_the_longest_reaches_the_end() {
        let mut handout = Handout::new((0..20).collect(), 2, 1);
        // Nothing is known.
        assert_eq!(handout.refill(1, 0.0).len(), 1);
        assert_eq!(handout.refill(1, 0.0).len(), 0);
        handout.finish(1, 0, 5.0, false, 5.0);
        // 19 wait, 47.5 s of work for each rank.
        assert_eq!(handout.refill(1, 5.0).len(), 2);
        handout.finish(1, 4, 25.0, true, 9.0);
        // 17 wait, 127.5 s: more than twice the longest.
        assert_eq!(handout.refill(1, 9.0).len(), 1);
        let own: Vec<u32> = (0..10).map_while(|_| handout.take(0, 9.0)).collect();
        assert_eq!(own.len(), 10);
        handout.finish(1, 8, 15.0, false, 20.0);
        // 6 wait, 45 s: less.
        assert_eq!(handout.refill(1, 20.0).len(), 0);
        assert_eq!(handout.standing(), Standing { total: 20, done: 3, failed: 1 });
        assert!(!handout.is_over());
    }

    #[test]
    fn cheap_soundings_come_in_batches_until_little_is_left() {
        let mut handout = Handout::new((0..10_000).collect(), 2, 1);
        let mut held = handout.refill(1, 0.0);
        handout.finish(1, held.remove(0), 0.01, false, 0.01);
        held.extend(handout.refill(1, 0.01));
        assert_eq!(held.len(), 26);
        for task in held.drain(..10) {
            handout.finish(1, task, 1e-9, false, 0.01);
        }
        held.extend(handout.refill(1, 0.01));
        assert!(held.len() > 26 && held.len() <= LARGEST_BATCH);
        while handout.schedule.waiting() > 3 {
            held.extend(handout.take(1, 0.02));
        }
        assert!(handout.refill(1, 0.02).is_empty());
        handout.finish(1, held[0], 1e-9, false, 0.02);
        assert_eq!(handout.refill(0, 0.02).len(), 1);
    }

    #[test]
    fn more_ranks_than_soundings_leave_some_without() {
        let mut handout = Handout::new(vec![7], 3, 2);
        assert_eq!(handout.refill(2, 0.0), [7]);
        assert!(handout.refill(1, 0.0).is_empty() && handout.take(0, 0.0).is_none());
        assert!(handout.is_exhausted() && !handout.is_over());
        assert_eq!(handout.slowest(3.0), Some(Slowest { rank: 2, task: 7, seconds: 3.0 }));
        handout.finish(2, 7, 3.0, false, 3.0);
        // A report that comes twice counts once.
        handout.finish(2, 7, 3.0, false, 3.0);
        assert!(handout.is_over());
        assert_eq!(handout.standing().done, 1);
        assert_eq!(handout.slowest(4.0), None);
    }
}
