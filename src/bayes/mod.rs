//! The posterior of one sounding: priors, likelihood, moves, chains, convergence.
//!
//! [`invert_sounding`] is the main function and reads from top to bottom. This module uses no files and no threads.

mod accept;
mod best;
mod budget;
mod burn_in;
mod callback;
mod chain;
mod depth_of_investigation;
mod diagnostics;
mod evidence;
mod exchange;
mod gauss_newton;
mod grids;
mod histograms;
mod invert_sounding;
mod ladder;
mod likelihood;
mod model;
mod monte_carlo_error;
mod moves;
mod posterior;
mod prior;
mod recorder;
mod reservoir;
mod rng;
mod sample;
mod settings;
mod state;
mod traces;
mod verdict;

pub use accept::accept;
pub use budget::Sampled;
pub use callback::{CALLBACK_EVERY, Callback};
pub use chain::{Chain, Level, MoveCount, Target, Tempering};
pub use depth_of_investigation::{DepthOfInvestigation, DepthPercentiles};
pub use diagnostics::{Convergence, convergence};
pub use gauss_newton::GaussNewton;
pub use grids::{Grids, prior_interface_counts};
pub use histograms::Histograms;
pub use invert_sounding::invert_sounding;
pub use likelihood::{ErrorReference, Likelihood, NoiseModel, decay};
pub use model::Model;
pub use monte_carlo_error::MonteCarloError;
pub use moves::{Context, Move, MoveMix, MoveWorkspace, NoProposal, Proposal, StepSizes};
pub use posterior::SoundingPosterior;
pub use prior::{
    ConductivityPrior, Correlation, DepthScale, Deviation, ErrorPrior, GeometryPrior, InterfacePrior, LayerCountLaw,
    LayerCountPrior, Prior, usual,
};
pub use rng::{ChainRng, chain_rng};
pub use sample::Sample;
pub use settings::SamplerSettings;
pub use state::{Fit, State};
pub use traces::Diagnostics;
pub use verdict::{Evidence, Grade, Mixing, Thresholds, Verdict, Warning};
