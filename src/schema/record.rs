//! One finished sounding as values of the table's fields.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{self, Dim, FIELDS, Field, Role};
use super::layout::Layout;
use super::status::{Reason, Status};
use super::values::Values;
use crate::bayes::{Convergence, DepthOfInvestigation, Grade, Grids, Histograms, Sample, SoundingPosterior, Target};

/// Values of all result fields of one sounding.
#[derive(Debug, Clone)]
pub struct SoundingRecord {
    status: Status,
    values: BTreeMap<&'static str, Values>,
    /// Names of fields that nothing was set for: their values are missing.
    unset: BTreeSet<&'static str>,
}

impl SoundingRecord {
    /// Status of the sounding.
    pub fn status(&self) -> Status {
        self.status
    }

    /// Values of the result field `name`, `None` when the file does not have it.
    pub fn get(&self, name: &str) -> Option<&Values> {
        self.values.get(name)
    }

    fn set(&mut self, field: &'static Field, values: Values) {
        debug_assert!(field.role == Role::Result && field.kind == values.kind(), "{}", field.name);
        self.values.insert(field.name, values);
        self.unset.remove(field.name);
    }
}

/// The record of a sounding without samples: failed, or without data. All its other values are missing.
pub fn record_without_posterior(layout: &Layout, status: Status, reason: Reason, cpu_seconds: f64) -> SoundingRecord {
    let mut record = SoundingRecord { status, values: BTreeMap::new(), unset: BTreeSet::new() };
    for field in FIELDS.iter().copied().filter(|field| field.role == Role::Result) {
        let Some(len) = layout.row_len(field) else { continue };
        record.values.insert(field.name, Values::nothing(field.kind, len));
        record.unset.insert(field.name);
    }
    record.set(&fields::STATUS, Values::I8(vec![status as i8]));
    record.set(&fields::STATUS_REASON, Values::I8(vec![reason as i8]));
    record.set(&fields::ASKED_FOR, Values::I8(vec![1]));
    record.set(&fields::CPU_SECONDS, Values::F64(vec![cpu_seconds]));
    record
}

/// The record of a sampled sounding.
pub fn record(
    layout: &Layout,
    grids: &Grids,
    target: &Target,
    posterior: &SoundingPosterior,
    cpu_seconds: f64,
) -> SoundingRecord {
    let status = match posterior.verdict.grade {
        Grade::Converged => Status::Converged,
        Grade::Usable => Status::Usable,
        Grade::NotConverged => Status::NotConverged,
    };
    let reason = posterior.verdict.reason.map_or(Reason::TargetsMet, Reason::from);
    let mut record = record_without_posterior(layout, status, reason, cpu_seconds);
    set_verdict(&mut record, posterior);
    set_diagnostics(&mut record, layout, posterior);
    set_histograms(&mut record, grids, target, posterior);
    set_samples(&mut record, layout, target, posterior);
    set_data(&mut record, target, posterior);
    set_best(&mut record, layout, &posterior.best);
    debug_assert!(record.unset.is_empty(), "fields that are declared and not set: {:?}", record.unset);
    record
}

fn set_verdict(record: &mut SoundingRecord, posterior: &SoundingPosterior) {
    let (evidence, error) = (&posterior.evidence, &posterior.monte_carlo_error);
    record.set(&fields::STATUS_WARNINGS, Values::I32(vec![posterior.verdict.warnings]));
    let scalar = |x: f64| Values::F64(vec![x]);
    record.set(&fields::RHAT_MAXIMUM, scalar(evidence.mixing.rhat));
    record.set(&fields::ESS_MINIMUM, scalar(evidence.mixing.ess));
    let quantity = |index: usize| Values::I32(vec![index as i32]);
    record.set(&fields::RHAT_MAXIMUM_OF, quantity(posterior.diagnostics.quantity_of_maximum_rhat()));
    record.set(&fields::ESS_MINIMUM_OF, quantity(posterior.diagnostics.quantity_of_minimum_ess()));
    record.set(&fields::RHAT_HOT_CHAINS, scalar(evidence.mixing.rung_rhat.unwrap_or(f64::NAN)));
    record.set(&fields::SHARE_AT_BOUNDS, scalar(evidence.share_at_bounds));
    let single = |values: &[f64]| Values::F32(values.iter().map(|&error| error as f32).collect());
    record.set(&fields::MONTE_CARLO_ERROR_P05, single(&error.p05));
    record.set(&fields::MONTE_CARLO_ERROR_P50, single(&error.p50));
    record.set(&fields::MONTE_CARLO_ERROR_P95, single(&error.p95));
    let DepthOfInvestigation { investigation, replacement } = posterior.depth_of_investigation;
    record.set(&fields::DEPTH_OF_INVESTIGATION_P05, single(&[investigation.p05]));
    record.set(&fields::DEPTH_OF_INVESTIGATION_P50, single(&[investigation.p50]));
    record.set(&fields::DEPTH_OF_INVESTIGATION_P95, single(&[investigation.p95]));
    record.set(&fields::DEPTH_OF_REPLACEMENT_P50, single(&[replacement.p50]));
}

