//! What a short vector of doubles can do.

/// A short vector of doubles. All operations are lane by lane.
pub(in crate::forward) trait Lanes: Copy {
    /// Number of lanes.
    const N: usize;
    /// True when elementary functions are correct to the last digits, false for an error of 1e-8 where nothing cancels.
    const FULL: bool;
    fn splat(x: f64) -> Self;
    /// Loads the first `N` values of `slice`.
    fn load(slice: &[f64]) -> Self;
    /// Stores the lanes in the first `N` values of `slice`.
    fn store(self, slice: &mut [f64]);
    /// Returns the sum of the lanes, added in a fixed order.
    fn sum(self) -> f64;
    fn add(self, o: Self) -> Self;
    fn sub(self, o: Self) -> Self;
    fn mul(self, o: Self) -> Self;
    /// Returns `self * b + c`.
    fn mul_add(self, b: Self, c: Self) -> Self;
    /// Returns `c - self * b`.
    fn neg_mul_add(self, b: Self, c: Self) -> Self;
    fn div(self, o: Self) -> Self;
    fn sqrt(self) -> Self;
    /// Returns the square root and its reciprocal, for positive numbers.
    fn sqrt_and_inverse(self) -> (Self, Self);
    /// Returns 1 / self, for numbers that are not zero.
    fn reciprocal(self) -> Self;
    fn abs(self) -> Self;
    fn max(self, o: Self) -> Self;
    /// Returns the nearest integer; halves go to the even one.
    fn round(self) -> Self;
    /// Returns 2^self for integers between -1022 and 1023.
    fn exp2_integer(self) -> Self;
    /// Returns `a` where `self` is negative, `b` elsewhere.
    fn where_negative(self, a: Self, b: Self) -> Self;
}
