//! The signs of data as the survey file has them.

use crate::run::Plan;
use crate::survey::Convention;
use crate::system::{Axis, Channel};

/// Returns the factor from the program's sign of each channel to that of the survey file: 1 or -1.
pub(super) fn file_signs(plan: &Plan) -> Vec<f64> {
    let turns = plan.config.columns.convention() == Convention::GeoBipy;
    let sign = |channel: &Channel| if turns && channel.component == Some(Axis::Z) { -1.0 } else { 1.0 };
    plan.system.channels().iter().map(sign).collect()
}