fn set_diagnostics(record: &mut SoundingRecord, layout: &Layout, posterior: &SoundingPosterior) {
    let scalar = |x: f64| Values::F64(vec![x]);
    record.set(&fields::BURN_IN, Values::I64(vec![posterior.burn_in as i64]));
    record.set(&fields::ITERATIONS, Values::I64(vec![posterior.iterations as i64]));
    let rate = |count: &crate::bayes::MoveCount| count.accepted as f32 / count.tried as f32;
    record.set(&fields::ACCEPTANCE_RATE, Values::F32(posterior.counts.iter().map(rate).collect()));
    let diagnostics = &posterior.diagnostics;
    record.set(&fields::RHAT_LAYER_COUNT, scalar(diagnostics.layer_count.rhat));
    record.set(&fields::RHAT_MISFIT, scalar(diagnostics.misfit.rhat));
    record.set(&fields::ESS_LAYER_COUNT, scalar(diagnostics.layer_count.ess));
    record.set(&fields::ESS_MISFIT, scalar(diagnostics.misfit.ess));
    record.set(&fields::ESS_TAIL_LAYER_COUNT, scalar(diagnostics.layer_count.ess_tail));
    record.set(&fields::ESS_TAIL_MISFIT, scalar(diagnostics.misfit.ess_tail));
    record.set(&fields::EXCHANGE_RATE, scalar(posterior.exchange_rate));
    let at_depths = |of: fn(&Convergence) -> f64| Values::F64(diagnostics.log10_conductivity.iter().map(of).collect());
    record.set(&fields::RHAT_LOG10_CONDUCTIVITY, at_depths(|c| c.rhat));
    record.set(&fields::ESS_LOG10_CONDUCTIVITY, at_depths(|c| c.ess));
    record.set(&fields::ESS_TAIL_LOG10_CONDUCTIVITY, at_depths(|c| c.ess_tail));
    let trace_len = layout.size(Dim::Trace).unwrap_or(0);
    let thin = |trace: &Vec<f32>| (0..trace_len).map(|i| trace[i * trace.len() / trace_len]).collect::<Vec<_>>();
    record.set(&fields::MISFIT_TRACE, Values::F32(posterior.misfit_trace.iter().flat_map(thin).collect()));
}

fn set_histograms(record: &mut SoundingRecord, grids: &Grids, target: &Target, posterior: &SoundingPosterior) {
    let Histograms { hitmap, interface, layer_count, relative_error, additive_error, geometry_deviation } =
        posterior.histograms.clone();
    record.set(&fields::HITMAP, Values::U32(hitmap));
    record.set(&fields::INTERFACE_HISTOGRAM, Values::U32(interface));
    record.set(&fields::LAYER_COUNT_HISTOGRAM, Values::U32(layer_count));
    if grids.relative_error.is_some() {
        record.set(&fields::RELATIVE_ERROR_HISTOGRAM, Values::U32(relative_error));
    }
    if grids.additive_error.is_some() {
        record.set(&fields::ADDITIVE_ERROR_HISTOGRAM, Values::U32(additive_error));
    }
    if !grids.geometry_deviation.is_empty() {
        record.set(&fields::GEOMETRY_DEVIATION_HISTOGRAM, Values::U32(geometry_deviation));
    }
    let log10 = |probability: f64| {
        Values::F64(vec![target.prior.conductivity.marginal_quantile(probability) / std::f64::consts::LN_10])
    };
    record.set(&fields::PRIOR_LOG10_CONDUCTIVITY_P05, log10(0.05));
    record.set(&fields::PRIOR_LOG10_CONDUCTIVITY_P50, log10(0.50));
    record.set(&fields::PRIOR_LOG10_CONDUCTIVITY_P95, log10(0.95));
    let bounds = grids.log10_conductivity.bounds();
    let probability = |cell: &[f64]| {
        let [low, high] = [cell[0], cell[1]].map(|log10| log10 * std::f64::consts::LN_10);
        target.prior.conductivity.marginal_probability(low, high) as f32
    };
    record
        .set(&fields::PRIOR_LOG10_CONDUCTIVITY_PROBABILITY, Values::F32(bounds.windows(2).map(probability).collect()));
}

