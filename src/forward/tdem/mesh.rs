//! Reflection coefficients on a mesh of wavenumbers and frequencies: the hot loop.
//!
//! Air and ground are quasi-static, so that u_0 is the wavenumber lambda itself. Vectors run over frequencies, which makes
//! quadrature over wavenumbers a sum of vectors with real factors.
//!
//! No closures here: they would not inherit the processor features of the function they are inlined into.

#[cfg(target_arch = "x86_64")]
use crate::forward::lanes::has_avx2;
use crate::forward::lanes::{Complex, Lanes, Plain, Two};
use crate::forward::stack::{Points, load_sweep, reflection, sweep_len, sweep_up};

/// The number of frequencies is a multiple of this.
pub(super) const FREQUENCY_BLOCK: usize = 8;

/// Layers below an attenuation of exp(-30) up and down are not seen.
const INVISIBLE: f64 = 15.0;

/// Wavenumbers in 1/m and w mu_0 of the frequencies.
#[derive(Debug, Clone, Default)]
pub(super) struct Mesh {
    pub(super) wavenumber: Vec<f64>,
    pub(super) angular_mu: Vec<f64>,
}

/// A complex number per frequency: all real parts, then all imaginary ones.
pub(super) type Spectrum = [f64];

/// Derivatives of spectra by the layers: `[layer][by ln conductivity, by thickness][weights][spectrum]`.
#[derive(Debug, Clone, Default)]
pub(super) struct LayerDerivatives {
    pub(super) values: Vec<f64>,
    sweep: Vec<f64>,
}

impl Mesh {
    /// Doubles of a spectrum.
    pub(super) fn spectrum_len(&self) -> usize {
        2 * self.angular_mu.len()
    }

    /// Doubles of the reflection coefficients of an earth: a spectrum per wavenumber.
    pub(super) fn reflection_len(&self) -> usize {
        self.wavenumber.len() * self.spectrum_len()
    }

    /// Reflection coefficients of layers of `conductivity` S/m and `thickness_m`, a spectrum per wavenumber.
    pub(super) fn reflect(&self, conductivity: &[f64], thickness_m: &[f64], reflection: &mut [f64]) {
        #[cfg(target_arch = "x86_64")]
        if has_avx2() {
            // SAFETY: the processor has AVX2 and FMA.
            unsafe { reflect_avx2(self, conductivity, thickness_m, reflection) };
            return;
        }
        reflect_with::<Two<Plain>>(self, conductivity, thickness_m, reflection);
    }

    /// The spectrum sum over wavenumbers of weight times reflection coefficient.
    pub(super) fn sum(&self, reflection: &[f64], weights: &[f64], spectrum: &mut Spectrum) {
        #[cfg(target_arch = "x86_64")]
        if has_avx2() {
            // SAFETY: the processor has AVX2 and FMA.
            unsafe { sum_avx2(reflection, weights, spectrum) };
            return;
        }
        sum_with::<Two<Plain>>(reflection, weights, spectrum);
    }

