//! Prior of the geometry: each parameter around its measured value, or fixed to it.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::normal::ln_normal;
use crate::system::{Geometry, GeometryParameter};

/// Distribution of a parameter's deviation from its measured value, in m or degrees.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Deviation {
    /// The deviation is zero.
    #[default]
    Fixed,
    /// The deviation is uniform within the half width.
    Uniform {
        /// Largest deviation.
        half_width: f64,
    },
    /// The deviation is normally distributed.
    Normal {
        /// Standard deviation.
        std: f64,
    },
}

impl Deviation {
    /// Returns whether the parameter is sampled.
    pub fn is_sampled(self) -> bool {
        self != Deviation::Fixed
    }

    /// Returns the standard deviation.
    pub fn std(self) -> f64 {
        match self {
            Deviation::Fixed => 0.0,
            Deviation::Uniform { half_width } => half_width / 3_f64.sqrt(),
            Deviation::Normal { std } => std,
        }
    }

    /// Returns ln density of a deviation; minus infinity outside the support. A fixed parameter contributes 0.
    fn ln_density(self, deviation: f64) -> f64 {
        match self {
            Deviation::Fixed => 0.0,
            Deviation::Uniform { half_width } if deviation.abs() <= half_width => -(2.0 * half_width).ln(),
            Deviation::Uniform { .. } => f64::NEG_INFINITY,
            Deviation::Normal { std } => ln_normal(deviation, std),
        }
    }

    fn draw(self, rng: &mut (impl Rng + ?Sized)) -> f64 {
        match self {
            Deviation::Fixed => 0.0,
            Deviation::Uniform { half_width } => half_width * (2.0 * rng.random::<f64>() - 1.0),
            Deviation::Normal { std } => {
                let normal: f64 = StandardNormal.sample(rng);
                std * normal
            }
        }
    }
}

/// Prior of a geometry with independent parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct GeometryPrior {
    measured: Geometry,
    deviations: [Deviation; GeometryParameter::ALL.len()],
    sampled: Vec<GeometryParameter>,
}

impl GeometryPrior {
    /// Makes a prior around `measured`; `deviations` are in the order of [`GeometryParameter::ALL`].
    pub fn new(measured: Geometry, deviations: [Deviation; GeometryParameter::ALL.len()]) -> Self {
        let is_sampled = |p: &GeometryParameter| deviations[p.index()].is_sampled();
        Self { measured, deviations, sampled: GeometryParameter::ALL.into_iter().filter(is_sampled).collect() }
    }

    /// Makes a prior in which all parameters are fixed.
    pub fn fixed(measured: Geometry) -> Self {
        Self::new(measured, Default::default())
    }

    /// Returns the same prior around another measured geometry.
    pub fn around(&self, measured: Geometry) -> Self {
        Self { measured, ..self.clone() }
    }

    /// Returns the measured geometry.
    pub fn measured(&self) -> &Geometry {
        &self.measured
    }

    /// Returns the parameters that are sampled.
    pub fn sampled(&self) -> &[GeometryParameter] {
        &self.sampled
    }

    /// Returns whether any parameter is sampled.
    pub fn is_sampled(&self) -> bool {
        !self.sampled.is_empty()
    }

    /// Returns the distribution of the deviation of `parameter`.
    pub fn deviation(&self, parameter: GeometryParameter) -> Deviation {
        self.deviations[parameter.index()]
    }

    /// Returns ln density of the sampled parameters, per m and degree; minus infinity outside the support, and when
    /// transmitter or receiver would be on the ground.
    pub fn ln_density(&self, geometry: &Geometry) -> f64 {
        let height_m = geometry.height_m();
        if height_m <= 0.0 || height_m + geometry.get(GeometryParameter::TxRxDz) <= 0.0 {
            return f64::NEG_INFINITY;
        }
        let of = |&p: &GeometryParameter| self.deviation(p).ln_density(geometry.get(p) - self.measured.get(p));
        self.sampled.iter().map(of).sum()
    }

    /// Draws a geometry.
    pub fn draw(&self, rng: &mut (impl Rng + ?Sized)) -> Geometry {
        // In every sensible prior the coils are far from the ground; the limit only guards against absurd settings.
        for _ in 0..10_000 {
            let mut geometry = self.measured;
            for &p in &self.sampled {
                geometry.set(p, self.measured.get(p) + self.deviation(p).draw(rng));
            }
            if self.ln_density(&geometry) > f64::NEG_INFINITY {
                return geometry;
            }
        }
        self.measured
    }
}
