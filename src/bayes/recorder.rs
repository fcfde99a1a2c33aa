//! Recording of samples; memory does not grow with their number.

use super::best::BestSamples;
use super::callback::Callback;
use super::grids::Grids;
use super::histograms::Histograms;
use super::prior::Prior;
use super::reservoir::Reservoir;
use super::sample::Sample;
use super::settings::SamplerSettings;
use super::state::State;
use super::traces::{Diagnostics, Traces};
use crate::system::Geometry;

/// Largest number of whole samples kept of a chain, unless more are to be stored. Percentiles of predicted data are
/// computed from them and need no more.
const KEPT_SAMPLES: usize = 1_000;

/// Records the samples of all chains.
#[derive(Debug)]
pub(super) struct Recorder<'a> {
    grids: &'a Grids,
    measured: &'a Geometry,
    histograms: Histograms,
    traces: Traces,
    best: BestSamples,
    reservoirs: Vec<Reservoir<Sample>>,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(grids: &'a Grids, prior: &'a Prior, settings: &SamplerSettings) -> Self {
        // A reservoir that is only half full still has the number of samples to store.
        let capacity = KEPT_SAMPLES.max(2 * settings.sample_count.div_ceil(settings.chain_count));
        Self {
            grids,
            measured: prior.geometry.measured(),
            histograms: Histograms::new(grids, prior.relative_error.len()),
            traces: Traces::new(settings.chain_count),
            best: BestSamples::new(grids.maximum_layer_count),
            reservoirs: (0..settings.chain_count).map(|_| Reservoir::new(capacity)).collect(),
        }
    }

    /// Records the state of `chain`.
    pub(super) fn record(&mut self, chain: usize, state: &State) {
        self.histograms.record(state, self.grids, self.measured);
        self.traces.record(chain, state, &self.grids.diagnostic_depths_m);
        self.best.record(chain, state);
        self.reservoirs[chain].record(|| state.into());
    }

    /// Returns the convergence of the samples recorded so far, `None` when `callback` breaks.
    pub(super) fn diagnose(&self, callback: &mut Callback<'_>) -> Option<Diagnostics> {
        self.traces.diagnose(callback)
    }

    /// Returns the histograms, the best sample of the most frequent layer count, and the samples kept of each chain.
    pub(super) fn finish(self) -> (Histograms, Sample, Vec<Vec<Sample>>) {
        let best = self.best.into_best_of(self.histograms.most_frequent_layer_count());
        (
            self.histograms,
            best.expect("every chain records its first iteration"),
            self.reservoirs.into_iter().map(Reservoir::into_kept).collect(),
        )
    }
}
