//! Complex numbers in every lane of a vector, with exponential, sine and cosine.

use super::lanes::Lanes;

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
        let norm = self.re.mul_add(self.re, self.im.mul(self.im));
        self.conjugate().scale(if L::FULL { L::splat(1.0).div(norm) } else { norm.reciprocal() })
    }
    #[inline(always)]
    fn conjugate(self) -> Self {
        Self { re: self.re, im: L::splat(0.0).sub(self.im) }
    }

    /// Returns the square root with positive real part, and its reciprocal, for numbers with positive real and
    /// non-negative imaginary part.
    #[inline(always)]
    pub(super) fn sqrt_right(self) -> (Self, Self) {
        let square = self.re.mul_add(self.re, self.im.mul(self.im));
        let half = L::splat(0.5);
        if L::FULL {
            let re = square.sqrt().add(self.re).mul(half).sqrt();
            let root = Self { re, im: self.im.mul(half).div(re) };
            return (root, root.reciprocal());
        }
        let (norm, inverse_norm) = square.sqrt_and_inverse();
        let (re, inverse_re) = norm.add(self.re).mul(half).sqrt_and_inverse();
        let root = Self { re, im: self.im.mul(half).mul(inverse_re) };
        (root, root.conjugate().scale(inverse_norm))
    }

    /// Returns the square root with positive real part, and its reciprocal, for numbers with non-negative imaginary
    /// part.
    #[inline(always)]
    pub(super) fn sqrt(self) -> (Self, Self) {
        let square = self.re.mul_add(self.re, self.im.mul(self.im));
        let half = L::splat(0.5);
        // The larger part is computed first, so that nothing cancels.
        if L::FULL {
            let large = square.sqrt().add(self.re.abs()).mul(half).sqrt();
            let root = self.root_of(large, self.im.mul(half).div(large));
            return (root, root.reciprocal());
        }
        let (norm, inverse_norm) = square.sqrt_and_inverse();
        let (large, inverse_large) = norm.add(self.re.abs()).mul(half).sqrt_and_inverse();
        let root = self.root_of(large, self.im.mul(half).mul(inverse_large));
        (root, root.conjugate().scale(inverse_norm))
    }

    /// Returns the root of `self` from the root's larger and smaller part.
    #[inline(always)]
    fn root_of(self, large: L, small: L) -> Self {
        Self { re: self.re.where_negative(small, large), im: self.re.where_negative(large, small) }
    }

    /// Returns exp(self) for numbers with real part from minus infinity to 500; the modulus is never below exp(-500).
    #[inline(always)]
    pub(super) fn exp(self) -> Self {
        let modulus = exp(self.re.max(L::splat(-500.0)));
        let (sin, cos) = sin_cos(self.im);
        Self { re: modulus.mul(cos), im: modulus.mul(sin) }
    }
}

/// Evaluates a polynomial by Horner's scheme; coefficients have the highest power first.
#[inline(always)]
fn polynomial<L: Lanes, const M: usize>(x: L, coefficients: [f64; M]) -> L {
    let mut value = L::splat(coefficients[0]);
    for &c in &coefficients[1..] {
        value = value.mul_add(x, L::splat(c));
    }
    value
}

/// Returns exp(x) for -500 <= x <= 500, with x = n ln 2 + r. For |r| <= ln 2 / 2 it uses the polynomial with the
/// smallest largest error (Remez' exchange algorithm), 2e-16; without full precision a polynomial through Chebyshev's
/// nodes, 2e-9.
#[inline(always)]
fn exp<L: Lanes>(x: L) -> L {
    // ln 2 is split into two parts. The first has trailing zeros, so n * LN2_HIGH is exact.
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
    const ROUGH: [f64; 7] = [
        0.0013941108433972674,
        0.008375126398153335,
        0.04166635289677516,
        0.16666415514653277,
        0.5000000047117757,
        1.000000037716214,
        1.0,
    ];
    let n = x.mul(L::splat(std::f64::consts::LOG2_E)).round();
    let value = if L::FULL {
        polynomial(n.neg_mul_add(L::splat(LN2_LOW), n.neg_mul_add(L::splat(LN2_HIGH), x)), COEFFICIENTS)
    } else {
        polynomial(n.neg_mul_add(L::splat(std::f64::consts::LN_2), x), ROUGH)
    };
    value.mul(n.exp2_integer())
}

