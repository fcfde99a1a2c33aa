//! One matrix per system, from the ground's response at GA-AEM's frequencies to the gates' records.
//!
//! All steps are linear. With N samples per period 1/f_b, at times n/(N f_b) from 0:
//!
//! 1. Knots at frequencies from l_1 = log10 f_b - 2/d to l_2 = log10 (N f_b / 2) + 2/d, d of them per decade, that is
//!    ceil((l_2 - l_1) d), equally spaced in logarithm from the first to the last.
//! 2. A cubic spline in log10 f with slopes of zero at its ends, for real and imaginary part, gives the response G_k at the odd
//!    harmonics k f_b up to half of the sampling frequency.
//! 3. With F_k = 1/N sum I_n exp(-2 pi i k n / N) of the sampled waveform, T_k = F_k times i w where dB/dt is measured and I
//!    is a current, over i w where B is measured and I is a received rate of change, times (1 + i f/f_c)^-order of each filter.
//! 4. The samples of the record are 2 Re sum_k T_k G_k exp(2 pi i k n / N), a gate their sum with its weights w_n, hence
//!    Re sum_k 2 T_k W_k G_k, W_k = sum_n w_n exp(2 pi i k n / N).

use num_complex::Complex64;
use rustfft::{Fft, FftPlanner};

use super::super::waveform::WaveformSource;
use super::spline::Spline;
use crate::constants::MU_0;
use crate::error::{Error, Result};
use crate::system::{Gate, GateWeighting, Output, TdemSystem, Waveform, WaveformKind};

const MOST_SAMPLES: f64 = 16_777_216.0;
const FEWEST_SAMPLES: f64 = 4.0;
/// Samples up to this far outside of a gate, in s, belong to it.
const GATE_SLACK_S: f64 = 1e-7;

/// The linear map from the ground's response to the records of a system's gates, before scaling and sign.
#[derive(Debug)]
pub(super) struct GateMatrix {
    angular_mu: Vec<f64>,
    /// One row per gate, one column per frequency. Records are the real part of the product with the response.
    matrix: Vec<Complex64>,
}

impl GateMatrix {
    /// Makes the matrix of `system`. Also returns the largest current (for dB/dt its largest change per second),
    /// relative to the peak.
    pub(super) fn new(system: &TdemSystem) -> Result<(Self, f64)> {
        let count = sample_count(system)?;
        let samples = samples(system, count);
        let spline = spline(system, count);
        let mut planner = FftPlanner::new();
        let harmonics = harmonics(system, &samples, planner.plan_fft_forward(count).as_ref(), &spline);
        let inverse = planner.plan_fft_inverse(count);
        let mut matrix = Vec::new();
        for gate in &system.gates {
            let weights = gate_weights(gate, system, count)?;
            let spectrum = transform(&weights, count, inverse.as_ref());
            matrix.extend(row(&harmonics, &spectrum, &spline));
        }
        let angular_mu = spline.knots().map(|log10_hz| 2.0 * std::f64::consts::PI * MU_0 * 10_f64.powf(log10_hz));
        Ok((Self { angular_mu: angular_mu.collect(), matrix }, largest(system, &samples)))
    }

    /// Returns w mu_0 of the frequencies at which responses are needed.
    pub(super) fn angular_mu(&self) -> &[f64] {
        &self.angular_mu
    }

    /// Returns the number of gates.
    pub(super) fn gate_count(&self) -> usize {
        self.matrix.len() / self.angular_mu.len()
    }

    /// Returns what each gate records of the response `spectrum`.
    pub(super) fn record(&self, spectrum: &[Complex64]) -> impl Iterator<Item = f64> {
        let product = move |row: &[Complex64]| row.iter().zip(spectrum).map(|(m, s)| (m * s).re).sum();
        self.matrix.chunks_exact(self.angular_mu.len()).map(product)
    }
}

/// Returns the samples per period.
fn sample_count(system: &TdemSystem) -> Result<usize> {
    let count = (system.digitising_frequency_hz / system.base_frequency_hz).round();
    if (FEWEST_SAMPLES..=MOST_SAMPLES).contains(&count) {
        return Ok(count as usize);
    }
    Err(Error::Config(format!(
        "{}: a WaveformDigitisingFrequency of {} Hz makes {count} samples of a period of {} Hz; \
         the digitised forward model takes {FEWEST_SAMPLES} to {MOST_SAMPLES}",
        system.name, system.digitising_frequency_hz, system.base_frequency_hz
    )))
}

