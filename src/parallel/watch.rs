//! The observer of a run, and how a run ended.

use super::queue::{RunProgress, Slowest};

/// An observer of a run's progress.
pub trait Watch {
    /// Receives the progress; called a few times a second.
    fn update(&mut self, progress: RunProgress, slowest: Option<Slowest>);

    /// Receives a message of `rank` about a sounding.
    fn note(&mut self, rank: usize, text: &str);
}

/// How a run without errors ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Every sounding is finished.
    Complete,
    /// The run was stopped from outside.
    Interrupted,
}
