//! Observations: soundings, their noise, and the readers of survey files.

mod cells;
mod column_ref;
mod columns;
mod gdf2;
mod models;
mod read_csv;
mod replace;
mod sounding;
mod table;
mod tdem;
mod track;
mod wedge;
mod write_csv;
mod write_models;

pub use column_ref::{ColumnPlace, ColumnRef};
pub use models::{ModelRow, read_models};
pub use read_csv::{ReadOptions, read_csv};
pub use sounding::{RejectedRow, Sounding, Survey, line_label};
pub use tdem::{Convention, TdemColumns, TdemReadOptions, definition_file, read_tdem, write_tdem_csv};
pub use track::Track;
pub use wedge::{EARTHS, Wedge};
pub use write_csv::write_csv;
pub use write_models::write_models;
