//! Results in the formats of other programs, all from a merged file.

mod features;
mod map;
mod parquet;
mod quantity;
mod slice;
mod survey;
mod table;
mod text;

pub use features::write_features;
pub use map::{MapOptions, write_map};
pub use parquet::write_parquet;
pub use quantity::Quantity;
pub use slice::Slice;
pub use survey::{Lines, Survey};
pub use table::{Cells, Column, Table, TableLayout};
pub use text::{write_csv, write_gdf2};
