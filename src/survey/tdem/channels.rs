//! From the columns of a row to the data of an instrument.

use super::super::cells::{Cells, SignedColumn};

/// Columns of one component of one system.
#[derive(Debug)]
pub(super) struct ComponentColumns {
    /// Index of the system.
    pub(super) system: usize,
    /// Secondary field, one column per gate.
    pub(super) data: Vec<SignedColumn>,
    /// Standard deviations, one column per gate.
    pub(super) std: Option<Vec<SignedColumn>>,
    /// Primary field that is part of the data.
    pub(super) primary: Option<SignedColumn>,
}

/// Columns of the components in order of the data.
#[derive(Debug)]
pub(super) struct ChannelColumns {
    pub(super) components: Vec<ComponentColumns>,
    /// Data are the lengths of the vectors that a system's components make.
    pub(super) vector_amplitude: bool,
}

/// Data, and their standard deviations when the file has them.
struct Values {
    data: Vec<f64>,
    std: Option<Vec<f64>>,
}

impl ChannelColumns {
    pub(super) fn has_std(&self) -> bool {
        self.components.iter().any(|component| component.std.is_some())
    }

    /// Whether data are total fields.
    pub(super) fn adds_primary(&self) -> bool {
        self.components.iter().any(|component| component.primary.is_some())
    }

    /// Data and standard deviations; both are NaN where one is missing.
    pub(super) fn read(&self, cells: &mut Cells, unit: &str) -> (Vec<f64>, Option<Vec<f64>>) {
        let mut data = Vec::new();
        let mut std = Vec::new();
        for system in self.components.chunk_by(|a, b| a.system == b.system) {
            let mut components: Vec<Values> = system.iter().map(|columns| columns.read(cells, unit)).collect();
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
    fn read(&self, cells: &mut Cells, unit: &str) -> Values {
        let primary = self.primary.map_or(0.0, |column| cells.optional(column));
        // A datum without a primary field to add is missing, and then so is its standard deviation.
        let mut data: Vec<f64> = self.data.iter().map(|&column| cells.optional(column) + primary).collect();
        let mut stds = |columns: &Vec<SignedColumn>| -> Vec<f64> {
            columns.iter().zip(&mut data).map(|(&column, datum)| cells.std(column, datum, unit)).collect()
        };
        let std = self.std.as_ref().map(&mut stds);
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
