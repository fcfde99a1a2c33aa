//! Exit codes beside 0, 1 and 2.

/// The run is done, but soundings failed.
pub(super) const FAILED_SOUNDINGS: u8 = 3;
/// The run was interrupted; the same command continues it.
pub(super) const INTERRUPTED: u8 = 4;
