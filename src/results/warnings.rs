//! Warnings in results, in addition to the status.

use crate::schema::Warning;

/// Returns the warnings that add to the status: about data and prior, not about the length of the run.
pub fn beside_status(warnings: i32) -> impl Iterator<Item = Warning> {
    Warning::in_set(warnings).filter(|warning| match warning {
        Warning::PoorFit
        | Warning::AtConductivityBound
        | Warning::AtErrorBound
        | Warning::AtGeometryBound
        | Warning::ImplausibleConductivity
        | Warning::FitTooClose => true,
        Warning::ChainsDisagree
        | Warning::TooFewEffectiveSamples
        | Warning::StuckRung
        | Warning::UncertainPercentiles => false,
    })
}
