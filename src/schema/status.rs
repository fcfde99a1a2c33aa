//! What became of a sounding, and why.

/// What became of a sounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i8)]
pub enum Status {
    /// Nobody has finished it; its other values mean nothing.
    NotRun = 0,
    /// Sampled until R-hat and effective sample size met their targets.
    Converged = 1,
    /// Sampled to the end of the budget without meeting them; the samples are there, to be used with care.
    NotConverged = 2,
    /// Could not be inverted.
    Failed = 3,
    /// Has no datum to invert.
    NoData = 4,
}

impl Status {
    /// All, in order of their numbers.
    pub const ALL: [Status; 5] =
        [Status::NotRun, Status::Converged, Status::NotConverged, Status::Failed, Status::NoData];

    /// Name in files.
    pub fn name(self) -> &'static str {
        match self {
            Status::NotRun => "not_run",
            Status::Converged => "converged",
            Status::NotConverged => "not_converged",
            Status::Failed => "failed",
            Status::NoData => "no_data",
        }
    }

    /// The status of number `code`.
    pub fn from_code(code: i8) -> Option<Self> {
        Self::ALL.into_iter().find(|&status| status as i8 == code)
    }

    /// Whether there are samples.
    pub fn has_posterior(self) -> bool {
        matches!(self, Status::Converged | Status::NotConverged)
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
    /// The budget of iterations ended while the chains disagreed.
    ChainsDisagree = 2,
    /// The budget of iterations ended with too few effective samples.
    TooFewEffectiveSamples = 3,
    /// The computation stopped with an error; the log has its text.
    Panicked = 4,
    /// No channel has a usable datum.
    NoActiveChannel = 5,
}

impl Reason {
    /// All, in order of their numbers.
    pub const ALL: [Reason; 6] = [
        Reason::None,
        Reason::TargetsMet,
        Reason::ChainsDisagree,
        Reason::TooFewEffectiveSamples,
        Reason::Panicked,
        Reason::NoActiveChannel,
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
        }
    }

    /// The reason of number `code`.
    pub fn from_code(code: i8) -> Option<Self> {
        Self::ALL.into_iter().find(|&reason| reason as i8 == code)
    }
}
