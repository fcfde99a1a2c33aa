//! The subsurface: a stack of layers over a halfspace, and the depth and conductivity grids posteriors are counted on.

mod grid;
mod layered;

pub use grid::{DepthGrid, Log10ConductivityGrid};
pub use layered::LayeredEarth;
