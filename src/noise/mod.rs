//! Noise of a survey, estimated from its own data.
//!
//! A [`NoiseSource`] says where noise can be seen: at great height, between repeated lines, or as scatter along lines. Each gives
//! for every channel values that have the standard deviation of the noise. [`NoiseEstimate`] has the statistics of these values,
//! and [`NoiseKeys`] the keys of a configuration that say the same.

mod estimate;
mod keys;
mod samples;
mod separate;
mod source;
mod white;

pub use self::estimate::{ChannelNoise, NoiseEstimate};
pub use self::keys::NoiseKeys;
pub use self::separate::AdditiveNoise;
pub use self::source::NoiseSource;
