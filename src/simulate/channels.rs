//! Relation between the columns of a survey file and the data of an inversion.

use crate::system::System;

/// Data as functions of the fields in a survey file, which has one row for each gate of each component.
pub(super) struct Channels {
    /// Rows of each datum: one row, or those of all components of a vector.
    rows: Vec<Vec<usize>>,
    /// Index of the primary field of each row, if it is part of the data.
    primary: Option<Vec<usize>>,
    is_amplitude: bool,
}

impl Channels {
    /// Prepares `system`, whose data are as they will be inverted.
    pub(super) fn new(system: &System) -> Self {
        let (mut primary, mut component) = (Vec::new(), 0);
        for moment in system.moments() {
            for _ in moment.components() {
                primary.extend(vec![component; moment.gates.len()]);
                component += 1;
            }
        }
        let primary = system.has_primary().then_some(primary);
        Self { rows: system.channel_rows(), primary, is_amplitude: system.is_amplitude() }
    }

    /// Returns the rows, with the primary field added if it is part of the data.
    fn totals(&self, fields: &[f64], primary: &[f64]) -> Vec<f64> {
        let with = |numbers: &Vec<usize>| fields.iter().zip(numbers).map(|(f, &number)| f + primary[number]).collect();
        self.primary.as_ref().map_or_else(|| fields.to_vec(), with)
    }

    fn datum(&self, rows: &[usize], totals: &[f64]) -> f64 {
        match rows {
            [row] if !self.is_amplitude => totals[*row],
            _ => rows.iter().fold(0.0, |sum: f64, &row| sum.hypot(totals[row])),
        }
    }

    /// Returns every row of the survey file with its channel.
    pub(super) fn each_row(&self) -> impl Iterator<Item = (usize, usize)> {
        self.rows.iter().enumerate().flat_map(|(channel, rows)| rows.iter().map(move |&row| (channel, row)))
    }

    /// Returns the data of a sounding from its `fields` and the `primary` field of each component.
    pub(super) fn data(&self, fields: &[f64], primary: &[f64]) -> Vec<f64> {
        let totals = self.totals(fields, primary);
        self.rows.iter().map(|rows| self.datum(rows, &totals)).collect()
    }

    /// Adds `noise`, a function of channel and datum, to each datum by changing `fields`. A vector changes its length
    /// but not its direction.
    pub(super) fn add(&self, fields: &mut [f64], primary: &[f64], mut noise: impl FnMut(usize, f64) -> f64) {
        let totals = self.totals(fields, primary);
        for (channel, rows) in self.rows.iter().enumerate() {
            let datum = self.datum(rows, &totals);
            let noise = noise(channel, datum);
            for &row in rows {
                fields[row] += if self.is_amplitude { noise * totals[row] / datum } else { noise };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::system::{MeasuredField, TdemInstrument, TdemSystem};

    fn channels(field: MeasuredField, vector_amplitude: bool) -> Channels {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tdem/fixed_wing.stm");
        let mut system = TdemSystem::read(&path).unwrap();
        system.gates.truncate(2);
        Channels::new(&System::Tdem(TdemInstrument { systems: vec![system], field, vector_amplitude }))
    }

    #[test]
    fn data_are_fields_totals_and_lengths() {
        let (fields, primary) = ([3.0, 6.0, 4.0, 8.0], [30.0, 40.0]);
        let data = |field, amplitude| channels(field, amplitude).data(&fields, &primary);
        assert_eq!(data(MeasuredField::Secondary, false), fields);
        assert_eq!(data(MeasuredField::Total, false), [33.0, 36.0, 44.0, 48.0]);
        assert_eq!(data(MeasuredField::Secondary, true), [5.0, 10.0]);
        assert_eq!(data(MeasuredField::Total, true), [55.0, 60.0]);
    }

    #[test]
    fn noise_is_that_of_the_data() {
        for (field, amplitude) in
            [(MeasuredField::Secondary, false), (MeasuredField::Total, false), (MeasuredField::Total, true)]
        {
            let channels = channels(field, amplitude);
            let (mut fields, primary) = ([3.0, 6.0, 4.0, 8.0], [30.0, 40.0]);
            let before = channels.data(&fields, &primary);
            channels.add(&mut fields, &primary, |channel, datum| 0.1 * datum + channel as f64);
            for (channel, (after, before)) in channels.data(&fields, &primary).iter().zip(before).enumerate() {
                assert!((after - (1.1 * before + channel as f64)).abs() < 1e-12, "{field:?}: {after} of {before}");
            }
        }
    }
}
