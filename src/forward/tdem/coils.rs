//! Coupling of transmitter and receiver through the air and through the ground's reflection.
//!
//! A magnetic dipole along n at height H sends to a receiver at (x, y) from it and height Z, quasi-statically, along e
//! (Ward & Hohmann 1988, eqs. 4.45-4.46 for its vertical, 4.119-4.121 for its horizontal part; signs as GA-AEM's)
//!
//! ```text
//! h = 1/(4 pi) int_0^inf r_TE F exp(-(Z + H) lambda) lambda^2 [a_0 J_0 + a_1 lambda J_1(x)/x + a_2 lambda^2 J_2(x)/x^2] dlambda
//! a_0 = -n_z e_z - (n_h e_h)/2,   a_1 = (X n_h) e_z - n_z (X e_h),   a_2 = (X n_h)(X e_h) - (n_h e_h) R^2/2
//! ```
//!
//! with x = lambda R, X = (x, y), R its length and n_h, e_h the horizontal parts. Written with J_n(x)/x^n nothing is singular
//! where the coils are above each other. F = 2 J_1(lambda a)/(lambda a) for a loop of radius a (exact for its vertical part).

use crate::system::{Axis, Geometry, GeometryParameter};

/// Returns J_0(x), J_1(x)/x, J_2(x)/x^2, J_3(x)/x^3.
pub(super) fn bessel_over_powers(x: f64) -> [f64; 4] {
    if x.abs() < 1.0 {
        // Abramowitz & Stegun 9.1.10
        let quarter = -0.25 * x * x;
        let mut sums = [0.0; 4];
        for (order, sum) in sums.iter_mut().enumerate() {
            let mut term = 1.0 / [1.0, 2.0, 8.0, 48.0][order];
            for k in 1..=10 {
                *sum += term;
                term *= quarter / (k as f64 * (k + order) as f64);
            }
        }
        return sums;
    }
    let (j0, j1) = (libm::j0(x), libm::j1(x));
    let j2 = 2.0 * j1 / x - j0;
    let j3 = 4.0 * j2 / x - j1;
    [j0, j1 / x, j2 / (x * x), j3 / (x * x * x)]
}

/// Axes of transmitter and receiver in flight axes, with their derivatives by the angles in degrees.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coils {
    pub(super) offset_m: [f64; 3],
    transmitter: [f64; 3],
    /// Derivatives of the transmitter's axis by roll and pitch.
    transmitter_by: [[f64; 3]; 2],
    /// The receiver's axes x, y, z.
    receiver: [[f64; 3]; 3],
    /// Derivatives of the receiver's axes by roll, pitch and yaw.
    receiver_by: [[[f64; 3]; 3]; 3],
}

impl Coils {
    pub(super) fn new(geometry: &Geometry) -> Self {
        let [tx_roll, tx_pitch, rx_roll, rx_pitch, rx_yaw] = geometry.angles_rad();
        let per_degree = 1_f64.to_radians();
        let transmitter = |roll: Turn, pitch: Turn| {
            // R_x(roll) R_y(pitch) z
            [pitch.sin, -roll.sin * pitch.cos, roll.cos * pitch.cos]
        };
        let (roll, pitch) = (Turn::new(tx_roll), Turn::new(tx_pitch));
        // d/dpitch of sin p, cos p; x does not depend on roll
        let by_roll = transmitter(roll.derivative(), pitch);
        let transmitter_by = [
            [0.0, by_roll[1] * per_degree, by_roll[2] * per_degree],
            transmitter(roll, pitch.derivative()).map(|c| c * per_degree),
        ];
        let (r, p, y) = (Turn::new(rx_roll), Turn::new(rx_pitch), Turn::new(rx_yaw));
        let scaled = |m: [[f64; 3]; 3]| m.map(|row| row.map(|c| c * per_degree));
        let receiver_by = [
            scaled(product(&product(&about_z(y), &about_y(p)), &derivative_about_x(r))),
            scaled(product(&product(&about_z(y), &derivative_about_y(p)), &about_x(r))),
            scaled(product(&product(&derivative_about_z(y), &about_y(p)), &about_x(r))),
        ];
        Self {
            offset_m: geometry.offset_m(),
            transmitter: transmitter(roll, pitch),
            transmitter_by,
            receiver: product(&product(&about_z(y), &about_y(p)), &about_x(r)),
            receiver_by,
        }
    }

    /// Returns the coupling of the transmitter with the receiver's `axis`.
    pub(super) fn coupling(&self, axis: Axis) -> Coupling {
        Coupling { offset_m: self.offset_m, n: self.transmitter, e: self.receiver[axis as usize] }
    }

    /// Returns the derivative of the coupling by an angle, per degree; `None` for lengths and for the transmitter's yaw.
    pub(super) fn coupling_by_angle(&self, axis: Axis, parameter: GeometryParameter) -> Option<Coupling> {
        let coupling = self.coupling(axis);
        let turned_n = |i: usize| Some(Coupling { n: self.transmitter_by[i], ..coupling });
        let turned_e = |i: usize| Some(Coupling { e: self.receiver_by[i][axis as usize], ..coupling });
        match parameter {
            GeometryParameter::TxRoll => turned_n(0),
            GeometryParameter::TxPitch => turned_n(1),
            GeometryParameter::RxRoll => turned_e(0),
            GeometryParameter::RxPitch => turned_e(1),
            GeometryParameter::RxYaw => turned_e(2),
            _ => None,
        }
    }
}

