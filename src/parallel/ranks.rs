//! The ranks of an MPI job.
//!
//! Only point-to-point messages of a few bytes travel, and only the main thread of a rank sends and looks for them,
//! between the iterations of its own soundings. Rank 0 keeps the book and sends soundings before they are needed; the
//! others report what they finished. The last message to a rank is [`Down::Close`], its last answer [`Up::Goodbye`].

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

use super::crew::{Desk, Finished, Work, compute};
use super::handout::Handout;
use super::stop::Stop;
use super::threads::{HeadDesk, NEWS_EVERY};
use super::watch::{Ending, Watch};
use crate::error::{Error, Result};

/// This process as a rank of an MPI job. MPI ends when it is dropped.
pub struct Ranks {
    world: SimpleCommunicator,
    /// Rank 0: others wait for its word, or have vanished.
    waited_for: Cell<bool>,
    /// Last, so that it outlives the communicator.
    _universe: Universe,
}

/// From rank 0.
#[derive(Debug, Serialize, Deserialize)]
enum Down {
    /// Soundings to compute.
    Tasks(Vec<u32>),
    /// Nothing will come any more: stop what is being computed, send what there is to send, leave.
    Close,
}

/// To rank 0.
#[derive(Debug, Serialize, Deserialize)]
enum Up {
    /// A sounding is finished and on disk.
    Finished { task: u32, seconds: f64, failed: bool },
    /// A message for the user.
    Note(String),
    /// This rank was told to stop from outside: everyone should.
    Interrupted,
    /// This rank met an error: everyone should stop.
    Failed(String),
    /// Nothing will come any more.
    Goodbye,
}

/// Between two looks for messages on rank 0, which others may wait for, and elsewhere.
const HEAD_ATTENDS: Duration = Duration::from_micros(200);
const BRANCH_ATTENDS: Duration = Duration::from_millis(2);
/// After a stop nobody waits longer than this for another rank; after the last sounding rank 0 waits longer.
const PATIENCE: Duration = Duration::from_secs(3);
const PATIENCE_AT_THE_END: Duration = Duration::from_secs(60);
/// Longest text of a message, in bytes; small messages are sent at once and never wait for their receiver.
const LONGEST_TEXT: usize = 2_000;

impl Ranks {
    /// Joins the job that this process was started in; alone it is rank 0 of 1.
    ///
    /// # Errors
    /// MPI was joined before, or its library cannot have its calls in the main thread of several.
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

    /// Number of this rank.
    pub fn rank(&self) -> usize {
        self.world.rank() as usize
    }

    /// Number of ranks.
    pub fn size(&self) -> usize {
        self.world.size() as usize
    }

    /// Rank 0: whether others wait for its word, or have vanished, so that MPI cannot end in order and has to be aborted.
    pub fn is_waited_for(&self) -> bool {
        self.waited_for.get()
    }

    /// Ends all ranks at once, with exit code `code`.
    pub fn abort(&self, code: i32) -> ! {
        self.world.abort(code)
    }

    /// Rank 0: gives `value` to everyone, or `None` when there will be no work.
    pub fn share(&self, value: Option<&impl Serialize>) {
        self.waited_for.set(value.is_some() && self.size() > 1);
        self.broadcast(encode(&value));
    }

