//! The forward model of any instrument.

use std::sync::Arc;

use super::{Accuracy, DigitisedTdem, FdemForward, ForwardModel, TdemForward, TdemOperator, TwoLevels};
use crate::error::Result;
use crate::system::{FdemSystem, Geometry, System};

/// The parts of the forward model that all soundings of a survey share.
#[derive(Debug, Clone)]
pub enum Physics {
    /// Frequency domain.
    Fdem(FdemSystem, Accuracy),
    /// Time domain.
    Tdem {
        /// The operator of the recorded chain.
        exact: Arc<TdemOperator>,
        /// The operator of [`ForwardModel::coarse`].
        coarse: Arc<TdemOperator>,
    },
}

impl Physics {
    /// Prepares the forward model of the instrument `system`.
    pub fn new(system: &System, accuracy: Accuracy) -> Self {
        match system {
            System::Fdem(system) => Physics::Fdem(system.clone(), accuracy),
            System::Tdem(instrument) => Physics::Tdem {
                exact: Arc::new(TdemOperator::new(instrument, accuracy)),
                coarse: Arc::new(TdemOperator::new(instrument, Accuracy::Coarse)),
            },
        }
    }

    /// The primary field of each component of each moment at `geometry`; none of frequency-domain data, which do not have it.
    pub fn primary_fields(&self, geometry: &Geometry) -> Vec<f64> {
        match self {
            Physics::Fdem(..) => Vec::new(),
            Physics::Tdem { exact, .. } => exact.primary_fields(geometry).collect(),
        }
    }

    /// Returns a forward model for soundings mostly near `geometry`.
    pub fn forward(&self, geometry: &Geometry) -> Box<dyn ForwardModel> {
        match self {
            Physics::Fdem(system, accuracy) => {
                let at = |accuracy| Box::new(FdemForward::new(system, geometry.height_m(), accuracy));
                Box::new(TwoLevels::new(at(*accuracy), at(Accuracy::Coarse)))
            }
            Physics::Tdem { exact, coarse } => {
                let of = |operator: &Arc<TdemOperator>| Box::new(TdemForward::new(Arc::clone(operator), geometry));
                Box::new(TwoLevels::new(of(exact), of(coarse)))
            }
        }
    }
}

/// GA-AEM's own scheme of a time-domain system; `None` for a system whose fields are not sampled in time.
///
/// # Errors
/// Those of [`DigitisedTdem::new`].
pub fn digitised_scheme(system: &System) -> Result<Option<DigitisedTdem>> {
    match system {
        System::Fdem(_) => Ok(None),
        System::Tdem(instrument) => DigitisedTdem::new(instrument).map(Some),
    }
}
