//! Policies for the distribution of soundings: the program's, and others for comparison.

use geobipy::parallel::WorkQueue;

/// The decisions of rank 0.
pub trait Policy {
    /// Returns one sounding for rank 0 itself.
    fn take(&mut self, now_s: f64) -> Option<u32>;
    /// Returns the soundings to send to `rank`.
    fn refill(&mut self, rank: usize, now_s: f64) -> Vec<u32>;
    fn finish(&mut self, rank: usize, task: u32, seconds: f64, now_s: f64);
}

impl Policy for WorkQueue {
    fn take(&mut self, now_s: f64) -> Option<u32> {
        Self::take(self, 0, now_s)
    }

    fn refill(&mut self, rank: usize, now_s: f64) -> Vec<u32> {
        Self::refill(self, rank, now_s)
    }

    fn finish(&mut self, rank: usize, task: u32, seconds: f64, now_s: f64) {
        Self::finish(self, rank, task, seconds, false, now_s);
    }
}

/// A fixed order. Every rank holds `held` soundings, including the one it computes, until none are left.
pub struct Steady {
    order: std::vec::IntoIter<u32>,
    held: usize,
    holding: Vec<usize>,
}

impl Steady {
    pub fn file_order(costs: &[f64], held: usize, ranks: usize) -> Self {
        let order: Vec<u32> = (0..costs.len() as u32).collect();
        Self { order: order.into_iter(), held, holding: vec![0; ranks] }
    }

    /// Uses the true costs, which a real program cannot know.
    pub fn longest_first(costs: &[f64], held: usize, ranks: usize) -> Self {
        let mut order: Vec<u32> = (0..costs.len() as u32).collect();
        order.sort_by(|&a, &b| costs[b as usize].total_cmp(&costs[a as usize]));
        Self { order: order.into_iter(), held, holding: vec![0; ranks] }
    }
}

impl Policy for Steady {
    fn take(&mut self, _: f64) -> Option<u32> {
        let task = self.order.next()?;
        self.holding[0] += 1;
        Some(task)
    }

    fn refill(&mut self, rank: usize, _: f64) -> Vec<u32> {
        let missing = self.held - self.holding[rank];
        let tasks: Vec<u32> = self.order.by_ref().take(missing).collect();
        self.holding[rank] += tasks.len();
        tasks
    }

    fn finish(&mut self, rank: usize, _: u32, _: f64, _: f64) {
        self.holding[rank] -= 1;
    }
}
