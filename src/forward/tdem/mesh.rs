//! Reflection coefficients on a mesh of wavenumbers and frequencies, the most expensive part of a prediction.
//!
//! Air and ground are quasi-static, so that u_0 is the wavenumber lambda itself. Vectors run over frequencies, which
//! makes quadrature over wavenumbers a sum of vectors with real factors.
//!
//! This file has no closures: they would not be compiled for the processor features of the function into which they are
//! inlined.

use crate::forward::complex::Complex;
use crate::forward::lanes::{Lanes, Processor, Two, on_processor};
use crate::forward::stack::{NodePoints, load_sweep, reflection, sweep_len, sweep_up};

/// The number of frequencies is a multiple of this.
pub(super) const FREQUENCY_BLOCK: usize = 8;

/// Layers below a two-way attenuation of exp(-30) are ignored.
const INVISIBLE: f64 = 15.0;

/// Wavenumbers in 1/m and w mu_0 of the frequencies, and the precision of elementary functions.
#[derive(Debug, Clone, Default)]
pub(super) struct Mesh {
    pub(super) wavenumber: Vec<f64>,
    pub(super) angular_mu: Vec<f64>,
    pub(super) full_precision: bool,
}

/// A complex number per frequency: all real parts, then all imaginary parts.
pub(super) type Spectrum = [f64];

/// Derivatives of spectra by the layers: `[layer][by ln conductivity, by thickness][weights][spectrum]`.
#[derive(Debug, Clone, Default)]
pub(super) struct LayerDerivatives {
    pub(super) values: Vec<f64>,
    sweep: Vec<f64>,
}

impl Mesh {
    /// Returns the number of doubles in a spectrum.
    pub(super) fn spectrum_len(&self) -> usize {
        2 * self.angular_mu.len()
    }

    /// Returns the number of doubles in the reflection coefficients of an earth: a spectrum per wavenumber.
    pub(super) fn reflection_len(&self) -> usize {
        self.wavenumber.len() * self.spectrum_len()
    }

    /// Computes the reflection coefficients of layers of `conductivity` S/m and `thickness_m`, a spectrum per
    /// wavenumber.
    pub(super) fn reflect(&self, conductivity: &[f64], thickness_m: &[f64], reflection: &mut [f64]) {
        let reflect = if self.full_precision { reflect_on::<true> } else { reflect_on::<false> };
        reflect(Processor::this(), self, conductivity, thickness_m, reflection);
    }

    /// Computes the spectrum: the sum over wavenumbers of weight times reflection coefficient.
    pub(super) fn sum(&self, reflection: &[f64], weights: &[f64], spectrum: &mut Spectrum) {
        sum_on::<true>(Processor::this(), reflection, weights, spectrum);
    }

    /// Computes reflection coefficients like [`reflect`](Self::reflect), and the derivatives of the sums for each of
    /// `weights`, which have one value per wavenumber.
    pub(super) fn differentiate(
        &self,
        conductivity: &[f64],
        thickness_m: &[f64],
        weights: &[Vec<f64>],
        reflection: &mut [f64],
        derivatives: &mut LayerDerivatives,
    ) {
        let differentiate = if self.full_precision { differentiate_on::<true> } else { differentiate_on::<false> };
        differentiate(Processor::this(), self, conductivity, thickness_m, weights, reflection, derivatives);
    }
}

on_processor!(fn reflect_on = reflect_with(
    mesh: &Mesh, conductivity: &[f64], thickness_m: &[f64], reflection: &mut [f64]
));
on_processor!(fn sum_on = sum_with(reflection: &[f64], weights: &[f64], spectrum: &mut Spectrum));
on_processor!(fn differentiate_on = differentiate_with(
    mesh: &Mesh, conductivity: &[f64], thickness_m: &[f64], weights: &[Vec<f64>],
    reflection: &mut [f64], derivatives: &mut LayerDerivatives
));
on_processor!(fn add_products_on = add_products_with(columns: &[f64], spectrum: &Spectrum, rows: &mut [f64]));

/// Finds the layer below which nothing contributes, so that it can be treated as a halfspace, for one block of
/// frequencies and increasing wavenumbers. With Re u >= max(lambda, sqrt(w mu_0 sigma / 2)), the attenuation to depth z
/// is at least max(lambda z, int_0^z sqrt(w mu_0 sigma / 2) dz).
struct Visible {
    interface_count: usize,
    depth_m: f64,
}

impl Visible {
    /// Prepares the search for w mu_0 of at least `angular_mu`.
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

