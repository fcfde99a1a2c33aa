//! Reads Aarhus `.gex` files, the descriptions of SkyTEM and tTEM systems, and writes them as `.stm` files.
//!
//! Times are in s, lengths in m. Axes are x along flight, y to the right, z down; the program's are x along flight, y to the left, z
//! up. `RepFreq` is the number of periods per second, each with one pulse of either sign.

mod channel;
mod file;

use std::path::Path;

use self::channel::GexChannel;
use self::file::{GexFile, GexSection};
use super::made::{MadeInstrument, Moment, file_name};
use crate::error::{Error, InputError, Result};
use crate::system::{Axis, TdemSystem};
use crate::text::read_text;

/// Largest difference of the area within the corners of the loop from the given area, relative to it.
const AREAS_DIFFER: f64 = 0.05;
/// The kind of loop that is modelled: corners of a horizontal loop.
const HORIZONTAL_LOOP: f64 = 72.0;

/// Beginnings of the names of keys that are read, or that say nothing of the system's response. Numbers and moments follow some.
const READ: [&str; 26] = [
    "description",
    "rxcoilposition",
    "txcoilposition",
    "looptype",
    "frontgatedelay",
    "txlooparea",
    "txlooppoint",
    "txloopdiameter",
    "numberofturns",
    "waveform",
    "gatetime",
    "rxcoillpfilter",
    "rxcoilnumber",
    "meatimedelay",
    "gatefactor",
    "removeinitialgates",
    "removegatesfrom",
    "nogates",
    "repfreq",
    "tiblowpassfilter",
    "transmittermoment",
    "txapproximatecurrent",
    "receiverpolari",
    "uniformdatastd",
    "frontgatetime",
    "systemresponse",
];

/// Reads the system in the `.gex` file `path`: a moment for each channel. Channels that differ in the component alone become one
/// moment.
///
/// # Errors
///
/// [`Error::Io`] when the file cannot be read, [`Error::Input`] when it is no `.gex` file, lacks something, or describes what cannot
/// be modelled.
pub fn stm_from_gex(path: &Path) -> Result<MadeInstrument> {
    parse(&read_text(path)?, path)
}

fn parse(text: &str, path: &Path) -> Result<MadeInstrument> {
    let file = GexFile::parse(text, path)?;
    let general = file.general()?;
    let mut made = MadeInstrument::default();
    let loop_area_m2 = loop_area_m2(general, &mut made.notes)?;
    if let Some(kind) = general.number("LoopType")?.filter(|kind| *kind != HORIZONTAL_LOOP) {
        made.notes.push(format!("LoopType = {kind}: the loop is modelled as a horizontal circle of the same area"));
    }
    let name = general.text("Description").unwrap_or_default().replace(char::is_control, " ");
    let name: String = name.trim().chars().take(60).collect();
    let name = if name.is_empty() { "gex".to_owned() } else { name.replace("//", " ") };
    let mut channels: Vec<GexChannel> = Vec::new();
    for section in file.channels()? {
        let channel = channel::read(general, section, &name, loop_area_m2)?;
        made.notes.extend(channel.notes.iter().filter(|note| !made.notes.contains(note)).cloned().collect::<Vec<_>>());
        match channels.iter_mut().find(|other| is_same_but_component(other, &channel)) {
            Some(other) => other.described.scaling[channel.axis as usize] = 1.0,
            None => channels.push(channel),
        }
    }
    // The vertical component is what most surveys invert.
    let main =
        channels.iter().find(|channel| channel.described.scaling[Axis::Z as usize] != 0.0).unwrap_or(&channels[0]);
    let main_axis = if main.described.scaling[Axis::Z as usize] == 0.0 { main.axis } else { Axis::Z };
    let (offset_m, height_m) = (main.described.offset_m, main.tx_height_m);
    for channel in channels {
        let described = &channel.described;
        let is_main = described.offset_m == offset_m && described.scaling[main_axis as usize] != 0.0;
        let name =
            if is_main { channel.moment.clone() } else { format!("{}_{}", channel.moment, described.components()) };
        let name = file_name(&name, made.moments.iter().chain(&made.others));
        let stm = described.to_stm();
        if let Err(error) = TdemSystem::parse(&stm, Path::new(&name)) {
            return Err(not_modelled(path, &channel.moment, &error));
        }
        let shift_s = described.time_shift_s;
        let gates = described.gates_s.iter().zip(&channel.used);
        let moment = Moment { name, stm, offset_m: Some(described.offset_m) };
        if is_main {
            made.gates.push(gates.map(|(gate, used)| (gate.map(|time_s| time_s + shift_s), *used)).collect());
            made.push(moment, described.scaling);
        } else {
            made.others.push(moment);
        }
    }
    made.notes.extend(file.unread(&READ));
    made.offset_m = Some(offset_m);
    made.tx_height_m = Some(height_m).filter(|height_m| *height_m > 0.0);
    Ok(made)
}

/// Whether two channels can be one `.stm` file.
fn is_same_but_component(a: &GexChannel, b: &GexChannel) -> bool {
    let (x, y) = (&a.described, &b.described);
    a.moment == b.moment
        && a.used == b.used
        && x.scaling[b.axis as usize] == 0.0
        && x.base_frequency_hz == y.base_frequency_hz
        && x.gates_s == y.gates_s
        && x.time_shift_s == y.time_shift_s
        && x.filters == y.filters
        && x.offset_m == y.offset_m
}

/// Returns the area of the loop: the given one, or that within its corners or its diameter.
fn loop_area_m2(general: &GexSection, notes: &mut Vec<String>) -> Result<f64> {
    let corners = general.numbered("TxLoopPoint")?;
    let corners = corners.into_iter().map(|key| {
        let numbers = general.numbers(key, "x and y of a corner in m")?;
        match numbers[..] {
            [x, y] | [x, y, _] => Ok([x, y]),
            _ => Err(general.wrong(key, "x and y of a corner in m")),
        }
    });
    let corners = corners.collect::<Result<Vec<[f64; 2]>>>()?;
    let next = corners.iter().cycle().skip(1);
    let within = 0.5 * corners.iter().zip(next).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>().abs();
    let diameter = general.number("TxLoopDiameter")?.map(|m| std::f64::consts::FRAC_PI_4 * m * m);
    let found = match general.number("TxLoopArea")?.or(diameter) {
        Some(given) => {
            if within > 0.0 && (within - given).abs() > AREAS_DIFFER * given.abs() {
                notes.push(format!(
                    "TxLoopArea is {given} m^2, the area within the corners {within:.1} m^2; the first is used"
                ));
            }
            given
        }
        None => within,
    };
    if !(found.is_finite() && found > 0.0) {
        return Err(general.missing("TxLoopArea", "the area of the loop in m^2, or its corners TxLoopPoint1 and so on"));
    }
    Ok(found)
}

/// The error about a channel whose `.stm` file the program itself does not read.
fn not_modelled(path: &Path, moment: &str, error: &Error) -> Error {
    let first = match error {
        Error::Many(errors) => errors.first(),
        other => Some(other),
    };
    let (got, expected) = match first {
        Some(Error::Input(wrong)) => (wrong.got.clone(), wrong.expected.clone()),
        other => (other.map(ToString::to_string).unwrap_or_default(), "a system that can be modelled".to_owned()),
    };
    InputError::file(path, format_args!("for {moment} {got}"), expected)
}

#[cfg(test)]
mod tests;
