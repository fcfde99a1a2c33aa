//! The admittance of a layered earth at one block of points. This recursion takes most of the program's time.
//!
//! At a point of vertical wavenumber u_0 in air and angular frequency w, with u_n^2 = u_0^2 + i w mu_0 sigma_n (the
//! earth's permittivity and permeability are those of free space), the admittance b of the layers below the top of
//! layer n follows from the admittance below layer n (Wait 1962; Ward & Hohmann 1988, eq. 4.28, in exponentials that
//! cannot overflow):
//!
//! ```text
//! b_N = u_N,   b_n = u_n (s + d) / (s - d),   s = b_{n+1} + u_n,   d = (b_{n+1} - u_n) exp(-2 u_n h_n)
//! r   = (u_0 - b_1) / (u_0 + b_1)
//! ```
//!
//! The recursion carries b upwards as a fraction b = p/q, so that it needs no division per layer.
//!
//! Derivatives come from the same quantities, with g_n = d/s and b_n = u_n (1 + g_n) / (1 - g_n):
//!
//! ```text
//! db_n/db_{n+1} = 4 u_n^2 exp(-2 u_n h_n) / (s - d)^2
//! db_n/dh_n     = -4 u_n^2 g_n / (1 - g_n)^2
//! db_n/du_n     = (1 + g_n)/(1 - g_n) - (4 u_n / (1 - g_n)^2) (b_{n+1} exp(-2 u_n h_n) / s^2 + h_n g_n)
//! du_n/d ln sigma_n = i w mu_0 sigma_n / (2 u_n)
//! ```
//!
//! One sweep upward and one downward give all derivatives.
//!
//! This file has no closures: they would not be compiled for the processor features of the function into which they are
//! inlined.

use super::complex::Complex;
use super::lanes::Lanes;

/// A block of points; quasi-static points have a real u_0.
pub(super) struct NodePoints<L, const QUASI_STATIC: bool> {
    /// u_0, 1/m.
    pub(super) u0: Complex<L>,
    /// u_0^2.
    u0_squared: Complex<L>,
    /// w mu_0.
    angular_mu: L,
}

impl<L: Lanes, const QUASI_STATIC: bool> NodePoints<L, QUASI_STATIC> {
    #[inline(always)]
    pub(super) fn new(u0: Complex<L>, angular_mu: L) -> Self {
        Self { u0, u0_squared: u0.mul(u0), angular_mu }
    }

    /// Returns u_n of a layer and its reciprocal.
    #[inline(always)]
    fn vertical_wavenumber(&self, conductivity: f64) -> (Complex<L>, Complex<L>) {
        let re = self.u0_squared.re;
        if QUASI_STATIC {
            Complex { re, im: self.angular_mu.mul(L::splat(conductivity)) }.sqrt_right()
        } else {
            Complex { re, im: self.angular_mu.mul_add(L::splat(conductivity), self.u0_squared.im) }.sqrt()
        }
    }

    /// Returns du_n/d ln sigma_n = i w mu_0 sigma_n / (2 u_n).
    #[inline(always)]
    fn by_ln_sigma(&self, inverse_u: Complex<L>, conductivity: f64) -> Complex<L> {
        let half = self.angular_mu.mul(L::splat(0.5 * conductivity));
        Complex { re: L::splat(0.0).sub(inverse_u.im.mul(half)), im: inverse_u.re.mul(half) }
    }
}

/// Number of layers after which a fraction is reduced, long before it can overflow.
const LAYERS_BETWEEN_DIVISIONS: usize = 16;

