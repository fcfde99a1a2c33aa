//! The TE reflection of a layered earth at many points, summed with quadrature weights: the hot loop of everything.
//!
//! At a point of vertical wavenumber u_0 in air and angular frequency w, with u_n^2 = u_0^2 + i w mu_0 sigma_n (the
//! earth's permittivity and permeability are those of free space), the admittance b of the stack seen from the top of
//! layer n follows from the one below (Wait 1962; Ward & Hohmann 1988, eq. 4.28, in exponentials that cannot overflow):
//!
//! ```text
//! b_N = u_N,   b_n = u_n (s + d) / (s - d),   s = b_{n+1} + u_n,   d = (b_{n+1} - u_n) exp(-2 u_n h_n)
//! r   = (u_0 - b_1) / (u_0 + b_1)
//! ```
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
//! so that one sweep upward and one downward give all of them.
//!
//! The kernel has no closures: they would not inherit the processor features of the function it is inlined into.

use std::sync::OnceLock;

use num_complex::Complex64;

use super::lanes::{Complex, Lanes, Plain, Two};

/// Nodes of one frequency are a multiple of this.
pub(super) const NODE_BLOCK: usize = 8;

/// Quadrature nodes and weights, frequency by frequency.
#[derive(Debug, Clone, Default)]
pub(super) struct Nodes {
    /// Nodes per frequency, a multiple of [`NODE_BLOCK`].
    pub(super) per_frequency: usize,
    /// w mu_0 of each frequency, rad/s H/m.
    pub(super) angular_mu: Vec<f64>,
    /// u_0 of each node, 1/m.
    pub(super) u0_re: Vec<f64>,
    pub(super) u0_im: Vec<f64>,
    /// Weight of the reflection coefficient at each node.
    pub(super) weight_re: Vec<f64>,
    pub(super) weight_im: Vec<f64>,
}

/// What the kernel computes for each frequency; `layer_count` conductivities, one thickness fewer.
#[derive(Debug, Clone, Default)]
pub(super) struct Response {
    /// Weighted sum of the reflection coefficient.
    pub(super) sum: Vec<Complex64>,
    /// Its derivative by ln conductivity, `[frequency][layer]`.
    pub(super) by_ln_conductivity: Vec<Complex64>,
    /// Its derivative by thickness, `[frequency][layer]`, the halfspace left out.
    pub(super) by_thickness: Vec<Complex64>,
    /// The sum with weights times -2 u_0: the derivative by height.
    pub(super) by_height: Vec<Complex64>,
    /// Scratch of the upward sweep.
    sweep: Vec<f64>,
}

/// Fills `response.sum` for layers of `conductivity` S/m and `thickness_m`.
pub(super) fn respond(nodes: &Nodes, conductivity: &[f64], thickness_m: &[f64], response: &mut Response) {
    response.sum.resize(nodes.angular_mu.len(), Complex64::default());
    #[cfg(target_arch = "x86_64")]
    if has_avx2() {
        // SAFETY: the processor has AVX2 and FMA.
        unsafe { respond_avx2(nodes, conductivity, thickness_m, response) };
        return;
    }
    respond_with::<Two<Plain>>(nodes, conductivity, thickness_m, response);
}

/// Fills all of `response`.
pub(super) fn respond_with_derivatives(
    nodes: &Nodes,
    conductivity: &[f64],
    thickness_m: &[f64],
    response: &mut Response,
) {
    let frequency_count = nodes.angular_mu.len();
    response.sum.resize(frequency_count, Complex64::default());
    response.by_height.resize(frequency_count, Complex64::default());
    response.by_ln_conductivity.resize(frequency_count * conductivity.len(), Complex64::default());
    response.by_thickness.resize(frequency_count * thickness_m.len(), Complex64::default());
    #[cfg(target_arch = "x86_64")]
    if has_avx2() {
        // SAFETY: the processor has AVX2 and FMA.
        unsafe { derivatives_avx2(nodes, conductivity, thickness_m, response) };
        return;
    }
    derivatives_with::<Two<Plain>>(nodes, conductivity, thickness_m, response);
}

