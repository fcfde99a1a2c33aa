//! Products: quantities that are computed from results.

mod depth_of_information;
mod interfaces;
mod marginal;
mod percentiles;
mod samples;
mod sounding;

pub use depth_of_information::{INFORMATION_BITS, depth_of_information, relative_depths_of_investigation};
pub use interfaces::{ProbableInterface, probable_interfaces};
pub use marginal::{Marginal, information_bias_bits};
pub use percentiles::{count_percentile, histogram_percentile, values_percentile};
pub use samples::SampledEarths;
pub use sounding::{ConductivityClass, JOINED_CELLS, Posterior, ProductSettings, SoundingProducts, sounding_products};
