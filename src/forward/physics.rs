//! The forward model of any instrument.

use std::sync::Arc;

use super::{Accuracy, FdemForward, ForwardModel, TdemForward, TdemOperator};
use crate::system::{FdemSystem, Geometry, System};

/// What the forward models of a survey's soundings share.
#[derive(Debug, Clone)]
pub enum Physics {
    /// Frequency domain.
    Fdem(FdemSystem, Accuracy),
    /// Time domain.
    Tdem(Arc<TdemOperator>),
}

impl Physics {
    /// Of `system`.
    pub fn new(system: &System, accuracy: Accuracy) -> Self {
        match system {
            System::Fdem(system) => Physics::Fdem(system.clone(), accuracy),
            System::Tdem(instrument) => Physics::Tdem(Arc::new(TdemOperator::new(instrument, accuracy))),
        }
    }

    /// A forward model for soundings mostly near `geometry`.
    pub fn forward(&self, geometry: &Geometry) -> Box<dyn ForwardModel> {
        match self {
            Physics::Fdem(system, accuracy) => Box::new(FdemForward::new(system, geometry.height_m(), *accuracy)),
            Physics::Tdem(operator) => Box::new(TdemForward::new(Arc::clone(operator), geometry)),
        }
    }
}