    /// Returns the number of interfaces that contribute at `wavenumber` and all larger ones.
    #[inline(always)]
    fn interfaces(&mut self, wavenumber: f64, thickness_m: &[f64]) -> usize {
        // `depth_m` is the depth of the deepest interface that contributes.
        while self.interface_count > 0 && self.depth_m * wavenumber > INVISIBLE {
            self.interface_count -= 1;
            self.depth_m -= thickness_m[self.interface_count];
        }
        self.interface_count
    }
}

#[inline(always)]
fn points<L: Lanes>(wavenumber: f64, angular_mu: &[f64]) -> NodePoints<L, true> {
    NodePoints::new(Complex { re: L::splat(wavenumber), im: L::splat(0.0) }, L::load(angular_mu))
}

/// Computes two wavenumbers at once. Each operation of a recursion waits for the one before; the second recursion uses
/// this time.
#[inline(always)]
fn reflect_with<L: Lanes>(mesh: &Mesh, conductivity: &[f64], thickness_m: &[f64], reflections: &mut [f64]) {
    let frequencies = mesh.angular_mu.len();
    let spectrum_len = 2 * frequencies;
    for start in (0..frequencies).step_by(L::N) {
        let mut visible = Visible::new(mesh.angular_mu[start], conductivity, thickness_m);
        for (pair, spectra) in mesh.wavenumber.chunks(2).zip(reflections.chunks_mut(2 * spectrum_len)) {
            // The smaller wavenumber reaches deeper.
            let n = visible.interfaces(pair[0], thickness_m);
            let (conductivity, thickness_m) = (&conductivity[..n + 1], &thickness_m[..n]);
            let (first, second) = spectra.split_at_mut(spectrum_len);
            let angular_mu = L::load(&mesh.angular_mu[start..]);
            if let [one, other] = *pair {
                let wavenumbers = Two::new(L::splat(one), L::splat(other));
                let u0 = Complex { re: wavenumbers, im: Two::splat(0.0) };
                let points = NodePoints::<_, true>::new(u0, Two::new(angular_mu, angular_mu));
                let r = reflection(&points, conductivity, thickness_m);
                let ((re, re_other), (im, im_other)) = (r.re.parts(), r.im.parts());
                store(Complex { re, im }, first, start);
                store(Complex { re: re_other, im: im_other }, second, start);
            } else {
                let points = points::<L>(pair[0], &mesh.angular_mu[start..]);
                store(reflection(&points, conductivity, thickness_m), first, start);
            }
        }
    }
}

