//! Translates each option.

use std::f64::consts::{LN_10, SQRT_2};
use std::path::Path;

use super::super::paths::seen_from;
use super::draft::Draft;
use super::geometry::geometry;
use super::reading::Reading;
use super::value::DataKind;
use crate::config::PriorConfig;

/// GeoBIPy's value for an option that is None.
const FACTOR: f64 = 10.0;
const GRADIENT_STD: f64 = 1.5;
const MINIMUM_THICKNESS_M: f64 = 1.0;

/// Numbers of iterations that a configuration accepts.
const ITERATIONS: std::ops::RangeInclusive<i64> = 100..=1_000_000_000;

/// Translates the options of the file at `path` to a configuration in `folder`.
pub(super) fn translate(reading: &mut Reading, path: &Path, folder: &Path) -> Draft {
    let mut draft = Draft::default();
    let name = path.file_name().unwrap_or_default().to_string_lossy().replace(char::is_control, " ");
    draft.comment(&format!("Made from the GeoBIPy options file {name}: above each value the option it came from."));
    let required = "FdemData, TdemData or TempestData";
    let Some(kind) = reading.required("data_type", required, Reading::kind) else { return draft };
    survey(reading, &mut draft, kind, path.parent().unwrap_or(Path::new("")), folder);
    model(reading, &mut draft);
    prior(reading, &mut draft);
    errors(reading, &mut draft, kind);
    geometry(reading, &mut draft, kind);
    sampler(reading, &mut draft);
    without_effect(reading, &mut draft);
    draft
}

fn survey(reading: &mut Reading, draft: &mut Draft, kind: DataKind, from: &Path, folder: &Path) {
    draft.table("survey");
    let directory = reading.text("data_directory").unwrap_or_default();
    let seen = |name: &String| seen_from(folder, from, &directory, name);
    let file = "the name of the survey file";
    if let Some(names) = reading.required("data_filename", file, Reading::texts) {
        match names.as_slice() {
            [name] => draft.text("data", &seen(name), "data_filename, data_directory", ""),
            _ => reading.wrong("data_filename", format_args!("{} files", names.len()), "one survey file"),
        }
    }
    let file = "the name of the system file, or a list of them";
    if let Some(names) = reading.required("system_filename", file, Reading::texts) {
        let names: Vec<String> = names.iter().map(seen).collect();
        draft.texts("system", &names, "system_filename, data_directory", "in the order of the data columns");
    }
    if kind == DataKind::Tempest {
        draft.text("field", "total", "data_type", "Tempest data are primary and secondary field together");
    }
}

fn model(reading: &mut Reading, draft: &mut Draft) {
    draft.table("model");
    if let Some(layers) = reading.whole("maximum_number_of_layers") {
        draft.whole("maximum_layers", layers, "maximum_number_of_layers", "");
    }
    let is_given = reading.has("minimum_thickness");
    let thickness_m = reading.number("minimum_thickness").unwrap_or(MINIMUM_THICKNESS_M);
    if let Some(depth_m) = reading.number("minimum_depth") {
        let remark = if depth_m < thickness_m { "GeoBIPy raises it to the minimum thickness" } else { "" };
        draft.number("minimum_depth_m", depth_m.max(thickness_m), "minimum_depth", remark);
    }
    if let Some(depth_m) = reading.number("maximum_depth") {
        draft.number("maximum_depth_m", depth_m, "maximum_depth", "");
    }
    let remark = if is_given { "" } else { "None is 1 m in GeoBIPy" };
    draft.number("minimum_thickness_m", thickness_m, "minimum_thickness", remark);
}

