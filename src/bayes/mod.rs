//! The posterior of one sounding: priors, likelihood, moves, chains, convergence.
//!
//! [`invert_sounding`] is the heart and reads from top to bottom. Nothing here knows files or threads.

mod accept;
mod chain;
mod diagnostics;
mod gauss_newton;
mod invert_sounding;
mod likelihood;
mod moves;
mod posterior;
mod prior;
mod rng;
mod state;

pub use accept::accept;
pub use chain::{Chain, MoveCount, Target};
pub use diagnostics::{Convergence, convergence};
pub use gauss_newton::GaussNewton;
pub use invert_sounding::{Diagnostics, Outcome, Sample, SamplerSettings, SoundingPosterior, invert_sounding};
pub use likelihood::{Likelihood, NoiseModel};
pub use moves::{Context, Move, MoveMix, Scales, Workspace};
pub(crate) use posterior::count_between;
pub use posterior::{Grids, prior_interface_counts};
pub use prior::{
    ConductivityPrior, Correlation, DepthScale, Deviation, ErrorPrior, GeometryPrior, InterfacePrior, LayerCountLaw,
    LayerCountPrior, Prior,
};
pub use rng::{ChainRng, chain_rng};
pub use state::{Model, State};
