//! The machine that is simulated.

/// Times in seconds, sizes in bytes.
pub struct Machine {
    /// Of a message, one way.
    pub latency_s: f64,
    /// Rank 0's time to receive a report and send its answer, the book aside.
    pub message_s: f64,
    /// Rank 0's time in its book for one report: measured.
    pub book_s: f64,
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
    /// From the first process to the survey read.
    pub start_s: f64,
    /// What every rank is sent of a sounding before the first is computed.
    pub sounding_bytes: f64,
    /// Of a link, bytes per second.
    pub link: f64,
}

impl Machine {
    pub fn new(book_s: f64) -> Self {
        Self {
            latency_s: 5e-6,
            message_s: 2e-6,
            book_s,
            look_s: 200e-6,
            pause_every_s: 2.5,
            pause_s: 0.25,
            row_bytes: 135e3,
            bandwidth: 10e9,
            sync_s: 2e-3,
            start_s: 5.0,
            sounding_bytes: 600.0,
            link: 10e9,
        }
    }

    /// Rank 0's time for one report.
    pub fn answer_s(&self) -> f64 {
        self.message_s + self.book_s
    }

    /// Before the first sounding: reading the survey and sending it down a binary tree.
    pub fn start_up_s(&self, ranks: usize, soundings: usize) -> f64 {
        self.start_s + (ranks as f64).log2() * soundings as f64 * self.sounding_bytes / self.link
    }
}
