//! The work queue of the leader: which rank computes which soundings, and which it gets next.

use super::schedule::Schedule;

/// The work queue: it records which rank holds which soundings. It uses no clocks and no messages, so that a simulation
/// can run it.
#[derive(Debug)]
pub struct WorkQueue {
    schedule: Schedule,
    ranks: Vec<Rank>,
    threads: usize,
    held: usize,
    progress: RunProgress,
    seconds: f64,
    longest_s: f64,
}

/// The soundings of one rank.
#[derive(Debug, Clone, Default)]
struct Rank {
    tasks: Vec<u32>,
    /// When the rank began the first of its soundings, as far as is known.
    since_s: f64,
}

/// Progress of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RunProgress {
    /// Soundings to compute in this run.
    pub total: usize,
    /// Number of finished soundings.
    pub done: usize,
    /// Number of failed soundings among the finished ones.
    pub failed: usize,
}

/// The rank that has worked longest on one sounding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slowest {
    /// The rank.
    pub rank: usize,
    /// The sounding.
    pub task: u32,
    /// Time since the sounding began, in seconds.
    pub seconds: f64,
}

/// Seconds of work that every rank holds in advance. Rank 0 needs less time than this to answer, even when it is
/// checking convergence.
const AHEAD_S: f64 = 0.25;
/// Largest number of soundings that a rank is given at once.
const LARGEST_BATCH: usize = 256;

impl WorkQueue {
    /// Makes a queue of the soundings numbered `tasks`, in ascending order, for `ranks` ranks of `threads` threads.
    pub fn new(tasks: Vec<u32>, ranks: usize, threads: usize) -> Self {
        let progress = RunProgress { total: tasks.len(), ..RunProgress::default() };
        let ranks = vec![Rank::default(); ranks];
        Self { schedule: Schedule::new(tasks), ranks, threads, held: 0, progress, seconds: 0.0, longest_s: 0.0 }
    }

    /// Returns one sounding for a thread of `rank`, at `now_s` seconds after the start.
    pub fn take(&mut self, rank: usize, now_s: f64) -> Option<u32> {
        let task = self.schedule.take()?;
        let state = &mut self.ranks[rank];
        if state.tasks.is_empty() {
            state.since_s = now_s;
        }
        state.tasks.push(task);
        self.held += 1;
        Some(task)
    }

    /// Returns the soundings to send to `rank` now, so that its threads are busy until the next refill.
    pub fn refill(&mut self, rank: usize, now_s: f64) -> Vec<u32> {
        let missing = self.wanted().saturating_sub(self.ranks[rank].tasks.len());
        (0..missing).map_while(|_| self.take(rank, now_s)).collect()
    }

    /// Records that `rank` finished `task` in `seconds`.
    pub fn finish(&mut self, rank: usize, task: u32, seconds: f64, failed: bool, now_s: f64) {
        let state = &mut self.ranks[rank];
        let Some(place) = state.tasks.iter().position(|&held| held == task) else { return };
        state.tasks.remove(place);
        state.since_s = now_s;
        self.held -= 1;
        self.progress.done += 1;
        self.progress.failed += usize::from(failed);
        self.seconds += seconds;
        self.longest_s = self.longest_s.max(seconds);
        self.schedule.learn(task, seconds);
    }

    /// Returns whether all soundings are finished.
    pub fn is_over(&self) -> bool {
        self.held == 0 && self.schedule.waiting() == 0
    }

    /// Returns whether all soundings have been handed out.
    pub fn is_exhausted(&self) -> bool {
        self.schedule.waiting() == 0
    }

    /// Returns the progress of the run.
    pub fn progress(&self) -> RunProgress {
        self.progress
    }

    /// Returns the rank that has worked longest on one sounding.
    pub fn slowest(&self, now_s: f64) -> Option<Slowest> {
        let busy = self.ranks.iter().enumerate().filter_map(|(rank, state)| {
            state.tasks.first().map(|&task| Slowest { rank, task, seconds: now_s - state.since_s })
        });
        busy.max_by(|a, b| a.seconds.total_cmp(&b.seconds))
    }

    /// Returns the number of soundings that a rank should hold: one per thread, and some in advance, from the mean cost
    /// so far. Towards the end no rank may hold soundings that another rank could begin, because soundings behind a
    /// long one begin late. First the number in advance is rounded down instead of up, then it is 0.
    fn wanted(&self) -> usize {
        let all_threads = self.ranks.len() * self.threads;
        let waiting = self.schedule.waiting();
        if waiting < 2 * all_threads || self.progress.done == 0 {
            return self.threads;
        }
        let mean_s = (self.seconds / self.progress.done as f64).max(1e-9);
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
        let mut queue = WorkQueue::new((0..20).collect(), 2, 1);
        // No cost is known yet.
        assert_eq!(queue.refill(1, 0.0).len(), 1);
        assert_eq!(queue.refill(1, 0.0).len(), 0);
        queue.finish(1, 0, 5.0, false, 5.0);
        // 19 soundings wait, 47.5 s of work for each rank.
        assert_eq!(queue.refill(1, 5.0).len(), 2);
        queue.finish(1, 4, 25.0, true, 9.0);
        // 17 soundings wait, 127.5 s: more than twice the longest.
        assert_eq!(queue.refill(1, 9.0).len(), 1);
        let own: Vec<u32> = (0..10).map_while(|_| queue.take(0, 9.0)).collect();
        assert_eq!(own.len(), 10);
        queue.finish(1, 8, 15.0, false, 20.0);
        // 6 soundings wait, 45 s: less than twice the longest.
        assert_eq!(queue.refill(1, 20.0).len(), 0);
        assert_eq!(queue.progress(), RunProgress { total: 20, done: 3, failed: 1 });
        assert!(!queue.is_over());
    }

    #[test]
    fn cheap_soundings_come_in_batches_until_little_is_left() {
        let mut queue = WorkQueue::new((0..10_000).collect(), 2, 1);
        let mut held = queue.refill(1, 0.0);
        queue.finish(1, held.remove(0), 0.01, false, 0.01);
        held.extend(queue.refill(1, 0.01));
        assert_eq!(held.len(), 26);
        for task in held.drain(..10) {
            queue.finish(1, task, 1e-9, false, 0.01);
        }
        held.extend(queue.refill(1, 0.01));
        assert!(held.len() > 26 && held.len() <= LARGEST_BATCH);
        while queue.schedule.waiting() > 3 {
            held.extend(queue.take(1, 0.02));
        }
        assert!(queue.refill(1, 0.02).is_empty());
        queue.finish(1, held[0], 1e-9, false, 0.02);
        assert_eq!(queue.refill(0, 0.02).len(), 1);
    }

    #[test]
    fn more_ranks_than_soundings_leave_some_without() {
        let mut queue = WorkQueue::new(vec![7], 3, 2);
        assert_eq!(queue.refill(2, 0.0), [7]);
        assert!(queue.refill(1, 0.0).is_empty() && queue.take(0, 0.0).is_none());
        assert!(queue.is_exhausted() && !queue.is_over());
        assert_eq!(queue.slowest(3.0), Some(Slowest { rank: 2, task: 7, seconds: 3.0 }));
        queue.finish(2, 7, 3.0, false, 3.0);
        // A report that comes twice counts once.
        queue.finish(2, 7, 3.0, false, 3.0);
        assert!(queue.is_over());
        assert_eq!(queue.progress().done, 1);
        assert_eq!(queue.slowest(4.0), None);
    }
}
