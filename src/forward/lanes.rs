//! Several doubles at once: the arithmetic of the reflection kernel, in plain Rust and with AVX2 and FMA.
//!
//! The kernel is written once, generic over [`Lanes`]; [`Avx2`] may only be used behind a run-time check of the
//! processor. Results of the two differ in the last digits because FMA rounds once.

/// A short vector of doubles. All operations are lane by lane.
pub(super) trait Lanes: Copy {
    /// Number of lanes.
    const N: usize;
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
    fn div(self, o: Self) -> Self;
    /// `self * b + c`
    fn mul_add(self, b: Self, c: Self) -> Self;
    /// `c - self * b`
    fn neg_mul_add(self, b: Self, c: Self) -> Self;
    fn sqrt(self) -> Self;
    fn abs(self) -> Self;
    fn max(self, o: Self) -> Self;
    /// Nearest integer, halves to even.
    fn round(self) -> Self;
    /// 2^self for integers between -1022 and 1023.
    fn exp2_integer(self) -> Self;
    /// `a` where `self` is negative, else `b`.
    fn where_negative(self, a: Self, b: Self) -> Self;
}

/// Four lanes of plain Rust, for processors without AVX2.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plain([f64; 4]);

impl Plain {
    #[inline(always)]
    fn zip(self, o: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        Self(std::array::from_fn(|i| f(self.0[i], o.0[i])))
    }
}

