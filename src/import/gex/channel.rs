//! One channel of a `.gex` file: waveform, gates and filters of one receiver coil.

use super::file::{GexKey, GexSection};
use crate::error::Result;
use crate::import::stm::{Description, half_period};
use crate::system::Axis;

/// Duration of the ramp where a waveform begins with a current, in s.
const RAMP_S: f64 = 1e-7;
/// What rows of gates hold.
const GATE: &str = "centre, start and end of a gate in s, in this order";

/// A channel that was read.
pub(super) struct GexChannel {
    /// Name of the transmitter moment, or of the channel.
    pub moment: String,
    pub axis: Axis,
    pub described: Description,
    /// Whether each gate is used.
    pub used: Vec<bool>,
    /// Height of the transmitter above the origin of the coordinates, in m.
    pub tx_height_m: f64,
    pub notes: Vec<String>,
}

/// Reads a channel with what the section `[General]` says of its moment and its receiver coil.
pub(super) fn read(general: &GexSection, channel: &GexSection, name: &str, loop_area_m2: f64) -> Result<GexChannel> {
    let mut notes = Vec::new();
    let moment = moment(general, channel)?;
    let label = moment.as_deref().unwrap_or(&channel.name).to_owned();
    let moment = moment.unwrap_or_default();
    let base_frequency_hz = match channel.number("RepFreq")? {
        Some(hz) if hz > 0.0 => hz,
        _ => {
            return Err(
                channel.missing("RepFreq", "the repetition frequency in Hz: one pulse of each sign in a period")
            );
        }
    };
    let waveform = waveform(general, &moment, base_frequency_hz, &label, &mut notes)?;
    let (gates_s, used) = gates(general, channel, &moment)?;
    let coil = channel.count("RxCoilNumber")?.unwrap_or(1);
    let offset = Offset::read(general, coil)?;
    let polarisation = channel.text("ReceiverPolarizationXYZ").or(channel.text("ReceiverPolarisationXYZ"));
    let axis = match polarisation.unwrap_or("Z").to_ascii_uppercase().as_str() {
        "X" => Axis::X,
        "Y" => Axis::Y,
        "Z" => Axis::Z,
        other => {
            let got = format!("ReceiverPolarizationXYZ={other:?} in [{}]", channel.name);
            return Err(channel.wrong_line(channel.line, got, "X, Y or Z"));
        }
    };
    let of_coil = filter(general, &format!("RxCoilLPFilter{coil}"), &mut notes)?;
    let filters = of_coil.into_iter().chain(filter(channel, "TiBLowPassFilter", &mut notes)?).collect();
    tell_others(general, channel, &moment, &label, &mut notes)?;
    let turns = turns(general, &moment)?.map_or("1".to_owned(), |turns| turns.to_string());
    let current = channel.number("TxApproximateCurrent")?.map_or("?".to_owned(), |current| current.to_string());
    let shifts = ["GateTimeShift", "MeaTimeDelay"].map(|key| channel.number(key));
    let [shift, delay] = shifts;
    Ok(GexChannel {
        axis,
        described: Description {
            name: format!("{name} {label}"),
            comments: vec![
                format!(
                    "Made from the survey's .gex file, [{}]. The data are per A m^2, as programs export them. Of data that are",
                    channel.name
                ),
                format!(
                    "not divided by the moment: NumberOfTurns = {turns}, PeakCurrent = {current}, LoopArea = {loop_area_m2}."
                ),
            ],
            base_frequency_hz,
            waveform,
            moment: [1.0; 3],
            gates_s,
            // The sum of zeros is 0.0 and not -0.0.
            time_shift_s: 0.0 + shift?.unwrap_or(0.0) + delay?.unwrap_or(0.0),
            filters,
            filters_comment: "Low-pass filters of the receiver coil and of the receiver, with whole orders.",
            loop_area_m2,
            output: "dB/dt",
            scaling: [Axis::X, Axis::Y, Axis::Z].map(|of| f64::from(u8::from(of == axis))),
            offset_m: offset.receiver_m,
        },
        used,
        tx_height_m: offset.tx_height_m,
        moment: label,
        notes,
    })
}