/// Sine and cosine of an angle.
#[derive(Debug, Clone, Copy)]
struct Turn {
    sin: f64,
    cos: f64,
}

impl Turn {
    fn new(angle: f64) -> Self {
        let (sin, cos) = angle.sin_cos();
        Self { sin, cos }
    }
    fn derivative(self) -> Self {
        Self { sin: self.cos, cos: -self.sin }
    }
}

type Matrix = [[f64; 3]; 3];

/// Returns the rotation about x that takes a vector from flight axes to axes turned by the angle.
fn about_x(t: Turn) -> Matrix {
    [[1.0, 0.0, 0.0], [0.0, t.cos, t.sin], [0.0, -t.sin, t.cos]]
}
fn about_y(t: Turn) -> Matrix {
    [[t.cos, 0.0, -t.sin], [0.0, 1.0, 0.0], [t.sin, 0.0, t.cos]]
}
fn about_z(t: Turn) -> Matrix {
    [[t.cos, t.sin, 0.0], [-t.sin, t.cos, 0.0], [0.0, 0.0, 1.0]]
}
fn derivative_about_x(t: Turn) -> Matrix {
    let [_, y, z] = about_x(t.derivative());
    [[0.0; 3], y, z]
}
fn derivative_about_y(t: Turn) -> Matrix {
    let [x, _, z] = about_y(t.derivative());
    [x, [0.0; 3], z]
}
fn derivative_about_z(t: Turn) -> Matrix {
    let [x, y, _] = about_z(t.derivative());
    [x, y, [0.0; 3]]
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| (0..3).map(|k| a[i][k] * b[k][j]).sum()))
}

fn dot<const N: usize>(a: [f64; N], b: [f64; N]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// A transmitter axis n and a receiver axis e (or derivatives of one of them: everything is linear in each).
#[derive(Debug, Clone, Copy)]
pub(super) struct Coupling {
    offset_m: [f64; 3],
    n: [f64; 3],
    e: [f64; 3],
}

impl Coupling {
    /// Returns a_0, a_1, a_2 of the module's text.
    fn coefficients(&self) -> [f64; 3] {
        let ([x, y, _], [nx, ny, nz], [ex, ey, ez]) = (self.offset_m, self.n, self.e);
        let horizontal = nx * ex + ny * ey;
        let (along_n, along_e) = (x * nx + y * ny, x * ex + y * ey);
        [
            -nz * ez - 0.5 * horizontal,
            along_n * ez - nz * along_e,
            along_n * along_e - 0.5 * horizontal * (x * x + y * y),
        ]
    }

    /// Returns the derivatives of the coefficients by x (0) or y (1).
    fn coefficients_by(&self, direction: usize) -> [f64; 3] {
        let ([x, y, _], n, e) = (self.offset_m, self.n, self.e);
        let (along_n, along_e) = (x * n[0] + y * n[1], x * e[0] + y * e[1]);
        let horizontal = n[0] * e[0] + n[1] * e[1];
        [
            0.0,
            n[direction] * e[2] - n[2] * e[direction],
            n[direction] * along_e + e[direction] * along_n - horizontal * self.offset_m[direction],
        ]
    }

    /// Returns 4 pi times the bracket of the integral; `powers` are the values of [`bessel_over_powers`] at lambda R.
    pub(super) fn kernel(self) -> impl Fn(f64, [f64; 4]) -> f64 {
        let [a0, a1, a2] = self.coefficients();
        move |lambda, powers| a0 * powers[0] + lambda * (a1 * powers[1] + lambda * a2 * powers[2])
    }

    /// Returns the derivative of the kernel by x (0) or y (1), from d(J_n/x^n)/dx = -x J_{n+1}/x^{n+1}.
    pub(super) fn kernel_by(self, direction: usize) -> impl Fn(f64, [f64; 4]) -> f64 {
        let ([a0, a1, a2], [_, d1, d2]) = (self.coefficients(), self.coefficients_by(direction));
        let shift = self.offset_m[direction];
        move |lambda, powers| {
            let inner = lambda * lambda * shift;
            -a0 * inner * powers[1]
                + lambda
                    * (d1 * powers[1] - a1 * inner * powers[2] + lambda * (d2 * powers[2] - a2 * inner * powers[3]))
        }
    }

    /// Returns the static field of a unit dipole in air, 1/m^3: (3 (n r)(e r)/r^2 - n e) / (4 pi r^3).
    pub(super) fn primary(&self) -> f64 {
        let r = dot(self.offset_m, self.offset_m).sqrt();
        let (along_n, along_e) = (dot(self.offset_m, self.n), dot(self.offset_m, self.e));
        (3.0 * along_n * along_e / (r * r) - dot(self.n, self.e)) / (4.0 * std::f64::consts::PI * r.powi(3))
    }

    /// Returns the derivative of the primary coupling by x, y or z (0, 1, 2), 1/m^4.
    pub(super) fn primary_by(&self, direction: usize) -> f64 {
        let r2 = dot(self.offset_m, self.offset_m);
        let (along_n, along_e) = (dot(self.offset_m, self.n), dot(self.offset_m, self.e));
        let at = self.offset_m[direction];
        let sum = 3.0 * (self.n[direction] * along_e + self.e[direction] * along_n)
            - 15.0 * along_n * along_e * at / r2
            + 3.0 * dot(self.n, self.e) * at;
        sum / (4.0 * std::f64::consts::PI * r2.powf(2.5))
    }
}
