//! Eight lanes of AVX-512.

use std::arch::x86_64::*;

use super::Lanes;

/// Eight lanes of AVX-512F. Values of this type may only exist on a processor with AVX-512F.
#[derive(Debug, Clone, Copy)]
pub(in crate::forward) struct Avx512<const FULL: bool>(__m512d);

// SAFETY of every block below: the intrinsics need AVX-512F (and AVX2, which it implies), which the creator of an
// `Avx512` has checked ([`Processor`](super::Processor)); loads and stores touch eight doubles that the slice index has
// checked.
impl<const PRECISE: bool> Lanes for Avx512<PRECISE> {
    const N: usize = 8;
    const FULL: bool = PRECISE;
    #[inline(always)]
    fn splat(x: f64) -> Self {
        Self(unsafe { _mm512_set1_pd(x) })
    }
    #[inline(always)]
    fn load(slice: &[f64]) -> Self {
        Self(unsafe { _mm512_loadu_pd(slice[..8].as_ptr()) })
    }
    #[inline(always)]
    fn store(self, slice: &mut [f64]) {
        unsafe { _mm512_storeu_pd(slice[..8].as_mut_ptr(), self.0) }
    }
    #[inline(always)]
    fn sum(self) -> f64 {
        unsafe {
            let four = _mm256_add_pd(_mm512_castpd512_pd256(self.0), _mm512_extractf64x4_pd::<1>(self.0));
            let pair = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd::<1>(four));
            _mm_cvtsd_f64(_mm_add_sd(pair, _mm_unpackhi_pd(pair, pair)))
        }
    }
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        Self(unsafe { _mm512_add_pd(self.0, o.0) })
    }
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        Self(unsafe { _mm512_sub_pd(self.0, o.0) })
    }
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        Self(unsafe { _mm512_mul_pd(self.0, o.0) })
    }
    #[inline(always)]
    fn mul_add(self, b: Self, c: Self) -> Self {
        Self(unsafe { _mm512_fmadd_pd(self.0, b.0, c.0) })
    }
    #[inline(always)]
    fn neg_mul_add(self, b: Self, c: Self) -> Self {
        Self(unsafe { _mm512_fnmadd_pd(self.0, b.0, c.0) })
    }
    #[inline(always)]
    fn div(self, o: Self) -> Self {
        Self(unsafe { _mm512_div_pd(self.0, o.0) })
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(unsafe { _mm512_sqrt_pd(self.0) })
    }
    #[inline(always)]
    fn sqrt_and_inverse(self) -> (Self, Self) {
        // y is the estimate and e = 1 - x y^2, below 2^-13. The root is y / sqrt(1 - e), which differs from the series
        // by 6e-13.
        let y = Self(unsafe { _mm512_rsqrt14_pd(self.0) });
        let e = self.mul(y).neg_mul_add(y, Self::splat(1.0));
        let inverse = Self::splat(0.375).mul_add(e, Self::splat(0.5)).mul(e).mul_add(y, y);
        (self.mul(inverse), inverse)
    }
    #[inline(always)]
    fn reciprocal(self) -> Self {
        // y is the estimate and e = 1 - x y, below 2^-14. The reciprocal is y / (1 - e), which differs from the series
        // by 2e-13.
        let y = Self(unsafe { _mm512_rcp14_pd(self.0) });
        let e = self.neg_mul_add(y, Self::splat(1.0));
        e.mul_add(e, e).mul_add(y, y)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(unsafe { _mm512_abs_pd(self.0) })
    }
    #[inline(always)]
    fn max(self, o: Self) -> Self {
        Self(unsafe { _mm512_max_pd(self.0, o.0) })
    }
    #[inline(always)]
    fn round(self) -> Self {
        // The scale is 0, and rounding is as in AVX2: to nearest, without exceptions.
        Self(unsafe { _mm512_roundscale_pd::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(self.0) })
    }
    #[inline(always)]
    fn exp2_integer(self) -> Self {
        Self(unsafe { _mm512_scalef_pd(_mm512_set1_pd(1.0), self.0) })
    }
    #[inline(always)]
    fn where_negative(self, a: Self, b: Self) -> Self {
        unsafe {
            let negative = _mm512_cmp_pd_mask::<_CMP_LT_OQ>(self.0, _mm512_setzero_pd());
            Self(_mm512_mask_blend_pd(negative, b.0, a.0))
        }
    }
}
