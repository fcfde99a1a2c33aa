//! The ranks of an MPI job.
//!
//! Only point-to-point messages of a few bytes are sent. Only the main thread of a rank sends and receives them,
//! between the iterations of its own soundings. Rank 0, the leader, has the work queue and sends soundings before they
//! are needed; the other ranks report finished soundings. The last message to a rank is [`Down::Close`], its last
//! answer [`Up::Goodbye`].

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use mpi::environment::Universe;
use mpi::point_to_point::MatchedReceiveVec;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator, Destination, Root, Source};
use mpi::{Rank, Threading};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::queue::WorkQueue;
use super::stop::Stop;
use super::threads::{LeaderTasks, REPORT_EVERY};
use super::watch::{Ending, Watch};
use super::workers::{Finished, TaskSource, Work, compute};
use crate::error::{Error, Result};

/// This process as a rank of an MPI job. MPI is finalised when this value is dropped.
pub struct Ranks {
    world: SimpleCommunicator,
    /// On rank 0: true while other ranks wait for a message or do not answer.
    waited_for: Cell<bool>,
    /// The last field, so that it is dropped after the communicator.
    _universe: Universe,
}

/// A message from rank 0.
#[derive(Debug, Serialize, Deserialize)]
enum Down {
    /// Soundings to compute.
    Tasks(Vec<u32>),
    /// No more messages will come: the rank stops its computations, sends what it has to send, and leaves.
    Close,
}

/// A message to rank 0.
#[derive(Debug, Serialize, Deserialize)]
enum Up {
    /// A sounding is finished and on disk.
    Finished { task: u32, seconds: f64, failed: bool },
    /// A message for the user.
    Note(String),
    /// This rank was told to stop from outside; all ranks should stop.
    Interrupted,
    /// This rank met an error; all ranks should stop.
    Failed(String),
    /// No more messages will come from this rank.
    Goodbye,
}

/// Time between two polls for messages: on rank 0, for which others may wait, and on the other ranks.
const LEADER_POLLS_EVERY: Duration = Duration::from_micros(200);
const FOLLOWER_POLLS_EVERY: Duration = Duration::from_millis(2);
/// Longest wait for another rank after a stop. After the last sounding rank 0 waits longer.
const PATIENCE: Duration = Duration::from_secs(3);
const PATIENCE_AT_THE_END: Duration = Duration::from_secs(60);
/// Longest text of a message, in bytes; small messages are sent at once and never wait for their receiver.
const LONGEST_TEXT: usize = 2_000;

impl Ranks {
    /// Joins the MPI job in which this process was started; a process without a job is rank 0 of 1.
    ///
    /// # Errors
    /// MPI was joined before, or its library does not allow MPI calls from the main thread of a process with several
    /// threads.
    pub fn join() -> Result<Self> {
        let (universe, support) = mpi::initialize_with_threading(Threading::Funneled)
            .ok_or_else(|| Error::Parallel("MPI is already in use".into()))?;
        if support < Threading::Funneled {
            return Err(Error::Parallel("the MPI library does not allow a process with threads".into()));
        }
        let world = universe.world();
        let waited_for = Cell::new(world.rank() == 0 && world.size() > 1);
        Ok(Self { world, waited_for, _universe: universe })
    }

    /// Returns the number of this rank.
    pub fn rank(&self) -> usize {
        self.world.rank() as usize
    }

    /// Returns the number of ranks.
    pub fn size(&self) -> usize {
        self.world.size() as usize
    }

    /// On rank 0: returns whether other ranks wait for a message or do not answer, so that MPI cannot be finalised and
    /// must be aborted.
    pub fn is_waited_for(&self) -> bool {
        self.waited_for.get()
    }

    /// Ends all ranks at once, with exit code `code`.
    pub fn abort(&self, code: i32) -> ! {
        self.world.abort(code)
    }