    /// Every other rank: what rank 0 shares.
    ///
    /// # Errors
    /// The ranks run different programs.
    pub fn shared<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        decode(&self.broadcast(Vec::new()))
    }

    /// Rank 0's `bytes`, to all.
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

    /// Rank 0: hands the soundings numbered `tasks` out and computes too, on `threads` threads like every rank.
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
        let desk = HeadDesk::new(Handout::new(tasks, self.size(), threads));
        let mut head = Head {
            ranks: self,
            desk: &desk,
            stop,
            present: self.size() - 1,
            closed: None,
            last_news: Instant::now(),
            watch,
        };
        (1..self.size()).for_each(|rank| head.refill(rank));
        compute(&desk, threads, stop, work, HEAD_ATTENDS, &mut || head.attend());
        desk.report(head.watch);
        if head.present > 0 {
            head.watch.note(0, &format!("{} ranks do not answer and are ended", head.present));
        }
        self.waited_for.set(head.present > 0);
        desk.ending(stop)
    }

    /// Every other rank: computes what rank 0 sends. Errors and the like are told to rank 0.
    pub fn follow(&self, threads: usize, stop: &Stop, work: &Work) {
        let desk = BranchDesk::default();
        let mut branch = Branch { ranks: self, desk: &desk, stop, told_to_stop: None };
        compute(&desk, threads, stop, work, BRANCH_ATTENDS, &mut || branch.attend());
        branch.send_outbox();
        self.send(0, &Up::Goodbye);
    }

    fn send(&self, rank: usize, message: &impl Serialize) {
        self.world.process_at_rank(rank as Rank).send(&encode(message)[..]);
    }

    /// The next message, if one has come, and who sent it.
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

/// Rank 0's side of the messages.
struct Head<'a> {
    ranks: &'a Ranks,
    desk: &'a HeadDesk,
    stop: &'a Stop,
    /// Other ranks that have not said goodbye.
    present: usize,
    /// When everyone was told to leave.
    closed: Option<Instant>,
    last_news: Instant,
    watch: &'a mut dyn Watch,
}

impl Head<'_> {
    /// Answers every message there is. False once everyone has left or is given up.
    fn attend(&mut self) -> bool {
        while let Some((rank, message)) = self.ranks.receive::<Up>() {
            match message {
                Ok(message) => self.answer(rank, message),
                Err(error) => self.stop.fail(error),
            }
        }
        if self.last_news.elapsed() >= NEWS_EVERY {
            self.desk.report(self.watch);
            self.last_news = Instant::now();
        }
        let is_over = self.desk.with(|handout, _| handout.is_over());
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
                self.desk.with(|handout, now_s| handout.finish(rank, task, seconds, failed, now_s));
                self.refill(rank);
            }
            Up::Note(text) => self.watch.note(rank, &text),
            Up::Interrupted => self.stop.halt(),
            Up::Failed(text) => self.stop.fail(Error::Parallel(format!("rank {rank}: {text}"))),
            Up::Goodbye => self.present -= 1,
        }
    }

    fn refill(&mut self, rank: usize) {
        let tasks = self.desk.with(|handout, now_s| handout.refill(rank, now_s));
        if !tasks.is_empty() && self.closed.is_none() {
            self.ranks.send(rank, &Down::Tasks(tasks));
        }
    }
}

/// The desk of every other rank.
#[derive(Default)]
struct BranchDesk {
    inbox: Mutex<VecDeque<u32>>,
    outbox: Mutex<Vec<Finished>>,
    closed: AtomicBool,
}

impl Desk for BranchDesk {
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

/// The other ranks' side of the messages.
struct Branch<'a> {
    ranks: &'a Ranks,
    desk: &'a BranchDesk,
    stop: &'a Stop,
    /// When rank 0 was told that this rank stops.
    told_to_stop: Option<Instant>,
}

impl Branch<'_> {
    /// Reports, and takes what was sent. False once rank 0 has said its last word.
    fn attend(&mut self) -> bool {
        self.send_outbox();
        while let Some((_, message)) = self.ranks.receive::<Down>() {
            match message {
                Ok(Down::Tasks(tasks)) => {
                    self.desk.inbox.lock().expect("nobody panics while holding this").extend(tasks);
                }
                Ok(Down::Close) => {
                    self.desk.closed.store(true, Ordering::Relaxed);
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
            // Rank 0 answers between two of its iterations, or not at all.
            return since.elapsed() < PATIENCE;
        }
        true
    }

    fn send_outbox(&self) {
        let finished = std::mem::take(&mut *self.desk.outbox.lock().expect("nobody panics while holding this"));
        for Finished { task, seconds, done } in finished {
            // First, so that rank 0 has it before it can be over.
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
