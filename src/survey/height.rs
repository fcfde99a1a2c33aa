//! What a height must be.

/// Largest height above ground in m. A larger number is a missing value or has another unit.
pub(super) const MAX_HEIGHT_M: f64 = 10_000.0;

/// Says what a height must be.
pub(super) fn expected_height() -> String {
    format!("a height in m more than 0 and at most {MAX_HEIGHT_M}")
}