    /// On rank 0: sends `value` to all ranks, or `None` when there will be no work.
    pub fn share(&self, value: Option<&impl Serialize>) {
        self.waited_for.set(value.is_some() && self.size() > 1);
        self.broadcast(encode(&value));
    }

    /// On every other rank: receives the value that rank 0 shares.
    ///
    /// # Errors
    /// The ranks run different programs.
    pub fn shared<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        decode(&self.broadcast(Vec::new()))
    }

    /// Sends rank 0's `bytes` to all.
    fn broadcast(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        let root = self.world.process_at_rank(0);
        let mut len = bytes.len() as u64;
        root.broadcast_into(&mut len);
        bytes.resize(len as usize, 0);
        // MPI counts in 32 bits.
        for part in bytes.chunks_mut(1 << 30) {
            root.broadcast_into(part);
        }
        bytes
    }

    /// On rank 0: hands out the soundings numbered `tasks` and computes some of them, with `threads` threads like every
    /// rank.
    ///
    /// # Errors
    /// The first error of any rank; it stops all of them.
    pub fn lead(
        &self,
        tasks: Vec<u32>,
        threads: usize,
        stop: &Stop,
        work: &Work,
        watch: &mut dyn Watch,
    ) -> Result<Ending> {
        let tasks = LeaderTasks::new(WorkQueue::new(tasks, self.size(), threads));
        let mut leader = Leader {
            ranks: self,
            tasks: &tasks,
            stop,
            present: self.size() - 1,
            closed: None,
            last_report: Instant::now(),
            watch,
        };
        (1..self.size()).for_each(|rank| leader.refill(rank));
        compute(&tasks, threads, stop, work, LEADER_POLLS_EVERY, &mut || leader.poll());
        tasks.report(leader.watch);
        if leader.present > 0 {
            leader.watch.note(0, &format!("{} ranks do not answer and are ended", leader.present));
        }
        self.waited_for.set(leader.present > 0);
        tasks.ending(stop)
    }

    /// On every other rank: computes the soundings that rank 0 sends. Errors and messages are sent to rank 0.
    pub fn follow(&self, threads: usize, stop: &Stop, work: &Work) {
        let tasks = FollowerTasks::default();
        let mut follower = Follower { ranks: self, tasks: &tasks, stop, told_to_stop: None };
        compute(&tasks, threads, stop, work, FOLLOWER_POLLS_EVERY, &mut || follower.poll());
        follower.send_outbox();
        self.send(0, &Up::Goodbye);
    }

    fn send(&self, rank: usize, message: &impl Serialize) {
        self.world.process_at_rank(rank as Rank).send(&encode(message)[..]);
    }

    /// Returns the next message, if one has come, and its sender.
    fn receive<T: DeserializeOwned>(&self) -> Option<(usize, Result<T>)> {
        let (bytes, status) = self.world.any_process().immediate_matched_probe()?.matched_receive_vec::<u8>();
        Some((status.source_rank() as usize, decode(&bytes)))
    }
}

fn encode(value: &impl Serialize) -> Vec<u8> {
    postcard::to_stdvec(value).expect("messages are plain data")
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    postcard::from_bytes(bytes).map_err(|error| {
        Error::Parallel(format!(
            "a message of another rank cannot be read ({error}): do all ranks run the same program?"
        ))
    })
}

/// Message handling of rank 0.
struct Leader<'a> {
    ranks: &'a Ranks,
    tasks: &'a LeaderTasks,
    stop: &'a Stop,
    /// Number of other ranks that have not said goodbye.
    present: usize,
    /// When all ranks were told to leave.
    closed: Option<Instant>,
    last_report: Instant,
    watch: &'a mut dyn Watch,
}

