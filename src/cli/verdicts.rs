//! Explains statuses in words, with advice.

use crate::schema::{Reason, Status, Warning};

/// Returns the meaning of a status for the use of its percentiles, if an explanation is necessary.
pub(super) fn meaning(status: Status) -> Option<&'static str> {
    match status {
        Status::Usable => Some("another seed gives nearly the same percentiles"),
        Status::NotConverged => Some("another seed may give another answer"),
        Status::Converged | Status::NotRun | Status::Failed | Status::NoData => None,
    }
}

/// Returns advice for a status with this reason.
pub(super) fn advice(reason: Reason) -> Option<&'static str> {
    match reason {
        Reason::ChainsDisagree => Some("raise sampler.maximum_iterations; if that does not help, sampler.temperatures"),
        Reason::TooFewEffectiveSamples | Reason::UncertainPercentiles => Some("raise sampler.maximum_iterations"),
        Reason::StuckRung => Some("raise sampler.maximum_burn_in"),
        Reason::PoorFit => Some(
            "see `geobipy plot data`: standard deviations may be too small, a gate bad, or height and geometry worth sampling",
        ),
        Reason::AtConductivityBound => Some(
            "see whether conductivities of prior.conductivity_minimum_s_per_m and _maximum_s_per_m are likely; if not, narrow them",
        ),
        Reason::Panicked => Some("the messages of the run say more"),
        Reason::None | Reason::TargetsMet | Reason::NoActiveChannel => None,
    }
}

/// Returns the warnings that add to the status: about data and prior, not about the length of the run.
pub(super) fn beside_status(warnings: i32) -> impl Iterator<Item = Warning> {
    Warning::in_set(warnings).filter(|warning| matches!(warning, Warning::PoorFit | Warning::AtConductivityBound))
}