fn prior(reading: &mut Reading, draft: &mut Draft) {
    draft.table("prior");
    let always = "as always in GeoBIPy";
    draft.text("layer_count", "uniform", "maximum_number_of_layers", &format!("{always}, all numbers alike"));
    let remark = "GeoBIPy evaluates no prior of depths; new interfaces come uniform in the logarithm";
    draft.text("interface_depth", "log", "minimum_depth, maximum_depth", remark);

    let solves_parameter = reading.flag("solve_parameter");
    let remark = "about the best halfspace of each sounding, as always in GeoBIPy; uses the data twice";
    draft.text("conductivity_center", "sounding", "solve_parameter", remark);
    let factor = reading.number("factor").unwrap_or(FACTOR);
    if factor.is_nan() || factor <= 0.0 {
        reading.wrong("factor", factor, "a positive number");
        return;
    }
    let std = rounded(factor.ln_1p() / LN_10);
    if !solves_parameter {
        let note = "solve_parameter is not True: GeoBIPy then has no prior of conductivities; one is needed here, and is \
                    that which GeoBIPy has otherwise";
        reading.notes.push(note.to_owned());
    }
    let remark = match solves_parameter {
        true => "log10(1 + factor); None is 10",
        false => "log10(1 + factor), None is 10; needed here although solve_parameter is not True",
    };
    draft.number("conductivity_log10_std", std, "factor", remark);
    limits(reading, draft);

    // A larger value would need a negative correlation between neighbouring layers.
    let steepest = (SQRT_2 * std * 1e4).floor() / 1e4;
    if reading.flag("solve_gradient") {
        let gradient = reading.number("gradient_standard_deviation").unwrap_or(GRADIENT_STD) / LN_10;
        let remark = "layers resemble their neighbours; GeoBIPy divides the step of ln conductivity by the ln of the \
                      thickness in m instead, which is the same for layers of 2.7 m";
        draft.text("conductivity_correlation", "by_index", "solve_gradient", remark);
        let form = "solve_gradient: the prior of steps between layers has another form than GeoBIPy's: docs/priors.md";
        reading.notes.push(form.to_owned());
        let remark = match gradient > steepest {
            true => "the largest that the spread of the values allows: neighbours are then independent",
            false => "divided by ln(10); None is 1.5",
        };
        draft.number("gradient_log10_std", rounded(gradient).min(steepest), "gradient_standard_deviation", remark);
    } else {
        draft.text("conductivity_correlation", "independent", "solve_gradient", "");
        if PriorConfig::default().gradient_log10_std > steepest {
            draft.number("gradient_log10_std", steepest, "factor", "not used; the default does not go with the spread");
        }
    }
}

/// Translates the hard bounds of conductivity.
fn limits(reading: &mut Reading, draft: &mut Draft) {
    let Some(limits) = reading.numbers("parameter_limits") else {
        let defaults = PriorConfig::default();
        let (low, high) = (defaults.conductivity_minimum_s_per_m, defaults.conductivity_maximum_s_per_m);
        draft.comment(&format!("parameter_limits: None; here conductivities then are from {low} to {high} S/m"));
        return;
    };
    let &[low, high] = limits.as_slice() else {
        reading.wrong("parameter_limits", format_args!("{} values", limits.len()), "the least and the largest, S/m");
        return;
    };
    draft.number("conductivity_minimum_s_per_m", low, "parameter_limits", "");
    draft.number("conductivity_maximum_s_per_m", high, "parameter_limits", "");
    let default = PriorConfig::default().conductivity_center_s_per_m;
    if !(low..=high).contains(&default) {
        let remark = "not used; the default is not within the limits";
        draft.number("conductivity_center_s_per_m", (low * high).sqrt(), "parameter_limits", remark);
    }
}

fn errors(reading: &mut Reading, draft: &mut Draft, kind: DataKind) {
    draft.table("errors");
    let groups = match kind {
        DataKind::Fdem => "fraction of the datum",
        DataKind::Tdem => "fraction of the datum; a list has one for each component of each system",
        DataKind::Tempest => "fraction of the total field; a list has one for each component",
    };
    if let Some((low, high)) = bounds(reading, "relative") {
        draft.numbers("relative_minimum", &low.values, &low.option, groups);
        draft.numbers("relative_maximum", &high.values, &high.option, "");
    }
    match kind {
        DataKind::Fdem => additive(reading, draft, "ppm"),
        DataKind::Tdem => {
            additive(reading, draft, "at 1 ms, in the unit of the data");
            draft.text("additive_decay", "inverse_sqrt_time", "data_type", "as always in GeoBIPy");
        }
        DataKind::Tempest => additive_per_channel(reading, draft),
    }
}