/// Returns the spline in log10 f, for `count` samples per period.
fn spline(system: &TdemSystem, count: usize) -> Spline {
    let (base_hz, per_decade) = (system.base_frequency_hz, system.frequencies_per_decade as f64);
    let low = base_hz.log10() - 2.0 / per_decade;
    let high = (0.5 * count as f64 * base_hz).log10() + 2.0 / per_decade;
    let knots = ((high - low) * per_decade).ceil() as usize;
    Spline::new(low, (high - low) / (knots - 1) as f64, knots)
}

/// Returns the waveform at `count` times of a period from 0 on; the second half is the first with opposite sign.
fn samples(system: &TdemSystem, count: usize) -> Vec<f64> {
    let period_s = 1.0 / system.base_frequency_hz;
    let sample = |n: usize| value(&system.waveform, n as f64 * period_s / count as f64, 0.5 * period_s);
    let half: Vec<f64> = (0..count.div_ceil(2)).map(sample).collect();
    half.iter().copied().chain(half.iter().map(|v| -v)).take(count).collect()
}

/// Returns the waveform at a time. Outside of the given times it is the waveform a number of half periods away, with
/// alternating sign.
fn value(waveform: &Waveform, time_s: f64, half_period_s: f64) -> f64 {
    let times = &waveform.time_s;
    let (first, last) = (times[0], times[times.len() - 1]);
    let (mut time_s, mut sign) = (time_s, 1.0);
    while time_s > last {
        (time_s, sign) = (time_s - half_period_s, -sign);
    }
    while time_s < first - 1e-4 * half_period_s {
        (time_s, sign) = (time_s + half_period_s, -sign);
    }
    let after = times.partition_point(|&t| t <= time_s).clamp(1, times.len() - 1);
    let share = (time_s - times[after - 1]) / (times[after] - times[after - 1]);
    let values = &waveform.value;
    // Times that fall between half periods by rounding get the first value.
    sign * (values[after - 1] + share.max(0.0) * (values[after] - values[after - 1]))
}

/// Returns the largest value of the quantity that the primary field follows.
fn largest(system: &TdemSystem, samples: &[f64]) -> f64 {
    if (system.waveform.kind, system.output) != (WaveformKind::Current, Output::DbDt) {
        return WaveformSource::new(system).largest();
    }
    let next = samples.iter().cycle().skip(1);
    let steepest = samples.iter().zip(next).map(|(a, b)| (b - a).abs()).fold(0.0, f64::max);
    steepest * samples.len() as f64 * system.base_frequency_hz
}

/// An odd harmonic of the base frequency.
struct Harmonic {
    order: usize,
    /// 2 T_k.
    transfer: Complex64,
    /// Index and factors, from [`Spline::factors`].
    knot: usize,
    values: [f64; 2],
    second: [f64; 2],
}

fn harmonics(system: &TdemSystem, samples: &[f64], forward: &dyn Fft<f64>, spline: &Spline) -> Vec<Harmonic> {
    let count = samples.len();
    let mut spectrum: Vec<Complex64> = samples.iter().map(|&s| Complex64::new(s / count as f64, 0.0)).collect();
    forward.process(&mut spectrum);
    let harmonic = |order: usize| {
        let frequency_hz = order as f64 * system.base_frequency_hz;
        let (knot, values, second) = spline.factors(frequency_hz.log10());
        // The component at half of the sampling frequency has no partner of negative frequency.
        let sides = if 2 * order == count { 1.0 } else { 2.0 };
        let transfer = sides * spectrum[order] * transfer(system, frequency_hz);
        Harmonic { order, transfer, knot, values, second }
    };
    (1..=count / 2).step_by(2).map(harmonic).collect()
}

