//! The data of the figure of a sounding, from result files.

use ndarray::Array2;

use crate::error::{Error, Result};
use crate::plot::data::{
    ChannelData, Decay, Distribution, ErrorGroup, GeometryMarginal, Response, SoundingData, Spectrum,
};
use crate::products::histogram_percentile;
use crate::results::{SoundingResults, beside_status};
use crate::schema::{Field, Reason, Status, fields};
use crate::survey::line_label;
use crate::system::GeometryParameter;

/// Returns everything about one sounding; `None` if it has no posterior.
///
/// # Errors
/// A file cannot be read.
pub fn sounding_data(sounding: &SoundingResults<'_>) -> Result<Option<SoundingData>> {
    if !sounding.status().has_posterior() {
        return Ok(None);
    }
    let survey = sounding.survey();
    let depth_bounds_m = survey.depth_bounds_m().to_vec();
    let log10_conductivity_bounds = survey.bounds(&fields::LOG10_CONDUCTIVITY_BOUNDS)?;
    let columns = log10_conductivity_bounds.len() - 1;
    let counts = sounding.counts(&fields::HITMAP)?;
    let percentile = |fraction: f64| -> Vec<f64> {
        let of = |cells| histogram_percentile(&log10_conductivity_bounds, cells, fraction);
        counts.chunks_exact(columns).map(of).collect()
    };
    let hitmap = counts.iter().map(|&count| f64::from(count)).collect();
    let hitmap = Array2::from_shape_vec((depth_bounds_m.len() - 1, columns), hitmap)
        .map_err(|error| Error::results(survey.name(), format!("hitmap: {error}")))?;
    let layer_count_histogram = sounding.numbers(&fields::LAYER_COUNT_HISTOGRAM)?;
    let recorded: f64 = layer_count_histogram.iter().sum();
    let per_m = |counts: &[f64], draws: f64| -> Vec<f64> {
        counts.iter().zip(depth_bounds_m.windows(2)).map(|(count, b)| count / draws / (b[1] - b[0])).collect()
    };
    let layers = sounding.number(&fields::BEST_LAYER_COUNT)? as usize;
    let best_depths = sounding.numbers(&fields::BEST_INTERFACE_DEPTH)?;
    let best_values = sounding.numbers(&fields::BEST_LN_CONDUCTIVITY)?;
    let chains = survey.constant(&fields::CHAIN)?.len();
    let traces = sounding.numbers(&fields::MISFIT_TRACE)?;
    let trace_len = traces.len() / chains;
    let (burn_in, iterations) = (sounding.number(&fields::BURN_IN)?, sounding.number(&fields::ITERATIONS)?);
    let observed = sounding.numbers(&fields::DATA_OBSERVED)?;
    Ok(Some(SoundingData {
        line_label: line_label(sounding.number(&fields::LINE_NUMBER)?),
        fiducial: sounding.number(&fields::FIDUCIAL)?,
        status: verdict_in_words(sounding)?,
        easting_m: sounding.number(&fields::EASTING)?,
        northing_m: sounding.number(&fields::NORTHING)?,
        elevation_m: sounding.number(&fields::ELEVATION)?,
        height_m: sounding.number(&fields::HEIGHT)?,
        depth_of_investigation_m: depth_of_investigation_m(sounding)?,
        log10_conductivity_p05: percentile(0.05),
        log10_conductivity_p50: percentile(0.50),
        log10_conductivity_p95: percentile(0.95),
        best_interface_depth_m: best_depths[..layers - 1].to_vec(),
        best_log10_conductivity: best_values[..layers].iter().map(|m| m / std::f64::consts::LN_10).collect(),
        truth: None,
        interface_density_per_m: per_m(&sounding.numbers(&fields::INTERFACE_HISTOGRAM)?, recorded),
        prior_interface_density_per_m: per_m(&survey.constant(&fields::PRIOR_INTERFACE_COUNT)?, 1.0),
        layer_count_probability: layer_count_histogram.iter().map(|count| count / recorded).collect(),
        prior_layer_count_probability: survey.constant(&fields::PRIOR_LAYER_COUNT)?,
        prior_log10_conductivity_p05: sounding.number(&fields::PRIOR_LOG10_CONDUCTIVITY_P05)?,
        prior_log10_conductivity_p50: sounding.number(&fields::PRIOR_LOG10_CONDUCTIVITY_P50)?,
        prior_log10_conductivity_p95: sounding.number(&fields::PRIOR_LOG10_CONDUCTIVITY_P95)?,
        data_unit: survey.data_unit()?,
        additive_error_unit: survey.additive_error_unit()?,
        response: response(sounding)?,
        misfit_trace: traces.chunks_exact(trace_len).map(<[f64]>::to_vec).collect(),
        trace_iteration_step: (burn_in + iterations) / trace_len as f64,
        burn_in_iterations: vec![burn_in; chains],
        channel_count: observed.iter().filter(|d| d.is_finite()).count(),
        error_groups: error_groups(sounding)?,
        geometry: geometry(sounding)?,
        rhat_misfit: sounding.number(&fields::RHAT_MISFIT)?,
        ess_misfit: sounding.number(&fields::ESS_MISFIT)?,
        rhat_maximum: sounding.rhat_maximum()?,
        ess_minimum: sounding.ess_minimum()?,
        depth_bounds_m,
        log10_conductivity_bounds,
        hitmap,
    }))
}