/// Returns the reflection coefficient r of layers of `conductivity` S/m and `thickness_m`, the halfspace last.
#[inline(always)]
pub(super) fn reflection<L: Lanes, const QUASI_STATIC: bool>(
    points: &NodePoints<L, QUASI_STATIC>,
    conductivity: &[f64],
    thickness_m: &[f64],
) -> Complex<L> {
    let halfspace = thickness_m.len();
    let (mut p, _) = points.vertical_wavenumber(conductivity[halfspace]);
    let mut q = Complex::one();
    for layer in (0..halfspace).rev() {
        let (u, _) = points.vertical_wavenumber(conductivity[layer]);
        let decay = u.scale(L::splat(-2.0 * thickness_m[layer])).exp();
        let uq = u.mul(q);
        let s = p.add(uq);
        let d = p.sub(uq).mul(decay);
        p = u.mul(s.add(d));
        q = s.sub(d);
        if (halfspace - layer).is_multiple_of(LAYERS_BETWEEN_DIVISIONS) {
            p = p.mul(q.reciprocal());
            q = Complex::one();
        }
    }
    let q = points.u0.mul(q);
    q.sub(p).mul(q.add(p).reciprocal())
}

/// Returns how many doubles one layer of one block of `L` stores for the downward sweep: three complex numbers.
pub(super) const fn sweep_len<L: Lanes>() -> usize {
    6 * L::N
}

/// Returns b_1 and stores db_n/d ln sigma_n, db_n/dh_n, db_n/db_{n+1} of every layer in `sweep`.
#[inline(always)]
pub(super) fn sweep_up<L: Lanes, const QUASI_STATIC: bool>(
    points: &NodePoints<L, QUASI_STATIC>,
    conductivity: &[f64],
    thickness_m: &[f64],
    sweep: &mut [f64],
) -> Complex<L> {
    let halfspace = thickness_m.len();
    let one = Complex::<L>::one();
    let (mut b, inverse_b) = points.vertical_wavenumber(conductivity[halfspace]);
    let du = points.by_ln_sigma(inverse_b, conductivity[halfspace]);
    store_sweep(&mut sweep[halfspace * sweep_len::<L>()..], [du, du, du]);
    for layer in (0..halfspace).rev() {
        let (u, inverse_u) = points.vertical_wavenumber(conductivity[layer]);
        let h = L::splat(thickness_m[layer]);
        let decay = u.scale(L::splat(-2.0 * thickness_m[layer])).exp();
        let inverse_s = b.add(u).reciprocal();
        let g = b.sub(u).mul(decay).mul(inverse_s);
        let inverse = one.sub(g).reciprocal();
        let ratio = one.add(g).mul(inverse);
        let two_u = u.add(u);
        // 2 u / (1 - g)
        let slope = two_u.mul(inverse);
        let decay_over_s2 = decay.mul(inverse_s).mul(inverse_s);
        // 4 u / (1 - g)^2 = 2 slope / (1 - g)
        let slope2 = slope.mul(inverse).scale(L::splat(2.0));
        let by_u = ratio.sub(slope2.mul(b.mul(decay_over_s2).add(g.scale(h))));
        let by_below = slope.mul(slope).mul(decay_over_s2);
        let by_h = slope2.mul(u).mul(g).scale(L::splat(-1.0));
        let by_sigma = by_u.mul(points.by_ln_sigma(inverse_u, conductivity[layer]));
        store_sweep(&mut sweep[layer * sweep_len::<L>()..], [by_sigma, by_h, by_below]);
        b = u.mul(ratio);
    }
    b
}

#[inline(always)]
fn store_sweep<L: Lanes>(sweep: &mut [f64], values: [Complex<L>; 3]) {
    let sweep = &mut sweep[..6 * L::N];
    values[0].re.store(sweep);
    values[0].im.store(&mut sweep[L::N..]);
    values[1].re.store(&mut sweep[2 * L::N..]);
    values[1].im.store(&mut sweep[3 * L::N..]);
    values[2].re.store(&mut sweep[4 * L::N..]);
    values[2].im.store(&mut sweep[5 * L::N..]);
}

#[inline(always)]
pub(super) fn load_sweep<L: Lanes>(sweep: &[f64]) -> [Complex<L>; 3] {
    let sweep = &sweep[..6 * L::N];
    [
        Complex::load(sweep, &sweep[L::N..]),
        Complex::load(&sweep[2 * L::N..], &sweep[3 * L::N..]),
        Complex::load(&sweep[4 * L::N..], &sweep[5 * L::N..]),
    ]
}
