//! Synthetic data that look like a survey's.

use ndarray::Array2;

use super::super::{
    ChannelData, Decay, Distribution, ErrorGroup, GeometryMarginal, Outcome, Response, SectionData, SoundingData,
    Spectrum,
};

/// A small generator of normal deviates, the same on every machine.
struct Noise(u64);

impl Noise {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

fn depth_bounds(count: usize, deepest: f64) -> Vec<f64> {
    let growth = 1.045f64;
    let whole = growth.powi(count as i32) - 1.0;
    (0..=count).map(|i| deepest * (growth.powi(i as i32) - 1.0) / whole).collect()
}

/// A conductive layer dipping below a resistive cover, with a flight gap, soundings left out and some not converged.
pub(super) fn section(count: usize) -> SectionData {
    let mut noise = Noise(7);
    let depth_bounds_m = depth_bounds(60, 200.0);
    let mut values = Array2::from_elem((count, 60), f64::NAN);
    let mut widths = values.clone();
    let mut data = SectionData {
        line_label: "100101".to_owned(),
        depth_bounds_m: depth_bounds_m.clone(),
        ..SectionData::default()
    };
    let mut along = 0.0;
    for i in 0..count {
        let part = i as f64 / count.max(2) as f64;
        along += if i == 3 * count / 5 { 400.0 } else { 24.0 + 2.0 * noise.normal() };
        let inverted = !(count / 4..count / 4 + count / 25).contains(&i) || count < 5;
        let converged = i % 17 != 5;
        data.easting_m.push(431_000.0 + 0.96 * along);
        data.northing_m.push(6_652_000.0 + 0.28 * along);
        data.fiducial.push(5231.0 + i as f64);
        data.elevation_m.push(312.0 + 18.0 * (6.0 * part).sin() + 0.8 * noise.normal());
        data.height_m.push(34.0 + 3.0 * (17.0 * part).sin() + noise.normal());
        data.inverted.push(inverted);
        data.outcomes.push(if converged { Outcome::Converged } else { Outcome::NotConverged });
        let value = |v: f64| if inverted { v } else { f64::NAN };
        let misfit = 1.0 + 0.15 * noise.normal() + if converged { 0.0 } else { 1.3 };
        data.normalized_misfit.push(value(misfit));
        let layers = (4.0 + 1.5 * (9.0 * part).sin() + 0.5 * noise.normal()).round();
        data.layer_count_p05.push(value((layers - 1.0).max(1.0)));
        data.layer_count_p50.push(value(layers));
        data.layer_count_p95.push(value(layers + 2.0 + noise.uniform().round()));
        data.rhat_maximum.push(value(if converged { 1.02 + 0.004 * noise.normal() } else { 1.4 }));
        data.depth_of_investigation_m.push(value(130.0 + 30.0 * part + 4.0 * noise.normal()));
        if !inverted {
            continue;
        }
        let (top, thickness) = (8.0 + 75.0 * part + 1.5 * noise.normal(), 28.0 + 6.0 * (8.0 * part).cos());
        for cell in 0..60 {
            let depth = (depth_bounds_m[cell] + depth_bounds_m[cell + 1]) / 2.0;
            let inside = 1.0 / ((1.0 + ((top - depth) / 2.5).exp()) * (1.0 + ((depth - top - thickness) / 6.0).exp()));
            let below = 1.0 / (1.0 + ((top + thickness - depth) / 9.0).exp());
            let median = -2.1 + 1.75 * inside - 0.7 * below + 0.05 * noise.normal();
            let width = 0.25 + 2.9 / (1.0 + ((top + thickness + 35.0 - depth) / 16.0).exp());
            values[[i, cell]] = median;
            widths[[i, cell]] = width;
        }
    }
    SectionData { values, widths, ..data }
}

/// Three layers: cover, conductor, and a halfspace that the data hardly resolve.
pub(super) fn sounding() -> SoundingData {
    let mut noise = Noise(11);
    let depth_bounds_m = depth_bounds(80, 150.0);
    let log10_conductivity_bounds: Vec<f64> = (0..=120).map(|i| -4.5 + 6.0 * f64::from(i) / 120.0).collect();
    let mut hitmap = Array2::zeros((80, 120));
    let mut interfaces = vec![0.0; 80];
    let mut percentiles = [vec![0.0; 80], vec![0.0; 80], vec![0.0; 80]];
    let mut values = vec![Vec::new(); 80];
    let samples = 3000;
    for _ in 0..samples {
        let model = [-2.3 + 0.12 * noise.normal(), -0.75 + 0.09 * noise.normal(), -1.9 + 0.75 * noise.normal()];
        let top = 21.0 + 1.2 * noise.normal();
        let bottom = top + 27.0 + 4.0 * noise.normal();
        for (cell, values) in values.iter_mut().enumerate() {
            let (from, to) = (depth_bounds_m[cell], depth_bounds_m[cell + 1]);
            let depth = (from + to) / 2.0;
            let value = model[usize::from(depth > top) + usize::from(depth > bottom)];
            let column = ((value + 4.5) / 0.05).clamp(0.0, 119.0) as usize;
            hitmap[[cell, column]] += 1.0;
            values.push(value);
            let count = [top, bottom].iter().filter(|v| (from..to).contains(*v)).count();
            interfaces[cell] += count as f64 / f64::from(samples) / (to - from);
        }
    }
    for (cell, mut values) in values.into_iter().enumerate() {
        values.sort_by(f64::total_cmp);
        for (percentile, fraction) in percentiles.iter_mut().zip([0.05, 0.5, 0.95]) {
            percentile[cell] = values[(fraction * (values.len() - 1) as f64) as usize];
        }
    }
    let [p05, p50, p95] = percentiles;
    let channel = |truth: [f64; 6], noise: &mut Noise| ChannelData {
        observed: truth.iter().map(|v| v * (1.0 + 0.05 * noise.normal())).collect(),
        std: truth.iter().map(|v| (0.05 * v).hypot(6.0)).collect(),
        predicted_p05: truth.iter().map(|v| 0.93 * v - 2.0).collect(),
        predicted_p50: truth.to_vec(),
        predicted_p95: truth.iter().map(|v| 1.07 * v + 2.0).collect(),
        predicted_best: truth.iter().map(|v| 1.01 * v).collect(),
    };
    let trace = |noise: &mut Noise| -> Vec<f64> {
        (0..2000).map(|i| 12.0 + 2.2 * noise.normal().abs() + 4e4 * (-f64::from(i) / 22.0).exp()).collect()
    };
    SoundingData {
        line_label: "100101".to_owned(),
        fiducial: 5268.0,
        status: "converged".to_owned(),
        easting_m: 431_912.0,
        northing_m: 6_652_266.0,
        elevation_m: 318.4,
        height_m: 34.6,
        interface_density_per_m: interfaces,
        prior_interface_density_per_m: depth_bounds_m[1..].iter().map(|z| 0.028 - 0.00011 * z).collect(),
        depth_bounds_m,
        log10_conductivity_bounds,
        hitmap,
        depth_of_investigation_m: Some([88.0, 104.0, 125.0]),
        log10_conductivity_p05: p05,
        log10_conductivity_p50: p50,
        log10_conductivity_p95: p95,
        best_interface_depth_m: vec![20.6, 46.0],
        best_log10_conductivity: vec![-2.27, -0.71, -2.2],
        layer_count_probability: vec![0.0, 0.01, 0.52, 0.28, 0.12, 0.05, 0.015, 0.005],
        prior_layer_count_probability: vec![0.1; 10],
        prior_log10_conductivity_p05: -3.6,
        prior_log10_conductivity_p50: -2.0,
        prior_log10_conductivity_p95: -0.4,
        data_unit: "ppm".to_owned(),
        additive_error_unit: "ppm".to_owned(),
        response: Response::Frequency(Box::new(Spectrum {
            frequency_hz: vec![380.0, 1776.0, 3345.0, 8171.0, 41_020.0, 129_550.0],
            in_phase: channel([62.0, 260.0, 410.0, 690.0, 1150.0, 1480.0], &mut noise),
            quadrature: channel([118.0, 290.0, 352.0, 418.0, 640.0, 930.0], &mut noise),
        })),
        misfit_trace: (0..4).map(|_| trace(&mut noise)).collect(),
        trace_iteration_step: 100.0,
        burn_in_iterations: vec![24_000.0, 21_000.0, 30_000.0, 26_000.0],
        channel_count: 12,
        error_groups: vec![ErrorGroup {
            label: "all".to_owned(),
            relative: Some(errors([0.005, 0.5], 0.05, 0.18)),
            is_factor: false,
            additive: Some(errors([0.5, 50.0], 6.0, 0.3)),
        }],
        geometry: Vec::new(),
        truth: None,
        rhat_misfit: 1.003,
        ess_misfit: 941.0,
        rhat_maximum: 1.012,
        ess_minimum: 684.0,
    }
}

/// Posterior of an error with about the value `at`.
fn errors([low, high]: [f64; 2], at: f64, width: f64) -> Distribution {
    let step = (high / low).ln() / 40.0;
    let bounds: Vec<f64> = (0..=40).map(|i| low * (step * f64::from(i)).exp()).collect();
    let height = |b: &[f64]| (-0.5 * ((b[0] * b[1]).sqrt() / at).ln().powi(2) / width.powi(2)).exp();
    let heights: Vec<f64> = bounds.windows(2).map(height).collect();
    let sum: f64 = heights.iter().sum();
    Distribution {
        bounds,
        probability: heights.into_iter().map(|h| h / sum).collect(),
        log_uniform_prior: Some((low, high)),
    }
}

/// A decay of `count` gates between two times, with late noise; `shape` gives its value at a time.
fn decay(label: &str, [from, to]: [f64; 2], count: usize, floor: f64, shape: impl Fn(f64) -> f64) -> Decay {
    let mut noise = Noise(5 + label.bytes().map(u64::from).sum::<u64>());
    let step = (to / from).ln() / (count - 1) as f64;
    let time_s: Vec<f64> = (0..count).map(|i| from * (step * i as f64).exp()).collect();
    let truth: Vec<f64> = time_s.iter().map(|t| shape(*t)).collect();
    let std: Vec<f64> = truth.iter().map(|v| (0.04 * v).hypot(floor)).collect();
    let data = ChannelData {
        observed: truth.iter().zip(&std).map(|(v, s)| v + s * noise.normal()).collect(),
        predicted_p05: truth.iter().zip(&std).map(|(v, s)| v - 0.9 * s).collect(),
        predicted_p50: truth.clone(),
        predicted_p95: truth.iter().zip(&std).map(|(v, s)| v + 0.9 * s).collect(),
        predicted_best: truth.iter().map(|v| 1.01 * v).collect(),
        std,
    };
    Decay { label: label.to_owned(), time_s, data }
}

fn group(label: &str, relative: f64, range: [f64; 2], additive: f64) -> ErrorGroup {
    ErrorGroup {
        label: label.to_owned(),
        relative: Some(errors([0.005, 0.5], relative, 0.15)),
        is_factor: false,
        additive: Some(errors(range, additive, 0.3)),
    }
}

/// Two moments, vertical component, data per moment.
pub(super) fn two_moments() -> SoundingData {
    let decays = vec![
        decay("system 1, Z", [1.2e-5, 9e-4], 19, 4e-14, |t| 2e-9 * (t / 1e-5).powf(-1.9) * (-t / 8e-4).exp()),
        decay("system 2, Z", [7e-5, 9e-3], 21, 6e-15, |t| 2.2e-9 * (t / 1e-5).powf(-2.0) * (-t / 6e-3).exp()),
    ];
    let range = [1e-15, 1e-12];
    SoundingData {
        data_unit: "V/(A m^4)".to_owned(),
        additive_error_unit: "V/(A m^4)".to_owned(),
        response: Response::Time(decays),
        error_groups: vec![group("system 1, Z", 0.03, range, 4e-14), group("system 2, Z", 0.05, range, 6e-15)],
        channel_count: 40,
        ..sounding()
    }
}

/// Two moments of two components with long names.
pub(super) fn four_decays() -> SoundingData {
    let labels = ["system 1, X", "system 1, amplitude", "system 2, X", "system 2, amplitude"];
    let shape = |i: usize| move |t: f64| 3e4 / (1 + i) as f64 * (t / 1e-5).powf(-1.4);
    let decays = labels.iter().enumerate().map(|(i, label)| decay(label, [1e-5, 1e-2], 25, 1.0, shape(i)));
    let groups = labels.iter().enumerate().map(|(i, label)| group(label, 0.03, [0.01, 100.0], 0.3 * (1 + i) as f64));
    SoundingData {
        data_unit: "uV/m^2".to_owned(),
        additive_error_unit: "uV/m^2".to_owned(),
        response: Response::Time(decays.collect()),
        error_groups: groups.collect(),
        ..towed(1)
    }
}

/// Two components of a towed receiver, one changing sign, one gate before zero, and `geometry` parameters sampled.
pub(super) fn towed(geometry: usize) -> SoundingData {
    let mut x = decay("X", [1.3e-5, 1.6e-2], 15, 6e-3, |t| 9.0 * (-t / 1.5e-3).exp() - 1.4 * (-t / 5e-3).exp());
    x.time_s[0] = -1e-5;
    let decays = vec![x, decay("Z", [1.3e-5, 1.6e-2], 15, 8e-3, |t| 21.0 * (-(t / 7e-4).powf(0.5)).exp())];
    let range = [1e-3, 1.0];
    let names = ["height", "tx pitch", "txrx dx", "txrx dz", "rx pitch", "rx roll"];
    SoundingData {
        data_unit: "fT".to_owned(),
        additive_error_unit: "fT".to_owned(),
        response: Response::Time(decays),
        error_groups: vec![group("X", 0.02, range, 6e-3), group("Z", 0.03, range, 0.02)],
        geometry: names.iter().take(geometry).enumerate().map(|(i, name)| deviation(name, i)).collect(),
        channel_count: 30,
        ..sounding()
    }
}

fn deviation(name: &str, index: usize) -> GeometryMarginal {
    let angle = name.contains("pitch") || name.contains("roll");
    let (end, at) = (if angle { 4.0 } else { 2.5 }, 0.2 * index as f64 - 0.3);
    let bounds: Vec<f64> = (0..=50).map(|i| end * (f64::from(i) / 25.0 - 1.0)).collect();
    let heights: Vec<f64> = bounds.windows(2).map(|b| (-2.0 * (0.5 * (b[0] + b[1]) - at).powi(2)).exp()).collect();
    let sum: f64 = heights.iter().sum();
    GeometryMarginal {
        label: name.to_owned(),
        unit: if angle { "°" } else { "m" }.to_owned(),
        bounds,
        probability: heights.into_iter().map(|h| h / sum).collect(),
        normal_prior: index % 2 == 1,
    }
}
