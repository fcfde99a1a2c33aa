//! Accuracy of the forward models.

/// Number of points at which integrals are sampled. Configurations offer all but the coarse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "run", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "run", derive(schemars::JsonSchema))]
pub enum Accuracy {
    /// For the hot copies of parallel tempering, whose samples are not kept; never used for the recorded chain.
    /// Frequency domain: 8 nodes per frequency, complex relative error below 4e-3. Time domain: a third of the points
    /// of the standard, median error 1e-4 (fixed wing) to 2e-3; docs/forward.md gives the largest errors.
    #[cfg_attr(feature = "run", serde(skip))]
    Coarse,
    /// Frequency domain: 16 nodes per frequency, complex relative error below 1e-4; up to 2e-4 for responses of about 1
    /// ppm (0.1 mS/m from 10 m height). Like all accuracies, it uses 96 nodes where the path up and down is shorter
    /// than 2.2 coil separations, about 9 m height. Time domain: docs/forward.md.
    #[default]
    #[cfg_attr(feature = "run", schemars(description = "for surveys (see docs/accuracy.md)"))]
    Standard,
    /// Frequency domain: 24 nodes per frequency, error below 5e-6. Time domain: at least ten times as accurate as the
    /// standard.
    #[cfg_attr(feature = "run", schemars(description = "for coils near the ground, and for simulation"))]
    High,
    /// A reference for measuring the errors of the others. Frequency domain: 96 nodes per frequency, error below 1e-9.
    #[cfg_attr(feature = "run", schemars(description = "for comparisons"))]
    Reference,
}

impl Accuracy {
    /// Returns whether elementary functions need full precision; their error of 1e-8 without it is far below the other
    /// errors of [`Coarse`](Self::Coarse).
    pub(super) fn needs_full_precision(self) -> bool {
        self != Self::Coarse
    }
}
