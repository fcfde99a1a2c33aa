//! What the figure of a sounding shows, from result files.

use ndarray::Array2;

use super::line::Line;
use super::section_data::{effective_samples, number, rhat};
use crate::cli::verdicts::beside_status;
use crate::error::{Error, Result};
use crate::plot::{ChannelData, Decay, Distribution, ErrorGroup, GeometryMarginal, Response, SoundingData, Spectrum};
use crate::products::histogram_percentile;
use crate::schema::{Reason, Status};
use crate::survey::line_label;
use crate::system::GeometryParameter;

/// Everything about one sounding; `None` when it has no posterior.
pub(super) fn sounding_data(line: &Line, sounding: usize) -> Result<Option<SoundingData>> {
    let status = line.statuses()?[sounding];
    if !status.has_posterior() {
        return Ok(None);
    }
    let row = |name: &str| line.row(name, sounding);
    let scalar = |name: &str| row(name).map(|values| values[0]);
    let depth_bounds_m = line.bounds("depth_bounds")?;
    let log10_conductivity_bounds = line.bounds("log10_conductivity_bounds")?;
    let columns = log10_conductivity_bounds.len() - 1;
    let counts = line.counts("hitmap", sounding)?;
    let percentile = |fraction: f64| -> Vec<f64> {
        let of = |cells| histogram_percentile(&log10_conductivity_bounds, cells, fraction);
        counts.chunks_exact(columns).map(of).collect()
    };
    let hitmap = counts.iter().map(|&count| f64::from(count)).collect();
    let hitmap = Array2::from_shape_vec((depth_bounds_m.len() - 1, columns), hitmap)
        .map_err(|error| Error::results(line.path(), format!("hitmap: {error}")))?;
    let layer_count_histogram = row("layer_count_histogram")?;
    let recorded: f64 = layer_count_histogram.iter().sum();
    let per_m = |counts: &[f64], draws: f64| -> Vec<f64> {
        counts.iter().zip(depth_bounds_m.windows(2)).map(|(count, b)| count / draws / (b[1] - b[0])).collect()
    };
    let layers = scalar("best_layer_count")? as usize;
    let best_depths = row("best_interface_depth")?;
    let best_values = row("best_ln_conductivity")?;
    let chains = line.constant("chain")?.len();
    let traces = row("misfit_trace")?;
    let trace_len = traces.len() / chains;
    let (burn_in, iterations) = (scalar("burn_in")?, scalar("iterations")?);
    let at = |name: &str| line.row(name, sounding).map(|values| values[0]);
    let observed = row("data_observed")?;
    Ok(Some(SoundingData {
        line_label: line_label(at("line_number")?),
        fiducial: at("fiducial")?,
        status: verdict_in_words(line, sounding, status)?,
        easting_m: at("easting")?,
        northing_m: at("northing")?,
        elevation_m: at("elevation")?,
        height_m: at("height")?,
        log10_conductivity_p05: percentile(0.05),
        log10_conductivity_p50: percentile(0.50),
        log10_conductivity_p95: percentile(0.95),
        best_interface_depth_m: best_depths[..layers - 1].to_vec(),
        best_log10_conductivity: best_values[..layers].iter().map(|m| m / std::f64::consts::LN_10).collect(),
        truth: None,
        interface_density_per_m: per_m(&row("interface_histogram")?, recorded),
        prior_interface_density_per_m: per_m(&line.constant("prior_interface_count")?, 1.0),
        layer_count_probability: layer_count_histogram.iter().map(|count| count / recorded).collect(),
        prior_layer_count_probability: line.constant("prior_layer_count")?,
        prior_log10_conductivity_p05: scalar("prior_log10_conductivity_p05")?,
        prior_log10_conductivity_p50: scalar("prior_log10_conductivity_p50")?,
        prior_log10_conductivity_p95: scalar("prior_log10_conductivity_p95")?,
        data_unit: line.attribute("data_unit")?,
        additive_error_unit: line.attribute("additive_error_unit")?,
        response: response(line, sounding)?,
        misfit_trace: traces.chunks_exact(trace_len).map(<[f64]>::to_vec).collect(),
        trace_iteration_step: (burn_in + iterations) / trace_len as f64,
        burn_in_iterations: vec![burn_in; chains],
        channel_count: observed.iter().filter(|d| d.is_finite()).count(),
        error_groups: error_groups(line, sounding)?,
        geometry: geometry(line, sounding)?,
        rhat_misfit: scalar("rhat_misfit")?,
        ess_misfit: scalar("ess_misfit")?,
        rhat_maximum: rhat(line)?[sounding],
        ess_minimum: effective_samples(line)?[sounding],
        depth_bounds_m,
        log10_conductivity_bounds,
        hitmap,
    }))
}

