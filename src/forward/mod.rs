//! Physics: the response of a layered earth and its derivatives. This module uses no random numbers and no files.
//!
//! Inputs are checked where they enter the program ([`LayeredEarth::new`](crate::earth::LayeredEarth::new), the system readers); nothing is checked
//! again here because a survey calls these functions billions of times.

mod accuracy;
mod bessel;
mod complex;
mod fdem;
mod halfspace;
mod lanes;
mod model;
mod physics;
mod reflection;
mod stack;
mod tdem;
mod two_levels;

pub use accuracy::Accuracy;
pub use fdem::FdemForward;
pub use halfspace::best_halfspace;
pub use model::{EarthResponse, ForwardModel, Sensitivity};
pub use physics::{Physics, digitised_scheme};
pub use tdem::{DigitisedTdem, TdemForward, TdemOperator, component_without_primary};
pub use two_levels::TwoLevels;