/// Returns the factor from a unit response to the receiver's record, for the current waveform.
fn transfer(system: &TdemSystem, frequency_hz: f64) -> Complex64 {
    let i_omega = Complex64::new(0.0, 2.0 * std::f64::consts::PI * frequency_hz);
    let derivative = match (system.waveform.kind, system.output) {
        (WaveformKind::Current, Output::B) | (WaveformKind::Received, Output::DbDt) => Complex64::ONE,
        (WaveformKind::Current, Output::DbDt) => i_omega,
        (WaveformKind::Received, Output::B) => i_omega.inv(),
    };
    let filters = system.low_pass_filters.iter();
    filters.fold(derivative, |product, filter| {
        product / Complex64::new(1.0, frequency_hz / filter.cutoff_hz).powu(filter.order)
    })
}

/// Returns the samples of a gate (by their position in the period) and their weights, whose sum is 1.
fn gate_weights(gate: &Gate, system: &TdemSystem, count: usize) -> Result<Vec<(usize, f64)>> {
    let step_s = 1.0 / (system.base_frequency_hz * count as f64);
    let &Gate { start_s, end_s } = gate;
    let margin_s = end_s - start_s + step_s;
    let first = ((start_s - margin_s) / step_s).floor() as i64;
    let last = ((end_s + margin_s) / step_s).ceil() as i64;
    let weight = |n: i64| sample_weight(gate, system.gate_weighting, n as f64 * step_s, step_s);
    let all = (first..=last).map(|n| (n.rem_euclid(count as i64) as usize, weight(n)));
    let mut weights: Vec<(usize, f64)> = all.filter(|&(_, weight)| weight > 0.0).collect();
    let sum: f64 = weights.iter().map(|w| w.1).sum();
    if sum == 0.0 {
        return Err(Error::Config(format!(
            "{}: no sample of the waveform lies in the gate from {start_s:e} to {end_s:e} s: \
             a WaveformDigitisingFrequency of {} Hz is too low for the digitised forward model",
            system.name, system.digitising_frequency_hz
        )));
    }
    weights.iter_mut().for_each(|w| w.1 /= sum);
    Ok(weights)
}

/// Returns the weight of the sample at `t` before the sum is normalised to 1; it is 0 or less outside.
///
/// AreaUnderCurve: half of the interval between the sample's neighbours that is in the gate, for the same samples as
/// Boxcar. With this reading of GA-AEM's formula its numbers are reproduced. LinearTaper could not be compared with
/// numbers.
fn sample_weight(gate: &Gate, weighting: GateWeighting, t: f64, step_s: f64) -> f64 {
    let &Gate { start_s, end_s } = gate;
    let is_inside = t >= start_s - GATE_SLACK_S && t <= end_s + GATE_SLACK_S;
    match weighting {
        GateWeighting::LinearTaper => {
            let widths_outside = (start_s - t).max(t - end_s).max(0.0) / (end_s - start_s);
            1.0 - widths_outside
        }
        _ if !is_inside => 0.0,
        GateWeighting::Boxcar => 1.0,
        GateWeighting::AreaUnderCurve => 0.5 * ((t + step_s).min(end_s) - (t - step_s).max(start_s)),
    }
}

/// Returns W_k of the module's text.
fn transform(weights: &[(usize, f64)], count: usize, inverse: &dyn Fft<f64>) -> Vec<Complex64> {
    let mut spectrum = vec![Complex64::ZERO; count];
    for &(sample, weight) in weights {
        spectrum[sample].re += weight;
    }
    inverse.process(&mut spectrum);
    spectrum
}

/// Returns the matrix row of a gate with the spectrum W_k.
fn row(harmonics: &[Harmonic], gate: &[Complex64], spline: &Spline) -> Vec<Complex64> {
    let knots = spline.second().len();
    let (mut row, mut by_second) = (vec![Complex64::ZERO; knots], vec![Complex64::ZERO; knots]);
    for harmonic in harmonics {
        let factor = harmonic.transfer * gate[harmonic.order];
        for side in 0..2 {
            row[harmonic.knot + side] += factor * harmonic.values[side];
            by_second[harmonic.knot + side] += factor * harmonic.second[side];
        }
    }
    for (factor, second) in by_second.iter().zip(spline.second()) {
        row.iter_mut().zip(second).for_each(|(r, s)| *r += factor * s);
    }
    row
}