/// `converged`, `usable: poor fit, at conductivity bound`: the status, its reason and what it is warned of besides.
fn verdict_in_words(line: &Line, sounding: usize, status: Status) -> Result<String> {
    let whole = |name: &str| line.row(name, sounding).map(|values| values[0] as i32);
    let reason = Reason::from_code(whole("status_reason")? as i8).filter(|_| status != Status::Converged);
    let warnings = if line.has("status_warnings") { whole("status_warnings")? } else { 0 };
    let warnings = beside_status(warnings).map(Reason::from).filter(|&other| reason != Some(other));
    let parts: Vec<String> = reason.into_iter().chain(warnings).map(Reason::words).collect();
    Ok(if parts.is_empty() { status.words() } else { format!("{}: {}", status.words(), parts.join(", ")) })
}

/// Observed and predicted data by kind of survey.
fn response(line: &Line, sounding: usize) -> Result<Response> {
    if !line.has("channel_time") {
        let quadrature = line.constant("channel_quadrature")?;
        let part = |flag: f64| channels(&quadrature, flag);
        return Ok(Response::Frequency(Box::new(Spectrum {
            frequency_hz: chosen(&line.constant("channel_frequency")?, &part(0.0)),
            in_phase: channel_data(line, sounding, &part(0.0))?,
            quadrature: channel_data(line, sounding, &part(1.0))?,
        })));
    }
    let times = line.constant("channel_time")?;
    let groups = line.constant("channel_error_group")?;
    let decay = |(group, label): (usize, String)| {
        let members = channels(&groups, group as f64);
        let decay = Decay { label, time_s: chosen(&times, &members), data: channel_data(line, sounding, &members)? };
        Ok(mostly_positive(decay))
    };
    group_labels(line)?.into_iter().enumerate().map(decay).collect::<Result<_>>().map(Response::Time)
}

/// Whether more than half of the values that are known are negative: with z up, what people call a decay is negative in Z.
pub(super) fn mostly_negative<'a>(values: impl Iterator<Item = &'a f64> + Clone) -> bool {
    let known = values.clone().filter(|value| value.is_finite()).count();
    2 * values.filter(|value| **value < 0.0).count() > known
}

/// The decay with the sign that most of its data have, or without data its predictions: with z up, what people call a decay is
/// negative in Z.
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

/// "system 1, Z" with the other sign: "system 1, −Z".
pub(super) fn turned_label(label: &str) -> String {
    match label.rsplit_once(", ") {
        Some((system, component)) => format!("{system}, \u{2212}{component}"),
        None => format!("\u{2212}{label}"),
    }
}

/// Data of some channels.
fn channel_data(line: &Line, sounding: usize, channels: &[usize]) -> Result<ChannelData> {
    let of = |name: &str| line.row(name, sounding).map(|values| chosen(&values, channels));
    Ok(ChannelData {
        observed: of("data_observed")?,
        std: of("data_std")?,
        predicted_p05: of("data_predicted_p05")?,
        predicted_p50: of("data_predicted_p50")?,
        predicted_p95: of("data_predicted_p95")?,
        predicted_best: of("data_predicted_best")?,
    })
}

/// The channels whose value is `wanted`.
fn channels(values: &[f64], wanted: f64) -> Vec<usize> {
    (0..values.len()).filter(|&channel| values[channel] == wanted).collect()
}

fn chosen(values: &[f64], channels: &[usize]) -> Vec<f64> {
    channels.iter().map(|&channel| values[channel]).collect()
}

