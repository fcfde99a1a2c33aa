//! Quantities of merged results that can be drawn and exported: quantities by their names, at depths and over intervals of depth, in maps.

mod coordinates;
mod grid;
mod interval;
mod merged;
mod quantity;
mod slice;
mod statistic;
mod survey;

pub use self::grid::{MapOptions, grid, gridded};
pub(crate) use self::interval::at_slices;
pub use self::merged::{Source, Temporary};
pub use self::quantity::Quantity;
pub use self::slice::Slice;
pub use self::statistic::Statistic;
pub use self::survey::SurveySelection;
