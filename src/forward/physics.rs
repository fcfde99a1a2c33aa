//! The forward model of any instrument.

use std::sync::Arc;

use super::{Accuracy, FdemForward, ForwardModel, TdemForward, TdemOperator, TwoLevels};
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