/// Returns the percentiles of the depth of investigation; `None` in files before schema 2.6.
fn depth_of_investigation_m(sounding: &SoundingResults<'_>) -> Result<Option<[f64; 3]>> {
    if !sounding.survey().has(&fields::DEPTH_OF_INVESTIGATION_P50)? {
        return Ok(None);
    }
    Ok(Some([
        sounding.number(&fields::DEPTH_OF_INVESTIGATION_P05)?,
        sounding.number(&fields::DEPTH_OF_INVESTIGATION_P50)?,
        sounding.number(&fields::DEPTH_OF_INVESTIGATION_P95)?,
    ]))
}

/// Describes the status, its reason and the other warnings, for example `converged`, or `usable: poor fit, at
/// conductivity bound`.
fn verdict_in_words(sounding: &SoundingResults<'_>) -> Result<String> {
    let status = sounding.status();
    let whole = |field: &Field| sounding.number(field).map(|value| value as i32);
    let reason = Reason::from_code(whole(&fields::STATUS_REASON)? as i8).filter(|_| status != Status::Converged);
    let has_warnings = sounding.survey().has(&fields::STATUS_WARNINGS)?;
    let warnings = if has_warnings { whole(&fields::STATUS_WARNINGS)? } else { 0 };
    let warnings = beside_status(warnings).map(Reason::from).filter(|&other| reason != Some(other));
    let parts: Vec<String> = reason.into_iter().chain(warnings).map(Reason::words).collect();
    Ok(if parts.is_empty() { status.words() } else { format!("{}: {}", status.words(), parts.join(", ")) })
}

/// Returns observed and predicted data by kind of survey.
fn response(sounding: &SoundingResults<'_>) -> Result<Response> {
    let survey = sounding.survey();
    if !survey.is_time_domain()? {
        let quadrature = survey.constant(&fields::CHANNEL_QUADRATURE)?;
        let part = |flag: f64| channels(&quadrature, flag);
        return Ok(Response::Frequency(Box::new(Spectrum {
            frequency_hz: chosen(&survey.constant(&fields::CHANNEL_FREQUENCY)?, &part(0.0)),
            in_phase: channel_data(sounding, &part(0.0))?,
            quadrature: channel_data(sounding, &part(1.0))?,
        })));
    }
    let times = survey.constant(&fields::CHANNEL_TIME)?;
    let groups = survey.constant(&fields::CHANNEL_ERROR_GROUP)?;
    let decay = |(group, label): (usize, String)| {
        let members = channels(&groups, group as f64);
        let decay = Decay { label, time_s: chosen(&times, &members), data: channel_data(sounding, &members)? };
        Ok(mostly_positive(decay))
    };
    survey.error_group_labels()?.into_iter().enumerate().map(decay).collect::<Result<_>>().map(Response::Time)
}

