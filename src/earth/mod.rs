//! The subsurface: layers over a halfspace, and the depth and conductivity grids of the posterior's histograms.

mod grid;
mod layered;

pub use grid::{DepthGrid, Log10ConductivityGrid};
pub use layered::LayeredEarth;
