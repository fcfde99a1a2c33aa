//! Who wants to know how a run goes, and how it ended.

use super::handout::{Slowest, Standing};

/// Who wants to know how a run goes.
pub trait Watch {
    /// How far it is; called a few times a second.
    fn news(&mut self, standing: Standing, slowest: Option<Slowest>);

    /// What `rank` has to say about a sounding.
    fn note(&mut self, rank: usize, text: &str);
}

/// How a run ended that met no error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Every sounding is finished.
    Complete,
    /// It was stopped from outside.
    Interrupted,
}
