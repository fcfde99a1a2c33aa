//! From the columns of a row to the data of an instrument.

use crate::survey::cells::{Cells, SignedColumn};
use crate::survey::options::{QuotedNoise, StdKind};

/// Columns of one component of one system.
#[derive(Debug)]
pub(in super::super) struct ComponentColumns {
    /// Index of the system.
    pub(in super::super) system: usize,
    /// How many columns the components before it have.
    pub(in super::super) first: usize,
    /// Secondary field, one column per gate.
    pub(in super::super) data: Vec<SignedColumn>,
    /// Standard deviations, one column per gate.
    pub(in super::super) std: Option<Vec<SignedColumn>>,
    /// Primary field that is part of the data.
    pub(in super::super) primary: Option<SignedColumn>,
}

/// Columns of the components in order of the data.
#[derive(Debug)]
pub(in super::super) struct ChannelColumns {
    pub(in super::super) components: Vec<ComponentColumns>,
    /// Data are the lengths of the vectors that a system's components make.
    pub(in super::super) vector_amplitude: bool,
    /// From the file's unit to the system's.
    pub(in super::super) scale: f64,
    pub(in super::super) std_kind: StdKind,
    /// In place of columns of standard deviations.
    pub(in super::super) quoted_noise: Option<QuotedNoise>,
}

/// Data, and their standard deviations when the file has them.
struct Values {
    data: Vec<f64>,
    std: Option<Vec<f64>>,
}

impl ChannelColumns {
    pub(in super::super) fn has_std(&self) -> bool {
        self.quoted_noise.is_some() || self.components.iter().any(|component| component.std.is_some())
    }

    /// Whether data are total fields.
    pub(in super::super) fn adds_primary(&self) -> bool {
        self.components.iter().any(|component| component.primary.is_some())
    }

    /// Data and standard deviations; both are NaN where one is missing.
    pub(in super::super) fn read(&self, cells: &mut Cells, unit: &str) -> (Vec<f64>, Option<Vec<f64>>) {
        let mut data = Vec::new();
        let mut std = Vec::new();
        for system in self.components.chunk_by(|a, b| a.system == b.system) {
            let mut components: Vec<Values> = system.iter().map(|columns| columns.read(cells, self, unit)).collect();
            if self.vector_amplitude {
                components = vec![amplitude(&components)];
            }
            for (gate, column) in components.iter().flat_map(|values| values.data.iter().enumerate()) {
                if column.is_infinite() {
                    cells.wrong(system[0].data[gate].index, "numbers whose sum is finite");
                }
            }
            for values in components {
                data.extend(values.data);
                std.extend(values.std.into_iter().flatten());
            }
        }
        (data, self.has_std().then_some(std))
    }
}

impl ComponentColumns {
    fn read(&self, cells: &mut Cells, channels: &ChannelColumns, unit: &str) -> Values {
        let primary = self.primary.map_or(0.0, |column| cells.optional(column));
        let mut data: Vec<f64> = self.data.iter().map(|&column| cells.optional(column)).collect();
        let mut stds = |columns: &Vec<SignedColumn>| -> Vec<f64> {
            columns.iter().zip(&mut data).map(|(&c, datum)| cells.std(c, datum, channels.std_kind, unit)).collect()
        };
        let mut std = self.std.as_ref().map(&mut stds);
        std.iter_mut().flatten().for_each(|std| *std *= channels.scale.abs());
        data.iter_mut().for_each(|datum| *datum *= channels.scale);
        std = std.or(channels.quoted_noise.as_ref().map(|noise| noise.std(&data, self.first)));
        // A datum without a primary field to add is missing, and then so is its standard deviation.
        data.iter_mut().for_each(|datum| *datum += channels.scale * primary);
        for (std, datum) in std.iter_mut().flatten().zip(&data).filter(|(_, datum)| datum.is_nan()) {
            *std = *datum;
        }
        Values { data, std }
    }
}

/// Lengths of the vectors of the components, and what their errors make of them.
fn amplitude(components: &[Values]) -> Values {
    let gate_count = components.first().map_or(0, |values| values.data.len());
    let length = |gate: usize| components.iter().fold(0.0, |sum: f64, values| sum.hypot(values.data[gate]));
    // hypot calls infinity what a missing part would make unknown, so NaN is looked for first.
    let is_missing = |gate: usize| components.iter().any(|values| values.data[gate].is_nan());
    let data: Vec<f64> = (0..gate_count).map(|gate| if is_missing(gate) { f64::NAN } else { length(gate) }).collect();
    let parts: Option<Vec<&Vec<f64>>> = components.iter().map(|values| values.std.as_ref()).collect();
    let std = parts.map(|parts| {
        let of_gate = |(gate, &length): (usize, &f64)| {
            let along = |(values, std): (&Values, &&Vec<f64>)| values.data[gate] / length * std[gate];
            let largest = parts.iter().map(|std| std[gate]).fold(0.0, f64::max);
            match length {
                _ if length.is_nan() => f64::NAN,
                // A vector of length 0 has no direction; this is the most that its error can be.
                0.0 => largest,
                _ => components.iter().zip(&parts).map(along).fold(0.0, f64::hypot),
            }
        };
        data.iter().enumerate().map(of_gate).collect()
    });
    Values { data, std }
}