    /// As [`reflect`](Self::reflect), with the derivatives of the sums for each of `weights`, one per wavenumber each.
    pub(super) fn differentiate(
        &self,
        conductivity: &[f64],
        thickness_m: &[f64],
        weights: &[Vec<f64>],
        reflection: &mut [f64],
        derivatives: &mut LayerDerivatives,
    ) {
        let LayerDerivatives { values, sweep } = derivatives;
        values.clear();
        values.resize(conductivity.len() * 2 * weights.len() * self.spectrum_len(), 0.0);
        sweep.resize(conductivity.len() * sweep_len::<Two<Plain>>(), 0.0);
        #[cfg(target_arch = "x86_64")]
        if has_avx2() {
            // SAFETY: the processor has AVX2 and FMA.
            unsafe { differentiate_avx2(self, conductivity, thickness_m, weights, reflection, values, sweep) };
            return;
        }
        differentiate_with::<Two<Plain>>(self, conductivity, thickness_m, weights, reflection, values, sweep);
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn reflect_avx2(mesh: &Mesh, conductivity: &[f64], thickness_m: &[f64], reflection: &mut [f64]) {
    reflect_with::<Two<crate::forward::lanes::Avx2>>(mesh, conductivity, thickness_m, reflection);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn sum_avx2(reflection: &[f64], weights: &[f64], spectrum: &mut Spectrum) {
    sum_with::<Two<crate::forward::lanes::Avx2>>(reflection, weights, spectrum);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn differentiate_avx2(
    mesh: &Mesh,
    conductivity: &[f64],
    thickness_m: &[f64],
    weights: &[Vec<f64>],
    reflection: &mut [f64],
    values: &mut [f64],
    sweep: &mut [f64],
) {
    differentiate_with::<Two<crate::forward::lanes::Avx2>>(
        mesh,
        conductivity,
        thickness_m,
        weights,
        reflection,
        values,
        sweep,
    );
}

/// Finds, for one block of frequencies and wavenumbers that increase, the layer that is as good as a halfspace because
/// nothing below it is seen: with Re u >= max(lambda, sqrt(w mu_0 sigma / 2)), attenuation to depth z is at least
/// max(lambda z, int_0^z sqrt(w mu_0 sigma / 2) dz).
struct Visible {
    interface_count: usize,
    depth_m: f64,
}

impl Visible {
    /// For w mu_0 of at least `angular_mu`.
    #[inline(always)]
    fn new(angular_mu: f64, conductivity: &[f64], thickness_m: &[f64]) -> Self {
        let (mut attenuation, mut depth_m) = (0.0, 0.0);
        for (layer, h) in thickness_m.iter().enumerate() {
            attenuation += h * (0.5 * angular_mu * conductivity[layer]).sqrt();
            depth_m += h;
            if attenuation > INVISIBLE {
                return Self { interface_count: layer, depth_m: depth_m - h };
            }
        }
        Self { interface_count: thickness_m.len(), depth_m }
    }

    /// Number of interfaces seen at `wavenumber` and all larger ones.
    #[inline(always)]
    fn interfaces(&mut self, wavenumber: f64, thickness_m: &[f64]) -> usize {
        // `depth_m` is that of the deepest interface still seen.
        while self.interface_count > 0 && self.depth_m * wavenumber > INVISIBLE {
            self.interface_count -= 1;
            self.depth_m -= thickness_m[self.interface_count];
        }
        self.interface_count
    }
}

#[inline(always)]
fn points<L: Lanes>(wavenumber: f64, angular_mu: &[f64]) -> Points<L, true> {
    Points::new(Complex { re: L::splat(wavenumber), im: L::splat(0.0) }, L::load(angular_mu))
}

#[inline(always)]
fn reflect_with<L: Lanes>(mesh: &Mesh, conductivity: &[f64], thickness_m: &[f64], reflections: &mut [f64]) {
    let frequencies = mesh.angular_mu.len();
    for start in (0..frequencies).step_by(L::N) {
        let mut visible = Visible::new(mesh.angular_mu[start], conductivity, thickness_m);
        for (&wavenumber, spectrum) in mesh.wavenumber.iter().zip(reflections.chunks_exact_mut(2 * frequencies)) {
            let n = visible.interfaces(wavenumber, thickness_m);
            let points = points::<L>(wavenumber, &mesh.angular_mu[start..]);
            let r = reflection(&points, &conductivity[..n + 1], &thickness_m[..n]);
            let (re, im) = spectrum.split_at_mut(frequencies);
            r.re.store(&mut re[start..]);
            r.im.store(&mut im[start..]);
        }
    }
}

#[inline(always)]
fn sum_with<L: Lanes>(reflection: &[f64], weights: &[f64], spectrum: &mut Spectrum) {
    let len = spectrum.len();
    for start in (0..len).step_by(L::N) {
        let mut sum = L::splat(0.0);
        for (row, &weight) in reflection.chunks_exact(len).zip(weights) {
            sum = L::load(&row[start..]).mul_add(L::splat(weight), sum);
        }
        sum.store(&mut spectrum[start..]);
    }
}

#[inline(always)]
fn differentiate_with<L: Lanes>(
    mesh: &Mesh,
    conductivity: &[f64],
    thickness_m: &[f64],
    weights: &[Vec<f64>],
    reflections: &mut [f64],
    values: &mut [f64],
    sweep: &mut [f64],
) {
    let frequencies = mesh.angular_mu.len();
    let per_parameter = weights.len() * 2 * frequencies;
    for start in (0..frequencies).step_by(L::N) {
        let mut visible = Visible::new(mesh.angular_mu[start], conductivity, thickness_m);
        for (node, spectrum) in reflections.chunks_exact_mut(2 * frequencies).enumerate() {
            let wavenumber = mesh.wavenumber[node];
            let (re, im) = spectrum.split_at_mut(frequencies);
            let n = visible.interfaces(wavenumber, thickness_m);
            let points = points::<L>(wavenumber, &mesh.angular_mu[start..]);
            let b = sweep_up(&points, &conductivity[..n + 1], &thickness_m[..n], sweep);
            let inverse = points.u0.add(b).reciprocal();
            let r = points.u0.sub(b).mul(inverse);
            r.re.store(&mut re[start..]);
            r.im.store(&mut im[start..]);

            // dr/db_1, then handed down layer by layer
            let mut handed = points.u0.mul(inverse).mul(inverse).scale(L::splat(-2.0));
            for layer in 0..=n {
                let [by_sigma, by_h, by_below] = load_sweep::<L>(&sweep[layer * sweep_len::<L>()..]);
                let layer_values = &mut values[2 * layer * per_parameter..][..2 * per_parameter];
                let (by_ln_conductivity, by_thickness) = layer_values.split_at_mut(per_parameter);
                add_weighted(handed.mul(by_sigma), weights, node, by_ln_conductivity, start, frequencies);
                if layer < n {
                    add_weighted(handed.mul(by_h), weights, node, by_thickness, start, frequencies);
                    handed = handed.mul(by_below);
                }
            }
        }
    }
}

/// Adds `value` times the weight of `node` to the place of its block in each spectrum.
#[inline(always)]
fn add_weighted<L: Lanes>(
    value: Complex<L>,
    weights: &[Vec<f64>],
    node: usize,
    spectra: &mut [f64],
    start: usize,
    frequencies: usize,
) {
    for (weights, spectrum) in weights.iter().zip(spectra.chunks_exact_mut(2 * frequencies)) {
        let weight = L::splat(weights[node]);
        let (re, im) = spectrum.split_at_mut(frequencies);
        value.re.mul_add(weight, L::load(&re[start..])).store(&mut re[start..]);
        value.im.mul_add(weight, L::load(&im[start..])).store(&mut im[start..]);
    }
}

/// Adds the product of `matrix`, row by row, with `spectrum` to `rows`.
pub(super) fn add_products(matrix: &[f64], spectrum: &Spectrum, rows: &mut [f64]) {
    #[cfg(target_arch = "x86_64")]
    if has_avx2() {
        // SAFETY: the processor has AVX2 and FMA.
        unsafe { add_products_avx2(matrix, spectrum, rows) };
        return;
    }
    add_products_with::<Two<Plain>>(matrix, spectrum, rows);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn add_products_avx2(matrix: &[f64], spectrum: &Spectrum, rows: &mut [f64]) {
    add_products_with::<Two<crate::forward::lanes::Avx2>>(matrix, spectrum, rows);
}

#[inline(always)]
fn add_products_with<L: Lanes>(matrix: &[f64], spectrum: &Spectrum, rows: &mut [f64]) {
    for (line, row) in matrix.chunks_exact(spectrum.len()).zip(rows) {
        let mut sum = L::splat(0.0);
        for (m, s) in line.chunks_exact(L::N).zip(spectrum.chunks_exact(L::N)) {
            sum = L::load(m).mul_add(L::load(s), sum);
        }
        *row += sum.sum();
    }
}

#[cfg(test)]
#[cfg(target_arch = "x86_64")]
mod tests {
    use super::*;

    /// FMA rounds once where plain Rust rounds twice.
    const TOLERANCE: f64 = 1e-12;

    const CONDUCTIVITY: [f64; 5] = [1e-3, 0.3, 0.02, 5.0, 1e-4];
    const THICKNESS_M: [f64; 4] = [4.0, 12.0, 30.0, 60.0];

    /// From below to above all that airborne systems need.
    fn mesh() -> Mesh {
        let logarithmic = |first: f64, last: f64, count: usize| -> Vec<f64> {
            (0..count).map(|i| first * (last / first).powf(i as f64 / (count - 1) as f64)).collect()
        };
        let angular_mu = logarithmic(1e-4, 1e2, 3 * FREQUENCY_BLOCK);
        Mesh { wavenumber: logarithmic(1e-5, 1.0, 40), angular_mu }
    }

    /// Two weights per wavenumber, of either sign.
    fn weights(mesh: &Mesh) -> Vec<Vec<f64>> {
        let weight = |k: f64| mesh.wavenumber.iter().map(|l| (k * l.ln()).sin() + 0.1).collect();
        vec![weight(0.3), weight(2.0)]
    }

    /// Compares with the largest value of each chunk of `len`.
    fn assert_same(plain: &[f64], avx2: &[f64], len: usize, what: &str) {
        assert_eq!(plain.len(), avx2.len());
        assert!(plain.iter().any(|&p| p != 0.0), "{what}");
        for (i, (plain, avx2)) in plain.chunks_exact(len).zip(avx2.chunks_exact(len)).enumerate() {
            let largest = plain.iter().fold(0.0, |largest: f64, p| largest.max(p.abs()));
            for (p, a) in plain.iter().zip(avx2) {
                assert!(
                    (p - a).abs() <= TOLERANCE * largest,
                    "{what} {i}: plain {p:e}, AVX2 {a:e}, largest {largest:e}"
                );
            }
        }
    }

    /// Would catch: data that depend on the processor, which one of the two kinds of vectors has wrong.
    #[test]
    fn plain_rust_and_avx2_agree() {
        // Elsewhere there is only one kind.
        if !has_avx2() {
            return;
        }
        let (mesh, zeros) = (mesh(), |len: usize| (vec![0.0; len], vec![0.0; len]));
        let (weights, spectrum_len) = (weights(&mesh), mesh.spectrum_len());

        let (mut plain, mut avx2) = zeros(mesh.reflection_len());
        reflect_with::<Two<Plain>>(&mesh, &CONDUCTIVITY, &THICKNESS_M, &mut plain);
        // SAFETY, here and below: the processor has AVX2 and FMA.
        unsafe { reflect_avx2(&mesh, &CONDUCTIVITY, &THICKNESS_M, &mut avx2) };
        assert_same(&plain, &avx2, spectrum_len, "reflection at wavenumber");

        let (mut plain_sum, mut avx2_sum) = zeros(spectrum_len);
        sum_with::<Two<Plain>>(&plain, &weights[1], &mut plain_sum);
        unsafe { sum_avx2(&plain, &weights[1], &mut avx2_sum) };
        assert_same(&plain_sum, &avx2_sum, spectrum_len, "sum");

        let matrix: Vec<f64> = (0..3 * spectrum_len).map(|i| (0.7 * i as f64).cos()).collect();
        let (mut plain_rows, mut avx2_rows) = zeros(3);
        add_products_with::<Two<Plain>>(&matrix, &plain_sum, &mut plain_rows);
        unsafe { add_products_avx2(&matrix, &plain_sum, &mut avx2_rows) };
        assert_same(&plain_rows, &avx2_rows, 3, "products");

        let (mut plain_again, mut avx2_again) = zeros(mesh.reflection_len());
        let (mut plain_values, mut avx2_values) = zeros(CONDUCTIVITY.len() * 2 * weights.len() * spectrum_len);
        let (mut plain_sweep, mut avx2_sweep) = zeros(CONDUCTIVITY.len() * sweep_len::<Two<Plain>>());
        let (s, h) = (&CONDUCTIVITY[..], &THICKNESS_M[..]);
        differentiate_with::<Two<Plain>>(&mesh, s, h, &weights, &mut plain_again, &mut plain_values, &mut plain_sweep);
        unsafe { differentiate_avx2(&mesh, s, h, &weights, &mut avx2_again, &mut avx2_values, &mut avx2_sweep) };
        assert_same(&plain_again, &avx2_again, spectrum_len, "reflection with derivatives at wavenumber");
        assert_same(&plain_values, &avx2_values, spectrum_len, "derivative");
        assert_same(&plain, &plain_again, spectrum_len, "reflection without and with derivatives at wavenumber");
    }
}
