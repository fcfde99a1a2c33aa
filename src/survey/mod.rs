//! Observations: soundings, their noise, and the readers of survey files.

mod columns;
mod models;
mod read_csv;
mod sounding;
mod table;
mod wedge;
mod write_csv;

pub use models::{ModelRow, read_models};
pub use read_csv::{ReadOptions, read_csv};
pub use sounding::{RejectedRow, Sounding, Survey, line_label};
pub use wedge::wedge;
pub use write_csv::write_csv;
