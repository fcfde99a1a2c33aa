//! What sampling leaves behind.

use super::chain::MoveCount;
use super::depth_of_investigation::DepthOfInvestigation;
use super::histograms::Histograms;
use super::monte_carlo_error::MonteCarloError;
use super::moves::Move;
use super::sample::{Sample, thinned};
use super::traces::Diagnostics;
use super::verdict::{Evidence, Verdict};

/// Everything sampling leaves behind.
#[derive(Debug, PartialEq)]
pub struct SoundingPosterior {
    /// Counts of all recorded samples after burn-in.
    pub histograms: Histograms,
    /// The recorded sample of highest posterior density among those with the most frequent layer count, the smaller one on
    /// a tie: densities of models with different numbers of layers have different units and cannot be compared.
    pub best: Sample,
    /// Recorded samples of each chain, evenly spaced from the first after burn-in: all, or too many to keep thinned out.
    pub chains: Vec<Vec<Sample>>,
    /// How far it can be trusted.
    pub verdict: Verdict,
    /// What the verdict rests on.
    pub evidence: Evidence,
    /// How far percentiles of log10 conductivity depend on chance, by cell of the depth grid.
    pub monte_carlo_error: MonteCarloError,
    /// How deep the data see.
    pub depth_of_investigation: DepthOfInvestigation,
    /// Convergence.
    pub diagnostics: Diagnostics,
    /// Iterations of each chain before its samples count.
    pub burn_in: usize,
    /// Iterations of each chain after that.
    pub iterations: usize,
    /// Tries and acceptances of each move over all chains, in the order of [`Move::ALL`].
    pub counts: [MoveCount; Move::ALL.len()],
    /// Least accepted share of exchanges between neighbouring temperatures; NaN when there is one temperature.
    pub exchange_rate: f64,
    /// Misfit of each chain from the first iteration, every `record_every`.
    pub misfit_trace: Vec<Vec<f32>>,
}

impl SoundingPosterior {
    /// All samples kept, chain after chain.
    pub fn samples(&self) -> impl Iterator<Item = &Sample> + Clone {
        self.chains.iter().flatten()
    }

    /// About `count` samples evenly spaced over all chains, with the index of their chain.
    pub fn thinned(&self, count: usize) -> Vec<(usize, &Sample)> {
        thinned(&self.chains, count)
    }
}
