//! Prior densities: proper and normalised, so that they can be drawn from and tested.

mod conductivity;
mod errors;
mod geometry;
mod interfaces;
mod joint;
mod layer_count;
mod normal;
pub mod usual;

pub use conductivity::{ConductivityPrior, Correlation};
pub use errors::ErrorPrior;
pub use geometry::{Deviation, GeometryPrior};
pub use interfaces::{DepthScale, InterfacePrior};
pub use joint::Prior;
pub use layer_count::{LayerCountLaw, LayerCountPrior};
pub(super) use normal::ln_normal;
