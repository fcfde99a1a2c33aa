//! Some soundings at a time: read, and their products computed by all threads.

use std::collections::BTreeMap;

use super::order::Place;
use crate::earth::LayeredEarth;
use crate::error::Result;
use crate::products::{Cells, Posterior, SampledEarths, SoundingProducts, sounding_products};
use crate::schema::{Field, Layout, LineReader, Number, Role, Status, Values};

/// Bytes of the results in memory at a time, about.
pub(super) const BLOCK_BYTES: usize = 64 << 20;

/// The product that needs the whole line.
pub(super) const OF_LINE: &str = "depth_of_investigation_relative";

/// Values of some soundings by name.
#[derive(Debug)]
pub(super) struct Block {
    soundings: usize,
    values: BTreeMap<&'static str, Values>,
}

impl Block {
    /// Reads the variables `fields` of the soundings at `places`; products among them are left out.
    pub(super) fn read(
        files: &[LineReader],
        places: &[Place],
        fields: impl Iterator<Item = &'static Field>,
    ) -> Result<Self> {
        let read = fields.filter(|field| field.role != Role::Product);
        let values = read.map(|field| rows(files, places, field).map(|values| (field.name, values)));
        Ok(Self { soundings: places.len(), values: values.collect::<Result<_>>()? })
    }

    /// Adds the products among `fields` but that of the whole line.
    pub(super) fn add_products(
        &mut self,
        fields: impl Iterator<Item = &'static Field>,
        layout: &Layout,
        cells: &Cells,
        threads: usize,
    ) {
        let mut computed = self.products(cells, threads);
        for field in fields.filter(|field| field.role == Role::Product && field.name != OF_LINE) {
            let len = layout.row_len(field).unwrap_or(0);
            let mut column = Values::nothing(field.kind, 0);
            for products in &mut computed {
                let values = products.as_mut().and_then(|products| products.remove(field.name));
                column.append(values.unwrap_or_else(|| without_posterior(field, len)));
            }
            self.values.insert(field.name, column);
        }
    }

    /// Values of the variable `name`.
    pub(super) fn get(&self, name: &str) -> Option<&Values> {
        self.values.get(name)
    }

    /// Products of each sounding that has a posterior.
    fn products(&self, cells: &Cells, threads: usize) -> Vec<Option<SoundingProducts>> {
        let per_thread = self.soundings.div_ceil(threads).max(1);
        let starts = (0..self.soundings).step_by(per_thread);
        let of = |i: usize| self.posterior(i).map(|posterior| sounding_products(cells, &posterior));
        std::thread::scope(|scope| {
            let some = |start: usize| {
                scope.spawn(move || (start..(start + per_thread).min(self.soundings)).map(of).collect::<Vec<_>>())
            };
            let threads: Vec<_> = starts.map(some).collect();
            threads.into_iter().flat_map(|thread| thread.join().expect("products do not panic")).collect()
        })
    }

    fn posterior(&self, sounding: usize) -> Option<Posterior<'_>> {
        let status = Status::from_code(*self.row("status", sounding).first()?)?;
        let layers = *self.row::<i32>("best_layer_count", sounding).first()? as usize;
        if !status.has_posterior() || layers == 0 {
            return None;
        }
        let depths = self.row("best_interface_depth", sounding).get(..layers - 1)?.to_vec();
        let values = self.row("best_ln_conductivity", sounding).get(..layers)?.to_vec();
        Some(Posterior {
            hitmap: self.row("hitmap", sounding),
            interface_histogram: self.row("interface_histogram", sounding),
            layer_count_histogram: self.row("layer_count_histogram", sounding),
            prior_log10_conductivity_probability: self.row("prior_log10_conductivity_probability", sounding),
            sample_misfit: self.row("sample_misfit", sounding),
            samples: SampledEarths::new(
                self.row("sample_layer_count", sounding),
                self.row("sample_interface_depth", sounding),
                self.row("sample_ln_conductivity", sounding),
            ),
            best: LayeredEarth::new(depths, values)?,
            active_channels: self.row::<f64>("data_std", sounding).iter().filter(|std| std.is_finite()).count(),
        })
    }

    /// The values of one sounding; none of a variable that is not there.
    fn row<T: Number>(&self, name: &str, sounding: usize) -> &[T] {
        let values = self.values.get(name).and_then(T::slice).unwrap_or_default();
        let len = values.len() / self.soundings;
        &values[sounding * len..][..len]
    }
}

/// Rows of the soundings at `places`, neighbours read together.
fn rows(files: &[LineReader], places: &[Place], field: &Field) -> Result<Values> {
    let mut values = Values::nothing(field.kind, 0);
    for run in places.chunk_by(|a, b| a.file == b.file && a.row + 1 == b.row) {
        let (file, first) = (&files[run[0].file], run[0].row);
        values.append(file.read_rows(field, first..first + run.len())?);
    }
    Ok(values)
}

/// Values of a product of a sounding without posterior.
fn without_posterior(field: &Field, len: usize) -> Values {
    match field.name {
        "most_probable_class" => Values::I8(vec![-1; len]),
        _ => Values::nothing(field.kind, len),
    }
}
