//! Lengths of a geometry that fields depend on.

use crate::system::{Geometry, GeometryParameter};

/// Returns the path up and down in m.
pub(super) fn path_m(geometry: &Geometry) -> f64 {
    2.0 * geometry.height_m() + geometry.get(GeometryParameter::TxRxDz)
}

/// Returns the horizontal distance of the coils in m.
pub(super) fn offset_m(geometry: &Geometry) -> f64 {
    let [dx, dy, _] = geometry.offset_m();
    dx.hypot(dy)
}