pub(super) fn group_labels(line: &Line) -> Result<Vec<String>> {
    Ok(labels(&line.variable_attribute("error_group", "error_group_names")?))
}

/// Names of groups of channels for people: `s0_z` is "Z", or "system 1, Z" when there are several systems.
fn labels(names: &str) -> Vec<String> {
    let part = |name: &str| -> Option<(usize, String)> {
        let (system, component) = name.strip_prefix('s')?.split_once('_')?;
        let component = if component == "a" { "amplitude".to_owned() } else { component.to_uppercase() };
        Some((system.parse().ok()?, component))
    };
    let several = names.split_whitespace().filter_map(part).any(|(system, _)| system > 0);
    let label = |name: &str| match part(name) {
        Some((system, component)) if several => format!("system {}, {component}", system + 1),
        Some((_, component)) => component,
        None => name.replace('_', " "),
    };
    names.split_whitespace().map(label).collect()
}

/// Errors of each group; what was not sampled is not there.
fn error_groups(line: &Line, sounding: usize) -> Result<Vec<ErrorGroup>> {
    let relative = error_distributions(line, sounding, "relative_error")?;
    let additive = error_distributions(line, sounding, "additive_error")?;
    let of = |all: &[Distribution], group: usize| all.get(group).cloned();
    let is_factor = line.has("data_std_given");
    let group = |(i, label)| ErrorGroup { label, relative: of(&relative, i), is_factor, additive: of(&additive, i) };
    Ok(group_labels(line)?.into_iter().enumerate().map(group).collect())
}

/// Histograms of an error, one per group; none when it was not sampled.
fn error_distributions(line: &Line, sounding: usize, name: &str) -> Result<Vec<Distribution>> {
    if !line.has(name) {
        return Ok(Vec::new());
    }
    let bounds = line.bounds(&format!("{name}_bounds"))?;
    let counts: Vec<f64> = line.row(&format!("{name}_histogram"), sounding)?;
    let groups = counts.chunks_exact(bounds.len() - 1).enumerate();
    let configuration: toml::Table = line.text("configuration")?.parse().unwrap_or_default();
    let kind = match name {
        "relative_error" if line.has("data_std_given") => "std_factor",
        _ => name.trim_end_matches("_error"),
    };
    let distribution = |(group, counts): (usize, &[f64])| Distribution {
        bounds: bounds.clone(),
        probability: shares(counts),
        log_uniform_prior: error_bound(&configuration, &format!("{kind}_minimum"), group).zip(error_bound(
            &configuration,
            &format!("{kind}_maximum"),
            group,
        )),
    };
    Ok(groups.map(distribution).collect())
}

/// A bound of an error of a group; only the configuration has it.
fn error_bound(configuration: &toml::Table, key: &str, group: usize) -> Option<f64> {
    let bound = configuration.get("errors")?.get(key)?;
    match bound {
        toml::Value::Array(groups) => groups.get(group).and_then(number),
        one => number(one),
    }
}

/// Deviations of the sampled parameters of the geometry.
fn geometry(line: &Line, sounding: usize) -> Result<Vec<GeometryMarginal>> {
    if !line.has("geometry_parameter") {
        return Ok(Vec::new());
    }
    let names = line.variable_attribute("geometry_parameter", "geometry_parameter_names")?;
    let counts: Vec<f64> = line.row("geometry_deviation_histogram", sounding)?;
    let pairs = line.constant("geometry_deviation_bounds")?;
    let cells = line.constant("geometry_cell")?.len();
    // Only the configuration says what kind of prior there was.
    let configuration: toml::Table = line.text("configuration")?.parse().unwrap_or_default();
    let is_normal = |name: &str| {
        let prior = configuration.get("geometry").and_then(|g| g.get(name)).and_then(|p| p.get("prior"));
        prior.and_then(toml::Value::as_str) == Some("normal")
    };
    let is_angle = |name: &str| GeometryParameter::ALL.into_iter().any(|p| p.is_angle() && p.name() == name);
    let marginal = |((name, counts), pairs): ((&str, &[f64]), &[f64])| GeometryMarginal {
        label: name.replace('_', " "),
        unit: if is_angle(name) { "°" } else { "m" }.to_owned(),
        bounds: joined(pairs),
        probability: shares(counts),
        normal_prior: is_normal(name),
    };
    let parameters = names.split_whitespace().zip(counts.chunks_exact(cells)).zip(pairs.chunks_exact(2 * cells));
    Ok(parameters.map(marginal).collect())
}

