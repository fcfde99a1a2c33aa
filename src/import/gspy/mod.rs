//! Reads systems from gspy's YAML files (GS convention) and writes them as `.stm` files or tables of coil pairs.

mod coils;
mod frequency;
mod yaml;

use std::path::Path;

use self::coils::{axis, dimension, frame_sign, offset_m, place, printable};
use self::yaml::{Node, Section};
use super::made::{MadeInstrument, Moment, file_name};
use super::stm::{Description, half_period};
use crate::error::{InputError, Result};
use crate::system::Axis;

/// Reads the system from the survey's YAML file: the moments of a time-domain system, or the coil pairs of a frequency-domain
/// system. Gates with the same names in `data`, the YAML file of a table of data, take precedence.
///
/// # Errors
///
/// [`Error::Io`](crate::error::Error::Io) when a file cannot be read, [`Error::Input`](crate::error::Error::Input) when
/// it is not YAML, lacks something, or describes what is not modelled.
pub fn stm_from_gspy(survey: &Path, data: Option<&Path>) -> Result<MadeInstrument> {
    let survey_file = yaml::read(survey)?;
    let data_file = data.map(yaml::read).transpose()?;
    parse(&survey_file, survey, data_file.as_ref().zip(data))
}

fn parse(survey_file: &Node, survey: &Path, data: Option<(&Node, &Path)>) -> Result<MadeInstrument> {
    let system = system(survey_file, survey)?;
    let variables = system.section("variables")?;
    let transmitter = variables.section("transmitter")?;
    let mut made = MadeInstrument::default();
    if is_frequency_domain(&system, &transmitter) {
        made.moments.push(frequency::table(&system, &transmitter, &mut made.notes)?);
        return Ok(made);
    }
    let gates = GateTables { system: &system, data };
    let labels = transmitter.texts("label")?;
    for (index, label) in labels.iter().enumerate() {
        let mut groups = describe(&system, &transmitter, &gates, index, labels.len(), label)?;
        // The vertical component comes first: it is what most surveys invert.
        groups.sort_by_key(|group| !group.components().contains('z'));
        for (place, described) in groups.iter().enumerate() {
            let name = if place == 0 { label.clone() } else { format!("{label}_{}", described.components()) };
            let name = file_name(&name, made.moments.iter().chain(&made.others));
            let moment = Moment { name, offset_m: Some(described.offset_m), stm: described.to_stm() };
            if place == 0 {
                made.push(moment, described.scaling);
            } else {
                made.others.push(moment);
            }
        }
    }
    Ok(made)
}

/// Returns whether the system has frequencies, not waveforms.
fn is_frequency_domain(system: &Section, transmitter: &Section) -> bool {
    match system.value("submethod").and_then(Node::text) {
        Some(submethod) => submethod.to_lowercase().contains("frequency"),
        None => transmitter.value("waveform_time").is_none() && dimension(system, "frequency").is_some(),
    }
}

/// Returns the only system that has a transmitter.
fn system<'a>(file: &'a Node, path: &'a Path) -> Result<Section<'a>> {
    let Node::Map(sections) = file else { return Err(InputError::file(path, "no map", "a gspy survey")) };
    let has_transmitter =
        |node: &Node| node.get("variables").and_then(|variables| variables.get("transmitter")).is_some();
    let mut systems = sections.iter().filter(|(_, node)| has_transmitter(node));
    let got = match (systems.next(), systems.next()) {
        (Some((name, node)), None) => return Ok(Section { path, name: name.clone(), node }),
        (None, _) => "no system with variables.transmitter".to_owned(),
        (Some((first, _)), Some((second, _))) => format!("the systems {first} and {second}"),
    };
    Err(InputError::file(path, got, "one electromagnetic system"))
}

/// The tables in which gates are looked for.
struct GateTables<'a> {
    system: &'a Section<'a>,
    data: Option<(&'a Node, &'a Path)>,
}

impl GateTables<'_> {
    /// Returns start and end of the gates `name`, ignoring case.
    fn bounds_s(&self, name: &str) -> Result<Vec<[f64; 2]>> {
        let in_data = self.data.and_then(|(file, path)| {
            let Node::Map(sections) = file else { return None };
            sections.iter().find_map(|(section, node)| dimension(&Section { path, name: section.clone(), node }, name))
        });
        let Some(table) = in_data.or_else(|| dimension(self.system, name)) else {
            let got = format!("no {name} in {}.dimensions", self.system.name);
            return Err(InputError::file(self.system.path, got, "the gates of that name"));
        };
        table.need("bounds", "rows of start and end in s", Node::rows)
    }
}

