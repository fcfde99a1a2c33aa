//! Counts of recorded samples on the survey's common grids.

use super::grids::Grids;
use super::state::State;
use crate::system::Geometry;

/// Histograms of the recorded samples of all chains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histograms {
    /// Numbers of samples by log10 conductivity at the centre of each depth cell, row by row of depth.
    pub hitmap: Vec<u32>,
    /// Numbers of interfaces in each depth cell.
    pub interface: Vec<u32>,
    /// Numbers of samples with 1, 2, ... layers.
    pub layer_count: Vec<u32>,
    /// Numbers of samples by relative error, one error group after the other; empty when no relative error is sampled.
    pub relative_error: Vec<u32>,
    /// Numbers of samples by additive error, one error group after the other; empty when no additive error is sampled.
    pub additive_error: Vec<u32>,
    /// Numbers of samples by deviation from the measured geometry, one parameter after the other.
    pub geometry_deviation: Vec<u32>,
}

impl Histograms {
    /// Makes empty histograms, for errors of `group_count` groups.
    pub fn new(grids: &Grids, group_count: usize) -> Self {
        let empty = |cell_count| vec![0; cell_count];
        let errors = |bounds: &Option<Vec<f64>>| empty(bounds.as_ref().map_or(0, |b| group_count * cell_count(b)));
        Self {
            hitmap: empty(grids.depth.cell_count() * grids.log10_conductivity.cell_count()),
            interface: empty(grids.depth.cell_count()),
            layer_count: empty(grids.maximum_layer_count),
            relative_error: errors(&grids.relative_error),
            additive_error: errors(&grids.additive_error),
            geometry_deviation: empty(grids.geometry_deviation.iter().map(|(_, bounds)| cell_count(bounds)).sum()),
        }
    }

    /// Counts a state of a sounding with the measured geometry `measured`.
    pub fn record(&mut self, state: &State, grids: &Grids, measured: &Geometry) {
        let model = &state.model;
        grids.count_conductivity(&model.earth, &mut self.hitmap);
        grids.count_interfaces(&model.earth, &mut self.interface);
        self.layer_count[model.earth.layer_count() - 1] += 1;
        count_errors(&mut self.relative_error, grids.relative_error.as_deref(), &model.ln_relative_error);
        count_errors(&mut self.additive_error, grids.additive_error.as_deref(), &model.ln_additive_error);
        let mut first = 0;
        for (parameter, bounds) in &grids.geometry_deviation {
            let deviation = model.geometry.get(*parameter) - measured.get(*parameter);
            self.geometry_deviation[first + cell_between(bounds, deviation)] += 1;
            first += cell_count(bounds);
        }
    }

    /// Returns the layer count with most samples; ties go to the smaller count.
    pub(super) fn most_frequent_layer_count(&self) -> usize {
        let most = self.layer_count.iter().max();
        1 + self.layer_count.iter().position(|count| Some(count) == most).unwrap_or(0)
    }
}

fn count_errors(counts: &mut [u32], bounds: Option<&[f64]>, ln_errors: &[f64]) {
    let Some(bounds) = bounds else { return };
    for (counts, ln_error) in counts.chunks_exact_mut(cell_count(bounds)).zip(ln_errors) {
        counts[cell_between(bounds, ln_error.exp())] += 1;
    }
}

fn cell_count(bounds: &[f64]) -> usize {
    bounds.len() - 1
}

/// Returns the cell of `value` between ascending `bounds`. A value beyond an end belongs to the cell at that end.
fn cell_between(bounds: &[f64], value: f64) -> usize {
    bounds.partition_point(|&b| b <= value).clamp(1, cell_count(bounds)) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_beyond_the_ends_count_in_the_end_cells() {
        let bounds = [0.0, 1.0, 2.0, 4.0];
        let cells = [-1.0, 0.0, 0.9, 1.0, 3.9, 4.0, 9.0].map(|value| cell_between(&bounds, value));
        assert_eq!(cells, [0, 0, 0, 1, 2, 2, 2]);
    }
}