fn set_samples(record: &mut SoundingRecord, layout: &Layout, target: &Target, posterior: &SoundingPosterior) {
    let size = |dim| layout.size(dim).unwrap_or(0);
    let thinned = posterior.thinned(size(Dim::Sample));
    let layers = size(Dim::Layer);
    let floats = |of: &dyn Fn(&Sample) -> f64| Values::F32(thinned.iter().map(|(_, s)| of(s) as f32).collect());
    let errors = |of: fn(&Sample) -> &[f64]| -> Vec<f32> {
        let each = |(_, sample): &(usize, &Sample)| of(sample).iter().map(|&e| e as f32).collect::<Vec<_>>();
        thinned.iter().flat_map(each).collect()
    };
    record.set(
        &fields::SAMPLE_LAYER_COUNT,
        Values::I32(thinned.iter().map(|(_, s)| s.earth.layer_count() as i32).collect()),
    );
    record.set(&fields::SAMPLE_CHAIN, Values::I32(thinned.iter().map(|(chain, _)| *chain as i32).collect()));
    let depths = thinned.iter().flat_map(|(_, s)| padded(s.earth.interface_depth_m(), layers));
    record.set(&fields::SAMPLE_INTERFACE_DEPTH, Values::F32(depths.map(|z| z as f32).collect()));
    let values = thinned.iter().flat_map(|(_, s)| padded(s.earth.ln_conductivity(), layers));
    record.set(&fields::SAMPLE_LN_CONDUCTIVITY, Values::F32(values.map(|m| m as f32).collect()));
    record.set(&fields::SAMPLE_RELATIVE_ERROR, Values::F32(errors(|s| &s.relative_error)));
    let mut additive = errors(|s| &s.additive_error);
    if target.likelihood.has_std() {
        additive.fill(f32::NAN);
    }
    record.set(&fields::SAMPLE_ADDITIVE_ERROR, Values::F32(additive));
    let sampled = target.prior.geometry.sampled();
    if !sampled.is_empty() {
        let geometry =
            |(_, s): &(usize, &Sample)| sampled.iter().map(|&p| s.geometry.get(p) as f32).collect::<Vec<_>>();
        record.set(&fields::SAMPLE_GEOMETRY, Values::F32(thinned.iter().flat_map(geometry).collect()));
    }
    record.set(&fields::SAMPLE_MISFIT, floats(&|s| s.misfit));
}

fn set_data(record: &mut SoundingRecord, target: &Target, posterior: &SoundingPosterior) {
    let best = &posterior.best;
    let channel_count = best.predicted.len();
    let [mut p05, mut p50, mut p95] = [const { Vec::new() }; 3];
    for channel in 0..channel_count {
        let mut values: Vec<f64> = posterior.samples().map(|s| s.predicted[channel]).collect();
        values.sort_by(f64::total_cmp);
        let at = |fraction: f64| values[((values.len() - 1) as f64 * fraction).round() as usize];
        p05.push(at(0.05));
        p50.push(at(0.50));
        p95.push(at(0.95));
    }
    record.set(&fields::DATA_PREDICTED_P05, Values::F64(p05));
    record.set(&fields::DATA_PREDICTED_P50, Values::F64(p50));
    record.set(&fields::DATA_PREDICTED_P95, Values::F64(p95));
    record.set(&fields::DATA_PREDICTED_BEST, Values::F64(best.predicted.clone()));
    let mut std = vec![f64::NAN; channel_count];
    let active = target.likelihood.active_channels();
    let variances = target.likelihood.variances_with(&best.predicted, &best.relative_error, &best.additive_error);
    active.iter().zip(variances).for_each(|(&channel, variance)| std[channel] = variance.sqrt());
    record.set(&fields::DATA_STD, Values::F64(std));
}

fn set_best(record: &mut SoundingRecord, layout: &Layout, best: &Sample) {
    let layers = layout.size(Dim::Layer).unwrap_or(0);
    record.set(&fields::BEST_LAYER_COUNT, Values::I32(vec![best.earth.layer_count() as i32]));
    record.set(&fields::BEST_INTERFACE_DEPTH, Values::F64(padded(best.earth.interface_depth_m(), layers).collect()));
    record.set(&fields::BEST_LN_CONDUCTIVITY, Values::F64(padded(best.earth.ln_conductivity(), layers).collect()));
    record.set(&fields::MISFIT_BEST, Values::F64(vec![best.misfit]));
}

/// `values`, then NaN up to `len`.
fn padded(values: &[f64], len: usize) -> impl Iterator<Item = f64> {
    (0..len).map(|i| values.get(i).copied().unwrap_or(f64::NAN))
}
