//! The machine that is simulated.

/// Times in seconds, sizes in bytes.
pub struct Machine {
    /// Of a message, one way.
    pub latency_s: f64,
    /// Rank 0's time to receive a report and send its answer, the book aside.
    pub message_s: f64,
    /// Rank 0's time in its book for one report: measured.
    pub queue_s: f64,
    /// Rank 0 looks for messages so often while it computes: between two iterations of its sampler.
    pub look_s: f64,
    /// So often rank 0 judges the convergence of its own sounding and for so long does not look: more than is usual.
    pub pause_every_s: f64,
    pub pause_s: f64,
    /// What a sounding writes.
    pub row_bytes: f64,
    /// Of the file system, shared by all ranks; bytes per second.
    pub bandwidth: f64,
    /// Until a row is safely on disk, beside the bandwidth.
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
