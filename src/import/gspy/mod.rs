//! Reads systems from gspy's YAML files (GS convention) and writes them as `.stm` files.

mod stm;
mod yaml;

use std::path::Path;

use self::stm::Description;
use self::yaml::{Node, Section};
use crate::error::{InputError, Result};

/// One moment of a system.
#[derive(Debug)]
pub struct Moment {
    /// Name of the moment in the survey's file.
    pub name: String,
    /// Text of its `.stm` file.
    pub stm: String,
    /// Position of the receiver relative to the transmitter in m: ahead, left, up.
    pub offset_m: [f64; 3],
}

/// Reads the moments of the time-domain system, z component only, from the survey's YAML file. Gates with the same
/// names in `data`, the YAML file of a table of data, take precedence.
///
/// # Errors
///
/// [`Error::Io`](crate::error::Error::Io) when a file cannot be read, [`Error::Input`](crate::error::Error::Input) when
/// it is not YAML or lacks something.
pub fn stm_from_gspy(survey: &Path, data: Option<&Path>) -> Result<Vec<Moment>> {
    let survey_file = yaml::read(survey)?;
    let data_file = data.map(yaml::read).transpose()?;
    let system = system(&survey_file, survey)?;
    let variables = system.section("variables")?;
    let transmitter = variables.section("transmitter")?;
    let gates = GateTables { system: &system, data: data_file.as_ref().zip(data) };
    let labels = transmitter.texts("label")?;
    let moment = |(index, label): (usize, &&str)| {
        let described = describe(&system, &transmitter, &gates, index, labels.len(), label)?;
        Ok(Moment { name: printable(label), offset_m: described.offset_m, stm: described.to_stm() })
    };
    labels.iter().enumerate().map(moment).collect()
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

fn dimension<'a>(system: &Section<'a>, name: &str) -> Option<Section<'a>> {
    let dimensions = system.section("dimensions").ok()?;
    let Node::Map(tables) = dimensions.node else { return None };
    let key = tables.keys().find(|key| key.eq_ignore_ascii_case(name))?;
    dimensions.section(key).ok()
}

/// Describes the moment of transmitter `index`, of `count` transmitters.
fn describe(
    system: &Section,
    transmitter: &Section,
    gates: &GateTables,
    index: usize,
    count: usize,
    label: &str,
) -> Result<Description> {
    let variables = system.section("variables")?;
    let (receiver, component) = (variables.section("receiver")?, variables.section("component")?);
    if transmitter.value("orientation").is_some()
        && transmitter.element("orientation", index, count)?.text() != Some("z")
    {
        return Err(transmitter.wrong("orientation", "z, a loop that lies flat"));
    }
    let (row, rows, coil, coils) = vertical(&receiver, &component, label)?;
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
        true => stm::half_period(&points, base_frequency_hz)
            .map_err(|expected| transmitter.wrong("waveform_time", expected))?,
        false => return Err(transmitter.wrong("waveform_current", format_args!("{} values", time_s.len()))),
    };
    let mut filters_hz = Vec::new();
    for key in ["coil_low_pass_filter", "instrument_low_pass_filter"] {
        filters_hz.extend(receiver.optional_number(key, coil, coils)?);
    }
    Ok(Description {
        name: printable(&format!(
            "{} {label}",
            system.value("instrument").and_then(Node::text).unwrap_or(&system.name)
        )),
        base_frequency_hz,
        waveform,
        moment: moment(system, transmitter, index, count)?,
        gates_s: gates.bounds_s(component.element("gate_times", row, rows)?.text().unwrap_or_default())?,
        filters_hz,
        loop_area_m2: loop_area_m2(transmitter, index, count)?,
        output: match component.element("data_type", row, rows)?.text() {
            Some("dBdt" | "dB/dt") => "dB/dt",
            Some("B") => "B",
            _ => return Err(component.wrong("data_type", "dBdt or B")),
        },
        offset_m: offset_m(system, &component, row, rows)?,
    })
}

/// Finds the component with a vertical receiver among the components of the transmitter `label`. Returns its index and
/// the number of components, and the index of the receiver and the number of receivers.
fn vertical(receiver: &Section, component: &Section, label: &str) -> Result<(usize, usize, usize, usize)> {
    let (transmitters, receivers) = (component.texts("transmitters")?, component.texts("receivers")?);
    let (coils, orientations) = (receiver.texts("label")?, receiver.texts("orientation")?);
    let coil_of = |row: usize| coils.iter().position(|coil| receivers.get(row) == Some(coil));
    let found = (0..transmitters.len()).filter(|&row| transmitters[row] == label).find_map(|row| {
        let coil = coil_of(row)?;
        (orientations.get(coil) == Some(&"z")).then_some((row, transmitters.len(), coil, coils.len()))
    });
    found
        .ok_or_else(|| component.wrong("receivers", format_args!("one whose orientation is z for transmitter {label}")))
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

/// Returns the position of the receiver relative to the transmitter in the program's axes.
fn offset_m(system: &Section, component: &Section, row: usize, rows: usize) -> Result<[f64; 3]> {
    let frame = system.value("reference_frame").and_then(Node::text).unwrap_or_default();
    // Both frames are right-handed: with z down, y is to the right.
    let sign = match (frame.contains("down"), frame.contains("up")) {
        (true, false) => -1.0,
        (false, true) => 1.0,
        _ => return Err(system.wrong("reference_frame", "right-handed positive down, or right-handed positive up")),
    };
    let [x, y, z] = ["txrx_dx", "txrx_dy", "txrx_dz"].map(|key| component.number(key, row, rows));
    // Adding 0.0 turns -0.0 into 0.0.
    Ok([x?, 0.0 + sign * y?, 0.0 + sign * z?])
}

/// Returns the name without characters that would end a line of the file.
fn printable(name: &str) -> String {
    name.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests;
