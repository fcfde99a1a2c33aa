//! The prior when nothing else is said: what evidence chose (docs/priors.md). Configurations take their defaults from here.

use super::conductivity::{ConductivityPrior, Correlation};
use super::errors::ErrorPrior;
use super::geometry::GeometryPrior;
use super::interfaces::{DepthScale, InterfacePrior};
use super::joint::Prior;
use super::layer_count::{LayerCountLaw, LayerCountPrior};
use crate::system::{Geometry, System};

/// Most layers, the halfspace included.
pub const MAXIMUM_LAYERS: usize = 30;
/// Probability of one layer more.
pub const LAYER_COUNT_RATIO: f64 = 0.6;
/// Least depth of an interface, m.
pub const MINIMUM_DEPTH_M: f64 = 0.5;
/// Least thickness of a layer, m.
pub const MINIMUM_THICKNESS_M: f64 = 0.5;
/// Interfaces are uniform in ln(depth + offset), m.
pub const DEPTH_OFFSET_M: f64 = 10.0;
/// Centre of ln conductivity where no data say another, S/m.
pub const CONDUCTIVITY_CENTER_S_PER_M: f64 = 0.02;
/// Standard deviation of log10 conductivity, decades.
pub const CONDUCTIVITY_LOG10_STD: f64 = 1.0;
/// No layer conducts less or more, S/m.
pub const CONDUCTIVITY_BOUNDS_S_PER_M: (f64, f64) = (1e-5, 10.0);
/// Least and greatest relative error, fractions.
pub const RELATIVE_ERROR: (f64, f64) = (0.005, 0.5);

impl Prior {
    /// The prior of a sounding of `system` whose coils are where `measured` says, when nothing else is said. Conductivities are about
    /// 0.02 S/m: [`best_halfspace`](crate::forward::best_halfspace) gives a better centre, best of many soundings. Data errors
    /// are sampled, for each group of channels. `additive_error` is the least and the greatest one in the data's unit; frequency-domain
    /// systems know a usual one ([`System::usual_additive_error`]), time-domain data have a unit of their own.
    pub fn default_for(system: &System, measured: &Geometry, additive_error: (f64, f64)) -> Self {
        let groups = system.error_group_names().len();
        let error = |(minimum, maximum): (f64, f64)| ErrorPrior::between(minimum, maximum);
        let (low, high) = CONDUCTIVITY_BOUNDS_S_PER_M;
        let interfaces = InterfacePrior::new(
            DepthScale::LogOffset { offset_m: DEPTH_OFFSET_M },
            MINIMUM_DEPTH_M,
            system.usual_depth_m(),
            MINIMUM_THICKNESS_M,
            MAXIMUM_LAYERS - 1,
        );
        Self {
            layer_count: LayerCountPrior::new(LayerCountLaw::Geometric { ratio: LAYER_COUNT_RATIO }, MAXIMUM_LAYERS),
            interfaces: interfaces.expect("so many layers fit"),
            conductivity: ConductivityPrior {
                mean: CONDUCTIVITY_CENTER_S_PER_M.ln(),
                std: CONDUCTIVITY_LOG10_STD * std::f64::consts::LN_10,
                correlation: Correlation::Independent,
                bounds: (low.ln(), high.ln()),
            },
            relative_error: vec![error(RELATIVE_ERROR); groups],
            additive_error: vec![error(additive_error); groups],
            geometry: GeometryPrior::fixed(*measured),
        }
    }
}
