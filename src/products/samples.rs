//! Statistics of the thinned samples of a sounding over intervals of depth, which histograms cannot give.

/// Layered earths of the thinned samples of a sounding, as result files store them; a missing sample has no layer.
#[derive(Debug, Clone, Copy)]
pub struct SampledEarths<'a> {
    layer_count: &'a [i32],
    interface_depth_m: &'a [f32],
    ln_conductivity: &'a [f32],
}

impl<'a> SampledEarths<'a> {
    /// Makes earths from `sample_layer_count`, `sample_interface_depth` and `sample_ln_conductivity` of a sounding. The
    /// last two have the same number of values for each sample.
    pub fn new(layer_count: &'a [i32], interface_depth_m: &'a [f32], ln_conductivity: &'a [f32]) -> Self {
        Self { layer_count, interface_depth_m, ln_conductivity }
    }

    /// Returns the depths of the interfaces and ln conductivities of each sample.
    fn iter(&self) -> impl Iterator<Item = (&'a [f32], &'a [f32])> {
        let places = self.interface_depth_m.len() / self.layer_count.len().max(1);
        let rows =
            self.interface_depth_m.chunks_exact(places.max(1)).zip(self.ln_conductivity.chunks_exact(places.max(1)));
        self.layer_count.iter().zip(rows).filter_map(|(&count, (depths, values))| {
            let count = usize::try_from(count).ok().filter(|count| (1..=values.len()).contains(count))?;
            Some((&depths[..count - 1], &values[..count]))
        })
    }

    /// Returns the mean ln conductivity of each sample between two depths, weighted by thickness.
    pub fn mean_ln_conductivity(&self, top_m: f64, bottom_m: f64) -> Vec<f64> {
        let of = |(depths, values): (&[f32], &[f32])| {
            let (mut upper, mut sum) = (0.0, 0.0);
            for (layer, &value) in values.iter().enumerate() {
                let lower = depths.get(layer).map_or(f64::INFINITY, |&depth| f64::from(depth));
                sum += (bottom_m.min(lower) - top_m.max(upper)).max(0.0) * f64::from(value);
                upper = lower;
            }
            sum / (bottom_m - top_m)
        };
        self.iter().map(of).collect()
    }

    /// Returns the share of the samples that have at least one interface within each depth cell; NaN without samples.
    pub fn interface_probability(&self, depth_bounds_m: &[f64]) -> Vec<f64> {
        let (mut with, mut samples) = (vec![0.0; depth_bounds_m.len() - 1], 0.0);
        for (depths, _) in self.iter() {
            samples += 1.0;
            let cell = |&depth: &f32| depth_bounds_m.partition_point(|&bound| bound <= f64::from(depth)).checked_sub(1);
            let mut cells: Vec<usize> = depths.iter().filter_map(cell).filter(|&cell| cell < with.len()).collect();
            // Interfaces are sorted by depth, so that equal cells are neighbours.
            cells.dedup();
            cells.into_iter().for_each(|cell| with[cell] += 1.0);
        }
        with.into_iter().map(|with| with / samples).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f32 = f32::NAN;

    /// Returns a sample of three layers, one of a single layer, and a missing sample.
    fn mean(top_m: f64, bottom_m: f64) -> Vec<f64> {
        let depths = [4.0, 6.0, NAN, NAN, NAN, NAN, NAN, NAN, NAN];
        let values = [1.0, 2.0, 3.0, 5.0, NAN, NAN, NAN, NAN, NAN];
        SampledEarths::new(&[3, 1, 0], &depths, &values).mean_ln_conductivity(top_m, bottom_m)
    }

    #[test]
    fn layers_weigh_by_their_share_of_the_interval() {
        assert_eq!(mean(0.0, 10.0), [(4.0 + 2.0 * 2.0 + 4.0 * 3.0) / 10.0, 5.0]);
        assert_eq!(mean(5.0, 7.0), [2.5, 5.0]);
        assert_eq!(mean(100.0, 101.0), [3.0, 5.0]);
    }

    /// Would catch: two interfaces in a cell that count twice, an interface on a bound that counts in both cells.
    #[test]
    fn a_sample_counts_once_in_each_cell() {
        let depths = [1.0, 2.0, NAN, 10.0, NAN, NAN, 90.0, NAN, NAN, NAN, NAN, NAN];
        let samples = SampledEarths::new(&[3, 2, 2, 1], &depths, &[0.0; 12]);
        assert_eq!(samples.interface_probability(&[0.0, 10.0, 30.0]), [0.25, 0.25]);
        assert!(SampledEarths::new(&[], &[], &[]).interface_probability(&[0.0, 1.0])[0].is_nan());
    }
}
