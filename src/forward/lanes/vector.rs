//! What a short vector of doubles can do.

/// A short vector of doubles. All operations are lane by lane.
pub(in crate::forward) trait Lanes: Copy {
    /// Number of lanes.
    const N: usize;
    /// Whether elementary functions are right to the last digits, or to 1e-8 where nothing cancels.
    const FULL: bool;
    fn splat(x: f64) -> Self;
    /// The first `N` of `slice`.
    fn load(slice: &[f64]) -> Self;
    /// Into the first `N` of `slice`.
    fn store(self, slice: &mut [f64]);
    /// Sum of the lanes, in a fixed order.
    fn sum(self) -> f64;
    fn add(self, o: Self) -> Self;
    fn sub(self, o: Self) -> Self;
    fn mul(self, o: Self) -> Self;
    /// `self * b + c`
    fn mul_add(self, b: Self, c: Self) -> Self;
    /// `c - self * b`
    fn neg_mul_add(self, b: Self, c: Self) -> Self;
    fn div(self, o: Self) -> Self;
    fn sqrt(self) -> Self;
    /// Square root and its reciprocal, for positive numbers.
    fn sqrt_and_inverse(self) -> (Self, Self);
    /// 1 / self, for numbers that are not zero.
    fn reciprocal(self) -> Self;
    fn abs(self) -> Self;
    fn max(self, o: Self) -> Self;
    /// Nearest integer, halves to even.
    fn round(self) -> Self;
    /// 2^self for integers between -1022 and 1023.
    fn exp2_integer(self) -> Self;
    /// `a` where `self` is negative, else `b`.
    fn where_negative(self, a: Self, b: Self) -> Self;
}