/// Counts as parts of their sum.
fn shares(counts: &[f64]) -> Vec<f64> {
    let total: f64 = counts.iter().sum();
    counts.iter().map(|count| count / total).collect()
}

/// n + 1 bounds from n pairs of lower and upper ones.
fn joined(pairs: &[f64]) -> Vec<f64> {
    pairs.iter().step_by(2).chain(pairs.last()).copied().collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::bayes::Grids;
    use crate::earth::{DepthGrid, Log10ConductivityGrid};
    use crate::schema::{ChannelInfo, Layout, LineReader, RunInfo, create_line};
    use crate::survey::Sounding;
    use crate::system::{Geometry, GeometryParameter};

    #[test]
    fn groups_have_names_for_people() {
        assert_eq!(labels("s0_x s0_z"), ["X", "Z"]);
        assert_eq!(labels("s0_z s1_a"), ["system 1, Z", "system 2, amplitude"]);
        assert_eq!(labels("all"), ["all"]);
    }

    #[test]
    fn decays_are_positive_by_their_data_else_by_their_predictions() {
        let decay = |observed: &[f64], best: &[f64]| {
            let data =
                ChannelData { observed: observed.to_vec(), predicted_best: best.to_vec(), ..ChannelData::default() };
            let decay = mostly_positive(Decay { label: "system 1, Z".to_owned(), data, ..Decay::default() });
            (decay.label, decay.data.predicted_best[0])
        };
        let turned = ("system 1, \u{2212}Z".to_owned(), 3.0);
        assert_eq!(decay(&[-1.0, -2.0, 0.5], &[-3.0]), turned);
        assert_eq!(decay(&[f64::NAN; 2], &[-3.0, -4.0]), turned);
        assert_eq!(decay(&[1.0, f64::NAN], &[-3.0]), ("system 1, Z".to_owned(), -3.0));
    }

    /// Two systems, of three and two gates, and two sampled parameters.
    fn line(path: &Path) -> Line {
        let run = RunInfo {
            configuration: "[geometry.tx_pitch]\nprior = \"normal\"\nstd = 1.0".to_owned(),
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
            channel_error_group: vec![0, 0, 0, 1, 1],
            geometry_parameters: vec![GeometryParameter::Height, GeometryParameter::TxPitch],
            has_std: false,
            prior_layer_count: vec![0.5; 2],
            prior_interface_count: vec![0.1; 4],
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
        let sounding = Sounding {
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
        Line::whole(LineReader::open(path).unwrap()).unwrap()
    }

    #[test]
    fn time_domain_results_become_decays_and_marginals() {
        let folder = tempfile::tempdir().unwrap();
        let line = line(&folder.path().join("line_1.h5"));
        let Response::Time(decays) = response(&line, 0).unwrap() else { panic!("no time domain") };
        assert_eq!([&decays[0].label, &decays[1].label], ["system 1, Z", "system 2, Z"]);
        assert_eq!(decays[1].time_s, [4.0, 5.0]);
        assert_eq!(decays[1].data.observed, [13.0, 14.0]);
        let groups = error_groups(&line, 0).unwrap();
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[1].relative.as_ref().unwrap().bounds, [0.01, 0.1, 1.0]);
        assert!(groups[1].additive.is_none());
        let geometry = geometry(&line, 0).unwrap();
        assert_eq!(geometry[1].bounds, [-4.0, 0.0, 4.0]);
        assert_eq!((geometry[1].label.as_str(), geometry[1].unit.as_str()), ("tx pitch", "°"));
        assert_eq!([geometry[0].normal_prior, geometry[1].normal_prior], [false, true]);
    }
}
