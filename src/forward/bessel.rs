//! Bessel functions of complex argument, for quadrature weights that are computed once per sounding.

use std::f64::consts::PI;

use num_complex::Complex64;

/// Returns J_n(z) for integer `order`, by the trapezoid rule on Bessel's integral J_n(z) = 1/pi int_0^pi cos(n t - z
/// sin t) dt (Abramowitz & Stegun 9.1.21).
///
/// The integrand is periodic and entire, so the rule converges geometrically once the number of nodes exceeds |z|. When
/// the real part is larger than the imaginary part, nothing cancels. The absolute error is below 1e-14 exp(|Im z|).
pub(super) fn bessel_j(order: u32, z: Complex64) -> Complex64 {
    let intervals = 24 + z.norm().ceil() as usize;
    let n = f64::from(order);
    let integrand = |i: usize| {
        let t = PI * i as f64 / intervals as f64;
        (Complex64::from(n * t) - z * t.sin()).cos()
    };
    let ends = 0.5 * (integrand(0) + integrand(intervals));
    (1..intervals).fold(ends, |sum, i| sum + integrand(i)) / intervals as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_arguments_agree_with_libm() {
        for i in 0..400 {
            let x = 0.25 * f64::from(i);
            assert!((bessel_j(0, x.into()).re - libm::j0(x)).abs() < 2e-14, "J0({x})");
            assert!((bessel_j(1, x.into()).re - libm::j1(x)).abs() < 2e-14, "J1({x})");
        }
    }

    #[test]
    fn complex_arguments_agree_with_the_power_series() {
        // Abramowitz & Stegun 9.1.10
        let series = |order: u32, z: Complex64| {
            let mut term = (z / 2.0).powu(order);
            let mut sum = term;
            for k in 1..60 {
                term *= -z * z / 4.0 / f64::from(k * (k + order));
                sum += term;
            }
            sum
        };
        for z in [Complex64::new(0.3, 0.02), Complex64::new(2.0, 0.5), Complex64::new(5.0, -1.0)] {
            for order in [0, 1] {
                assert!((bessel_j(order, z) - series(order, z)).norm() < 1e-13, "J{order}({z})");
            }
        }
    }
}
