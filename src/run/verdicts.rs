//! Explains statuses in words, with advice.

use crate::schema::{Reason, Status};

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
        Reason::AtErrorBound => Some(
            "widen the bounds of errors: the data have more noise, or less, than they allow; at the upper bound see `geobipy plot data`",
        ),
        Reason::AtGeometryBound => Some(
            "check the measured height and geometry, and widen their priors if they may be that wrong; see `geobipy plot sounding`",
        ),
        Reason::ImplausibleConductivity => {
            Some("check the unit, the sign and the scale of the data; metal or a bird near the ground do this, too")
        }
        Reason::FitTooClose => Some("standard deviations of the data are too large, or given in another unit"),
        Reason::Panicked => Some("the messages of the run say more"),
        Reason::None | Reason::TargetsMet | Reason::NoActiveChannel => None,
    }
}