/// Describes the moment of transmitter `index`, of `count` transmitters: one description for all components that have the same
/// gates, filters and place.
fn describe(
    system: &Section,
    transmitter: &Section,
    gates: &GateTables,
    index: usize,
    count: usize,
    label: &str,
) -> Result<Vec<Description>> {
    let variables = system.section("variables")?;
    let (receiver, component) = (variables.section("receiver")?, variables.section("component")?);
    if transmitter.value("orientation").is_some()
        && axis(transmitter.element("orientation", index, count)?) != Some(Axis::Z)
    {
        return Err(transmitter.wrong("orientation", "z, a loop that lies flat"));
    }
    let factor = match transmitter.value("current_scale_factor") {
        None => 1.0,
        Some(Node::List(_)) => transmitter.number("current_scale_factor", index, count)?,
        Some(_) => transmitter.need("current_scale_factor", "a number", Node::number)?,
    };
    let series = |key: &str| -> Result<Vec<f64>> {
        let of_one = transmitter.need(key, "a list of numbers for each transmitter", |node| {
            let is_flat = count == 1 && node.list().iter().all(|element| element.number().is_some());
            if is_flat { Some(node) } else { node.list().get(index).filter(|_| node.list().len() == count) }
        })?;
        let numbers: Option<Vec<f64>> = of_one.list().iter().map(Node::number).collect();
        numbers.ok_or_else(|| transmitter.wrong(key, "numbers"))
    };
    let base_frequency_hz = transmitter.number("base_frequency", index, count)?;
    let (time_s, current) = (series("waveform_time")?, series("waveform_current")?);
    let points = time_s.iter().copied().zip(current.iter().map(|current| factor * current)).collect::<Vec<_>>();
    let waveform = match time_s.len() == current.len() {
        true => {
            half_period(&points, base_frequency_hz).map_err(|expected| transmitter.wrong("waveform_time", expected))?
        }
        false => return Err(transmitter.wrong("waveform_current", format_args!("{} values", time_s.len()))),
    };
    let (sign, rows) = (frame_sign(system)?, component.texts("transmitters")?.len());
    let instrument = system.value("instrument").and_then(Node::text).unwrap_or(&system.name);
    let mut groups: Vec<Description> = Vec::new();
    for Measured { row, coil, coils, axis } in measured(&receiver, &component, label)? {
        let mut filters = Vec::new();
        for key in ["coil_low_pass_filter", "instrument_low_pass_filter"] {
            filters.extend(receiver.optional_number(key, coil, coils)?.map(|hz| (hz, 1)));
        }
        let described = Description {
            name: printable(&format!("{instrument} {label}")),
            comments: vec!["Made from the survey's gspy file.".to_owned()],
            base_frequency_hz,
            waveform: waveform.clone(),
            moment: moment(system, transmitter, index, count)?,
            gates_s: gates.bounds_s(component.element("gate_times", row, rows)?.text().unwrap_or_default())?,
            time_shift_s: 0.0,
            filters,
            filters_comment: "Low-pass filters of the coil and of the instrument. The file does not give their order; order 1 is assumed.",
            loop_area_m2: loop_area_m2(transmitter, index, count)?,
            output: output(component.element("data_type", row, rows)?)
                .ok_or_else(|| component.wrong("data_type", "dBdt or B"))?,
            // Data along y are positive to the right where z points down. Signs of z are a setting of the survey.
            scaling: [Axis::X, Axis::Y, Axis::Z].map(|of| match of == axis {
                false => 0.0,
                true if axis == Axis::Y => sign,
                true => 1.0,
            }),
            offset_m: offset_m(&component, row, rows, sign)?,
        };
        let is_same = |other: &&mut Description| {
            other.gates_s == described.gates_s
                && other.filters == described.filters
                && other.output == described.output
                && other.offset_m == described.offset_m
                && other.scaling[axis as usize] == 0.0
        };
        match groups.iter_mut().find(is_same) {
            Some(other) => other.scaling[axis as usize] = described.scaling[axis as usize],
            None => groups.push(described),
        }
    }
    Ok(groups)
}

/// Returns the quantity that is measured, as `.stm` files call it.
fn output(node: &Node) -> Option<&'static str> {
    let letters: String = node.text()?.chars().filter(|c| c.is_alphabetic()).collect();
    match letters.to_lowercase().as_str() {
        "dbdt" => Some("dB/dt"),
        "b" => Some("B"),
        _ => None,
    }
}

/// A component that a receiver measures: its place in the list of components, and that of its receiver.
struct Measured {
    row: usize,
    coil: usize,
    coils: usize,
    axis: Axis,
}

/// Returns the components of the transmitter `label`; there is at least one.
fn measured(receiver: &Section, component: &Section, label: &str) -> Result<Vec<Measured>> {
    let (transmitters, receivers) = (component.texts("transmitters")?, component.texts("receivers")?);
    let coils = receiver.texts("label")?;
    let mut found = Vec::new();
    for row in (0..transmitters.len()).filter(|&row| transmitters[row].eq_ignore_ascii_case(label)) {
        let coil = receivers.get(row).and_then(|name| place(&coils, name, row, transmitters.len()));
        let coil = coil.ok_or_else(|| component.wrong("receivers", "a label of a receiver for each component"))?;
        let axis = axis(receiver.element("orientation", coil, coils.len())?);
        let axis = axis.ok_or_else(|| receiver.wrong("orientation", "x, y or z"))?;
        found.push(Measured { row, coil, coils: coils.len(), axis });
    }
    if found.is_empty() {
        return Err(component.wrong("transmitters", format_args!("a component of transmitter {label}")));
    }
    Ok(found)
}

/// Returns the factors by which the data are not divided: turns, peak current and area.
fn moment(system: &Section, transmitter: &Section, index: usize, count: usize) -> Result<[f64; 3]> {
    if system.value("data_normalized") == Some(&Node::Flag(true)) {
        return Ok([1.0; 3]);
    }
    let number = |key: &str| transmitter.number(key, index, count);
    Ok([number("number_of_turns")?, number("peak_current")?, number("area")?])
}

/// Returns the area within the corners of the loop, or the given area if there are no corners.
fn loop_area_m2(transmitter: &Section, index: usize, count: usize) -> Result<f64> {
    if transmitter.value("coordinates").is_none() {
        return transmitter.number("area", index, count);
    }
    let corners: Vec<[f64; 3]> = transmitter
        .element("coordinates", index, count)?
        .rows()
        .ok_or_else(|| transmitter.wrong("coordinates", "rows of x, y and z of each corner, m"))?;
    let next = corners.iter().cycle().skip(1);
    Ok(0.5 * corners.iter().zip(next).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>().abs())
}

#[cfg(test)]
mod tests;
