//! Measures the cost of rank 0's work queue for large surveys.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use geobipy::parallel::WorkQueue;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Counts bytes in use.
pub struct Counting;

static BYTES: AtomicUsize = AtomicUsize::new(0);
static MOST_BYTES: AtomicUsize = AtomicUsize::new(0);

// SAFETY: passes everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let bytes = BYTES.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST_BYTES.fetch_max(bytes, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// Cost of the work queue.
pub struct QueueCost {
    /// Time to record a report and to choose the next soundings.
    pub report_s: f64,
    /// Time to find the rank that has worked longest on one sounding.
    pub slowest_s: f64,
    pub megabytes: f64,
}

/// Number of reports that are timed together.
const BATCH: usize = 1000;

/// Runs the work queue through a survey on `ranks` ranks that finish in random order. Times are medians, so that other
/// work of the machine has little effect.
pub fn measure(costs: &[f64], ranks: usize) -> QueueCost {
    let mut held: Vec<(u32, u32)> = Vec::with_capacity(costs.len());
    let before = BYTES.load(Ordering::Relaxed);
    MOST_BYTES.store(before, Ordering::Relaxed);
    let mut queue = WorkQueue::new((0..costs.len() as u32).collect(), ranks, 1);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for rank in 0..ranks {
        held.extend(queue.refill(rank, 0.0).into_iter().map(|task| (rank as u32, task)));
    }

    let (mut report_s, mut slowest_s) = (Vec::new(), Vec::new());
    while !held.is_empty() {
        let started = Instant::now();
        let reports = BATCH.min(held.len());
        for _ in 0..reports {
            let (rank, task) = held.swap_remove(rng.random_range(0..held.len()));
            queue.finish(rank as usize, task, costs[task as usize], false, 1.0);
            held.extend(queue.refill(rank as usize, 1.0).into_iter().map(|task| (rank, task)));
        }
        report_s.push(started.elapsed().as_secs_f64() / reports as f64);
        let asked = Instant::now();
        black_box(queue.slowest(2.0));
        slowest_s.push(asked.elapsed().as_secs_f64());
    }
    assert!(queue.is_over());
    let megabytes = (MOST_BYTES.load(Ordering::Relaxed) - before) as f64 / 1e6;
    QueueCost { report_s: median(report_s), slowest_s: median(slowest_s), megabytes }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