#[cfg(target_arch = "x86_64")]
fn has_avx2() -> bool {
    static HAS: OnceLock<bool> = OnceLock::new();
    *HAS.get_or_init(|| is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"))
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn respond_avx2(nodes: &Nodes, conductivity: &[f64], thickness_m: &[f64], response: &mut Response) {
    respond_with::<Two<super::lanes::Avx2>>(nodes, conductivity, thickness_m, response);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn derivatives_avx2(nodes: &Nodes, conductivity: &[f64], thickness_m: &[f64], response: &mut Response) {
    derivatives_with::<Two<super::lanes::Avx2>>(nodes, conductivity, thickness_m, response);
}

/// One block of nodes: u_0 and u_0^2.
struct Block<L> {
    u0: Complex<L>,
    u0_squared: Complex<L>,
    weight: Complex<L>,
}

impl<L: Lanes> Block<L> {
    #[inline(always)]
    fn load(nodes: &Nodes, start: usize) -> Self {
        let u0 = Complex::load(&nodes.u0_re[start..], &nodes.u0_im[start..]);
        let weight = Complex::load(&nodes.weight_re[start..], &nodes.weight_im[start..]);
        Self { u0, u0_squared: u0.mul(u0), weight }
    }

    /// u_n of a layer with w mu_0 sigma = `angular_mu_sigma`.
    #[inline(always)]
    fn vertical_wavenumber(&self, angular_mu_sigma: f64) -> Complex<L> {
        Complex { re: self.u0_squared.re, im: self.u0_squared.im.add(L::splat(angular_mu_sigma)) }.sqrt()
    }
}

#[inline(always)]
fn respond_with<L: Lanes>(nodes: &Nodes, conductivity: &[f64], thickness_m: &[f64], response: &mut Response) {
    let halfspace = thickness_m.len();
    for (frequency, &angular_mu) in nodes.angular_mu.iter().enumerate() {
        let (mut sum_re, mut sum_im) = (L::splat(0.0), L::splat(0.0));
        for start in (0..nodes.per_frequency).step_by(L::N) {
            let block = Block::<L>::load(nodes, frequency * nodes.per_frequency + start);
            let mut b = block.vertical_wavenumber(angular_mu * conductivity[halfspace]);
            for layer in (0..halfspace).rev() {
                let u = block.vertical_wavenumber(angular_mu * conductivity[layer]);
                let decay = u.scale(L::splat(2.0 * thickness_m[layer])).exp_neg();
                let s = b.add(u);
                let d = b.sub(u).mul(decay);
                b = u.mul(s.add(d)).mul(s.sub(d).reciprocal());
            }
            let r = block.u0.sub(b).mul(block.u0.add(b).reciprocal()).mul(block.weight);
            sum_re = sum_re.add(r.re);
            sum_im = sum_im.add(r.im);
        }
        response.sum[frequency] = Complex64::new(sum_re.sum(), sum_im.sum());
    }
}

/// Doubles that one layer of one block leaves for the downward sweep: three complex numbers.
const SWEEP_LEN: usize = 6 * NODE_BLOCK;

#[inline(always)]
fn derivatives_with<L: Lanes>(nodes: &Nodes, conductivity: &[f64], thickness_m: &[f64], response: &mut Response) {
    let halfspace = thickness_m.len();
    let layer_count = conductivity.len();
    let mut sweep = std::mem::take(&mut response.sweep);
    sweep.resize(layer_count * SWEEP_LEN, 0.0);
    response.by_ln_conductivity.fill(Complex64::default());
    response.by_thickness.fill(Complex64::default());
    for (frequency, &angular_mu) in nodes.angular_mu.iter().enumerate() {
        let by_ln_conductivity = &mut response.by_ln_conductivity[frequency * layer_count..][..layer_count];
        let by_thickness = &mut response.by_thickness[frequency * halfspace..][..halfspace];
        let (mut sum, mut height_sum) = (Complex64::default(), Complex64::default());
        for start in (0..nodes.per_frequency).step_by(L::N) {
            let block = Block::<L>::load(nodes, frequency * nodes.per_frequency + start);
            let b = sweep_up(&block, angular_mu, conductivity, thickness_m, &mut sweep);

            let inverse = block.u0.add(b).reciprocal();
            let weighted = block.u0.sub(b).mul(inverse).mul(block.weight);
            sum += total(weighted);
            height_sum += total(weighted.mul(block.u0).scale(L::splat(-2.0)));

            // d(weight * r)/db_1, then handed down layer by layer
            let mut handed = block.u0.mul(inverse).mul(inverse).mul(block.weight).scale(L::splat(-2.0));
            for layer in 0..halfspace {
                let [by_sigma, by_h, by_below] = load_sweep::<L>(&sweep[layer * SWEEP_LEN..]);
                by_ln_conductivity[layer] += total(handed.mul(by_sigma));
                by_thickness[layer] += total(handed.mul(by_h));
                handed = handed.mul(by_below);
            }
            let [by_sigma, ..] = load_sweep::<L>(&sweep[halfspace * SWEEP_LEN..]);
            by_ln_conductivity[halfspace] += total(handed.mul(by_sigma));
        }
        response.sum[frequency] = sum;
        response.by_height[frequency] = height_sum;
    }
    response.sweep = sweep;
}

/// Returns b_1 and leaves for every layer db_n/d ln sigma_n, db_n/dh_n, db_n/db_{n+1} in `sweep`.
#[inline(always)]
fn sweep_up<L: Lanes>(
    block: &Block<L>,
    angular_mu: f64,
    conductivity: &[f64],
    thickness_m: &[f64],
    sweep: &mut [f64],
) -> Complex<L> {
    let halfspace = thickness_m.len();
    let one = Complex { re: L::splat(1.0), im: L::splat(0.0) };
    let mut b = block.vertical_wavenumber(angular_mu * conductivity[halfspace]);
    let du = by_ln_sigma(b.reciprocal(), angular_mu * conductivity[halfspace]);
    store_sweep(&mut sweep[halfspace * SWEEP_LEN..], [du, du, du]);
    for layer in (0..halfspace).rev() {
        let u = block.vertical_wavenumber(angular_mu * conductivity[layer]);
        let h = L::splat(thickness_m[layer]);
        let decay = u.scale(h.add(h)).exp_neg();
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
        let by_sigma = by_u.mul(by_ln_sigma(u.reciprocal(), angular_mu * conductivity[layer]));
        store_sweep(&mut sweep[layer * SWEEP_LEN..], [by_sigma, by_h, by_below]);
        b = u.mul(ratio);
    }
    b
}

/// du/d ln sigma = i w mu_0 sigma / (2 u)
#[inline(always)]
fn by_ln_sigma<L: Lanes>(inverse_u: Complex<L>, angular_mu_sigma: f64) -> Complex<L> {
    let half = L::splat(0.5 * angular_mu_sigma);
    Complex { re: L::splat(0.0).sub(inverse_u.im.mul(half)), im: inverse_u.re.mul(half) }
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
fn load_sweep<L: Lanes>(sweep: &[f64]) -> [Complex<L>; 3] {
    let sweep = &sweep[..6 * L::N];
    [
        Complex::load(sweep, &sweep[L::N..]),
        Complex::load(&sweep[2 * L::N..], &sweep[3 * L::N..]),
        Complex::load(&sweep[4 * L::N..], &sweep[5 * L::N..]),
    ]
}

#[inline(always)]
fn total<L: Lanes>(value: Complex<L>) -> Complex64 {
    Complex64::new(value.re.sum(), value.im.sum())
}
