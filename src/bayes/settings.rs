//! How long to sample and when to stop.

/// Settings for the length of sampling and for stopping.
#[derive(Debug, Clone, PartialEq)]
pub struct SamplerSettings {
    /// Seed of the survey.
    pub seed: u64,
    /// Chains per sounding, each with its own draw of the prior as start; at least 2.
    pub chain_count: usize,
    /// Tempered copies per chain, from temperature 1 to [`maximum_temperature`](Self::maximum_temperature); only
    /// temperature 1 is recorded.
    pub temperature_count: usize,
    /// The highest temperature.
    pub maximum_temperature: f64,
    /// Iterations of a chain after which burn-in ends even when it is not stationary.
    pub maximum_burn_in: usize,
    /// Iterations of a chain after burn-in at which sampling ends even when it has not converged.
    pub maximum_iterations: usize,
    /// Iterations between recorded samples.
    pub record_every: usize,
    /// Largest R-hat of a converged sounding.
    pub rhat_target: f64,
    /// Smallest effective sample size, bulk and tail, all chains together, of a converged sounding.
    pub ess_target: f64,
    /// Number of thinned samples to store, all chains together.
    pub sample_count: usize,
}

/// The budget that evidence chose (docs/sampler.md). Configurations take their defaults from here.
impl Default for SamplerSettings {
    fn default() -> Self {
        Self {
            seed: 1,
            chain_count: 4,
            temperature_count: 5,
            maximum_temperature: 4.0,
            maximum_burn_in: 20_000,
            maximum_iterations: 300_000,
            record_every: 10,
            rhat_target: 1.05,
            ess_target: 200.0,
            sample_count: 200,
        }
    }
}
