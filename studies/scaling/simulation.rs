//! Simulation of a run, event by event: soundings finish, rows are written, reports reach rank 0, soundings reach
//! ranks.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};

use crate::machine::Machine;
use crate::policy::Policy;

/// Use of the ranks' time, in rank-seconds except for the makespan.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outcome {
    pub ranks: usize,
    /// Time from the first sounding handed out to the last reported, in seconds.
    pub makespan_s: f64,
    pub computing: f64,
    pub writing: f64,
    /// Idle time before a sounding that arrives.
    pub waiting: f64,
    /// Idle time after the last sounding.
    pub end: f64,
    /// Time in which rank 0's own sounding is interrupted by answers.
    pub interrupted: f64,
    /// Rank 0's time in answers.
    pub answering: f64,
    /// Lower limit of the makespan from the longest sounding and the sum of all.
    pub bound: f64,
}

impl Outcome {
    /// Returns the share of a part in the ranks' time.
    pub fn share(&self, part: f64) -> f64 {
        part / (self.ranks as f64 * self.makespan_s)
    }

    pub fn efficiency(&self) -> f64 {
        self.share(self.computing)
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Event {
    at: Time,
    rank: usize,
    what: What,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Computed,
    /// The rank reports to rank 0 that it has finished a sounding; at the start, that it exists.
    Reported(Option<u32>),
}

#[derive(Debug, PartialEq)]
struct Time(f64);

impl Eq for Time {}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

#[derive(Debug, Clone, Default)]
struct Rank {
    computes: Option<u32>,
    /// Time since which the rank has had nothing to do.
    free_s: f64,
    /// The soundings that the rank holds, and their arrival times.
    held: VecDeque<(f64, u32)>,
}

struct Simulation<'a, P> {
    machine: &'a Machine,
    costs: &'a [f64],
    policy: P,
    ranks: Vec<Rank>,
    events: BinaryHeap<Reverse<Event>>,
    /// Time at which the file system will have written everything it has received.
    disk_s: f64,
    /// Time at which rank 0 will have answered everything it has received.
    answered_s: f64,
    /// `Outcome::answering` at the time when rank 0 last computed its own sounding.
    interrupted_before: f64,
    outcome: Outcome,
}

/// Simulates soundings that take `costs` seconds on `ranks` ranks of `machine`.
pub fn simulate(machine: &Machine, costs: &[f64], ranks: usize, policy: impl Policy) -> Outcome {
    let total: f64 = costs.iter().sum();
    let longest = costs.iter().copied().fold(0.0, f64::max);
    let outcome = Outcome { ranks, bound: (total / ranks as f64 / longest).min(1.0), ..Outcome::default() };
    let mut simulation = Simulation {
        machine,
        costs,
        policy,
        ranks: vec![Rank::default(); ranks],
        events: BinaryHeap::new(),
        disk_s: 0.0,
        answered_s: 0.0,
        interrupted_before: 0.0,
        outcome,
    };
    for rank in 0..ranks {
        let at = if rank == 0 { 0.0 } else { machine.latency_s };
        simulation.schedule(at, rank, What::Reported(None));
    }
    simulation.run();
    let outcome = simulation.outcome;
    let Outcome { computing, writing, waiting, end, interrupted, .. } = outcome;
    assert!((computing / total - 1.0).abs() < 1e-9, "every sounding is computed once");
    assert!((outcome.share(computing + writing + waiting + end + interrupted) - 1.0).abs() < 1e-9, "no time is lost");
    assert!(outcome.efficiency() <= outcome.bound);
    outcome
}

impl<P: Policy> Simulation<'_, P> {
    fn run(&mut self) {
        while let Some(Reverse(Event { at: Time(now_s), rank, what })) = self.events.pop() {
            match what {
                What::Computed => self.computed(rank, now_s),
                What::Reported(task) => self.reported(rank, task, now_s),
            }
        }
        self.outcome.makespan_s = self.answered_s;
        self.outcome.end = self.ranks.iter().map(|rank| self.answered_s - rank.free_s).sum();
    }

    fn schedule(&mut self, at: f64, rank: usize, what: What) {
        self.events.push(Reverse(Event { at: Time(at), rank, what }));
    }

    /// The rank writes its row, which keeps it busy, and continues with the soundings it holds.
    fn computed(&mut self, rank: usize, now_s: f64) {
        if rank == 0 && self.outcome.answering > self.interrupted_before {
            let more = self.outcome.answering - self.interrupted_before;
            self.interrupted_before = self.outcome.answering;
            self.outcome.interrupted += more;
            return self.schedule(now_s + more, rank, What::Computed);
        }
        let task = self.ranks[rank].computes.take().expect("it was computing");
        self.outcome.computing += self.costs[task as usize];

        self.disk_s = self.disk_s.max(now_s) + self.machine.row_bytes / self.machine.bandwidth;
        let written_s = self.disk_s + self.machine.sync_s;
        self.outcome.writing += written_s - now_s;
        self.ranks[rank].free_s = written_s;
        if rank == 0 {
            self.answered_s = self.answered_s.max(written_s);
        }
        let on_the_way = if rank == 0 { 0.0 } else { self.machine.latency_s };
        self.schedule(written_s + on_the_way, rank, What::Reported(Some(task)));
        self.begin(rank);
    }

    /// Rank 0 answers.
    fn reported(&mut self, rank: usize, task: Option<u32>, now_s: f64) {
        let answered_s = self.answer(now_s);
        if let Some(task) = task {
            self.policy.finish(rank, task, self.costs[task as usize], answered_s);
        }
        if rank == 0 {
            self.ranks[0].held.extend(self.policy.take(answered_s).map(|task| (answered_s, task)));
        } else {
            let arrives_s = answered_s + self.machine.latency_s;
            let tasks = self.policy.refill(rank, answered_s);
            self.ranks[rank].held.extend(tasks.into_iter().map(|task| (arrives_s, task)));
        }
        if self.ranks[rank].computes.is_none() {
            self.begin(rank);
        }
    }

    /// Returns when rank 0 has answered a report that arrived at `now_s`; all reports found at one poll are answered in
    /// turn.
    fn answer(&mut self, now_s: f64) -> f64 {
        let begins_s = if now_s <= self.answered_s { self.answered_s } else { self.looks_s(now_s) };
        self.outcome.answering += self.machine.answer_s();
        self.answered_s = begins_s + self.machine.answer_s();
        self.answered_s
    }

    /// Returns when rank 0 next polls for messages: while it computes, some time after its last answer, and not in a
    /// pause.
    fn looks_s(&self, now_s: f64) -> f64 {
        if self.ranks[0].computes.is_none() {
            return now_s;
        }
        let Machine { look_s, pause_every_s, pause_s, .. } = *self.machine;
        let looks_s = self.answered_s + ((now_s - self.answered_s) / look_s).ceil() * look_s;
        let next_sampling_s = pause_every_s - looks_s % pause_every_s;
        if next_sampling_s < pause_s { looks_s + next_sampling_s } else { looks_s }
    }

    fn begin(&mut self, rank: usize) {
        let state = &mut self.ranks[rank];
        let Some((arrived_s, task)) = state.held.pop_front() else { return };
        let begins_s = state.free_s.max(arrived_s);
        self.outcome.waiting += begins_s - state.free_s;
        state.computes = Some(task);
        if rank == 0 {
            self.interrupted_before = self.outcome.answering;
        }
        self.schedule(begins_s + self.costs[task as usize], rank, What::Computed);
    }
}
