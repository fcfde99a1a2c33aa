//! Finds errors in a configuration and its survey before a run starts, and estimates the cost of a run.

mod additive;
mod channels;
mod cost;
mod fit;
mod gates;
mod geometry;
#[cfg(feature = "plot")]
mod picture;
mod position;
mod readings;
mod signs;

pub use self::additive::{AdditiveDoubt, additive_doubts};
pub use self::channels::{ChannelCount, Counts, NOISE};
pub use self::cost::{Cost, Estimate, TRIED};
pub use self::fit::{FITTED, Fits, HalfspaceFit};
pub use self::gates::{DoubtfulGates, doubtful_gates};
pub use self::geometry::{Geometries, GeometryValues, reference};
#[cfg(feature = "plot")]
pub use self::picture::draw_survey;
pub use self::position::{Area, FOOT_M, Jump, Relief, ReliefDoubt, Steps, area, degrees};
pub use self::readings::{ALIKE, READ, Reading, ReadingFit, Readings};
