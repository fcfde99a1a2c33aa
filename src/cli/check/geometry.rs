//! Prints the positions of the coils, for `geobipy check`.

use super::report::Report;
use crate::check::{Geometries, reference};
use crate::run::Plan;
use crate::system::GeometryParameter;

/// Height above which airborne data contain little information, m.
const HIGH_M: f64 = 200.0;
/// Distance of an offset from the median of the survey at which it becomes doubtful, m.
const FAR_M: f64 = 10.0;

/// Prints the range of each parameter, with warnings about doubtful values.
pub(super) fn tell(geometries: &mut Geometries, plan: &Plan, report: &mut Report) {
    report.heading("geometry (least, middle, greatest)");
    for values in geometries.values() {
        let parameter = values.parameter;
        let ((least, greatest), middle, unit) = (values.ends(), values.middle(), parameter.unit());
        report.line(&format!("  {:9} {least:9.2} {middle:9.2} {greatest:9.2} {unit}", parameter.name()));
        let high = values.sorted.iter().filter(|value| **value > HIGH_M).count();
        if parameter == GeometryParameter::Height && high > 0 {
            report.warning(&format!("{high} soundings are higher than {HIGH_M} m: they will hardly see the ground"));
        } else if values.is_offset() && values.far(FAR_M) > 0 {
            report.warning(&format!("{} soundings are more than {FAR_M} m from the middle", values.far(FAR_M)));
        }
        if let Some(reference) = reference(plan, parameter)
            && values.is_offset()
            && (reference - middle).abs() > FAR_M
        {
            report.warning(&format!("the system file's ReferenceGeometry has {reference} {unit}"));
        }
    }
    if geometries.is_receiver_in_transmitter(plan) {
        report.warning("the receiver is at the transmitter, whose loop has no radius (ModellingLoopRadius)");
    }
}
