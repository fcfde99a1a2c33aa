//! Results as everybody reads them: figures, exports, merging, status and reports.
//!
//! A [`Survey`] is made of line files, of merged files, or of folders of line files, of any schema version of the same major number.
//! It holds where each sounding is, what became of it, and nothing else; values are read from the files when they are asked for, a few
//! soundings at a time if that is wanted. A value that a sounding does not have is missing: NaN.

mod differences;
mod extremes;
mod files;
mod line;
mod lines;
mod order;
mod same_run;
mod survey;
mod targets;
mod warnings;

pub use differences::{ChangedKey, KeyKind, changed_keys, differences};
pub use line::{Line, SoundingResults};
pub use order::Missing;
pub use survey::Survey;
pub use targets::ConvergenceTargets;
pub use warnings::beside_status;

pub use crate::survey::Interval;
