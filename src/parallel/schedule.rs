//! The order in which soundings are computed: expensive ones first, as far as costs are known.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The waiting soundings, each identified by its number in the survey.
///
/// A run ends efficiently when its last soundings are short. The cost of a sounding is not known before it is computed,
/// but neighbours on a line may have similar costs. Every [`STRIDE`]th sounding is a scout and is computed first. A
/// sounding's predicted cost is that of the most expensive finished sounding near it, and the sounding with the highest
/// prediction is next. Soundings without an expensive neighbour are last. At the end of a run one long sounding costs
/// more time than a wrong mean.
#[derive(Debug)]
pub struct Schedule {
    /// Numbers of the soundings, ascending; everything else uses positions in this list.
    tasks: Vec<u32>,
    predictions: Vec<Cost>,
    /// Soundings with a predicted cost, by cost; outdated entries are skipped when they come up.
    longest: BinaryHeap<(Cost, Reverse<u32>)>,
    next_scout: usize,
    /// All soundings before this position have been handed out.
    next_unknown: usize,
    waiting: usize,
}

/// Seconds as the bits of a positive float, which are ordered like it.
type Cost = u32;

/// One of so many soundings is a scout.
const STRIDE: usize = 4;
const UNKNOWN: Cost = 0;
/// A cost above every real cost, for soundings that have been handed out.
const HANDED_OUT: Cost = Cost::MAX;

impl Schedule {
    /// Makes a schedule of the soundings numbered `tasks`, in ascending order.
    pub fn new(tasks: Vec<u32>) -> Self {
        debug_assert!(tasks.is_sorted());
        Self {
            predictions: vec![UNKNOWN; tasks.len()],
            waiting: tasks.len(),
            tasks,
            longest: BinaryHeap::new(),
            next_scout: 0,
            next_unknown: 0,
        }
    }

    /// Returns the number of waiting soundings.
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// Returns the sounding to compute next.
    pub fn take(&mut self) -> Option<u32> {
        let position = self.scout().or_else(|| self.longest_predicted()).or_else(|| self.unknown())?;
        self.predictions[position] = HANDED_OUT;
        self.waiting -= 1;
        Some(self.tasks[position])
    }

    /// Uses the information that the sounding numbered `task` took `seconds`.
    pub fn learn(&mut self, task: u32, seconds: f64) {
        let Ok(position) = self.tasks.binary_search(&task) else { return };
        let cost = (seconds.max(0.0) as f32).to_bits();
        let last = (position + STRIDE).min(self.tasks.len());
        for neighbour in position.saturating_sub(STRIDE - 1)..last {
            if cost > self.predictions[neighbour] {
                self.predictions[neighbour] = cost;
                self.longest.push((cost, Reverse(neighbour as u32)));
            }
        }
    }

    fn scout(&mut self) -> Option<usize> {
        while self.next_scout < self.tasks.len() {
            let position = self.next_scout;
            self.next_scout += STRIDE;
            if self.waits(position) {
                return Some(position);
            }
        }
        None
    }

    fn longest_predicted(&mut self) -> Option<usize> {
        while let Some((cost, Reverse(position))) = self.longest.pop() {
            let position = position as usize;
            if self.predictions[position] == cost {
                return Some(position);
            }
        }
        None
    }

    fn unknown(&mut self) -> Option<usize> {
        while self.next_unknown < self.tasks.len() && !self.waits(self.next_unknown) {
            self.next_unknown += 1;
        }
        (self.next_unknown < self.tasks.len()).then_some(self.next_unknown)
    }

    fn waits(&self, position: usize) -> bool {
        self.predictions[position] != HANDED_OUT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_handed_out_once() {
        for count in [0, 1, 7, 8, 9, 100] {
            let tasks: Vec<u32> = (0..count).map(|i| 3 * i + 1).collect();
            let mut schedule = Schedule::new(tasks.clone());
            let mut handed = Vec::new();
            while let Some(task) = schedule.take() {
                // Half of them are finished at once, some of them twice.
                if task % 2 == 0 {
                    schedule.learn(task, f64::from(task % 5));
                    schedule.learn(task, 1.0);
                }
                handed.push(task);
                assert_eq!(schedule.waiting(), tasks.len() - handed.len());
            }
            handed.sort_unstable();
            assert_eq!(handed, tasks);
        }
    }

    #[test]
    fn scouts_go_first_then_neighbours_of_the_longest() {
        let mut schedule = Schedule::new((0..12).collect());
        assert_eq!([0, 4, 8].map(|_| schedule.take().unwrap()), [0, 4, 8]);
        schedule.learn(8, 9.0);
        schedule.learn(0, 1.0);
        schedule.learn(4, 3.0);
        let mut next = || schedule.take().unwrap();
        // 5 to 7 are also near 4, but the longer one counts.
        assert_eq!([0; 6].map(|_| next()), [5, 6, 7, 9, 10, 11]);
        assert_eq!([0; 3].map(|_| next()), [1, 2, 3]);
        assert_eq!(schedule.take(), None);
    }

    #[test]
    fn what_takes_no_time_predicts_nothing() {
        let mut schedule = Schedule::new((0..4).collect());
        assert_eq!(schedule.take(), Some(0));
        for seconds in [0.0, -1.0, f64::NAN] {
            schedule.learn(0, seconds);
        }
        assert_eq!([0; 3].map(|_| schedule.take()), [1, 2, 3].map(Some));
    }
}
