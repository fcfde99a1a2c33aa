//! All moments of a time-domain survey, and which of their readings are data.

use serde::{Deserialize, Serialize};

use super::{Gate, Normalisation, Output, TdemSystem};
use crate::system::Axis;

/// The systems and components of a time-domain survey's data. Channels are ordered by system, within a system by
/// component x, y, z, and within a component by gate, as in GeoBIPy's files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TdemInstrument {
    /// The moments, in order of the data.
    pub systems: Vec<TdemSystem>,
    /// Whether data are with or without the primary field.
    pub field: MeasuredField,
    /// True when data are the lengths of the vectors of a system's components, one channel per gate. Such data do not
    /// depend on the receiver's attitude.
    pub vector_amplitude: bool,
}

/// Whether data are with or without the primary field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "run", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MeasuredField {
    /// The secondary field, from the ground.
    #[default]
    #[cfg_attr(feature = "run", schemars(description = "without the primary field"))]
    Secondary,
    /// The sum of the primary and the secondary field.
    #[cfg_attr(feature = "run", schemars(description = "with the primary field, which says where the bird is"))]
    Total,
}

/// One datum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TdemChannel {
    /// Index of the system.
    pub system: usize,
    /// Component, `None` for a vector amplitude.
    pub component: Option<Axis>,
    /// Time of the channel.
    pub gate: Gate,
}

impl TdemInstrument {
    /// Returns all channels in order of the data.
    pub fn channels(&self) -> Vec<TdemChannel> {
        let of_system = |(index, system): (usize, &TdemSystem)| -> Vec<TdemChannel> {
            let components = self.channel_components(system);
            let channel = |component| move |&gate: &Gate| TdemChannel { system: index, component, gate };
            components.into_iter().flat_map(|component| system.gates.iter().map(channel(component))).collect()
        };
        self.systems.iter().enumerate().flat_map(of_system).collect()
    }

    /// Returns the components of the channels of `system`: those that it measures, or `None` for the single amplitude.
    fn channel_components(&self, system: &TdemSystem) -> Vec<Option<Axis>> {
        if self.vector_amplitude { vec![None] } else { system.components().into_iter().map(Some).collect() }
    }

    /// Returns (system, component) of every block of channels, in order of the data. The channels of a block share
    /// their errors.
    pub fn groups(&self) -> Vec<(usize, Option<Axis>)> {
        let of_system = |(index, system)| self.channel_components(system).into_iter().map(move |c| (index, c));
        self.systems.iter().enumerate().flat_map(of_system).collect()
    }

    /// For each channel the rows that it is made of, a row being a gate of a component.
    pub fn channel_rows(&self) -> Vec<Vec<usize>> {
        let (mut rows, mut first) = (Vec::new(), 0);
        for system in &self.systems {
            let (components, gates) = (system.components().len(), system.gates.len());
            let vector = |gate| (0..components).map(|component| first + component * gates + gate).collect();
            if self.vector_amplitude {
                rows.extend((0..gates).map(vector));
            } else {
                rows.extend((first..first + components * gates).map(|row| vec![row]));
            }
            first += components * gates;
        }
        rows
    }

    /// The group of each channel.
    pub fn channel_groups(&self) -> Vec<usize> {
        let groups = self.groups();
        let group = |c: TdemChannel| groups.iter().position(|&group| group == (c.system, c.component)).unwrap_or(0);
        self.channels().into_iter().map(group).collect()
    }

    /// Returns the names of the channels, for example `s0_z_2.057e-05`: system, component (`a` for an amplitude) and
    /// middle of the gate in s.
    pub fn channel_names(&self) -> Vec<String> {
        let name = |channel: &TdemChannel| {
            let component = channel.component.map_or("a".to_owned(), |axis| axis.to_string());
            format!("s{}_{component}_{:.3e}", channel.system, channel.gate.center_s())
        };
        self.channels().iter().map(name).collect()
    }

    /// Returns the names of the groups, for example `s0_z`.
    pub fn group_names(&self) -> Vec<String> {
        let name = |(system, component): (usize, Option<Axis>)| {
            format!("s{system}_{}", component.map_or("a".to_owned(), |axis| axis.to_string()))
        };
        self.groups().into_iter().map(name).collect()
    }

    /// Returns labels of the groups for people to read: the component, after the system's name when there are several
    /// systems.
    pub fn group_labels(&self) -> Vec<String> {
        let label = |(system, component): (usize, Option<Axis>)| {
            let component = component.map_or("amplitude".to_owned(), |axis| axis.to_string().to_uppercase());
            if self.systems.len() == 1 { component } else { format!("{} {component}", self.systems[system].name) }
        };
        self.groups().into_iter().map(label).collect()
    }

    /// Returns the unit of the data: the unit for an output scaling of 1, `ppm`, or a multiple that only the user
    /// knows.
    pub fn data_unit(&self) -> String {
        let system = &self.systems[0];
        if system.normalisation != Normalisation::None {
            return "ppm".to_owned();
        }
        let scaling = system.output_scaling.iter().copied().find(|&s| s != 0.0).unwrap_or(1.0);
        let prefix = |names: [(f64, &str); 4]| {
            let close = |(factor, _): &&(f64, &str)| (scaling / factor - 1.0).abs() < 1e-9;
            names.iter().find(close).map(|(_, name)| (*name).to_owned())
        };
        // The data of a system file with a moment of 1 A m^2 are per unit moment.
        let per_moment = if system.peak_moment() == 1.0 && system.output == Output::DbDt { "/(A m^4)" } else { "/m^2" };
        let unit = match system.output {
            Output::B => prefix([(1.0, "T"), (1e9, "nT"), (1e12, "pT"), (1e15, "fT")]),
            Output::DbDt => {
                prefix([(1.0, "V"), (1e6, "uV"), (1e9, "nV"), (1e12, "pV")]).map(|volts| format!("{volts}{per_moment}"))
            }
        };
        unit.unwrap_or_else(|| format!("{} times {scaling:e}", if system.output == Output::B { "T" } else { "V/m^2" }))
    }

    /// Returns the texts of the system files, one after the other.
    pub fn source_text(&self) -> String {
        self.systems.iter().map(|s| s.source_text.as_str()).collect::<Vec<_>>().join("\n")
    }
}