/// Puts `values` into the block of a spectrum that begins at frequency `start`.
#[inline(always)]
fn store<L: Lanes>(values: Complex<L>, spectrum: &mut Spectrum, start: usize) {
    let (re, im) = spectrum.split_at_mut(spectrum.len() / 2);
    values.re.store(&mut re[start..]);
    values.im.store(&mut im[start..]);
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
    derivatives: &mut LayerDerivatives,
) {
    let LayerDerivatives { values, sweep } = derivatives;
    values.clear();
    values.resize(conductivity.len() * 2 * weights.len() * mesh.spectrum_len(), 0.0);
    sweep.resize(conductivity.len() * sweep_len::<L>(), 0.0);
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

            // dr/db_1, then passed down layer by layer
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

/// Adds `value` times the weight of `node` to its block in each spectrum.
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

/// The number of rows of a matrix for [`add_products`] is a multiple of this.
pub(super) const ROW_BLOCK: usize = 8;

/// Returns the columns of a matrix that is given row by row, each filled up with zeros to a multiple of [`ROW_BLOCK`].
/// Products of this form with a spectrum need no sum over the lanes of a vector.
pub(super) fn padded_columns(rows: &[f64], column_count: usize) -> Vec<f64> {
    let row_count = rows.len() / column_count;
    let padded = row_count.next_multiple_of(ROW_BLOCK);
    let mut columns = vec![0.0; padded * column_count];
    for (row, values) in rows.chunks_exact(column_count).enumerate() {
        for (column, value) in values.iter().enumerate() {
            columns[column * padded + row] = *value;
        }
    }
    columns
}

/// Adds the product of a matrix from [`padded_columns`] and `spectrum` to `rows`.
pub(super) fn add_products(columns: &[f64], spectrum: &Spectrum, rows: &mut [f64]) {
    add_products_on::<true>(Processor::this(), columns, spectrum, rows);
}

#[inline(always)]
fn add_products_with<L: Lanes>(columns: &[f64], spectrum: &Spectrum, rows: &mut [f64]) {
    let padded = columns.len() / spectrum.len();
    let mut block = [0.0; ROW_BLOCK];
    for (start, rows) in (0..padded).step_by(L::N).zip(rows.chunks_mut(L::N)) {
        // Two sums are independent, so that neither waits for the other.
        let (mut even, mut odd) = (L::splat(0.0), L::splat(0.0));
        for (pair, values) in columns.chunks_exact(2 * padded).zip(spectrum.chunks_exact(2)) {
            even = L::load(&pair[start..]).mul_add(L::splat(values[0]), even);
            odd = L::load(&pair[padded + start..]).mul_add(L::splat(values[1]), odd);
        }
        even.add(odd).store(&mut block);
        for (row, sum) in rows.iter_mut().zip(block) {
            *row += sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONDUCTIVITY: [f64; 5] = [1e-3, 0.3, 0.02, 5.0, 1e-4];
    const THICKNESS_M: [f64; 4] = [4.0, 12.0, 30.0, 60.0];

    /// Returns a mesh that is wider on both sides than airborne systems need.
    fn mesh() -> Mesh {
        let logarithmic = |first: f64, last: f64, count: usize| -> Vec<f64> {
            (0..count).map(|i| first * (last / first).powf(i as f64 / (count - 1) as f64)).collect()
        };
        let angular_mu = logarithmic(1e-4, 1e2, 3 * FREQUENCY_BLOCK);
        Mesh { wavenumber: logarithmic(1e-5, 1.0, 40), angular_mu, full_precision: true }
    }

    /// Returns the two weights per wavenumber, of either sign.
    fn weights(mesh: &Mesh) -> Vec<Vec<f64>> {
        let weight = |k: f64| mesh.wavenumber.iter().map(|l| (k * l.ln()).sin() + 0.1).collect();
        vec![weight(0.3), weight(2.0)]
    }

    /// Returns the results of every kernel: its name, how many consecutive numbers have one scale, the numbers.
    fn everything<const FULL: bool>(processor: Processor) -> [(&'static str, usize, Vec<f64>); 6] {
        let mesh = mesh();
        let (weights, spectrum_len) = (weights(&mesh), mesh.spectrum_len());
        let mut reflection = vec![0.0; mesh.reflection_len()];
        reflect_on::<FULL>(processor, &mesh, &CONDUCTIVITY, &THICKNESS_M, &mut reflection);
        let mut sum = vec![0.0; spectrum_len];
        sum_on::<FULL>(processor, &reflection, &weights[1], &mut sum);
        let matrix: Vec<f64> = (0..3 * spectrum_len).map(|i| (0.7 * i as f64).cos()).collect();
        let mut products = vec![0.0; 3];
        add_products_on::<FULL>(processor, &padded_columns(&matrix, spectrum_len), &sum, &mut products);

        let mut again = vec![0.0; mesh.reflection_len()];
        let mut derivatives = LayerDerivatives::default();
        differentiate_on::<FULL>(processor, &mesh, &CONDUCTIVITY, &THICKNESS_M, &weights, &mut again, &mut derivatives);
        let difference = reflection.iter().zip(&again).map(|(r, a)| 1.0 + (r - a)).collect();
        [
            ("reflection at wavenumber", spectrum_len, reflection),
            ("sum", spectrum_len, sum),
            ("products", 3, products),
            ("reflection with derivatives at wavenumber", spectrum_len, again),
            ("1 + difference of reflections with and without derivatives", spectrum_len, difference),
            ("derivative", spectrum_len, derivatives.values),
        ]
    }

    /// Would catch: an error in one kind of vectors, so that data depend on the processor.
    #[test]
    fn all_kinds_of_vectors_agree() {
        agree::<true>(1e-12);
        agree::<false>(1e-10);
    }

    /// FMA rounds once where plain Rust rounds twice; reciprocals of AVX-512 are refined estimates.
    fn agree<const FULL: bool>(tolerance: f64) {
        let mut processors = Processor::all();
        let plain = everything::<FULL>(processors.next().expect("plain Rust runs everywhere"));
        for processor in processors {
            for ((what, len, plain), (_, _, got)) in plain.iter().zip(everything::<FULL>(processor)) {
                assert!(plain.iter().any(|&p| p != 0.0), "{what}");
                for (i, (plain, got)) in plain.chunks_exact(*len).zip(got.chunks_exact(*len)).enumerate() {
                    let largest = plain.iter().fold(0.0, |largest: f64, p| largest.max(p.abs()));
                    for (p, g) in plain.iter().zip(got) {
                        assert!(
                            (p - g).abs() <= tolerance * largest,
                            "{what} {i}: plain {p:e}, {processor:?} {g:e}, largest {largest:e}"
                        );
                    }
                }
            }
        }
    }
}