/// Returns the name of the transmitter moment as it is in the names of keys: the channel's, or that of the only waveform.
fn moment(general: &GexSection, channel: &GexSection) -> Result<Option<String>> {
    if let Some(moment) = channel.text("TransmitterMoment") {
        return Ok(Some(moment.to_owned()));
    }
    let mut given = Vec::new();
    for moment in ["LM", "HM"] {
        if !general.numbered(&format!("Waveform{moment}Point"))?.is_empty() {
            given.push(moment);
        }
    }
    match given[..] {
        [] => Ok(None),
        [one] => Ok(Some(one.to_owned())),
        _ => Err(channel.missing("TransmitterMoment", "LM or HM: there are waveforms of both")),
    }
}

/// Returns the numbered keys of a moment, or else those of all moments.
fn of_moment<'a>(general: &'a GexSection, start: &str, moment: &str, end: &str) -> Result<Vec<&'a GexKey>> {
    let own = general.numbered(&format!("{start}{moment}{end}"))?;
    let found = if own.is_empty() { general.numbered(&format!("{start}{end}"))? } else { own };
    if found.is_empty() {
        let names = format!("{start}{moment}{end}01");
        return Err(general.missing(&names, format_args!("{names}=..., {start}{moment}{end}02=... and so on")));
    }
    Ok(found)
}

/// Returns the last half period of the waveform, relative to the largest current.
fn waveform(
    general: &GexSection,
    moment: &str,
    base_frequency_hz: f64,
    label: &str,
    notes: &mut Vec<String>,
) -> Result<Vec<(f64, f64)>> {
    let keys = of_moment(general, "Waveform", moment, "Point")?;
    let mut points = Vec::new();
    for key in &keys {
        let [time_s, current] = general.row(key, "a time in s and a current")?;
        if points.last().is_some_and(|&(before_s, _)| time_s <= before_s) {
            return Err(general.wrong(key, "a time after that of the point before"));
        }
        points.push((time_s, current));
    }
    let peak = points.iter().fold(0.0_f64, |peak, (_, current)| peak.max(current.abs()));
    if peak == 0.0 {
        return Err(general.wrong(keys[0], "a current other than 0 at some point"));
    }
    if (peak - 1.0).abs() > 1e-3 {
        notes.push(format!(
            "{label}: the largest current of the waveform is {peak}; the .stm file has currents relative to it"
        ));
    }
    points.iter_mut().for_each(|(_, current)| *current /= peak);
    let (first_s, first) = points[0];
    let end_s = points[points.len() - 1].0;
    if first != 0.0 && end_s - first_s + RAMP_S < 0.5 / base_frequency_hz {
        notes.push(format!("{label}: the waveform begins with a current; a ramp of {RAMP_S:e} s before it is assumed"));
        points.insert(0, (first_s - RAMP_S, 0.0));
    }
    half_period(&points, base_frequency_hz).map_err(|expected| {
        let got = format!("a waveform from {first_s:e} to {end_s:e} s at a RepFreq of {base_frequency_hz} Hz");
        general.wrong_line(keys[0].line, got, expected)
    })
}

/// Returns start and end of the gates, and whether each is used.
fn gates(general: &GexSection, channel: &GexSection, moment: &str) -> Result<(Vec<[f64; 2]>, Vec<bool>)> {
    let keys = of_moment(general, "GateTime", moment, "")?;
    let count = channel.count("NoGates")?.unwrap_or(keys.len());
    if count == 0 || count > keys.len() {
        let got = format!("NoGates={count} in [{}]", channel.name);
        return Err(channel.wrong_line(channel.line, got, format_args!("1 to {}, the number of GateTime", keys.len())));
    }
    let mut gates_s: Vec<[f64; 2]> = Vec::new();
    for key in &keys[..count] {
        let [center_s, start_s, end_s] = general.row(key, GATE)?;
        if !(start_s < end_s && start_s <= center_s && center_s <= end_s) {
            return Err(general.wrong(key, GATE));
        }
        if gates_s.last().is_some_and(|&[before_s, before_end_s]| start_s <= before_s || end_s <= before_end_s) {
            return Err(general.wrong(key, "a gate that begins and ends after the gate before"));
        }
        gates_s.push([start_s, end_s]);
    }
    // The gates 1 to RemoveInitialGates, and from RemoveGatesFrom on; 0 removes none.
    let initial = channel.count("RemoveInitialGates")?.unwrap_or(0);
    let from = channel.count("RemoveGatesFrom")?.filter(|&from| from > 0).unwrap_or(count + 1);
    let used: Vec<bool> = (1..=count).map(|number| number > initial && number < from).collect();
    if !used.contains(&true) {
        let got =
            format!("RemoveInitialGates={initial}, RemoveGatesFrom={from} of {count} gates in [{}]", channel.name);
        return Err(channel.wrong_line(channel.line, got, "gates that are left"));
    }
    Ok((gates_s, used))
}

