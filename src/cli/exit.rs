//! Exit codes beside 0, 1 and 2.

/// Done, but soundings failed.
pub(super) const FAILED_SOUNDINGS: u8 = 3;
/// Interrupted; the same command continues.
pub(super) const INTERRUPTED: u8 = 4;
