//! In which order soundings are computed: expensive ones first, within what is known.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The soundings that wait, each known by its number in the survey.
///
/// A run ends well when short soundings are left for its end. What a sounding costs is not known before it is computed,
/// but neighbours on a line may cost alike: every [`STRIDE`]th sounding is a scout and goes first; a sounding is thought
/// to be as long as the longest finished one near it, and the longest goes next. Last come those of which no neighbour
/// was long: what hurts at the end is one long sounding, not a wrong mean.
#[derive(Debug)]
pub struct Schedule {
    /// Numbers of the soundings, ascending; everything else goes by position in this list.
    tasks: Vec<u32>,
    predictions: Vec<Cost>,
    /// Predicted soundings by cost; outdated entries are passed over when they come up.
    longest: BinaryHeap<(Cost, Reverse<u32>)>,
    next_scout: usize,
    /// Everything before it has been handed out.
    next_unknown: usize,
    waiting: usize,
}

/// Seconds as the bits of a positive float, which are ordered like it.
type Cost = u32;

/// Of so many soundings one is a scout.
const STRIDE: usize = 4;
const UNKNOWN: Cost = 0;
/// Above every cost: no neighbour's cost is longer.
const HANDED_OUT: Cost = Cost::MAX;

impl Schedule {
    /// Of the soundings numbered `tasks`, in ascending order.
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

    /// Number of soundings that wait.
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// The sounding to compute next.
    pub fn take(&mut self) -> Option<u32> {
        let position = self.scout().or_else(|| self.longest_predicted()).or_else(|| self.unknown())?;
        self.predictions[position] = HANDED_OUT;
        self.waiting -= 1;
        Some(self.tasks[position])
    }

    /// Learns that the sounding numbered `task` took `seconds`.
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
                // Half of them are finished at once, some twice.
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
        // 5 to 7 are near 4 as well, but the longer one counts.
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
