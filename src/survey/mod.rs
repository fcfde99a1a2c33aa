//! Observations: soundings, their noise, and the readers of survey files.

mod cells;
mod clock;
mod column_ref;
mod columns;
mod file;
mod gate_rules;
mod gdf2;
mod height;
mod interval;
mod leave_out;
mod line_name;
mod line_names;
mod listed;
mod models;
mod options;
mod projection;
mod recognise;
mod sounding;
mod sounding_rules;
mod suspects;
mod table;
mod tally;
mod write;
mod write_csv;
mod write_models;
mod write_tdem_csv;

pub use column_ref::{ColumnPlace, ColumnRef};
pub use file::{Place, SurveyFile};
pub use gdf2::definition_file;
pub use interval::Interval;
pub use leave_out::{FiducialRange, FlagRule, GateRange, LeaveOut, LeftOut};
pub use models::{ModelRow, read_models};
pub use options::{ColumnMap, Convention, PARTS, Preset, QuotedNoise, ReadOptions, StdKind};
pub use recognise::{Recognised, recognise};
pub use sounding::{RejectedRow, Sounding, line_label};
pub use suspects::{ColumnQuantity, Suspect};
pub use write::write_survey;
pub use write_csv::write_csv;
pub use write_models::write_models;
pub use write_tdem_csv::write_tdem_csv;

#[cfg(test)]
mod tests;