/// One end of the range of an error.
struct Bound {
    values: Vec<f64>,
    option: String,
}

/// Returns the ends of the range of the relative or additive error; they are equal if the error is not sampled.
fn bounds(reading: &mut Reading, what: &str) -> Option<(Bound, Bound)> {
    let solves = reading.flag(&format!("solve_{what}_error"));
    let mut bound = |which: &str| {
        let option = format!("{which}_{what}_error");
        let values = reading.required(&option, "a number or a list of numbers", Reading::numbers)?;
        Some(Bound { values, option })
    };
    match solves {
        true => {
            let (low, high) = (bound("minimum"), bound("maximum"));
            Some((low?, high?))
        }
        false => Some((bound("initial")?, bound("initial")?)),
    }
}

fn additive(reading: &mut Reading, draft: &mut Draft, unit: &str) {
    if let Some((low, high)) = bounds(reading, "additive") {
        draft.numbers("additive_minimum", &low.values, &low.option, unit);
        draft.numbers("additive_maximum", &high.values, &high.option, "");
    }
}

/// Translates the additive error of Tempest: one initial error per channel, with bounds as factors of it.
fn additive_per_channel(reading: &mut Reading, draft: &mut Draft) {
    let initial = "initial_additive_error";
    let Some(shape) = reading.required(initial, "one number for each channel, fT", Reading::numbers) else { return };
    let factors = if reading.flag("solve_additive_error") {
        let expected = "a number or a list of numbers";
        let low = reading.required("minimum_additive_error", expected, Reading::numbers);
        let high = reading.required("maximum_additive_error", expected, Reading::numbers);
        low.zip(high).map(|(low, high)| (low, high, "minimum_additive_error", "maximum_additive_error"))
    } else {
        Some((vec![1.0], vec![1.0], "solve_additive_error", "solve_additive_error"))
    };
    let Some((low, high, low_option, high_option)) = factors else { return };
    if let [all] = shape.as_slice() {
        let times = |factors: Vec<f64>| factors.iter().map(|factor| factor * all).collect::<Vec<_>>();
        draft.numbers("additive_minimum", &times(low), &format!("{low_option}, {initial}"), "fT");
        draft.numbers("additive_maximum", &times(high), &format!("{high_option}, {initial}"), "");
    } else {
        draft.list("additive_per_channel", &shape, initial, "fT");
        draft.numbers("additive_minimum", &low, low_option, "factor of the error of each channel");
        draft.numbers("additive_maximum", &high, high_option, "");
    }
}

fn sampler(reading: &mut Reading, draft: &mut Draft) {
    draft.table("sampler");
    if let Some(count) = reading.whole("n_markov_chains") {
        if count < 1 {
            reading.wrong("n_markov_chains", count, "a positive number of iterations");
        }
        let possible = count.clamp(*ITERATIONS.start(), *ITERATIONS.end());
        let remark = "there the iterations of one chain after its burn-in; here those of each of 4 chains, which stop \
                      earlier when they have converged";
        let remark = if possible == count { remark.to_owned() } else { format!("{remark}; {count} cannot be here") };
        draft.whole("maximum_iterations", possible, "n_markov_chains", &remark);
    }
    if let Some(seed) = reading.seed("seed") {
        draft.whole("seed", seed, "seed", "its remainder by 2^63");
    }
    if reading.flag("ignore_likelihood") {
        draft.flag("ignore_likelihood", true, "ignore_likelihood", "samples the prior");
    }
}

fn without_effect(reading: &mut Reading, draft: &mut Draft) {
    let idle = reading.idle();
    if idle.is_empty() {
        return;
    }
    draft.text.push_str("\n# Options without effect\n");
    for (reason, options) in &idle {
        draft.comment(&format!("- {}: {reason}", options.join(", ")));
    }
    let names: Vec<&str> = idle.into_values().flatten().collect();
    reading.notes.push(format!("options without effect (geobipy init --from gives the reasons): {}", names.join(", ")));
}

/// Rounds to four decimals.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