/// Positions of the coils.
struct Offset {
    receiver_m: [f64; 3],
    tx_height_m: f64,
}

impl Offset {
    /// Reads the positions. Their axes are x along flight, y right, z down.
    fn read(general: &GexSection, coil: usize) -> Result<Self> {
        const EXPECTED: &str = "x, y and z in m";
        let name = format!("RxCoilPosition{coil}");
        let receiver = general.key(&name).or(general.key("RxCoilPosition"));
        let receiver = receiver.ok_or_else(|| general.missing(&name, EXPECTED))?;
        let receiver: [f64; 3] = general.row(receiver, EXPECTED)?;
        let transmitter = general.key("TxCoilPosition1").or(general.key("TxCoilPosition"));
        let transmitter = transmitter.map(|key| general.row(key, EXPECTED)).transpose()?.unwrap_or([0.0; 3]);
        let [x, y, z]: [f64; 3] = std::array::from_fn(|i| rounded(receiver[i] - transmitter[i]));
        // Adding 0.0 turns -0.0 into 0.0.
        Ok(Self { receiver_m: [x, 0.0 - y, 0.0 - z], tx_height_m: 0.0 - transmitter[2] })
    }
}

/// Returns a length without the rounding error of a difference, to 0.1 mm.
fn rounded(length_m: f64) -> f64 {
    (length_m * 1e4).round() / 1e4
}

/// Returns corner frequency and order of a filter; none if it is not given or off.
fn filter(section: &GexSection, name: &str, notes: &mut Vec<String>) -> Result<Option<(f64, u32)>> {
    const EXPECTED: &str = "order and corner frequency in Hz of one filter";
    let Some(key) = section.key(name).filter(|key| !key.value.is_empty()) else { return Ok(None) };
    let numbers = section.numbers(key, EXPECTED)?;
    let order = numbers[0].round();
    if order <= 0.0 {
        return Ok(None);
    }
    let hz = numbers.get(1).copied().filter(|hz| numbers.len() == 2 && *hz > 0.0 && order <= 8.0);
    let hz = hz.ok_or_else(|| section.wrong(key, EXPECTED))?;
    if order != numbers[0] {
        let note = format!("{name}: the order {} becomes {order}; the .stm file has whole orders", numbers[0]);
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    Ok(Some((hz, order as u32)))
}

fn turns(general: &GexSection, moment: &str) -> Result<Option<f64>> {
    Ok(general.number(&format!("NumberOfTurns{moment}"))?.or(general.number("NumberOfTurns")?))
}

/// Adds notes about what the channel says and the `.stm` file has no key for.
fn tell_others(
    general: &GexSection,
    channel: &GexSection,
    moment: &str,
    label: &str,
    notes: &mut Vec<String>,
) -> Result<()> {
    if let Some(factor) = channel.number("GateFactor")?.filter(|factor| *factor != 1.0) {
        notes.push(format!(
            "{label}: GateFactor = {factor}. Workbench multiplies data by it at import, so that data from Workbench have it already; \
             raw data need ZOutputScaling = {:e} in the .stm file",
            1.0 / factor
        ));
    }
    if let Some(std) = channel.number("UniformDataSTD")?.filter(|std| *std != 0.0) {
        notes.push(format!(
            "{label}: UniformDataSTD = {std} is not in the .stm file; errors.relative_minimum and errors.relative_maximum give the range of the relative error"
        ));
    }
    let delay = general.number("FrontGateDelay")?.unwrap_or(0.0);
    if let Some(gate_s) = channel.number("FrontGateTime")? {
        notes.push(format!(
            "{label}: the front gate opens at {:e} s, after the begin of the ramp; it is not modelled, nor is the damping of the primary field before it",
            gate_s + delay
        ));
    }
    let convolution = channel.text("SystemResponseConvolution").filter(|value| *value != "0");
    if convolution.is_some() || channel.text("SystemResponseFilename").is_some() {
        notes.push(format!("{label}: the system response (.sr2) is not read; the waveform and the filters are used"));
    }
    if let Some(current) = channel.number("TxApproximateCurrent")? {
        let turns = turns(general, moment)?.unwrap_or(1.0);
        notes.push(format!("{label}: data are taken as per A m^2 (TxApproximateCurrent {current} A, {turns} turns)"));
    }
    Ok(())
}
