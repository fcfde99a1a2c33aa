//! Prior of the geometry: each parameter around its measured value, or fixed to it.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::normal::ln_normal;
use crate::system::{Geometry, GeometryParameter};

/// How far a parameter may be from its measured value, in m or degrees.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Deviation {
    /// Not at all.
    #[default]
    Fixed,
    /// Anywhere within the half width, evenly.
    Uniform {
        /// Largest deviation.
        half_width: f64,
    },
    /// Normally distributed.
    Normal {
        /// Standard deviation.
        std: f64,
    },
}

impl Deviation {
    /// Whether there is anything to sample.
    pub fn is_sampled(self) -> bool {
        self != Deviation::Fixed
    }

    /// Standard deviation.
    pub fn std(self) -> f64 {
        match self {
            Deviation::Fixed => 0.0,
            Deviation::Uniform { half_width } => half_width / 3_f64.sqrt(),
            Deviation::Normal { std } => std,
        }
    }

    /// ln density of a deviation; minus infinity outside the support. Fixed contributes 0.
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

/// Prior of a geometry, its parameters independent.
#[derive(Debug, Clone, PartialEq)]
pub struct GeometryPrior {
    measured: Geometry,
    deviations: [Deviation; GeometryParameter::ALL.len()],
    sampled: Vec<GeometryParameter>,
}

impl GeometryPrior {
    /// Around `measured`; `deviations` in the order of [`GeometryParameter::ALL`].
    pub fn new(measured: Geometry, deviations: [Deviation; GeometryParameter::ALL.len()]) -> Self {
        let is_sampled = |p: &GeometryParameter| deviations[p.index()].is_sampled();
        Self { measured, deviations, sampled: GeometryParameter::ALL.into_iter().filter(is_sampled).collect() }
    }

    /// Known.
    pub fn fixed(measured: Geometry) -> Self {
        Self::new(measured, Default::default())
    }

    /// The same around another measured geometry.
    pub fn around(&self, measured: Geometry) -> Self {
        Self { measured, ..self.clone() }
    }

    /// What was measured.
    pub fn measured(&self) -> &Geometry {
        &self.measured
    }

    /// The parameters that are part of the model.
    pub fn sampled(&self) -> &[GeometryParameter] {
        &self.sampled
    }

    /// Whether any parameter is part of the model.
    pub fn is_sampled(&self) -> bool {
        !self.sampled.is_empty()
    }

    /// How far `parameter` may be from its measured value.
    pub fn deviation(&self, parameter: GeometryParameter) -> Deviation {
        self.deviations[parameter.index()]
    }

    /// ln density per m and degree of the sampled parameters; minus infinity outside the support, also of a transmitter or
    /// receiver on the ground.
    pub fn ln_density(&self, geometry: &Geometry) -> f64 {
        let height_m = geometry.height_m();
        if height_m <= 0.0 || height_m + geometry.get(GeometryParameter::TxRxDz) <= 0.0 {
            return f64::NEG_INFINITY;
        }
        let of = |&p: &GeometryParameter| self.deviation(p).ln_density(geometry.get(p) - self.measured.get(p));
        self.sampled.iter().map(of).sum()
    }

    /// An independent draw.
    pub fn draw(&self, rng: &mut (impl Rng + ?Sized)) -> Geometry {
        // The ground is far in every sensible prior; the limit only guards against absurd ones.
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