/// Returns whether more than half of the known values are negative. With z up, a normal decay is negative in Z.
pub(super) fn mostly_negative<'a>(values: impl Iterator<Item = &'a f64> + Clone) -> bool {
    let known = values.clone().filter(|value| value.is_finite()).count();
    2 * values.filter(|value| **value < 0.0).count() > known
}

/// Changes the sign of the decay if most of its data, or without data its predictions, are negative. With z up, a
/// normal decay is negative in Z.
fn mostly_positive(decay: Decay) -> Decay {
    let is_observed = decay.data.observed.iter().any(|datum| datum.is_finite());
    let signs = if is_observed { &decay.data.observed } else { &decay.data.predicted_best };
    if !mostly_negative(signs.iter()) {
        return decay;
    }
    let turned = |values: &[f64]| values.iter().map(|v| -v).collect::<Vec<f64>>();
    let data = &decay.data;
    Decay {
        label: turned_label(&decay.label),
        data: ChannelData {
            observed: turned(&data.observed),
            std: data.std.clone(),
            predicted_p05: turned(&data.predicted_p95),
            predicted_p50: turned(&data.predicted_p50),
            predicted_p95: turned(&data.predicted_p05),
            predicted_best: turned(&data.predicted_best),
        },
        time_s: decay.time_s,
    }
}

/// Returns the label with the other sign: "LM −Z" for "LM Z".
pub(super) fn turned_label(label: &str) -> String {
    match label.rsplit_once(' ') {
        Some((system, component)) => format!("{system} \u{2212}{component}"),
        None => format!("\u{2212}{label}"),
    }
}

/// Returns the data of some channels.
fn channel_data(sounding: &SoundingResults<'_>, channels: &[usize]) -> Result<ChannelData> {
    let of = |field: &Field| sounding.numbers(field).map(|values| chosen(&values, channels));
    Ok(ChannelData {
        observed: of(&fields::DATA_OBSERVED)?,
        std: of(&fields::DATA_STD)?,
        predicted_p05: of(&fields::DATA_PREDICTED_P05)?,
        predicted_p50: of(&fields::DATA_PREDICTED_P50)?,
        predicted_p95: of(&fields::DATA_PREDICTED_P95)?,
        predicted_best: of(&fields::DATA_PREDICTED_BEST)?,
    })
}

/// Returns the channels whose value is `wanted`.
fn channels(values: &[f64], wanted: f64) -> Vec<usize> {
    (0..values.len()).filter(|&channel| values[channel] == wanted).collect()
}

fn chosen(values: &[f64], channels: &[usize]) -> Vec<f64> {
    channels.iter().map(|&channel| values[channel]).collect()
}

/// Returns the errors of each group, without the errors that were not sampled.
fn error_groups(sounding: &SoundingResults<'_>) -> Result<Vec<ErrorGroup>> {
    let survey = sounding.survey();
    let relative = error_distributions(
        sounding,
        &fields::RELATIVE_ERROR_BOUNDS,
        &fields::RELATIVE_ERROR_HISTOGRAM,
        &fields::RELATIVE_ERROR_PRIOR_BOUNDS,
    )?;
    let additive = error_distributions(
        sounding,
        &fields::ADDITIVE_ERROR_BOUNDS,
        &fields::ADDITIVE_ERROR_HISTOGRAM,
        &fields::ADDITIVE_ERROR_PRIOR_BOUNDS,
    )?;
    let of = |all: &[Distribution], group: usize| all.get(group).cloned();
    let is_factor = survey.has(&fields::DATA_STD_GIVEN)?;
    let group = |(i, label)| ErrorGroup { label, relative: of(&relative, i), is_factor, additive: of(&additive, i) };
    Ok(survey.error_group_labels()?.into_iter().enumerate().map(group).collect())
}

