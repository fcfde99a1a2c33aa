//! Physical constants, SI.

use std::f64::consts::PI;

/// Magnetic permeability of free space, H/m (the classical 4 pi 1e-7; the 2019 SI value differs by 5e-10 relative).
pub const MU_0: f64 = 4.0e-7 * PI;

/// Electric permittivity of free space, F/m (CODATA 2018).
pub const EPSILON_0: f64 = 8.854_187_812_8e-12;
