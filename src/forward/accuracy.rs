//! Accuracy of the forward models.

/// Number of points at which integrals are sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Accuracy {
    /// For the hot copies of parallel tempering, whose samples are not kept; never used for the recorded chain.
    /// Frequency domain: 8 nodes per frequency, complex relative error below 4e-3. Time domain: a third of the points
    /// of the standard, median error 1e-4 (fixed wing) to 2e-3; docs/forward.md gives the largest errors.
    Coarse,
    /// Frequency domain: 16 nodes per frequency, complex relative error below 1e-4; up to 2e-4 for responses of about 1
    /// ppm (0.1 mS/m from 10 m height). Like all accuracies, it uses 96 nodes where the path up and down is shorter
    /// than 2.2 coil separations, about 9 m height. Time domain: docs/forward.md.
    #[default]
    Standard,
    /// Frequency domain: 24 nodes per frequency, error below 5e-6. Time domain: at least ten times as accurate as the
    /// standard.
    High,
    /// A reference for measuring the errors of the others. Frequency domain: 96 nodes per frequency, error below 1e-9.
    Reference,
}

impl Accuracy {
    /// Returns whether elementary functions need full precision; their error of 1e-8 without it is far below the other
    /// errors of [`Coarse`](Self::Coarse).
    pub(super) fn needs_full_precision(self) -> bool {
        self != Self::Coarse
    }
}
