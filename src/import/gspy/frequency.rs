//! Frequency-domain systems: a table of coil pairs.

use std::path::Path;

use super::coils::{axis, dimension, frame_sign, offset_m, place, printable};
use super::yaml::{Node, Section};
use crate::error::{Error, InputError, Result};
use crate::import::made::{Moment, file_name};
use crate::system::{Axis, FdemSystem, TABLE_HEADER};

/// Returns the table of coil pairs of the system, in order of the components.
pub(super) fn table(system: &Section, transmitter: &Section, notes: &mut Vec<String>) -> Result<Moment> {
    let variables = system.section("variables")?;
    let (receiver, component) = (variables.section("receiver")?, variables.section("component")?);
    let unit = ["output_data_type", "data_units", "units"].into_iter().find_map(|key| system.value(key)?.text());
    match unit {
        Some(unit) if unit.to_lowercase().contains("ppm") || unit.to_lowercase().contains("million") => {}
        Some(_) => {
            return Err(
                system.wrong("output_data_type", "ppm, in-phase and quadrature data relative to the primary field")
            );
        }
        None => notes.push(
            "the description does not give output_data_type: data must be in ppm of the primary field".to_owned(),
        ),
    }
    let (transmitters, coils) = (transmitter.texts("label")?, receiver.texts("label")?);
    let (tx_rows, rx_rows) = (component.texts("transmitters")?, component.texts("receivers")?);
    let (sign, rows) = (frame_sign(system)?, tx_rows.len());
    let mut text = format!(
        "// {}\n// Made from the survey's gspy file. Frequencies in Hz, lengths in m; axes: x along flight, y left, z up.\n\
         // The transmitter is at the bird. A moment of -1 gives coaxial pairs the sign of coplanar pairs.\n{TABLE_HEADER}\n",
        printable(&system.name)
    );
    for (row, tx_name) in tx_rows.iter().enumerate() {
        let tx = place(&transmitters, tx_name, row, rows);
        let tx = tx.ok_or_else(|| component.wrong("transmitters", "a label of a transmitter for each coil pair"))?;
        let rx = rx_rows.get(row).and_then(|name| place(&coils, name, row, rows));
        let rx = rx.ok_or_else(|| component.wrong("receivers", "a label of a receiver for each coil pair"))?;
        let hz = frequency_hz(system, transmitter, tx, &transmitters)?;
        let axis_of = |section: &Section, place: usize, count: usize| {
            let axis = axis(section.element("orientation", place, count)?);
            axis.ok_or_else(|| section.wrong("orientation", "x, y or z for each coil"))
        };
        let (tx_axis, rx_axis) = (axis_of(transmitter, tx, transmitters.len())?, axis_of(&receiver, rx, coils.len())?);
        check_words(&component, row, rows, [tx_axis, rx_axis], hz)?;
        let moment = if tx_axis == Axis::X { -1 } else { 1 };
        let [x, y, z] = offset_m(&component, row, rows, sign)?;
        let line = format!("{hz}, {tx_axis}, {moment}, 0, 0, 0, {rx_axis}, 1, {x}, {y}, {z}\n");
        check_is_modelled(&line, system.path, hz)?;
        text.push_str(&line);
    }
    if rows == 0 {
        return Err(component.wrong("transmitters", "at least one coil pair"));
    }
    let name = system.value("instrument").and_then(Node::text).unwrap_or(&system.name);
    Ok(Moment { name: file_name(name, [].iter()), stm: text, offset_m: None })
}

/// Returns the frequency of a transmitter: as measured, as given, or its label.
fn frequency_hz(system: &Section, transmitter: &Section, tx: usize, labels: &[String]) -> Result<f64> {
    let valid = |hz: f64| hz.is_finite() && hz > 0.0;
    for key in ["actual_frequency", "frequency", "base_frequency"] {
        if transmitter.value(key).is_some() {
            let hz = transmitter.number(key, tx, labels.len())?;
            return if valid(hz) { Ok(hz) } else { Err(transmitter.wrong(key, "frequencies in Hz more than 0")) };
        }
    }
    let label = labels[tx].parse().ok().filter(|&hz| valid(hz));
    let dimension = dimension(system, "frequency");
    let listed = dimension.as_ref().and_then(|table| {
        let node = table.value("centers").or(table.value("centres")).or(table.value("values"))?;
        node.list().get(tx).filter(|_| node.list().len() == labels.len())?.number()
    });
    let found = listed.filter(|&hz| valid(hz)).or(label);
    found.ok_or_else(|| transmitter.wrong("actual_frequency", "a frequency in Hz for each transmitter"))
}

/// Checks the words for the pair, coplanar or coaxial, against the axes of its coils.
fn check_words(component: &Section, row: usize, rows: usize, axes: [Axis; 2], hz: f64) -> Result<()> {
    if component.value("orientation").is_none() {
        return Ok(());
    }
    let word = component.element("orientation", row, rows)?.text().unwrap_or_default().to_lowercase();
    let fits = match axes {
        _ if word.contains("coaxial") => axes == [Axis::X, Axis::X],
        _ if word.contains("coplanar") => axes == [Axis::Z, Axis::Z] || axes == [Axis::Y, Axis::Y],
        _ => true,
    };
    if fits {
        return Ok(());
    }
    let got = format!("a {word} pair at {hz} Hz whose coils have the axes {} and {}", axes[0], axes[1]);
    Err(InputError::file(component.path, got, "coplanar coils with the axes z or y, coaxial coils with the axis x"))
}

/// Refuses a coil pair that the program does not model.
fn check_is_modelled(line: &str, path: &Path, hz: f64) -> Result<()> {
    let Err(error) = FdemSystem::parse(&format!("{TABLE_HEADER}\n{line}"), path) else { return Ok(()) };
    let first = match error {
        Error::Many(errors) => errors.into_iter().next(),
        other => Some(other),
    };
    let Some(Error::Input(wrong)) = first else { return Ok(()) };
    let InputError { got, expected, .. } = *wrong;
    Err(InputError::file(path, format_args!("at {hz} Hz {got}"), expected))
}
