//! Names, axes and places of coils.

use super::yaml::{Node, Section};
use crate::error::Result;
use crate::system::Axis;

/// Returns the table `name` of the dimensions of a system, ignoring case.
pub(super) fn dimension<'a>(system: &Section<'a>, name: &str) -> Option<Section<'a>> {
    let dimensions = system.section("dimensions").ok()?;
    let Node::Map(tables) = dimensions.node else { return None };
    let key = tables.keys().find(|key| key.eq_ignore_ascii_case(name))?;
    dimensions.section(key).ok()
}

/// Returns the axis of a coil; upper and lower case make no difference.
pub(super) fn axis(node: &Node) -> Option<Axis> {
    match node.text()?.trim().to_lowercase().as_str() {
        "x" => Some(Axis::X),
        "y" => Some(Axis::Y),
        "z" => Some(Axis::Z),
        _ => None,
    }
}

/// Returns the place of `name` in `labels`, ignoring case. Where the name occurs again and again, the label of the same `row` is
/// meant, of as many labels as there are rows.
pub(super) fn place(labels: &[String], name: &str, row: usize, rows: usize) -> Option<usize> {
    let is_same = |label: &String| label.eq_ignore_ascii_case(name);
    let mut places = (0..labels.len()).filter(|&place| is_same(&labels[place]));
    match (places.next(), places.next()) {
        (Some(only), None) => Some(only),
        (Some(_), Some(_)) if labels.len() == rows && is_same(&labels[row]) => Some(row),
        _ => None,
    }
}

/// Returns the sign of y and z: 1 where z points up, -1 where it points down. Both frames are right-handed, so that y is to the
/// right where z points down.
pub(super) fn frame_sign(system: &Section) -> Result<f64> {
    let frame = system.value("reference_frame").and_then(Node::text).unwrap_or_default().to_lowercase();
    match (frame.contains("down"), frame.contains("up")) {
        (true, false) => Ok(-1.0),
        (false, true) => Ok(1.0),
        _ => Err(system.wrong("reference_frame", "right-handed positive down, or right-handed positive up")),
    }
}

/// Returns the position of the receiver relative to the transmitter in the program's axes.
pub(super) fn offset_m(component: &Section, row: usize, rows: usize, sign: f64) -> Result<[f64; 3]> {
    let [x, y, z] = ["txrx_dx", "txrx_dy", "txrx_dz"].map(|key| component.number(key, row, rows));
    // Adding 0.0 turns -0.0 into 0.0.
    Ok([x?, 0.0 + sign * y?, 0.0 + sign * z?])
}

/// Returns the name without characters that would end a line of the file.
pub(super) fn printable(name: &str) -> String {
    name.replace(char::is_control, " ")
}