/// Returns histograms of an error, one per group, with the bounds of its prior; none if it was not sampled. Files
/// before schema 2.6 have no bounds of priors.
fn error_distributions(
    sounding: &SoundingResults<'_>,
    bounds: &Field,
    histogram: &Field,
    prior: &Field,
) -> Result<Vec<Distribution>> {
    let survey = sounding.survey();
    if !survey.has(bounds)? {
        return Ok(Vec::new());
    }
    let bounds = survey.bounds(bounds)?;
    let prior = survey.constant(prior)?;
    let counts: Vec<f64> = sounding.numbers(histogram)?;
    let groups = counts.chunks_exact(bounds.len() - 1).enumerate();
    let distribution = |(group, counts): (usize, &[f64])| Distribution {
        bounds: bounds.clone(),
        probability: shares(counts),
        log_uniform_prior: prior.get(2 * group..2 * group + 2).map(|pair| (pair[0], pair[1])),
    };
    Ok(groups.map(distribution).collect())
}

/// Returns the deviations of the sampled geometry parameters.
fn geometry(sounding: &SoundingResults<'_>) -> Result<Vec<GeometryMarginal>> {
    let survey = sounding.survey();
    if !survey.has(&fields::GEOMETRY_PARAMETER)? {
        return Ok(Vec::new());
    }
    let names = survey.names(&fields::GEOMETRY_PARAMETER, "geometry_parameter_names")?;
    let counts: Vec<f64> = sounding.numbers(&fields::GEOMETRY_DEVIATION_HISTOGRAM)?;
    let pairs = survey.constant(&fields::GEOMETRY_DEVIATION_BOUNDS)?;
    let cells = survey.constant(&fields::GEOMETRY_CELL)?.len();
    // Files before schema 2.6 do not contain the kind of prior.
    let kinds = survey.constant(&fields::GEOMETRY_PRIOR)?;
    let is_angle = |name: &str| GeometryParameter::ALL.into_iter().any(|p| p.is_angle() && p.name() == name);
    let marginal = |(i, name): (usize, &String)| GeometryMarginal {
        label: name.replace('_', " "),
        unit: if is_angle(name) { "°" } else { "m" }.to_owned(),
        bounds: joined(&pairs[2 * cells * i..2 * cells * (i + 1)]),
        probability: shares(&counts[cells * i..cells * (i + 1)]),
        normal_prior: kinds.get(i) == Some(&1.0),
    };
    Ok(names.iter().enumerate().map(marginal).collect())
}

/// Returns counts as fractions of their sum.
fn shares(counts: &[f64]) -> Vec<f64> {
    let total: f64 = counts.iter().sum();
    counts.iter().map(|count| count / total).collect()
}