impl Lanes for Plain {
    const N: usize = 4;
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
    fn div(self, o: Self) -> Self {
        self.zip(o, |a, b| a / b)
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
    fn sqrt(self) -> Self {
        Self(self.0.map(f64::sqrt))
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

/// Two vectors side by side: hides the latency of square roots and divisions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Two<L>(L, L);

impl<L: Lanes> Two<L> {
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
    fn div(self, o: Self) -> Self {
        self.zip(o, L::div)
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
    fn sqrt(self) -> Self {
        self.map(L::sqrt)
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

/// Whether [`Avx2`] may be used.
#[cfg(target_arch = "x86_64")]
pub(super) fn has_avx2() -> bool {
    static HAS: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    *HAS.get_or_init(|| is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"))
}

#[cfg(target_arch = "x86_64")]
pub(super) use avx2::Avx2;

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::*;

    use super::Lanes;

    /// Four lanes of AVX2 and FMA. Values of this type must only exist where the processor has both.
    #[derive(Debug, Clone, Copy)]
    pub(in super::super) struct Avx2(__m256d);

    // SAFETY of every block below: the intrinsics need AVX2 and FMA, which whoever makes an `Avx2` has checked
    // ([`has_avx2`](super::has_avx2)); loads and stores touch four doubles that the slice index has checked.
    impl Lanes for Avx2 {
        const N: usize = 4;
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
        fn div(self, o: Self) -> Self {
            Self(unsafe { _mm256_div_pd(self.0, o.0) })
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
        fn sqrt(self) -> Self {
            Self(unsafe { _mm256_sqrt_pd(self.0) })
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
}

/// A complex number in every lane.
#[derive(Debug, Clone, Copy)]
pub(super) struct Complex<L> {
    pub(super) re: L,
    pub(super) im: L,
}

impl<L: Lanes> Complex<L> {
    #[inline(always)]
    pub(super) fn one() -> Self {
        Self { re: L::splat(1.0), im: L::splat(0.0) }
    }
    #[inline(always)]
    pub(super) fn load(re: &[f64], im: &[f64]) -> Self {
        Self { re: L::load(re), im: L::load(im) }
    }
    #[inline(always)]
    pub(super) fn add(self, o: Self) -> Self {
        Self { re: self.re.add(o.re), im: self.im.add(o.im) }
    }
    #[inline(always)]
    pub(super) fn sub(self, o: Self) -> Self {
        Self { re: self.re.sub(o.re), im: self.im.sub(o.im) }
    }
    #[inline(always)]
    pub(super) fn mul(self, o: Self) -> Self {
        Self { re: self.im.neg_mul_add(o.im, self.re.mul(o.re)), im: self.re.mul_add(o.im, self.im.mul(o.re)) }
    }
    #[inline(always)]
    pub(super) fn scale(self, factor: L) -> Self {
        Self { re: self.re.mul(factor), im: self.im.mul(factor) }
    }
    #[inline(always)]
    pub(super) fn reciprocal(self) -> Self {
        let inverse_norm = L::splat(1.0).div(self.re.mul_add(self.re, self.im.mul(self.im)));
        Self { re: self.re.mul(inverse_norm), im: L::splat(0.0).sub(self.im).mul(inverse_norm) }
    }

    /// Square root with positive real part, for numbers with positive real and non-negative imaginary part.
    #[inline(always)]
    pub(super) fn sqrt_right(self) -> Self {
        let norm = self.re.mul_add(self.re, self.im.mul(self.im)).sqrt();
        let half = L::splat(0.5);
        let re = norm.add(self.re).mul(half).sqrt();
        Self { re, im: self.im.mul(half).div(re) }
    }

    /// Square root with positive real part, for numbers with non-negative imaginary part.
    #[inline(always)]
    pub(super) fn sqrt(self) -> Self {
        let norm = self.re.mul_add(self.re, self.im.mul(self.im)).sqrt();
        let half = L::splat(0.5);
        // The larger part first: no cancellation.
        let large = norm.add(self.re.abs()).mul(half).sqrt();
        let small = self.im.mul(half).div(large);
        Self { re: self.re.where_negative(small, large), im: self.re.where_negative(large, small) }
    }

    /// exp(self) for numbers with real part from minus infinity to 500; the modulus is never below exp(-500).
    #[inline(always)]
    pub(super) fn exp(self) -> Self {
        let modulus = exp(self.re.max(L::splat(-500.0)));
        let (sin, cos) = sin_cos(self.im);
        Self { re: modulus.mul(cos), im: modulus.mul(sin) }
    }
}

/// Horner's scheme, highest power first.
#[inline(always)]
fn polynomial<L: Lanes, const M: usize>(x: L, coefficients: [f64; M]) -> L {
    let mut value = L::splat(coefficients[0]);
    for &c in &coefficients[1..] {
        value = value.mul_add(x, L::splat(c));
    }
    value
}

/// exp(x) for -500 <= x <= 500: x = n ln 2 + r, and for |r| <= ln 2 / 2 the polynomial of smallest largest error (Remez'
/// exchange algorithm), 2e-16.
#[inline(always)]
fn exp<L: Lanes>(x: L) -> L {
    // ln 2 in two parts: the first has trailing zeros, so n * LN2_HIGH is exact.
    const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    const COEFFICIENTS: [f64; 11] = [
        2.763_894_045_296_770_3e-7,
        2.764_020_029_516_185_5e-6,
        2.480_146_656_310_922e-5,
        1.984_117_022_272_208_3e-4,
        1.388_888_897_219_749_2e-3,
        8.333_333_385_706_283e-3,
        4.166_666_666_640_280_6e-2,
        1.666_666_666_655_429_2e-1,
        5.000_000_000_000_031e-1,
        1.000_000_000_000_006_7,
        1.0,
    ];
    let n = x.mul(L::splat(std::f64::consts::LOG2_E)).round();
    let r = n.neg_mul_add(L::splat(LN2_LOW), n.neg_mul_add(L::splat(LN2_HIGH), x));
    polynomial(r, COEFFICIENTS).mul(n.exp2_integer())
}

/// Sine and cosine: x = n pi + r, and for |r| <= pi/2 the polynomials in r^2 of smallest largest error, 1e-16 for the sine
/// and 2e-15 for the cosine; sign (-1)^n. |x| up to 1e6.
#[inline(always)]
fn sin_cos<L: Lanes>(x: L) -> (L, L) {
    const PI_HIGH: f64 = 3.141_592_502_593_994;
    const PI_LOW: f64 = 1.509_957_990_978_376_5e-7;
    const SIN: [f64; 8] = [
        -7.374_421_451_297_854e-13,
        1.604_817_141_589_504e-10,
        -2.505_188_205_744_643e-8,
        2.755_731_661_103_15e-6,
        -1.984_126_982_487_962_4e-4,
        8.333_333_333_282_832e-3,
        -1.666_666_666_666_607_5e-1,
        9.999_999_999_999_999e-1,
    ];
    const COS: [f64; 8] = [
        -1.100_802_626_231_178_9e-11,
        2.085_832_432_263_172_7e-9,
        -2.755_693_565_486_773_6e-7,
        2.480_158_287_429_03e-5,
        -1.388_888_886_112_240_5e-3,
        4.166_666_666_581_124e-2,
        -4.999_999_999_998_996e-1,
        9.999_999_999_999_981e-1,
    ];
    let n = x.mul(L::splat(std::f64::consts::FRAC_1_PI)).round();
    let r = n.neg_mul_add(L::splat(PI_LOW), n.neg_mul_add(L::splat(PI_HIGH), x));
    let square = r.mul(r);
    let half = n.mul(L::splat(0.5));
    // n odd: half lies exactly between integers
    let odd = half.sub(half.round()).abs().mul(L::splat(4.0));
    let sign = L::splat(1.0).sub(odd);
    let sin = polynomial(square, SIN).mul(r.mul(sign));
    let cos = polynomial(square, COS);
    (sin, cos.mul(sign))
}

#[cfg(test)]
mod tests {
    use num_complex::Complex64;
    use proptest::prelude::*;

    use super::*;

    fn check<L: Lanes>(re: f64, im: f64) {
        let z = Complex { re: L::splat(re), im: L::splat(im) };
        let exact = Complex64::new(re, im);
        let close = |got: Complex<L>, want: Complex64, what: &str| {
            let got = Complex64::new(got.re.sum(), got.im.sum()) / L::N as f64;
            assert!((got - want).norm() <= 1e-13 * want.norm(), "{what}({exact}): got {got}, want {want}");
        };
        if im >= 0.0 && exact.norm() > 0.0 {
            close(z.sqrt(), exact.sqrt(), "sqrt");
        }
        if im >= 0.0 && re > 0.0 {
            close(z.sqrt_right(), exact.sqrt(), "sqrt_right");
        }
        if (-500.0..=0.0).contains(&re) && im.abs() < 1e3 {
            close(z.exp(), exact.exp(), "exp");
        }
        if exact.norm() > 1e-100 {
            close(z.reciprocal(), 1.0 / exact, "reciprocal");
        }
    }

    proptest! {
        #[test]
        fn complex_functions_agree_with_num_complex(re in -1e3..1e3f64, im in -1e3..1e3f64, small in -30i32..0) {
            let scale = 2f64.powi(small);
            for (re, im) in [(re, im), (re * scale, im), (re, im * scale), (re * scale, im * scale), (-f64::abs(re) * scale, f64::abs(im)), (f64::abs(re), f64::abs(im))] {
                check::<Plain>(re, im);
                check::<Two<Plain>>(re, im);
                #[cfg(target_arch = "x86_64")]
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                    check::<Two<Avx2>>(re, im);
                }
            }
        }
    }

    #[test]
    fn a_vanishing_exponential_stays_finite() {
        let z = Complex { re: Plain::splat(-1e6), im: Plain::splat(1e5) };
        let e = z.exp();
        assert!(e.re.abs().sum() < 1e-200 && e.im.abs().sum() < 1e-200);
    }
}
