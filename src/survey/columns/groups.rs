//! Groups of channels whose columns follow each other: a component of a moment, or the in-phase or quadrature parts of
//! a bird.

use crate::survey::options::PARTS;
use crate::system::{Gate, System, TdemInstrument};

/// The channels of a group.
#[derive(Debug)]
pub(in super::super) enum Channels<'a> {
    Gates(&'a [Gate]),
    FrequenciesHz(Vec<f64>),
}

/// One component of one system, or one part of a frequency-domain system.
#[derive(Debug)]
pub(in super::super) struct ChannelGroup<'a> {
    pub(in super::super) system_index: usize,
    pub(in super::super) system_name: &'a str,
    /// Index in [`PARTS`].
    pub(in super::super) part: usize,
    pub(in super::super) channels: Channels<'a>,
}

impl ChannelGroup<'_> {
    /// Returns the number of channels.
    pub(in super::super) fn len(&self) -> usize {
        match &self.channels {
            Channels::Gates(gates) => gates.len(),
            Channels::FrequenciesHz(frequencies) => frequencies.len(),
        }
    }

    /// Returns the gates of a time-domain group.
    pub(in super::super) fn gates(&self) -> &[Gate] {
        match &self.channels {
            Channels::Gates(gates) => gates,
            Channels::FrequenciesHz(_) => &[],
        }
    }

    pub(super) fn is_frequencies(&self) -> bool {
        matches!(self.channels, Channels::FrequenciesHz(_))
    }

    pub(super) fn channel_word(&self) -> &'static str {
        if self.is_frequencies() { "frequencies" } else { "gates" }
    }
}

/// Returns all groups of a system, in order of the data.
pub(in super::super) fn groups(system: &System) -> Vec<ChannelGroup<'_>> {
    match system {
        System::Fdem(system) => ["in_phase", "quadrature"]
            .map(|name| ChannelGroup {
                system_index: 0,
                system_name: &system.name,
                part: PARTS.iter().position(|&part| part == name).unwrap_or(0),
                channels: Channels::FrequenciesHz(system.coil_pairs.iter().map(|pair| pair.frequency_hz).collect()),
            })
            .into(),
        System::Tdem(instrument) => tdem_groups(instrument),
    }
}

/// Returns all components of all systems, in order of the data.
pub(in super::super) fn tdem_groups(instrument: &TdemInstrument) -> Vec<ChannelGroup<'_>> {
    let of_system = |(system_index, system): (usize, &'_ crate::system::TdemSystem)| -> Vec<(usize, usize)> {
        system.components().into_iter().map(|axis| (system_index, axis as usize)).collect()
    };
    let all = instrument.systems.iter().enumerate().flat_map(of_system);
    all.map(|(system_index, part)| {
        let system = &instrument.systems[system_index];
        ChannelGroup { system_index, system_name: &system.name, part, channels: Channels::Gates(&system.gates) }
    })
    .collect()
}

/// Returns `PZ`, or with several systems `S0PZ`, `S1PZ`, ...
pub(in super::super) fn primary_name(group: &ChannelGroup, system_count: usize) -> String {
    let component = PARTS[group.part].to_ascii_uppercase();
    if system_count == 1 { format!("P{component}") } else { format!("S{}P{component}", group.system_index) }
}
