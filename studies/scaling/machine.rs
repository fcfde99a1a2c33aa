//! The simulated machine.

/// Times in seconds, sizes in bytes.
pub struct Machine {
    /// Time of a message, one way.
    pub latency_s: f64,
    /// Rank 0's time to receive a report and send its answer, without the work queue.
    pub message_s: f64,
    /// Rank 0's measured time in its work queue for one report.
    pub queue_s: f64,
    /// Interval at which rank 0 polls for messages while it computes, between two iterations of its sampler.
    pub look_s: f64,
    /// Interval at which rank 0 checks the convergence of its own sounding, and duration of the check, in which it does
    /// not poll; both are pessimistic.
    pub pause_every_s: f64,
    pub pause_s: f64,
    /// Bytes that a sounding writes.
    pub row_bytes: f64,
    /// Bandwidth of the file system, shared by all ranks; bytes per second.
    pub bandwidth: f64,
    /// Time until a row is safely on disk, in addition to the bandwidth.
    pub sync_s: f64,
}

impl Machine {
    pub fn new(queue_s: f64) -> Self {
        Self {
            latency_s: 5e-6,
            message_s: 2e-6,
            queue_s,
            look_s: 200e-6,
            pause_every_s: 2.5,
            pause_s: 0.25,
            row_bytes: 135e3,
            bandwidth: 10e9,
            sync_s: 2e-3,
        }
    }

    /// Rank 0's time for one report.
    pub fn answer_s(&self) -> f64 {
        self.message_s + self.queue_s
    }
}
