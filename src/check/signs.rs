//! The signs of data as the survey file has them.

use crate::run::Plan;
use crate::survey::Convention;
use crate::system::{Axis, System, TdemChannel};

/// For each channel the sign that the file has it with, -1 where the program turns it.
pub(super) fn file_signs(plan: &Plan) -> Vec<f64> {
    let System::Tdem(instrument) = &plan.system else { return vec![1.0; plan.system.channel_count()] };
    let turns = plan.config.columns.convention() == Convention::GeoBipy;
    let sign = |channel: &TdemChannel| if turns && channel.component == Some(Axis::Z) { -1.0 } else { 1.0 };
    instrument.channels().iter().map(sign).collect()
}