/// Returns sine and cosine for |x| up to 1e6, with x = n pi + r and sign (-1)^n. For |r| <= pi/2 it uses the
/// polynomials in r^2 with the smallest largest error, 1e-16 for the sine and 2e-15 for the cosine; without full
/// precision polynomials through Chebyshev's nodes, 4e-9 for the sine and 2e-10 for the cosine.
#[inline(always)]
fn sin_cos<L: Lanes>(x: L) -> (L, L) {
    const ROUGH_SIN: [f64; 5] =
        [2.605107635334788e-6, -0.00019809017408678003, 0.008333050170671773, -0.16666657947846011, 0.999999995698809];
    const ROUGH_COS: [f64; 6] = [
        -2.6050657493719744e-7,
        2.4760109673159873e-5,
        -0.0013888360284403018,
        0.04166663615972319,
        -0.4999999935543786,
        0.999999999779154,
    ];
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
    let r = if L::FULL {
        n.neg_mul_add(L::splat(PI_LOW), n.neg_mul_add(L::splat(PI_HIGH), x))
    } else {
        n.neg_mul_add(L::splat(std::f64::consts::PI), x)
    };
    let square = r.mul(r);
    let half = n.mul(L::splat(0.5));
    // For odd n, `half` is exactly between two integers.
    let odd = half.sub(half.round()).abs().mul(L::splat(4.0));
    let sign = L::splat(1.0).sub(odd);
    let (sin, cos) = if L::FULL {
        (polynomial(square, SIN), polynomial(square, COS))
    } else {
        (polynomial(square, ROUGH_SIN), polynomial(square, ROUGH_COS))
    };
    (sin.mul(r.mul(sign)), cos.mul(sign))
}

#[cfg(test)]
mod tests {
    use num_complex::Complex64;
    use proptest::prelude::*;

    use super::*;
    use crate::forward::lanes::{Plain, Processor, on_processor};

    on_processor!(fn check_on = check(re: f64, im: f64));

    #[inline(always)]
    fn check<L: Lanes>(re: f64, im: f64) {
        let z = Complex { re: L::splat(re), im: L::splat(im) };
        let exact = Complex64::new(re, im);
        let close = |got: Complex<L>, want: Complex64, what: &str| {
            let got = Complex64::new(got.re.sum(), got.im.sum()) / L::N as f64;
            // Without full precision only the exponential is approximate.
            let tolerance = if L::FULL {
                1e-13
            } else if what == "exp" {
                2e-8
            } else {
                2e-12
            };
            assert!((got - want).norm() <= tolerance * want.norm(), "{what}({exact}): got {got}, want {want}");
        };
        if im >= 0.0 && exact.norm() > 0.0 {
            let (root, inverse) = z.sqrt();
            close(root, exact.sqrt(), "sqrt");
            close(inverse, 1.0 / exact.sqrt(), "1/sqrt");
        }
        if im >= 0.0 && re > 0.0 {
            let (root, inverse) = z.sqrt_right();
            close(root, exact.sqrt(), "sqrt_right");
            close(inverse, 1.0 / exact.sqrt(), "1/sqrt_right");
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
                Processor::all().for_each(|processor| {
                    check_on::<true>(processor, re, im);
                    check_on::<false>(processor, re, im);
                });
            }
        }
    }

    #[test]
    fn a_vanishing_exponential_stays_finite() {
        let z = Complex { re: Plain::<true>::splat(-1e6), im: Plain::splat(1e5) };
        let e = z.exp();
        assert!(e.re.abs().sum() < 1e-200 && e.im.abs().sum() < 1e-200);
    }
}