/// Returns n + 1 bounds from n pairs of lower and upper bounds.
fn joined(pairs: &[f64]) -> Vec<f64> {
    pairs.iter().step_by(2).chain(pairs.last()).copied().collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::bayes::Grids;
    use crate::earth::{DepthGrid, Log10ConductivityGrid};
    use crate::results::Survey;
    use crate::schema::{ChannelInfo, Layout, PriorInfo, RunInfo, create_line};
    use crate::survey;
    use crate::system::{Geometry, GeometryParameter};

    #[test]
    fn decays_are_positive_by_their_data_else_by_their_predictions() {
        let decay = |observed: &[f64], best: &[f64]| {
            let data =
                ChannelData { observed: observed.to_vec(), predicted_best: best.to_vec(), ..ChannelData::default() };
            let decay = mostly_positive(Decay { label: "LM Z".to_owned(), data, ..Decay::default() });
            (decay.label, decay.data.predicted_best[0])
        };
        let turned = ("LM \u{2212}Z".to_owned(), 3.0);
        assert_eq!(decay(&[-1.0, -2.0, 0.5], &[-3.0]), turned);
        assert_eq!(decay(&[f64::NAN; 2], &[-3.0, -4.0]), turned);
        assert_eq!(decay(&[1.0, f64::NAN], &[-3.0]), ("LM Z".to_owned(), -3.0));
    }

    /// Writes a survey with two systems, of three and two gates, and two sampled parameters.
    fn survey(path: &Path) -> Survey {
        let run = RunInfo {
            configuration: String::new(),
            system_files: String::new(),
            data_file: String::new(),
            data_sha256: String::new(),
            crs: None,
            crs_wkt: None,
            fingerprint: String::new(),
            seed: 1,
            data_unit: "fT".to_owned(),
            additive_error_unit: "fT".to_owned(),
            channel_names: (0..5).map(|channel| channel.to_string()).collect(),
            channels: ChannelInfo::Tdem {
                gate_s: (0..5).map(|i| (f64::from(i), f64::from(i) + 2.0)).collect(),
                system: vec![0, 0, 0, 1, 1],
                component: vec![2; 5],
            },
            error_group_names: vec!["s0_z".to_owned(), "s1_z".to_owned()],
            error_group_labels: vec!["LM Z".to_owned(), "HM Z".to_owned()],
            channel_error_group: vec![0, 0, 0, 1, 1],
            geometry_parameters: vec![GeometryParameter::Height, GeometryParameter::TxPitch],
            has_std: false,
            prior: PriorInfo {
                layer_count: vec![0.5; 2],
                interface_count: vec![0.1; 4],
                conductivity: (1e-3, 1.0),
                relative_error: vec![(0.01, 1.0), (0.02, 0.5)],
                additive_error: vec![(1.0, 1.0); 2],
                geometry: vec![(0, 2.0), (1, 1.0)],
            },
            rhat_target: 1.05,
            ess_target: 200.0,
            chain_count: 1,
            sample_count: 1,
            trace_len: 1,
        };
        let grids = Grids {
            depth: DepthGrid::new(4, 100.0, 10.0),
            log10_conductivity: Log10ConductivityGrid::new(3, -3.0, 0.0),
            maximum_layer_count: 2,
            relative_error: Some(vec![0.01, 0.1, 1.0]),
            additive_error: None,
            geometry_deviation: vec![
                (GeometryParameter::Height, vec![-2.0, 0.0, 2.0]),
                (GeometryParameter::TxPitch, vec![-4.0, 0.0, 4.0]),
            ],
            diagnostic_depths_m: vec![10.0],
        };
        let sounding = survey::Sounding {
            line_number: 1.0,
            fiducial: 2.0,
            easting_m: 3.0,
            northing_m: 4.0,
            elevation_m: 5.0,
            geometry: Geometry::level(30.0),
            observed: vec![10.0, 11.0, 12.0, 13.0, 14.0],
            std: None,
            file_line: 2,
        };
        create_line(path, &run, &Layout::new(&run, &grids, 1), &[sounding]).unwrap();
        Survey::open(&[path.to_path_buf()], &[]).unwrap()
    }

    #[test]
    fn time_domain_results_become_decays_and_marginals() {
        let folder = tempfile::tempdir().unwrap();
        let survey = survey(&folder.path().join("line_1.h5"));
        let sounding = survey.line(1.0).unwrap().sounding(0);
        let Response::Time(decays) = response(&sounding).unwrap() else { panic!("no time domain") };
        assert_eq!([&decays[0].label, &decays[1].label], ["LM Z", "HM Z"]);
        assert_eq!(decays[1].time_s, [4.0, 5.0]);
        assert_eq!(decays[1].data.observed, [13.0, 14.0]);
        let groups = error_groups(&sounding).unwrap();
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[1].relative.as_ref().unwrap().bounds, [0.01, 0.1, 1.0]);
        assert_eq!(groups[1].relative.as_ref().unwrap().log_uniform_prior, Some((0.02, 0.5)));
        assert!(groups[1].additive.is_none());
        let geometry = geometry(&sounding).unwrap();
        assert_eq!(geometry[1].bounds, [-4.0, 0.0, 4.0]);
        assert_eq!((geometry[1].label.as_str(), geometry[1].unit.as_str()), ("tx pitch", "°"));
        assert_eq!([geometry[0].normal_prior, geometry[1].normal_prior], [false, true]);
    }
}
