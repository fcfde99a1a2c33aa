//! Results in the formats of other programs, all from a merged file.

mod features;
mod map;
#[cfg(feature = "netcdf")]
mod netcdf;
mod parquet;
mod quantity;
mod slice;
mod survey;
mod table;
mod text;
mod vtk;
mod xyz;

pub use features::write_features;
pub use map::{MapOptions, write_map};
#[cfg(feature = "netcdf")]
pub use netcdf::write_netcdf;
pub use parquet::write_parquet;
pub use quantity::Quantity;
pub use slice::Slice;
pub use survey::{Lines, Survey};
pub use table::{Cells, Column, Table, TableLayout};
pub use text::{write_csv, write_gdf2};
pub use vtk::write_curtains;
pub use xyz::write_xyz;