impl Leader<'_> {
    /// Answers all messages that have come. Returns false when all ranks have left or have been given up.
    fn poll(&mut self) -> bool {
        while let Some((rank, message)) = self.ranks.receive::<Up>() {
            match message {
                Ok(message) => self.answer(rank, message),
                Err(error) => self.stop.fail(error),
            }
        }
        if self.last_report.elapsed() >= REPORT_EVERY {
            self.tasks.report(self.watch);
            self.last_report = Instant::now();
        }
        let is_over = self.tasks.with(|queue, _| queue.is_over());
        if self.closed.is_none() && (is_over || self.stop.is_set()) {
            (1..self.ranks.size()).for_each(|rank| self.ranks.send(rank, &Down::Close));
            self.closed = Some(Instant::now());
        }
        match self.closed {
            None => true,
            Some(closed) => {
                let patience = if is_over { PATIENCE_AT_THE_END } else { PATIENCE };
                self.present > 0 && closed.elapsed() < patience
            }
        }
    }

    fn answer(&mut self, rank: usize, message: Up) {
        match message {
            Up::Finished { task, seconds, failed } => {
                self.tasks.with(|queue, now_s| queue.finish(rank, task, seconds, failed, now_s));
                self.refill(rank);
            }
            Up::Note(text) => self.watch.note(rank, &text),
            Up::Interrupted => self.stop.halt(),
            Up::Failed(text) => self.stop.fail(Error::Parallel(format!("rank {rank}: {text}"))),
            Up::Goodbye => self.present -= 1,
        }
    }

    fn refill(&mut self, rank: usize) {
        let tasks = self.tasks.with(|queue, now_s| queue.refill(rank, now_s));
        if !tasks.is_empty() && self.closed.is_none() {
            self.ranks.send(rank, &Down::Tasks(tasks));
        }
    }
}

/// Task source of every other rank.
#[derive(Default)]
struct FollowerTasks {
    inbox: Mutex<VecDeque<u32>>,
    outbox: Mutex<Vec<Finished>>,
    closed: AtomicBool,
}

impl TaskSource for FollowerTasks {
    fn take(&self) -> Option<u32> {
        self.inbox.lock().expect("nobody panics while holding this").pop_front()
    }

    fn is_exhausted(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    fn finish(&self, finished: Finished) {
        self.outbox.lock().expect("nobody panics while holding this").push(finished);
    }
}

/// Message handling of the other ranks.
struct Follower<'a> {
    ranks: &'a Ranks,
    tasks: &'a FollowerTasks,
    stop: &'a Stop,
    /// When rank 0 was told that this rank stops.
    told_to_stop: Option<Instant>,
}

impl Follower<'_> {
    /// Sends reports and receives soundings. Returns false after the last message of rank 0.
    fn poll(&mut self) -> bool {
        self.send_outbox();
        while let Some((_, message)) = self.ranks.receive::<Down>() {
            match message {
                Ok(Down::Tasks(tasks)) => {
                    self.tasks.inbox.lock().expect("nobody panics while holding this").extend(tasks);
                }
                Ok(Down::Close) => {
                    self.tasks.closed.store(true, Ordering::Relaxed);
                    self.stop.halt();
                    return false;
                }
                Err(error) => self.stop.fail(error),
            }
        }
        if self.stop.is_set() {
            let since = *self.told_to_stop.get_or_insert_with(|| {
                let message = match self.stop.take_error() {
                    Some(error) => Up::Failed(shortened(error.to_string())),
                    None => Up::Interrupted,
                };
                self.ranks.send(0, &message);
                Instant::now()
            });
            // Rank 0 answers between two of its iterations; without an answer the rank does not wait longer.
            return since.elapsed() < PATIENCE;
        }
        true
    }

    fn send_outbox(&self) {
        let finished = std::mem::take(&mut *self.tasks.outbox.lock().expect("nobody panics while holding this"));
        for Finished { task, seconds, done } in finished {
            // The note is sent first, so that rank 0 has it before the run can end.
            if let Some(note) = done.note {
                self.ranks.send(0, &Up::Note(shortened(note)));
            }
            self.ranks.send(0, &Up::Finished { task, seconds, failed: done.failed });
        }
    }
}

fn shortened(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(LONGEST_TEXT));
    text
}
