//! Data or standard deviations.

/// The kind of numbers in a group's columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnKind {
    Data,
    Std,
}

impl ColumnKind {
    /// Returns the name in configurations.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Std => "std",
        }
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Std => "standard deviation",
        }
    }
}

/// Parts of names of data columns that hold the standard deviations of data.
pub(super) const STD: [&str; 2] = ["err", "std"];
