//! Short vectors of doubles: the arithmetic of the reflection kernels, in plain Rust, with AVX2 and FMA, and with
//! AVX-512.
//!
//! A kernel is written once, generic over [`Lanes`], and [`on_processor`] compiles it for each kind of vector. Results
//! of plain Rust differ from the others in the last digits because FMA rounds once. Without full precision, AVX-512
//! refines the processor's estimates of reciprocals and reciprocal roots, because divisions would limit the speed. The
//! estimates may differ between makers of processors.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod processor;
mod vector;

#[cfg(target_arch = "x86_64")]
pub(super) use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub(super) use avx512::Avx512;
pub(super) use processor::{Processor, VectorKind, on_processor};
pub(super) use vector::Lanes;

/// Four lanes of plain Rust, for processors without AVX2.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plain<const FULL: bool>([f64; 4]);

impl<const FULL: bool> Plain<FULL> {
    #[inline(always)]
    fn zip(self, o: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        Self(std::array::from_fn(|i| f(self.0[i], o.0[i])))
    }
}

impl<const PRECISE: bool> Lanes for Plain<PRECISE> {
    const N: usize = 4;
    const FULL: bool = PRECISE;
    #[inline(always)]
    fn splat(x: f64) -> Self {
        Self([x; 4])
    }
    #[inline(always)]
    fn load(slice: &[f64]) -> Self {
        Self([slice[0], slice[1], slice[2], slice[3]])
    }
    #[inline(always)]
    fn store(self, slice: &mut [f64]) {
        slice[..4].copy_from_slice(&self.0);
    }
    #[inline(always)]
    fn sum(self) -> f64 {
        (self.0[0] + self.0[2]) + (self.0[1] + self.0[3])
    }
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        self.zip(o, |a, b| a + b)
    }
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        self.zip(o, |a, b| a - b)
    }
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        self.zip(o, |a, b| a * b)
    }
    #[inline(always)]
    fn mul_add(self, b: Self, c: Self) -> Self {
        self.mul(b).add(c)
    }
    #[inline(always)]
    fn neg_mul_add(self, b: Self, c: Self) -> Self {
        c.sub(self.mul(b))
    }
    #[inline(always)]
    fn div(self, o: Self) -> Self {
        self.zip(o, |a, b| a / b)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(self.0.map(f64::sqrt))
    }
    #[inline(always)]
    fn sqrt_and_inverse(self) -> (Self, Self) {
        let root = self.sqrt();
        (root, root.reciprocal())
    }
    #[inline(always)]
    fn reciprocal(self) -> Self {
        Self(self.0.map(f64::recip))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(self.0.map(f64::abs))
    }
    #[inline(always)]
    fn max(self, o: Self) -> Self {
        self.zip(o, |a, b| if a > b { a } else { b })
    }
    #[inline(always)]
    fn round(self) -> Self {
        Self(self.0.map(f64::round_ties_even))
    }
    #[inline(always)]
    fn exp2_integer(self) -> Self {
        Self(self.0.map(|n| f64::from_bits(((n as i64 + 1023) as u64) << 52)))
    }
    #[inline(always)]
    fn where_negative(self, a: Self, b: Self) -> Self {
        Self(std::array::from_fn(|i| if self.0[i] < 0.0 { a.0[i] } else { b.0[i] }))
    }
}

/// Two vectors side by side, so that the processor works on one while square roots and divisions of the other are
/// pending.
#[derive(Debug, Clone, Copy)]
pub(super) struct Two<L>(L, L);

impl<L: Lanes> Two<L> {
    #[inline(always)]
    pub(super) fn new(first: L, second: L) -> Self {
        Self(first, second)
    }
    #[inline(always)]
    pub(super) fn parts(self) -> (L, L) {
        (self.0, self.1)
    }
    #[inline(always)]
    fn zip(self, o: Self, f: impl Fn(L, L) -> L) -> Self {
        Self(f(self.0, o.0), f(self.1, o.1))
    }
    #[inline(always)]
    fn map(self, f: impl Fn(L) -> L) -> Self {
        Self(f(self.0), f(self.1))
    }
}

impl<L: Lanes> Lanes for Two<L> {
    const N: usize = 2 * L::N;
    const FULL: bool = L::FULL;
    #[inline(always)]
    fn splat(x: f64) -> Self {
        Self(L::splat(x), L::splat(x))
    }
    #[inline(always)]
    fn load(slice: &[f64]) -> Self {
        Self(L::load(slice), L::load(&slice[L::N..]))
    }
    #[inline(always)]
    fn store(self, slice: &mut [f64]) {
        self.0.store(slice);
        self.1.store(&mut slice[L::N..]);
    }
    #[inline(always)]
    fn sum(self) -> f64 {
        self.0.add(self.1).sum()
    }
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        self.zip(o, L::add)
    }
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        self.zip(o, L::sub)
    }
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        self.zip(o, L::mul)
    }
    #[inline(always)]
    fn mul_add(self, b: Self, c: Self) -> Self {
        Self(self.0.mul_add(b.0, c.0), self.1.mul_add(b.1, c.1))
    }
    #[inline(always)]
    fn neg_mul_add(self, b: Self, c: Self) -> Self {
        Self(self.0.neg_mul_add(b.0, c.0), self.1.neg_mul_add(b.1, c.1))
    }
    #[inline(always)]
    fn div(self, o: Self) -> Self {
        self.zip(o, L::div)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.map(L::sqrt)
    }
    #[inline(always)]
    fn sqrt_and_inverse(self) -> (Self, Self) {
        let (first, second) = (self.0.sqrt_and_inverse(), self.1.sqrt_and_inverse());
        (Self(first.0, second.0), Self(first.1, second.1))
    }
    #[inline(always)]
    fn reciprocal(self) -> Self {
        self.map(L::reciprocal)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.map(L::abs)
    }
    #[inline(always)]
    fn max(self, o: Self) -> Self {
        self.zip(o, L::max)
    }
    #[inline(always)]
    fn round(self) -> Self {
        self.map(L::round)
    }
    #[inline(always)]
    fn exp2_integer(self) -> Self {
        self.map(L::exp2_integer)
    }
    #[inline(always)]
    fn where_negative(self, a: Self, b: Self) -> Self {
        Self(self.0.where_negative(a.0, b.0), self.1.where_negative(a.1, b.1))
    }
}
