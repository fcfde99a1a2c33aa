//! Outcomes of soundings, and their reasons.

use crate::bayes::Warning;

/// Outcome of a sounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i8)]
pub enum Status {
    /// Nobody has finished it; its other values mean nothing.
    NotRun = 0,
    /// Sampled until R-hat and effective sample size met their targets; models explain the data.
    Converged = 1,
    /// Sampled to the end of the budget, and another seed may give another answer; the samples are there, to be used with
    /// care.
    NotConverged = 2,
    /// Could not be inverted.
    Failed = 3,
    /// Has no datum to invert.
    NoData = 4,
    /// Sampled, and percentiles are nearly those of another seed, but not [`Converged`](Self::Converged).
    Usable = 5,
}

impl Status {
    /// All, in order of their numbers.
    pub const ALL: [Status; 6] =
        [Status::NotRun, Status::Converged, Status::NotConverged, Status::Failed, Status::NoData, Status::Usable];

    /// Name in files.
    pub fn name(self) -> &'static str {
        match self {
            Status::NotRun => "not_run",
            Status::Converged => "converged",
            Status::NotConverged => "not_converged",
            Status::Failed => "failed",
            Status::NoData => "no_data",
            Status::Usable => "usable",
        }
    }

    /// All, from the best to those of which nothing is known: the order in which people are told.
    pub const IN_WORDS: [Status; 6] =
        [Status::Converged, Status::Usable, Status::NotConverged, Status::Failed, Status::NoData, Status::NotRun];

    /// Name in messages and figures.
    pub fn words(self) -> String {
        self.name().replace('_', " ")
    }

    /// The status of number `code`.
    pub fn from_code(code: i8) -> Option<Self> {
        Self::ALL.into_iter().find(|&status| status as i8 == code)
    }

    /// Returns whether there are samples.
    pub fn has_posterior(self) -> bool {
        matches!(self, Status::Converged | Status::Usable | Status::NotConverged)
    }
}

/// Why a sounding has its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i8)]
pub enum Reason {
    /// Not run.
    None = 0,
    /// R-hat and effective sample size met their targets.
    TargetsMet = 1,
    /// The chains disagree: R-hat is above its target.
    ChainsDisagree = 2,
    /// There are fewer effective samples than the target.
    TooFewEffectiveSamples = 3,
    /// The computation stopped with an error; the log has its text.
    Panicked = 4,
    /// No channel has a usable datum.
    NoActiveChannel = 5,
    /// A hotter copy of a chain has not found the others, so that it is no help.
    StuckRung = 6,
    /// The misfit is far beyond the number of channels: models do not explain the data.
    PoorFit = 7,
    /// Percentiles of conductivity would be others with another seed.
    UncertainPercentiles = 8,
    /// Many samples have a conductivity near a bound of the prior.
    AtConductivityBound = 9,
    /// Many samples have a relative or an additive error at a bound of the prior.
    AtErrorBound = 10,
    /// Many samples have a height or another geometry parameter at a bound of the prior.
    AtGeometryBound = 11,
    /// The median conductivity at some depth is beyond what rock allows.
    ImplausibleConductivity = 12,
    /// Models fit the data much better than standard deviations allow.
    FitTooClose = 13,
}

impl Reason {
    /// All, in order of their numbers.
    pub const ALL: [Reason; 14] = [
        Reason::None,
        Reason::TargetsMet,
        Reason::ChainsDisagree,
        Reason::TooFewEffectiveSamples,
        Reason::Panicked,
        Reason::NoActiveChannel,
        Reason::StuckRung,
        Reason::PoorFit,
        Reason::UncertainPercentiles,
        Reason::AtConductivityBound,
        Reason::AtErrorBound,
        Reason::AtGeometryBound,
        Reason::ImplausibleConductivity,
        Reason::FitTooClose,
    ];

    /// Name in files.
    pub fn name(self) -> &'static str {
        match self {
            Reason::None => "none",
            Reason::TargetsMet => "targets_met",
            Reason::ChainsDisagree => "chains_disagree",
            Reason::TooFewEffectiveSamples => "too_few_effective_samples",
            Reason::Panicked => "panicked",
            Reason::NoActiveChannel => "no_active_channel",
            Reason::StuckRung => "stuck_rung",
            Reason::PoorFit => "poor_fit",
            Reason::UncertainPercentiles => "uncertain_percentiles",
            Reason::AtConductivityBound => "at_conductivity_bound",
            Reason::AtErrorBound => "at_error_bound",
            Reason::AtGeometryBound => "at_geometry_bound",
            Reason::ImplausibleConductivity => "implausible_conductivity",
            Reason::FitTooClose => "fit_too_close",
        }
    }

    /// Name in messages and figures.
    pub fn words(self) -> String {
        self.name().replace('_', " ")
    }

    /// The reason of number `code`.
    pub fn from_code(code: i8) -> Option<Self> {
        Self::ALL.into_iter().find(|&reason| reason as i8 == code)
    }
}

impl From<Warning> for Reason {
    fn from(warning: Warning) -> Self {
        match warning {
            Warning::ChainsDisagree => Reason::ChainsDisagree,
            Warning::TooFewEffectiveSamples => Reason::TooFewEffectiveSamples,
            Warning::StuckRung => Reason::StuckRung,
            Warning::PoorFit => Reason::PoorFit,
            Warning::UncertainPercentiles => Reason::UncertainPercentiles,
            Warning::AtConductivityBound => Reason::AtConductivityBound,
            Warning::AtErrorBound => Reason::AtErrorBound,
            Warning::AtGeometryBound => Reason::AtGeometryBound,
            Warning::ImplausibleConductivity => Reason::ImplausibleConductivity,
            Warning::FitTooClose => Reason::FitTooClose,
        }
    }
}
