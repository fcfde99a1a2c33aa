//! Four lanes of AVX2 and FMA.

use std::arch::x86_64::*;

use super::Lanes;

/// Four lanes of AVX2 and FMA. Values of this type may only exist on a processor with both.
#[derive(Debug, Clone, Copy)]
pub(in crate::forward) struct Avx2<const FULL: bool>(__m256d);

// SAFETY of every block below: the intrinsics need AVX2 and FMA, which the creator of an `Avx2` has checked
// ([`Processor`](super::Processor)); loads and stores touch four doubles that the slice index has checked.
impl<const PRECISE: bool> Lanes for Avx2<PRECISE> {
    const N: usize = 4;
    const FULL: bool = PRECISE;
    #[inline(always)]
    fn splat(x: f64) -> Self {
        Self(unsafe { _mm256_set1_pd(x) })
    }
    #[inline(always)]
    fn load(slice: &[f64]) -> Self {
        Self(unsafe { _mm256_loadu_pd(slice[..4].as_ptr()) })
    }
    #[inline(always)]
    fn store(self, slice: &mut [f64]) {
        unsafe { _mm256_storeu_pd(slice[..4].as_mut_ptr(), self.0) }
    }
    #[inline(always)]
    fn sum(self) -> f64 {
        unsafe {
            let pair = _mm_add_pd(_mm256_castpd256_pd128(self.0), _mm256_extractf128_pd::<1>(self.0));
            _mm_cvtsd_f64(_mm_add_sd(pair, _mm_unpackhi_pd(pair, pair)))
        }
    }
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        Self(unsafe { _mm256_add_pd(self.0, o.0) })
    }
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        Self(unsafe { _mm256_sub_pd(self.0, o.0) })
    }
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        Self(unsafe { _mm256_mul_pd(self.0, o.0) })
    }
    #[inline(always)]
    fn mul_add(self, b: Self, c: Self) -> Self {
        Self(unsafe { _mm256_fmadd_pd(self.0, b.0, c.0) })
    }
    #[inline(always)]
    fn neg_mul_add(self, b: Self, c: Self) -> Self {
        Self(unsafe { _mm256_fnmadd_pd(self.0, b.0, c.0) })
    }
    #[inline(always)]
    fn div(self, o: Self) -> Self {
        Self(unsafe { _mm256_div_pd(self.0, o.0) })
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(unsafe { _mm256_sqrt_pd(self.0) })
    }
    #[inline(always)]
    fn sqrt_and_inverse(self) -> (Self, Self) {
        let root = self.sqrt();
        (root, root.reciprocal())
    }
    #[inline(always)]
    fn reciprocal(self) -> Self {
        Self(unsafe { _mm256_div_pd(_mm256_set1_pd(1.0), self.0) })
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(unsafe { _mm256_andnot_pd(_mm256_set1_pd(-0.0), self.0) })
    }
    #[inline(always)]
    fn max(self, o: Self) -> Self {
        Self(unsafe { _mm256_max_pd(self.0, o.0) })
    }
    #[inline(always)]
    fn round(self) -> Self {
        Self(unsafe { _mm256_round_pd::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(self.0) })
    }
    #[inline(always)]
    fn exp2_integer(self) -> Self {
        unsafe {
            let biased = _mm_add_epi32(_mm256_cvtpd_epi32(self.0), _mm_set1_epi32(1023));
            Self(_mm256_castsi256_pd(_mm256_slli_epi64::<52>(_mm256_cvtepi32_epi64(biased))))
        }
    }
    #[inline(always)]
    fn where_negative(self, a: Self, b: Self) -> Self {
        Self(unsafe { _mm256_blendv_pd(b.0, a.0, self.0) })
    }
}
