//! What is derived from results.

mod percentiles;

pub use percentiles::{histogram_percentile, values_percentile};
