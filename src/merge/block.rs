//! Reads a block of soundings at a time, and computes their products with all threads.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::earth::LayeredEarth;
use crate::error::Result;
use crate::products::{Posterior, ProductSettings, SampledEarths, SoundingProducts, sounding_products};
use crate::results::Survey;
use crate::schema::{Field, Layout, Number, Role, Status, Values, fields};

/// Approximate size in bytes of the results in memory at a time.
pub(super) const BLOCK_BYTES: usize = 64 << 20;

/// The product that needs the whole line.
pub(super) const OF_LINE: &Field = &fields::DEPTH_OF_INVESTIGATION_RELATIVE;

/// Values of some soundings by name.
#[derive(Debug)]
pub(super) struct SoundingBlock {
    soundings: usize,
    values: BTreeMap<&'static str, Values>,
}

impl SoundingBlock {
    /// Reads the variables `fields` of some soundings; products among them are skipped.
    pub(super) fn read(
        survey: &Survey,
        soundings: Range<usize>,
        fields: impl Iterator<Item = &'static Field>,
    ) -> Result<Self> {
        let read = fields.filter(|field| field.role != Role::Product);
        let values = read.map(|field| survey.rows(field, soundings.clone()).map(|values| (field.name, values)));
        Ok(Self { soundings: soundings.len(), values: values.collect::<Result<_>>()? })
    }

    /// Adds the products among `fields`, except the product of the whole line.
    pub(super) fn add_products(
        &mut self,
        fields: impl Iterator<Item = &'static Field>,
        layout: &Layout,
        cells: &ProductSettings,
        threads: usize,
    ) {
        let mut computed = self.products(cells, threads);
        for field in fields.filter(|field| field.role == Role::Product && *field != OF_LINE) {
            let len = layout.row_len(field).unwrap_or(0);
            let mut column = Values::nothing(field.kind, 0);
            for products in &mut computed {
                let values = products.as_mut().and_then(|products| products.remove(field.name));
                column.append(values.unwrap_or_else(|| Values::nothing(field.kind, len)));
            }
            self.values.insert(field.name, column);
        }
    }

    /// Returns the values of a variable.
    pub(super) fn get(&self, field: &Field) -> Option<&Values> {
        self.values.get(field.name)
    }

    /// Computes the products of each sounding that has a posterior.
    fn products(&self, cells: &ProductSettings, threads: usize) -> Vec<Option<SoundingProducts>> {
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
        let status = Status::from_code(*self.row(&fields::STATUS, sounding).first()?)?;
        let layers = usize::try_from(*self.row::<i32>(&fields::BEST_LAYER_COUNT, sounding).first()?).ok()?;
        if !status.has_posterior() || layers == 0 {
            return None;
        }
        let depths = self.row(&fields::BEST_INTERFACE_DEPTH, sounding).get(..layers - 1)?.to_vec();
        let values = self.row(&fields::BEST_LN_CONDUCTIVITY, sounding).get(..layers)?.to_vec();
        let data_std = self.row::<f64>(&fields::DATA_STD, sounding);
        Some(Posterior {
            hitmap: self.row(&fields::HITMAP, sounding),
            interface_histogram: self.row(&fields::INTERFACE_HISTOGRAM, sounding),
            layer_count_histogram: self.row(&fields::LAYER_COUNT_HISTOGRAM, sounding),
            prior_log10_conductivity_probability: self.row(&fields::PRIOR_LOG10_CONDUCTIVITY_PROBABILITY, sounding),
            sample_misfit: self.row(&fields::SAMPLE_MISFIT, sounding),
            ess_log10_conductivity: self.row(&fields::ESS_LOG10_CONDUCTIVITY, sounding),
            samples: SampledEarths::new(
                self.row(&fields::SAMPLE_LAYER_COUNT, sounding),
                self.row(&fields::SAMPLE_INTERFACE_DEPTH, sounding),
                self.row(&fields::SAMPLE_LN_CONDUCTIVITY, sounding),
            ),
            sample_relative_error: self.row(&fields::SAMPLE_RELATIVE_ERROR, sounding),
            sample_additive_error: self.row(&fields::SAMPLE_ADDITIVE_ERROR, sounding),
            sample_geometry: self.row(&fields::SAMPLE_GEOMETRY, sounding),
            sample_count: self.row::<i32>(&fields::SAMPLE_LAYER_COUNT, sounding).len(),
            best: LayeredEarth::new(depths, values)?,
            active_channels: data_std.iter().filter(|std| std.is_finite()).count(),
        })
    }

    /// Returns the values of one sounding; no values for a variable that does not exist.
    fn row<T: Number>(&self, field: &Field, sounding: usize) -> &[T] {
        let values = self.values.get(field.name).and_then(T::slice).unwrap_or_default();
        let len = values.len() / self.soundings;
        &values[sounding * len..][..len]
    }
}
