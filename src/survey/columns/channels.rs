//! Makes the data of an instrument from the columns of a row.

use crate::survey::cells::{Flag, RowCells, Segment, SignedColumn};
use crate::survey::options::{QuotedNoise, StdKind};

/// Columns of one component of one system.
#[derive(Debug)]
pub(in super::super) struct ComponentColumns {
    /// Index of the system.
    pub(in super::super) system: usize,
    /// Number of columns of the components before this one.
    pub(in super::super) first: usize,
    /// Columns of the secondary field, one per gate.
    pub(in super::super) data: Vec<SignedColumn>,
    /// Columns of the standard deviations, one per gate.
    pub(in super::super) std: Option<Vec<SignedColumn>>,
    /// Flags of the data, one per gate, when the file has them.
    pub(in super::super) flags: Option<Vec<Flag>>,
    /// Rows with these data, when a row has the data of one system.
    pub(in super::super) segment: Option<Segment>,
    /// Column of the primary field, which is added to the data.
    pub(in super::super) primary: Option<SignedColumn>,
}

/// Columns of the components in order of the data.
#[derive(Debug)]
pub(in super::super) struct ChannelColumns {
    pub(in super::super) components: Vec<ComponentColumns>,
    /// True when data are the lengths of the vectors of a system's components.
    pub(in super::super) vector_amplitude: bool,
    /// Factor from the file's unit to the system's.
    pub(in super::super) scale: f64,
    pub(in super::super) std_kind: StdKind,
    /// Quoted noise, used instead of columns of standard deviations.
    pub(in super::super) quoted_noise: Option<QuotedNoise>,
}

/// Data, and their standard deviations when the file has them.
struct ChannelValues {
    data: Vec<f64>,
    std: Option<Vec<f64>>,
}

impl ChannelColumns {
    pub(in super::super) fn has_std(&self) -> bool {
        self.quoted_noise.is_some() || self.components.iter().any(|component| component.std.is_some())
    }

    /// Returns whether data are total fields.
    pub(in super::super) fn adds_primary(&self) -> bool {
        self.components.iter().any(|component| component.primary.is_some())
    }

    /// Returns data and standard deviations; where one of them is missing both are NaN.
    pub(in super::super) fn read(&self, cells: &mut RowCells, unit: &str) -> (Vec<f64>, Option<Vec<f64>>) {
        let mut data = Vec::new();
        let mut std = Vec::new();
        for system in self.components.chunk_by(|a, b| a.system == b.system) {
            let mut components: Vec<ChannelValues> =
                system.iter().map(|columns| columns.read(cells, self, unit)).collect();
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
    fn read(&self, cells: &mut RowCells, channels: &ChannelColumns, unit: &str) -> ChannelValues {
        let primary = self.primary.map_or(0.0, |column| cells.optional(column));
        let mut data: Vec<f64> = self.data.iter().map(|&column| cells.optional(column)).collect();
        if self.segment.as_ref().is_some_and(|segment| !cells.is_of_segment(segment)) {
            data.fill(f64::NAN);
        }
        for (datum, &flag) in data.iter_mut().zip(self.flags.iter().flatten()) {
            if !cells.is_used(flag) {
                *datum = f64::NAN;
            }
        }
        let mut stds = |columns: &Vec<SignedColumn>| -> Vec<f64> {
            columns.iter().zip(&mut data).map(|(&c, datum)| cells.std(c, datum, channels.std_kind, unit)).collect()
        };
        let mut std = self.std.as_ref().map(&mut stds);
        std.iter_mut().flatten().for_each(|std| *std *= channels.scale.abs());
        data.iter_mut().for_each(|datum| *datum *= channels.scale);
        std = std.or(channels.quoted_noise.as_ref().map(|noise| noise.std(&data, self.first)));
        // Without a primary field to add, a datum and its standard deviation are missing.
        data.iter_mut().for_each(|datum| *datum += channels.scale * primary);
        for (std, datum) in std.iter_mut().flatten().zip(&data).filter(|(_, datum)| datum.is_nan()) {
            *std = *datum;
        }
        ChannelValues { data, std }
    }
}

/// Returns the lengths of the vectors of the components, and the standard deviations of the lengths.
fn amplitude(components: &[ChannelValues]) -> ChannelValues {
    let gate_count = components.first().map_or(0, |values| values.data.len());
    let length = |gate: usize| components.iter().fold(0.0, |sum: f64, values| sum.hypot(values.data[gate]));
    // `hypot` gives infinity for an infinite and a missing component, so that NaN is looked for first.
    let is_missing = |gate: usize| components.iter().any(|values| values.data[gate].is_nan());
    let data: Vec<f64> = (0..gate_count).map(|gate| if is_missing(gate) { f64::NAN } else { length(gate) }).collect();
    let parts: Option<Vec<&Vec<f64>>> = components.iter().map(|values| values.std.as_ref()).collect();
    let std = parts.map(|parts| {
        let of_gate = |(gate, &length): (usize, &f64)| {
            let along = |(values, std): (&ChannelValues, &&Vec<f64>)| values.data[gate] / length * std[gate];
            let largest = parts.iter().map(|std| std[gate]).fold(0.0, f64::max);
            match length {
                _ if length.is_nan() => f64::NAN,
                // A vector of length 0 has no direction; the largest component error is an upper bound.
                0.0 => largest,
                _ => components.iter().zip(&parts).map(along).fold(0.0, f64::hypot),
            }
        };
        data.iter().enumerate().map(of_gate).collect()
    });
    ChannelValues { data, std }
}
