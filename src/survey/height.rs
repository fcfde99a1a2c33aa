//! What a height must be.

/// Heights are metres above ground; more is a missing value or another unit.
pub(super) const MAX_HEIGHT_M: f64 = 10_000.0;

/// What a height must be.
pub(super) fn expected_height() -> String {
    format!("a height in m more than 0 and at most {MAX_HEIGHT_M}")
}
