//! The result of sampling one sounding.

use super::chain::MoveCount;
use super::depth_of_investigation::DepthOfInvestigation;
use super::histograms::Histograms;
use super::monte_carlo_error::MonteCarloError;
use super::moves::Move;
use super::sample::{Sample, thinned};
use super::traces::Diagnostics;
use super::verdict::{Evidence, Verdict};

/// The result of sampling one sounding.
#[derive(Debug, PartialEq)]
pub struct SoundingPosterior {
    /// Counts of all recorded samples after burn-in.
    pub histograms: Histograms,
    /// The recorded sample with the highest posterior density among those with the most frequent layer count (the
    /// smaller count on a tie). Densities of models with different numbers of layers have different units and cannot be
    /// compared.
    pub best: Sample,
    /// Recorded samples of each chain, evenly spaced from the first after burn-in; thinned when there are too many to
    /// keep.
    pub chains: Vec<Vec<Sample>>,
    /// How far the result can be trusted.
    pub verdict: Verdict,
    /// The numbers behind the verdict.
    pub evidence: Evidence,
    /// Monte Carlo errors of percentiles of log10 conductivity, by cell of the depth grid.
    pub monte_carlo_error: MonteCarloError,
    /// Depths down to which the data depend on the earth.
    pub depth_of_investigation: DepthOfInvestigation,
    /// Convergence.
    pub diagnostics: Diagnostics,
    /// Iterations of each chain before recording begins.
    pub burn_in: usize,
    /// Iterations of each chain after burn-in.
    pub iterations: usize,
    /// Tries and acceptances of each move over all chains, in the order of [`Move::ALL`].
    pub counts: [MoveCount; Move::ALL.len()],
    /// Least acceptance rate of exchanges between neighbouring temperatures; NaN when there is one temperature.
    pub exchange_rate: f64,
    /// Misfit of each chain from the first iteration, at every `record_every`-th.
    pub misfit_trace: Vec<Vec<f32>>,
}

impl SoundingPosterior {
    /// Returns all kept samples, chain after chain.
    pub fn samples(&self) -> impl Iterator<Item = &Sample> + Clone {
        self.chains.iter().flatten()
    }

    /// Returns about `count` samples evenly spaced over all chains, with the index of their chain.
    pub fn thinned(&self, count: usize) -> Vec<(usize, &Sample)> {
        thinned(&self.chains, count)
    }
}
